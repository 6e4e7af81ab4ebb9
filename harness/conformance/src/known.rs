//! Decides which wrong answers of an evaluator are known, so that a run fails only where something changed.

mod update;

use std::path::Path;

use kms_model::json::{Limits, Node, Position, Span, parse_bytes, pretty};
use kms_model::shape::{Object, Shape, one_of, optional, required};
use wildmatch::WildMatch;

use crate::Catalogue;
use crate::catalogue::{LoadError, SuiteProblem};

pub use update::Update;
pub(crate) use update::against as against_known;

/// A wrong answer that is known.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct KnownDifference {
    /// The check, or for the class `unsupported` a pattern of checks.
    pub id: String,
    /// The answer that it gives.
    pub got: String,
    /// Why it differs.
    pub class: Class,
    /// The same in words.
    pub reason: String,
    /// Where it is discussed.
    pub link: Option<String>,
}

/// Why an evaluator differs.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Class {
    /// It is wrong.
    Bug,
    /// It follows another dialect.
    Dialect,
    /// It holds that the documentation leaves this open.
    Unspecified,
    /// It has no place for this.
    Unsupported,
}

kms_model::words! { Class:
    Bug "bug", Dialect "dialect", Unspecified "unspecified", Unsupported "unsupported",
}

/// The known differences of an evaluator.
#[derive(Clone, Debug, Default)]
pub struct Known {
    entries: Vec<KnownDifference>,
}

/// The form of a file of known differences.
pub const KNOWN: Shape = Shape::List(&Shape::Object(&ENTRY));

static ENTRY: Object = Object {
    name: "known-difference",
    about: "A wrong answer that is known.",
    members: &[
        required("id", Shape::Text, "The check; for `unsupported` a pattern of checks, with `*` and `?`."),
        required("got", Shape::Text, "The answer that the evaluator gives."),
        required("class", Shape::Word(Class::WORDS), "Why it differs."),
        required("reason", Shape::Text, "The same in words."),
        optional("link", Shape::Text, "Where it is discussed."),
    ],
    open: false,
};

const ANSWERS: &[&str] = &[
    "accepted",
    "allow",
    "crash",
    "deny",
    "error",
    "explicit-deny",
    "implicit-deny",
    "rejected",
    "timeout",
    "unsupported",
];

impl KnownDifference {
    /// Whether the id is a pattern.
    pub fn is_glob(&self) -> bool {
        self.id.contains(['*', '?'])
    }

    fn to_node(&self) -> Node {
        let mut members = vec![
            ("id", Node::from(self.id.as_str())),
            ("got", self.got.as_str().into()),
            ("class", self.class.word().into()),
            ("reason", self.reason.as_str().into()),
        ];
        members.extend(self.link.as_deref().map(|link| ("link", link.into())));
        members.into_iter().collect()
    }

    fn matches(&self, id: &str) -> bool {
        self.id == id || (self.is_glob() && WildMatch::new(&self.id).matches(id))
    }
}

impl Known {
    /// Reads a file of known differences against the catalogue that it is about.
    ///
    /// # Errors
    /// Every problem of the file, an id that no check has among them.
    pub fn read(path: &Path, catalogue: &Catalogue) -> Result<Self, LoadError> {
        let shown = path.display().to_string();
        let one = |message: String| {
            LoadError(vec![SuiteProblem { path: shown.clone(), position: None, case: None, message }])
        };
        let bytes = std::fs::read(path).map_err(|error| one(format!("cannot be read: {error}")))?;
        Self::parse(&shown, &bytes, Some(catalogue))
    }

    /// Reads a file of known differences that is to be brought up to date: entries whose checks do not exist are read too. A
    /// file that is not there has none.
    ///
    /// # Errors
    /// Every other problem of the file.
    pub fn read_old(path: &Path) -> Result<Self, LoadError> {
        let shown = path.display().to_string();
        match std::fs::read(path) {
            Ok(bytes) => Self::parse(&shown, &bytes, None),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => {
                let message = format!("cannot be read: {error}");
                Err(LoadError(vec![SuiteProblem { path: shown, position: None, case: None, message }]))
            }
        }
    }

    fn parse(path: &str, bytes: &[u8], catalogue: Option<&Catalogue>) -> Result<Self, LoadError> {
        let text = String::from_utf8_lossy(bytes);
        let mut problems = Vec::new();
        let mut add = |span: Span, message: String| {
            let position = Some(Position::of(&text, span.start));
            problems.push(SuiteProblem { path: path.to_owned(), position, case: None, message });
        };
        let mut entries = Vec::new();
        match parse_bytes(bytes, Limits::default()) {
            Err(error) => add(Span { start: error.offset, end: error.offset }, error.message),
            Ok((_, root)) => {
                let mut found = Vec::new();
                KNOWN.check(&root, "", &mut found);
                let fits = found.is_empty();
                found.into_iter().for_each(|problem| add(problem.span, problem.message));
                for node in root.elements().unwrap_or_default().iter().filter(|_| fits) {
                    let entry = entry(node);
                    if !ANSWERS.contains(&entry.got.as_str()) {
                        add(node.span, format!("`{}` is no answer; expected {}", entry.got, one_of(ANSWERS)));
                    }
                    if entry.is_glob() && entry.class != Class::Unsupported {
                        add(node.span, "a pattern is allowed only for the class `unsupported`".to_owned());
                    }
                    let exists = |catalogue: &Catalogue| {
                        catalogue.checks().iter().any(|check| entry.matches(&check.id))
                    };
                    if !catalogue.is_none_or(exists) {
                        add(node.span, format!("no check is `{}`", entry.id));
                    }
                    entries.push(entry);
                }
            }
        }
        if problems.is_empty() { Ok(Self { entries }) } else { Err(LoadError(problems)) }
    }

    /// The entries, in the order of their file.
    pub fn entries(&self) -> &[KnownDifference] {
        &self.entries
    }

    /// The file of these known differences.
    pub fn to_text(&self) -> String {
        pretty(&self.entries.iter().map(KnownDifference::to_node).collect(), 110)
    }

    /// The entry for a check: its own before a pattern.
    pub fn find(&self, id: &str) -> Option<&KnownDifference> {
        let own = self.entries.iter().find(|entry| entry.id == id);
        own.or_else(|| self.entries.iter().find(|entry| entry.matches(id)))
    }
}

fn entry(node: &Node) -> KnownDifference {
    let text = |name: &str| node.get(name).and_then(Node::as_str).unwrap_or_default().to_owned();
    KnownDifference {
        id: text("id"),
        got: text("got"),
        class: Class::from_word(&text("class")).unwrap_or(Class::Bug),
        reason: text("reason"),
        link: node.get("link").and_then(Node::as_str).map(str::to_owned),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bad_file_is_told_whole() {
        let text = r#"[{"id":"no/such#check","got":"alow","class":"bug","reason":"r"},
            {"id":"*","got":"allow","class":"bug","reason":"r"}]"#;
        let error = Known::parse("known.json", text.as_bytes(), Some(&Catalogue::default())).unwrap_err();
        let messages: Vec<_> = error.0.iter().map(|problem| problem.message.as_str()).collect();
        assert!(messages[0].starts_with("`alow` is no answer; expected `accepted`"), "{messages:?}");
        assert_eq!(messages[1], "no check is `no/such#check`");
        assert_eq!(messages[2], "a pattern is allowed only for the class `unsupported`");
    }
}
