//! `explore` and `promote`: what they find in an evaluator that is known to be wrong, what they write, and how they end.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use kms_conformance::model::json::{Limits, parse};
use kms_explore::finding::Finding;
use serde_json::Value;

/// One that forgets guard rails and grants: it answers as the reference does where there are none.
const FORGETFUL: &str = r#"
import json, subprocess, sys
child = subprocess.Popen([sys.argv[1], "serve"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
for line in sys.stdin:
    message = json.loads(line)
    question = message.get("ask", {}).get("question", {})
    for name in ["boundary", "session-policies", "scps"]:
        question.get("caller", {}).pop(name, None)
    for one in question.get("authorizations", []):
        one["resource"].pop("grants", None)
    child.stdin.write(json.dumps(message) + "\n")
    child.stdin.flush()
    print(child.stdout.readline().replace("kms-reference", "forgetful"), end="", flush=True)
"#;

fn command(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_kms-conformance")).args(arguments).env("NO_COLOR", "1").output().unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// A folder for one test, empty at its start.
fn folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// Explores the forgetful evaluator, and gives the exit code and the report.
fn explored(folder: &Path, more: &[&str]) -> (Option<i32>, String) {
    let program = folder.join("forgetful.py");
    fs::write(&program, FORGETFUL).unwrap();
    let evaluator =
        format!("process:python3 '{}' '{}'", program.display(), env!("CARGO_BIN_EXE_kms-conformance"));
    let findings = folder.join("findings");
    let fixed = ["explore", "--evaluator", &evaluator, "--seed", "5", "--seconds", "300", "--no-relations"];
    let output = command(&[&fixed, more, &["--out", findings.to_str().unwrap()]].concat());
    (output.status.code(), out(&output) + &err(&output))
}

#[test]
fn what_was_forgotten_is_found_made_small_and_promoted() {
    let folder = folder("explore-forgetful");
    let from = ["--from", "catalogue", "--dialect", "aws", "--questions", "3000", "--format", "json"];
    let (code, report) = explored(&folder, &from);
    assert_eq!(code, Some(1), "{report}");
    let report: Value = serde_json::from_str(&report).unwrap();
    assert_eq!((&report["seed"], &report["summary"]["questions"]), (&Value::from("5"), &Value::from(3000)));
    let findings = report["findings"].as_array().unwrap();
    assert_eq!(findings[0]["severity"], "false-allow", "{report:#}");
    let rank = |finding: &Value| if finding["severity"] == "false-allow" { 0 } else { 1 };
    assert!(findings.iter().map(rank).is_sorted(), "{report:#}");
    for finding in findings {
        let features: Vec<_> = finding["features"].as_array().unwrap().iter().collect();
        let forgotten = ["boundaries", "session-policies", "scps", "grants"].map(Value::from);
        assert!(forgotten.iter().any(|feature| features.contains(&feature)), "{finding:#}");
        let file = folder.join("findings").join(format!("{}.json", finding["name"].as_str().unwrap()));
        let text = fs::read_to_string(&file).unwrap();
        let read = Finding::read(&parse(&text, Limits::default()).unwrap()).unwrap();
        assert_eq!(read.to_text(), text);
        assert!(read.question.to_line().matches("\"Effect\"").count() <= 3, "{text}");
    }
    assert_eq!(fs::read_dir(folder.join("findings")).unwrap().count(), findings.len());
    // The question of a finding is one like any other, and the case made of it asks it.
    let file = folder.join("findings").join(format!("{}.json", findings[0]["name"].as_str().unwrap()));
    let suite = command(&["promote", file.to_str().unwrap(), "--name", "boundary"]);
    assert_eq!((suite.status.code(), err(&suite).as_str()), (Some(0), ""), "{}", out(&suite));
    let suites = folder.join("suites");
    fs::create_dir_all(&suites).unwrap();
    fs::write(suites.join("found.json"), suite.stdout).unwrap();
    let run = command(&["run", suites.to_str().unwrap()]);
    assert_eq!(run.status.code(), Some(0), "{}{}", out(&run), err(&run));
}

#[test]
fn the_same_seed_finds_the_same() {
    let questions = ["--dialect", "aws", "--from", "catalogue", "--questions", "1000", "--format", "jsonl"];
    let found = |name: &str| explored(&folder(name), &questions);
    let once = found("explore-once");
    assert_eq!(once.0, Some(1), "{}", once.1);
    assert_eq!(once, found("explore-twice"));
}

#[test]
fn the_reference_agrees_with_itself_and_nothing_is_written() {
    let folder = folder("explore-nothing");
    let findings = folder.join("findings");
    let questions = ["--questions", "2000", "--seconds", "300", "--seed", "1", "--no-relations"];
    for from in ["catalogue", "generator"] {
        let place = ["--from", from, "--out", findings.to_str().unwrap()];
        let explore = [&["explore", "--against", "reference"][..], &questions, &place].concat();
        let output = command(&explore);
        assert_eq!(output.status.code(), Some(0), "{}{}", out(&output), err(&output));
        assert!(out(&output).contains("seed 1: 2000 questions"), "{}", out(&output));
        assert!(err(&output).is_empty() && !findings.exists(), "{}", err(&output));
    }
}

#[test]
fn bad_input_ends_with_2_and_an_evaluator_that_does_not_run_with_3() {
    let folder = folder("explore-bad");
    let file = folder.join("x.json");
    fs::write(&file, r#"{"finding":"rumour"}"#).unwrap();
    let file = file.to_str().unwrap();
    let nowhere = format!("{file}/findings");
    for (arguments, code, told) in [
        (&["explore", "--no-relations"][..], 2, "name another with `--against`"),
        (&["explore", "--seconds", "0"], 2, "positive number of seconds"),
        (&["explore", "--against", "nobody"], 2, "no evaluator `nobody`"),
        (&["explore", "--evaluator", "process:/nonexistent"], 3, "nonexistent"),
        (&["promote", file], 2, "x.json:1:"),
        (&["promote", &nowhere], 2, "findings"),
    ] {
        let output = command(arguments);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {}", err(&output));
        assert!(err(&output).contains(told), "{arguments:?}: {}", err(&output));
    }
}
