//! The command as people use it: what it prints, and with which exit code it ends.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

fn run(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_kms-conformance")).args(arguments).env("NO_COLOR", "1").output().unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

/// A folder for one test, empty at its start.
fn folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

const SUITE: &str = r#"{
  "title": "My key",
  "cases": [
    {
      "name": "decrypt",
      "world": {
        "keys": {
          "K": {
            "policy": {
              "Version": "2012-10-17",
              "Statement": {
                "Effect": "Allow",
                "Principal": { "AWS": "arn:aws:iam::111122223333:user/alice" },
                "Action": "kms:Decrypt",
                "Resource": "*"
              }
            }
          }
        }
      },
      "checks": [
        { "name": "alice", "caller": "alice", "operation": "Decrypt", "on": "K", "expect": "allow" },
        { "name": "carol", "caller": "carol", "operation": "Decrypt", "on": "K", "expect": "implicit-deny" }
      ]
    }
  ]
}
"#;

#[test]
fn the_catalogue_passes_and_leads_with_requirements() {
    let output = run(&["run"]);
    let text = out(&output);
    assert_eq!(code(&output), 0, "{text}{}", err(&output));
    let count: Vec<_> = text.lines().next().unwrap().split_whitespace().collect();
    let met = count.iter().position(|word| *word == "met").unwrap();
    assert_eq!(count[met + 1], count[met + 3], "{text}");
    assert!(text.contains("topic") && text.contains("aws/core"), "{text}");
    assert!(!text.contains('\u{1b}'));
}

#[test]
fn the_json_report_fits_its_schema_and_adds_up() {
    let report: serde_json::Value = serde_json::from_str(&out(&run(&["run", "--format", "json"]))).unwrap();
    let validator = jsonschema::validator_for(&kms_conformance::schema::run()).unwrap();
    let errors: Vec<_> = validator.iter_errors(&report).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:?}");
    let summary = |name: &str| report["summary"][name].as_u64().unwrap();
    assert!(summary("checks") >= 150);
    assert_eq!(summary("failed"), 0);
    assert_eq!(
        summary("checks"),
        summary("passed") + summary("failed") + summary("skipped") + summary("known")
    );
    assert_eq!(
        report["verdicts"].as_array().unwrap().len() as u64,
        summary("checks") + summary("observations")
    );
}

#[test]
fn json_lines_have_a_header_a_line_a_check_and_a_footer() {
    let text = out(&run(&["run", "--format", "jsonl", "--filter", "aws/core/*"]));
    let lines: Vec<serde_json::Value> =
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.first().unwrap()["evaluator"]["name"], "kms-reference");
    let listed = out(&run(&["list", "--format", "jsonl", "--filter", "aws/core/*"])).lines().count();
    assert_eq!(lines.len(), listed + 2);
    assert!(lines.last().unwrap()["summary"]["passed"].as_u64().unwrap() > 0);
}

#[test]
fn a_directory_of_ones_own_suites_takes_the_catalogues_place() {
    let folder = folder("own");
    fs::write(folder.join("key.json"), SUITE).unwrap();
    let path = folder.to_str().unwrap();
    let output = run(&["run", path]);
    assert_eq!(code(&output), 0, "{}", err(&output));
    assert!(out(&output).contains("2 checks: 2 passed"), "{}", out(&output));

    fs::write(folder.join("key.json"), SUITE.replace("\"implicit-deny\"", "\"allow\"")).unwrap();
    let output = run(&["run", path]);
    assert_eq!(code(&output), 1);
    let text = out(&output);
    for line in ["fail key/decrypt#carol", "expected allow", "got      implicit-deny", "false-deny"] {
        assert!(text.contains(line), "{line} is not in\n{text}");
    }
}

#[test]
fn broken_requirements_are_listed_with_the_most_false_allows_first() {
    let folder = folder("by");
    // Both expectations are wrong: the reference refuses in vain, and allows what it must not.
    let suite = SUITE.replace(
        "\"implicit-deny\" }",
        "\"allow\", \"requirements\": [\"kms.core.default-implicit-deny\"] }",
    );
    let suite = suite.replace(
        "\"expect\": \"allow\" },",
        "\"expect\": \"implicit-deny\", \"requirements\": [\"kms.core.iam-allow-needs-key-policy-delegation\"] },",
    );
    fs::write(folder.join("key.json"), suite).unwrap();
    let output = run(&["run", folder.to_str().unwrap(), "--by", "requirement", "--failures", "1"]);
    assert_eq!(code(&output), 1, "{}", err(&output));
    let rows: Vec<_> = out(&output)
        .lines()
        .filter(|line| line.starts_with(" kms.core."))
        .map(|line| line.split_whitespace().map(str::to_owned).collect::<Vec<_>>().join(" "))
        .collect();
    assert_eq!(
        rows,
        [
            "kms.core.iam-allow-needs-key-policy-delegation 1 1 - - -",
            "kms.core.default-implicit-deny - 1 - - -",
        ]
    );
}

