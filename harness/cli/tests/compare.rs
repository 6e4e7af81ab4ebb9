//! `compare`, `scoreboard` and `run --write-known` on evaluators that are known to be wrong.
#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::{Value, json};

/// Gives everybody the answer of its first argument, under the name of its second, and has a place for the features that
/// follow.
const SAME: &str = r#"
import json, sys
answer, name, *features = sys.argv[1:]
for line in sys.stdin:
    message = json.loads(line)
    if "hello" in message:
        reply = {"protocol": 1, "name": name, "version": "1.2.3", "dialects": ["aws"], "features": features}
    elif "ask" in message:
        reply = {"id": message["ask"]["id"], "answer": {"answer": answer}}
    else:
        break
    sys.stdout.write(json.dumps(reply) + "\n")
    sys.stdout.flush()
"#;

const BINARY: &str = env!("CARGO_BIN_EXE_kms-conformance");

fn command(arguments: &[&str], folder: &Path) -> Output {
    Command::new(BINARY).args(arguments).current_dir(folder).env("NO_COLOR", "1").output().unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// A folder for one test with the evaluator in it, otherwise empty at its start.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("compare-{name}"));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("same.py"), SAME).unwrap();
    folder
}

const ALLOWS: &str = "process:python3 -S same.py allow allows groups context requests-without-resource";
const DENIES: &str =
    "process:python3 -S same.py implicit-deny denies groups context grants requests-without-resource";
const SOME: [&str; 2] = ["--filter", "aws/core/default-deny/*"];

/// Compares, and gives the exit code and the report.
fn compared(folder: &Path, arguments: &[&str]) -> (Option<i32>, Value) {
    let output = command(&[&["compare"], arguments, &["--format", "json"]].concat(), folder);
    let report: Value =
        serde_json::from_slice(&output.stdout).unwrap_or_else(|_| json!({ "error": err(&output) }));
    if report.get("error").is_none() {
        assert!(jsonschema::is_valid(&kms_conformance::schema::comparison(), &report), "{report:#}");
    }
    (output.status.code(), report)
}

#[test]
fn who_allows_what_must_be_refused_leads() {
    let folder = folder("two");
    let (code, report) = compared(&folder, &[&[DENIES, ALLOWS][..], &SOME].concat());
    assert_eq!(code, Some(1), "{report:#}");
    let differences = report["differences"].as_array().unwrap();
    let first = &differences[0];
    assert_eq!(
        (&first["severity"], &first["wrong"]),
        (&json!("false-allow"), &json!(["allows"])),
        "{first:#}"
    );
    assert_eq!(first["expected"], json!(["implicit-deny"]));
    assert!(first["requirement"].as_str().unwrap().starts_with("kms.core."), "{first:#}");
    let later: Vec<_> = differences
        .iter()
        .skip_while(|one| one["severity"] == "false-allow")
        .map(|one| &one["severity"])
        .collect();
    assert!(!later.is_empty() && later.iter().all(|one| **one == "false-deny"), "{report:#}");
    let total: u64 = differences.iter().map(|one| one["count"].as_u64().unwrap()).sum();
    let summary = &report["summary"];
    assert_eq!(summary["disagreed"], total, "every disagreement is in one difference");
    assert_eq!(summary["incomparable"], json!({ "no place for anonymous": 1, "no place for grants": 1 }));
    assert_eq!(summary["questions"], total + 2);
    let text = out(&command(&[&["compare", DENIES, ALLOWS][..], &SOME].concat(), &folder));
    assert!(text.contains("\nfalse-allow by allows "), "{text}");
    assert!(text.contains("  denies implicit-deny, allows allow\n  expected implicit-deny\n"), "{text}");
}

#[test]
fn those_who_agree_end_with_0() {
    let folder = folder("agree");
    let served = format!("process:{BINARY} serve");
    let (code, report) = compared(&folder, &[&["reference", &served][..], &SOME].concat());
    assert_eq!((code, &report["summary"]["disagreed"]), (Some(0), &json!(0)), "{report:#}");
    assert_eq!(report["pairs"][0]["of"], json!(["kms-reference", "kms-reference (2)"]));
    assert_eq!(report["differences"], json!([]));
    // Nothing that both can be asked: nothing is shown.
    let (code, report) =
        compared(&folder, &[ALLOWS, DENIES, "--filter", "aws/core/default-deny/nothing-allows#anonymous*"]);
    assert_eq!(report["summary"]["agreed"], json!({}), "{report:#}");
    assert_eq!(code, Some(1));
}

