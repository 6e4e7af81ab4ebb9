//! Decides how an enumeration is reported to people: how many worlds, whether all, and what was found, the worst first.

use std::fmt::Write as _;

use comfy_table::{CellAlignment, ContentArrangement, Table, presets};
use kms_conformance::model::Feature;
use kms_explore::enumerate::report::FindingTold;
use kms_explore::enumerate::{Enumeration, scopes};
use serde_json::{Value, json};

use crate::arguments::Format;
use crate::style;

/// The scopes and how many worlds each has.
pub fn list(format: Format) -> serde_json::Result<String> {
    let scopes = scopes::names().filter_map(scopes::by_name);
    let rows = scopes.map(|scope| (scope.name, scope.worlds(), scope.arrangements(), scope.about));
    if format != Format::Human {
        let rows = rows.map(|(name, worlds, arrangements, about)| {
            json!({ "name": name, "worlds": worlds, "arrangements": arrangements, "about": about })
        });
        let rows: Vec<Value> = rows.collect();
        return match format {
            Format::Jsonl => rows.iter().map(|row| Ok(format!("{row}\n"))).collect(),
            _ => Ok(format!("{:#}\n", Value::Array(rows))),
        };
    }
    let mut table = table(["scope", "worlds", "what they are"]);
    for (name, worlds, _, about) in rows {
        table.add_row([name.to_owned(), grouped(worlds), about.to_owned()]);
    }
    right(&mut table, &[1]);
    Ok(format!("{table}\n"))
}

/// The report in a format.
pub fn render(told: &Enumeration, format: Format) -> serde_json::Result<String> {
    match format {
        Format::Human => Ok(human(told)),
        Format::Json => Ok(format!("{}\n", serde_json::to_string_pretty(told)?)),
        Format::Jsonl => {
            told.findings.iter().map(|one| Ok(format!("{}\n", serde_json::to_string(one)?))).collect()
        }
    }
}

/// The count, and whether it is complete.
pub fn headline(told: &Enumeration) -> String {
    let Enumeration { scope, shard, summary, unanswered, .. } = told;
    let worlds = grouped(summary.visited);
    if (shard.index, shard.of) != (1, 1) {
        return format!("{} shard {}/{}: {worlds} worlds", scope.name, shard.index, shard.of);
    }
    if !summary.complete {
        let wanted = grouped(scope.worlds);
        return style::bad(&format!("{}: not complete, {worlds} of {wanted} worlds", scope.name));
    }
    let but = |(what, count): (&String, &u64)| match Feature::ALL.iter().any(|one| one.word() == what) {
        true => format!("{} that need {what}", grouped(*count)),
        false => format!("{} answered {what}", grouped(*count)),
    };
    let but: Vec<_> = unanswered.iter().map(but).collect();
    let but = if but.is_empty() { String::new() } else { format!(" but for {}", but.join(", ")) };
    format!("{}: {worlds} worlds, complete{but}", scope.name)
}

fn human(told: &Enumeration) -> String {
    let Enumeration { evaluators, summary, answers, incomparable, .. } = told;
    let names: Vec<_> = evaluators.iter().map(|one| format!("{} {}", one.name, one.version)).collect();
    let mut text = format!("{}\n", style::heading(&headline(told)));
    let renamed = format!("  {} more are renamings of these", grouped(summary.renamed));
    if summary.renamed > 0 {
        let _ = writeln!(text, "{}", style::quiet(&renamed));
    }
    let given: Vec<_> = answers.iter().map(|(word, count)| format!("{word} {}", grouped(*count))).collect();
    let verb = if evaluators.len() > 1 { "agree on" } else { "answers" };
    let _ = writeln!(text, "  {} {verb} {}", names.join(" and "), given.join(", "));
    for (why, count) in incomparable {
        let _ = writeln!(text, "{}", style::quiet(&format!("  not compared {}: {why}", grouped(*count))));
    }
    if !told.relations.is_empty() {
        let mut table = table(["relation", "applied", "telling", "broken"]);
        for one in &told.relations {
            let counts = [one.applied, one.telling, one.broken].map(grouped);
            table.add_row([&[one.relation.clone()][..], &counts].concat());
        }
        right(&mut table, &[1, 2, 3]);
        let _ = writeln!(text, "\n{table}");
    }
    text.push_str(&findings(told));
    text
}

fn findings(told: &Enumeration) -> String {
    let mut text = match told.findings.len() {
        0 => return format!("\n{}\n", style::good("nothing found")),
        1 => format!("\n{}\n", style::heading("1 finding")),
        count => format!("\n{}\n", style::heading(&format!("{count} findings"))),
    };
    for one in &told.findings {
        let what = match &one.relation {
            Some(relation) => format!("{relation}: {}", one.answers.join(", ")),
            None => {
                let given = told.evaluators.iter().zip(&one.answers);
                given.map(|(who, answer)| format!("{} {answer}", who.name)).collect::<Vec<_>>().join(", ")
            }
        };
        let count = style::quiet(&format!("{} worlds", grouped(one.count)));
        let _ = writeln!(text, "{} {what} {count}", style::bad(&one.severity));
        let features = if one.features.is_empty() {
            String::new()
        } else {
            format!(", needs {}", one.features.join(", "))
        };
        let _ = writeln!(text, "  {}{features}", worlds(one));
    }
    let hint =
        format!("`enumerate --scope {} --show NUMBER` prints the question of a world", told.scope.name);
    let _ = writeln!(text, "{}", style::quiet(&hint));
    text
}

/// The smallest example.
fn worlds(one: &FindingTold) -> String {
    let neighbour = one.neighbour.map_or_else(String::new, |number| format!(" beside world {number}"));
    format!("world {}{neighbour}", one.world)
}

fn table<const N: usize>(header: [&str; N]) -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
    table.set_header(header);
    table
}

fn right(table: &mut Table, columns: &[usize]) {
    for column in columns {
        if let Some(column) = table.column_mut(*column) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
}

/// A number with a comma between thousands.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::grouped;

    #[test]
    fn thousands_are_set_apart() {
        for (number, text) in [(0, "0"), (999, "999"), (1000, "1,000"), (12_345_678, "12,345,678")] {
            assert_eq!(grouped(number), text);
        }
    }
}
