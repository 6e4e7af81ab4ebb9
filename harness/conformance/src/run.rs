//! Decides how a catalogue is put to an evaluator: which checks, by how many workers, and what happens when one fails.

mod worker;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

use kms_model::{Answer, Description, Start, StartError};

use crate::known::Known;
use crate::verdict::{Judgement, Verdict, judge, skip, skipped};
use crate::{Catalogue, Check};
use worker::{Event, Plan};

/// How a catalogue is run.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Options {
    /// Evaluators at work at once.
    pub jobs: usize,
    /// How long a worker may be silent before it counts as hanging.
    pub watchdog: Duration,
    /// The known differences.
    pub known: Known,
}

impl Default for Options {
    /// One worker for each core, two minutes, no known differences.
    fn default() -> Self {
        let jobs = std::thread::available_parallelism().map_or(1, usize::from);
        Self { jobs, watchdog: Duration::from_secs(120), known: Known::default() }
    }
}

/// What a run came to.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Run {
    /// What the evaluator says of itself.
    pub description: Description,
    /// The verdicts in the order of the catalogue.
    pub verdicts: Vec<Verdict>,
    /// The check at which an evaluator hung in process, if one did; the checks after it may lack a verdict.
    pub hung: Option<String>,
    /// Why the evaluator was asked nothing more before the end, if so; what it did not answer lacks a verdict.
    pub stopped: Option<String>,
}

/// The counts of a run: `checks = passed + failed + skipped + known`.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, serde::Serialize)]
pub struct Summary {
    /// All checks that expect an answer.
    pub checks: usize,
    /// Those that were answered right.
    pub passed: usize,
    /// Those that failed in whichever way.
    pub failed: usize,
    /// Those that were not asked.
    pub skipped: usize,
    /// Those that were answered wrong as is known.
    pub known: usize,
    /// Checks that the documentation leaves open.
    pub observations: usize,
}

impl Summary {
    /// Adds one verdict.
    pub fn add(&mut self, verdict: &Verdict) {
        let open = matches!(verdict.expectation, crate::Expectation::Observe(_));
        if open && matches!(verdict.judgement, Judgement::Observation | Judgement::Skip(_)) {
            self.observations += 1;
            return;
        }
        self.checks += 1;
        match &verdict.judgement {
            Judgement::Known(_) => self.known += 1,
            Judgement::Pass | Judgement::Observation => self.passed += 1,
            Judgement::Skip(_) => self.skipped += 1,
            _ => self.failed += 1,
        }
    }
}

impl Run {
    /// The counts.
    pub fn summary(&self) -> Summary {
        let mut summary = Summary::default();
        self.verdicts.iter().for_each(|verdict| summary.add(verdict));
        summary
    }

    /// The requirements that were asked, and of these the ones met in every check; then all that are cited.
    pub fn requirements(&self) -> RequirementCount {
        let mut state: BTreeMap<&str, (bool, bool)> = BTreeMap::new();
        for verdict in &self.verdicts {
            for id in &verdict.requirements {
                let (asked, broken) = state.entry(id).or_default();
                match &verdict.judgement {
                    Judgement::Skip(_) | Judgement::Observation => {}
                    Judgement::Pass => *asked = true,
                    _ => (*asked, *broken) = (true, true),
                }
            }
        }
        let asked = state.values().filter(|(asked, _)| *asked).count();
        let broken = state.values().filter(|(_, broken)| *broken).count();
        RequirementCount { met: asked - broken, asked, cited: state.len() }
    }
}

/// How many requirements a run is about.
#[derive(Clone, Copy, Debug, Eq, PartialEq, serde::Serialize)]
pub struct RequirementCount {
    /// Asked, and right in every check.
    pub met: usize,
    /// Asked at least once.
    pub asked: usize,
    /// Cited by a check, asked or not.
    pub cited: usize,
}

