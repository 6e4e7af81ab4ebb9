//! `power`: which faults it calls killed, what it writes, and how it ends.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::{Value, json};

const FAULT: &str = "aws-grant-constraints-are-not-read";

/// What to do when the committed report is not what comes out.
const ANEW: &str = "explore anew: `cargo conformance power --explore --write`";

/// A check that the fault fails.
const KILLING: &str = r#"{ "name": "one-more", "parameters": { "EncryptionContext": { "Department": "IT", "Purpose": "Test" } },
    "caller": "App/s1", "operation": "Decrypt", "on": "K", "expect": "implicit-deny" }"#;
/// One that it passes.
const HARMLESS: &str = r#"{ "name": "same", "parameters": { "EncryptionContext": { "Department": "IT" } },
    "caller": "App/s1", "operation": "Decrypt", "on": "K", "expect": "allow" }"#;

fn suite(requirement: &str, checks: &[&str]) -> String {
    let checks = checks.join(",");
    format!(
        r#"{{ "title": "A grant with a constraint", "cases": [ {{ "name": "equals", "requirements": ["{requirement}"],
            "world": {{ "keys": {{ "K": {{
                "policy": {{ "Version": "2012-10-17", "Statement": {{ "Effect": "Allow", "Action": "kms:*", "Resource": "*",
                    "Principal": {{ "AWS": "arn:aws:iam::111122223333:root" }} }} }},
                "grants": {{ "G": {{ "grantee": "App", "operations": ["Decrypt"],
                    "constraints": {{ "EncryptionContextEquals": {{ "Department": "IT" }} }} }} }} }} }} }},
            "checks": [ {checks} ] }} ] }}"#
    )
}

/// A folder for one test with this suite, and nothing else.
fn folder(name: &str, suite: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(folder.join("suites")).unwrap();
    fs::write(folder.join("suites/grant.json"), suite).unwrap();
    folder
}

fn power(folder: &Path, more: &[&str]) -> Output {
    let suites = folder.join("suites");
    let fixed = ["power", "--fault", FAULT, "--suites", suites.to_str().unwrap()];
    command(&[&fixed, more].concat())
}

fn command(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_kms-conformance")).args(arguments).env("NO_COLOR", "1").output().unwrap()
}

fn told(output: &Output) -> (Option<i32>, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (output.status.code(), text(&output.stdout) + &text(&output.stderr))
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn only_a_check_that_cites_the_requirement_kills_a_fault() {
    let equals = "kms.grant.constraint-equals";
    for (name, suite, killed_by, others, code) in [
        ("cited", suite(equals, &[HARMLESS, KILLING]), json!(["grant/equals#one-more"]), json!({}), 0),
        ("missing", suite(equals, &[HARMLESS]), json!([]), json!({}), 1),
        (
            "elsewhere",
            suite("kms.core.explicit-deny-wins", &[KILLING]),
            json!([]),
            json!({"grant/equals": 1}),
            1,
        ),
    ] {
        let folder = folder(&format!("power-{name}"), &suite);
        let output = power(&folder, &["--format", "json"]);
        assert_eq!(output.status.code(), Some(code), "{name}: {}", told(&output).1);
        let report = json(&output);
        let fault = &report["faults"][0];
        assert_eq!((&fault["killed_by"], &fault["others"]), (&killed_by, &others), "{name}: {report:#}");
        let survives = report["survivors"] == json!([FAULT]);
        assert_eq!((survives, report["control"] == json!([])), (code == 1, true), "{name}: {report:#}");
        let (code_of_human, text) = told(&power(&folder, &[]));
        assert_eq!(code_of_human, Some(code));
        assert_eq!(text.contains(&format!("survives {FAULT}")), survives, "{text}");
    }
}

#[test]
fn checks_are_told_apart_by_what_they_kill() {
    let folder = folder("power-worth", &suite("kms.grant.constraint-equals", &[HARMLESS, KILLING]));
    let report = json(&power(&folder, &["--format", "json"]));
    assert_eq!(report["idle"], json!(["grant/equals#same"]));
    assert_eq!(report["only"], json!({ "grant/equals#one-more": [FAULT] }));
    assert_eq!(report["smallest"], json!({ "checks": ["grant/equals#one-more"], "exact": true }));
    assert_eq!(
        report["topics"],
        json!({ "grant/equals": { "checks": 2, "kill": 1, "others": 0, "idle": 1 } })
    );
    // Of two checks it agrees on one, and nobody said that it is gross.
    assert_eq!(
        (&report["far"], &report["faults"][0]["agreement"]),
        (&json!([FAULT]), &json!({ "agreed": 1, "asked": 2 }))
    );
    let validator = jsonschema::validator_for(&kms_conformance::schema::power()).unwrap();
    let errors: Vec<_> = validator.iter_errors(&report).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:?}");
}

