//! Decides whether a relation was put to the test: how often its premise held, and how often the answers told something.

use std::fmt::Write as _;

use kms_model::{Answer, Dialect, Evaluator, Question};

use super::{Outcome, Relation, all, check_answered};
use crate::Choices;

/// Fewer questions than these say nothing about a share.
const ENOUGH: u64 = 1_000;
/// One question in so many at least must be one that the relation speaks of.
const PREMISE: u64 = 2_000;
/// One instance in so many at least must tell something.
const TELLING: u64 = 200;

/// What came of a relation.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct Meter {
    /// The questions on which it was checked.
    pub questions: u64,
    /// Those that it spoke of, and to which the evaluator had answers.
    pub applied: u64,
    /// Those of them whose answers told something.
    pub telling: u64,
    /// How often it was broken.
    pub broken: u64,
    /// How often the evaluator departed from it where that is left open.
    pub observed: u64,
}

impl Meter {
    /// Counts one outcome.
    pub fn count(&mut self, outcome: &Outcome) {
        self.questions += 1;
        match outcome {
            Outcome::NotApplicable => return,
            Outcome::Trivial => {}
            Outcome::Held => self.telling += 1,
            Outcome::Broken(_) => {
                self.telling += 1;
                self.broken += 1;
            }
            Outcome::Observed(_) => {
                self.telling += 1;
                self.observed += 1;
            }
        }
        self.applied += 1;
    }

    /// Why the relation was not put to the test, if it was not: after many questions its premise hardly ever held, or
    /// the answers hardly ever told anything.
    pub fn starved(&self) -> Option<String> {
        if self.questions < ENOUGH {
            return None;
        }
        if self.applied * PREMISE < self.questions {
            return Some(format!("its premise held for {} of {} questions", self.applied, self.questions));
        }
        if self.telling * TELLING < self.applied {
            return Some(format!("{} of {} instances told something", self.telling, self.applied));
        }
        None
    }
}

/// The meters of all relations.
#[derive(Clone, Debug)]
pub struct Meters(Vec<(&'static Relation, Meter)>);

impl Default for Meters {
    fn default() -> Self {
        Self::new()
    }
}

impl Meters {
    /// Nothing counted yet.
    pub fn new() -> Self {
        Self(all().iter().map(|relation| (relation, Meter::default())).collect())
    }

    /// Checks every relation of the question's dialect on it, counts, and gives each outcome to `sink`. `before` is the
    /// evaluator's answer to the question.
    pub fn check(
        &mut self,
        question: &Question,
        before: &Answer,
        evaluator: &mut dyn Evaluator,
        choices: &mut dyn Choices,
        sink: &mut dyn FnMut(&'static Relation, Outcome),
    ) {
        for (relation, meter) in self.0.iter_mut().filter(|(one, _)| one.dialect == question.dialect) {
            let outcome = check_answered(relation, question, before, evaluator, choices);
            meter.count(&outcome);
            sink(relation, outcome);
        }
    }

    /// Counts an outcome of a relation.
    pub fn count(&mut self, relation: &Relation, outcome: &Outcome) {
        if let Some((_, meter)) = self.0.iter_mut().find(|(one, _)| one.name == relation.name) {
            meter.count(outcome);
        }
    }

    /// Adds what another worker counted.
    pub fn add(&mut self, other: &Self) {
        for ((_, mine), (_, theirs)) in self.0.iter_mut().zip(&other.0) {
            mine.questions += theirs.questions;
            mine.applied += theirs.applied;
            mine.telling += theirs.telling;
            mine.broken += theirs.broken;
            mine.observed += theirs.observed;
        }
    }

    /// Each relation with its meter.
    pub fn iter(&self) -> impl Iterator<Item = (&'static Relation, &Meter)> {
        self.0.iter().map(|(relation, meter)| (*relation, meter))
    }

    /// The relations that were not put to the test, and why. A run with one of these has not shown what it should.
    pub fn starved(&self) -> impl Iterator<Item = (&'static Relation, String)> {
        self.iter().filter_map(|(relation, meter)| Some((relation, meter.starved()?)))
    }

    /// The meters of a dialect as a table for people.
    pub fn table(&self, dialect: Dialect) -> String {
        let of_dialect = || self.iter().filter(|(relation, _)| relation.dialect == dialect);
        let width = of_dialect().map(|(relation, _)| relation.name.len()).max().unwrap_or_default();
        let mut out = String::new();
        let _ = writeln!(
            out,
            "{:width$}  {:>9} {:>9} {:>9} {:>7} {:>8}",
            "relation", "questions", "applied", "telling", "broken", "observed"
        );
        for (relation, meter) in of_dialect() {
            let Meter { questions, applied, telling, broken, observed } = meter;
            let _ = writeln!(
                out,
                "{:width$}  {questions:>9} {applied:>9} {telling:>9} {broken:>7} {observed:>8}",
                relation.name
            );
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meter(questions: u64, applied: u64, telling: u64) -> Meter {
        Meter { questions, applied, telling, ..Meter::default() }
    }

    #[test]
    fn a_relation_without_premise_or_effect_is_starved() {
        for (meter, starved) in [
            (meter(999, 0, 0), None),
            (meter(4_000, 1, 1), Some("its premise held for 1 of 4000 questions")),
            (meter(4_000, 1_000, 4), Some("4 of 1000 instances told something")),
            (meter(4_000, 1_000, 5), None),
        ] {
            assert_eq!(meter.starved().as_deref(), starved);
        }
    }

    #[test]
    fn outcomes_are_counted_apart() {
        let mut meter = Meter::default();
        for outcome in [Outcome::NotApplicable, Outcome::Trivial, Outcome::Held, Outcome::Held] {
            meter.count(&outcome);
        }
        assert_eq!((meter.questions, meter.applied, meter.telling, meter.broken), (4, 3, 2, 0));
    }
}
