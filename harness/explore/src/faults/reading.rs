//! Decides how documents are written as a misreading evaluator takes them: texts, statements, values of elements,
//! principals.
//!
//! Each function is told what must stand in a document for the misreading to matter, so that others are not parsed.

use kms_model::json::{Limits, Node, compact, parse};
use kms_model::question::{Ask, Caller};
use kms_model::{Document, Question};

use crate::edit::place::places;
use crate::edit::{At, member_mut, open, remove, set, statement_list, strings};
use crate::relations::build::{nobody, object, request};

/// An ARN that no question asks about.
pub const NOTHING: &str = "arn:aws:kms:us-west-2:999988887777:key/99999999-9999-9999-9999-999999999999";

/// The question with every text changed for which `edit` gives another.
pub fn texts(question: &Question, mut edit: impl FnMut(&str, At<'_>) -> Option<String>) -> Option<Question> {
    let mut changed: Option<Question> = None;
    for place in places(question) {
        let (Some(document), Some(policy_type)) = (place.document(question), place.policy_type(question))
        else {
            continue;
        };
        if let Some(text) = edit(document.text(), At { question, place, policy_type }) {
            place.put(changed.get_or_insert_with(|| question.clone()), Document::new(text));
        }
    }
    changed
}

/// The question with every document changed that holds one of `needles` and in which `edit` finds something.
pub fn documents(
    question: &Question,
    needles: &[&str],
    mut edit: impl FnMut(&mut Node, At<'_>) -> bool,
) -> Option<Question> {
    texts(question, |text, at| {
        if !needles.iter().any(|needle| text.contains(needle)) {
            return None;
        }
        let mut root = open(&Document::new(text))?;
        edit(&mut root, at).then(|| compact(&root))
    })
}

/// The same where a member may stand twice in the document.
pub fn repeating(question: &Question, mut edit: impl FnMut(&mut Node, At<'_>) -> bool) -> Option<Question> {
    texts(question, |text, at| {
        let mut root = parse(text, Limits::default()).ok()?;
        edit(&mut root, at).then(|| compact(&root))
    })
}

/// The question with every statement changed in which `edit` finds something.
pub fn statements(
    question: &Question,
    needles: &[&str],
    mut edit: impl FnMut(&mut Node, At<'_>) -> bool,
) -> Option<Question> {
    documents(question, needles, |root, at| {
        crate::edit::statements_mut(root).into_iter().fold(false, |changed, one| edit(one, at) | changed)
    })
}

/// The question with statements in place of each for which `edit` gives some: together they apply where one of them
/// does.
pub fn split(
    question: &Question,
    needles: &[&str],
    mut edit: impl FnMut(&Node, At<'_>) -> Option<Vec<Node>>,
) -> Option<Question> {
    documents(question, needles, |root, at| {
        let Some(list) = statement_list(root) else { return false };
        let mut changed = false;
        let mut new = Vec::new();
        for statement in std::mem::take(list) {
            match edit(&statement, at) {
                Some(mut parts) => {
                    changed = true;
                    parts.iter_mut().for_each(|part| _ = remove(part, "Sid"));
                    new.extend(parts);
                }
                None => new.push(statement),
            }
        }
        *list = new;
        changed
    })
}

/// The question with every value of the elements `names` changed for which `edit` gives others.
pub fn values(
    question: &Question,
    names: &[&str],
    needles: &[&str],
    mut edit: impl FnMut(&str, &str, At<'_>) -> Option<Vec<String>>,
) -> Option<Question> {
    statements(question, needles, |statement, at| {
        let mut changed = false;
        for name in names {
            let Some(element) = member_mut(statement, name) else { continue };
            let mut new = Vec::new();
            let mut found = false;
            for value in strings(element) {
                match edit(name, value, at) {
                    Some(others) => {
                        found = true;
                        new.extend(others);
                    }
                    None => new.push(value.to_owned()),
                }
            }
            if found {
                *element = new.into_iter().map(Node::from).collect();
                changed = true;
            }
        }
        changed
    })
}

/// A principal: the member of `Principal` and the value there; everybody, written as a string, is `("*", "*")`.
pub type Name = (String, String);

/// The principal with that name, of the kind that has ARNs.
pub fn by_arn(arn: &str) -> Option<Vec<Name>> {
    Some(vec![("AWS".to_owned(), arn.to_owned())])
}

/// Somebody whom no question is about.
pub fn somebody_else(at: At<'_>) -> Option<Vec<Name>> {
    by_arn(nobody(at).get("AWS").and_then(Node::as_str).unwrap_or_default())
}

/// The question with every principal of the elements `names` changed for which `edit` gives others.
pub fn principals(
    question: &Question,
    names: &[&str],
    needles: &[&str],
    mut edit: impl FnMut(&str, &str, &Node, At<'_>) -> Option<Vec<Name>>,
) -> Option<Question> {
    statements(question, needles, |statement, at| {
        let mut changed = false;
        for name in names {
            let Some(element) = statement.get(name) else { continue };
            let mut new: Vec<Name> = Vec::new();
            let mut found = false;
            let mut see = |kind: &str, value: &str| match edit(kind, value, statement, at) {
                Some(others) => {
                    found = true;
                    new.extend(others);
                }
                None => new.push((kind.to_owned(), value.to_owned())),
            };
            match (element.as_str(), element.members()) {
                (Some(text), _) => see("*", text),
                (_, Some(members)) => {
                    for member in members {
                        strings(&member.node).into_iter().for_each(|value| see(&member.name, value));
                    }
                }
                _ => {}
            }
            if found {
                set(statement, name, element_of(&new));
                changed = true;
            }
        }
        changed
    })
}

fn element_of(names: &[Name]) -> Node {
    if names.iter().any(|(kind, _)| kind == "*") {
        return "*".into();
    }
    let mut element = object([]);
    for (kind, _) in names {
        let of_kind = names.iter().filter(|(other, _)| other == kind);
        set(&mut element, kind, of_kind.map(|(_, value)| Node::from(value.as_str())).collect::<Node>());
    }
    element
}

/// Who asks, or who sets the document.
pub fn caller<'a>(at: At<'a>) -> Option<&'a Caller> {
    match &at.question.ask {
        Ask::Authorize(ask) => Some(&ask.caller),
        Ask::Validate(ask) => ask.caller.as_ref(),
        _ => None,
    }
}

/// The ARNs that are asked about where the document has a say.
pub fn resources<'a>(at: At<'a>) -> Vec<&'a str> {
    let Some(ask) = request(at.question) else { return Vec::new() };
    let of = at.place.authorization();
    let one = |(index, one): (usize, &'a kms_model::question::Authorization)| {
        of.is_none_or(|of| of == index).then_some(one.resource.arn.as_str())
    };
    ask.authorizations.iter().enumerate().filter_map(one).collect()
}
