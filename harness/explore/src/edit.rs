//! Decides how a document of a question is changed: read as JSON, edited, written back where it stood.
//!
//! Documents that cannot be read, or in which a member stands twice, are left alone; so is a change that would bring a
//! document near a limit of size, which is no matter of any relation.

pub mod place;

use kms_model::json::{Limits, Member, Node, Value, compact, parse};
use kms_model::question::{Ask, PolicyType};
use kms_model::{Document, Question};

use place::{Place, places};

use crate::Choices;

/// The most characters of a document that is changed, below every documented limit of its kind.
const MOST: usize = 2_000;
/// The same for policies of keys and secrets.
const MOST_OF_KEY: usize = 30_000;

/// The document as JSON, if it is an object that any parser reads alike.
pub fn open(document: &Document) -> Option<Node> {
    let node = parse(document.text(), Limits::default()).ok()?;
    (node.members().is_some() && is_unique(&node)).then_some(node)
}

/// Whether no member stands twice.
fn is_unique(node: &Node) -> bool {
    match &node.value {
        Value::Array(elements) => elements.iter().all(is_unique),
        Value::Object(members) => {
            let again = |(at, member): (usize, &Member)| {
                members.iter().skip(at + 1).any(|other| other.name == member.name)
            };
            !members.iter().enumerate().any(again) && members.iter().all(|member| is_unique(&member.node))
        }
        _ => true,
    }
}

/// What an edit sees of the document that it changes.
#[derive(Clone, Copy)]
pub struct At<'a> {
    /// The question.
    pub question: &'a Question,
    /// Where the document stands.
    pub place: Place,
    /// What it is to be.
    pub policy_type: PolicyType,
}

/// The question with one document changed: the first in which `edit` finds something to change, from a place that
/// `choices` say.
pub fn edited(
    question: &Question,
    choices: &mut dyn Choices,
    mut edit: impl FnMut(&mut Node, At<'_>, &mut dyn Choices) -> bool,
) -> Option<Question> {
    rewritten(question, choices, |root, at, choices| edit(root, at, choices).then(|| compact(root)))
}

/// The same where `rewrite` gives the new text.
pub fn rewritten(
    question: &Question,
    choices: &mut dyn Choices,
    mut rewrite: impl FnMut(&mut Node, At<'_>, &mut dyn Choices) -> Option<String>,
) -> Option<Question> {
    let mut places = places(question);
    if places.is_empty() {
        return None;
    }
    let first = choices.below(places.len());
    places.rotate_left(first);
    for place in places {
        let (Some(document), Some(policy_type)) = (place.document(question), place.policy_type(question))
        else {
            continue;
        };
        if document.text().len() > most(policy_type) {
            continue;
        }
        let Some(mut root) = open(document) else { continue };
        let Some(text) = rewrite(&mut root, At { question, place, policy_type }, choices) else { continue };
        if text.len() > most(policy_type) {
            continue;
        }
        let mut varied = question.clone();
        place.put(&mut varied, Document::new(text));
        return Some(varied);
    }
    None
}

fn most(policy_type: PolicyType) -> usize {
    match policy_type {
        PolicyType::KeyPolicy | PolicyType::SecretPolicy => MOST_OF_KEY,
        _ => MOST,
    }
}

/// Only questions about requests: what a new statement does is told by a decision.
pub fn is_request(question: &Question) -> bool {
    matches!(question.ask, Ask::Authorize(_))
}

/// The value of a member.
pub fn member_mut<'a>(node: &'a mut Node, name: &str) -> Option<&'a mut Node> {
    let Value::Object(members) = &mut node.value else { return None };
    members.iter_mut().find(|member| member.name == name).map(|member| &mut member.node)
}

/// The members of an object.
pub fn members_mut(node: &mut Node) -> &mut [Member] {
    match &mut node.value {
        Value::Object(members) => members,
        _ => &mut [],
    }
}

/// Removes a member, if it is there.
pub fn remove(node: &mut Node, name: &str) -> bool {
    let Value::Object(members) = &mut node.value else { return false };
    let before = members.len();
    members.retain(|member| member.name != name);
    members.len() < before
}

/// Sets a member; a new one stands last.
pub fn set(node: &mut Node, name: &str, value: impl Into<Node>) {
    let value = value.into();
    if let Some(known) = member_mut(node, name) {
        *known = value;
    } else if let Value::Object(members) = &mut node.value {
        members.push(Member { name: name.to_owned(), name_span: Default::default(), node: value });
    }
}

/// The statements, whether they stand in a list or one by itself.
pub fn statements_mut(root: &mut Node) -> Vec<&mut Node> {
    match member_mut(root, "Statement") {
        Some(Node { value: Value::Array(elements), .. }) => elements.iter_mut().collect(),
        Some(statement) if statement.members().is_some() => vec![statement],
        _ => Vec::new(),
    }
}

