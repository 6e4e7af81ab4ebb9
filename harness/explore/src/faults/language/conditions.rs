//! Decides how the conditions of a document are written as a misreading evaluator takes them: each key under each operator
//! by itself.

use kms_model::Question;
use kms_model::json::{Node, Value};
use kms_model::question::{Context, ContextValue};

use crate::edit::{At, has_effect, remove, set, statements_mut, strings_mut};
use crate::faults::reading::documents;
use crate::relations::build::{object, request, with_context};

/// A condition key that no request has.
const NO_KEY: &str = "kms:NoRequestHasThisKey";

/// A key under an operator, with its values.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// `ForAnyValue:StringLike`
    pub operator: String,
    /// `aws:PrincipalTag/Team`
    pub key: String,
    /// A value or a list of them.
    pub values: Node,
}

/// An operator in its parts.
#[derive(Clone, Copy)]
pub struct Operator<'a> {
    /// `ForAllValues`, `ForAnyValue` or nothing.
    pub set: &'a str,
    /// `StringLike`
    pub base: &'a str,
    /// Whether `IfExists` stands at its end.
    pub if_exists: bool,
}

impl<'a> Operator<'a> {
    /// The parts of `ForAnyValue:StringLikeIfExists`.
    pub fn read(text: &'a str) -> Self {
        let (set, rest) = text.split_once(':').unwrap_or(("", text));
        let base = rest.strip_suffix("IfExists");
        Self { set, base: base.unwrap_or(rest), if_exists: base.is_some() }
    }

    /// Whether it holds where the comparison does not.
    pub fn is_negated(self) -> bool {
        self.base.contains("Not")
    }

    /// Its name.
    pub fn name(self) -> String {
        let colon = if self.set.is_empty() { "" } else { ":" };
        let suffix = if self.if_exists { "IfExists" } else { "" };
        format!("{}{colon}{}{suffix}", self.set, self.base)
    }
}

/// A condition that is being read.
#[derive(Clone, Copy)]
pub struct One<'a> {
    /// The document it stands in.
    pub at: At<'a>,
    /// Whether its statement denies.
    pub denies: bool,
    /// Whether its document is of the language that has variables.
    pub current: bool,
    /// Its operator.
    pub operator: Operator<'a>,
    /// Its key.
    pub key: &'a str,
    /// Its values.
    pub values: &'a Node,
}

impl One<'_> {
    /// The same condition.
    pub fn same(&self) -> Entry {
        Entry { operator: self.operator.name(), key: self.key.to_owned(), values: self.values.clone() }
    }

    /// The condition under another operator.
    pub fn under(&self, operator: Operator<'_>) -> Option<Vec<Entry>> {
        Some(vec![Entry { operator: operator.name(), ..self.same() }])
    }

    /// The condition with another comparison; prefix and suffix stay.
    pub fn compared(&self, base: &str) -> Option<Vec<Entry>> {
        self.under(Operator { base, ..self.operator })
    }

    /// The condition with these values; without any it never holds.
    pub fn with(&self, values: Vec<String>) -> Option<Vec<Entry>> {
        match values.is_empty() {
            true => settled(self.operator.is_negated()),
            false => {
                let values = values.into_iter().map(Node::from).collect();
                Some(vec![Entry { values, ..self.same() }])
            }
        }
    }

    /// The condition, and that the request has the key.
    pub fn and_present(&self) -> Option<Vec<Entry>> {
        let present = Entry { operator: "Null".to_owned(), key: self.key.to_owned(), values: "false".into() };
        Some(vec![self.same(), present])
    }

    /// The values as text.
    pub fn texts(&self) -> Vec<String> {
        let nodes = self.values.elements().unwrap_or(std::slice::from_ref(self.values));
        nodes.iter().filter_map(text).collect()
    }

    /// The values where none has a variable.
    pub fn plain(&self) -> Option<Vec<String>> {
        let texts = self.texts();
        (!texts.iter().any(|text| text.contains("${"))).then_some(texts)
    }

    /// What the request has for the key: `None` where that cannot be told, as several authorizations differ.
    pub fn given(&self) -> Option<Option<ContextValue>> {
        let contexts = contexts(self.at)?;
        let mut found = contexts.iter().map(|context| context.get(self.key).cloned());
        let first = found.next()?;
        found.all(|other| other == first).then_some(first)
    }

    /// The one value that the request has for the key.
    pub fn single(&self) -> Option<String> {
        match self.given()?? {
            ContextValue::One(value) => Some(value),
            ContextValue::Many(_) => None,
        }
    }

    /// The condition decided by `matches`, told each value and that of the request, for conditions without variables and
    /// requests with one value.
    pub fn judged(&self, matches: impl Fn(&str, &str) -> bool) -> Option<Vec<Entry>> {
        let (values, given) = (self.plain()?, self.single()?);
        settled(values.iter().any(|value| matches(value, &given)) != self.operator.is_negated())
    }
}

