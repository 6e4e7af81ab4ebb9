//! Every check has been answered twice, and where the answers differ somebody says who was right.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

fn rows(text: &str) -> impl Iterator<Item = Vec<&str>> {
    text.lines().filter(|line| !line.starts_with('#')).skip(1).map(|line| line.split('\t').collect())
}

/// The checks of the index that the report does not settle, each with what is wrong.
fn unsettled(index: &str, report: &str) -> Vec<String> {
    let answered: BTreeMap<&str, Vec<&str>> =
        rows(report).filter_map(|row| Some((*row.first()?, row.clone()))).collect();
    let mut problems = Vec::new();
    for row in rows(index) {
        let [check, _, expectation, question] = row.as_slice() else {
            problems.push(format!("{row:?}: not a row of the index"));
            continue;
        };
        let problem = match answered.get(check).map(Vec::as_slice) {
            None => "has no second answer",
            Some([_, asked, ..]) if asked != question => "asks another question than the one answered twice",
            Some([_, _, held, ..]) if held != expectation => {
                "expects something else than when it was settled"
            }
            Some([_, _, _, first, second, page, settled]) => {
                let words = |text: &str| -> BTreeSet<String> {
                    let readings = text.trim_start_matches("open").split(['|', ' ']).map(str::trim);
                    readings.filter(|word| !word.is_empty() && *word != "or").map(str::to_owned).collect()
                };
                let observed = expectation.starts_with("observe");
                let agreed = !words(second).is_empty() && words(second).is_subset(&words(expectation));
                match () {
                    () if page.trim_matches('-').is_empty() => "names no page",
                    () if (agreed || observed) && (first == expectation || *settled != "-") => continue,
                    () if *settled != "-" => continue,
                    () => "was answered in two ways, and nobody says who was right",
                }
            }
            Some(_) => "has a malformed row",
        };
        problems.push(format!("{check} {problem}"));
    }
    problems
}

fn report() -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../reports/rederivation.tsv")).unwrap()
}

#[test]
fn every_check_is_answered_twice_and_settled() {
    let problems = unsettled(kms_spec_cases::INDEX, &report());
    assert!(problems.is_empty(), "{} of the checks:\n{}", problems.len(), problems.join("\n"));
}

#[test]
fn a_planted_row_is_caught() {
    const HEAD: &str = "check\tquestion\texpectation\tfirst\tsecond\tpage\tsettled\n";
    const INDEX: &str =
        "id\trequirements\texpectation\tquestion\na/b#c\tr\timplicit-deny or rejected\t1234\n";
    for (row, problem) in [
        ("a/b#c\t1234\timplicit-deny or rejected\timplicit-deny or rejected\trejected\tpage\t-", None),
        (
            "a/b#c\t1234\timplicit-deny or rejected\timplicit-deny or rejected\topen rejected|implicit-deny\tpage\t-",
            None,
        ),
        (
            "a/b#c\t1234\timplicit-deny or rejected\timplicit-deny or rejected\tallow\tpage\tfirst: it says so",
            None,
        ),
        (
            "a/b#c\t1234\timplicit-deny or rejected\timplicit-deny or rejected\tallow\tpage\t-",
            Some("two ways"),
        ),
        (
            "a/b#c\t1234\timplicit-deny or rejected\timplicit-deny or rejected\topen\tpage\t-",
            Some("two ways"),
        ),
        (
            "a/b#c\t1234\timplicit-deny or rejected\timplicit-deny or rejected\trejected\t-\t-",
            Some("no page"),
        ),
        (
            "a/b#c\t9999\timplicit-deny or rejected\timplicit-deny or rejected\trejected\tpage\t-",
            Some("another question"),
        ),
        ("a/b#c\t1234\tallow\tallow\tallow\tpage\t-", Some("something else")),
        ("a/b#d\t1234\tallow\tallow\tallow\tpage\t-", Some("no second answer")),
        ("a/b#c\t1234\timplicit-deny or rejected", Some("malformed row")),
    ] {
        let found = unsettled(INDEX, &format!("{HEAD}{row}\n"));
        match problem {
            None => assert!(found.is_empty(), "{row}: {found:?}"),
            Some(problem) => assert!(found.len() == 1 && found[0].contains(problem), "{row}: {found:?}"),
        }
    }
}