/// The statements.
pub fn statements(root: &Node) -> &[Node] {
    match root.get("Statement") {
        Some(node) => node.elements().unwrap_or(std::slice::from_ref(node)),
        None => &[],
    }
}

/// The list of statements, made of one that stands by itself if need be.
pub fn statement_list(root: &mut Node) -> Option<&mut Vec<Node>> {
    let node = member_mut(root, "Statement")?;
    if node.members().is_some() {
        let alone = std::mem::take(node);
        *node = Node::from_iter([alone]);
    }
    match &mut node.value {
        Value::Array(elements) => Some(elements),
        _ => None,
    }
}

/// Whether a statement has this effect.
pub fn has_effect(statement: &Node, effect: &str) -> bool {
    statement.get("Effect").and_then(Node::as_str) == Some(effect)
}

/// One of the parts that were collected for a change.
pub fn pick<T>(mut parts: Vec<T>, choices: &mut dyn Choices) -> Option<T> {
    if parts.is_empty() {
        return None;
    }
    let at = choices.below(parts.len());
    Some(parts.swap_remove(at))
}

/// The elements of a list, for a list.
pub fn elements_mut(node: &mut Node) -> Option<&mut Vec<Node>> {
    match &mut node.value {
        Value::Array(elements) => Some(elements),
        _ => None,
    }
}

/// The values of the conditions of a statement, each with its operator and condition key.
pub fn condition_values(statement: &mut Node) -> Vec<(&str, &str, &mut Node)> {
    let mut found = Vec::new();
    let Some(condition) = member_mut(statement, "Condition") else { return found };
    for operator in members_mut(condition) {
        let name = operator.name.as_str();
        if let Value::Object(keys) = &mut operator.node.value {
            found.extend(keys.iter_mut().map(|key| (name, key.name.as_str(), &mut key.node)));
        }
    }
    found
}

/// The strings of a value: itself, or those of the list.
pub fn strings_mut(node: &mut Node) -> Vec<&mut String> {
    let of = |node| match node {
        &mut Node { value: Value::String(ref mut text), .. } => Some(text),
        _ => None,
    };
    match node {
        Node { value: Value::Array(elements), .. } => elements.iter_mut().filter_map(of).collect(),
        node => of(node).into_iter().collect(),
    }
}

/// The strings of a value.
pub fn strings(node: &Node) -> Vec<&str> {
    match node.elements() {
        Some(elements) => elements.iter().filter_map(Node::as_str).collect(),
        None => node.as_str().into_iter().collect(),
    }
}

/// Whether a pattern with `*` and `?` covers a text, case aside.
pub fn covers(pattern: &str, text: &str) -> bool {
    fits(&pattern.to_lowercase(), &text.to_lowercase())
}

/// Whether a text fits a pattern with `*` and `?`, case and all.
pub fn fits(pattern: &str, text: &str) -> bool {
    let text: Vec<char> = text.chars().collect();
    // What the pattern up to here can have covered, as places in the text.
    let mut reached = vec![true];
    reached.resize(text.len() + 1, false);
    for sign in pattern.chars() {
        let mut next = vec![false; text.len() + 1];
        let mut open = false;
        for (at, place) in next.iter_mut().enumerate() {
            let here = reached.get(at).copied().unwrap_or_default();
            let before = at.checked_sub(1);
            let stepped = before.and_then(|before| reached.get(before)).copied().unwrap_or_default();
            open |= here;
            let character = before.and_then(|before| text.get(before));
            *place = match sign {
                '*' => open,
                '?' => stepped,
                sign => stepped && character == Some(&sign),
            };
        }
        reached = next;
    }
    reached.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_cover_what_they_should() {
        for (pattern, text, expected) in [
            ("kms:*", "kms:Decrypt", true),
            ("KMS:de*T", "kms:Decrypt", true),
            ("kms:Decryp?", "kms:Decrypt", true),
            ("kms:Decrypt?", "kms:Decrypt", false),
            ("*", "", true),
            ("", "a", false),
            ("a*b*c", "aXbXbXc", true),
            ("a*b*c", "aXbXbX", false),
        ] {
            assert_eq!(covers(pattern, text), expected, "{pattern} on {text}");
        }
    }

    #[test]
    fn documents_that_parsers_read_differently_are_left_alone() {
        for (text, expected) in
            [("{}", true), ("[]", false), ("{", false), (r#"{"a":[{"b":1,"b":1}]}"#, false)]
        {
            assert_eq!(open(&Document::new(text)).is_some(), expected, "{text}");
        }
    }
}
