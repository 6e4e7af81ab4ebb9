//! Decides what refusals must be made of: documents that cannot be read give nothing, explicit denies come from Deny
//! statements, and of several authorizations each is needed.

use kms_model::json::{Node, compact};
use kms_model::question::PolicyType;
use kms_model::{Answer, Because, Dialect, Document, Outcome, Question};

use super::build::{actions, request, request_mut, silent, with_context};
use super::{Held, Variation, compare, split};
use crate::Choices;
use crate::edit::place::{Place, places};
use crate::edit::{
    At, covers, has_effect, is_request, open, remove, rewritten, set, statements, statements_mut, strings,
};

/// A document is broken in a way that both grammars forbid, and beside it stands one that says nothing.
pub fn broken(question: &Question, choices: &mut dyn Choices) -> Option<Variation> {
    if !is_request(question) {
        return None;
    }
    let mut replaced = None;
    let broken = rewritten(question, choices, |root, at, choices| {
        let text = break_text(root, at, choices)?;
        replaced = Some((at.place, silent_at(at)?));
        Some(text)
    })?;
    let (place, nothing) = replaced?;
    let mut without = question.clone();
    place.put(&mut without, Document::new(nothing));
    Some(Variation { questions: vec![broken, without], holds: compare::gives_nothing })
}

/// A document that says nothing. Resource control policies have none such: their allow is made by AWS.
fn silent_at(at: At<'_>) -> Option<String> {
    (at.policy_type != PolicyType::Rcp).then(|| silent(at))
}

fn break_text(root: &mut Node, at: At<'_>, choices: &mut dyn Choices) -> Option<String> {
    match choices.below(5) {
        0 => {
            let mut text = compact(root);
            text.pop();
            return Some(text);
        }
        1 => remove(root, "Statement").then_some(())?,
        2 if at.question.dialect == Dialect::Ram => set(root, "Version", "2012-10-17"),
        2 => set(root, "Remark", "none"),
        which => {
            let mut statements = statements_mut(root);
            let statement = statements.first_mut()?;
            match which {
                3 => remove(statement, "Effect").then_some(())?,
                _ => {
                    let action = statement.get("Action").or_else(|| statement.get("NotAction"))?.clone();
                    set(statement, "Action", action.clone());
                    set(statement, "NotAction", action);
                }
            }
        }
    }
    Some(compact(root))
}

/// Without any Deny statement there is no explicit deny.
pub fn without_denies(question: &Question, _: &mut dyn Choices) -> Option<Variation> {
    request(question)?;
    let mut varied = question.clone();
    let mut gone = Vec::new();
    for place in places(question) {
        let document = place.document(question)?;
        let root = open(document)?;
        if !statements(&root).iter().any(|one| has_effect(one, "Deny")) {
            continue;
        }
        match split::only(&root, "Allow") {
            Some(allows) => place.put(&mut varied, allows),
            None => gone.push(place),
        }
    }
    let ask = request_mut(&mut varied)?;
    // From the last to the first, so that the places before stay what they are.
    for place in gone.into_iter().rev() {
        match place {
            Place::Caller(at) => drop(ask.caller.policies.remove(at)),
            Place::Rcp(of, level, at) => {
                let levels = ask.authorizations.get_mut(of)?.resource.rcps.as_mut()?;
                levels.get_mut(level)?.remove(at);
            }
            place => {
                let policy_type = place.policy_type(question)?;
                let at = At { question, place, policy_type };
                let mut slot = Question::authorize(question.dialect, question.region.clone(), ask.clone());
                place.put(&mut slot, Document::new(silent(at)));
                *ask = request(&slot)?.clone();
            }
        }
    }
    Some(Variation { questions: vec![varied], holds: compare::not_explicit })
}

/// The statements that an answer names are there, have the effect of the answer, and cover the action.
pub fn reasons(question: &Question, _: &mut dyn Choices) -> Option<Variation> {
    request(question)?;
    Some(Variation { questions: Vec::new(), holds: names_what_decides })
}

fn names_what_decides(question: &Question, before: &Answer, _: &[Answer]) -> Held {
    let effect = match before.outcome {
        Outcome::Allow => "Allow",
        Outcome::ExplicitDeny => "Deny",
        _ => return Held::Trivially,
    };
    if before.because.is_empty() {
        return Held::Trivially;
    }
    let kept = before.because.iter().all(|because| names(question, because, effect));
    if kept { Held::Yes } else { Held::No }
}

fn names(question: &Question, because: &Because, effect: &str) -> bool {
    // A grant is an Allow of one statement.
    if because.policy.contains("/resource/grants/") {
        return effect == "Allow" && because.statement == 0;
    }
    let Some(place) = places(question).into_iter().find(|place| place.pointer() == because.policy) else {
        return false;
    };
    let (Some(root), Some(policy_type)) =
        (place.document(question).and_then(open), place.policy_type(question))
    else {
        return false;
    };
    let Some(statement) = statements(&root).get(because.statement) else { return false };
    let asked = actions(At { question, place, policy_type });
    has_effect(statement, effect) && asked.iter().any(|action| speaks_of(statement, action))
}

/// Whether a statement covers an action.
fn speaks_of(statement: &Node, action: &str) -> bool {
    let any = |node: &Node| strings(node).iter().any(|pattern| covers(pattern, action));
    match (statement.get("Action"), statement.get("NotAction")) {
        (Some(element), _) => any(element),
        (None, Some(element)) => !any(element),
        (None, None) => false,
    }
}

/// Each authorization of a request by itself: together they come to the answer.
pub fn parts(question: &Question, _: &mut dyn Choices) -> Option<Variation> {
    if request(question)?.authorizations.len() < 2 {
        return None;
    }
    // What one authorization has from the others is told by its context.
    let questions = with_context(question)?.parts()?;
    Some(Variation { questions, holds: compare::whole })
}