#[test]
fn a_control_that_fails_a_check_fails_the_run() {
    let wrong = HARMLESS.replace("\"allow\"", "\"explicit-deny\"");
    let folder = folder("power-control", &suite("kms.grant.constraint-equals", &[&wrong, KILLING]));
    let (code, text) = told(&power(&folder, &[]));
    assert_eq!(code, Some(1), "{text}");
    assert!(text.contains("control grant/equals#same: the evaluator fails it without any fault"), "{text}");
    assert!(text.contains("killed 1 of 1 faults"), "{text}");
}

#[test]
fn reports_keep_what_was_explored_and_take_in_mutants() {
    let folder = folder("power-write", &suite("kms.grant.constraint-equals", &[HARMLESS, KILLING]));
    let reports = folder.join("reports");
    let write = ["--write", reports.to_str().unwrap()];
    let read = |name: &str| fs::read_to_string(reports.join(name)).unwrap();
    assert_eq!(power(&folder, &write).status.code(), Some(0));
    let unexplored: Value = serde_json::from_str(&read("power.json")).unwrap();
    assert_eq!(
        (&unexplored["exploration"], &unexplored["faults"][0]["exploration"]),
        (&Value::Null, &Value::Null)
    );
    assert!(!read("power.md").contains("## Exploration") && !read("power.md").contains("## Mutants"));

    let mut explored = unexplored;
    explored["exploration"] = json!({ "seed": "7", "questions": 1500 });
    explored["faults"][0]["exploration"] = json!({ "relation": { "name": "aws-deny-never-widens", "executions": 12 },
        "differential": null, "sensitive": { "agreed": 9, "asked": 10 } });
    fs::write(reports.join("power.json"), explored.to_string()).unwrap();
    assert_eq!(power(&folder, &write).status.code(), Some(0));
    let (page, report) = (read("power.md"), read("power.json"));
    assert_eq!(serde_json::from_str::<Value>(&report).unwrap(), explored);
    assert!(page.contains("1500 of each dialect, seed 7"), "{page}");
    assert!(
        page.contains(&format!("| `{FAULT}` | `aws-deny-never-widens` | 12 | not in 1500 | 90.0 % |")),
        "{page}"
    );
    assert_eq!(power(&folder, &write).status.code(), Some(0));
    assert_eq!((read("power.md"), read("power.json")), (page, report));

    let mutants = json!({ "version": "cargo-mutants 25.3.1", "scope": ["harness/reference"], "total": 1010, "caught": 980,
        "missed": 15, "timeout": 5, "unviable": 10, "left-out": { "count": 7, "why": "they only tell" },
        "survivors": [{ "mutant": "replace x with y", "why": "both are empty" },
                      { "mutant": "replace y with z", "count": 14, "why": "neither is asked for" }] });
    fs::write(reports.join("mutants.json"), mutants.to_string()).unwrap();
    assert_eq!(power(&folder, &write).status.code(), Some(0));
    let page = read("power.md");
    assert!(page.contains("Score: **98.5 %**, 985 of 1000 noticed"), "{page}");
    assert!(
        page.contains("7 more were left out: they only tell.\n\n- `replace x with y`: both are empty\n"),
        "{page}"
    );
    assert!(page.contains("- `replace y with z` (14 times): neither is asked for\n"), "{page}");

    fs::write(reports.join("mutants.json"), "{").unwrap();
    let (code, text) = told(&power(&folder, &write));
    assert!(code == Some(2) && text.contains("mutants.json"), "{text}");
}

/// The report that is committed.
fn committed() -> Value {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../reports/power.json");
    serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap()
}

