//! Decides which combinations of a condition's dimensions a set of questions shows: operator, set operator, `IfExists`,
//! the key in the request, the effect of the statement and the layer of its document, in pairs and in threes.
//!
//! A combination is shown where the answer hangs on the condition: the request is granted if the condition is taken to
//! hold and refused if it is taken not to, or the other way round. Its statement then covers the request, no other
//! statement covers for it, and who misjudges the condition misjudges the request.

mod decisive;
mod space;

use std::collections::{BTreeMap, BTreeSet};

use kms_model::{Dialect, Evaluator, Question};
use serde::Serialize;

pub use decisive::conditions;
pub use space::{Dimension, Impossible, Level, Space};

/// The combinations that the questions of a dialect show.
#[derive(Clone, Debug)]
pub struct Combinations {
    space: Space,
    expecting: bool,
    questions: usize,
    pairs: BTreeMap<[Level; 2], usize>,
    triples: BTreeSet<[Level; 3]>,
}

/// What was measured of a dialect.
#[derive(Clone, Debug, Serialize)]
pub struct Measured {
    /// The dialect.
    pub dialect: Dialect,
    /// The questions that were looked at.
    pub questions: usize,
    /// The pairs, counted.
    pub pairs: Pairs,
    /// The triples, counted.
    pub triples: Triples,
    /// Every pair.
    pub rows: Vec<Row>,
    /// The reasons why pairs cannot be shown, which the rows have too.
    #[serde(skip)]
    pub reasons: Vec<Impossible>,
}

/// The pairs, counted.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize)]
pub struct Pairs {
    /// Those that can be shown.
    pub possible: usize,
    /// Those of them that are.
    pub covered: usize,
    /// Those of them that are not.
    pub uncovered: usize,
    /// Those that cannot be shown because there is nothing to ask.
    pub impossible: usize,
    /// Those that cannot be shown because the documentation leaves open what they do.
    pub open: usize,
    /// Those that are said to be one of these two, and are shown all the same.
    pub stale: usize,
}

/// The triples that hold no impossible pair, counted.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize)]
pub struct Triples {
    /// All of them.
    pub possible: usize,
    /// Those that are shown.
    pub covered: usize,
}

/// A pair, and where it stands.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    /// One level.
    pub one: Level,
    /// The other, of a later dimension.
    pub other: Level,
    /// The questions that show them together.
    pub questions: usize,
    /// Where the pair stands.
    pub standing: Standing,
    /// The rules by which it cannot be shown.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub requirements: Vec<&'static str>,
    /// Why it cannot be shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<&'static str>,
}

/// Where a pair stands.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// Shown by a question.
    Covered,
    /// Not to be shown: there is nothing to ask.
    Impossible,
    /// Not to be shown: what it does is not documented.
    Open,
    /// Said to be one of these two, and shown all the same.
    Stale,
    /// Shown by no question, for no reason.
    Uncovered,
}

kms_model::words! { Standing:
    Covered "covered", Impossible "impossible", Open "open", Stale "stale", Uncovered "uncovered",
}

impl Combinations {
    /// Nothing shown so far. Where an answer is expected of each question, what the documentation leaves open may not
    /// be shown; other questions may ask it.
    pub fn new(space: Space, expecting: bool) -> Self {
        Self { space, expecting, questions: 0, pairs: BTreeMap::new(), triples: BTreeSet::new() }
    }

    /// Adds what a question of the dialect shows, as far as the evaluator's answers hang on it.
    pub fn add(&mut self, question: &Question, evaluator: &mut dyn Evaluator) {
        if question.dialect != self.space.dialect {
            return;
        }
        self.questions += 1;
        let shown = conditions(question, &self.space, evaluator);
        let pairs: BTreeSet<_> = shown.iter().flat_map(|levels| pairs(levels)).collect();
        pairs.into_iter().for_each(|pair| *self.pairs.entry(pair).or_default() += 1);
        self.triples.extend(shown.iter().flat_map(|levels| triples(levels)));
    }

    /// Where every pair stands, and how many triples are shown.
    pub fn measured(&self) -> Measured {
        let rows: Vec<_> = self.space.pairs().into_iter().map(|pair| self.row(pair)).collect();
        let count = |standing| rows.iter().filter(|row| row.standing == standing).count();
        let [covered, uncovered] = [count(Standing::Covered), count(Standing::Uncovered)];
        let all = self.space.triples();
        let possible = all.iter().filter(|triple| {
            pairs(triple.as_slice()).all(|[one, other]| self.space.impossible(one, other).is_none())
        });
        let possible: Vec<_> = possible.collect();
        Measured {
            dialect: self.space.dialect,
            questions: self.questions,
            pairs: Pairs {
                possible: covered + uncovered,
                covered,
                uncovered,
                impossible: count(Standing::Impossible),
                open: count(Standing::Open),
                stale: count(Standing::Stale),
            },
            triples: Triples {
                possible: possible.len(),
                covered: possible.iter().filter(|triple| self.triples.contains(**triple)).count(),
            },
            rows,
            reasons: self.space.all_impossible().to_vec(),
        }
    }

    fn row(&self, pair: [Level; 2]) -> Row {
        let [one, other] = pair;
        let questions = self.pairs.get(&pair).copied().unwrap_or_default();
        let impossible = self.space.impossible(one, other);
        let standing = match (impossible, questions) {
            (None, 0) => Standing::Uncovered,
            (None, _) => Standing::Covered,
            (Some(known), _) if known.is_open && !(self.expecting && questions > 0) => Standing::Open,
            (Some(_), 0) => Standing::Impossible,
            (Some(_), _) => Standing::Stale,
        };
        Row {
            one,
            other,
            questions,
            standing,
            requirements: impossible.map(|known| known.requirements.clone()).unwrap_or_default(),
            reason: impossible.map(|known| known.reason),
        }
    }
}

impl Measured {
    /// The pairs that stand there.
    pub fn standing(&self, standing: Standing) -> impl Iterator<Item = &Row> {
        self.rows.iter().filter(move |row| row.standing == standing)
    }

    /// Whether every pair is shown or is rightly said to be impossible.
    pub fn is_complete(&self) -> bool {
        self.pairs.uncovered == 0 && self.pairs.stale == 0
    }
}

/// The pairs of some levels, which are in the order of their dimensions.
fn pairs(levels: &[Level]) -> impl Iterator<Item = [Level; 2]> + '_ {
    levels
        .iter()
        .enumerate()
        .flat_map(move |(at, one)| levels.iter().skip(at + 1).map(move |other| [*one, *other]))
}

/// The same in threes.
fn triples(levels: &[Level]) -> impl Iterator<Item = [Level; 3]> + '_ {
    levels.iter().enumerate().flat_map(move |(at, one)| {
        pairs(levels.get(at + 1..).unwrap_or_default()).map(move |[other, third]| [*one, other, third])
    })
}
