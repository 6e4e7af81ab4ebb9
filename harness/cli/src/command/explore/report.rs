//! Decides how an exploration is reported: findings worst first, then what was compared and what could not be.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::time::Duration;

use comfy_table::{ContentArrangement, Table, presets};
use kms_conformance::model::Description;
use kms_conformance::model::json::compact;
use kms_explore::campaign::Tally;
use kms_explore::cluster::Cluster;
use kms_explore::finding::{Severity, Source};
use serde_json::{Value, json};

use super::stats::Stats;
use crate::arguments::Format;
use crate::style;

/// What there is to report.
pub struct Report<'a> {
    pub seed: u64,
    pub evaluators: &'a [&'a Description],
    pub tally: &'a Tally,
    pub took: Duration,
    pub out: &'a Path,
    pub stats: Option<&'a Stats>,
}

impl Report<'_> {
    /// The report in a format.
    pub fn render(&self, format: Format) -> serde_json::Result<String> {
        match format {
            Format::Human => Ok(self.human()),
            Format::Json => Ok(format!("{:#}\n", self.json()?)),
            Format::Jsonl => {
                let lines = self.tally.clusters.sorted().into_iter().map(|one| Ok(format!("{}\n", finding(one)?)));
                lines.collect()
            }
        }
    }

    fn json(&self) -> serde_json::Result<Value> {
        let tally = self.tally;
        let evaluators: Vec<_> = self
            .evaluators
            .iter()
            .map(|one| json!({ "name": one.name, "version": one.version }))
            .collect();
        let incomparable: BTreeMap<_, _> =
            tally.incomparable.iter().map(|(why, count)| (why.to_string(), count)).collect();
        let findings = tally.clusters.sorted().into_iter().map(finding).collect::<Result<Vec<_>, _>>()?;
        let mut report = json!({
            "seed": self.seed.to_string(),
            "evaluators": evaluators,
            "summary": {
                "questions": tally.questions,
                "agreed": tally.agreed,
                "disagreed": tally.disagreed,
                "broken": tally.broken,
                "unsorted": tally.unsorted,
                "incomparable": incomparable,
            },
            "findings": findings,
        });
        if let (Some(stats), Some(report)) = (self.stats, report.as_object_mut()) {
            report.insert("stats".to_owned(), stats.rows().map(|(name, count)| (name.to_owned(), json!(count))).collect());
        }
        Ok(report)
    }

    fn human(&self) -> String {
        let tally = self.tally;
        let mut text = String::new();
        let names: Vec<_> = self.evaluators.iter().map(|one| format!("{} {}", one.name, one.version)).collect();
        let rate = tally.questions as f64 / self.took.as_secs_f64().max(0.001);
        let _ = writeln!(
            text,
            "{} {}, seed {}: {} questions, {rate:.0} a second",
            style::heading("explored"),
            names.join(" against "),
            self.seed,
            tally.questions
        );
        let agreed: Vec<_> = tally.agreed.iter().map(|(word, count)| format!("{word} {count}")).collect();
        if self.evaluators.len() > 1 {
            let total: u64 = tally.agreed.values().sum();
            let of = if agreed.is_empty() { String::new() } else { format!(" ({})", agreed.join(", ")) };
            let _ = writeln!(text, "  agreed {total}{of}, disagreed {}", tally.disagreed);
        }
        if tally.broken > 0 {
            let _ = writeln!(text, "  broken relations {}", tally.broken);
        }
        for (why, count) in &tally.incomparable {
            let _ = writeln!(text, "  {}", style::quiet(&format!("not compared {count}: {why}")));
        }
        if let Some(stats) = self.stats {
            let _ = writeln!(text, "\n{}", style::heading("what the questions were made of"));
            let mut table = table();
            for (name, count) in stats.rows() {
                let share = 100.0 * count as f64 / tally.questions.max(1) as f64;
                table.add_row([name.to_owned(), count.to_string(), format!("{share:.1} %")]);
            }
            text.push_str(&lines(&table));
        }
        text.push_str(&self.findings());
        text
    }

    fn findings(&self) -> String {
        let clusters = self.tally.clusters.sorted();
        let mut text = match clusters.len() {
            0 => return format!("{}\n", style::good("nothing found")),
            1 => format!("\n{}\n", style::heading("1 finding")),
            count => format!("\n{}\n", style::heading(&format!("{count} findings"))),
        };
        for Cluster { finding, count, .. } in clusters {
            let severity = finding.signature.severity();
            let word = match severity {
                Severity::FalseAllow | Severity::BrokenRelation => style::bad(severity.word()),
                _ => severity.word().to_owned(),
            };
            let what = match &finding.signature.source {
                Source::Differential(evaluators) => {
                    let answers = evaluators.iter().zip(&finding.signature.answers);
                    let told: Vec<_> = answers.map(|(who, answer)| format!("{who} {answer}")).collect();
                    told.join(", ")
                }
                Source::Relation { name, .. } => format!("{name}: {}", finding.signature.answers.join(", ")),
            };
            let file = self.out.join(format!("{}.json", finding.name()));
            let _ = writeln!(text, "{word} {what} {}", style::quiet(&format!("{count} times")));
            if let Some(requirement) = &finding.requirement {
                let _ = writeln!(text, "  about {requirement}, by likeness");
            }
            let _ = writeln!(text, "  {}", file.display());
        }
        if self.tally.unsorted > 0 {
            let more = format!("{} more had the same answers and were not looked into", self.tally.unsorted);
            let _ = writeln!(text, "{}", style::quiet(&more));
        }
        text
    }
}

/// A finding, its name and how often it was met.
fn finding(cluster: &Cluster) -> serde_json::Result<Value> {
    let mut value: Value = serde_json::from_str(&compact(&cluster.finding.to_node()))?;
    if let Some(members) = value.as_object_mut() {
        members.insert("name".to_owned(), json!(cluster.finding.name()));
        members.insert("count".to_owned(), json!(cluster.count));
    }
    Ok(value)
}

fn table() -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
    table
}

/// The lines of a table, without the blanks at their ends.
fn lines(table: &Table) -> String {
    table.to_string().lines().map(|line| format!("{}\n", line.trim_end())).collect()
}