#[test]
fn exploration_finds_a_fault_again_where_the_report_says() {
    let report = committed();
    let after = |fault: &&Value| fault["exploration"]["differential"].as_u64().unwrap_or(u64::MAX);
    let soonest = report["faults"].as_array().unwrap().iter().min_by_key(after).unwrap();
    let (id, questions) = (soonest["id"].as_str().unwrap(), after(&soonest));
    let folder = folder("power-again", &suite(soonest["requirement"].as_str().unwrap(), &[HARMLESS]));
    let (suites, count) = (folder.join("suites"), questions.to_string());
    let seed = report["exploration"]["seed"].as_str().unwrap();
    let explore = ["--explore", "--questions", &count, "--seed", seed, "--format", "json"];
    let output =
        command(&[&["power", "--fault", id, "--suites", suites.to_str().unwrap()], &explore[..]].concat());
    let again = &json(&output)["faults"][0]["exploration"];
    let expected = &soonest["exploration"];
    assert_eq!(again["differential"], expected["differential"], "{ANEW}: {id}");
    let is_sooner = expected["relation"]["executions"].as_u64().is_some_and(|after| after <= questions);
    let relation = if is_sooner { &expected["relation"] } else { &Value::Null };
    assert_eq!(&again["relation"], relation, "{ANEW}: {id}");
    let validator = jsonschema::validator_for(&kms_conformance::schema::power()).unwrap();
    assert!(validator.is_valid(&json(&output)), "{again:#}");
}

#[test]
fn a_fault_that_exploration_does_not_find_fails_the_run() {
    let folder = folder("power-unfound", &suite("kms.grant.constraint-equals", &[HARMLESS, KILLING]));
    let (code, text) = told(&power(&folder, &["--explore", "--questions", "1"]));
    assert_eq!(code, Some(1), "{text}");
    assert!(text.contains(&format!("not found {FAULT}")), "{text}");
}

#[test]
fn bad_usage_ends_with_2_and_less_than_everything_is_not_written_over_the_report() {
    let folder = folder("power-narrow", &suite("kms.grant.constraint-equals", &[KILLING]));
    for (arguments, message) in
        [(&["--write"][..], "name another directory"), (&["--questions", "0"], "invalid value '0'")]
    {
        let (code, text) = told(&power(&folder, arguments));
        assert!(code == Some(2) && text.contains(message), "{arguments:?}: {text}");
    }
    let (code, text) = told(&command(&["power", "--fault", "aws-nothing*"]));
    assert!(code == Some(2) && text.contains("no fault matches `aws-nothing*`"), "{text}");
}

/// How many faults there are at least. Exploration finds them all.
const LEAST_FAULTS: usize = 500;

/// What is wrong with a report.
fn problems(report: &Value) -> Vec<String> {
    let list = |name: &str| report.get(name).and_then(Value::as_array).unwrap().clone();
    let id = |fault: &Value| fault.get("id").and_then(Value::as_str).unwrap().to_owned();
    let mut problems: Vec<String> = Vec::new();
    for (name, is_what) in
        [("survivors", "survives"), ("control", "is failed by the control"), ("far", "is too far off")]
    {
        problems.extend(list(name).iter().map(|id| format!("{} {is_what}", id.as_str().unwrap())));
    }
    let reported: Vec<_> = list("faults").iter().map(id).collect();
    let faults: Vec<_> = kms_explore::faults::all().iter().map(|fault| fault.id).collect();
    if reported != faults {
        problems.push("the faults are others".to_owned());
    }
    if faults.len() < LEAST_FAULTS {
        problems.push(format!("there are {} faults only", faults.len()));
    }
    let is_found = |fault: &&Value| {
        let says =
            |name: &str| fault.pointer(&format!("/exploration/{name}")).is_some_and(|by| !by.is_null());
        says("relation") || says("differential")
    };
    let is_explored = |fault: &&Value| fault.get("exploration").is_some_and(|told| !told.is_null());
    let faults = list("faults");
    let missed = faults.iter().filter(is_explored).filter(|fault| !is_found(fault));
    problems.extend(missed.map(|fault| format!("{} is not found by exploration", id(fault))));
    let unexplored =
        list("faults").into_iter().filter(|fault| fault.get("exploration").is_none_or(Value::is_null));
    problems.extend(unexplored.map(|fault| format!("{} was not looked for by exploration", id(&fault))));
    problems
}

#[test]
fn in_the_committed_report_every_fault_is_killed_and_found() {
    let report = committed();
    assert_eq!(problems(&report), [""; 0], "{ANEW}");
    let validator = jsonschema::validator_for(&kms_conformance::schema::power()).unwrap();
    let errors: Vec<_> = validator.iter_errors(&report).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:?}");

    let mut planted = report;
    planted["survivors"] = json!([FAULT]);
    planted["faults"][0]["exploration"] = Value::Null;
    planted["faults"][1]["exploration"]["relation"] = Value::Null;
    planted["faults"][1]["exploration"]["differential"] = Value::Null;
    let [first, second] = [0, 1].map(|at| planted["faults"][at]["id"].as_str().unwrap());
    assert_eq!(
        problems(&planted),
        [
            format!("{FAULT} survives"),
            format!("{second} is not found by exploration"),
            format!("{first} was not looked for by exploration")
        ]
    );
}