#[test]
fn of_three_each_two_are_counted_and_those_that_can_be_asked_held_together() {
    let folder = folder("three");
    let (_, report) = compared(&folder, &[&["reference", ALLOWS, DENIES][..], &SOME].concat());
    let pairs = report["pairs"].as_array().unwrap();
    let counts: Vec<_> = pairs
        .iter()
        .map(|pair| {
            let incomparable: u64 =
                pair["incomparable"].as_object().unwrap().values().map(|count| count.as_u64().unwrap()).sum();
            (
                pair["of"].clone(),
                pair["agreed"].as_u64().unwrap() + pair["disagreed"].as_u64().unwrap(),
                incomparable,
            )
        })
        .collect();
    assert_eq!(
        counts,
        [
            (json!(["kms-reference", "allows"]), 15, 2),
            (json!(["kms-reference", "denies"]), 16, 1),
            (json!(["allows", "denies"]), 15, 2),
        ]
    );
    let summary = &report["summary"];
    assert_eq!(summary["incomparable"], json!({ "no place for anonymous": 1 }), "{summary:#}");
}

#[test]
fn questions_come_from_files_and_examples_are_made_small() {
    let folder = folder("files");
    let questions = folder.join("questions");
    fs::create_dir_all(questions.join("deeper")).unwrap();
    let asked = |id: &str| out(&command(&["show", id, "--question"], &folder));
    let known = asked("aws/core/default-deny/nothing-allows#named");
    fs::write(questions.join("a.json"), &known).unwrap();
    // Nobody has said what the answer to this is.
    let unknown = known.replace("us-west-2", "eu-central-1").replace("alice", "dave");
    fs::write(questions.join("deeper/b.json"), format!("[{unknown}]")).unwrap();
    let arguments = ["compare", ALLOWS, DENIES, "--questions", "questions", "--shrink", "--format", "jsonl"];
    let output = command(&arguments, &folder);
    let found: Vec<Value> = out(&output).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let told: Vec<_> = found.iter().map(|one| (&one["example"], &one["expected"], &one["wrong"])).collect();
    let (first, second) = (json!("questions/deeper/b.json#0"), json!("questions/a.json"));
    assert_eq!(told, [(&first, &Value::Null, &json!([])), (&second, &json!(["allow"]), &json!(["denies"]))]);
    for one in &found {
        assert_eq!(one["minimal"], true);
        assert_eq!(one["question"]["authorizations"][0]["resource"]["policy"], json!({}), "{one:#}");
    }
    for (arguments, message) in [
        (vec![ALLOWS, DENIES, "--questions", "none.json"], "none.json: "),
        (vec![ALLOWS, DENIES, "--questions", "same.py"], "same.py:2:1: "),
        (
            vec![ALLOWS, DENIES, "--questions", "questions", "--dialect", "ram"],
            "there is no question of the dialect ram",
        ),
    ] {
        let output = command(&[&["compare"], &arguments[..]].concat(), &folder);
        assert_eq!(output.status.code(), Some(2), "{}", err(&output));
        assert!(err(&output).contains(message), "{}", err(&output));
    }
}

/// A repository with these adapters, each with the answer that it gives; those without are not installed.
fn repository(name: &str, adapters: &[(&str, Option<&str>)]) -> PathBuf {
    let folder = folder(name);
    let own = folder.join("harness/adapters/python");
    fs::create_dir_all(&own).unwrap();
    fs::copy(folder.join("same.py"), own.join("same.py")).unwrap();
    adapt(&folder, adapters);
    folder
}

