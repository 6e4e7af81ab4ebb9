//! Decides what a reader may ask of a JSON value, however the value is kept: as a tree, or where it stands in its text.

use std::borrow::Cow;

use super::{Member, Node, Span, Value, compact};

/// The kinds of JSON value.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Kind {
    Array,
    Bool,
    Null,
    Number,
    Object,
    String,
}

impl Kind {
    /// What a value of this kind is, for messages: `a string`, `an object`.
    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::Array => "a list",
            Self::Bool => "a boolean",
            Self::Null => "null",
            Self::Number => "a number",
            Self::Object => "an object",
            Self::String => "a string",
        }
    }
}

/// The name of a member.
#[derive(Debug)]
pub(crate) struct Name<'a> {
    /// The name, unescaped.
    pub(crate) text: Cow<'a, str>,
    /// Where it stands.
    pub(crate) span: Span,
}

/// A JSON value that is looked at.
pub(crate) trait Json<'a>: Copy {
    /// Where it stands in the text that was read.
    fn span(self) -> Span;

    /// What kind of value it is.
    fn kind(self) -> Kind;

    /// The text, for a string.
    fn text(self) -> Option<Cow<'a, str>>;

    /// A text that is read as this value: as it was written, or compact.
    fn source(self) -> Cow<'a, str>;

    /// The elements, none but for a list.
    fn elements(self) -> impl Iterator<Item = Self>;

    /// The members, none but for an object.
    fn members(self) -> impl Iterator<Item = (Name<'a>, Self)>;

    /// The value of the first member of that name.
    fn get(self, name: &str) -> Option<Self> {
        self.members().find(|(known, _)| known.text == name).map(|(_, value)| value)
    }

    /// Whether it is `true`.
    fn is_true(self) -> bool {
        self.kind() == Kind::Bool && self.source() == "true"
    }

    /// The value as a tree.
    fn to_node(self) -> Node {
        let value = match self.kind() {
            Kind::Array => Value::Array(self.elements().map(Self::to_node).collect()),
            Kind::Bool => Value::Bool(self.is_true()),
            Kind::Null => Value::Null,
            Kind::Number => Value::Number(self.source().into_owned()),
            Kind::Object => {
                let member = |(name, value): (Name<'a>, Self)| Member {
                    name: name.text.into_owned(),
                    name_span: name.span,
                    node: value.to_node(),
                };
                Value::Object(self.members().map(member).collect())
            }
            Kind::String => Value::String(self.text().unwrap_or_default().into_owned()),
        };
        Node { span: self.span(), value }
    }
}

impl<'a> Json<'a> for &'a Node {
    fn span(self) -> Span {
        self.span
    }

    fn kind(self) -> Kind {
        match self.value {
            Value::Array(_) => Kind::Array,
            Value::Bool(_) => Kind::Bool,
            Value::Null => Kind::Null,
            Value::Number(_) => Kind::Number,
            Value::Object(_) => Kind::Object,
            Value::String(_) => Kind::String,
        }
    }

    fn text(self) -> Option<Cow<'a, str>> {
        self.as_str().map(Cow::Borrowed)
    }

    fn source(self) -> Cow<'a, str> {
        Cow::Owned(compact(self))
    }

    fn elements(self) -> impl Iterator<Item = Self> {
        Node::elements(self).unwrap_or_default().iter()
    }

    fn members(self) -> impl Iterator<Item = (Name<'a>, Self)> {
        Node::members(self)
            .unwrap_or_default()
            .iter()
            .map(|member| (Name { text: Cow::Borrowed(&member.name), span: member.name_span }, &member.node))
    }
}
