//! Decides whether a JSON value has the form that a file or message must have, and prints that form as a schema.
//!
//! One table per format serves the reader (every problem at once, each with its place) and the editor
//! (JSON Schema), so that the two cannot drift apart.

mod path;

use std::collections::BTreeSet;

use serde_json::{Map, json};

use crate::json::{Json, Kind, Name, Node, Span};
pub(crate) use path::Path;

/// Something wrong with a text, and where.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Problem {
    /// The place in the text.
    pub span: Span,
    /// What is wrong and what was expected, without the place.
    pub message: String,
}

impl Problem {
    /// A problem at `span`.
    pub fn new(span: Span, message: impl Into<String>) -> Self {
        Self { span, message: message.into() }
    }
}

/// The form of a JSON value.
#[derive(Clone, Copy, Debug)]
pub enum Shape {
    /// Any value.
    Any,
    /// `true` or `false`.
    Boolean,
    /// The first of these whose JSON type is the value's.
    Either(&'static [Shape]),
    /// A whole number.
    Integer,
    /// A list.
    List(&'static Shape),
    /// An object whose members are named freely.
    Map(&'static Shape),
    /// `null`.
    Null,
    /// An object whose members are named here.
    Object(&'static Object),
    /// A string.
    Text,
    /// A string out of a closed vocabulary.
    Word(&'static [&'static str]),
}

/// An object with known members.
#[derive(Debug)]
pub struct Object {
    /// What it is, for messages and as the schema's definition: `requirement`.
    pub name: &'static str,
    /// One sentence for editors.
    pub about: &'static str,
    /// The members, in the order in which the writer puts them.
    pub members: &'static [Member],
    /// Whether other members are let through, as in messages of another version.
    pub open: bool,
}

/// A member of an object.
#[derive(Debug)]
pub struct Member {
    /// Its name.
    pub name: &'static str,
    /// Whether it must be there.
    pub required: bool,
    /// The form of its value.
    pub shape: Shape,
    /// One sentence for editors.
    pub about: &'static str,
}

/// A member that must be there.
pub const fn required(name: &'static str, shape: Shape, about: &'static str) -> Member {
    Member { name, required: true, shape, about }
}

/// A member that may be absent.
pub const fn optional(name: &'static str, shape: Shape, about: &'static str) -> Member {
    Member { name, required: false, shape, about }
}

impl Shape {
    /// Reports every way in which `node` differs from this shape. `path` says where the value stands, for messages.
    pub fn check(&self, node: &Node, path: &str, problems: &mut Vec<Problem>) {
        self.check_at(node, &Path::Root(path), problems);
    }

    /// The same for a value that is kept in whichever way.
    pub(crate) fn check_at<'a>(&self, value: impl Json<'a>, path: &Path<'_>, problems: &mut Vec<Problem>) {
        match self {
            Self::Any => {}
            Self::Either(shapes) => match shapes.iter().find(|shape| shape.takes(value.kind())) {
                Some(shape) => shape.check_at(value, path, problems),
                None => problems.push(self.mismatch(value, path)),
            },
            _ if !self.takes(value.kind()) => problems.push(self.mismatch(value, path)),
            Self::Boolean | Self::Null | Self::Text => {}
            Self::Integer => {
                let text = value.source();
                if text.parse::<i64>().is_err() {
                    problems.push(Problem::new(
                        value.span(),
                        format!("`{path}` must be a whole number, not {text}"),
                    ));
                }
            }
            Self::List(shape) => {
                for (index, element) in value.elements().enumerate() {
                    shape.check_at(element, &Path::Element(path, index), problems);
                }
            }
            Self::Map(shape) => {
                let (mut last, mut in_order) = (None, true);
                let before = problems.len();
                for (name, value) in value.members() {
                    shape.check_at(value, &Path::Member(path, &name.text), problems);
                    in_order &= last.is_none_or(|last| last < name.text);
                    last = Some(name.text);
                }
                if !in_order {
                    check_repeats(value, path, problems, before);
                }
            }
            Self::Object(object) => object.check(value, path, problems),
            Self::Word(words) => {
                let found = value.text().unwrap_or_default();
                if !words.contains(&&*found) {
                    let message = format!("`{path}` is `{found}`; expected one of {}", one_of(words));
                    problems.push(Problem::new(value.span(), message));
                }
            }
        }
    }

    /// Whether values of this kind have the JSON type of this shape.
    fn takes(&self, kind: Kind) -> bool {
        match self {
            Self::Any => true,
            Self::Boolean => kind == Kind::Bool,
            Self::Either(shapes) => shapes.iter().any(|shape| shape.takes(kind)),
            Self::Integer => kind == Kind::Number,
            Self::List(_) => kind == Kind::Array,
            Self::Map(_) | Self::Object(_) => kind == Kind::Object,
            Self::Null => kind == Kind::Null,
            Self::Text | Self::Word(_) => kind == Kind::String,
        }
    }

    fn mismatch<'a>(&self, value: impl Json<'a>, path: &Path<'_>) -> Problem {
        let message = format!("`{path}` must be {}, not {}", self.kind(), value.kind().words());
        Problem::new(value.span(), message)
    }

    fn kind(&self) -> String {
        match self {
            Self::Any => "any value".to_owned(),
            Self::Boolean => "a boolean".to_owned(),
            Self::Either(shapes) => shapes.iter().map(Self::kind).collect::<Vec<_>>().join(" or "),
            Self::Integer => "a whole number".to_owned(),
            Self::List(_) => "a list".to_owned(),
            Self::Map(_) | Self::Object(_) => "an object".to_owned(),
            Self::Null => "null".to_owned(),
            Self::Text | Self::Word(_) => "a string".to_owned(),
        }
    }

    /// This shape as a JSON Schema (draft 2020-12) of its own.
    pub fn schema(&self, title: &str) -> serde_json::Value {
        self.root_schema(title, false)
    }

    /// The same for a format whose tables fill values into placeholders: a whole string `{{column}}` may stand anywhere.
    pub fn template_schema(&self, title: &str) -> serde_json::Value {
        self.root_schema(title, true)
    }

    fn root_schema(&self, title: &str, templates: bool) -> serde_json::Value {
        let mut schemas = Schemas { definitions: Map::new(), templates };
        let root = schemas.of(self);
        json!({
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": title,
            "allOf": [root],
            "$defs": schemas.definitions,
        })
    }
}

/// The schemas of the objects met so far.
struct Schemas {
    definitions: Map<String, serde_json::Value>,
    templates: bool,
}

impl Schemas {
    fn of(&mut self, shape: &Shape) -> serde_json::Value {
        let schema = match shape {
            Shape::Any => return json!({}),
            Shape::Boolean => json!({ "type": "boolean" }),
            Shape::Either(shapes) => {
                let each: Vec<_> = shapes.iter().map(|shape| self.of(shape)).collect();
                return json!({ "anyOf": each });
            }
            Shape::Integer => json!({ "type": "integer" }),
            Shape::List(shape) => json!({ "type": "array", "items": self.of(shape) }),
            Shape::Map(shape) => json!({ "type": "object", "additionalProperties": self.of(shape) }),
            Shape::Null => json!({ "type": "null" }),
            Shape::Object(object) => {
                if !self.definitions.contains_key(object.name) {
                    // Held open first, so that an object may hold its own kind.
                    self.definitions.insert(object.name.to_owned(), json!({}));
                    let schema = self.object(object);
                    self.definitions.insert(object.name.to_owned(), schema);
                }
                json!({ "$ref": format!("#/$defs/{}", object.name) })
            }
            Shape::Text => return json!({ "type": "string" }),
            Shape::Word(words) => json!({ "enum": words }),
        };
        match self.templates {
            true => json!({ "anyOf": [schema, { "type": "string", "pattern": "^\\{\\{[^{}]+\\}\\}$" }] }),
            false => schema,
        }
    }

