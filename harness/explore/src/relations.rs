//! Decides which relations hold between answers to related questions, and checks an evaluator by them with no other
//! evaluator in sight: an added Deny never widens, order does not matter, a guard rail only narrows.
//!
//! A relation varies a question and says how the answers to the variations must go with the answer to it. Each names the
//! requirements of the catalogue that it rests on; one that rests on what the documentation leaves open only observes. The
//! tables are in `aws` and `ram`, and printed in `RELATIONS.md`; the other modules are how questions are varied.

mod aws;
pub(crate) mod build;
pub(crate) mod compare;
mod grants;
mod layers;
mod meter;
mod order;
mod page;
mod ram;
mod refusal;
mod renaming;
mod sides;
mod spelling;
mod split;
mod standing;
mod statements;

use std::fmt;
use std::sync::LazyLock;

use kms_model::question::Ask;
use kms_model::{Answer, Description, Dialect, Evaluator, Feature, Outcome as Answered, Question};

pub use meter::{Meter, Meters};
pub use page::page;
pub use standing::{ENOUGH, Needs, Standing, Starved};

use crate::{Choices, Random};

/// A law that every evaluator of a dialect must keep.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Relation {
    /// `aws-deny-never-widens`; no two relations have the same.
    pub name: &'static str,
    /// The dialect of the questions that it is about.
    pub dialect: Dialect,
    /// The requirements from which it follows, by their ids in the catalogue.
    pub rests_on: &'static [&'static str],
    /// Why it holds, in a sentence.
    pub why: &'static str,
    /// Whether an evaluator that departs from it is only told of: the documentation leaves it open.
    pub observes: bool,
    /// Varies a question; `None` where the relation has nothing to say about it.
    vary: fn(&Question, &mut dyn Choices) -> Option<Variation>,
}

/// Other questions, and what the answers to them must be.
struct Variation {
    questions: Vec<Question>,
    /// Whether the relation holds, from the question, the answer to it, and the answers to the others in their order.
    holds: fn(&Question, &Answer, &[Answer]) -> Held,
}

/// Whether a relation holds in one instance.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Held {
    No,
    /// It holds, and would for an evaluator that never finds anything.
    Trivially,
    Yes,
}

/// What came of checking a relation on a question.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// It is broken.
    Broken(Box<Breach>),
    /// It holds, and the answers show that the evaluator did something.
    Held,
    /// It says nothing about the question, or the evaluator has no answer to it or to a variation.
    NotApplicable,
    /// The evaluator departs from it, and the documentation leaves that open.
    Observed(Box<Breach>),
    /// It holds, and would if the evaluator never granted or denied anything.
    Trivial,
}

/// Questions and answers that break a relation.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Breach {
    /// The relation.
    pub relation: &'static Relation,
    /// The question that was varied.
    pub before: (Question, Answer),
    /// The variations.
    pub after: Vec<(Question, Answer)>,
}

static ALL: LazyLock<Vec<Relation>> = LazyLock::new(|| [aws::TABLE, ram::TABLE].concat());

/// Every relation, those of AWS first.
pub fn all() -> &'static [Relation] {
    &ALL
}

/// The relation of that name.
pub fn by_name(name: &str) -> Option<&'static Relation> {
    ALL.iter().find(|relation| relation.name == name)
}

/// The relations about questions of a dialect.
pub fn of(dialect: Dialect) -> impl Iterator<Item = &'static Relation> {
    ALL.iter().filter(move |relation| relation.dialect == dialect)
}

impl Relation {
    /// Choices of its own, so that it varies a question the same way whichever others are looked at beside it.
    pub fn choices(&self, seed: u64) -> Random {
        Random::new(self.name.bytes().fold(seed, |seed, byte| seed.rotate_left(5) ^ u64::from(byte)))
    }
}

/// Checks a relation on a question, varied as `choices` say.
pub fn check(
    relation: &'static Relation,
    question: &Question,
    evaluator: &mut dyn Evaluator,
    choices: &mut dyn Choices,
) -> Outcome {
    if relation.dialect != question.dialect {
        return Outcome::NotApplicable;
    }
    match ask(question, evaluator) {
        Some(before) => check_answered(relation, question, &before, evaluator, choices),
        None => Outcome::NotApplicable,
    }
}

