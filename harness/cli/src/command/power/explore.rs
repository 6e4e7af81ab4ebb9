//! Decides how soon exploration finds each fault: by relations alone, and by holding its answers against the control's.
//!
//! Each question is made once for all faults, varied once by each relation, and answered once by the control; an answer of
//! a fault is asked for only where the fault makes a difference. An execution is one generated question, with all the
//! variations of it that the relations call for. After the first questions a fault that answers one as the control does is
//! no longer asked for its variations: hardly any fault breaks a relation there first, and it takes nearly all the time.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicU64, Ordering};

use indicatif::ProgressBar;
use kms_conformance::model::{Answer, Description, Dialect, Feature, Question, Start, StartError};
use kms_conformance::model::{Evaluator as _, question::Ask};
use kms_explore::differential::{Comparison, held_together};
use kms_explore::faults::Fault;
use kms_explore::meters::is_sensitive;
use kms_explore::relations::{self, Instance, Outcome, Relation};
use kms_explore::{Choices as _, Plan, Settings, question};
use serde::{Deserialize, Serialize};

use super::ask::{Within, on_all_cores};
use super::matrix::Share;

/// How many questions a worker takes at a time.
const BATCH: u64 = 16;
/// The questions whose variations are asked of every fault; of later ones only where the question itself is answered
/// otherwise.
pub const VARIED: u64 = 5_000;
/// More relations than there are in a dialect: the number of an execution and of a relation share a word.
const RELATIONS: u64 = 1 << 16;

/// How a fault was found.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Found {
    /// By a relation that it breaks, with no other evaluator in sight.
    pub relation: Option<Breach>,
    /// Executions until its answer was another than the control's.
    pub differential: Option<u64>,
    /// On how many of the questions that hang on a statement it answers as the control does.
    pub sensitive: Share,
}

/// A relation that a fault breaks.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Breach {
    /// The relation that was broken first.
    pub name: String,
    /// Executions until then.
    pub executions: u64,
}

impl Found {
    /// Whether it was found either way.
    pub fn is_found(&self) -> bool {
        self.relation.is_some() || self.differential.is_some()
    }
}

/// What came of looking for faults.
pub struct Explored {
    /// The faults, by their ids.
    pub found: BTreeMap<String, Found>,
    /// The relations that the control breaks, which show nothing of the faults.
    pub broken: BTreeSet<String>,
}

/// Looks for faults with as many questions of each of their dialects.
pub fn explore(
    faults: &[Fault],
    description: &Description,
    start: &dyn Start,
    plan: &Plan,
    bar: &ProgressBar,
) -> Result<Explored, StartError> {
    let mut settings = Settings::default();
    // Who does not know operations is asked part by part.
    settings.features.retain(|feature| *feature == Feature::Operations || description.has(*feature));
    let mut explored = Explored { found: BTreeMap::new(), broken: BTreeSet::new() };
    let dialects: Vec<_> = description
        .dialects
        .iter()
        .copied()
        .filter(|dialect| faults.iter().any(|fault| fault.dialect() == *dialect))
        .collect();
    bar.set_length(plan.questions.saturating_mul(dialects.len() as u64));
    for dialect in dialects {
        let faults = faults.iter().filter(|fault| fault.dialect() == dialect);
        let hunt = Hunt {
            dialect,
            plan,
            settings: &settings,
            relations: relations::of(dialect).collect(),
            targets: faults.map(|fault| Target::new(*fault)).collect(),
            sensitive: AtomicU64::new(0),
            next: AtomicU64::new(0),
        };
        let broken = on_all_cores(|| hunt.work(start, bar))?;
        explored.broken.extend(broken.into_iter().flatten());
        explored.found.extend(hunt.targets.iter().map(|one| (one.fault.id.to_owned(), hunt.found(one))));
    }
    Ok(explored)
}

/// The faults of a dialect, looked for by several workers.
struct Hunt<'a> {
    dialect: Dialect,
    plan: &'a Plan,
    settings: &'a Settings,
    relations: Vec<&'static Relation>,
    targets: Vec<Target>,
    /// The questions that hang on a statement.
    sensitive: AtomicU64,
    next: AtomicU64,
}

/// A fault that is looked for. Workers go through the questions out of order; the least number counts.
struct Target {
    fault: Fault,
    /// The number of the first question on which a relation breaks, times [`RELATIONS`], and of the first such relation.
    relation: AtomicU64,
    /// The number of the first question that is answered otherwise.
    differential: AtomicU64,
    /// The questions that hang on a statement and are answered otherwise.
    apart: AtomicU64,
}

impl Target {
    fn new(fault: Fault) -> Self {
        let never = || AtomicU64::new(u64::MAX);
        Self { fault, relation: never(), differential: never(), apart: AtomicU64::new(0) }
    }

