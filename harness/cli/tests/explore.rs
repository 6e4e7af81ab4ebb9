//! `explore` and `promote`: what they find in an evaluator that is known to be wrong, what they write, and how they end.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use kms_conformance::model::json::{Limits, parse};
use kms_explore::finding::{self, Finding};
use serde_json::{Value, json};

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

/// One that refuses everything and does not say how: it breaks no relation, and none tells anything of it.
const DEAF: &str = r#"
import re, sys
for line in sys.stdin:
    asked = re.match(r'\{"ask":\{"id":(\d+)', line)
    if asked:
        print('{"id":%s,"answer":{"answer":"deny"}}' % asked.group(1), flush=True)
    elif "hello" in line:
        print('{"protocol":1,"name":"deaf","version":"1","dialects":["ram"],"features":[],"detail":"decision"}', flush=True)
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
    assert!(report["summary"]["asked"].as_u64().unwrap() > 3000, "{report:#}");
    let findings = report["findings"].as_array().unwrap();
    assert_eq!(findings[0]["severity"], "false-allow", "{report:#}");
    let rank = |finding: &Value| if finding["severity"] == "false-allow" { 0 } else { 1 };
    assert!(findings.iter().map(rank).is_sorted(), "{report:#}");
    let schema = jsonschema::validator_for(&finding::schema()).unwrap();
    for finding in findings {
        assert!(schema.is_valid(finding), "{finding:#}");
        let features: Vec<_> = finding["features"].as_array().unwrap().iter().collect();
        let forgotten = ["boundaries", "session-policies", "scps", "grants"].map(Value::from);
        assert!(forgotten.iter().any(|feature| features.contains(&feature)), "{finding:#}");
        let file = folder.join("findings").join(format!("{}.json", finding["name"].as_str().unwrap()));
        let text = fs::read_to_string(&file).unwrap();
        assert!(schema.is_valid(&serde_json::from_str(&text).unwrap()), "{text}");
        let read = Finding::read(&parse(&text, Limits::default()).unwrap()).unwrap();
        assert_eq!(read.to_text(), text);
        assert!(read.question.to_line().matches("\"Effect\"").count() <= 3, "{text}");
    }
    assert_eq!(fs::read_dir(folder.join("findings")).unwrap().count(), findings.len());
    // It is still there when it is asked again, and gone where the reference is in the evaluator's place.
    let file = folder.join("findings").join(format!("{}.json", findings[0]["name"].as_str().unwrap()));
    let (code, again) = explored(&folder, &["--replay", file.to_str().unwrap()]);
    assert!(code == Some(1) && again.contains("still there forgetful allow"), "{again}");
    let right = ["explore", "--against", "reference", "--replay", file.to_str().unwrap()];
    let gone = command(&right);
    assert!(
        gone.status.code() == Some(0) && out(&gone).ends_with(": gone\n"),
        "{}{}",
        out(&gone),
        err(&gone)
    );
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
    for jobs in ["1", "2"] {
        let by = [&questions[..], &["--jobs", jobs]].concat();
        assert_eq!(once, explored(&folder(&format!("explore-by-{jobs}")), &by), "{jobs} jobs");
    }
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
        assert!(out(&output).contains("; 4000 answers"), "{}", out(&output));
        assert!(err(&output).is_empty() && !findings.exists(), "{}", err(&output));
    }
}

/// Explores the deaf evaluator, against itself: what is found is not by comparison.
fn deaf(name: &str, more: &[&str]) -> Output {
    let folder = folder(name);
    let program = folder.join("deaf.py");
    fs::write(&program, DEAF).unwrap();
    let evaluator = format!("process:python3 '{}'", program.display());
    let fixed =
        ["explore", "--evaluator", &evaluator, "--against", &evaluator, "--seed", "5", "--seconds", "300"];
    command(&[&fixed[..], more, &["--out", folder.join("findings").to_str().unwrap()]].concat())
}