/// The same for a question that the evaluator has answered already: many relations can be checked on one answer.
pub fn check_answered(
    relation: &'static Relation,
    question: &Question,
    before: &Answer,
    evaluator: &mut dyn Evaluator,
    choices: &mut dyn Choices,
) -> Outcome {
    if !is_answer(before) {
        return Outcome::NotApplicable;
    }
    let Some(instance) = instance(relation, question, choices) else { return Outcome::NotApplicable };
    let mut after = Vec::with_capacity(instance.questions().len());
    for varied in instance.questions() {
        match ask(varied, evaluator) {
            Some(answer) => after.push(answer),
            None => return Outcome::NotApplicable,
        }
    }
    instance.outcome(question, before, after)
}

/// A relation and the variations of one question, which can be put to many evaluators.
pub struct Instance {
    relation: &'static Relation,
    variation: Variation,
}

/// The question varied as `choices` say, if the relation has something to say about it.
pub fn instance(
    relation: &'static Relation,
    question: &Question,
    choices: &mut dyn Choices,
) -> Option<Instance> {
    if relation.dialect != question.dialect || !names_things(question) {
        return None;
    }
    Some(Instance { relation, variation: (relation.vary)(question, choices)? })
}

impl Instance {
    /// The variations.
    pub fn questions(&self) -> &[Question] {
        &self.variation.questions
    }

    /// What comes of the answers to the question that was varied and to the variations, in their order.
    pub fn outcome(&self, question: &Question, before: &Answer, after: Vec<Answer>) -> Outcome {
        if !is_answer(before) || !after.iter().all(is_answer) {
            return Outcome::NotApplicable;
        }
        match (self.variation.holds)(question, before, &after) {
            Held::Yes => return Outcome::Held,
            Held::Trivially => return Outcome::Trivial,
            Held::No if hides_refusals(question, before, &after) => return Outcome::Trivial,
            Held::No => {}
        }
        let breach = Box::new(Breach {
            relation: self.relation,
            before: (question.clone(), before.clone()),
            after: self.questions().iter().cloned().zip(after).collect(),
        });
        if self.relation.observes { Outcome::Observed(breach) } else { Outcome::Broken(breach) }
    }
}

/// Whether what is asked about has a name that a policy could say: a variation that puts a broken one into a policy tells
/// nothing of the evaluator that refuses it.
fn names_things(question: &Question) -> bool {
    let Ask::Authorize(ask) = &question.ask else { return true };
    let is_name = |arn: &str| {
        let starts = ["arn:aws:", "arn:aws-", "acs:"].iter().any(|start| arn.starts_with(start));
        arn == "*" || (starts && !arn.contains(['*', '?', '$']))
    };
    ask.authorizations.iter().all(|one| is_name(&one.resource.arn))
}

/// The answer of an evaluator that can be asked; `None` where it lacks a feature that the question needs, does not support
/// it, or fails. An operation of several authorizations is asked part by part where the evaluator knows no operations.
pub fn ask(question: &Question, evaluator: &mut dyn Evaluator) -> Option<Answer> {
    let description = evaluator.description();
    if !description.dialects.contains(&question.dialect) {
        return None;
    }
    let by_parts = !description.has(Feature::Operations);
    if !is_within(description, question, by_parts) {
        return None;
    }
    let answer = match by_parts.then(|| question.parts()).flatten() {
        Some(parts) => Answer::of_parts(parts.iter().map(|part| evaluator.answer(part)).collect()),
        None => evaluator.answer(question),
    };
    is_answer(&answer).then_some(answer)
}

/// Whether the evaluator has all features that a question needs.
fn is_within(description: &Description, question: &Question, by_parts: bool) -> bool {
    question.lacking(description).iter().all(|feature| by_parts && *feature == Feature::Operations)
}

/// Whether of several authorizations the explicit deny of one may have hidden that a document of another is rejected.
fn hides_refusals(question: &Question, before: &Answer, after: &[Answer]) -> bool {
    let several = matches!(&question.ask, Ask::Authorize(ask) if ask.authorizations.len() > 1);
    several && compare::may_be_explicit(before) && after.iter().any(compare::is_rejected)
}

fn is_answer(answer: &Answer) -> bool {
    use Answered::{Crash, Error, Timeout, Unsupported};
    !matches!(answer.outcome, Crash { .. } | Error { .. } | Timeout { .. } | Unsupported { .. })
}

impl fmt::Display for Breach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { relation, before: (question, answer), after } = self;
        writeln!(f, "{}: {}", relation.name, relation.why)?;
        writeln!(f, "  rests on {}", relation.rests_on.join(", "))?;
        write!(f, "  {} to {}", answer.outcome, question.to_line())?;
        for (question, answer) in after {
            write!(f, "\n  {} to {}", answer.outcome, question.to_line())?;
        }
        Ok(())
    }
}
