//! What a scoreboard says of an evaluator follows from its verdicts, false allows first.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::Arc;

use kms_conformance::adapters::Adapter;
use kms_conformance::model::json::{Limits, parse};
use kms_conformance::model::{Answer, Description, Dialect, Evaluator, Feature, Outcome, Question};
use kms_conformance::run::Run;
use kms_conformance::scoreboard::{Causes, Counts, Reproduction, Row, Scoreboard, page, table};
use kms_conformance::{Catalogue, Options};

/// Requirements that are shown by: a check that grants; one that refuses, twice; a grant; an observation; nothing.
const SUITE: &str = r#"{
  "title": "Decrypt",
  "requirements": [
    { "id": "x.allows", "strength": "must", "statement": "Alice is allowed.", "sources": [ { "document": "Guide", "section": "one" } ] },
    { "id": "x.denies", "strength": "must", "statement": "Others are not.", "sources": [ { "document": "Guide", "section": "two" } ] },
    { "id": "x.grants", "strength": "must", "statement": "A grant allows.", "sources": [ { "document": "Guide", "section": "three" } ] },
    { "id": "x.open", "strength": "silent", "statement": "Nobody says.", "sources": [ { "document": "Guide", "section": "four" } ] },
    { "id": "x.never", "strength": "must", "statement": "Not seen.", "untested": "it cannot be", "sources": [ { "document": "Guide", "section": "five" } ] } ],
  "policies": { "app": { "Version": "2012-10-17", "Statement": [ { "Effect": "Allow",
    "Principal": { "AWS": "arn:aws:iam::111122223333:user/alice" }, "Action": "kms:Decrypt", "Resource": "*" } ] } },
  "cases": [
    { "name": "decrypt", "world": { "keys": { "K": { "policy": { "use": "app" } } } }, "checks": [
      { "name": "alice", "requirements": ["x.allows"], "caller": "alice", "operation": "Decrypt", "on": "K", "expect": "allow" },
      { "name": "session", "requirements": ["x.denies"], "caller": "App/long-name", "operation": "Decrypt", "on": "K", "expect": "implicit-deny" },
      { "name": "carol", "requirements": ["x.denies"], "caller": "carol", "operation": "Decrypt", "on": "K", "expect": "implicit-deny" },
      { "name": "bob", "requirements": ["x.open"], "caller": "bob", "operation": "Decrypt", "on": "K", "observe": { "allow": "nobody" } } ] },
    { "name": "grant", "requirements": ["x.grants"], "world": { "keys": { "K": { "policy": { "use": "app" },
        "grants": { "G": { "grantee": "carol", "operations": ["Decrypt"] } } } } }, "checks": [
      { "name": "carol", "caller": "carol", "operation": "Decrypt", "on": "K", "expect": "allow" } ] } ]
}"#;

struct Same(Outcome, Description);

impl Evaluator for Same {
    fn description(&self) -> &Description {
        &self.1
    }

    fn answer(&mut self, _: &Question) -> Answer {
        self.0.clone().into()
    }
}

const CAUSES: &str = "corpus/third-party/same/causes.tsv";

fn catalogue() -> Catalogue {
    Catalogue::from_text("aws/topic/s.json", SUITE).unwrap()
}

/// The row of an evaluator without grants that answers everybody the same.
fn row(outcome: &Outcome, reproductions: &[Reproduction]) -> Row {
    row_with(outcome, reproductions, "")
}

fn row_with(outcome: &Outcome, reproductions: &[Reproduction], causes: &str) -> Row {
    let causes = Causes::read(CAUSES, causes, reproductions, &catalogue()).unwrap();
    Row::new(&adapter(), &run(outcome), &catalogue(), "1 abc", reproductions, &causes)
}

fn adapter() -> Adapter {
    let adapters = r#"[{"name":"same","evaluates":"same-package","version":"1","language":"Rust","licence":"MIT",
        "command":"same","install":"make same","installed":"same","known":"known/same.json"}]"#;
    let read = Adapter::read_all(&parse(adapters, Limits::default()).unwrap()).unwrap();
    let [adapter] = <[Adapter; 1]>::try_from(read).unwrap();
    assert_eq!(adapter.known.as_deref(), Some("known/same.json"));
    adapter
}

fn run(outcome: &Outcome) -> Run {
    let outcome = outcome.clone();
    let start =
        move || Same(outcome.clone(), Description::new("same", "1", Dialect::Aws).with(&[Feature::Groups]));
    let options = Options::default();
    kms_conformance::run(&catalogue(), Arc::new(start), &options, &mut |_, _| {}).unwrap()
}

/// A script about a check of the suite.
fn script(check: &str) -> Reproduction {
    Reproduction {
        check: format!("aws/topic/s/decrypt#{check}"),
        script: format!("corpus/third-party/same/{check}.py"),
    }
}

fn counts(row: &Row) -> [usize; 5] {
    let Counts { requirements, met, broken, false_allows, not_asked, .. } = row.requirements;
    [requirements, met, broken, false_allows, not_asked]
}

