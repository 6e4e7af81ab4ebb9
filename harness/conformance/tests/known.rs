//! Known differences are brought up to date: what is new is added, what is stale dropped, what people wrote kept.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use kms_conformance::known::{Known, Update};
use kms_conformance::model::{Answer, Description, Dialect, Evaluator, Feature, Outcome, Question};
use kms_conformance::{Catalogue, Options, Run};

/// Three checks: one that must be allowed, one that must be refused, one that nobody has said anything about.
const SUITE: &str = r#"{
  "title": "Decrypt",
  "policies": { "app": { "Version": "2012-10-17", "Statement": [ { "Effect": "Allow",
    "Principal": { "AWS": "arn:aws:iam::111122223333:user/alice" }, "Action": "kms:Decrypt", "Resource": "*" } ] } },
  "cases": [ { "name": "decrypt", "world": { "keys": { "K": { "policy": { "use": "app" } } } }, "checks": [
    { "name": "alice", "caller": "alice", "operation": "Decrypt", "on": "K", "expect": "allow" },
    { "name": "carol", "caller": "carol", "operation": "Decrypt", "on": "K", "expect": "implicit-deny" },
    { "name": "bob", "caller": "bob", "operation": "Decrypt", "on": "K", "observe": { "allow": "nobody" } } ] } ]
}"#;

/// Answers everybody the same.
struct Same {
    outcome: Outcome,
    description: Description,
}

impl Evaluator for Same {
    fn description(&self) -> &Description {
        &self.description
    }

    fn answer(&mut self, _: &Question) -> Answer {
        self.outcome.clone().into()
    }
}

fn catalogue() -> Catalogue {
    Catalogue::from_text("s", SUITE).unwrap()
}

fn ask(catalogue: &Catalogue, outcome: &Outcome, dialect: Dialect) -> Run {
    let outcome = outcome.clone();
    let start = move || Same {
        outcome: outcome.clone(),
        description: Description::new("same", "1", dialect).with(Feature::ALL),
    };
    kms_conformance::run(catalogue, Arc::new(start), &Options::default(), &mut |_, _| {}).unwrap()
}

fn file(name: &str, text: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("known-{name}.json"));
    fs::write(&path, text).unwrap();
    path
}

/// The ids, answers, classes and reasons after a run in which everybody got this answer.
fn updated(name: &str, old: &str, outcome: &Outcome) -> (Update, String) {
    let catalogue = catalogue();
    let old = Known::read_old(&file(name, old)).unwrap();
    let update = Update::new(&old, &ask(&catalogue, outcome, Dialect::Aws), &catalogue, &catalogue);
    let line = |entry: &kms_conformance::known::KnownDifference| {
        let link = entry.link.as_deref().unwrap_or("-");
        format!("{} {} {} {} [{link}]\n", entry.id, entry.got, entry.class.word(), entry.reason)
    };
    let text = update.known.entries().iter().map(line).collect();
    (update, text)
}

#[test]
fn new_failures_become_entries_the_worst_told_first() {
    let error = Outcome::Error { error: "/tmp/x".to_owned() };
    for (outcome, text, added) in [
        (
            Outcome::Allow,
            "s/decrypt#carol allow bug differs: expected implicit-deny, got allow [-]\n",
            vec!["false-allow"],
        ),
        (
            Outcome::ImplicitDeny,
            "s/decrypt#alice implicit-deny bug differs: expected allow, got implicit-deny [-]\n",
            vec!["false-deny"],
        ),
        (
            error,
            "s/decrypt#alice error bug differs: expected allow, got error [-]\n\
             s/decrypt#bob error bug differs: expected any answer, got error [-]\n\
             s/decrypt#carol error bug differs: expected implicit-deny, got error [-]\n",
            vec!["error"; 3],
        ),
    ] {
        let (update, found) = updated("new", "[]", &outcome);
        assert_eq!(found, text);
        assert_eq!(update.added.iter().map(|(kind, _)| *kind).collect::<Vec<_>>(), added);
        assert!(update.changed.is_empty() && update.dropped.is_empty(), "{update:?}");
    }
    let (update, _) = updated("worst", "[]", &Outcome::ExplicitDeny);
    let kinds: Vec<_> = update.added.iter().map(|(kind, id)| format!("{kind} {id}")).collect();
    assert_eq!(kinds, ["false-deny s/decrypt#alice", "wrong-deny-kind s/decrypt#carol"]);
}

