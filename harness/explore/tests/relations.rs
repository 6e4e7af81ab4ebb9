//! Every relation holds for the reference on questions of the built-in catalogue and on generated ones, and catches the evaluator that is
//! planted to break it; what relations rest on is in the catalogue, and the page of relations is current.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod planted;

use std::collections::BTreeSet;
use std::sync::LazyLock;

use kms_conformance::Catalogue;
use kms_conformance::catalogue::Strength;
use kms_explore::relations::{self, Breach, Meters, Outcome, Relation, Standing};
use kms_explore::{Choices, Random, Recorded, Replay, Settings};
use kms_model::{Answer, Description, Dialect, Evaluator, Question};
use kms_reference::{AwsReference, RamReference, Reference};

use planted::{PLANTED, Planted};

const SEED: u64 = 20_260_115;

static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::builtin().unwrap());

/// Questions of the catalogue: one in so many.
fn questions(dialect: Dialect, one_in: usize) -> impl Iterator<Item = Question> {
    let reference = Reference::new();
    let questions = CATALOGUE.checks().iter().map(move |check| check.question_for(reference.description()));
    questions.filter(move |question| question.dialect == dialect).step_by(one_in)
}

/// Whether to take the whole catalogue and many generated questions: with RELATIONS=1, best in a release build.
fn is_thorough() -> bool {
    std::env::var_os("RELATIONS").is_some()
}

/// The meters of all relations, checked on the reference; fails where one is broken.
fn held(questions: impl Iterator<Item = Question>, choices: &mut dyn Choices) -> Meters {
    let mut reference = Reference::new();
    let mut meters = Meters::new();
    let mut breaches: Vec<String> = Vec::new();
    for question in questions {
        let before = reference.answer(&question);
        meters.check(&question, &before, &mut reference, choices, &mut |_, outcome| {
            if let Outcome::Broken(breach) = outcome {
                breaches.push(breach.to_string());
            }
        });
    }
    let shown = breaches.iter().take(3).map(String::as_str).collect::<Vec<_>>().join("\n\n");
    assert!(breaches.is_empty(), "seed {SEED}: {} breaches\n{shown}", breaches.len());
    meters
}

#[test]
fn relations_hold_for_the_reference_on_the_catalogue() {
    let mut choices = Random::new(SEED);
    for (dialect, one_in) in [(Dialect::Aws, 41), (Dialect::Ram, 11)] {
        let meters = held(questions(dialect, if is_thorough() { 1 } else { one_in }), &mut choices);
        println!("{}", meters.table(dialect));
    }
}

#[test]
fn relations_hold_for_the_reference_on_generated_questions_and_are_put_to_the_test() {
    let mut choices = Random::new(SEED);
    let count = if is_thorough() { 100_000 } else { 1_000 };
    let of_aws = AwsReference::new().description().clone();
    let of_ram = RamReference::new().description().clone();
    for (dialect, description) in [(Dialect::Aws, of_aws), (Dialect::Ram, of_ram)] {
        let settings = Settings::of(&description);
        let mut generator = Random::new(SEED);
        let questions = (0..count).map(|_| kms_explore::question(dialect, &mut generator, &settings));
        let meters = held(questions, &mut choices);
        println!("{}", meters.table(dialect));
        for (relation, meter, standing) in meters.standings(&[dialect], &settings.features) {
            assert!(meter.applied > 0 && meter.telling > 0, "{}: {meter:?}", relation.name);
            let expected = if is_thorough() { Standing::Tested } else { Standing::TooFew };
            assert_eq!(standing, expected, "{}: {meter:?}", relation.name);
        }
    }
}

/// The first question on which the relation finds that the evaluator departs from it.
fn caught(relation: &'static Relation, evaluator: &mut dyn Evaluator) -> Option<Box<Breach>> {
    let mut reference = Reference::new();
    let mut choices = Recorded::new(Random::new(SEED));
    // First here and there in the catalogue, then everywhere.
    for one_in in [41, 5, 1] {
        for question in questions(relation.dialect, one_in) {
            choices.choices.clear();
            let (Outcome::Broken(breach) | Outcome::Observed(breach)) =
                relations::check(relation, &question, evaluator, &mut choices)
            else {
                continue;
            };
            // Where the documentation leaves it open the reference may depart, too: that shows nothing.
            let mut again = Replay::new(choices.choices.clone());
            let of_reference = relations::check(relation, &question, &mut reference, &mut again);
            if !matches!(of_reference, Outcome::Broken(_) | Outcome::Observed(_)) {
                return Some(breach);
            }
        }
    }
    None
}

#[test]
fn every_relation_catches_the_evaluator_that_is_planted_for_it() {
    for relation in relations::all() {
        let plants: Vec<_> = PLANTED.iter().filter(|(name, ..)| *name == relation.name).collect();
        assert_eq!(plants.len(), 1, "{} has {} planted evaluators", relation.name, plants.len());
        for (name, misreading, answer) in plants {
            let mut planted = Planted::new(*answer);
            let breach = caught(relation, &mut planted);
            assert!(breach.is_some(), "{name} does not catch an evaluator in which {misreading}");
            assert!(breach.unwrap().to_string().starts_with(name));
        }
    }
    let known = |name: &str| relations::by_name(name).is_some();
    let unknown: Vec<_> = PLANTED.iter().map(|(name, ..)| name).filter(|name| !known(name)).collect();
    assert!(unknown.is_empty(), "planted for no relation: {unknown:?}");
}

#[test]
fn what_relations_rest_on_is_in_the_catalogue() {
    let mut names = BTreeSet::new();
    for relation in relations::all() {
        let Relation { name, dialect, rests_on, why, observes, .. } = relation;
        assert!(names.insert(name), "two relations are called {name}");
        assert!(name.starts_with(dialect.word()), "{name}");
        assert!(why.ends_with('.') && !rests_on.is_empty(), "{name}");
        let requirements = rests_on.iter().map(|id| {
            let requirement = CATALOGUE.requirement(id);
            requirement.unwrap_or_else(|| panic!("{name} rests on {id}, which is not in the catalogue"))
        });
        let requirements: Vec<_> = requirements.collect();
        assert!(requirements.iter().all(|one| one.dialect == *dialect), "{name} rests on another dialect");
        let is_open =
            |strength| matches!(strength, Strength::Advice | Strength::Contradictory | Strength::Silent);
        let all_open = requirements.iter().all(|one| is_open(one.strength));
        assert_eq!(
            all_open, *observes,
            "{name} observes where the documentation leaves it open, and only there"
        );
    }
}

#[test]
fn an_evaluator_is_not_asked_what_it_has_no_place_for() {
    struct Bare(Description, usize);
    impl Evaluator for Bare {
        fn description(&self) -> &Description {
            &self.0
        }
        fn answer(&mut self, _: &Question) -> Answer {
            self.1 += 1;
            Answer::error("asked")
        }
    }
    let relation = relations::by_name("aws-grant-only-adds").unwrap();
    let mut bare = Bare(Description::new("bare", "", Dialect::Ram), 0);
    let mut choices = Random::new(SEED);
    for question in questions(Dialect::Aws, 500) {
        assert!(matches!(
            relations::check(relation, &question, &mut bare, &mut choices),
            Outcome::NotApplicable
        ));
    }
    assert_eq!(bare.1, 0);
}

#[test]
fn the_page_of_relations_is_current() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/RELATIONS.md");
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(path, relations::page()).unwrap();
    }
    let page = std::fs::read_to_string(path).unwrap_or_default();
    assert!(page == relations::page(), "RELATIONS.md is not current: run the test with BLESS=1");
}
