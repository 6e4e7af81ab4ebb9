//! `enumerate`: what it counts, what it finds, how shards go together, and how it ends.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

use serde_json::Value;

/// One that forgets service control policies and denies what the reference denies otherwise.
const FORGETFUL: &str = r#"
import json, subprocess, sys
child = subprocess.Popen([sys.argv[1], "serve"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
for line in sys.stdin:
    message = json.loads(line)
    message.get("ask", {}).get("question", {}).get("caller", {}).pop("scps", None)
    child.stdin.write(json.dumps(message) + "\n")
    child.stdin.flush()
    print(child.stdout.readline().replace("kms-reference", "forgetful"), end="", flush=True)
"#;

fn command(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_kms-conformance"))
        .arg("enumerate")
        .args(arguments)
        .env("NO_COLOR", "1")
        .output()
        .unwrap()
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

#[test]
fn a_small_scope_is_complete_and_its_report_fits_the_schema() {
    let text = command(&["--scope", "grants-small"]);
    assert_eq!(text.status.code(), Some(0), "{}", err(&text));
    let told = out(&text);
    assert!(told.contains("worlds, complete\n") && told.contains("nothing found"), "{told}");
    let json = command(&["--scope", "grants-small", "--format", "json"]);
    let report: Value = serde_json::from_str(&out(&json)).unwrap();
    let validator = jsonschema::validator_for(&kms_conformance::schema::enumeration()).unwrap();
    let problems: Vec<_> = validator.iter_errors(&report).map(|error| error.to_string()).collect();
    assert_eq!(problems, [""; 0]);
    assert_eq!(report["summary"]["complete"], true);
    assert_eq!(report["summary"]["visited"], report["scope"]["worlds"]);
    let list = command(&["--list", "--format", "json"]);
    let scopes: Value = serde_json::from_str(&out(&list)).unwrap();
    let scope = scopes.as_array().unwrap().iter().find(|one| one["name"] == "grants-small").unwrap();
    assert_eq!(scope["worlds"], report["scope"]["worlds"]);
    assert!(out(&command(&["--list"])).contains("delegation"));
}

#[test]
fn what_a_process_forgets_is_found_and_made_small() {
    let folder = folder("enumerate-forgetful");
    let program = folder.join("forgetful.py");
    fs::write(&program, FORGETFUL).unwrap();
    let evaluator =
        format!("process:python3 '{}' '{}'", program.display(), env!("CARGO_BIN_EXE_kms-conformance"));
    // The part in which service control policies are many is enough.
    let arguments = ["--scope", "delegation-small", "--shard", "1/50", "--evaluator", &evaluator];
    let against = [&arguments[..], &["--against", "reference", "--format", "json"]].concat();
    let output = command(&against);
    assert_eq!(output.status.code(), Some(1), "{}{}", out(&output), err(&output));
    let report: Value = serde_json::from_str(&out(&output)).unwrap();
    let first = &report["findings"][0];
    assert_eq!(first["severity"], "false-allow", "{first:#}");
    assert_eq!(first["answers"], serde_json::json!(["allow", "implicit-deny"]));
    assert!(first["smallest"]["caller"]["scps"].is_array(), "{first:#}");
    assert_eq!(report["evaluators"][0]["name"], "forgetful");
    let alone = command(&arguments);
    assert_eq!(alone.status.code(), Some(1), "{}{}", out(&alone), err(&alone));
    assert!(out(&alone).contains("aws-closed-guard-rail-refuses"), "{}", out(&alone));
    let number = first["world"].to_string();
    let shown = command(&["--scope", "delegation-small", "--show", &number]);
    let question: Value = serde_json::from_str(&out(&shown)).unwrap();
    assert_eq!(question, first["questions"][0]);
}

#[test]
fn shards_merge_to_the_whole_and_bad_ones_are_refused() {
    let folder = folder("enumerate-shards");
    let file = |name: &str| folder.join(name).to_str().unwrap().to_owned();
    let write = |name: &str, more: &[&str]| {
        let file = file(name);
        let fixed = ["--scope", "conditions-small", "--format", "json", "--out", &file];
        let output = command(&[&fixed, more].concat());
        assert_eq!(output.status.code(), Some(0), "{}", err(&output));
        file
    };
    let whole = write("whole.json", &[]);
    let shards: Vec<_> = (1..=3)
        .map(|at| write(&format!("{at}.json"), &["--shard", &format!("{at}/3"), "--jobs", "1"]))
        .collect();
    let [one, two, three] = shards.as_slice() else { unreachable!() };
    let merged = command(&["--format", "json", "--merge", three, one, two]);
    assert_eq!((merged.status.code(), err(&merged).as_str()), (Some(0), ""));
    assert_eq!(out(&merged), fs::read_to_string(&whole).unwrap());
    let text = fs::read_to_string(two).unwrap();
    let (cut, other) = (file("cut.json"), file("other.json"));
    fs::write(&cut, text.get(..text.len() / 2).unwrap()).unwrap();
    fs::write(&other, "{}").unwrap();
    for (arguments, message) in [
        (vec!["--merge", one, three], "missing: shard 2/3"),
        (vec!["--merge", one, &cut, three], "cut.json:"),
        (vec!["--merge", one, &cut, three], "is cut short"),
        (vec!["--merge", &other], "is no report of `enumerate --format json`"),
        (vec!["--merge", one, &whole], "different divisions"),
        (vec!["--merge", "nowhere.json"], "nowhere.json"),
        (vec!["--scope", "condition"], "did you mean `conditions`"),
        (vec!["--scope", "grants", "--shard", "4/3"], "`--shard` needs a part such as `2/8`"),
        (vec!["--scope", "grants-small", "--show", "99999999"], "has worlds 0 to"),
        (vec![], "--scope"),
    ] {
        let output = command(&arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {}", err(&output));
        assert!(err(&output).contains(message), "{arguments:?}: {}", err(&output));
    }
    let gone = command(&["--scope", "grants-small", "--evaluator", "process:/nonexistent"]);
    assert_eq!(gone.status.code(), Some(3), "{}", err(&gone));
}