fn adapt(folder: &Path, adapters: &[(&str, Option<&str>)]) {
    let entry = |(name, answer): &(&str, Option<&str>)| {
        json!({
            "name": name, "evaluates": format!("{name}-package"), "version": "1.2.3", "language": "Python", "licence": "MIT",
            "command": format!("python3 -S harness/adapters/python/same.py {} {name} groups context", answer.unwrap_or("-")),
            "install": format!("make {name}"), "installed": if answer.is_some() { "same.py" } else { "missing" },
            "known": format!("known/{name}.json"),
        })
    };
    let list: Vec<_> = adapters.iter().map(entry).collect();
    fs::write(folder.join("harness/adapters/python/adapters.json"), json!(list).to_string()).unwrap();
}

fn read(folder: &Path, name: &str) -> String {
    fs::read_to_string(folder.join("reports").join(name)).unwrap()
}

#[test]
fn a_scoreboard_is_written_again_byte_for_byte_and_a_changed_one_is_told() {
    let folder = repository("scoreboard", &[("denier", Some("implicit-deny")), ("allower", Some("allow"))]);
    let output = command(&["scoreboard"], &folder.join("harness"));
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    let board: Value = serde_json::from_str(&read(&folder, "scoreboard.json")).unwrap();
    assert!(jsonschema::is_valid(&kms_conformance::schema::scoreboard(), &board));
    let [allower, denier] = [0, 1].map(|at| &board["evaluators"][at]);
    assert_eq!((&allower["name"], &denier["name"]), (&json!("allower"), &json!("denier")));
    assert!(allower["requirements"]["false-allows"].as_u64().unwrap() > 100, "{allower:#}");
    assert_eq!(denier["requirements"]["false-allows"], 0);
    for row in [allower, denier] {
        let count = |name: &str| row["requirements"][name].as_u64().unwrap();
        assert_eq!(count("met") + count("broken") + count("not-asked"), count("requirements"));
        let kinds: Vec<_> =
            row["broken"].as_array().unwrap().iter().map(|one| one["kind"].as_str().unwrap()).collect();
        let allows = kinds.iter().take_while(|kind| **kind == "false-allow").count();
        assert!(kinds[allows..].iter().all(|kind| *kind != "false-allow"), "false allows come first");
    }
    let pages = ["scoreboard.json", "scoreboard.md", "evaluators/allower.md", "evaluators/denier.md"];
    for page in pages {
        let text = read(&folder, page);
        assert!(!text.contains(folder.to_str().unwrap()), "{page} names a path of this machine");
    }
    assert!(!read(&folder, "evaluators/allower.md").contains("- a defect:"));
    let output = command(&["scoreboard", "--check"], &folder);
    assert_eq!(output.status.code(), Some(0), "{}{}", out(&output), err(&output));

    let changed = folder.join("reports/evaluators/allower.md");
    fs::write(&changed, read(&folder, "evaluators/allower.md").replace("got allow", "got deny")).unwrap();
    fs::write(folder.join("reports/evaluators/gone.md"), "# gone\n").unwrap();
    let output = command(&["scoreboard", "--check", "allower"], &folder);
    assert_eq!(output.status.code(), Some(1), "{}", err(&output));
    for part in ["--- reports/evaluators/allower.md", ", got deny", ", got allow", "-# gone"] {
        assert!(out(&output).contains(part), "{part}");
    }
    assert!(fs::read_to_string(&changed).unwrap().contains("got deny"), "a check writes nothing");
}

#[test]
fn the_row_of_an_evaluator_that_is_not_installed_is_kept() {
    let folder = repository("kept", &[("allower", Some("allow"))]);
    assert_eq!(command(&["scoreboard"], &folder).status.code(), Some(0));
    let before = read(&folder, "scoreboard.json");
    let mut with_another: Value = serde_json::from_str(&before).unwrap();
    let rows = with_another["evaluators"].as_array_mut().unwrap();
    rows.push(rows[0].clone());
    rows[1]["name"] = json!("gone");
    fs::write(folder.join("reports/scoreboard.json"), with_another.to_string()).unwrap();
    fs::write(folder.join("reports/evaluators/gone.md"), "# gone").unwrap();

    adapt(&folder, &[("allower", None), ("newer", None)]);
    let output = command(&["scoreboard"], &folder);
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    let told = err(&output);
    for part in [
        "allower: not installed; to install it: make allower; its row is kept",
        "newer: not installed; to install it: make newer; it has no row",
        "gone: there is no such adapter any more; its row is dropped",
    ] {
        assert!(told.contains(part), "{part} is not in\n{told}");
    }
    assert_eq!(read(&folder, "scoreboard.json"), before);
    assert!(folder.join("reports/evaluators/allower.md").is_file());
    assert!(!folder.join("reports/evaluators/gone.md").exists());
}

