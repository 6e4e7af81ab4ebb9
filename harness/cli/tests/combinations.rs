//! `coverage --combinations`: what it prints, and with which exit code it ends.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

fn run(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kms-conformance"));
    command.arg("coverage").args(arguments).env("NO_COLOR", "1").output().unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

#[test]
fn the_catalogue_has_no_gap_and_its_report_fits_the_schema() {
    let output = run(&["--combinations", "--format", "json"]);
    let report: Value = serde_json::from_str(&out(&output)).unwrap();
    let validator = jsonschema::validator_for(&kms_conformance::schema::combinations()).unwrap();
    let errors: Vec<_> = validator.iter_errors(&report).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:?}");
    assert_eq!(output.status.code(), Some(0));
    for measured in report["dialects"].as_array().unwrap() {
        let pairs = &measured["pairs"];
        assert_eq!(pairs["covered"], pairs["possible"]);
        let counts = ["possible", "impossible", "open", "stale"].map(|name| pairs[name].as_u64().unwrap());
        assert_eq!(counts.iter().sum::<u64>(), measured["rows"].as_array().unwrap().len() as u64);
    }
}

#[test]
fn questions_are_measured_in_place_of_the_catalogue_and_a_gap_fails() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../corpus");
    let output = run(&["--combinations", "--dialect", "ram", "--questions", corpus.to_str().unwrap()]);
    let text = out(&output);
    assert_eq!(output.status.code(), Some(1), "{text}");
    assert!(
        text.starts_with("ram: ") && text.contains("\nuncovered operator DateEquals, key single\n"),
        "{text}"
    );
    assert!(!text.contains("stale"), "{text}");
    assert!(text.contains("\nopen operator NotIpAddress, key absent: "), "{text}");
    let lines = out(&run(&["--combinations", "--dialect", "ram", "--format", "jsonl"]));
    let line: Value = serde_json::from_str(lines.lines().next().unwrap()).unwrap();
    assert_eq!((&line["dialect"], &line["standing"]), (&"ram".into(), &"covered".into()));
}

#[test]
fn bad_use_is_told() {
    for (arguments, message) in [
        (&["--questions", "corpus"][..], "--combinations"),
        (&["--combinations", "--questions", "no/such/file.json"], "no/such/file.json: "),
        (&["--combinations", "suites", "--questions", "corpus"], "cannot be used with"),
    ] {
        let output = run(arguments);
        assert_eq!(output.status.code(), Some(2));
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(error.contains(message), "{error}");
    }
}
