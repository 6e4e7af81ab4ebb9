//! Decides how what stands in an order is put into another: statements, policies, lists, members.

use kms_model::json::{Node, Value};
use kms_model::{Document, Question};

use super::build::request_mut;
use super::{Variation, compare};
use crate::Choices;
use crate::edit::{edited, elements_mut, member_mut, members_mut, pick, statements_mut};

/// Puts two or more items into an order that is not theirs, unless some are equal.
fn shuffle<T>(items: &mut [T], choices: &mut dyn Choices) -> bool {
    if items.len() < 2 {
        return false;
    }
    items.rotate_left(1 + choices.below(items.len() - 1));
    if items.len() > 2 && choices.chance(50) {
        items.reverse();
    }
    true
}

pub fn statements(question: &Question, choices: &mut dyn Choices) -> Option<Variation> {
    let varied = edited(question, choices, |root, _, choices| {
        let list = member_mut(root, "Statement").and_then(elements_mut);
        list.is_some_and(|list| shuffle(list, choices))
    })?;
    Some(Variation { questions: vec![varied], holds: compare::same })
}

/// The caller's policies, those of one level of a guard rail, the grants on a key: one of these lists.
pub fn policies(question: &Question, choices: &mut dyn Choices) -> Option<Variation> {
    let mut varied = question.clone();
    let ask = request_mut(&mut varied)?;
    let mut lists: Vec<&mut Vec<Document>> = ask.caller.scps.iter_mut().flatten().collect();
    lists.extend(ask.caller.session_policies.iter_mut());
    let mut grants = Vec::new();
    for one in &mut ask.authorizations {
        lists.extend(one.resource.rcps.iter_mut().flatten());
        lists.extend(one.resource.control_policies.iter_mut().flatten());
        grants.push(&mut one.resource.grants);
    }
    lists.retain(|list| list.len() > 1);
    grants.retain(|list| list.len() > 1);
    let of_caller = usize::from(ask.caller.policies.len() > 1);
    let which = choices.weighted(&[of_caller, lists.len(), grants.len()]);
    let shuffled = match which {
        1 => pick(lists, choices).is_some_and(|list| shuffle(list, choices)),
        2 => pick(grants, choices).is_some_and(|list| shuffle(list, choices)),
        _ => shuffle(&mut ask.caller.policies, choices),
    };
    shuffled.then(|| Variation { questions: vec![varied], holds: compare::same })
}

pub fn lists(question: &Question, choices: &mut dyn Choices) -> Option<Variation> {
    let varied = edited(question, choices, |root, _, choices| {
        let mut lists = Vec::new();
        statements_mut(root).into_iter().for_each(|statement| add_lists(statement, &mut lists));
        pick(lists, choices).is_some_and(|list| shuffle(list, choices))
    })?;
    Some(Variation { questions: vec![varied], holds: compare::same })
}

/// Every list below a node that has two or more elements.
fn add_lists<'a>(node: &'a mut Node, lists: &mut Vec<&'a mut Vec<Node>>) {
    match &mut node.value {
        Value::Array(elements) if elements.len() > 1 => lists.push(elements),
        Value::Object(members) => members.iter_mut().for_each(|member| add_lists(&mut member.node, lists)),
        _ => {}
    }
}

/// The members of the document, of a statement, of `Principal`, of `Condition` or of an operator.
pub fn members(question: &Question, choices: &mut dyn Choices) -> Option<Variation> {
    let varied = edited(question, choices, |root, _, choices| {
        let mut sizes = Vec::new();
        visit(root, &mut |node| sizes.push(members_mut(node).len()));
        let several: Vec<usize> =
            (0..sizes.len()).filter(|at| sizes.get(*at).is_some_and(|n| *n > 1)).collect();
        let Some(wanted) = choices.pick(&several).copied() else { return false };
        let mut at = 0;
        visit(root, &mut |node| {
            if at == wanted {
                shuffle(members_mut(node), choices);
            }
            at += 1;
        });
        true
    })?;
    Some(Variation { questions: vec![varied], holds: compare::same })
}

/// Visits every object, the outermost first.
fn visit(node: &mut Node, see: &mut dyn FnMut(&mut Node)) {
    if node.members().is_some() {
        see(node);
    }
    match &mut node.value {
        Value::Array(elements) => elements.iter_mut().for_each(|element| visit(element, see)),
        Value::Object(members) => members.iter_mut().for_each(|member| visit(&mut member.node, see)),
        _ => {}
    }
}
