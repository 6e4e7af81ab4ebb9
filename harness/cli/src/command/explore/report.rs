//! Decides how an exploration is reported: findings worst first, then what was compared and what could not be, and which
//! relations were put to the test.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::time::Duration;

use kms_conformance::model::Description;
use kms_conformance::model::json::compact;
use kms_explore::campaign::{Counts, Tally};
use kms_explore::cluster::Cluster;
use kms_explore::finding::{Severity, Source};
use kms_explore::meters::Meters;
use kms_explore::relations::{self, ENOUGH, Meter, Relation, Standing};
use serde_json::{Value, json};

use crate::arguments::Format;
use crate::style;

/// A relation, what was counted of it, and where it stands by that.
pub type Stands<'a> = (&'static Relation, &'a Meter, Standing);

/// What there is to report.
pub struct Report<'a> {
    pub seed: u64,
    pub evaluators: &'a [&'a Description],
    pub tally: &'a Tally,
    pub took: Duration,
    pub out: &'a Path,
    pub relations: Option<&'a relations::Meters>,
    pub standings: Vec<Stands<'a>>,
    pub measured: Vec<Meters>,
}

/// How many questions there were, and how many answers with those of every evaluator and to variations: together, and in
/// a second.
pub fn pace(counts: &Counts, took: Duration) -> String {
    let rate = |count: u64| count as f64 / took.as_secs_f64().max(0.001);
    let Counts { questions, asked, .. } = counts;
    format!(
        "{questions} questions, {:.0} a second; {asked} answers, {:.0} a second",
        rate(*questions),
        rate(*asked)
    )
}