    fn object(&mut self, object: &Object) -> serde_json::Value {
        let mut properties = Map::new();
        for member in object.members {
            let mut schema = self.of(&member.shape);
            if let Some(schema) = schema.as_object_mut() {
                schema.insert("description".to_owned(), json!(member.about));
            }
            properties.insert(member.name.to_owned(), schema);
        }
        let needed: Vec<_> = object.members.iter().filter(|m| m.required).map(|m| m.name).collect();
        let mut schema = json!({ "description": object.about, "type": "object", "properties": properties });
        if let Some(schema) = schema.as_object_mut() {
            if !needed.is_empty() {
                schema.insert("required".to_owned(), json!(needed));
            }
            if !object.open {
                schema.insert("additionalProperties".to_owned(), json!(false));
            }
        }
        schema
    }
}

impl Object {
    fn check<'a>(&self, object: impl Json<'a>, path: &Path<'_>, problems: &mut Vec<Problem>) {
        // Most objects hold what they must hold, in the order of the table: then nothing lacks or occurs twice.
        let (mut next, mut in_order, mut required) = (0, true, 0);
        let before = problems.len();
        for (name, value) in object.members() {
            let Some((at, known)) = self.member(&name.text, next) else {
                in_order = false;
                if !self.open {
                    problems.push(self.unknown(&name));
                }
                continue;
            };
            known.shape.check_at(value, &Path::Member(path, &name.text), problems);
            in_order &= at >= next;
            next = at + 1;
            required += usize::from(known.required);
        }
        if !in_order {
            check_repeats(object, path, problems, before);
        }
        let lacking = self.members.iter().filter(|known| known.required);
        if in_order && lacking.clone().count() == required {
            return;
        }
        for known in lacking.filter(|known| object.get(known.name).is_none()) {
            let message = format!("`{path}` lacks the member `{}`", known.name);
            problems.push(Problem::new(object.span(), message));
        }
    }

