//! Decides how a comparison is shown: who agrees with whom, then the differences, false allows first.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use comfy_table::{CellAlignment, Table, presets};
use kms_conformance::model::Description;
use kms_conformance::model::json::compact;
use kms_explore::compared::{Compared, Difference};
use kms_explore::differential::Why;
use kms_explore::finding::{Severity, Source};
use serde_json::{Value, json};

use crate::arguments::Format;
use crate::style;

/// What there is to report.
pub struct Report<'a> {
    pub names: &'a [String],
    pub descriptions: &'a [&'a Description],
    pub compared: &'a Compared,
}

impl Report<'_> {
    /// The report in a format; of the differences, the first `limit` for people (0: all).
    pub fn render(&self, format: Format, limit: usize) -> serde_json::Result<String> {
        let differences = || self.compared.differences.iter().map(difference);
        match format {
            Format::Human => Ok(self.human(limit)),
            Format::Json => {
                let differences = differences().collect::<Result<Vec<_>, _>>()?;
                Ok(format!("{:#}\n", self.json(&differences)))
            }
            Format::Jsonl => differences().map(|one| Ok(format!("{}\n", one?))).collect(),
        }
    }

    fn name(&self, at: usize) -> &str {
        self.names.get(at).map(String::as_str).unwrap_or_default()
    }

    fn json(&self, differences: &[Value]) -> Value {
        let evaluators = self.names.iter().zip(self.descriptions);
        let evaluators: Vec<_> =
            evaluators.map(|(name, one)| json!({ "name": name, "version": one.version })).collect();
        let pairs = self.compared.pairs.iter().map(|pair| {
            json!({
                "of": [self.name(pair.of.0), self.name(pair.of.1)],
                "agreed": pair.agreed,
                "disagreed": pair.disagreed,
                "incomparable": reasons(&pair.incomparable),
            })
        });
        json!({
            "evaluators": evaluators,
            "summary": {
                "questions": self.compared.questions,
                "agreed": self.compared.agreed,
                "disagreed": self.compared.disagreed,
                "incomparable": reasons(&self.compared.incomparable),
            },
            "pairs": pairs.collect::<Vec<_>>(),
            "differences": differences,
        })
    }

    fn human(&self, limit: usize) -> String {
        let compared = self.compared;
        let versions = self.names.iter().zip(self.descriptions);
        let shown: Vec<_> = versions.map(|(name, one)| format!("{name} {}", one.version)).collect();
        let (agreed, incomparable): (u64, u64) =
            (compared.agreed.values().sum(), compared.incomparable.values().sum());
        let mut text = format!("{} {}\n", style::heading("compared"), shown.join(" with "));
        let _ = writeln!(
            text,
            "{} questions: agreed {agreed}, disagreed {}, incomparable {incomparable}",
            compared.questions, compared.disagreed
        );
        let (open, others): (Vec<_>, Vec<_>) =
            compared.incomparable.iter().partition(|(why, _)| matches!(why, Why::Silent(_)));
        for (why, count) in others {
            let _ = writeln!(text, "  {}", style::quiet(&format!("not compared {count}: {why}")));
        }
        let open: u64 = open.into_iter().map(|(_, count)| *count).sum();
        if open > 0 {
            let told = format!("not compared {open}: the documentation leaves the answer open");
            let _ = writeln!(text, "  {}", style::quiet(&told));
        }
        let _ = writeln!(text, "\n{}", self.table());
        let shown =
            if limit == 0 { compared.differences.len() } else { limit.min(compared.differences.len()) };
        for one in compared.differences.iter().take(shown) {
            text.push_str(&told(one));
        }
        if shown < compared.differences.len() {
            let more = compared.differences.len() - shown;
            let _ = writeln!(text, "\n{more} more differences; `--differences 0` shows all");
        }
        text
    }

    fn table(&self) -> Table {
        let mut table = Table::new();
        table.load_style(presets::NOTHING);
        table.set_header(["", "", "agreed", "disagreed", "incomparable"]);
        for pair in &self.compared.pairs {
            let incomparable = pair.incomparable.values().sum::<u64>();
            let counts = [pair.agreed, pair.disagreed, incomparable].map(|count| count.to_string());
            let names = [pair.of.0, pair.of.1].map(|at| self.name(at).to_owned());
            table.add_row(names.into_iter().chain(counts));
        }
        table.column_iter_mut().skip(2).for_each(|column| column.set_cell_alignment(CellAlignment::Right));
        table
    }
}

fn reasons(incomparable: &BTreeMap<Why, u64>) -> BTreeMap<String, u64> {
    incomparable.iter().map(|(why, count)| (why.to_string(), *count)).collect()
}

/// Who answered what.
fn answers(difference: &Difference) -> impl Iterator<Item = (&String, &String)> {
    let signature = &difference.cluster.finding.signature;
    let names = match &signature.source {
        Source::Differential(names) => names.as_slice(),
        Source::Relation { .. } => &[],
    };
    names.iter().zip(&signature.answers)
}

fn told(difference: &Difference) -> String {
    let word = match (difference.severity, difference.wrong.as_slice()) {
        (Severity::FalseAllow, []) => style::bad("false-allow by one of them"),
        (Severity::FalseAllow, wrong) => {
            style::bad(&format!("false-allow by {}", allowing(difference, wrong)))
        }
        (severity, []) => severity.word().to_owned(),
        (severity, wrong) => format!("{} by {}", severity.word(), wrong.join(", ")),
    };
    let answers: Vec<_> = answers(difference).map(|(who, answer)| format!("{who} {answer}")).collect();
    let count = match difference.cluster.count {
        1 => "1 question".to_owned(),
        count => format!("{count} questions"),
    };
    let mut text = format!("\n{word} {}\n  {}\n", style::quiet(&count), answers.join(", "));
    if let Some(expected) = &difference.expected {
        let _ = writeln!(text, "  expected {}", expected.join(" or "));
    }
    let finding = &difference.cluster.finding;
    if let Some(requirement) = &finding.requirement {
        let _ = writeln!(text, "  rule     {requirement}");
    }
    let _ = writeln!(text, "  example  {}", difference.name);
    if finding.question != finding.found {
        let _ = writeln!(text, "  smaller  {}", compact(&finding.question.to_node()));
    }
    text
}

/// Those who are wrong by allowing.
fn allowing(difference: &Difference, wrong: &[String]) -> String {
    let allows = |(who, answer): &(&String, &String)| *answer == "allow" && wrong.contains(who);
    answers(difference).filter(allows).map(|(who, _)| who.as_str()).collect::<Vec<_>>().join(", ")
}

fn difference(difference: &Difference) -> serde_json::Result<Value> {
    let finding = &difference.cluster.finding;
    let answers: Vec<_> = answers(difference)
        .map(|(evaluator, answer)| json!({ "evaluator": evaluator, "answer": answer }))
        .collect();
    let question: Value = serde_json::from_str(&compact(&finding.question.to_node()))?;
    Ok(json!({
        "severity": difference.severity.word(),
        "answers": answers,
        "wrong": difference.wrong,
        "expected": difference.expected,
        "features": finding.question.features(),
        "requirement": finding.requirement,
        "count": difference.cluster.count,
        "example": difference.name,
        "minimal": finding.is_minimal,
        "question": question,
    }))
}
