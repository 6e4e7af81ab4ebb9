//! Decides how a misreading evaluator's question differs from the one it was asked: every document, statement or condition
//! changed, or the request itself.
//!
//! Documents that cannot be read are left alone, and a document that nothing is changed in keeps its text, so that the
//! evaluator's form of it is used again.

use kms_model::json::{Node, compact};
use kms_model::question::{Authorize, Context};
use kms_model::{Document, Question};

use crate::edit::place::places;
use crate::edit::{At, open, statements_mut};
use crate::relations::build::{request_mut, with_context};

/// The question with every document changed in which `edit` finds something; `None` where it finds nothing.
pub fn documents(question: &Question, mut edit: impl FnMut(&mut Node, At<'_>) -> bool) -> Option<Question> {
    let mut changed: Option<Question> = None;
    for place in places(question) {
        let (Some(document), Some(policy_type)) = (place.document(question), place.policy_type(question))
        else {
            continue;
        };
        let Some(mut root) = open(document) else { continue };
        if edit(&mut root, At { question, place, policy_type }) {
            let changed = changed.get_or_insert_with(|| question.clone());
            place.put(changed, Document::new(compact(&root)));
        }
    }
    changed
}

/// The question with every statement changed in which `edit` finds something; `None` where it finds nothing.
pub fn statements(question: &Question, mut edit: impl FnMut(&mut Node, At<'_>) -> bool) -> Option<Question> {
    documents(question, |root, at| {
        let mut changed = false;
        for statement in statements_mut(root) {
            changed |= edit(statement, at);
        }
        changed
    })
}

/// The question with its request changed, if `edit` finds something to change.
pub fn request(question: &Question, edit: impl FnOnce(&mut Authorize) -> bool) -> Option<Question> {
    let mut changed = question.clone();
    edit(request_mut(&mut changed)?).then_some(changed)
}

/// The question with its condition keys written out and those of each authorization changed, if `edit`, which is told the
/// action, finds something to change.
pub fn context(question: &Question, mut edit: impl FnMut(&str, &mut Context) -> bool) -> Option<Question> {
    let mut changed = with_context(question)?;
    let mut found = false;
    for one in &mut request_mut(&mut changed)?.authorizations {
        if let Some(context) = &mut one.context {
            found |= edit(&one.action, context);
        }
    }
    found.then_some(changed)
}