impl Report<'_> {
    /// The relations that were starved, a line each: of these the run has shown nothing, and it fails.
    pub fn starved(&self) -> Vec<String> {
        let told = |(relation, meter, standing): &Stands<'_>| match standing {
            Standing::Starved(starved) => {
                Some(format!("relation `{}` was starved: {}", relation.name, starved.tell(meter)))
            }
            _ => None,
        };
        self.standings.iter().filter_map(told).collect()
    }

    /// That too little was asked to tell of some relations, which is no failure.
    pub fn too_few(&self) -> Option<String> {
        let untold: Vec<_> =
            self.standings.iter().filter(|(.., standing)| *standing == Standing::TooFew).collect();
        let least = untold.iter().map(|(_, meter, _)| meter.questions).min()?;
        Some(format!(
            "too little was asked to tell whether {} of {} relations were put to the test: {least} questions were answered, \
             and {ENOUGH} are needed of each dialect, some hundred of which a relation speaks of; explore longer",
            untold.len(),
            self.standings.len()
        ))
    }

    /// The relations that could not be asked, by what they need.
    fn not_asked(&self) -> BTreeMap<String, Vec<&'static str>> {
        let mut not_asked: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for (relation, _, standing) in &self.standings {
            if let Standing::NotAsked(needs) = standing {
                not_asked.entry(needs.to_string()).or_default().push(relation.name);
            }
        }
        not_asked
    }

    /// The report in a format.
    pub fn render(&self, format: Format) -> serde_json::Result<String> {
        match format {
            Format::Human => Ok(self.human()),
            Format::Json => Ok(format!("{:#}\n", self.json()?)),
            Format::Jsonl => {
                let findings = self.tally.clusters.sorted().into_iter().map(finding);
                let starved = self.standings.iter().filter(|(.., one)| matches!(one, Standing::Starved(_)));
                let lines = findings.chain(starved.map(|one| Ok(standing(one))));
                lines.map(|line| Ok(format!("{}\n", line?))).collect()
            }
        }
    }

    fn json(&self) -> serde_json::Result<Value> {
        let tally = self.tally;
        let evaluators: Vec<_> =
            self.evaluators.iter().map(|one| json!({ "name": one.name, "version": one.version })).collect();
        let incomparable: BTreeMap<_, _> =
            tally.counts.incomparable.iter().map(|(why, count)| (why.to_string(), count)).collect();
        let findings = tally.clusters.sorted().into_iter().map(finding).collect::<Result<Vec<_>, _>>()?;
        let mut report = json!({
            "seed": self.seed.to_string(),
            "evaluators": evaluators,
            "summary": {
                "questions": tally.counts.questions,
                "asked": tally.counts.asked,
                "agreed": tally.counts.agreed.sorted(),
                "disagreed": tally.disagreed,
                "broken": tally.broken,
                "unsorted": tally.unsorted,
                "incomparable": incomparable,
            },
            "findings": findings,
        });
        if let (false, Some(report)) = (self.measured.is_empty(), report.as_object_mut()) {
            let measured = self.measured.iter().map(|one| (one.dialect.word().to_owned(), measured(one)));
            report.insert("stats".to_owned(), measured.collect());
        }
        if let (Some(_), Some(report)) = (self.relations, report.as_object_mut()) {
            report.insert("relations".to_owned(), self.standings.iter().map(standing).collect());
        }
        Ok(report)
    }

    fn human(&self) -> String {
        let tally = self.tally;
        let mut text = String::new();
        let names: Vec<_> =
            self.evaluators.iter().map(|one| format!("{} {}", one.name, one.version)).collect();
        let _ = writeln!(
            text,
            "{} {}, seed {}: {}",
            style::heading("explored"),
            names.join(" against "),
            self.seed,
            pace(&tally.counts, self.took)
        );
        let agreed = tally.counts.agreed.sorted();
        if self.evaluators.len() > 1 {
            let total: u64 = agreed.values().sum();
            let agreed: Vec<_> = agreed.iter().map(|(word, count)| format!("{word} {count}")).collect();
            let of = if agreed.is_empty() { String::new() } else { format!(" ({})", agreed.join(", ")) };
            let _ = writeln!(text, "  agreed {total}{of}, disagreed {}", tally.disagreed);
        }
        if tally.broken > 0 {
            let _ = writeln!(text, "  broken relations {}", tally.broken);
        }
        for (why, count) in &tally.counts.incomparable {
            let _ = writeln!(text, "  {}", style::quiet(&format!("not compared {count}: {why}")));
        }
        for (needs, relations) in self.not_asked() {
            let line = format!("not asked: {needs}: {}", relations.join(", "));
            let _ = writeln!(text, "  {}", style::quiet(&line));
        }
        for measured in &self.measured {
            let _ = writeln!(text, "\n{measured}");
            if let Some(meters) = self.relations {
                let _ = writeln!(text, "{}", meters.table(measured.dialect));
            }
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
                let _ = match finding.signature.source {
                    Source::Differential(_) => writeln!(text, "  about {requirement}, by likeness"),
                    Source::Relation { .. } => writeln!(text, "  rests on {requirement}"),
                };
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

/// A relation, what was counted of it, and where it stands.
fn standing((relation, meter, standing): &Stands<'_>) -> Value {
    let mut value = json!({
        "relation": relation.name,
        "standing": standing.word(),
        "questions": meter.questions,
        "applied": meter.applied,
        "telling": meter.telling,
        "broken": meter.broken,
        "observed": meter.observed,
    });
    let more = match standing {
        Standing::NotAsked(needs) => Some(needs.to_string()),
        Standing::Starved(starved) => Some(starved.tell(meter)),
        _ => None,
    };
    if let (Some(more), Some(members)) = (more, value.as_object_mut()) {
        members.insert("why".to_owned(), more.into());
    }
    value
}

/// What the questions of a dialect were made of.
fn measured(meters: &Meters) -> Value {
    json!({
        "requests": meters.requests,
        "answers": meters.answers,
        "sensitive-percent": meters.sensitive_share(),
        "accepted-percent": meters.accepted_share(),
        "not-reached": meters.missing().len(),
    })
}
