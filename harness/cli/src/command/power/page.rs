//! Decides how the power of the catalogue is told in the committed page: figures, the kill matrix, exploration, checks,
//! mutants.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::explore::VARIED;
use super::matrix::{CATALOGUE_FLOOR, Power, Row, SENSITIVE_FLOOR};
use crate::command::mutants::{Mutants, Survivor};

/// The page.
pub fn render(power: &Power, mutants: Option<&Mutants>) -> String {
    let mut text = String::from("# The power of the catalogue\n\n");
    head(power, &mut text);
    matrix(power, &mut text);
    exploration(power, &mut text);
    checks(power, &mut text);
    if let Some(mutants) = mutants {
        self::mutants(mutants, &mut text);
    }
    text
}

fn head(power: &Power, text: &mut String) {
    let summary = &power.summary;
    let _ = writeln!(
        text,
        "A fault is an evaluator that is broken on purpose: {} {} behind a plausible misreading of one requirement. The\n\
         catalogue kills a fault where a check that cites this requirement fails it; checks of other requirements that fail it\n\
         are told apart. The evaluator without a fault is the control, and must fail no check.\n\n\
         Written by `cargo conformance power --write`; the figures of exploration by `cargo conformance power --explore --write`.\n\n\
         | figure | |\n| --- | ---: |",
        power.evaluator.name, power.evaluator.version
    );
    for (figure, count) in [
        ("faults", summary.faults),
        ("killed", summary.killed),
        ("survivors", power.survivors.len()),
        ("checks that expect an answer", summary.checks + power.control.len()),
        ("of them failed by the control", power.control.len()),
        ("faults that only flip an answer", summary.flips),
        ("faults said to be gross", summary.gross),
        ("faults that agree with the control on too little, and are not said to be gross", power.far.len()),
        ("checks that are the only killer of a fault", power.only.len()),
        ("checks that fail no fault", summary.idle),
    ] {
        let _ = writeln!(text, "| {figure} | {count} |");
    }
    list("Survivors", &power.survivors, text);
    list("Failed by the control", &power.control, text);
    list("Too far from the control", &power.far, text);
}

/// A section of its own, unless there is nothing to tell.
fn list(title: &str, ids: &[String], text: &mut String) {
    if ids.is_empty() {
        return;
    }
    let _ = writeln!(text, "\n## {title}\n");
    for id in ids {
        let _ = writeln!(text, "- `{id}`");
    }
}

fn matrix(power: &Power, text: &mut String) {
    let _ = writeln!(
        text,
        "\n## Kill matrix\n\n\
         For each fault the checks that cite its requirement and fail it, then other checks that fail it, both by topic; and\n\
         the share of the checks of its dialect on which it agrees with the control: {CATALOGUE_FLOOR} % at least, unless it is gross."
    );
    for dialect in dialects(power) {
        let _ = writeln!(
            text,
            "\n### {dialect}\n\n| fault | what it does | requirement | killed by | also killed by | agreement |\n\
             | --- | --- | --- | --- | --- | ---: |"
        );
        for row in power.faults.iter().filter(|row| row.dialect == dialect) {
            let _ = writeln!(
                text,
                "| `{}` | {} | `{}` | {} | {} | {} |",
                row.id,
                what(row),
                row.requirement,
                by_topic(row.killed_by.len(), &row.topics),
                by_topic(row.others(), &row.others),
                row.agreement.percent()
            );
        }
    }
}

/// The dialects of the faults, in the order of the faults.
fn dialects(power: &Power) -> Vec<&'static str> {
    let mut dialects: Vec<_> = power.faults.iter().map(|row| row.dialect).collect();
    dialects.dedup();
    dialects
}

fn what(row: &Row) -> String {
    let mut what = cell(&row.misreading);
    if let Some(why) = &row.gross {
        let _ = write!(what, " (gross: {})", cell(why));
    }
    if row.flips {
        what.push_str(" (flips the answer)");
    }
    what
}

