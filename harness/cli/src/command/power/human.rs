//! Decides how the power of a catalogue is shown to people at a terminal.

use std::fmt::Write as _;

use comfy_table::{CellAlignment, Table, presets};

use super::matrix::{Power, Row};
use crate::style;

/// The report.
pub fn render(power: &Power) -> String {
    let mut text = headline(power);
    if !power.faults.is_empty() {
        let _ = writeln!(text, "\n{}", faults(power));
    }
    checks(power, &mut text);
    problems(power, &mut text);
    text
}

fn headline(power: &Power) -> String {
    let summary = &power.summary;
    let name = style::heading(&format!("{} {}", power.evaluator.name, power.evaluator.version));
    let killed =
        format!("killed {} of {} faults by checks of their requirement", summary.killed, summary.faults);
    let is_good = power.survivors.is_empty() && summary.faults > 0;
    let killed = if is_good { style::good(&killed) } else { style::bad(&killed) };
    let mut text = format!("{name} {killed}\n");
    let _ = writeln!(
        text,
        "{} checks that the control passes, {} that it fails; {} faults only flip answers, {} are gross",
        summary.checks,
        power.control.len(),
        summary.flips,
        summary.gross
    );
    text
}

fn faults(power: &Power) -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    let explored = power.exploration.is_some();
    let mut header = vec!["fault", "requirement", "killed by", "others", "agreement"];
    if explored {
        header.extend(["relation after", "difference after", "sensitive"]);
    }
    table.set_header(header);
    for row in &power.faults {
        let mut cells = vec![
            row.id.clone(),
            row.requirement.clone(),
            count(row.killed_by.len()),
            count(row.others()),
            row.agreement.percent(),
        ];
        if explored {
            cells.extend(executions(row));
        }
        table.add_row(cells);
    }
    table.column_iter_mut().skip(2).for_each(|column| column.set_cell_alignment(CellAlignment::Right));
    table
}

/// By a relation, by a difference, and how much is agreed on.
fn executions(row: &Row) -> [String; 3] {
    let Some(found) = &row.exploration else { return ["?", "?", "?"].map(str::to_owned) };
    let told = |executions: Option<u64>| executions.map_or_else(|| "-".to_owned(), |count| count.to_string());
    let relation = told(found.relation.as_ref().map(|breach| breach.executions));
    [relation, told(found.differential), found.sensitive.percent()]
}

fn count(count: usize) -> String {
    if count == 0 { "-".to_owned() } else { count.to_string() }
}

fn checks(power: &Power, text: &mut String) {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table.set_header(["topic", "checks", "kill", "fail others only", "fail none"]);
    for (name, topic) in &power.topics {
        let mut row = vec![name.clone()];
        row.extend([topic.checks, topic.kill, topic.others, topic.idle].map(count));
        table.add_row(row);
    }
    table.column_iter_mut().skip(1).for_each(|column| column.set_cell_alignment(CellAlignment::Right));
    let _ = writeln!(text, "\n{table}\n");
    let how = if power.smallest.exact { "no fewer do" } else { "found by a greedy search" };
    let _ = writeln!(
        text,
        "a smallest set of checks that kills all that are killed has {} ({how}); {} are the only killer of a fault",
        power.smallest.checks.len(),
        power.only.len()
    );
    if let Some(exploration) = &power.exploration {
        let _ = writeln!(
            text,
            "explored with {} questions of each dialect, seed {}",
            exploration.questions, exploration.seed
        );
    }
}

fn problems(power: &Power, text: &mut String) {
    for id in &power.control {
        let _ = writeln!(text, "{} {id}: the evaluator fails it without any fault", style::bad("control"));
    }
    for row in power.faults.iter().filter(|row| !row.is_killed()) {
        let _ = writeln!(
            text,
            "{} {}: no check of {} notices that {}",
            style::bad("survives"),
            row.id,
            row.requirement,
            row.misreading
        );
    }
    for id in power.unfound() {
        let _ = writeln!(text, "{} {id}: exploration does not find it", style::bad("not found"));
    }
    for row in power.faults.iter().filter(|row| power.far.contains(&row.id)) {
        let told = row.below().join(", ");
        let _ = writeln!(
            text,
            "{} {}: it agrees on {told}, and is not said to be gross",
            style::bad("far"),
            row.id
        );
    }
    if power.faults.is_empty() {
        let _ = writeln!(text, "{}", style::bad("there is no fault, so nothing is shown"));
    }
}