#[test]
fn an_evaluator_that_cannot_be_run_keeps_its_row_and_ends_with_3() {
    let folder = repository("broken", &[("allower", Some("allow"))]);
    let file = folder.join("harness/adapters/python/same.py");
    for (from, to, message) in [
        ("import json", "import no_such_module", "allower: cannot start the evaluator"),
        ("\"1.2.3\"", "\"1.2.4\"", "allower: its version is 1.2.4, and `adapters.json` pins 1.2.3"),
    ] {
        fs::write(&file, SAME.replace(from, to)).unwrap();
        let output = command(&["scoreboard"], &folder);
        assert_eq!(output.status.code(), Some(3), "{}", err(&output));
        assert!(err(&output).contains(message), "{}", err(&output));
        assert!(err(&output).contains("it could not be run; it has no row"), "{}", err(&output));
    }
    for (arguments, folder, message) in [
        (["scoreboard", "nobody"], folder.as_path(), "no adapter `nobody`"),
        (["scoreboard", "--check"], Path::new("/"), "no adapters in a folder `harness/adapters`"),
    ] {
        let output = command(&arguments, folder);
        assert_eq!(output.status.code(), Some(2));
        assert!(err(&output).contains(message), "{}", err(&output));
    }
}

#[test]
fn a_script_that_names_a_failing_check_makes_a_defect() {
    let folder = repository("defect", &[("allower", Some("allow"))]);
    let scripts = folder.join("corpus/third-party/allower");
    fs::create_dir_all(&scripts).unwrap();
    let fails = "aws/core/default-deny/nothing-allows#user";
    let ids: Vec<Value> = serde_json::from_str(&out(&command(
        &["list", "--filter", "aws/core/*", "--format", "json"],
        &folder,
    )))
    .unwrap();
    let of = |expectation: &str| {
        let plain = |one: &&Value| one["expectation"] == expectation && one["features"] == json!([]);
        ids.iter().find(plain).map_or(fails, |one| one["id"].as_str().unwrap()).to_owned()
    };
    let (denied, allowed) = (of("implicit-deny"), of("allow"));
    fs::write(scripts.join("denied.py"), format!("# Shows {denied}.\nprint('allow')\n")).unwrap();
    fs::write(scripts.join("allowed.py"), format!("\"\"\"{allowed}\"\"\"\n")).unwrap();
    fs::write(scripts.join("helper.py"), "# no check\n").unwrap();
    let output = command(&["scoreboard"], &folder);
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    let page = read(&folder, "evaluators/allower.md");
    assert!(
        page.contains("- a defect: [denied.py](../../corpus/third-party/allower/denied.py) shows"),
        "{page}"
    );
    assert!(!page.contains("allowed.py"));
    let told = err(&output);
    assert!(told.contains(&format!("allowed.py reproduces `{allowed}`, which does not fail")), "{told}");
    assert!(told.contains("helper.py names no check in its first 5 lines"), "{told}");

    fs::write(scripts.join("denied.py"), format!("# {denied}\n{}", "\n".repeat(30))).unwrap();
    let output = command(&["scoreboard"], &folder);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        err(&output).contains("denied.py has 31 lines; a reproduction has 30 at most"),
        "{}",
        err(&output)
    );
}

