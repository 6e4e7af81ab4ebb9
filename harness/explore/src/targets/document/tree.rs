//! Decides what serde_json reads: the whole of a JSON text, with every repeated member and the order of all.

use std::collections::BTreeSet;
use std::fmt;

use kms_model::json::{Node, Value};
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::Value as Json;

/// A JSON value of which nothing is dropped.
#[derive(Debug, PartialEq)]
pub enum Tree {
    Array(Vec<Tree>),
    Object(Vec<(String, Tree)>),
    /// A string, a number, a boolean or null.
    Scalar(Json),
}

impl Tree {
    /// What our reader read; numbers as serde_json reads them.
    pub fn of(node: &Node) -> Result<Self, String> {
        Ok(match &node.value {
            Value::Null => Self::Scalar(Json::Null),
            Value::Bool(value) => Self::Scalar((*value).into()),
            Value::Number(text) => {
                Self::Scalar(serde_json::from_str(text).map_err(|error| format!("`{text}`: {error}"))?)
            }
            Value::String(text) => Self::Scalar(text.as_str().into()),
            Value::Array(elements) => Self::Array(elements.iter().map(Self::of).collect::<Result<_, _>>()?),
            Value::Object(members) => Self::Object(
                members
                    .iter()
                    .map(|member| Ok((member.name.clone(), Self::of(&member.node)?)))
                    .collect::<Result<_, String>>()?,
            ),
        })
    }

    /// Whether any parser reads it alike: no member stands twice, and no whole number is too great for a double.
    pub fn is_unharmed(&self) -> bool {
        const EXACT: u64 = 1 << 53;
        match self {
            Self::Array(elements) => elements.iter().all(Self::is_unharmed),
            Self::Object(members) => {
                let mut names = BTreeSet::new();
                members.iter().all(|(name, value)| names.insert(name) && value.is_unharmed())
            }
            Self::Scalar(Json::Number(number)) => {
                number.as_u64().is_none_or(|number| number <= EXACT)
                    && number.as_i64().is_none_or(|number| number.unsigned_abs() <= EXACT)
            }
            Self::Scalar(_) => true,
        }
    }
}

impl<'de> Deserialize<'de> for Tree {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reader)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Tree;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Tree, E> {
        Ok(Tree::Scalar(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Tree, E> {
        Ok(Tree::Scalar(value.into()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Tree, E> {
        Ok(Tree::Scalar(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Tree, E> {
        Ok(Tree::Scalar(value.into()))
    }

    fn visit_str<E>(self, value: &str) -> Result<Tree, E> {
        Ok(Tree::Scalar(value.into()))
    }

    fn visit_unit<E>(self) -> Result<Tree, E> {
        Ok(Tree::Scalar(Json::Null))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Tree, A::Error> {
        let mut elements = Vec::new();
        while let Some(element) = access.next_element()? {
            elements.push(element);
        }
        Ok(Tree::Array(elements))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Tree, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = access.next_entry()? {
            members.push(member);
        }
        Ok(Tree::Object(members))
    }
}