#[test]
fn a_report_goes_to_a_file_without_colours() {
    let file = folder("report").join("run.txt");
    let output = run(&["run", "--filter", "aws/core/*", "--out", file.to_str().unwrap()]);
    assert_eq!((code(&output), out(&output).as_str()), (0, ""));
    let text = fs::read_to_string(&file).unwrap();
    assert!(text.contains("kms-reference") && !text.contains('\u{1b}'));
}

#[test]
fn too_many_skips_fail_a_run() {
    let folder = folder("skips");
    // It refuses everything, and has no place for a caller without credentials.
    let script = r#"import json, sys
for line in sys.stdin:
    message = json.loads(line)
    if "hello" in message:
        description = {"name": "denier", "version": "1", "protocol": 1, "dialects": ["aws"], "features": []}
        print(json.dumps(description), flush=True)
    elif "ask" in message:
        print(json.dumps({"id": message["ask"]["id"], "answer": {"answer": "implicit-deny"}}), flush=True)
"#;
    fs::write(folder.join("denier.py"), script).unwrap();
    let suites = folder.join("suites");
    fs::create_dir_all(&suites).unwrap();
    let anonymous = r#"{ "name": "alice", "caller": "anonymous", "operation": "Decrypt", "on": "K", "expect": "implicit-deny" }"#;
    let suite: Vec<_> = SUITE
        .lines()
        .map(
            |line| {
                if line.contains("\"name\": \"alice\"") { format!("{anonymous},") } else { line.to_owned() }
            },
        )
        .collect();
    fs::write(suites.join("key.json"), suite.join("\n")).unwrap();
    let evaluator = format!("process:python3 -S {}", folder.join("denier.py").display());
    let arguments = ["run", suites.to_str().unwrap(), "--evaluator", &evaluator, "--max-skipped"];
    let output = run(&[&arguments[..], &["50"]].concat());
    assert_eq!(code(&output), 0, "{}{}", out(&output), err(&output));
    let output = run(&[&arguments[..], &["49"]].concat());
    assert_eq!(code(&output), 1);
    assert!(err(&output).contains("of the checks were skipped, more than 49 %"), "{}", err(&output));
}

#[test]
fn known_differences_do_not_fail_and_stale_ones_do() {
    let folder = folder("known");
    fs::write(folder.join("key.json"), SUITE.replace("\"implicit-deny\"", "\"allow\"")).unwrap();
    let (path, known) = (folder.to_str().unwrap(), folder.join("known.txt"));
    let entry =
        r#"[{"id":"key/decrypt#carol","got":"implicit-deny","class":"bug","reason":"forgets carol"}]"#;
    fs::write(&known, entry).unwrap();
    let known_path = known.to_str().unwrap();
    let output = run(&["run", path, "--known", known_path]);
    assert_eq!(code(&output), 0, "{}", out(&output));
    assert!(out(&output).contains("1 known"));

    fs::write(&known, entry.replace("\"got\":\"implicit-deny\"", "\"got\":\"error\"")).unwrap();
    assert_eq!(code(&run(&["run", path, "--known", known_path])), 1);
    fs::write(&known, entry.replace("#carol\"", "#alice\"")).unwrap();
    let output = run(&["run", path, "--known", known_path]);
    assert_eq!(code(&output), 1);
    assert!(out(&output).contains("it passes now"), "{}", out(&output));
    fs::write(&known, entry.replace("#carol\"", "#nobody\"")).unwrap();
    let output = run(&["run", path, "--known", known_path]);
    assert_eq!(code(&output), 2);
    assert!(err(&output).contains("known.txt:1:2: no check is `key/decrypt#nobody`"), "{}", err(&output));
}

#[test]
fn show_and_explain_print_trace_and_source_for_every_kind_of_answer() {
    let list: Vec<serde_json::Value> =
        serde_json::from_str(&out(&run(&["list", "--format", "json"]))).unwrap();
    for expectation in ["allow", "implicit-deny", "explicit-deny", "rejected", "accepted"] {
        let plain = |entry: &&serde_json::Value| {
            let features = entry["features"].as_array().unwrap();
            features.iter().all(|feature| feature.as_str().is_some_and(|word| word.ends_with("-validation")))
        };
        let mut entries = list.iter().filter(plain);
        let id = entries.find(|entry| entry["expectation"] == expectation).unwrap()["id"].as_str().unwrap();
        let output = run(&["show", id]);
        let text = out(&output);
        assert_eq!(code(&output), 0, "{}", err(&output));
        let (expected, answer) = (format!("expected {expectation}"), format!("answer {expectation}"));
        for part in ["source: ", "question", &expected, &answer, "verdict pass"] {
            assert!(text.contains(part), "{id}: {part} is not in\n{text}");
        }
        let file = folder(&format!("explain-{expectation}")).join("question.json");
        fs::write(&file, out(&run(&["show", id, "--question"]))).unwrap();
        let output = run(&["explain", file.to_str().unwrap()]);
        assert_eq!(code(&output), 0, "{}", err(&output));
        let text = out(&output);
        assert!(text.contains(&answer), "{text}");
        assert!(text.contains("steps"), "{text}");
        let json = out(&run(&["explain", file.to_str().unwrap(), "--format", "json"]));
        let answer: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!(answer["answer"], expectation);
    }
}

