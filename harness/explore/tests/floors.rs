//! What generated questions must be like for exploration to be worth its time.

use std::collections::BTreeSet;

use kms_conformance::Catalogue;
use kms_explore::generate::size::LIMITS;
use kms_explore::meters::Meters;
use kms_explore::{Bytes, Choices, Odometer, Random, Settings, question};
use kms_model::derive::context_types;
use kms_model::question::Ask;
use kms_model::{Description, Dialect, Document, Evaluator, Feature, Outcome, Question};
use kms_reference::Reference;

const SEED: u64 = 20_260_115;

fn floors(dialect: Dialect, questions: usize) {
    // The first questions of many worlds, and the stream that an exploration asks: many questions of fewer worlds.
    let mut alone = Settings::default();
    alone.weights.questions_of_a_world = 1;
    hold(dialect, &alone, questions);
    hold(dialect, &Settings::default(), 2 * questions);
}

fn hold(dialect: Dialect, settings: &Settings, questions: usize) {
    let mut random = Random::new(SEED);
    let meters = Meters::measure(dialect, &mut random, settings, questions, &mut Reference::new());
    println!("seed {SEED}, {} of a world\n{meters}", settings.weights.questions_of_a_world);
    for (kind, text) in &meters.refused {
        println!("refused as {kind:?}: {text}");
    }
    assert!(meters.accepted_share() >= 95.0);
    assert!(meters.sensitive_share() >= 40.0);
    for word in ["allow", "explicit-deny", "implicit-deny"] {
        assert!(meters.answer_share(word) >= 15.0, "{word}");
    }
    assert!(!meters.answers.contains_key("unsupported") && !meters.answers.contains_key("error"));
    let [asked, accepted] = meters.documents;
    assert!(accepted * 4 > asked && accepted * 4 < asked * 3, "{accepted} of {asked} documents accepted");
    // What is reached is a matter of worlds, of which a stream has fewer for as many questions.
    if settings.weights.questions_of_a_world == 1 {
        assert_eq!(meters.missing(), []);
    }
}

#[test]
fn aws_questions_are_worth_asking() {
    floors(Dialect::Aws, 12_000);
}

#[test]
fn ram_questions_are_worth_asking() {
    floors(Dialect::Ram, 12_000);
}

#[test]
fn what_is_not_made_is_missed() {
    let mut settings = Settings::default();
    settings.weights.many_aliases = 0;
    settings.weights.other_partition = 0;
    settings.weights.stretched = 0;
    settings.weights.nearly = 0;
    let settings = settings.flawless();
    for (dialect, expected) in [
        (
            Dialect::Aws,
            &[
                "partition aws-cn",
                "partition aws-us-gov",
                "key more aliases than count",
                "as long as may be identity",
                "as long as may be key-policy",
                "too long identity",
                "too long key-policy",
                "fact key without values",
                "fact service of a Region",
                "fact tag with a wildcard",
                "form address block between octets",
                "form date with an offset",
                "form escaped dollar",
                "form list in a list",
                "form member of another type",
                "form number with a sign",
                "form statements twice",
            ][..],
        ),
        (
            Dialect::Ram,
            &[
                "as long as may be session",
                "too long control",
                "form arn of the other vendor",
                "form operator for arns",
                "form principal of the other vendor",
                "form what looks like a variable",
            ],
        ),
    ] {
        let mut meters = Meters::new(dialect);
        let mut random = Random::new(SEED);
        for _ in 0..6_000 {
            meters.add(&question(dialect, &mut random, &settings), &mut Reference::new());
        }
        let missing: Vec<_> = meters.missing().iter().map(ToString::to_string).collect();
        for construct in expected {
            assert!(missing.iter().any(|one| one == construct), "{construct} is reached: {missing:?}");
        }
    }
}

