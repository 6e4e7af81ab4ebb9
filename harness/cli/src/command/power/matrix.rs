//! Decides what the kills come to: who is killed by a check that cites its requirement, who survives, and which checks are
//! worth what.

use std::collections::BTreeMap;

use kms_conformance::Check;
use kms_explore::faults::Fault;
use serde::{Deserialize, Serialize};

use super::ask::Control;
use super::explore::Found;
use super::smallest::smallest;

/// The least share of the catalogue of its dialect on which a fault agrees with the control, in a hundred.
pub const CATALOGUE_FLOOR: u64 = 90;
/// The same on generated questions that hang on a statement.
pub const SENSITIVE_FLOOR: u64 = 80;

/// The power of a catalogue.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Power {
    pub evaluator: Named,
    pub summary: Summary,
    /// The checks that the control fails, so that they can kill nothing.
    pub control: Vec<String>,
    pub faults: Vec<Row>,
    /// The faults that no check which cites their requirement kills.
    pub survivors: Vec<String>,
    /// The faults that agree with the control on too little, and are not said to be gross.
    pub far: Vec<String>,
    /// The checks without which a fault would survive, each with these faults.
    pub only: BTreeMap<String, Vec<String>>,
    pub smallest: Smallest,
    pub topics: BTreeMap<String, Topic>,
    /// The checks that fail no fault.
    pub idle: Vec<String>,
    pub exploration: Option<Exploration>,
}

/// Who is broken by the faults.
#[derive(Debug, Serialize)]
pub struct Named {
    pub name: String,
    pub version: String,
}

/// The counts.
#[derive(Debug, Serialize)]
pub struct Summary {
    pub faults: usize,
    pub killed: usize,
    /// Checks that expect something, were asked, and that the control passes.
    pub checks: usize,
    /// Faults that change nothing but the answer.
    pub flips: usize,
    /// Faults that are said to be gross.
    pub gross: usize,
    pub idle: usize,
}

/// A fault and what became of it.
#[derive(Debug, Serialize)]
pub struct Row {
    pub id: String,
    pub dialect: &'static str,
    pub requirement: String,
    pub misreading: String,
    /// The checks that cite its requirement and fail it.
    pub killed_by: Vec<String>,
    /// Their counts by topic.
    pub topics: BTreeMap<String, usize>,
    /// The counts of other checks that fail it, by topic.
    pub others: BTreeMap<String, usize>,
    pub agreement: Share,
    pub flips: bool,
    pub gross: Option<String>,
    pub exploration: Option<Found>,
}

/// How many of how many.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct Share {
    pub agreed: u64,
    pub asked: u64,
}

/// A set of checks that kills all faults.
#[derive(Debug, Serialize)]
pub struct Smallest {
    pub checks: Vec<String>,
    /// Whether it is proved that no smaller one does.
    pub exact: bool,
}

/// What the checks of a topic are worth.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct Topic {
    pub checks: usize,
    /// Those that kill a fault of a requirement that they cite.
    pub kill: usize,
    /// Those that fail other faults only.
    pub others: usize,
    /// Those that fail none.
    pub idle: usize,
}

/// How was explored.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Exploration {
    /// A number, as text: JSON's readers do not keep large ones.
    pub seed: String,
    /// Questions of each dialect.
    pub questions: u64,
}

impl Share {
    /// In tenths of a percent, rounded down, so that only all is 100.0.
    pub fn per_mille(self) -> u64 {
        (self.agreed * 1000).checked_div(self.asked).unwrap_or(1000)
    }

    /// As people read it: `97.3 %`.
    pub fn percent(self) -> String {
        format!("{}.{} %", self.per_mille() / 10, self.per_mille() % 10)
    }

    fn is_below(self, floor: u64) -> bool {
        self.agreed * 100 < self.asked * floor
    }
}

impl Row {
    /// Whether a check that cites its requirement kills it.
    pub fn is_killed(&self) -> bool {
        !self.killed_by.is_empty()
    }

    /// How many other checks fail it.
    pub fn others(&self) -> usize {
        self.others.values().sum()
    }

    /// What is below its floor.
    pub fn below(&self) -> Vec<String> {
        let sensitive = self.exploration.as_ref().map(|found| found.sensitive);
        let of_sensitive = sensitive.filter(|share| share.is_below(SENSITIVE_FLOOR));
        let of_catalogue = Some(self.agreement).filter(|share| share.is_below(CATALOGUE_FLOOR));
        let told = |share: Option<Share>, what: &str| Some(format!("{} of the {what}", share?.percent()));
        [told(of_catalogue, "catalogue"), told(of_sensitive, "sensitive questions")]
            .into_iter()
            .flatten()
            .collect()
    }