    /// Whether no relation is known to break before the question of that number.
    fn is_sought(&self, number: u64) -> bool {
        self.relation.load(Ordering::Relaxed) > number.saturating_mul(RELATIONS)
    }
}

impl Hunt<'_> {
    /// Goes through questions until there are none left; the relations that the control breaks.
    fn work(&self, start: &dyn Start, bar: &ProgressBar) -> Result<BTreeSet<String>, StartError> {
        let mut evaluator = Within::start(start)?;
        let mut broken = BTreeSet::new();
        loop {
            let first = self.next.fetch_add(BATCH, Ordering::Relaxed);
            if first >= self.plan.questions {
                return Ok(broken);
            }
            for number in first..first.saturating_add(BATCH).min(self.plan.questions) {
                self.ask(number, &mut evaluator, &mut broken);
                bar.inc(1);
            }
        }
    }

    fn ask(&self, number: u64, evaluator: &mut Within, broken: &mut BTreeSet<String>) {
        let question = question(self.dialect, &mut self.plan.choices(number), self.settings);
        let Some(right) = relations::ask(&question, evaluator) else { return };
        let is_sensitive =
            matches!(question.ask, Ask::Authorize(_)) && is_sensitive(&question, &right.outcome, evaluator);
        self.sensitive.fetch_add(u64::from(is_sensitive), Ordering::Relaxed);
        let mut wrong = Vec::with_capacity(self.targets.len());
        for target in &self.targets {
            let answer = evaluator.faulty(&target.fault, &question, &right);
            if answer.as_ref().is_some_and(|answer| is_apart(&right, answer, evaluator.description())) {
                target.differential.fetch_min(number, Ordering::Relaxed);
                target.apart.fetch_add(u64::from(is_sensitive), Ordering::Relaxed);
            }
            wrong.push(answer);
        }
        let seed = self.plan.choices(!number).below(usize::MAX) as u64;
        let is_sought = |(target, wrong): (&Target, &Option<Answer>)| {
            target.is_sought(number) && (number < VARIED || wrong.is_some())
        };
        for (at, relation) in (0..).zip(&self.relations) {
            if !self.targets.iter().zip(&wrong).any(is_sought) {
                return;
            }
            let Some(instance) = relations::instance(relation, &question, &mut relation.choices(seed)) else {
                continue;
            };
            let answers: Option<Vec<_>> =
                instance.questions().iter().map(|varied| relations::ask(varied, evaluator)).collect();
            let Some(answers) = answers else { continue };
            if let Outcome::Broken(_) = instance.outcome(&question, &right, answers.clone()) {
                broken.insert(relation.name.to_owned());
                continue;
            }
            for (target, wrong) in self.targets.iter().zip(&wrong) {
                if is_sought((target, wrong))
                    && breaks(
                        &target.fault,
                        &instance,
                        (&question, &right, wrong.as_ref()),
                        &answers,
                        evaluator,
                    )
                {
                    target.relation.fetch_min(number * RELATIONS + at, Ordering::Relaxed);
                }
            }
        }
    }

    fn found(&self, target: &Target) -> Found {
        let relation = target.relation.load(Ordering::Relaxed);
        let differential = target.differential.load(Ordering::Relaxed);
        let asked = self.sensitive.load(Ordering::Relaxed);
        let name = |at: u64| usize::try_from(at).ok().and_then(|at| self.relations.get(at));
        Found {
            relation: name(relation % RELATIONS)
                .map(|broken| Breach { name: broken.name.to_owned(), executions: relation / RELATIONS + 1 }),
            differential: (differential != u64::MAX).then(|| differential + 1),
            sensitive: Share { agreed: asked - target.apart.load(Ordering::Relaxed), asked },
        }
    }
}

fn is_apart(right: &Answer, wrong: &Answer, description: &Description) -> bool {
    let answers = [(&right.outcome, description), (&wrong.outcome, description)];
    matches!(held_together(answers.into_iter()), Comparison::Disagree(_))
}

/// Whether a fault breaks the relation. `asked` is the question, the control's answer, and the fault's where it makes a
/// difference; `answers` are the control's to the variations.
fn breaks(
    fault: &Fault,
    instance: &Instance,
    asked: (&Question, &Answer, Option<&Answer>),
    answers: &[Answer],
    evaluator: &mut Within,
) -> bool {
    let (question, right, wrong) = asked;
    let varied = instance.questions().iter().zip(answers);
    let after: Vec<_> = varied.map(|(varied, right)| evaluator.faulty(fault, varied, right)).collect();
    // Where it answers as the control does, the relation holds as for the control.
    if wrong.is_none() && after.iter().all(Option::is_none) {
        return false;
    }
    let after = after.into_iter().zip(answers).map(|(wrong, right)| wrong.unwrap_or_else(|| right.clone()));
    let outcome = instance.outcome(question, wrong.unwrap_or(right), after.collect());
    matches!(outcome, Outcome::Broken(_))
}
