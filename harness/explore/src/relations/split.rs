//! Decides how what one statement says is said by two: parted by its actions, resources, principals or condition values, or
//! moved into a document of its own.

use kms_model::json::{Node, Value, compact};
use kms_model::question::{Attached, ContextValue, KeyName};
use kms_model::{Document, Question};

use super::build::{request, request_mut, with_context};
use super::{Variation, compare};
use crate::Choices;
use crate::edit::{
    condition_values, edited, elements_mut, has_effect, is_request, member_mut, open, pick, remove, set,
    statement_list, statements,
};

fn same(question: Question) -> Variation {
    Variation { questions: vec![question], holds: compare::same_if_accepted }
}

/// Parts one statement in two. `part` takes what the second is to have from the first.
fn parted(
    question: &Question,
    choices: &mut dyn Choices,
    mut part: impl FnMut(&mut Node, &mut Node, &mut dyn Choices) -> bool,
) -> Option<Variation> {
    let varied = edited(question, choices, |root, _, choices| {
        let Some(list) = statement_list(root) else { return false };
        let count = list.len();
        let first = choices.below(count.max(1));
        for at in (0..count).map(|at| (at + first) % count) {
            let Some(statement) = list.get_mut(at) else { continue };
            let mut other = statement.clone();
            if part(statement, &mut other, choices) {
                // No two statements have one `Sid`.
                remove(&mut other, "Sid");
                list.insert(at + 1, other);
                return true;
            }
        }
        false
    })?;
    Some(same(varied))
}

/// Parts a list of two or more: the first keeps its beginning, the second has the rest.
fn part_list(first: &mut Node, second: &mut Node, choices: &mut dyn Choices) -> bool {
    let (Some(first), Some(second)) = (elements_mut(first), elements_mut(second)) else { return false };
    if first.len() < 2 {
        return false;
    }
    let at = 1 + choices.below(first.len() - 1);
    first.truncate(at);
    second.drain(..at);
    true
}

fn by_element(name: &'static str, question: &Question, choices: &mut dyn Choices) -> Option<Variation> {
    parted(question, choices, |first, second, choices| {
        match (member_mut(first, name), member_mut(second, name)) {
            (Some(first), Some(second)) => part_list(first, second, choices),
            _ => false,
        }
    })
}

pub fn actions(question: &Question, choices: &mut dyn Choices) -> Option<Variation> {
    by_element("Action", question, choices)
}

pub fn resources(question: &Question, choices: &mut dyn Choices) -> Option<Variation> {
    by_element("Resource", question, choices)
}

/// By the types of principal, or by those of one type.
pub fn principals(question: &Question, choices: &mut dyn Choices) -> Option<Variation> {
    parted(question, choices, |first, second, choices| {
        let (Some(first), Some(second)) = (member_mut(first, "Principal"), member_mut(second, "Principal"))
        else {
            return false;
        };
        let (Value::Object(types), Value::Object(others)) = (&mut first.value, &mut second.value) else {
            return false;
        };
        if types.len() > 1 {
            let at = 1 + choices.below(types.len() - 1);
            types.truncate(at);
            others.drain(..at);
            return true;
        }
        match (types.first_mut(), others.first_mut()) {
            (Some(first), Some(second)) => part_list(&mut first.node, &mut second.node, choices),
            _ => false,
        }
    })
}

/// Operators of which one value that matches is enough, in both dialects.
const POSITIVE: &[&str] = &[
    "ArnEquals",
    "ArnLike",
    "DateEquals",
    "DateGreaterThan",
    "DateLessThan",
    "IpAddress",
    "NumericEquals",
    "NumericGreaterThan",
    "NumericLessThan",
    "StringEquals",
    "StringEqualsIgnoreCase",
    "StringLike",
];