    fn is_far(&self) -> bool {
        self.gross.is_none() && !self.below().is_empty()
    }
}

impl Power {
    /// What it comes to that these checks fail those faults; `kills` has the places of the checks for each fault.
    pub fn new(control: &Control<'_>, faults: &[Fault], kills: &[Vec<usize>]) -> Self {
        let check = |place: &usize| control.passed.get(*place).map(|passed| passed.check);
        let id = |place: &usize| check(place).map(|check| check.id.clone());
        let mut rows = Vec::new();
        let mut citing: Vec<Vec<usize>> = Vec::new();
        let mut failing: BTreeMap<usize, bool> = BTreeMap::new();
        for (fault, places) in faults.iter().zip(kills) {
            let (cites, others): (Vec<_>, Vec<_>) =
                places.iter().partition(|place| check(place).is_some_and(|check| is_cited(fault, check)));
            for (place, cites) in others.iter().map(|at| (at, false)).chain(cites.iter().map(|at| (at, true)))
            {
                *failing.entry(*place).or_default() |= cites;
            }
            let by_topic = |places: &[usize]| {
                let mut counts = BTreeMap::new();
                for check in places.iter().filter_map(check) {
                    *counts.entry(check.topic().to_owned()).or_default() += 1;
                }
                counts
            };
            let of_dialect =
                control.passed.iter().filter(|passed| passed.check.question.dialect == fault.dialect());
            let asked = of_dialect.count() as u64;
            rows.push(Row {
                id: fault.id.to_owned(),
                dialect: fault.dialect().word(),
                requirement: fault.requirement.to_owned(),
                misreading: fault.misreading.to_owned(),
                killed_by: cites.iter().filter_map(id).collect(),
                topics: by_topic(&cites),
                others: by_topic(&others),
                agreement: Share { agreed: asked.saturating_sub(places.len() as u64), asked },
                flips: fault.flips_answers(),
                gross: fault.gross.map(str::to_owned),
                exploration: None,
            });
            citing.push(cites);
        }
        let cover = smallest(&citing);
        let mut power = Self {
            evaluator: Named {
                name: control.description.name.clone(),
                version: control.description.version.clone(),
            },
            summary: Summary {
                faults: rows.len(),
                killed: rows.iter().filter(|row| row.is_killed()).count(),
                checks: control.passed.len(),
                flips: rows.iter().filter(|row| row.flips).count(),
                gross: rows.iter().filter(|row| row.gross.is_some()).count(),
                idle: control.passed.len() - failing.len(),
            },
            control: control.failed.clone(),
            survivors: rows.iter().filter(|row| !row.is_killed()).map(|row| row.id.clone()).collect(),
            far: Vec::new(),
            only: BTreeMap::new(),
            smallest: Smallest {
                checks: cover.checks.iter().filter_map(id).collect(),
                exact: cover.is_exact,
            },
            topics: BTreeMap::new(),
            idle: (0..control.passed.len())
                .filter(|at| !failing.contains_key(at))
                .filter_map(|at| id(&at))
                .collect(),
            exploration: None,
            faults: rows,
        };
        for (at, passed) in control.passed.iter().enumerate() {
            let topic = power.topics.entry(passed.check.topic().to_owned()).or_default();
            topic.checks += 1;
            *match failing.get(&at) {
                Some(true) => &mut topic.kill,
                Some(false) => &mut topic.others,
                None => &mut topic.idle,
            } += 1;
        }
        for row in &power.faults {
            if let [only] = row.killed_by.as_slice() {
                power.only.entry(only.clone()).or_default().push(row.id.clone());
            }
        }
        power.tell_far();
        power
    }

    /// Adds what exploration found: of each fault by its id.
    pub fn explored(&mut self, exploration: Exploration, mut found: BTreeMap<String, Found>) {
        self.exploration = Some(exploration);
        self.faults.iter_mut().for_each(|row| row.exploration = found.remove(&row.id));
        self.tell_far();
    }

    /// The faults that were looked for and found neither way.
    pub fn unfound(&self) -> Vec<&str> {
        let explored = self.faults.iter().filter_map(|row| Some((row, row.exploration.as_ref()?)));
        explored.filter(|(_, found)| !found.is_found()).map(|(row, _)| row.id.as_str()).collect()
    }

    fn tell_far(&mut self) {
        self.far = self.faults.iter().filter(|row| row.is_far()).map(|row| row.id.clone()).collect();
    }
}

fn is_cited(fault: &Fault, check: &Check) -> bool {
    check.requirements.iter().any(|id| id == fault.requirement)
}