    /// The member of that name and its place in the table; `next` is where it is looked for first.
    fn member(&self, name: &str, next: usize) -> Option<(usize, &Member)> {
        let is_it = |(_, known): &(usize, &Member)| known.name == name;
        let mut members = self.members.iter().enumerate();
        let mut later = members.clone().skip(next);
        later.find(is_it).or_else(|| members.find(is_it))
    }

    fn unknown(&self, name: &Name<'_>) -> Problem {
        let names: Vec<_> = self.members.iter().map(|member| member.name).collect();
        let message =
            format!("unknown member `{}` in a {}; expected {}", name.text, self.name, one_of(&names));
        Problem::new(name.span, message)
    }
}

/// Reports the members that occur twice before what was found in the members.
fn check_repeats<'a>(object: impl Json<'a>, path: &Path<'_>, problems: &mut Vec<Problem>, before: usize) {
    let mut seen = BTreeSet::new();
    let repeated = object.members().filter(|(name, _)| !seen.insert(name.text.clone()));
    let problem = |(name, _): (Name<'a>, _)| {
        Problem::new(name.span, format!("`{}` occurs twice", Path::Member(path, &name.text)))
    };
    let repeats: Vec<_> = repeated.map(problem).collect();
    problems.splice(before..before, repeats);
}

/// The words as prose: `a`, `b` or `c`.
pub fn one_of(words: &[&str]) -> String {
    let quoted: Vec<_> = words.iter().map(|word| format!("`{word}`")).collect();
    match quoted.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        _ => quoted.concat(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::{Limits, parse};

    static INNER: Object =
        Object { name: "inner", about: "", members: &[required("n", Shape::Integer, "")], open: false };
    static OUTER: Object = Object {
        name: "outer",
        about: "",
        members: &[
            required("kind", Shape::Word(&["a", "b", "c"]), ""),
            optional("list", Shape::List(&Shape::Object(&INNER)), ""),
            optional("either", Shape::Either(&[Shape::Text, Shape::Map(&Shape::Boolean)]), ""),
        ],
        open: false,
    };

    fn problems(text: &str) -> Vec<String> {
        let mut problems = Vec::new();
        Shape::Object(&OUTER).check(&parse(text, Limits::default()).unwrap(), "", &mut problems);
        problems.into_iter().map(|problem| problem.message).collect()
    }

    #[test]
    fn accepts_what_fits() {
        assert!(problems(r#"{"kind":"a","list":[{"n":1}],"either":{"x":true}}"#).is_empty());
    }

    #[test]
    fn reports_every_problem_at_once() {
        let found = problems(r#"{"knd":1,"list":[{"n":1.5},{"m":2}],"either":3,"list":[]}"#);
        assert_eq!(
            found,
            [
                "`list` occurs twice",
                "unknown member `knd` in a outer; expected `kind`, `list` or `either`",
                "`list[0].n` must be a whole number, not 1.5",
                "unknown member `m` in a inner; expected `n`",
                "`list[1]` lacks the member `n`",
                "`either` must be a string or an object, not a number",
                "`` lacks the member `kind`",
            ]
        );
        assert_eq!(problems(r#"{"kind":"d"}"#), ["`kind` is `d`; expected one of `a`, `b` or `c`"]);
    }
}