#[test]
fn a_run_that_starves_relations_fails_and_says_which() {
    let output = deaf("explore-starved", &["--questions", "2048", "--format", "json"]);
    assert_eq!(output.status.code(), Some(1), "{}", err(&output));
    let report: Value = serde_json::from_str(&out(&output)).unwrap();
    assert_eq!(report["findings"], json!([]));
    let rows = report["relations"].as_array().unwrap();
    let row = |name: &str| rows.iter().find(|row| row["relation"] == name).unwrap();
    let starved = row("ram-order-of-statements");
    assert_eq!((&starved["standing"], &starved["telling"]), (&json!("starved"), &json!(0)));
    // The few questions that need what it does not declare are not asked.
    let asked = starved["questions"].as_u64().unwrap();
    assert!((2000..=2048).contains(&asked), "{asked}");
    let told =
        format!("relation `ram-order-of-statements` was starved: {}", starved["why"].as_str().unwrap());
    assert!(
        err(&output).contains(&told) && told.contains(&format!("of {asked} questions, and 0 of these")),
        "{}",
        err(&output)
    );
    let lacking = row("ram-group-policy-is-own");
    assert_eq!((&lacking["standing"], &lacking["why"]), (&json!("not-asked"), &json!("needs groups")));
    assert!(!err(&output).contains("ram-group-policy-is-own"), "{}", err(&output));
    assert!(rows.iter().all(|row| !row["relation"].as_str().unwrap().starts_with("aws-")), "{report:#}");
}

#[test]
fn a_run_too_short_to_tell_says_so_and_does_not_fail() {
    let output = deaf("explore-short", &["--questions", "64"]);
    assert_eq!(output.status.code(), Some(0), "{}{}", out(&output), err(&output));
    assert!(err(&output).contains("too little was asked to tell"), "{}", err(&output));
    assert!(
        err(&output).contains(" questions were answered") && err(&output).contains("2000 are needed"),
        "{}",
        err(&output)
    );
    assert!(out(&output).contains("not asked: needs groups: ram-group-policy-is-own"), "{}", out(&output));
}

#[test]
fn the_committed_findings_fit_their_schema_and_planted_ones_do_not() {
    let of_findings = jsonschema::validator_for(&finding::schema()).unwrap();
    let of_questions = jsonschema::validator_for(&kms_conformance::schema::question()).unwrap();
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../corpus/findings");
    let mut questions = Vec::new();
    for entry in fs::read_dir(corpus).unwrap() {
        let path = entry.unwrap().path();
        let value: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        // What a fuzz target found is kept as the question alone.
        let is_finding = value.get("finding").is_some();
        let fits = if is_finding { of_findings.is_valid(&value) } else { of_questions.is_valid(&value) };
        assert!(fits, "{}", path.display());
        questions.push(if is_finding { value["question"].clone() } else { value });
    }
    let question = questions.into_iter().find(|question| question["kind"] == "authorize").unwrap();
    let found = json!({
        "finding": "relation", "relation": "aws-added-deny-never-widens", "severity": "broken-relation",
        "answers": [{ "evaluator": "x", "answer": "allow" }], "features": ["grants"], "seed": "7/123",
        "minimal": true, "question": question, "variations": [question], "found": question,
    });
    assert!(of_findings.is_valid(&found), "{found:#}");
    for (pointer, planted) in [
        ("/finding", json!("rumour")),
        ("/severity", json!("bad")),
        ("/answers/0", json!("allow")),
        ("/answers/0/evaluator", Value::Null),
        ("/features", json!("grants")),
        ("/seed", json!(7)),
        ("/minimal", json!("yes")),
        ("/question/dialect", json!("azure")),
        ("/variations/0/region", json!(1)),
        ("/found", json!({})),
    ] {
        let mut wrong = found.clone();
        *wrong.pointer_mut(pointer).unwrap() = planted;
        assert!(!of_findings.is_valid(&wrong), "the schema lets {pointer} through");
        let node = parse(&wrong.to_string(), Limits::default()).unwrap();
        assert!(Finding::read(&node).is_err(), "the reader lets {pointer} through");
    }
    for member in ["answers", "finding", "found", "question", "severity"] {
        let mut wrong = found.clone();
        wrong.as_object_mut().unwrap().remove(member);
        assert!(!of_findings.is_valid(&wrong), "the schema does not need {member}");
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
