//! What holds for every generated question, tried on a few hundred of each dialect. A failure is made small and printed with
//! the seed. `KMS_SEED=N cargo test --package kms-explore --test properties` begins with another one.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::env;
use std::fmt;

use kms_explore::targets::{self, Afresh, Ours};
use kms_explore::{Comparison, Random, Recorded, Replay, Settings, compare, question};
use kms_model::{Dialect, Evaluator, Question};
use kms_reference::Reference;
use proptest::prelude::Rng as _;
use proptest::strategy::{NewTree, Strategy, ValueTree};
use proptest::test_runner::{Config, RngSeed, TestCaseError, TestRunner};

const DIALECTS: [Dialect; 2] = [Dialect::Aws, Dialect::Ram];

/// A question, shown as its line.
#[derive(Clone)]
struct Shown(Question);

impl fmt::Debug for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.to_line())
    }
}

/// Questions of a dialect, by the generator that everything else uses.
#[derive(Debug)]
struct Questions(Dialect, Settings);

impl Strategy for Questions {
    type Tree = Choice;
    type Value = Shown;

    fn new_tree(&self, runner: &mut TestRunner) -> NewTree<Self> {
        let mut choices = Recorded::new(Random::new(runner.rng().next_u64()));
        question(self.0, &mut choices, &self.1);
        let whole = choices.choices.len();
        Ok(Choice { of: Self(self.0, self.1.clone()), choices: choices.choices, kept: whole, fails: whole })
    }
}

/// The choices that a question was made by. After those that are kept, each is the first.
struct Choice {
    of: Questions,
    choices: Vec<usize>,
    kept: usize,
    /// With so many kept it fails.
    fails: usize,
}

impl ValueTree for Choice {
    type Value = Shown;

    fn current(&self) -> Shown {
        let kept = self.choices.iter().copied().take(self.kept).collect();
        Shown(question(self.of.0, &mut Replay::new(kept), &self.of.1))
    }

    fn simplify(&mut self) -> bool {
        self.fails = self.kept;
        self.kept /= 2;
        self.kept < self.fails
    }

    fn complicate(&mut self) -> bool {
        self.kept += (self.fails - self.kept).div_ceil(2);
        self.kept < self.fails
    }
}

/// Tries a property on questions of both dialects.
fn try_all(cases: u32, settings: &Settings, mut holds: impl FnMut(&Question) -> Result<(), String>) {
    let seed = env::var("KMS_SEED").map_or(1, |seed| seed.parse().unwrap());
    for dialect in DIALECTS {
        let rng_seed = RngSeed::Fixed(seed);
        let config = Config { cases, rng_seed, failure_persistence: None, ..Config::default() };
        let cell = std::cell::RefCell::new(&mut holds);
        let tried = TestRunner::new(config).run(&Questions(dialect, settings.clone()), |Shown(question)| {
            (cell.borrow_mut())(&question).map_err(TestCaseError::fail)
        });
        if let Err(error) = tried {
            panic!("KMS_SEED={seed}, {}: {error}", dialect.word());
        }
    }
}

#[test]
fn every_question_is_read_as_it_is_written() {
    try_all(256, &Settings::default(), |question| targets::round_trip(question, &Ours));
}

#[test]
fn every_document_is_read_as_it_stands() {
    try_all(128, &Settings::default(), |question| {
        for (name, kind) in targets::TARGETS {
            if let (true, targets::Seeds::Documents(dialect)) = (name.starts_with("document"), kind) {
                for text in targets::seeds(*kind, question) {
                    targets::document(*dialect, text.as_bytes(), &Ours)?;
                }
            }
        }
        Ok(())
    });
}

#[test]
fn the_reference_tells_of_every_document_whether_it_is_accepted() {
    let (settings, mut reference) = (Settings::default(), Reference::new());
    try_all(256, &settings, |question| {
        targets::validate(question.to_line().as_bytes(), &settings, &mut reference)
    });
}

#[test]
fn the_reference_keeps_the_relations() {
    let mut reference = Reference::new();
    try_all(64, &Settings::default(), |question| {
        match targets::broken(question, &mut reference, 1).first() {
            Some(breach) => Err(breach.to_string()),
            None => Ok(()),
        }
    });
}

#[test]
fn the_reference_agrees_with_itself_asked_in_another_way() {
    let mut both: [Box<dyn Evaluator>; 2] =
        [Box::new(Reference::new()), Box::new(Afresh::new(Reference::new()))];
    try_all(256, &Settings::default(), |question| match compare(&mut both, question) {
        Comparison::Disagree(words) => Err(words.join(" against ")),
        _ => Ok(()),
    });
}

#[test]
fn what_fails_is_made_small() {
    let config = Config { rng_seed: RngSeed::Fixed(1), failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new(config);
    let mut tree = Questions(Dialect::Aws, Settings::default()).new_tree(&mut runner).unwrap();
    let first = tree.current().0;
    assert!(tree.simplify() && tree.complicate() && tree.kept < tree.fails);
    while tree.complicate() {}
    assert_eq!(tree.current().0, first);
    while tree.simplify() {}
    assert_eq!(tree.current().0, question(Dialect::Aws, &mut Replay::new(Vec::new()), &Settings::default()));
}
