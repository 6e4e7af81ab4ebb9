//! The catalogue shows every combination of a condition's dimensions in pairs, but for those that no check can show, and
//! the meter that says so can fail.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;

use kms_conformance::Catalogue;
use kms_explore::meters::combinations::{Combinations, Level, Measured, Space, Standing, conditions};
use kms_model::{Dialect, Question};
use kms_reference::Reference;

const DIALECTS: [Dialect; 2] = [Dialect::Aws, Dialect::Ram];

fn measured<'a>(space: Space, questions: impl Iterator<Item = &'a Question>) -> Measured {
    let mut combinations = Combinations::new(space, true);
    questions.for_each(|question| combinations.add(question, &mut Reference::new()));
    combinations.measured()
}

/// The questions of the checks that expect a decision and whose id does not start so.
fn asked<'a>(catalogue: &'a Catalogue, without: &'a str) -> impl Iterator<Item = &'a Question> {
    let checks = catalogue.checks().iter().filter(|check| check.expects_decision());
    checks
        .filter(move |check| without.is_empty() || !check.id.starts_with(without))
        .map(|check| &check.question)
}

fn named(measured: &Measured, standing: Standing) -> BTreeSet<String> {
    measured.standing(standing).map(|row| format!("{}, {}", row.one, row.other)).collect()
}

#[test]
fn the_catalogue_shows_every_pair_that_can_be_shown_and_a_gap_is_found() {
    let catalogue = Catalogue::builtin().unwrap();
    for dialect in DIALECTS {
        let whole = measured(Space::of(dialect), asked(&catalogue, ""));
        assert_eq!(named(&whole, Standing::Uncovered), BTreeSet::new());
        assert_eq!(named(&whole, Standing::Stale), BTreeSet::new());
        assert!(whole.is_complete() && whole.pairs.covered == whole.pairs.possible);
        assert!(whole.triples.covered <= whole.triples.possible);
    }
    for (dialect, without, gap) in [
        (Dialect::Aws, "aws/combinations/session-policies", "operator Bool, layer session"),
        (Dialect::Ram, "ram/combinations/trust-policies", "effect Deny, layer trust-policy"),
    ] {
        let planted = measured(Space::of(dialect), asked(&catalogue, without));
        assert!(named(&planted, Standing::Uncovered).contains(gap), "{without}");
        assert!(!planted.is_complete());
    }
}

#[test]
fn a_pair_that_is_wrongly_said_to_be_impossible_is_found() {
    let catalogue = Catalogue::builtin_near(&["aws/combinations/key-policies"]).unwrap();
    let table = "aws\tKIND\toperator Date*\tlayer key-policy\tiam.op.date.equals\tplanted";
    for (kind, expecting, stale) in
        [("impossible", true, 3), ("impossible", false, 3), ("open", true, 3), ("open", false, 0)]
    {
        let table: &'static str = table.replace("KIND", kind).leak();
        let mut combinations = Combinations::new(Space::with_impossible(Dialect::Aws, table), expecting);
        asked(&catalogue, "").for_each(|question| combinations.add(question, &mut Reference::new()));
        assert_eq!(combinations.measured().pairs.stale, stale, "{kind} {expecting}");
    }
}

#[test]
fn every_reason_is_about_pairs_that_there_are_and_cites_rules_that_there_are() {
    let catalogue = Catalogue::builtin_near(&["none"]).unwrap();
    let lines = include_str!("../data/impossible-combinations.tsv").lines();
    let written = lines.filter(|line| !line.starts_with('#')).count();
    let spaces = DIALECTS.map(Space::of);
    assert_eq!(spaces.iter().map(|space| space.all_impossible().len()).sum::<usize>(), written);
    for space in spaces {
        let pairs = space.pairs();
        for known in space.all_impossible() {
            assert!(pairs.iter().any(|[one, other]| known.is_of(*one, *other)), "{known:?}");
            assert!(!known.requirements.is_empty() && !known.reason.is_empty(), "{known:?}");
            let lost: Vec<_> =
                known.requirements.iter().filter(|id| catalogue.requirement(id).is_none()).collect();
            assert!(lost.is_empty(), "{lost:?}");
        }
    }
}

/// The conditions on which the answer hangs, where alice has these statements and a tag.
fn shown(statements: &str) -> Vec<String> {
    let suite = format!(
        r#"{{"title":"t","cases":[{{"name":"c","world":{{
            "keys":{{"K":{{"policy":{{"use":"delegates"}}}}}},
            "users":{{"alice":{{"tags":{{"team":"red"}},"policies":[{{"Version":"2012-10-17","Statement":[{statements}]}}]}}}}}},
            "checks":[{{"name":"n","caller":"alice","operation":"TagResource","on":"K","expect":"allow",
            "parameters":{{"Tags":[{{"TagKey":"a","TagValue":"1"}},{{"TagKey":"b","TagValue":"2"}}]}}}}]}}]}}"#
    );
    let catalogue = Catalogue::from_text("aws/planted/suite.json", &suite).unwrap();
    let space = Space::of(Dialect::Aws);
    let check = catalogue.checks().first().unwrap();
    let found = conditions(&check.question, &space, &mut Reference::new());
    let text = |levels: Vec<Level>| levels.iter().map(|level| level.level).collect::<Vec<_>>().join(" ");
    found.into_iter().map(text).collect()
}

#[test]
fn a_combination_is_shown_where_the_answer_hangs_on_its_condition() {
    let allow = r#"{"Effect":"Allow","Action":"kms:*","Resource":"*"}"#;
    let with = |effect: &str, action: &str, condition: &str| {
        format!(r#"{{"Effect":"{effect}","Action":"{action}","Resource":"*","Condition":{{{condition}}}}}"#)
    };
    let red = r#""StringEquals":{"aws:PrincipalTag/team":"red"}"#;
    let blue = r#""StringEquals":{"aws:PrincipalTag/team":"blue"}"#;
    let equals = "StringEquals none no single Allow identity";
    for (why, statements, expected) in [
        ("it is met", with("Allow", "kms:*", red), vec![equals]),
        ("it is not met", with("Allow", "kms:*", blue), vec![equals]),
        ("the statement is about something else", with("Allow", "kms:Sign", red), vec![]),
        ("another statement allows", format!("{allow},{}", with("Allow", "kms:*", red)), vec![]),
        (
            "a Deny",
            format!("{allow},{}", with("Deny", "kms:*", blue)),
            vec!["StringEquals none no single Deny identity"],
        ),
        (
            "another condition fails",
            with("Allow", "kms:*", &format!(r#"{blue},"Null":{{"aws:PrincipalTag/unit":"true"}}"#)),
            vec![equals],
        ),
        (
            "both are met",
            with("Allow", "kms:*", &format!(r#"{red},"Null":{{"aws:PrincipalTag/unit":"true"}}"#)),
            vec![equals, "Null none no absent Allow identity"],
        ),
        (
            "a set operator on two values",
            with("Allow", "kms:*", r#""ForAnyValue:StringLikeIfExists":{"aws:TagKeys":"a*"}"#),
            vec!["StringLike ForAnyValue yes multiple Allow identity"],
        ),
        ("no operator", with("Allow", "kms:*", r#""StringIs":{"aws:TagKeys":"a"}"#), vec![]),
    ] {
        assert_eq!(shown(&statements), expected, "{why}");
    }
}