/// The text of a value.
fn text(node: &Node) -> Option<String> {
    match &node.value {
        Value::String(text) | Value::Number(text) => Some(text.clone()),
        Value::Bool(value) => Some(value.to_string()),
        _ => None,
    }
}

/// What the requests have where the document has a say.
pub fn contexts(at: At<'_>) -> Option<Vec<Context>> {
    let asked = with_context(at.question)?;
    let of = at.place.authorization();
    let all = request(&asked)?.authorizations.iter().enumerate();
    let here = all.filter(|(index, _)| of.is_none_or(|of| of == *index));
    Some(here.filter_map(|(_, one)| one.context.clone()).collect())
}

/// A condition that always holds, or never.
#[expect(clippy::unnecessary_wraps, reason = "it is what edits give")]
pub fn settled(holds: bool) -> Option<Vec<Entry>> {
    let never = Entry { operator: "Null".to_owned(), key: NO_KEY.to_owned(), values: "false".into() };
    Some(if holds { Vec::new() } else { vec![never] })
}

/// The question with every condition changed for which `edit` gives others, all of which must hold.
pub fn conditions(
    question: &Question,
    needles: &[&str],
    mut edit: impl FnMut(&One<'_>) -> Option<Vec<Entry>>,
) -> Option<Question> {
    documents(question, needles, |root, at| {
        let current = root.get("Version").and_then(Node::as_str) == Some("2012-10-17");
        let mut changed = false;
        for statement in statements_mut(root) {
            let denies = has_effect(statement, "Deny");
            let mut found = false;
            let mut entries = Vec::new();
            for entry in entries_of(statement) {
                let operator = Operator::read(&entry.operator);
                let (key, values) = (entry.key.as_str(), &entry.values);
                match edit(&One { at, denies, current, operator, key, values }) {
                    Some(others) => {
                        found = true;
                        entries.extend(others);
                    }
                    None => entries.push(entry),
                }
            }
            changed |= found && write(statement, entries);
        }
        changed
    })
}

/// The conditions of a statement.
pub fn entries_of(statement: &Node) -> Vec<Entry> {
    let operators = statement.get("Condition").and_then(Node::members).unwrap_or_default();
    let entry = |operator: &str, key: &str, values: &Node| Entry {
        operator: operator.to_owned(),
        key: key.to_owned(),
        values: values.clone(),
    };
    let mut entries = Vec::new();
    for operator in operators {
        let keys = operator.node.members().unwrap_or_default();
        entries.extend(keys.iter().map(|key| entry(&operator.name, &key.name, &key.node)));
    }
    entries
}

/// Writes the conditions of a statement, unless two of them cannot stand side by side.
pub fn write(statement: &mut Node, entries: Vec<Entry>) -> bool {
    let mut condition = object([]);
    for entry in entries {
        let mut keys = condition.get(&entry.operator).cloned().unwrap_or_else(|| object([]));
        let known = keys.members().unwrap_or_default().iter();
        let same = known.clone().find(|member| member.name.eq_ignore_ascii_case(&entry.key));
        match same.map(|member| text(&member.node) == text(&entry.values)) {
            Some(true) => continue,
            // It cannot be there and not be there.
            Some(false) if entry.operator == "Null" => set(&mut keys, NO_KEY, "false"),
            Some(false) => return false,
            None => set(&mut keys, &entry.key, entry.values),
        }
        set(&mut condition, &entry.operator, keys);
    }
    match condition.members().unwrap_or_default().is_empty() {
        true => _ = remove(statement, "Condition"),
        false => set(statement, "Condition", condition),
    }
    true
}

/// The conditions whose operators compare as `from`, with `to` in its place.
pub fn renamed(question: &Question, from: &str, to: &str) -> Option<Question> {
    conditions(question, &[from], |one| (one.operator.base == from).then(|| one.compared(to))?)
}

/// The question with every value of the conditions that `wanted` wants changed, where `edit` gives another.
pub fn condition_values(
    question: &Question,
    needles: &[&str],
    wanted: impl Fn(&One<'_>) -> bool,
    edit: impl Fn(&str) -> Option<String>,
) -> Option<Question> {
    conditions(question, needles, |one| {
        if !wanted(one) {
            return None;
        }
        let mut values = one.values.clone();
        let mut changed = false;
        for value in strings_mut(&mut values) {
            if let Some(other) = edit(value) {
                *value = other;
                changed = true;
            }
        }
        changed.then(|| vec![Entry { values, ..one.same() }])
    })
}