/// Runs a catalogue against an evaluator: the checks of the dialects that it declares. `progress` is told how many of the questions are answered.
///
/// # Errors
/// When no evaluator can be started.
pub fn run(
    catalogue: &Catalogue,
    start: Arc<dyn Start>,
    options: &Options,
    progress: &mut dyn FnMut(usize, usize),
) -> Result<Run, StartError> {
    let (events, inbox) = channel();
    let mut desks: Vec<Sender<Arc<Plan>>> = Vec::new();
    for worker in 0..options.jobs.max(1) {
        desks.push(worker::hire(worker, Arc::clone(&start), events.clone()));
    }
    drop(events);
    let description = loop {
        match inbox.recv() {
            Ok(Event::Ready(description)) => break *description,
            Ok(Event::Failed(error)) => return Err(error),
            Ok(_) => {}
            Err(_) => return Err(StartError("it ended before it said what it is".to_owned())),
        }
    };
    let of_dialect = |check: &&Check| description.dialects.contains(&check.question.dialect);
    let checks: Vec<&Check> = catalogue.checks().iter().filter(of_dialect).collect();
    let asked: Vec<usize> = (0..checks.len())
        .filter(|index| checks.get(*index).is_some_and(|check| skip(check, &description).is_none()))
        .collect();
    let questions = asked
        .iter()
        .filter_map(|index| checks.get(*index))
        .map(|check| check.question_for(&description))
        .collect();
    let plan = Arc::new(Plan::new(questions, options.jobs.max(1)));
    // A desk whose worker could not start is closed; the others do its share.
    desks.iter().for_each(|desk| drop(desk.send(Arc::clone(&plan))));
    drop(desks);

    let mut answers: BTreeMap<usize, Answer> = BTreeMap::new();
    let mut busy: BTreeMap<usize, (std::ops::Range<usize>, Instant)> = BTreeMap::new();
    let mut hung = None;
    let mut stopped = None;
    let total = asked.len();
    while answers.len() < total {
        match inbox.recv_timeout(Duration::from_millis(100)) {
            Ok(Event::Began(worker, batch)) => drop(busy.insert(worker, (batch, Instant::now()))),
            Ok(Event::Answered(worker, at, answer)) => {
                if let Some((_, since)) = busy.get_mut(&worker) {
                    *since = Instant::now();
                }
                answers.entry(at).or_insert(*answer);
                progress(answers.len(), total);
            }
            Ok(Event::Idle(worker)) => drop(busy.remove(&worker)),
            // The others finish what they have begun.
            Ok(Event::Broken(why)) => drop(stopped.get_or_insert(why)),
            Ok(Event::Ready(_) | Event::Failed(_)) => {}
            Err(RecvTimeoutError::Disconnected) => break,
            Err(RecvTimeoutError::Timeout) => {
                let silent = busy.values().find(|(_, since)| since.elapsed() > options.watchdog);
                if let Some((batch, _)) = silent {
                    hung = batch.clone().find(|at| !answers.contains_key(at));
                    break;
                }
            }
        }
    }
    let mut verdicts = Vec::new();
    let mut hung_id = None;
    let mut position = asked.iter().enumerate().peekable();
    for (index, check) in checks.iter().enumerate() {
        let Some((at, _)) = position.next_if(|(_, asked)| **asked == index) else {
            verdicts.push(skipped(check, skip(check, &description).unwrap_or_default()));
            continue;
        };
        let answer = match answers.remove(&at) {
            Some(answer) => answer,
            None if hung == Some(at) => {
                hung_id = Some(check.id.clone());
                let error = format!("no answer for {} seconds", options.watchdog.as_secs());
                kms_model::Outcome::Timeout { error }.into()
            }
            None if hung.is_some() || stopped.is_some() => continue,
            None => Answer::error("no worker was left to ask this"),
        };
        verdicts.push(judge(check, answer, &description, options.known.find(&check.id)));
    }
    Ok(Run { description, verdicts, hung: hung_id, stopped })
}