/// By the values of a condition that is not negated, on a key that has one value at most in each request.
pub fn condition_values_apart(question: &Question, choices: &mut dyn Choices) -> Option<Variation> {
    let given = with_context(question)?;
    let contexts: Vec<_> = request(&given)?.authorizations.iter().flat_map(|one| &one.context).collect();
    let is_single = |key: &str| {
        let key = KeyName::new(key);
        contexts.iter().all(|context| {
            let mut values = context.get_all(&key);
            let first = values.next();
            values.next().is_none() && matches!(first, None | Some(ContextValue::One(_)))
        })
    };
    parted(question, choices, |first, second, choices| {
        let wanted = |operator: &str, key: &str, value: &Node| {
            let plain = operator.strip_suffix("IfExists").unwrap_or(operator);
            let several = value.elements().is_some_and(|elements| elements.len() > 1);
            POSITIVE.contains(&plain) && several && is_single(key)
        };
        let of = |statement| {
            let mut values: Vec<(&str, &str, &mut Node)> = condition_values(statement);
            values.retain(|(operator, key, value)| wanted(operator, key, value));
            values.into_iter().map(|(_, _, value)| value).collect::<Vec<_>>()
        };
        let pairs: Vec<_> = of(first).into_iter().zip(of(second)).collect();
        pick(pairs, choices).is_some_and(|(first, second)| part_list(first, second, choices))
    })
}

/// A statement of an identity policy, or of a policy of some level of a guard rail, moves into a policy of its own beside
/// it.
pub fn documents(question: &Question, choices: &mut dyn Choices) -> Option<Variation> {
    if !is_request(question) {
        return None;
    }
    let mut varied = question.clone();
    let ask = request_mut(&mut varied)?;
    let mut lists: Vec<&mut Vec<Document>> = ask.caller.scps.iter_mut().flatten().collect();
    for one in &mut ask.authorizations {
        lists.extend(one.resource.control_policies.iter_mut().flatten());
    }
    lists.retain(|list| list.iter().any(|document| divided(document, 0).is_some()));
    let policies = &mut ask.caller.policies;
    let of_caller = policies.iter().filter(|policy| divided(&policy.document, 0).is_some()).count();
    if choices.weighted(&[of_caller, lists.len()]) == 1 {
        let list = pick(lists, choices)?;
        let (at, (rest, own)) = divide_one(list.iter(), choices)?;
        *list.get_mut(at)? = rest;
        list.push(own);
    } else {
        let (at, (rest, own)) = divide_one(policies.iter().map(|policy| &policy.document), choices)?;
        let policy = policies.get_mut(at)?;
        policy.document = rest;
        let mut beside: Attached = policy.clone();
        beside.document = own;
        policies.push(beside);
    }
    Some(same(varied))
}

type Divided = (Document, Document);

fn divide_one<'a>(
    documents: impl Iterator<Item = &'a Document>,
    choices: &mut dyn Choices,
) -> Option<(usize, Divided)> {
    let found: Vec<_> = documents
        .enumerate()
        .filter_map(|(at, document)| Some((at, divided(document, choices.below(8))?)))
        .collect();
    pick(found, choices)
}

/// The document without one of its statements, and one with that statement alone; `None` where there is only one.
fn divided(document: &Document, which: usize) -> Option<Divided> {
    let mut rest = open(document)?;
    // What one statement says of where calls come from binds the whole document in RAM.
    if document.text().contains("acs:SourceVpc") || document.text().len() > 1_000 {
        return None;
    }
    let list = member_mut(&mut rest, "Statement").and_then(elements_mut)?;
    if list.len() < 2 {
        return None;
    }
    let own = list.remove(which % list.len());
    let mut alone = rest.clone();
    set(&mut alone, "Statement", Node::from_iter([own]));
    remove(&mut alone, "Id");
    let write = |node: &Node| Document::new(compact(node));
    Some((write(&rest), write(&alone)))
}

/// The document of `root` with only its statements of that effect; `None` where none is left.
pub fn only(root: &Node, effect: &str) -> Option<Document> {
    let kept: Vec<Node> = statements(root).iter().filter(|one| has_effect(one, effect)).cloned().collect();
    if kept.is_empty() {
        return None;
    }
    let mut root = root.clone();
    set(&mut root, "Statement", Node::from_iter(kept));
    Some(Document::new(compact(&root)))
}
