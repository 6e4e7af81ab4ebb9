//! The commands for those who write an adapter: `init`, `smoke`, `evaluators`.
#![cfg(unix)]
#![expect(clippy::indexing_slicing, clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

fn command(arguments: &[&str], folder: &Path) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kms-conformance"));
    command
        .args(arguments)
        .current_dir(folder)
        .env("NO_COLOR", "1")
        .env_remove("PYTHONUNBUFFERED")
        .output()
        .unwrap()
}

/// A folder for one test, empty at its start.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("adapters-{name}"));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn text(output: &Output) -> String {
    String::from_utf8([output.stdout.as_slice(), &output.stderr].concat()).unwrap()
}

fn init(language: &str) -> PathBuf {
    let folder = folder(language);
    let output = command(&["init", "--language", language, "."], &folder);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output));
    let workflow = fs::read_to_string(folder.join(".github/workflows/conformance.yml")).unwrap();
    assert!(workflow.contains("kms-conformance smoke '"), "{workflow}");
    folder
}

/// Fails unless the skeleton passes every step, and a run gets a verdict of it for every check that it is asked.
fn assert_works(evaluator: &str, folder: &Path) {
    let output = command(&["smoke", evaluator, "--format", "json"], folder);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output));
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(jsonschema::is_valid(&kms_conformance::schema::smoke(), &report), "{report:#}");
    let steps = report["steps"].as_array().unwrap();
    assert_eq!((report["passed"].clone(), steps.len()), (true.into(), 7), "{report:#}");
    let process = format!("process:{evaluator}");
    let run =
        ["run", "--filter", "aws/core/default-deny/*", "--evaluator", process.as_str(), "--format", "json"];
    let report: Value = serde_json::from_slice(&command(&run, folder).stdout).unwrap();
    let verdicts = report["verdicts"].as_array().unwrap();
    let count = |word: &str| verdicts.iter().filter(|one| one["verdict"] == word).count();
    assert!(count("pass") > 5, "{report:#}");
    assert_eq!(count("crash") + count("timeout"), 0, "{report:#}");
    assert!(verdicts.iter().all(|one| one["kind"] != "false-allow"), "{report:#}");
}

#[test]
fn the_python_skeleton_works() {
    assert_works("python3 -S evaluator.py", &init("python"));
}

#[test]
fn the_javascript_skeleton_works() {
    assert_works("node evaluator.mjs", &init("javascript"));
}

#[test]
fn the_rust_skeleton_works() {
    let folder = init("rust");
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("skeleton");
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["build", "--offline", "--quiet", "--target-dir"]).arg(&target).current_dir(&folder);
    let built = cargo.output().unwrap();
    assert!(built.status.success(), "{}", text(&built));
    assert_works(target.join("debug/evaluator").to_str().unwrap(), &folder);
}

#[test]
fn nothing_that_is_there_is_overwritten() {
    let folder = folder("there");
    fs::write(folder.join("evaluator.py"), "mine").unwrap();
    let output = command(&["init", "--language", "python", "."], &folder);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output).contains("`./evaluator.py` is there already"), "{}", text(&output));
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 1, "nothing else is written");
}

/// What `smoke` says of the Python skeleton after this change of its text.
fn smoked(name: &str, from: &str, to: &str) -> (Option<i32>, String) {
    let folder = folder(name);
    command(&["init", "--language", "python", "."], &folder);
    let file = folder.join("evaluator.py");
    let skeleton = fs::read_to_string(&file).unwrap();
    assert!(skeleton.contains(from), "{from}");
    fs::write(&file, skeleton.replace(from, to)).unwrap();
    let output = command(&["smoke", "python3 -S evaluator.py", "--timeout", "3"], &folder);
    (output.status.code(), text(&output))
}