#[test]
fn what_people_wrote_is_kept_and_what_is_stale_is_dropped() {
    let written = r#"[
      {"id":"s/decrypt#carol","got":"allow","class":"unspecified","reason":"by design","link":"https://example.org/1"},
      {"id":"s/decrypt#alice","got":"implicit-deny","class":"bug","reason":"passes now"},
      {"id":"s/decrypt#nobody","got":"allow","class":"bug","reason":"never was"}]"#;
    let (update, text) = updated("written", written, &Outcome::Allow);
    assert_eq!(text, "s/decrypt#carol allow unspecified by design [https://example.org/1]\n");
    assert_eq!(update.dropped, ["s/decrypt#alice", "s/decrypt#nobody"]);
    assert!(update.added.is_empty() && update.changed.is_empty(), "{update:?}");
}

#[test]
fn another_answer_is_told_and_a_reason_that_nobody_wrote_follows_it() {
    let entry = |reason: &str| {
        format!(r#"[{{"id":"s/decrypt#carol","got":"error","class":"dialect","reason":"{reason}"}}]"#)
    };
    for (reason, kept) in [
        ("by design", "by design"),
        ("differs: expected implicit-deny, got error", "differs: expected implicit-deny, got allow"),
    ] {
        let (update, text) = updated("changed", &entry(reason), &Outcome::Allow);
        assert_eq!(text, format!("s/decrypt#carol allow dialect {kept} [-]\n"));
        assert_eq!(update.changed, [("false-allow", "s/decrypt#carol".to_owned())]);
        assert!(update.added.is_empty(), "{update:?}");
    }
}

#[test]
fn a_pattern_stays_as_long_as_it_matches_a_failure_with_its_answer() {
    let pattern = r#"[{"id":"s/*","got":"error","class":"unsupported","reason":"cannot"}]"#;
    let (update, text) = updated("pattern", pattern, &Outcome::Error { error: String::new() });
    assert_eq!((text.as_str(), update.added.len()), ("s/* error unsupported cannot [-]\n", 0));
    let (update, text) = updated("pattern-stale", pattern, &Outcome::Allow);
    assert_eq!(text, "s/decrypt#carol allow bug differs: expected implicit-deny, got allow [-]\n");
    assert_eq!(update.dropped, ["s/*"]);
}

#[test]
fn entries_for_checks_that_were_not_selected_stay() {
    let whole = catalogue();
    let part = catalogue().filtered(|check| check.id.ends_with("#alice"));
    let entries = r#"[{"id":"s/decrypt#carol","got":"allow","class":"bug","reason":"r"},
      {"id":"s/decrypt#alice","got":"error","class":"bug","reason":"r"}]"#;
    let old = Known::read_old(&file("part", entries)).unwrap();
    let update = Update::new(&old, &ask(&part, &Outcome::Allow, Dialect::Aws), &part, &whole);
    let ids = |update: &Update| update.known.entries().iter().map(|one| one.id.clone()).collect::<Vec<_>>();
    assert_eq!(ids(&update), ["s/decrypt#carol"]);
    // An evaluator that does not declare the dialect is asked nothing of it, so nothing is known of it either.
    let update = Update::new(&old, &ask(&whole, &Outcome::Allow, Dialect::Ram), &whole, &whole);
    assert!(ids(&update).is_empty(), "{update:?}");
}

#[test]
fn a_run_held_against_its_update_does_not_fail_and_the_file_is_read_as_it_was_written() {
    let catalogue = catalogue();
    for outcome in [Outcome::Allow, Outcome::Error { error: String::new() }] {
        let run = ask(&catalogue, &outcome, Dialect::Aws);
        let update = Update::new(&Known::default(), &run, &catalogue, &catalogue);
        assert!(run.summary().failed > 0);
        let known = Known::read(&file("again", &update.known.to_text()), &catalogue).unwrap();
        assert_eq!(known.to_text(), update.known.to_text());
        let summary = run.with_known(&known).summary();
        assert_eq!((summary.failed, summary.known), (0, update.added.len()), "{outcome:?}");
        // The same evaluator, mended: every entry is stale.
        let mended = ask(&catalogue, &Outcome::Timeout { error: String::new() }, Dialect::Aws);
        assert_eq!(mended.with_known(&known).summary().known, 0);
    }
}

#[test]
fn a_file_that_is_not_there_has_no_entries_and_a_bad_one_is_told() {
    let none = Known::read_old(Path::new("no/such/file.json")).unwrap();
    assert!(none.entries().is_empty());
    let bad = r#"[{"id":"x","got":"alow","class":"bug","reason":"r"}]"#;
    assert!(Known::read_old(&file("bad", bad)).unwrap_err().to_string().contains("`alow` is no answer"));
}
