//! Every relation holds for the reference on questions of the built-in catalogue, and catches the evaluator that is
//! planted to break it; what relations rest on is in the catalogue, and the page of relations is current.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod planted;

use std::collections::BTreeSet;
use std::sync::LazyLock;

use kms_conformance::Catalogue;
use kms_conformance::catalogue::Strength;
use kms_explore::relations::{self, Breach, Meters, Outcome, Relation};
use kms_explore::{Random, Recorded, Replay};
use kms_model::{Answer, Description, Dialect, Evaluator, Question};
use kms_reference::Reference;

use planted::{PLANTED, Planted};

const SEED: u64 = 20_260_115;

static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::builtin().unwrap());

/// Questions of the catalogue: one in so many.
fn questions(dialect: Dialect, one_in: usize) -> impl Iterator<Item = Question> {
    let reference = Reference::new();
    let questions = CATALOGUE.checks().iter().map(move |check| check.question_for(reference.description()));
    questions.filter(move |question| question.dialect == dialect).step_by(one_in)
}

#[test]
fn relations_hold_for_the_reference() {
    // In full with RELATIONS=1, a release build and ten seconds.
    let thorough = std::env::var_os("RELATIONS").is_some();
    let mut choices = Random::new(SEED);
    let mut meters = Meters::new();
    let mut breaches: Vec<String> = Vec::new();
    for (dialect, one_in) in [(Dialect::Aws, 23), (Dialect::Ram, 7)] {
        let mut reference = Reference::new();
        for question in questions(dialect, if thorough { 1 } else { one_in }) {
            let before = reference.answer(&question);
            meters.check(&question, &before, &mut reference, &mut choices, &mut |_, outcome| {
                if let Outcome::Broken(breach) = outcome {
                    breaches.push(breach.to_string());
                }
            });
        }
        println!("seed {SEED}\n{}", meters.table(dialect));
    }
    assert!(
        breaches.is_empty(),
        "{} breaches\n{}",
        breaches.len(),
        breaches[..breaches.len().min(3)].join("\n\n")
    );
    let starved: Vec<_> =
        meters.starved().map(|(relation, why)| format!("{}: {why}", relation.name)).collect();
    assert!(!thorough || starved.is_empty(), "{starved:#?}");
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
