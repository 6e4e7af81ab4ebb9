//! Decides what a scoreboard says of evaluators: which requirements of their dialects they meet, break, or were not asked.
//!
//! A requirement is met if all checks that cite it, expect an answer and were asked pass; broken if any fails; not asked if
//! none was asked. What an evaluator does otherwise than a requirement says is a difference; it is called a defect only where
//! it, or what it comes from, was seen again without the harness.

mod causes;
mod page;
mod shape;
mod table;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::adapters::Adapter;
use crate::catalogue::{Catalogue, Expectation, digest, index};
use crate::run::Run;
use crate::verdict::{FailKind, Judgement, Verdict};

pub use causes::Causes;
pub use page::page;
pub use shape::SCOREBOARD;
pub use table::table;

/// What several evaluators come to.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Scoreboard {
    /// The evaluators, sorted by name.
    pub evaluators: Vec<Row>,
}

/// What one evaluator comes to.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Row {
    /// The name of its adapter.
    pub name: String,
    /// The package that decides.
    pub evaluates: String,
    /// Its version.
    pub version: String,
    /// The language that it is written in.
    pub language: String,
    /// Its licence, an SPDX expression.
    pub licence: String,
    /// The catalogue that it was run on: its version, and the digest of its index.
    pub catalogue: String,
    /// The dialects that it declares.
    pub dialects: Vec<String>,
    /// How much its refusals tell.
    pub detail: String,
    /// The checks of these dialects that expect an answer.
    pub checks: Checks,
    /// How many checks it was not asked, by the feature that it lacks.
    pub lacking: BTreeMap<String, usize>,
    /// All requirements of these dialects.
    pub requirements: Counts,
    /// The same by topic.
    pub topics: BTreeMap<String, Counts>,
    /// The requirements that it breaks, the worst first.
    pub broken: Vec<Broken>,
}

/// What became of checks: `checks = passed + failed + not-asked`.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Checks {
    /// All of them.
    pub checks: usize,
    /// Answered right.
    pub passed: usize,
    /// Failed, in whichever way.
    pub failed: usize,
    /// Not asked.
    pub not_asked: usize,
}

/// What became of requirements: `requirements = met + broken + not-asked`.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Counts {
    /// All of them.
    pub requirements: usize,
    /// Right in every check that was asked.
    pub met: usize,
    /// Wrong in one of them.
    pub broken: usize,
    /// Of the broken ones, those with a false allow.
    pub false_allows: usize,
    /// Of those with a false allow, those where scripts show the causes of all of them.
    #[serde(default)]
    pub reproduced: usize,
    /// Without a check that was asked.
    pub not_asked: usize,
}

/// A requirement that an evaluator breaks, by the smallest of its worst checks.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Broken {
    /// The requirement.
    pub requirement: String,
    /// The worst kind of failure.
    pub kind: String,
    /// How many of its checks fail.
    pub failed: usize,
    /// How many were asked.
    pub asked: usize,
    /// The check.
    pub check: String,
    /// What it expects.
    pub expected: String,
    /// What it got.
    pub got: String,
    /// Where failing checks of this requirement, or what they come from, were seen again without the harness.
    pub defects: Vec<Defect>,
    /// Its false allows that no script shows.
    #[serde(default)]
    pub not_reproduced: Vec<String>,
}

/// A script that shows what failing checks of a requirement come from.
#[derive(Clone, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Defect {
    /// One of the checks: the one that the script itself is about, if it is among them.
    pub check: String,
    /// How many of the checks that fail come from it.
    #[serde(default)]
    pub checks: usize,
    /// Whether the script asks what this check asks; otherwise it shows the same cause.
    #[serde(default)]
    pub itself: bool,
    /// The script, from the root of the repository.
    pub script: String,
}

/// A script that shows a wrong answer by the evaluator's own interface.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Reproduction {
    /// The check that it reproduces.
    pub check: String,
    /// The script, from the root of the repository.
    pub script: String,
}

/// The version of a catalogue, and the digest of what it asks and expects.
pub fn edition(catalogue: &Catalogue) -> String {
    format!("{} {}", kms_spec_cases::VERSION, digest(&index(catalogue)))
}

/// The folder of the suite that defines a requirement: `aws/core`.
fn topic(suite: &str) -> &str {
    suite.rsplit_once('/').map_or("", |(topic, _)| topic)
}