fn by_topic(sum: usize, counts: &BTreeMap<String, usize>) -> String {
    let mut counts: Vec<_> = counts.iter().collect();
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
    let topics: Vec<_> = counts.iter().map(|(topic, count)| format!("{topic} {count}")).collect();
    if topics.is_empty() { "none".to_owned() } else { format!("**{sum}**: {}", topics.join(", ")) }
}

/// Text in a table: a bar would end the cell.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

fn exploration(power: &Power, text: &mut String) {
    let Some(exploration) = &power.exploration else { return };
    let _ = writeln!(
        text,
        "\n## Exploration\n\n\
         How many executions it takes until a fault is found, by relations alone, with no other evaluator in sight, and by\n\
         holding its answers against the control's. An execution is a generated question with all its variations; there were\n\
         {} of each dialect, seed {}; variations are made of the first {VARIED} for every fault, and of the others for faults that\n\
         answer the question itself otherwise. The last column is the share of the questions hanging on a statement to which it gives the\n\
         control's answer: {SENSITIVE_FLOOR} % at least, unless it is gross.\n\n\
         | fault | relation | executions | difference | agreement |\n| --- | --- | ---: | ---: | ---: |",
        exploration.questions, exploration.seed
    );
    let never = || format!("not in {}", exploration.questions);
    for row in &power.faults {
        let Some(found) = &row.exploration else {
            let _ = writeln!(text, "| `{}` | not explored | | | |", row.id);
            continue;
        };
        let (relation, executions) = match &found.relation {
            Some(breach) => (format!("`{}`", breach.name), breach.executions.to_string()),
            None => ("none".to_owned(), never()),
        };
        let difference = found.differential.map_or_else(never, |executions| executions.to_string());
        let _ = writeln!(
            text,
            "| `{}` | {relation} | {executions} | {difference} | {} |",
            row.id,
            found.sensitive.percent()
        );
    }
}

fn checks(power: &Power, text: &mut String) {
    text.push_str(
        "\n## Checks\n\n\
         Checks by topic: all that expect an answer, those that kill a fault of a requirement that they cite, those that fail\n\
         only faults of other requirements, and those that fail none. power.json lists the last ones, and those that are the\n\
         only killer of a fault.\n\n\
         | topic | checks | kill | fail others only | fail none |\n| --- | ---: | ---: | ---: | ---: |\n",
    );
    for (name, topic) in &power.topics {
        let _ = writeln!(
            text,
            "| {name} | {} | {} | {} | {} |",
            topic.checks, topic.kill, topic.others, topic.idle
        );
    }
    let how = match power.smallest.exact {
        true => "A search has shown that no fewer do.",
        false => "They were found by a greedy search; fewer may do.",
    };
    let _ = writeln!(
        text,
        "\n## A smallest set\n\nThese {} checks kill all faults that are killed. {how}\n",
        power.smallest.checks.len()
    );
    for id in &power.smallest.checks {
        let _ = writeln!(text, "- `{id}`");
    }
}

fn mutants(mutants: &Mutants, text: &mut String) {
    let Mutants { version, scope, total, caught, missed, timeout, unviable, left_out, survivors } = mutants;
    let viable = total.saturating_sub(*unviable);
    let noticed = caught + timeout;
    let per_mille = (noticed * 1000).checked_div(viable).unwrap_or_default();
    let scope: Vec<_> = scope.iter().map(|part| format!("`{part}`")).collect();
    let _ = writeln!(
        text,
        "\n## Mutants\n\n\
         {version} changed the code of {} in {total} ways, of which {unviable} do not compile; the catalogue is the test.\n\
         Score: **{}.{} %**, {noticed} of {viable} noticed ({caught} by a check, {timeout} by never coming to an end), {missed} missed.",
        scope.join(", "),
        per_mille / 10,
        per_mille % 10
    );
    if let Some(left_out) = left_out {
        let _ = writeln!(text, "{} more were left out: {}.", left_out.count, left_out.why);
    }
    if !survivors.is_empty() {
        text.push('\n');
    }
    for Survivor { mutant, count, why } in survivors {
        let times = if *count > 1 { format!(" ({count} times)") } else { String::new() };
        let _ = writeln!(text, "- `{mutant}`{times}: {why}");
    }
}