#[test]
fn limits_are_in_the_catalogue_and_are_those_of_the_reference() {
    let catalogue = Catalogue::builtin().unwrap();
    let mut reference = Reference::new();
    let mut settings = Settings::default().flawless();
    settings.weights.stretched = 100;
    settings.weights.validate = 100;
    let mut random = Random::new(SEED);
    for limit in LIMITS {
        assert!(catalogue.requirement(limit.requirement).is_some(), "{}", limit.requirement);
        // One whose length is that of a value, so that another character is all that is wrong.
        let asked = (0..2_000).map(|_| question(limit.dialect, &mut random, &settings)).find(|asked| {
            let Ask::Validate(ask) = &asked.ask else { return false };
            let is_filled = ask.policy_type == limit.kind && ask.document.text().contains("xxxx");
            is_filled
                && limit.count(ask.document.text()) == limit.most
                && reference.answer(asked).outcome == Outcome::Accepted
        });
        let mut asked = asked.unwrap_or_else(|| panic!("no document as long as it may be: {limit:?}"));
        let Ask::Validate(ask) = &mut asked.ask else { continue };
        ask.document = Document::new(ask.document.text().replacen("xxxx", "xxxxx", 1));
        let outcome = reference.answer(&asked).outcome;
        assert!(matches!(outcome, Outcome::Rejected { .. }), "{limit:?}: {outcome}");
    }
}

/// Features that few questions need, whatever an evaluator declares: those that do are not asked.
const DETAILS: &[Feature] = &[
    Feature::CallerContext,
    Feature::ContextKeyCase,
    Feature::DocumentRequests,
    Feature::ExactText,
    Feature::MultivaluedKeys,
    Feature::RequestsWithoutResource,
    Feature::RolePaths,
    Feature::ScpLevels,
    Feature::SessionArns,
];

#[test]
fn questions_need_only_the_features_that_are_declared() {
    for dialect in [Dialect::Aws, Dialect::Ram] {
        let bare = Description::new("bare", "1", dialect);
        let some = bare.clone().with(&[
            Feature::Grants,
            Feature::KeyPolicyValidation,
            Feature::Context,
            Feature::Operations,
        ]);
        for description in [bare, some] {
            let settings = Settings::of(&description);
            let mut random = Random::new(SEED);
            for _ in 0..5_000 {
                let mut lacking = question(dialect, &mut random, &settings).lacking(&description);
                // What hangs on a detail is told by the finished question alone, and is not asked then.
                lacking.retain(|feature| !DETAILS.contains(feature));
                assert!(lacking.is_empty(), "{lacking:?}");
            }
        }
    }
}

#[test]
fn questions_are_written_and_read_back_unchanged() {
    let mut random = Random::new(SEED);
    for dialect in [Dialect::Aws, Dialect::Ram] {
        for _ in 0..3_000 {
            let asked = question(dialect, &mut random, &Settings::default());
            let text = kms_model::json::compact(&asked.to_node());
            assert_eq!(Question::parse(&text).unwrap(), asked, "{text}");
        }
    }
}

#[test]
fn the_types_of_condition_keys_are_those_of_the_model() {
    let mut random = Random::new(SEED);
    for dialect in [Dialect::Aws, Dialect::Ram] {
        for _ in 0..3_000 {
            let asked = question(dialect, &mut random, &Settings::default());
            let Ask::Authorize(ask) = &asked.ask else { continue };
            let contexts = ask.authorizations.iter().filter_map(|one| one.context.as_ref());
            assert_eq!(ask.context_types, context_types(dialect, contexts));
        }
    }
}

#[test]
fn bytes_that_run_out_and_an_odometer_come_to_an_end() {
    let settings = Settings::default();
    for dialect in [Dialect::Aws, Dialect::Ram] {
        let mut random = Random::new(SEED);
        for length in 0..200 {
            let bytes: Vec<u8> = (0..length).map(|_| u8::try_from(random.below(256)).unwrap()).collect();
            question(dialect, &mut Bytes::new(&bytes), &settings);
        }
        let mut odometer = Odometer::new();
        let mut seen = BTreeSet::new();
        for _ in 0..2_000 {
            seen.insert(format!("{:?}", question(dialect, &mut odometer, &settings)));
            assert!(odometer.advance());
        }
        assert!(seen.len() > 1, "{}", seen.len());
    }
}