#[test]
fn what_is_wrong_is_said_in_words() {
    for (name, from, to, code, words) in [
        ("silent", ", flush=True", "", 3, "does it write every line at once"),
        (
            "chatty",
            "def main():",
            "def main():\n    print('ready')",
            3,
            "printed `ready` in line 1 of its standard output",
        ),
        ("protocol", "\"protocol\": 1", "\"protocol\": 2", 3, "protocol 2 was not offered"),
        (
            "debug",
            "effects = set()",
            "effects = set(); print('deciding', flush=True)",
            1,
            "standard output is for the protocol alone",
        ),
        (
            "allows",
            "\"implicit-deny\"\n",
            "\"allow\"\n",
            1,
            "fail  refuse a request that nothing allows (aws)",
        ),
        (
            "denies",
            "return \"allow\" if",
            "return \"implicit-deny\" if",
            1,
            "fail  allow a request that a policy allows (aws)",
        ),
        (
            "kind",
            "else \"implicit-deny\"",
            "else \"deny\"",
            1,
            "only for evaluators that declare `\"detail\": \"decision\"`",
        ),
        ("id", "message[\"ask\"][\"id\"]", "1", 1, "fail  answer 20 questions that are asked at once (aws)"),
        (
            "strict",
            "effects = set()",
            "effects = set()\n    assert 'from-the-future' not in question",
            1,
            "fail  ignore members that it does not know (aws)",
        ),
        (
            "ignores",
            "raise Unsupported(feature)",
            "pass",
            0,
            "answers them as if nothing were missing, and wrong: ",
        ),
        (
            "future",
            "[\"context\"]",
            "[\"context\", \"time-travel\"]",
            0,
            "does not know the features `time-travel`",
        ),
        ("stays", "            break", "            continue", 0, "pass  end when it is asked to"),
        ("nameless", "my-evaluator", "", 1, "its `name` is empty"),
        ("mute", "[\"aws\"]", "[]", 1, "its `dialects` are empty"),
        ("exits", "effects = set()", "sys.exit(3)", 1, "exited with status 3 (after 0 of 1 answers)"),
    ] {
        let (got, said) = smoked(name, from, to);
        assert!(got == Some(code) && said.contains(words), "{name}: {got:?}\n{said}");
    }
}

#[test]
fn a_program_that_is_not_there_is_an_evaluator_that_cannot_be_run() {
    let output = command(&["smoke", "no-such-evaluator"], &folder("absent"));
    assert_eq!(output.status.code(), Some(3));
    assert!(text(&output).contains("program `no-such-evaluator` was not found"), "{}", text(&output));
    assert_eq!(command(&["smoke", "'open"], &folder("absent")).status.code(), Some(2));
}

#[test]
fn adapters_are_listed_with_their_state() {
    let folder = folder("list");
    let adapters = folder.join("harness/adapters/some");
    fs::create_dir_all(adapters.join("package")).unwrap();
    let entry = |name: &str, program: &str, installed: &str| {
        serde_json::json!({ "name": name, "evaluates": "package", "version": "1", "language": "C", "licence": "MIT",
            "command": format!("{program} x"), "install": "make it", "installed": installed })
    };
    let list = [
        entry("there", "sh", "package"),
        entry("not-there", "sh", "other"),
        entry("no-program", "no-such-program", "package"),
        entry("built", "some/program", "package"),
    ];
    fs::write(adapters.join("adapters.json"), serde_json::json!(list).to_string()).unwrap();
    // From a folder below, as in a checkout.
    let output = command(&["evaluators", "--format", "json"], &adapters.join("package"));
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(jsonschema::is_valid(&kms_conformance::schema::evaluators(), &report), "{report:#}");
    let states: Vec<_> = report
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["name"].as_str().unwrap(), one["state"].as_str().unwrap()))
        .collect();
    assert_eq!(
        states,
        [
            ("built", "installed"),
            ("no-program", "lacks no-such-program"),
            ("not-there", "not installed"),
            ("there", "installed")
        ]
    );
    let shown = text(&command(&["evaluators"], &folder));
    assert!(shown.contains("not-there: to install it, make it"), "{shown}");
    assert!(shown.contains("there: kms-conformance run --evaluator 'process:sh x'"), "{shown}");

    fs::write(adapters.join("adapters.json"), r#"[{"name":"x","extra":1}]"#).unwrap();
    let output = command(&["evaluators"], &folder);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output).contains("adapters.json:1:14: unknown member `extra`"), "{}", text(&output));
}

#[test]
fn the_adapters_of_this_repository_are_listed() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let output = command(&["evaluators", "--format", "jsonl"], &root);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output));
    assert!(text(&output).contains(r#""name":"iam-simulate""#), "{}", text(&output));
}
