//! Decides how what came of the relations is counted: how often the premise of each held, and how often the answers told
//! something.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use kms_model::{Answer, Dialect, Evaluator, Feature, Question};

use super::{Outcome, Relation, Standing, all, check_answered};
use crate::Choices;

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

    /// Where each relation of these dialects stands, where questions may need `features` only.
    pub fn standings(
        &self,
        dialects: &[Dialect],
        features: &BTreeSet<Feature>,
    ) -> Vec<(&'static Relation, &Meter, Standing)> {
        let asked = self.iter().filter(|(relation, _)| dialects.contains(&relation.dialect));
        asked.map(|(relation, meter)| (relation, meter, Standing::of(relation, meter, features))).collect()
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

    #[test]
    fn outcomes_are_counted_apart() {
        let mut meter = Meter::default();
        for outcome in [Outcome::NotApplicable, Outcome::Trivial, Outcome::Held, Outcome::Held] {
            meter.count(&outcome);
        }
        assert_eq!((meter.questions, meter.applied, meter.telling, meter.broken), (4, 3, 2, 0));
    }
}
