//! Decides how a run is shown to people: the requirements met, a table by topic or of what is broken, the failures, worst first.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fmt::Write as _;

use comfy_table::{CellAlignment, Table, presets};
use kms_conformance::catalogue::topic;
use kms_conformance::{Catalogue, FailKind, Judgement, Run, Summary, Verdict, trials};

use crate::arguments::By;
use crate::style;

/// The report; of the failures, the first `limit` in full (0: all).
pub fn render(run: &Run, catalogue: &Catalogue, by: By, limit: usize) -> String {
    let mut text = headline(run);
    let table = match by {
        By::Requirement => broken(run),
        By::Topic => topics(run),
    };
    let _ = writeln!(text, "\n{table}");
    skips(run, &mut text);
    failures(run, catalogue, limit, &mut text);
    text
}

fn headline(run: &Run) -> String {
    let count = run.requirements();
    let name = style::heading(&format!("{} {}", run.description.name, run.description.version));
    let met = format!("met {} of {} requirements asked", count.met, count.asked);
    let met = if count.met == count.asked { style::good(&met) } else { style::bad(&met) };
    let summary = run.summary();
    let mut text = format!("{name} {met}, {} not asked\n", count.cited - count.asked);
    let _ = writeln!(
        text,
        "{} checks: {} passed, {} failed, {} skipped, {} known; {} observations",
        summary.checks, summary.passed, summary.failed, summary.skipped, summary.known, summary.observations
    );
    text
}

fn topics(run: &Run) -> Table {
    let mut topics: BTreeMap<&str, Summary> = BTreeMap::new();
    for verdict in &run.verdicts {
        topics.entry(topic(&verdict.id)).or_default().add(verdict);
    }
    let mut table = table(&["topic", "met", "broken", "skipped", "known", "observations"]);
    for (topic, count) in topics {
        let counts = [count.passed, count.failed, count.skipped, count.known, count.observations];
        table.add_row([vec![topic.to_owned()], counts.map(number).to_vec()].concat());
    }
    table
}

/// The requirements that are broken.
fn broken(run: &Run) -> Table {
    let mut requirements: BTreeMap<&str, (usize, Summary)> = BTreeMap::new();
    for verdict in &run.verdicts {
        for id in &verdict.requirements {
            let (false_allows, count) = requirements.entry(id).or_default();
            *false_allows += usize::from(verdict.judgement == Judgement::Fail(FailKind::FalseAllow));
            count.add(verdict);
        }
    }
    let mut broken: Vec<_> = requirements.into_iter().filter(|(_, (_, count))| count.failed > 0).collect();
    broken.sort_by_key(|(_, (false_allows, count))| (Reverse(*false_allows), Reverse(count.failed)));
    let mut table = table(&["broken requirement", "false allows", "broken", "met", "skipped", "known"]);
    for (id, (false_allows, count)) in broken {
        let counts = [false_allows, count.failed, count.passed, count.skipped, count.known];
        table.add_row([vec![id.to_owned()], counts.map(number).to_vec()].concat());
    }
    table
}

fn table(header: &[&str]) -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table.set_header(header);
    table.column_iter_mut().skip(1).for_each(|column| column.set_cell_alignment(CellAlignment::Right));
    table
}

fn number(count: usize) -> String {
    if count == 0 { "-".to_owned() } else { count.to_string() }
}

/// What was skipped, by what the evaluator lacks.
fn skips(run: &Run, text: &mut String) {
    let mut lacking: BTreeMap<&str, usize> = BTreeMap::new();
    for verdict in &run.verdicts {
        if let Judgement::Skip(feature) = &verdict.judgement {
            *lacking.entry(feature).or_default() += 1;
        }
    }
    if !lacking.is_empty() {
        let words: Vec<_> = lacking.iter().map(|(feature, count)| format!("{feature} {count}")).collect();
        let _ = writeln!(text, "\nnot asked, for lack of: {}", words.join(", "));
    }
}

fn failures(run: &Run, catalogue: &Catalogue, limit: usize, text: &mut String) {
    let mut failed: Vec<&Verdict> = run.verdicts.iter().filter(|verdict| verdict.judgement.fails()).collect();
    failed.sort_by_key(|verdict| verdict.judgement.severity());
    let shown = if limit == 0 { failed.len() } else { limit.min(failed.len()) };
    for verdict in failed.iter().take(shown) {
        let _ = writeln!(
            text,
            "\n{} {}",
            style::judgement(&verdict.judgement),
            trials::failure(verdict, catalogue)
        );
    }
    if shown < failed.len() {
        let _ = writeln!(text, "\n{} more failures; `--failures 0` shows all", failed.len() - shown);
    }
}
