//! Decides what a JSON text says, to the byte: values with their place, members in their order, duplicates kept.
//!
//! Policies, questions and suites are read by this reader and no other, because what an ordinary parser
//! drops (a repeated member, the place of an error) is what the catalogue is about.

mod access;
mod parse;
mod plain;
mod tape;
mod write;

use std::fmt;

pub(crate) use access::{Json, Kind, Name};
pub use parse::{Limits, SyntaxError, parse, parse_bytes};
pub(crate) use tape::Tape;
pub use write::{compact, pretty};
pub(crate) use write::{write_node, write_string};

/// A range of bytes in the text that was read; empty for values made by a program.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Span {
    /// Offset of the first byte.
    pub start: usize,
    /// Offset after the last byte.
    pub end: usize,
}

/// A JSON value and its place.
#[derive(Clone, Debug, Default)]
pub struct Node {
    /// Where the value stands in the text.
    pub span: Span,
    /// The value.
    pub value: Value,
}

/// A JSON value. Two values are equal when their texts, compactly written, are.
#[derive(Clone, Debug, Default)]
pub enum Value {
    /// `null`
    #[default]
    Null,
    /// `true`, `false`
    Bool(bool),
    /// A number, as it was written.
    Number(String),
    /// A string, unescaped.
    String(String),
    /// A list.
    Array(Vec<Node>),
    /// An object: every member in its order, repeated ones too.
    Object(Vec<Member>),
}

/// A member of an object.
#[derive(Clone, Debug)]
pub struct Member {
    /// The name, unescaped.
    pub name: String,
    /// Where the name stands.
    pub name_span: Span,
    /// The value.
    pub node: Node,
}

impl Node {
    /// The members, for an object.
    pub fn members(&self) -> Option<&[Member]> {
        match &self.value {
            Value::Object(members) => Some(members),
            _ => None,
        }
    }

    /// The elements, for a list.
    pub fn elements(&self) -> Option<&[Node]> {
        match &self.value {
            Value::Array(elements) => Some(elements),
            _ => None,
        }
    }

    /// The text, for a string.
    pub fn as_str(&self) -> Option<&str> {
        match &self.value {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    /// The truth value, for a boolean.
    pub fn as_bool(&self) -> Option<bool> {
        match &self.value {
            Value::Bool(value) => Some(*value),
            _ => None,
        }
    }

    /// Whether this is `null`.
    pub fn is_null(&self) -> bool {
        matches!(self.value, Value::Null)
    }

    /// The value of the first member of that name, for an object that has one.
    pub fn get(&self, name: &str) -> Option<&Node> {
        self.members()?.iter().find(|member| member.name == name).map(|member| &member.node)
    }

    /// What kind of value this is, for messages: `a string`, `an object`.
    pub fn kind(&self) -> &'static str {
        Json::kind(self).words()
    }

    /// Whether any JSON parser gives this value back unharmed: no repeated member, no number beyond 2^53 or
    /// with a fraction or exponent.
    pub fn is_portable(&self) -> bool {
        match &self.value {
            Value::Null | Value::Bool(_) | Value::String(_) => true,
            Value::Number(text) => text.parse::<i64>().is_ok_and(|n| n.unsigned_abs() <= 1 << 53),
            Value::Array(elements) => elements.iter().all(Node::is_portable),
            Value::Object(members) => {
                let mut names: Vec<_> = members.iter().map(|member| &member.name).collect();
                names.sort_unstable();
                let unique = names.windows(2).all(|pair| pair.first() != pair.last());
                unique && members.iter().all(|member| member.node.is_portable())
            }
        }
    }

    /// The number of leaves: scalars, empty lists and empty objects.
    pub fn leaves(&self) -> usize {
        match &self.value {
            Value::Array(elements) => elements.iter().map(Node::leaves).sum::<usize>().max(1),
            Value::Object(members) => members.iter().map(|m| m.node.leaves()).sum::<usize>().max(1),
            _ => 1,
        }
    }
}

impl PartialEq for Node {
    fn eq(&self, other: &Self) -> bool {
        match (&self.value, &other.value) {
            (Value::Null, Value::Null) => true,
            (Value::Bool(a), Value::Bool(b)) => a == b,
            (Value::Number(a), Value::Number(b)) | (Value::String(a), Value::String(b)) => a == b,
            (Value::Array(a), Value::Array(b)) => a == b,
            (Value::Object(a), Value::Object(b)) => {
                a.len() == b.len() && a.iter().zip(b).all(|(x, y)| x.name == y.name && x.node == y.node)
            }
            _ => false,
        }
    }
}

impl Eq for Node {}

impl From<Value> for Node {
    fn from(value: Value) -> Self {
        Self { span: Span::default(), value }
    }
}

impl From<&str> for Node {
    fn from(text: &str) -> Self {
        Value::String(text.to_owned()).into()
    }
}

impl From<String> for Node {
    fn from(text: String) -> Self {
        Value::String(text).into()
    }
}

impl From<bool> for Node {
    fn from(value: bool) -> Self {
        Value::Bool(value).into()
    }
}

impl FromIterator<Node> for Node {
    fn from_iter<I: IntoIterator<Item = Node>>(elements: I) -> Self {
        Value::Array(elements.into_iter().collect()).into()
    }
}

impl<K: Into<String>> FromIterator<(K, Node)> for Node {
    fn from_iter<I: IntoIterator<Item = (K, Node)>>(members: I) -> Self {
        let member = |(name, node): (K, Node)| Member { name: name.into(), name_span: Span::default(), node };
        Value::Object(members.into_iter().map(member).collect()).into()
    }
}

/// A place in a text as people count: the first line and the first character are 1.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Position {
    /// The line.
    pub line: usize,
    /// The character in the line.
    pub column: usize,
}

impl Position {
    /// The place of the byte at `offset`.
    pub fn of(text: &str, offset: usize) -> Self {
        Lines::new(text).position(offset)
    }
}

/// Where the lines of a text begin, for many places of one text.
#[derive(Clone, Debug)]
pub struct Lines<'a> {
    text: &'a str,
    starts: Vec<usize>,
}

impl<'a> Lines<'a> {
    /// The lines of `text`.
    pub fn new(text: &'a str) -> Self {
        let feeds = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1);
        Self { text, starts: std::iter::once(0).chain(feeds).collect() }
    }

    /// The place of the byte at `offset`.
    pub fn position(&self, offset: usize) -> Position {
        let mut end = offset.min(self.text.len());
        while !self.text.is_char_boundary(end) {
            end -= 1;
        }
        let line = self.starts.partition_point(|start| *start <= end);
        let start = self.starts.get(line - 1).copied().unwrap_or_default();
        Position { line, column: self.text.get(start..end).unwrap_or_default().chars().count() + 1 }
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}
