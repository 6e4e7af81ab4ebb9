//! The catalogue keeps its own rules: it loads, it is written canonically, its schemas agree with the loader.
#![expect(clippy::panic, reason = "a test fails by panicking")]

use std::path::Path;
use std::sync::OnceLock;

use kms_conformance::catalogue::{canonical, index};
use kms_conformance::coverage::{Standing, coverage};
use kms_conformance::model::json::{Limits, parse};
use kms_conformance::model::{Dialect, Question, operations, question::Ask};
use kms_conformance::{Catalogue, Check, Expectation, schema};
use similar::TextDiff;

/// The catalogue, loaded once for all tests.
fn catalogue() -> Catalogue {
    static LOADED: OnceLock<Catalogue> = OnceLock::new();
    LOADED.get_or_init(|| Catalogue::builtin_checked().unwrap_or_else(|error| panic!("{error}"))).clone()
}

/// Fails with a diff where a committed file is not what the code makes.
fn committed(path: &str, kept: &str, made: &str, command: &str) {
    if kept != made {
        let diff = TextDiff::from_lines(kept, made);
        let diff = diff.unified_diff().context_radius(0).header(path, "made now").to_string();
        let shown: String = diff.lines().take(40).map(|line| format!("{line}\n")).collect();
        panic!("{path} is stale; read the difference, then run `{command} > spec-cases/{path}`\n{shown}");
    }
}

#[test]
fn the_index_is_current() {
    committed("index.tsv", kms_spec_cases::INDEX, &index(&catalogue()), "cargo conformance index");
}

#[test]
#[should_panic(expected = "index.tsv is stale")]
fn the_index_gate_catches_a_planted_change() {
    let planted = index(&catalogue()).replacen("allow", "implicit-deny", 1);
    committed("index.tsv", kms_spec_cases::INDEX, &planted, "cargo conformance index");
}

#[test]
fn the_schemas_are_current() {
    // What `explore` writes is no format of this crate; the command's tests hold that schema.
    let kept: Vec<_> =
        kms_spec_cases::SCHEMAS.iter().filter(|(path, _)| *path != "schema/finding.schema.json").collect();
    assert_eq!(kept.len(), schema::all().len());
    for ((path, kept), (name, schema)) in kept.into_iter().zip(schema::all()) {
        assert_eq!(*path, format!("schema/{name}"));
        let word = name.trim_end_matches(".schema.json");
        committed(path, kept, &format!("{schema:#}\n"), &format!("cargo conformance schema {word}"));
    }
}

#[test]
fn every_suite_is_in_canonical_form_and_reads_back_the_same() {
    for (path, text) in kms_spec_cases::SUITES {
        let suite = parse(text, Limits::default()).unwrap();
        let written = canonical(&suite);
        assert_eq!(parse(&written, Limits::default()).unwrap(), suite, "{path}");
        assert!(written == *text, "{path} is not in canonical form: run `cargo conformance fmt spec-cases`");
    }
}

#[test]
fn schema_and_loader_accept_every_suite_and_refuse_the_planted_ones() {
    let validator = jsonschema::validator_for(&schema::suite()).unwrap();
    for (path, text) in kms_spec_cases::SUITES {
        let suite: serde_json::Value = serde_json::from_str(text).unwrap();
        let errors: Vec<_> =
            validator.iter_errors(&suite).map(|e| format!("{}: {e}", e.instance_path())).collect();
        assert!(errors.is_empty(), "{path}: {errors:?}");
    }
    let (_, text) =
        kms_spec_cases::SUITES.iter().find(|(path, _)| *path == "aws/core/default-deny.json").unwrap();
    for (pointer, value) in [
        ("/extra", serde_json::json!(1)),
        ("/title", serde_json::json!([])),
        ("/cases/0/checks/0/expect", serde_json::json!("denied")),
        ("/cases/0/checks/0/extra", serde_json::json!("x")),
        ("/cases/0/world/extra", serde_json::json!({})),
        ("/requirements/0/strength", serde_json::json!("sure")),
    ] {
        let mut suite: serde_json::Value = serde_json::from_str(text).unwrap();
        let (parent, member) = pointer.rsplit_once('/').unwrap();
        suite.pointer_mut(parent).unwrap()[member] = value;
        assert!(!validator.is_valid(&suite), "the schema lets {pointer} through");
        let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("planted");
        std::fs::create_dir_all(root.join("aws/core")).unwrap();
        std::fs::write(root.join("aws/core/planted.json"), suite.to_string()).unwrap();
        assert!(Catalogue::from_directory(&root).is_err(), "the loader lets {pointer} through");
        std::fs::remove_dir_all(&root).unwrap();
    }
}

