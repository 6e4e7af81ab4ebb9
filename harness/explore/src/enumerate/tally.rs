//! Decides what an enumeration counts, and which world stands for all that show the same: the one with the fewest statements
//! and grants, and of those the first.

use std::collections::BTreeMap;

use super::laws::{Law, WORDS};

/// What came of the worlds of a range.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Tally {
    /// The worlds, one for all its renamings.
    pub visited: u64,
    /// The worlds that another stands for.
    pub renamed: u64,
    /// The answers, by their codes; of two evaluators those on which they agree.
    pub answers: [u64; WORDS.len()],
    /// The worlds that were not asked, by the feature that they need, or had no answer, by its word.
    pub unanswered: BTreeMap<String, u64>,
    /// The worlds whose answers cannot be held together, and why.
    pub incomparable: BTreeMap<String, u64>,
    /// The worlds on which the evaluators disagree.
    pub disagreed: u64,
    /// How each law fared.
    pub laws: BTreeMap<Law, Meter>,
    /// What was found.
    pub found: BTreeMap<Kind, Example>,
}

/// How a law fared.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Meter {
    /// How often its premise held and there were answers.
    pub applied: u64,
    /// How often it would not have held for an evaluator that finds nothing.
    pub telling: u64,
    /// How often it was broken.
    pub broken: u64,
}

/// What findings have in common that are taken for one.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Kind {
    /// The law that is broken; none where evaluators disagree.
    pub law: Option<Law>,
    /// The words of the answers: to the neighbour and the world in the order of the law, or of the evaluators.
    pub answers: Vec<&'static str>,
    /// The features that the worlds need, a bit each.
    pub features: u64,
}

/// The world that stands for a finding.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Example {
    /// How many show it.
    pub count: u64,
    /// How many statements and grants it has.
    pub weight: u64,
    /// Its number.
    pub number: u64,
    /// The number of its neighbour.
    pub neighbour: Option<u64>,
}

impl Tally {
    /// Adds a finding.
    pub fn add(&mut self, kind: Kind, example: Example) {
        self.found.entry(kind).and_modify(|known| known.join(example)).or_insert(example);
    }

    /// Adds what another range came to.
    pub fn join(&mut self, other: Self) {
        self.visited += other.visited;
        self.renamed += other.renamed;
        self.disagreed += other.disagreed;
        for (own, more) in self.answers.iter_mut().zip(other.answers) {
            *own += more;
        }
        for (counts, more) in
            [(&mut self.unanswered, other.unanswered), (&mut self.incomparable, other.incomparable)]
        {
            for (what, count) in more {
                *counts.entry(what).or_default() += count;
            }
        }
        for (law, more) in other.laws {
            self.laws.entry(law).or_default().join(more);
        }
        for (kind, example) in other.found {
            self.add(kind, example);
        }
    }
}

impl Meter {
    /// Adds the counts of another.
    pub fn join(&mut self, other: Self) {
        self.applied += other.applied;
        self.telling += other.telling;
        self.broken += other.broken;
    }
}

impl Example {
    fn join(&mut self, other: Self) {
        let key = |one: &Self| (one.weight, one.number, one.neighbour);
        let count = self.count + other.count;
        if key(&other) < key(self) {
            *self = other;
        }
        self.count = count;
    }
}
