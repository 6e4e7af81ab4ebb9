//! `mutants`: what it sums up, and what it does not let pass.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

const ALL: &str = "a/src/x.rs:1:1: replace f -> bool with true\na/src/x.rs:2:9: replace == with != in f\n\
    a/src/x.rs:7:9: replace == with != in f\na/src/y.rs:4:5: replace g with ()\na/src/told.rs:3:5: replace h -> String with String::new()\n";

/// What is missed twice, what never ends, and a table that fits.
const MISSED: &str = "a/src/x.rs:2:9: replace == with != in f\na/src/x.rs:7:9: replace == with != in f\n";
const REASONS: &str = "kind\tmutants\twhat\twhy\nscope\t\ta/src\nleft-out\t1\ttold.rs\tit only tells\n\
    survivor\t2\ta/src/x.rs: replace == with != in f\tboth are the same\n";

/// A folder with the results of two runs, of which the second has tried one mutant again.
fn folder(name: &str, reasons: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("mutants-{name}"));
    let _ = fs::remove_dir_all(&folder);
    for (run, caught, missed, timeout, unviable) in [
        (
            "first",
            "a/src/y.rs:4:5: replace g with ()\n",
            MISSED,
            "a/src/x.rs:1:1: replace f -> bool with true\n",
            "",
        ),
        // The line has moved since, so that there is no such mutant any more.
        ("second", "", "a/src/y.rs:9:5: replace g with ()\n", "", "a/src/y.rs:4:5: replace g with ()\n"),
    ] {
        let folder = folder.join(run);
        fs::create_dir_all(&folder).unwrap();
        for (file, text) in [
            ("outcomes.json", r#"{ "cargo_mutants_version": "27.1.0", "outcomes": [] }"#),
            ("caught.txt", caught),
            ("missed.txt", missed),
            ("timeout.txt", timeout),
            ("unviable.txt", unviable),
        ] {
            fs::write(folder.join(file), text).unwrap();
        }
    }
    fs::write(folder.join("all.txt"), ALL).unwrap();
    fs::write(folder.join("mutants.tsv"), reasons).unwrap();
    folder
}

fn mutants(folder: &Path, runs: &[&str]) -> (Option<i32>, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_kms-conformance"))
        .args(["mutants", "--all", "all.txt", "--reasons", "mutants.tsv"])
        .args(runs)
        .current_dir(folder)
        .env("NO_COLOR", "1")
        .output()
        .unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

#[test]
fn runs_are_summed_up_with_the_reasons() {
    let (code, sum, problems) = mutants(&folder("sum", REASONS), &["first", "second"]);
    assert_eq!((code, problems.as_str()), (Some(0), ""));
    assert_eq!(
        serde_json::from_str::<Value>(&sum).unwrap(),
        json!({ "version": "cargo-mutants 27.1.0", "scope": ["a/src"], "total": 4, "caught": 0, "missed": 2, "timeout": 1,
            "unviable": 1, "left-out": { "count": 1, "why": "it only tells" },
            "survivors": [{ "mutant": "a/src/x.rs: replace == with != in f", "count": 2, "why": "both are the same" }] })
    );
}

#[test]
fn what_is_not_explained_fails() {
    for (name, reasons, problem) in [
        (
            "unexplained",
            REASONS.replace("survivor", "scope"),
            "`a/src/x.rs: replace == with != in f` is missed, and no reason",
        ),
        ("another-count", REASONS.replace("survivor\t2", "survivor\t1"), "is missed 2 times, not 1"),
        (
            "needless",
            format!("{REASONS}survivor\t1\ta/src/y.rs: replace g with ()\tit was\n"),
            "`a/src/y.rs: replace g with ()`, which is not missed",
        ),
        ("not-tried", REASONS.replace("left-out\t1", "left-out\t2"), "1 mutants have no result"),
        (
            "out-of-scope",
            REASONS.replace("\ta/src\n", "\ta/src/x\n"),
            "`a/src/y.rs:4:5: replace g with ()` is in no scope",
        ),
    ] {
        let (code, sum, problems) = mutants(&folder(name, &reasons), &["first", "second"]);
        assert_eq!((code, sum.as_str()), (Some(1), ""), "{name}: {problems}");
        assert!(problems.contains(problem), "{name}: {problems}");
    }
}

#[test]
fn what_cannot_be_read_is_refused() {
    for (name, reasons, problem) in [
        ("no-reason", "kind\nsurvivor\t1\tx\t\n".to_owned(), "mutants.tsv:2: the reason is empty"),
        ("no-number", "kind\nsurvivor\tmany\tx\ty\n".to_owned(), "`many` is no number of mutants"),
        ("no-kind", "kind\nsurvived\t1\tx\ty\n".to_owned(), "`survived` is none of"),
        ("columns", "kind\nsurvivor\t1\tx\n".to_owned(), "expected kind, number, mutant and reason"),
        (
            "twice",
            format!("{REASONS}{}", REASONS.lines().last().unwrap()),
            "mutants.tsv:5: this stands in the table twice",
        ),
    ] {
        let (code, _, problems) = mutants(&folder(name, &reasons), &["first"]);
        assert!(code == Some(2) && problems.contains(problem), "{name}: {problems}");
    }
    let (code, _, problems) = mutants(&folder("no-run", REASONS), &["third"]);
    assert!(code == Some(2) && problems.contains("third"), "{problems}");
}
