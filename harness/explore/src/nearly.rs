//! Decides how a generated question becomes one that is nearly the same: a text of a policy in another form, a part of an
//! ARN exchanged, a condition more on what the request has, a fact told in another way.
//!
//! Most generated policies say plainly what they mean. What evaluators get wrong is in texts that look alike, so some
//! questions are turned: a text that matched is changed a little, and what that does is for the evaluator to know. A turn
//! takes its texts from the request, so that it matters whether the new text matches.

mod actions;
mod conditions;
mod entries;
mod facts;
mod forms;
mod grants;
mod parts;
mod principals;
mod resources;
mod texts;

use kms_model::derive::derive_in;
use kms_model::json::Node;
use kms_model::question::{Authorize, Context, PolicyType};
use kms_model::{Dialect, Question};

use crate::edit::{self, At, covers, edited, has_effect, pick, statements_mut};
use crate::relations::build::{actions, request};
use crate::{Choices, Settings};

/// How often a turn is tried that finds nothing to turn.
const TRIES: usize = 6;
/// How often a question that was turned is turned again, in a hundred.
const AGAIN: usize = 30;

/// How often the statement that is turned is any, in a hundred.
const ANYWHERE: usize = 15;

/// How often a turn is made that has the document refused, in a hundred.
const REFUSED: usize = 15;

/// Where a statement stands that is turned.
#[derive(Clone, Copy)]
struct Spot<'a> {
    /// Its document.
    at: At<'a>,
    /// Whether its document may have policy variables.
    has_variables: bool,
}

/// Turns a statement; `false` where it finds nothing to turn.
type Turn = fn(&mut Node, Spot<'_>, &mut dyn Choices) -> bool;

/// The question turned; `None` where it stays as it is. Questions about documents stay.
pub fn turned(question: &Question, choices: &mut dyn Choices, settings: &Settings) -> Option<Question> {
    request(question)?;
    if !choices.chance(settings.weights.nearly) {
        return None;
    }
    let mut turned: Option<Question> = None;
    for _ in 0..TRIES {
        if let Some(next) = turn(turned.as_ref().unwrap_or(question), choices, settings) {
            turned = Some(next);
            if !choices.chance(AGAIN) {
                break;
            }
        }
        if choices.is_exhausted() {
            break;
        }
    }
    turned
}

fn turn(question: &Question, choices: &mut dyn Choices, settings: &Settings) -> Option<Question> {
    let ask = request(question)?;
    let of_grants = if ask.authorizations.iter().any(|one| !one.resource.grants.is_empty()) { 35 } else { 0 };
    let of_parts = if ask.authorizations.len() > 1 { 8 } else { 0 };
    match choices.weighted(&[42, 18, 9, 10, 16, of_grants, of_parts]) {
        0 => in_statement(question, choices, conditions::TURNS),
        1 => in_statement(question, choices, resources::TURNS),
        2 => in_statement(question, choices, actions::TURNS),
        3 => in_statement(question, choices, principals::TURNS),
        4 => facts::turned(question, choices, settings),
        5 => grants::turned(question, choices),
        _ => parts::turned(question, choices),
    }
}

/// The question with one statement turned by one of these.
fn in_statement(question: &Question, choices: &mut dyn Choices, turns: &[Turn]) -> Option<Question> {
    let turn = choices.pick(turns)?;
    with_statement(question, choices, turn)
}

/// The question with one statement turned, mostly one that is about an action that is asked for.
fn with_statement(
    question: &Question,
    choices: &mut dyn Choices,
    turn: impl Fn(&mut Node, Spot<'_>, &mut dyn Choices) -> bool,
) -> Option<Question> {
    let anywhere = choices.chance(ANYWHERE);
    edited(question, choices, |root, at, choices| {
        let is_current = root.get("Version").and_then(Node::as_str) == Some("2012-10-17");
        let spot = Spot { at, has_variables: is_current && question.dialect == Dialect::Aws };
        let is_meant = |statement: &Node| {
            // The policy that every account has is no one's to change.
            let is_given = at.policy_type == PolicyType::Rcp && has_effect(statement, "Allow");
            !is_given && (anywhere || is_about(statement, at))
        };
        let meant = statements_mut(root).into_iter().filter(|statement| is_meant(statement)).collect();
        pick(meant, choices).is_some_and(|statement| turn(statement, spot, choices))
    })
}

/// Whether a statement is about an action that is asked for.
fn is_about(statement: &Node, at: At<'_>) -> bool {
    let listed = |name| statement.get(name).map(edit::strings).unwrap_or_default();
    let asked = actions(at);
    let lists = |name| listed(name).iter().any(|text| asked.iter().any(|action| covers(text, action)));
    lists("Action") || statement.get("NotAction").is_some() && !lists("NotAction")
}

impl<'a> Spot<'a> {
    /// Whether the document is one of RAM.
    fn is_ram(self) -> bool {
        self.at.question.dialect == Dialect::Ram
    }

    /// Whether a turn that would have a document refused is left alone: it mostly is.
    fn is_refused(self, would_be: bool, choices: &mut dyn Choices) -> bool {
        would_be && !choices.chance(REFUSED)
    }

    /// The request.
    fn request(self) -> Option<&'a Authorize> {
        request(self.at.question)
    }

    /// The condition keys of another authorization than the first, of which those keys are that a document of the caller's
    /// asks for here.
    fn context_of_another(self) -> Option<Context> {
        let last = self.request()?.authorizations.len().checked_sub(1).filter(|last| *last > 0)?;
        context(self.at.question, last)
    }

    /// The condition keys of the request where the document has a say.
    fn context(self) -> Option<Context> {
        context(self.at.question, self.at.place.authorization().unwrap_or_default())
    }
}

/// The condition keys of one authorization of a request.
fn context(question: &Question, of: usize) -> Option<Context> {
    let ask = request(question)?;
    let one = ask.authorizations.get(of)?;
    let derived = || derive_in(question.dialect, &question.region, ask, one);
    Some(one.context.clone().unwrap_or_else(derived))
}

/// One of the texts of the elements of a statement that have one of these names.
fn text_of<'a>(statement: &'a mut Node, names: &[&str], choices: &mut dyn Choices) -> Option<&'a mut String> {
    let elements = edit::members_mut(statement).iter_mut().filter(|one| names.contains(&one.name.as_str()));
    pick(elements.flat_map(|one| edit::strings_mut(&mut one.node)).collect(), choices)
}

/// Puts another text in place of one; `false` where there is none, or it is the same.
fn replace(text: &mut String, other: Option<String>) -> bool {
    let other = other.filter(|other| other != text);
    other.map(|other| *text = other).is_some()
}