#[test]
fn false_allows_are_reproduced_by_the_script_that_causes_names_until_they_are_mended() {
    let folder = repository("causes", &[("allower", Some("allow"))]);
    let scripts = folder.join("corpus/third-party/allower");
    fs::create_dir_all(&scripts).unwrap();
    let denied = "aws/core/default-deny/nothing-allows#named";
    fs::write(scripts.join("any.py"), format!("# {denied}\n")).unwrap();
    let causes = |text: &str| fs::write(scripts.join("causes.tsv"), text).unwrap();
    let reproduced = || {
        let board: Value = serde_json::from_str(&read(&folder, "scoreboard.json")).unwrap();
        assert!(jsonschema::is_valid(&kms_conformance::schema::scoreboard(), &board));
        let counts = &board["evaluators"][0]["requirements"];
        (counts["reproduced"].as_u64().unwrap(), counts["false-allows"].as_u64().unwrap())
    };
    // Everything is allowed for one reason here.
    causes("aws/*\tany.py\n");
    let output = command(&["scoreboard"], &folder);
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    let (all, allows) = reproduced();
    assert!(all == allows && all > 100, "{all} of {allows}");
    assert!(!read(&folder, "evaluators/allower.md").contains("not called a defect"));

    causes("aws/core/*\tany.py\n");
    assert_eq!(command(&["scoreboard"], &folder).status.code(), Some(0));
    let (some, allows) = reproduced();
    assert!(0 < some && some < allows, "{some} of {allows}");
    let page = read(&folder, "evaluators/allower.md");
    assert!(page.contains("## not reproduced, so not called a defect: "), "{page}");

    for (text, code, message) in [
        ("aws/core/*\tgone.py\n", 2, "1:1: no script `gone.py` beside this file names a check"),
        ("aws/no/such#check\tany.py\n", 2, "1:1: there is no check `aws/no/such#check`"),
        ("aws/*\tany.py\nram/*\tany.py\n", 1, "2:1: `ram/*` is stale: no false allow is left for it"),
    ] {
        causes(text);
        let output = command(&["scoreboard"], &folder);
        assert_eq!(output.status.code(), Some(code), "{text}");
        let told = format!("corpus/third-party/allower/causes.tsv:{message}");
        assert!(err(&output).contains(&told), "{}", err(&output));
    }
    causes("aws/*\tany.py\n");
    adapt(&folder, &[("allower", Some("implicit-deny"))]);
    let output = command(&["scoreboard"], &folder);
    assert_eq!(output.status.code(), Some(1), "{}", err(&output));
    assert!(err(&output).contains("causes.tsv:1:1: `aws/*` is stale"), "{}", err(&output));
}

#[test]
fn known_differences_are_written_and_then_hold() {
    let folder = repository("known", &[("allower", Some("allow"))]);
    let known = "harness/adapters/python/known/allower.json";
    let arguments = |option: &'static str| {
        ["run", "--evaluator", "allower", "--filter", "aws/core/*", "--failures", "0", option, known]
    };
    let output = command(&arguments("--write-known"), &folder);
    assert_eq!(output.status.code(), Some(0), "{}{}", out(&output), err(&output));
    let told = err(&output);
    assert!(told.contains("of the class `bug` until somebody looks at them: false-allow "), "{told}");
    assert!(told.contains("false allows more"), "{told}");
    let text = fs::read_to_string(folder.join(known)).unwrap();
    assert!(text.contains("\"reason\": \"differs from requirement kms.core."), "{text}");
    assert_eq!(command(&arguments("--known"), &folder).status.code(), Some(0));
    // Again, over less: nothing is new, and what is not asked for stays.
    let less =
        ["run", "--evaluator", "allower", "--filter", "aws/core/default-deny/*", "--write-known", known];
    let output = command(&less, &folder);
    assert!(!err(&output).contains("more"), "{}", err(&output));
    assert_eq!(fs::read_to_string(folder.join(known)).unwrap(), text);
    // Mended: the file no longer holds, until it is written again.
    adapt(&folder, &[("allower", Some("implicit-deny"))]);
    let output = command(&arguments("--known"), &folder);
    assert_eq!(output.status.code(), Some(1));
    assert!(out(&output).contains("it passes now"), "{}", out(&output));
    let output = command(&arguments("--write-known"), &folder);
    assert!(err(&output).contains("entries dropped that no longer hold"), "{}", err(&output));
    assert_eq!(command(&arguments("--known"), &folder).status.code(), Some(0));
    assert_eq!(command(&["run", "--evaluator", "nobody"], &folder).status.code(), Some(2));
}
