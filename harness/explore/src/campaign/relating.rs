//! Decides which relations an evaluator breaks at a question, in an exploration and when a finding is looked at again.

use kms_model::{Answer, Description, Evaluator, Question};

use super::plan::Plan;
use crate::Choices;
use crate::finding::{Finding, Source};
use crate::relations::{self, Meters, Outcome};

/// A relation that does not hold.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Broken {
    /// Its name.
    pub relation: &'static str,
    /// A requirement that it rests on.
    pub requirement: Option<String>,
    /// The answer to the question, then those to its variations.
    pub answers: Vec<Answer>,
    /// The variations.
    pub variations: Vec<Question>,
}

impl Broken {
    /// The words of the answers.
    pub fn words(&self) -> Vec<String> {
        self.answers.iter().map(|answer| answer.outcome.word().to_owned()).collect()
    }
}

/// The relations that an evaluator breaks at a question, varied as `choices` say; where `only` names one, that one alone is
/// looked at. Outcomes are counted in `meters`.
pub fn broken(
    only: Option<&str>,
    question: &Question,
    evaluator: &mut dyn Evaluator,
    choices: &mut dyn Choices,
    mut meters: Option<&mut Meters>,
) -> Vec<Broken> {
    let Some(before) = relations::ask(question, evaluator) else { return Vec::new() };
    let seed = choices.below(usize::MAX) as u64;
    let wanted = relations::of(question.dialect).filter(|one| only.is_none_or(|only| one.name == only));
    let mut broken = Vec::new();
    for relation in wanted {
        let choices = &mut relation.choices(seed);
        let outcome = relations::check_answered(relation, question, &before, evaluator, choices);
        if let Some(meters) = &mut meters {
            meters.count(relation, &outcome);
        }
        if let Outcome::Broken(breach) = outcome {
            let (variations, answers): (Vec<_>, Vec<_>) = breach.after.into_iter().unzip();
            broken.push(Broken {
                relation: relation.name,
                requirement: relation.rests_on.first().map(|id| (*id).to_owned()),
                answers: [vec![breach.before.1], answers].concat(),
                variations,
            });
        }
    }
    broken
}

/// What a relation that a finding says is broken comes to when its question is varied as it was found; `None` where it is
/// not broken, or the finding is none of a relation.
pub fn replay(finding: &Finding, evaluator: &mut dyn Evaluator) -> Option<Broken> {
    let Source::Relation { name, .. } = &finding.signature.source else { return None };
    let (seed, number) = finding.seed;
    let mut choices = Plan::new(seed).variations(number);
    broken(Some(name), &finding.question, evaluator, &mut choices, None).into_iter().next()
}

/// An evaluator whose answers are counted.
pub(super) struct Counted<'a> {
    pub evaluator: &'a mut dyn Evaluator,
    pub asked: u64,
}

impl Evaluator for Counted<'_> {
    fn description(&self) -> &Description {
        self.evaluator.description()
    }

    fn answer(&mut self, question: &Question) -> Answer {
        self.asked += 1;
        self.evaluator.answer(question)
    }

    fn broken(&self) -> Option<&str> {
        self.evaluator.broken()
    }
}
