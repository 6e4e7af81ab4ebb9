//! Decides what a policy document is: its exact text, shared, with the parsed forms kept beside it.

use std::any::Any;
use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use crate::json::{Json, Kind, Limits, Node, compact, parse, write_string};
use crate::policy::Policy;
use crate::shape::Problem;

/// A policy document. Cloning shares it; parsing happens once, when first asked for.
#[derive(Clone)]
pub struct Document(Arc<Inner>);

struct Inner {
    text: String,
    /// Whether questions hold it as an object.
    object: OnceLock<bool>,
    policy: OnceLock<Result<Policy, Vec<Problem>>>,
    memo: OnceLock<Arc<dyn Any + Send + Sync>>,
}

impl Document {
    /// A document with this exact text, which may be broken.
    pub fn new(text: impl Into<String>) -> Self {
        Self(Arc::new(Inner {
            text: text.into(),
            object: OnceLock::new(),
            policy: OnceLock::new(),
            memo: OnceLock::new(),
        }))
    }

    /// Reads a document as questions hold it: an object, whose text is its compact form, or a string with the
    /// exact text. Anything else is `None`.
    pub fn from_node(node: &Node) -> Option<Self> {
        Self::of(node)
    }

    fn of<'a>(value: impl Json<'a>) -> Option<Self> {
        match value.kind() {
            Kind::Object => Some(Self::new(compact(&value.to_node()))),
            Kind::String => value.text().map(Self::new),
            _ => None,
        }
    }

    /// The document as questions hold it: an object where any JSON parser gives the exact text back, else a string.
    pub fn to_node(&self) -> Node {
        match parse(self.text(), Limits::default()) {
            Ok(node) if self.is_object() => node,
            _ => self.text().into(),
        }
    }

    /// Appends what [`compact`] makes of [`Document::to_node`].
    pub(crate) fn write(&self, out: &mut String) {
        if self.is_object() { out.push_str(self.text()) } else { write_string(self.text(), out) }
    }

    /// Whether questions hold it as an object, since any JSON parser gives the exact text back.
    pub fn is_object(&self) -> bool {
        *self.0.object.get_or_init(|| {
            parse(self.text(), Limits::default()).is_ok_and(|node| {
                node.members().is_some() && node.is_portable() && compact(&node) == self.text()
            })
        })
    }

    /// The exact text.
    pub fn text(&self) -> &str {
        &self.0.text
    }

    /// The AWS policy that the text holds.
    ///
    /// # Errors
    /// Every place where the text departs from the grammar that all AWS policy types share.
    pub fn policy(&self) -> Result<&Policy, &[Problem]> {
        let policy = self.0.policy.get_or_init(|| Policy::read(self.text()));
        policy.as_ref().map_err(Vec::as_slice)
    }

    /// An evaluator's own form of this document, made by `make` at the first call and kept beside the text.
    /// There is one place: a second evaluator with a form of another type makes its own each time.
    pub fn memo<T: Any + Send + Sync>(&self, make: impl Fn(&Self) -> T) -> Arc<T> {
        let kept = self.0.memo.get_or_init(|| Arc::new(make(self)));
        Arc::clone(kept).downcast().unwrap_or_else(|_| Arc::new(make(self)))
    }
}

/// Documents that were read, so that one that comes again is shared, with all that was made of it.
#[derive(Debug, Default)]
pub struct Documents {
    /// By what stands for them in questions.
    kept: HashMap<String, Document>,
    bytes: usize,
    limit: usize,
}

impl Documents {
    /// Keeps documents of at most `limit` bytes in all, as questions write them and as they are, and begins anew when
    /// there are more; 0 keeps none.
    pub fn new(limit: usize) -> Self {
        Self { limit, ..Self::default() }
    }

    /// Reads a document as [`Document::from_node`] does.
    pub fn read(&mut self, node: &Node) -> Option<Document> {
        self.of(node)
    }

    /// The same for a value that is kept in whichever way.
    pub(crate) fn of<'a>(&mut self, value: impl Json<'a>) -> Option<Document> {
        if self.limit == 0 {
            return Document::of(value);
        }
        let source = value.source();
        if let Some(document) = self.kept.get(&*source) {
            return Some(document.clone());
        }
        let document = Document::of(value)?;
        let bytes = source.len() + document.text().len();
        self.bytes += bytes;
        if self.bytes > self.limit {
            self.kept.clear();
            self.bytes = bytes;
        }
        self.kept.insert(source.into_owned(), document.clone());
        Some(document)
    }
}

impl std::fmt::Debug for Document {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Document").field(&self.text()).finish()
    }
}

impl PartialEq for Document {
    fn eq(&self, other: &Self) -> bool {
        self.text() == other.text()
    }
}

impl Eq for Document {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::{Tape, Value};

    #[test]
    fn an_object_stays_an_object_only_if_unharmed() {
        for (text, object) in [
            (r#"{"Version":"2012-10-17"}"#, true),
            (r#"{"a":1,"a":2}"#, false),
            (r#"{"a":9007199254740993}"#, false),
            (r#"{ "a": 1 }"#, false),
            (r#"["a"]"#, false),
            (r#"{"a":1,}"#, false),
        ] {
            let node = Document::new(text).to_node();
            assert_eq!(node.members().is_some(), object, "{text}");
            let mut written = String::new();
            Document::new(text).write(&mut written);
            assert_eq!(written, compact(&node));
            assert_eq!(Document::from_node(&node).unwrap().text(), text);
        }
    }

    #[test]
    fn a_document_that_comes_again_is_shared_as_long_as_there_is_room() {
        let node = |text: &str| Node::from(text);
        let shared = |a: &Document, b: &Document| Arc::ptr_eq(&a.0, &b.0);
        // In its quotes and without.
        let mut documents = Documents::new(5 + 3);
        let [one, again] = [(); 2].map(|()| documents.read(&node("one")).unwrap());
        assert!(shared(&one, &again) && one.text() == "one");
        // More than there is room for.
        documents.read(&node("two")).unwrap();
        assert!(!shared(&one, &documents.read(&node("one")).unwrap()));
        assert_eq!(documents.read(&Value::Null.into()), None);
        let mut none = Documents::new(0);
        assert!(!shared(&none.read(&node("one")).unwrap(), &none.read(&node("one")).unwrap()));
    }

    #[test]
    fn a_document_is_found_again_however_it_is_written() {
        let object = r#"{"a":1}"#;
        let mut documents = Documents::new(1 << 10);
        for (written, text) in [
            (object, object),
            (r#"{ "\u0061" :1 }"#, object),
            (r#""{\"a\":1}""#, object),
            (r#""\u007b\"a\":1}""#, object),
            (r#""{ \"a\" :1}""#, r#"{ "a" :1}"#),
            (r#""""#, ""),
            (r#"{"a":1,"a":1}"#, r#"{"a":1,"a":1}"#),
        ] {
            let tape = Tape::read(written, Limits::default()).unwrap();
            let [first, again] = [(); 2].map(|()| documents.of(tape.root()).unwrap());
            assert!(first.text() == text && Arc::ptr_eq(&first.0, &again.0), "{written}");
            assert_eq!(Document::from_node(&tape.root().to_node()), Some(first));
        }
        let tape = Tape::read("[]", Limits::default()).unwrap();
        assert_eq!(documents.of(tape.root()), None);
    }

    #[test]
    fn keeps_one_memo() {
        let document = Document::new("{}");
        let first = document.memo(|document| document.text().len());
        assert!(Arc::ptr_eq(&first, &document.memo(|_| 7_usize)));
        assert_eq!(*document.memo(|_| "other"), "other");
    }
}
