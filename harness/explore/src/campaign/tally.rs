//! Decides what is counted in an exploration.

use std::collections::BTreeMap;

use crate::cluster::Clusters;
use crate::differential::Why;
use crate::relations::Meters;

/// What an exploration came to.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Tally {
    /// What was counted.
    pub counts: Counts,
    /// How often a relation was broken.
    pub broken: u64,
    /// How often evaluators disagreed where the documentation does not leave that open.
    pub disagreed: u64,
    /// Disagreements and broken relations that were not made small, because there were many with the same answers.
    pub unsorted: u64,
    /// Those that were, sorted.
    pub clusters: Clusters,
}

/// What was counted, in a part of an exploration or in all of it.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Counts {
    /// The questions that were made.
    pub questions: u64,
    /// The questions that were answered: each of those made by each evaluator, and the variations of relations. Those
    /// asked to make findings small are not among them.
    pub asked: u64,
    /// How often all gave the same answer, by its word; of one evaluator alone, its answers.
    pub agreed: Words,
    /// How often the answers could not be held together, and why.
    pub incomparable: BTreeMap<Why, u64>,
    /// How far each relation was put to the test.
    pub relations: Meters,
}

/// How often each word was met.
#[derive(Clone, Debug, Default)]
pub struct Words(Vec<(&'static str, u64)>);

impl Words {
    /// Counts a word.
    pub fn add(&mut self, word: &'static str, count: u64) {
        // Of the few that there are, the first ones are by far the most frequent.
        match self.0.iter_mut().find(|(known, _)| *known == word) {
            Some((_, known)) => *known += count,
            None => self.0.push((word, count)),
        }
    }

    /// How often each word was met, sorted.
    pub fn sorted(&self) -> BTreeMap<&'static str, u64> {
        self.0.iter().copied().collect()
    }
}

impl Counts {
    /// Adds what was counted in another part.
    pub(super) fn add(&mut self, other: Self) {
        self.questions += other.questions;
        self.asked += other.asked;
        for (word, count) in other.agreed.0 {
            self.agreed.add(word, count);
        }
        for (why, count) in other.incomparable {
            *self.incomparable.entry(why).or_default() += count;
        }
        self.relations.add(&other.relations);
    }
}
