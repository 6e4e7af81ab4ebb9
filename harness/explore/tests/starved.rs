//! A run fails where a relation was starved, and not because an evaluator has few features.
#![expect(clippy::panic, reason = "a test fails by panicking")]

use std::collections::BTreeMap;

use kms_explore::relations::{ENOUGH, Meters, Standing, Starved};
use kms_explore::{Random, Settings, question};
use kms_model::{Answer, Description, Dialect, Evaluator, Feature, Outcome, Question};
use kms_reference::Reference;

const SEED: u64 = 20_260_115;

/// The reference, with some features only, and with another answer where it is so planted.
struct Planted {
    reference: Reference,
    description: Description,
    answer: fn(&Question, Answer) -> Answer,
}

impl Planted {
    fn new(dialect: Dialect, features: &[Feature], answer: fn(&Question, Answer) -> Answer) -> Self {
        let description = Description::new("planted", "1", dialect).with(features);
        Self { reference: Reference::new(), description, answer }
    }
}

impl Evaluator for Planted {
    fn description(&self) -> &Description {
        &self.description
    }

    fn answer(&mut self, question: &Question) -> Answer {
        // A part of an operation has the context of the whole.
        let has = |feature: &Feature| self.description.has(*feature) || *feature == Feature::Context;
        assert!(question.features().iter().all(has), "asked in spite of it: {}", question.to_line());
        (self.answer)(question, self.reference.answer(question))
    }
}

/// A question that needs nothing that the evaluator lacks: generators keep to most features, not to all.
fn made_for(evaluator: &Planted, generator: &mut Random, settings: &Settings) -> Question {
    let dialect = evaluator.description.dialects.first().copied().unwrap_or(Dialect::Aws);
    loop {
        let asked = question(dialect, generator, settings);
        // A part of an operation has the context of the whole.
        let of_parts = |feature: &Feature| matches!(feature, Feature::Context | Feature::Operations);
        if asked.lacking(&evaluator.description).iter().all(of_parts) {
            return asked;
        }
    }
}

/// Where each relation stands after so many questions made for the evaluator.
fn standings(evaluator: &mut Planted, questions: u64) -> BTreeMap<&'static str, Standing> {
    let dialect = evaluator.description.dialects.first().copied().unwrap_or(Dialect::Aws);
    let mut settings = Settings::of(&evaluator.description);
    settings.features.insert(Feature::Operations);
    let (mut generator, mut choices) = (Random::new(SEED), Random::new(SEED));
    let mut meters = Meters::new();
    for _ in 0..questions {
        let asked = made_for(evaluator, &mut generator, &settings);
        let Some(before) = kms_explore::relations::ask(&asked, evaluator) else {
            panic!("not answered: {}", asked.to_line())
        };
        meters.check(&asked, &before, evaluator, &mut choices, &mut |_, _| {});
    }
    let standings = meters.standings(&[dialect], &settings.features);
    standings.into_iter().map(|(relation, _, standing)| (relation.name, standing)).collect()
}

fn honest(_: &Question, answer: Answer) -> Answer {
    answer
}

#[test]
fn an_evaluator_of_few_features_starves_no_relation_and_is_told_what_was_not_asked() {
    for (dialect, features, not_asked) in [
        (Dialect::Aws, &[][..], &["aws-grant-only-adds", "aws-management-account-is-free"][..]),
        (Dialect::Aws, &[Feature::Context, Feature::Scps], &["aws-removed-grant-only-takes"]),
        (Dialect::Ram, &[], &["ram-group-policy-is-own"]),
    ] {
        let standings = standings(&mut Planted::new(dialect, features, honest), ENOUGH);
        for (name, standing) in &standings {
            let is_fair = matches!(standing, Standing::NotAsked(_) | Standing::Tested);
            assert!(is_fair, "{features:?}: {name} {standing:?}");
        }
        for name in not_asked {
            assert_eq!(standings.get(name).map(Standing::word), Some("not-asked"), "{features:?}: {name}");
        }
        let tested = standings.values().filter(|standing| **standing == Standing::Tested).count();
        assert!(tested >= 20, "{features:?}: {tested} tested");
    }
}

#[test]
fn an_evaluator_that_refuses_everything_starves_relations() {
    let refuse = |_: &Question, _| Answer::from(Outcome::ImplicitDeny);
    let standings = standings(&mut Planted::new(Dialect::Ram, &[], refuse), ENOUGH);
    for name in ["ram-order-of-statements", "ram-added-allow-never-narrows", "ram-split-by-action"] {
        assert_eq!(standings.get(name), Some(&Standing::Starved(Starved::Telling)), "{name}");
    }
}

#[test]
fn an_evaluator_that_has_no_answer_to_what_it_claims_starves_relations() {
    let fail = |question: &Question, answer: Answer| {
        let has_grants = question.features().contains(&Feature::Grants);
        if has_grants { Answer::error("no place for grants after all") } else { answer }
    };
    let mut evaluator = Planted::new(Dialect::Aws, &[Feature::Grants], fail);
    let settings = Settings::of(evaluator.description());
    let (mut generator, mut choices) = (Random::new(SEED), Random::new(SEED));
    let mut meters = Meters::new();
    for _ in 0..ENOUGH {
        let asked = made_for(&evaluator, &mut generator, &settings);
        let before = evaluator.answer(&asked);
        meters.check(&asked, &before, &mut evaluator, &mut choices, &mut |_, _| {});
    }
    let starved: Vec<_> = meters
        .standings(&[Dialect::Aws], &settings.features)
        .into_iter()
        .filter(|(.., standing)| *standing == Standing::Starved(Starved::Premise))
        .map(|(relation, ..)| relation.name)
        .collect();
    let grants = ["aws-grant-only-adds", "aws-removed-grant-only-takes", "aws-grant-of-others-is-nothing"];
    assert_eq!(starved, grants);
}

#[test]
fn too_few_questions_starve_no_relation() {
    let standings = standings(&mut Planted::new(Dialect::Ram, &[], honest), 40);
    for (name, standing) in standings {
        assert!(matches!(standing, Standing::NotAsked(_) | Standing::TooFew), "{name}: {standing:?}");
    }
}