#[test]
fn a_requirement_is_met_broken_or_not_asked() {
    for (outcome, expected, kinds) in [
        (Outcome::Allow, [5, 1, 1, 1, 3], "x.denies false-allow 2/2 aws/topic/s/decrypt#carol"),
        (Outcome::ImplicitDeny, [5, 1, 1, 0, 3], "x.allows false-deny 1/1 aws/topic/s/decrypt#alice"),
        (
            Outcome::ExplicitDeny,
            [5, 0, 2, 0, 3],
            "x.allows false-deny 1/1 aws/topic/s/decrypt#alice, x.denies wrong-deny-kind 2/2 aws/topic/s/decrypt#carol",
        ),
    ] {
        let row = row(&outcome, &[]);
        assert_eq!(counts(&row), expected, "{outcome:?}");
        let told = row.broken.iter().map(|one| {
            format!("{} {} {}/{} {}", one.requirement, one.kind, one.failed, one.asked, one.check)
        });
        assert_eq!(told.collect::<Vec<_>>().join(", "), kinds);
        assert_eq!(row.topics["aws/topic"], row.requirements);
        assert_eq!((row.checks.checks, row.checks.not_asked), (4, 1));
        assert_eq!(row.lacking.get("grants"), Some(&1));
    }
}

#[test]
fn it_is_called_a_defect_only_where_a_script_shows_a_failing_check() {
    let both = [script("alice"), script("session")];
    let row = row(&Outcome::Allow, &both);
    assert_eq!(row.scripts().into_iter().collect::<Vec<_>>(), [both[1].script.as_str()]);
    let text = page(&row, &catalogue());
    let line = "- a defect: [session.py](../../corpus/third-party/same/session.py) shows `aws/topic/s/decrypt#session`";
    assert!(text.contains(line), "{text}");
    assert!(!page(&self::row(&Outcome::Allow, &both[..1]), &catalogue()).contains("- a defect:"));
}

#[test]
fn a_requirement_is_reproduced_where_scripts_show_all_its_false_allows() {
    let scripts = [script("session")];
    let (session, carol) =
        ("aws/topic/s/decrypt#session\tsession.py\n", "aws/topic/s/decrypt#carol\tsession.py\n");
    let both = format!("{carol}{session}");
    let open = "## not reproduced, so not called a defect: 1\n\nFalse allows that no script shows yet:\n\n- `aws/topic/s/decrypt#carol`\n";
    let shown = "shows `aws/topic/s/decrypt#session` without the harness";
    for (scripts, causes, reproduced, parts) in [
        (
            &scripts[..0],
            "",
            0,
            vec![
                "## not reproduced, so not called a defect: 2\n",
                "(1 with a false allow, 0 of them reproduced)",
            ],
        ),
        // The check in the head of a script is shown, whether or not it is attributed.
        (&scripts, "", 0, vec![open, shown]),
        (&scripts, session, 0, vec![open, shown]),
        (
            &scripts,
            carol,
            1,
            vec!["session` without the harness, and of another check here\n", "1 of them reproduced"],
        ),
        (&scripts, &both, 1, vec!["session` without the harness, and of another check here\n"]),
        (
            &scripts,
            "aws/topic/s/decrypt#*\tsession.py\n",
            1,
            vec!["session` without the harness, and of another check here\n"],
        ),
        (
            &[script("alice")],
            "aws/topic/s/decrypt#*\talice.py\n",
            1,
            vec![
                "- a defect: [alice.py](../../corpus/third-party/same/alice.py) shows the cause of `aws/topic/s/decrypt#carol` without the harness, and of another check here\n",
            ],
        ),
    ] {
        let row = row_with(&Outcome::Allow, scripts, causes);
        assert_eq!(row.requirements.reproduced, reproduced, "{causes}");
        assert_eq!(row.topics["aws/topic"].reproduced, reproduced);
        let text = page(&row, &catalogue());
        for part in parts {
            assert!(text.contains(part), "{part} is not in\n{text}");
        }
        assert_eq!(text.contains("so not called a defect:"), reproduced == 0, "{text}");
        let json = serde_json::to_value(Scoreboard { evaluators: vec![row] }).unwrap();
        assert!(jsonschema::is_valid(&kms_conformance::schema::scoreboard(), &json), "{json:#}");
    }
    // What fails in another way is not explained by a cause of false allows.
    let row = row_with(&Outcome::ImplicitDeny, &[script("carol")], "aws/topic/s/decrypt#*\tcarol.py\n");
    assert!(row.scripts().is_empty());
}