impl Row {
    /// What a run of the whole catalogue, judged without known differences, comes to. Of the reproductions, those count whose
    /// check fails or that are the cause of a false allow.
    pub fn new(
        adapter: &Adapter,
        run: &Run,
        catalogue: &Catalogue,
        edition: &str,
        reproductions: &[Reproduction],
        causes: &Causes,
    ) -> Self {
        let mut checks = Checks::default();
        let mut lacking: BTreeMap<String, usize> = BTreeMap::new();
        let mut of: BTreeMap<&str, Vec<&Verdict>> = BTreeMap::new();
        for verdict in &run.verdicts {
            if !matches!(verdict.expectation, Expectation::Expect(_)) {
                continue;
            }
            checks.checks += 1;
            match &verdict.judgement {
                Judgement::Skip(feature) => {
                    checks.not_asked += 1;
                    *lacking.entry(feature.clone()).or_default() += 1;
                    continue;
                }
                Judgement::Pass => checks.passed += 1,
                _ => checks.failed += 1,
            }
            for id in &verdict.requirements {
                of.entry(id).or_default().push(verdict);
            }
        }
        let mut requirements = Counts::default();
        let mut topics: BTreeMap<String, Counts> = BTreeMap::new();
        let mut broken = Vec::new();
        let dialects = &run.description.dialects;
        for requirement in catalogue.requirements().filter(|one| dialects.contains(&one.dialect)) {
            let asked = of.get(requirement.id.as_str()).map(Vec::as_slice).unwrap_or_default();
            let found = Broken::new(&requirement.id, asked, catalogue, reproductions, causes);
            let is_false_allow = found.as_ref().is_some_and(|(severity, _)| *severity == 0);
            let is_reproduced = found.as_ref().is_some_and(|(_, broken)| broken.not_reproduced.is_empty());
            for counts in [&mut requirements, topics.entry(topic(&requirement.suite).to_owned()).or_default()]
            {
                counts.requirements += 1;
                counts.met += usize::from(!asked.is_empty() && found.is_none());
                counts.broken += usize::from(found.is_some());
                counts.false_allows += usize::from(is_false_allow);
                counts.reproduced += usize::from(is_false_allow && is_reproduced);
                counts.not_asked += usize::from(asked.is_empty());
            }
            broken.extend(found);
        }
        broken.sort_by_key(|(severity, _)| *severity);
        Self {
            name: adapter.name.clone(),
            evaluates: adapter.evaluates.clone(),
            version: adapter.version.clone(),
            language: adapter.language.clone(),
            licence: adapter.licence.clone(),
            catalogue: edition.to_owned(),
            dialects: dialects.iter().map(|dialect| dialect.word().to_owned()).collect(),
            detail: match run.description.detail {
                kms_model::Detail::Decision => "decision".to_owned(),
                _ => "deny-kind".to_owned(),
            },
            checks,
            lacking,
            requirements,
            topics,
            broken: broken.into_iter().map(|(_, broken)| broken).collect(),
        }
    }

    /// The scripts that it counts.
    pub fn scripts(&self) -> BTreeSet<&str> {
        let defects = self.broken.iter().flat_map(|broken| &broken.defects);
        defects.map(|defect| defect.script.as_str()).collect()
    }

    /// The false allows that no script shows.
    pub fn not_reproduced(&self) -> BTreeSet<&str> {
        self.broken.iter().flat_map(|broken| &broken.not_reproduced).map(String::as_str).collect()
    }
}

impl Broken {
    /// How bad it is that these checks of a requirement, all of them asked, fail; `None` where none does.
    fn new(
        requirement: &str,
        asked: &[&Verdict],
        catalogue: &Catalogue,
        reproductions: &[Reproduction],
        causes: &Causes,
    ) -> Option<(u8, Self)> {
        let failed: Vec<_> =
            asked.iter().filter(|verdict| !matches!(verdict.judgement, Judgement::Pass)).collect();
        let size = |id: &str| catalogue.check(id).map_or(0, |check| check.question.to_line().len());
        let worst = failed.iter().map(|verdict| verdict.judgement.severity()).min()?;
        let of_worst = failed.iter().filter(|verdict| verdict.judgement.severity() == worst);
        let shown = of_worst.min_by_key(|verdict| (size(&verdict.id), verdict.id.as_str()))?;
        let (defects, not_reproduced) = defects(&failed, reproductions, causes);
        let broken = Self {
            requirement: requirement.to_owned(),
            kind: match &shown.judgement {
                Judgement::Fail(kind) => kind.word().to_owned(),
                other => other.word().to_owned(),
            },
            failed: failed.len(),
            asked: asked.len(),
            check: shown.id.clone(),
            expected: shown.expectation.to_string(),
            got: shown.got.as_ref().map_or("", |answer| answer.outcome.word()).to_owned(),
            defects,
            not_reproduced,
        };
        Some((worst, broken))
    }
}

/// What scripts show of failing checks: a script that names the check shows it, whatever its failure; one that is the cause of
/// a false allow shows that. Then the false allows that none shows.
fn defects(
    failed: &[&&Verdict],
    reproductions: &[Reproduction],
    causes: &Causes,
) -> (Vec<Defect>, Vec<String>) {
    let mut of: BTreeMap<&str, Vec<(bool, &str)>> = BTreeMap::new();
    let mut not_reproduced = Vec::new();
    for Verdict { id, judgement, .. } in failed.iter().map(|verdict| **verdict) {
        let itself: Vec<_> = reproductions.iter().filter(|one| one.check == *id).collect();
        let is_false_allow = matches!(judgement, Judgement::Fail(FailKind::FalseAllow));
        let cause = causes.script(id).filter(|_| is_false_allow);
        if is_false_allow && cause.is_none() && itself.is_empty() {
            not_reproduced.push(id.clone());
        }
        for one in &itself {
            of.entry(&one.script).or_default().push((true, id));
        }
        if let Some(script) = cause.filter(|script| itself.iter().all(|one| one.script != **script)) {
            of.entry(script).or_default().push((false, id));
        }
    }
    let defect = |(script, shown): (&str, Vec<(bool, &str)>)| {
        let (itself, check) = shown.iter().min_by_key(|(itself, check)| (!itself, *check))?;
        let (check, script) = ((*check).to_owned(), script.to_owned());
        Some(Defect { check, checks: shown.len(), itself: *itself, script })
    };
    (of.into_iter().filter_map(defect).collect(), not_reproduced)
}
