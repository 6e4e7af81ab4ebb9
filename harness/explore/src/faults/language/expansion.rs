//! Decides where in a value variables and escapes stand, and writes the values as a misreading evaluator takes them.

use kms_model::Question;
use kms_model::json::Node;
use kms_model::question::ContextValue;

use super::conditions::{Entry, One, conditions, contexts};
use crate::edit::{At, member_mut, statements_mut, strings_mut};
use crate::faults::reading::documents;

/// The elements that name resources.
pub const RESOURCES: &[&str] = &["Resource", "NotResource"];

/// Every condition.
pub fn any(_: &One<'_>) -> bool {
    true
}

/// A variable, or an escape, in a value.
#[derive(Clone, Copy)]
pub struct Variable<'a> {
    /// Its name: `aws:username`, or `*`.
    pub name: &'a str,
    /// Its default text, without quotation marks.
    pub default: Option<&'a str>,
    /// All of it, as it stands: `${aws:username}`.
    pub whole: &'a str,
    /// The colons before it.
    pub colons: usize,
}

impl Variable<'_> {
    /// Whether it stands for a character.
    pub fn is_escape(self) -> bool {
        matches!(self.name, "*" | "?" | "$")
    }

    /// The same as text.
    pub fn literal(self) -> Option<String> {
        Some(self.whole.replacen("${", "${$}{", 1))
    }

    /// The variable with the empty text as its default.
    pub fn or_empty(self) -> Option<String> {
        (!self.is_escape() && self.default.is_none()).then(|| format!("${{{}, ''}}", self.name))
    }

    /// The one value that the request has for it.
    pub fn value(self, at: At<'_>) -> Option<String> {
        match contexts(at)?.first()?.get(self.name)? {
            ContextValue::One(value) => Some(value.clone()),
            ContextValue::Many(_) => None,
        }
    }
}

/// A part of a value.
pub struct Part<'a> {
    /// As it stands.
    pub text: &'a str,
    /// The variable that it is, if it is one.
    pub variable: Option<Variable<'a>>,
}

/// The parts of a value: text, and what stands in `${…}`.
pub fn parts(text: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let (mut rest, mut colons) = (text, 0);
    while let Some((before, after)) = rest.split_once("${") {
        let Some((inner, behind)) = after.split_once('}') else { break };
        colons += before.matches(':').count();
        let whole = rest.get(before.len()..rest.len() - behind.len()).unwrap_or_default();
        let (name, default) =
            inner.split_once(", '").map_or((inner, None), |(name, end)| (name, end.strip_suffix('\'')));
        parts.push(Part { text: before, variable: None });
        parts.push(Part { text: whole, variable: Some(Variable { name, default, whole, colons }) });
        rest = behind;
    }
    parts.push(Part { text: rest, variable: None });
    parts
}

/// The question with every variable changed for which `edit` gives another text: in those elements, and in the
/// conditions that `wanted` wants.
pub fn variables(
    question: &Question,
    elements: &[&str],
    wanted: fn(&One<'_>) -> bool,
    edit: impl Fn(At<'_>, Variable<'_>) -> Option<String>,
) -> Option<Question> {
    rewritten(question, elements, wanted, |text, at| {
        let mut changed = false;
        let of = |part: &Part<'_>| {
            let other = part.variable.and_then(|variable| edit(at, variable));
            changed |= other.is_some();
            other.unwrap_or_else(|| part.text.to_owned())
        };
        let text: String = parts(text).iter().map(of).collect();
        changed.then_some(text)
    })
}

/// The question with every value that has `${` changed for which `rewrite` gives another text: in those elements, and in
/// the conditions that `wanted` wants. Documents of the older language have no variables.
pub fn rewritten(
    question: &Question,
    elements: &[&str],
    wanted: fn(&One<'_>) -> bool,
    rewrite: impl Fn(&str, At<'_>) -> Option<String>,
) -> Option<Question> {
    let mut first = None;
    if !elements.is_empty() {
        first = documents(question, &["${"], |root, at| {
            let current = root.get("Version").and_then(Node::as_str) == Some("2012-10-17");
            let mut changed = false;
            for statement in statements_mut(root).into_iter().filter(|_| current) {
                for name in elements {
                    let values = member_mut(statement, name).map(strings_mut).unwrap_or_default();
                    for value in values {
                        if let Some(other) = rewrite(value, at) {
                            *value = other;
                            changed = true;
                        }
                    }
                }
            }
            changed
        });
    }
    let so_far = first.as_ref().unwrap_or(question);
    let second = conditions(so_far, &["${"], |one| {
        if !one.current || !wanted(one) {
            return None;
        }
        let mut values = one.values.clone();
        let mut changed = false;
        for value in strings_mut(&mut values) {
            if let Some(other) = rewrite(value, one.at) {
                *value = other;
                changed = true;
            }
        }
        changed.then(|| vec![Entry { values, ..one.same() }])
    });
    second.or(first)
}
