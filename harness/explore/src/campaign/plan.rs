//! Decides which questions an exploration asks: by seed and number alone, so that any one can be asked again, by any number
//! of jobs and in any order.

use std::ops::Range;

use kms_model::Question;

use crate::{Choices, Random, Series, Settings, shrink};

/// How many questions are put to an evaluator at a time: one of each of so many worlds.
const BATCH: u64 = 64;

/// What an exploration is to do.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Plan {
    /// The seed; the same seed asks the same questions.
    pub seed: u64,
    /// How many questions are asked at most.
    pub questions: u64,
    /// How many evaluations a finding is shrunk by at most.
    pub budget: usize,
    /// Whether the first evaluator is held to the relations.
    pub relates: bool,
    /// How many threads ask, each with evaluators of its own. What is found does not depend on it.
    pub jobs: usize,
}

impl Plan {
    /// Any number of questions, without relations, by one job.
    pub fn new(seed: u64) -> Self {
        Self { seed, questions: u64::MAX, budget: shrink::BUDGET, relates: false, jobs: 1 }
    }

    /// The choices of the question of that number, which depend on no other question.
    pub fn choices(&self, number: u64) -> Random {
        // An odd factor keeps numbers apart; fastrand mixes the rest.
        Random::new(self.seed ^ number.wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }

    /// The choices by which relations vary the question of that number.
    pub fn variations(&self, number: u64) -> Random {
        self.choices(!number)
    }

    /// The numbers of the questions of a part of the exploration; empty after the last one.
    pub(super) fn part(&self, part: u64, worlds: &dyn Worlds) -> Range<u64> {
        let size = BATCH.saturating_mul(worlds.questions_of_each().max(1));
        let first = part.saturating_mul(size).min(self.questions);
        first..first.saturating_add(size).min(self.questions)
    }
}

/// Where worlds come from, and how many questions are asked about each.
pub trait Worlds: Sync {
    /// A world's first question; the same choices give the same one.
    fn world(&self, choices: &mut dyn Choices) -> World;

    /// Makes the question of a world another one about it.
    fn again(&self, world: &mut Option<Series>, question: &mut Question, choices: &mut dyn Choices);

    /// How many questions are asked about each world, the first one included.
    fn questions_of_each(&self) -> u64;
}

/// A question, and what others about the same world are made from, if there are any.
pub type World = (Question, Option<Series>);

/// Worlds that are generated, each dialect as often.
#[derive(Clone, Debug)]
pub struct Generated {
    /// The dialects.
    pub dialects: Vec<kms_model::Dialect>,
    /// How often what is chosen.
    pub settings: Settings,
}

impl Worlds for Generated {
    fn world(&self, choices: &mut dyn Choices) -> World {
        let dialect = choices.pick(&self.dialects).copied().unwrap_or(kms_model::Dialect::Aws);
        let (question, series) = Series::new(dialect, choices, &self.settings);
        (question, Some(series))
    }

    fn again(&self, series: &mut Option<Series>, question: &mut Question, choices: &mut dyn Choices) {
        if let Some(series) = series {
            series.again(question, choices, &self.settings);
        }
    }

    fn questions_of_each(&self) -> u64 {
        self.settings.weights.questions_of_a_world as u64
    }
}

/// The worlds of a part of an exploration, one question of each at a time.
pub(super) struct Round<'a> {
    plan: &'a Plan,
    worlds: &'a dyn Worlds,
    left: Range<u64>,
    series: Vec<Option<Series>>,
    /// The questions, in the order of their numbers.
    pub questions: Vec<Question>,
}

impl<'a> Round<'a> {
    pub fn new(plan: &'a Plan, worlds: &'a dyn Worlds, numbers: Range<u64>) -> Self {
        Self { plan, worlds, left: numbers, series: Vec::new(), questions: Vec::new() }
    }

    /// Makes the next questions; gives the number of the first one, `None` after the last.
    pub fn advance(&mut self) -> Option<u64> {
        let first = self.left.start;
        let end = first.saturating_add(BATCH).min(self.left.end);
        if first >= end {
            return None;
        }
        self.left.start = end;
        if self.series.is_empty() {
            let made = (first..end).map(|number| self.worlds.world(&mut self.plan.choices(number)));
            (self.questions, self.series) = made.unzip();
        } else {
            // Not all of them, where the last round is cut short.
            self.questions.truncate(usize::try_from(end - first).unwrap_or(usize::MAX));
            let worlds = self.questions.iter_mut().zip(&mut self.series);
            for (number, (question, series)) in (first..end).zip(worlds) {
                self.worlds.again(series, question, &mut self.plan.choices(number));
            }
        }
        Some(first)
    }
}