#[test]
fn show_knows_requirements_and_guesses_at_mistyped_ids() {
    let text = out(&run(&["show", "kms.core.explicit-deny-wins"]));
    assert!(
        text.contains("source: AWS KMS Developer Guide") && text.contains("aws/core/explicit-deny/"),
        "{text}"
    );
    let output = run(&["show", "kms.core.explicit-deny-win"]);
    assert_eq!(code(&output), 2);
    assert!(err(&output).contains("did you mean `kms.core.explicit-deny-wins`"), "{}", err(&output));
}

#[test]
fn bad_usage_and_bad_input_end_with_2() {
    let folder = folder("bad");
    let empty = folder.to_str().unwrap().to_owned();
    fs::write(folder.join("question.txt"), "{\n \"kind\": \"authorize\",\n \"dialect\": \"gcp\" }").unwrap();
    let question = folder.join("question.txt");
    let question = question.to_str().unwrap();
    for (arguments, message) in [
        (vec!["run", "/no/such/directory"], "/no/such/directory: no such directory"),
        (vec!["run", &empty], "no suite in this directory"),
        (vec!["run", "--filter", "nothing/*"], "no check matches `nothing/*`"),
        (
            vec!["run", "--evaluator", "mote"],
            "no evaluator `mote`; expected `reference`, `process:COMMAND`, or an adapter that `evaluators` lists",
        ),
        (
            vec!["run", "--evaluator", "process:x", "--timeout", "0"],
            "`--timeout` needs a positive number of seconds",
        ),
        (vec!["run", "--known", "/no/such/file"], "/no/such/file: cannot be read"),
        (vec!["run", "--max-skipped", "101"], "`--max-skipped` needs a percentage"),
        (vec!["run", "--jobs", "0"], "invalid value '0'"),
        (vec!["explain", "/no/such/file"], "/no/such/file: No such file"),
        (vec!["explain", question], "question.txt:3:13: `dialect` is `gcp`; expected one of `aws` or `ram`"),
        (vec!["schema", "everything"], "invalid value 'everything'"),
        (vec!["frobnicate"], "unrecognized subcommand"),
    ] {
        let output = run(&arguments);
        assert_eq!(code(&output), 2, "{arguments:?}: {}", err(&output));
        assert!(err(&output).contains(message), "{arguments:?}: {}", err(&output));
    }
}

#[test]
fn an_evaluator_that_cannot_be_run_ends_with_3() {
    let output = run(&["run", "--evaluator", "process:no-such-program-anywhere"]);
    assert_eq!(code(&output), 3);
    assert!(err(&output).contains("no-such-program-anywhere"), "{}", err(&output));
}

#[test]
fn the_reference_in_another_process_gives_the_same_verdicts() {
    let serve = format!("process:'{}' serve", env!("CARGO_BIN_EXE_kms-conformance"));
    let verdicts = |arguments: &[&str]| {
        let report: serde_json::Value = serde_json::from_str(&out(&run(arguments))).unwrap();
        report["verdicts"].clone()
    };
    let here = verdicts(&["run", "--format", "json"]);
    let there = verdicts(&["run", "--format", "json", "--evaluator", &serve]);
    for (here, there) in here.as_array().unwrap().iter().zip(there.as_array().unwrap()) {
        assert_eq!(here["verdict"], there["verdict"], "{here} {there}");
        assert_eq!(here["got"], there["got"], "{here} {there}");
    }
}

#[test]
fn fmt_writes_the_canonical_form_and_check_shows_the_difference() {
    let folder = folder("fmt");
    let file = folder.join("suite.json");
    fs::write(&file, "{\"title\":\"t\",\n\"cases\":[]}").unwrap();
    let path = file.to_str().unwrap();
    let output = run(&["fmt", "--check", path]);
    assert_eq!(code(&output), 1);
    assert!(out(&output).contains("+{ \"title\": \"t\", \"cases\": [] }"), "{}", out(&output));
    assert_eq!(code(&run(&["fmt", path])), 0);
    assert_eq!(fs::read_to_string(&file).unwrap(), "{ \"title\": \"t\", \"cases\": [] }\n");
    assert_eq!(code(&run(&["fmt", "--check", path])), 0);
}

#[test]
fn index_and_schemas_are_printed_as_they_are_committed() {
    assert_eq!(out(&run(&["index"])), kms_spec_cases::INDEX);
    for (path, kept) in kms_spec_cases::SCHEMAS {
        let word = path.trim_start_matches("schema/").trim_end_matches(".schema.json");
        assert_eq!(out(&run(&["schema", word])), *kept, "{path}");
    }
    assert!(out(&run(&["schema", "features"])).contains("session-policies"));
}