#[test]
fn causes_are_sorted_and_name_checks_and_scripts_that_there_are() {
    for (text, problem) in [
        ("aws/topic/s/decrypt#carol session.py\n", "1:1: expected a check, a tab and a script"),
        ("\n", "1:1: expected a check, a tab and a script"),
        ("aws/topic/s/decrypt#nobody\tsession.py\n", "1:1: there is no check `aws/topic/s/decrypt#nobody`"),
        ("aws/other/*\tsession.py\n", "1:1: no check matches `aws/other/*`"),
        ("aws/topic/s/decrypt#carol\tgone.py\n", "1:1: no script `gone.py` beside this file names a check"),
        (
            "aws/topic/s/decrypt#session\tsession.py\naws/topic/s/decrypt#carol\tsession.py\n",
            "2:1: `aws/topic/s/decrypt#carol` stands behind what sorts after it",
        ),
        (
            "aws/topic/s/decrypt#carol\talice.py\naws/topic/s/decrypt#carol\tsession.py\n",
            "2:1: `aws/topic/s/decrypt#carol` has a script already",
        ),
        (
            "aws/topic/s/*\tsession.py\naws/topic/s/decrypt#*\talice.py\n",
            "2:1: `aws/topic/s/decrypt#*` has checks of `aws/topic/s/*` too, on line 1",
        ),
    ] {
        let read = Causes::read(CAUSES, text, &[script("alice"), script("session")], &catalogue());
        assert_eq!(read.unwrap_err().to_string(), format!("{CAUSES}:{problem}"));
    }
    // A check that is named goes before a pattern.
    let text = "aws/topic/s/*\tsession.py\naws/topic/s/decrypt#carol\talice.py\n";
    let causes = Causes::read(CAUSES, text, &[script("alice"), script("session")], &catalogue()).unwrap();
    let named = |check: &str| causes.script(check).map(ToOwned::to_owned);
    assert_eq!(named("aws/topic/s/decrypt#carol"), Some(script("alice").script));
    assert_eq!(named("aws/topic/s/decrypt#session"), Some(script("session").script));
    assert_eq!(named("aws/other"), None);
}

#[test]
fn a_cause_of_what_is_no_false_allow_any_more_is_stale() {
    let scripts = [script("session")];
    for (outcome, text, stale) in [
        (
            Outcome::Allow,
            "aws/topic/s/decrypt#carol\tsession.py\naws/topic/s/decrypt#session\tsession.py\n",
            "",
        ),
        (Outcome::Allow, "aws/topic/s/decrypt#*\tsession.py\n", ""),
        (
            Outcome::Allow,
            "aws/topic/s/decrypt#alice\tsession.py\naws/topic/s/decrypt#carol\tsession.py\n",
            "1:1: `aws/topic/s/decrypt#alice` is stale: no false allow is left for it",
        ),
        (
            Outcome::Allow,
            "aws/topic/s/decrypt#carol\tsession.py\naws/topic/s/grant#*\tsession.py\n",
            "2:1: `aws/topic/s/grant#*` is stale: no false allow is left for it",
        ),
        // A failure of another kind is no false allow.
        (
            Outcome::ExplicitDeny,
            "aws/topic/s/decrypt#carol\tsession.py\n",
            "1:1: `aws/topic/s/decrypt#carol` is stale: no false allow is left for it",
        ),
    ] {
        let causes = Causes::read(CAUSES, text, &scripts, &catalogue()).unwrap();
        let told: Vec<_> = causes.stale(&run(&outcome)).iter().map(ToString::to_string).collect();
        let expected = if stale.is_empty() { String::new() } else { format!("{CAUSES}:{stale}") };
        assert_eq!(told.join("\n"), expected);
    }
}

#[test]
fn a_page_shows_rule_case_answers_and_source() {
    let text = page(&row(&Outcome::Allow, &[]), &catalogue());
    for part in [
        "Of 5 requirements 1 are met, 1 broken (1 with a false allow, 0 of them reproduced), 3 not asked.",
        "## false-allow: 1",
        "### x.denies\n\nOthers are not.",
        "differs from requirement x.denies: [`aws/topic/s/decrypt#carol`](../../spec-cases/aws/topic/s.json) expected implicit-deny, got allow",
        "- source: Guide, two",
        "\"kind\": \"authorize\"",
    ] {
        assert!(text.contains(part), "{part} is not in\n{text}");
    }
}

#[test]
fn the_table_tells_rows_of_an_earlier_catalogue_and_the_json_fits_its_schema() {
    let scoreboard = Scoreboard { evaluators: vec![row(&Outcome::Allow, &[])] };
    let text = table(&scoreboard, &catalogue());
    assert!(text.contains("[same](evaluators/same.md) (earlier catalogue)"), "{text}");
    assert!(text.contains("| aws/topic | 1 / **1 (1)** / 3 |"), "{text}");
    assert!(
        text.contains("The dialect aws has 5 requirements. No check expects an answer for 2 of them"),
        "{text}"
    );
    let json = serde_json::to_value(&scoreboard).unwrap();
    assert!(jsonschema::is_valid(&kms_conformance::schema::scoreboard(), &json), "{json:#}");
    assert_eq!(serde_json::from_value::<Scoreboard>(json).unwrap(), scoreboard);
}
