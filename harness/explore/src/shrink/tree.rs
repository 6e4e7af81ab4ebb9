//! Decides how a question is taken apart for shrinking and put together again: one JSON tree, its documents open.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::mem::discriminant;

use kms_model::derive::{context_types, derive_in};
use kms_model::json::{Limits, Member, Node, Value, parse};
use kms_model::question::{Ask, Authorize};
use kms_model::{Dialect, Document, Question};

/// The places from the root of a tree to a value: at each step, which child.
pub type Path = Vec<usize>;

/// The children of a list or an object.
pub fn len(node: &Node) -> usize {
    match &node.value {
        Value::Array(elements) => elements.len(),
        Value::Object(members) => members.len(),
        _ => 0,
    }
}

/// The value at a path.
pub fn at<'a>(root: &'a Node, path: &[usize]) -> Option<&'a Node> {
    path.iter().try_fold(root, |node, index| match &node.value {
        Value::Array(elements) => elements.get(*index),
        Value::Object(members) => members.get(*index).map(|member| &member.node),
        _ => None,
    })
}

/// The value at a path, to be changed.
pub fn at_mut<'a>(root: &'a mut Node, path: &[usize]) -> Option<&'a mut Node> {
    path.iter().try_fold(root, |node, index| match &mut node.value {
        Value::Array(elements) => elements.get_mut(*index),
        Value::Object(members) => members.get_mut(*index).map(|member| &mut member.node),
        _ => None,
    })
}

/// The members of an object, to be changed.
pub fn members_mut(node: &mut Node) -> Option<&mut Vec<Member>> {
    match &mut node.value {
        Value::Object(members) => Some(members),
        _ => None,
    }
}

/// A number that equal trees have in common; two others hardly ever.
pub fn fingerprint(node: &Node) -> u64 {
    let mut hasher = DefaultHasher::new();
    hash(node, &mut hasher);
    hasher.finish()
}

fn hash(node: &Node, hasher: &mut DefaultHasher) {
    discriminant(&node.value).hash(hasher);
    match &node.value {
        Value::Null => {}
        Value::Bool(value) => value.hash(hasher),
        Value::Number(text) | Value::String(text) => text.hash(hasher),
        Value::Array(elements) => {
            elements.len().hash(hasher);
            elements.iter().for_each(|element| hash(element, hasher));
        }
        Value::Object(members) => {
            members.len().hash(hasher);
            for member in members {
                member.name.hash(hasher);
                hash(&member.node, hasher);
            }
        }
    }
}

/// Calls `visit` with every document of a question's tree.
pub fn documents(root: &mut Node, visit: &mut dyn FnMut(&mut Node)) {
    for member in members_mut(root).into_iter().flatten() {
        let node = &mut member.node;
        match member.name.as_str() {
            "document" => visit(node),
            "caller" => documents_of_caller(node, visit),
            "endpoint" => named(node, "policy", visit),
            "resource" => documents_of_resource(node, visit),
            "authorizations" => each(node, &mut |one| {
                named(one, "resource", &mut |resource| {
                    documents_of_resource(resource, visit);
                })
            }),
            _ => {}
        }
    }
}

fn documents_of_caller(node: &mut Node, visit: &mut dyn FnMut(&mut Node)) {
    for member in members_mut(node).into_iter().flatten() {
        match member.name.as_str() {
            "boundary" => visit(&mut member.node),
            "policies" => each(&mut member.node, &mut |attached| named(attached, "document", visit)),
            "session-policies" => each(&mut member.node, visit),
            "scps" => each(&mut member.node, &mut |level| each(level, visit)),
            _ => {}
        }
    }
}

fn documents_of_resource(node: &mut Node, visit: &mut dyn FnMut(&mut Node)) {
    for member in members_mut(node).into_iter().flatten() {
        match member.name.as_str() {
            "policy" => visit(&mut member.node),
            "rcps" | "control-policies" => each(&mut member.node, &mut |level| each(level, visit)),
            _ => {}
        }
    }
}

fn named(node: &mut Node, name: &str, visit: &mut dyn FnMut(&mut Node)) {
    let members = members_mut(node).into_iter().flatten();
    members.filter(|member| member.name == name).for_each(|member| visit(&mut member.node));
}

fn each(node: &mut Node, visit: &mut dyn FnMut(&mut Node)) {
    if let Value::Array(elements) = &mut node.value {
        elements.iter_mut().for_each(visit);
    }
}

/// The document that a string holds the exact text of, as an object, if the text is one.
pub fn opened(node: &Node) -> Option<Node> {
    parse(node.as_str()?, Limits::default()).ok().filter(|document| document.members().is_some())
}

/// Takes off the contexts where they say what the facts give: they need not be shrunk, they follow.
pub fn without_derived(question: &Question) -> Option<Question> {
    let mut question = question.clone();
    let Ask::Authorize(ask) = &mut question.ask else { return None };
    let whole = ask.clone();
    for authorization in &mut ask.authorizations {
        let given = authorization.context.take()?;
        if given != derive_in(question.dialect, &question.region, &whole, authorization) {
            return None;
        }
    }
    ask.context_types.clear();
    Some(question)
}

/// The question of a tree; its contexts follow from its facts if `derives`.
pub fn closed(root: &Node, derives: bool) -> Option<Question> {
    let mut question = match is_exact(root) {
        true => Question::read(root).ok()?,
        false => {
            let mut root = root.clone();
            documents(&mut root, &mut |document| {
                if let Some(exact) = Document::from_node(document) {
                    *document = exact.to_node();
                }
            });
            Question::read(&root).ok()?
        }
    };
    if let (Ask::Authorize(ask), true) = (&mut question.ask, derives) {
        derive(question.dialect, &question.region, ask);
    }
    Some(question)
}

fn derive(dialect: Dialect, region: &str, ask: &mut Authorize) {
    let contexts: Vec<_> =
        ask.authorizations.iter().map(|one| derive_in(dialect, region, ask, one)).collect();
    ask.context_types = context_types(dialect, contexts.iter());
    for (authorization, context) in ask.authorizations.iter_mut().zip(contexts) {
        authorization.context = Some(context);
    }
}

/// Whether an open document can stand in a question as it is: the question's form allows no repeated members there.
fn is_exact(root: &Node) -> bool {
    match &root.value {
        Value::Array(elements) => elements.iter().all(is_exact),
        Value::Object(members) => {
            let repeated = |(index, member): (usize, &Member)| {
                members.iter().take(index).any(|earlier| earlier.name == member.name)
            };
            !members.iter().enumerate().any(repeated) && members.iter().all(|member| is_exact(&member.node))
        }
        Value::Number(_) => root.is_portable(),
        _ => true,
    }
}