#[test]
fn every_question_reads_back_the_same_and_fits_its_schema() {
    let validator = jsonschema::validator_for(&schema::question()).unwrap();
    for check in catalogue().checks() {
        let line = check.question.to_line();
        let read = Question::parse(&line).unwrap_or_else(|problems| panic!("{}: {problems:?}", check.id));
        assert_eq!(read, check.question, "{}", check.id);
        assert!(validator.is_valid(&serde_json::from_str(&line).unwrap()), "{}", check.id);
    }
}

/// The requirements that are not covered.
fn uncovered(catalogue: &Catalogue) -> Vec<String> {
    let requirements = coverage(catalogue).requirements.into_iter();
    requirements.filter(|one| one.standing() == Standing::Uncovered).map(|one| one.id).collect()
}

#[test]
fn every_rule_is_shown_as_its_strength_demands() {
    assert_eq!(uncovered(&catalogue()), [""; 0]);
}

#[test]
fn the_coverage_gate_catches_planted_gaps() {
    let rule = "kms.core.explicit-deny-wins";
    let grants = |check: &Check| match &check.expectation {
        Expectation::Expect(answers) => answers.iter().all(|answer| answer.grants()),
        Expectation::Observe(_) => false,
    };
    let cites = |check: &Check| check.requirements.iter().any(|cited| cited == rule);
    assert_eq!(uncovered(&catalogue().filtered(|check| !cites(check))), [rule]);
    // Without the checks that grant, a stated rule with two sides lacks one; what is one-sided by its own word does not.
    let refusing = uncovered(&catalogue().filtered(|check| !grants(check)));
    assert!(refusing.contains(&rule.to_owned()) && refusing.len() > 400, "{}", refusing.len());
}

/// The KMS operations that no check grants, and those that none refuses.
fn operations_without(catalogue: &Catalogue) -> (Vec<&'static str>, Vec<&'static str>) {
    let shown = |name: &str, grants: bool| {
        catalogue.checks().iter().any(|check| {
            let operation = match &check.question.ask {
                Ask::Authorize(ask) => ask.operation.as_ref().map(|operation| operation.name.as_str()),
                _ => None,
            };
            let of_polarity = match &check.expectation {
                Expectation::Expect(answers) => answers.iter().all(|answer| answer.grants() == grants),
                Expectation::Observe(_) => false,
            };
            operation == Some(name) && check.question.dialect == Dialect::Aws && of_polarity
        })
    };
    let without = |grants: bool| {
        operations::all().iter().map(|one| one.name).filter(|name| !shown(name, grants)).collect()
    };
    (without(true), without(false))
}

#[test]
fn every_operation_is_granted_and_refused_somewhere() {
    let catalogue = catalogue();
    assert_eq!(operations_without(&catalogue), (vec![], vec![]));
    let planted = catalogue.filtered(|check| !check.question.to_line().contains("GenerateMac"));
    let (granted, refused) = operations_without(&planted);
    assert_eq!((granted, refused), (vec!["GenerateMac"], vec!["GenerateMac"]));
}

#[test]
fn the_coverage_report_fits_its_schema() {
    let schema = jsonschema::validator_for(&schema::coverage()).unwrap();
    let report = serde_json::to_value(coverage(&catalogue())).unwrap();
    let errors: Vec<_> = schema.iter_errors(&report).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:?}");
}

#[test]
fn contexts_of_kms_requests_come_from_facts_unless_the_check_changes_them() {
    for check in catalogue().checks() {
        if let Ask::Authorize(ask) = &check.question.ask {
            assert!(ask.authorizations.iter().all(|one| one.context.is_some()), "{}", check.id);
        }
    }
}
