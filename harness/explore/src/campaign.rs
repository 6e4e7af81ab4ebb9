//! Decides how an exploration goes: questions about worlds, put to evaluators in batches, what is found made small, sorted
//! and handed on as it is found.
//!
//! `plan` says which questions there are, by their numbers; a job goes through a part of them (`comparing`, `relating`), and
//! what it brings back is taken in the order of the numbers (`sorting`), so that the same seed finds the same by any number
//! of jobs.

pub(crate) mod comparing;
mod plan;
mod relating;
mod sorting;
mod tally;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc;
use std::thread;

use kms_model::{Evaluator, Question, StartError};

pub use plan::{Generated, Plan, World, Worlds};
pub use relating::{Broken, broken, replay};
pub use tally::{Counts, Tally, Words};

use crate::finding::Finding;
use comparing::{Part, go_through};
use sorting::Sorter;

/// What an exploration hands on, and who says what it cannot know.
pub trait Surroundings {
    /// The requirement that says that the documentation leaves the answer open, if one does.
    fn silent(&mut self, _question: &Question) -> Option<String> {
        None
    }

    /// The requirement that a finding seems to be about.
    fn guess(&mut self, _answers: &[String], _question: &Question) -> Option<String> {
        None
    }

    /// Takes a finding that is the first or the smallest of its kind; `before` is the one that it takes the place of.
    ///
    /// # Errors
    /// Why the exploration cannot go on, for example because a file cannot be written.
    fn found(&mut self, finding: &Finding, before: Option<&Finding>) -> Result<(), String>;

    /// Told after each part; `false` ends the exploration.
    fn goes_on(&mut self, tally: &Tally) -> bool;
}

/// Why an exploration ended before its time.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Stopped {
    /// An evaluator is gone.
    #[error("`{0}` has ended and cannot be started again: {1}")]
    Evaluator(String, String),
    /// A finding could not be kept.
    #[error("{0}")]
    Finding(String),
    /// The evaluators of a job could not be started.
    #[error("{0}")]
    Start(String),
}

/// Starts the evaluators of a job: the one to explore, then those that it is held against.
pub type StartAll<'a> = dyn Fn() -> Result<Vec<Box<dyn Evaluator>>, StartError> + Sync + 'a;

/// Explores until the plan is done or the surroundings say so. The evaluators are those by which findings are made small; a
/// single job asks them the questions too, several start their own.
///
/// # Errors
/// When an evaluator is gone or cannot be started, or a finding could not be handed on.
pub fn explore(
    plan: &Plan,
    worlds: &dyn Worlds,
    evaluators: &mut [Box<dyn Evaluator>],
    start: &StartAll<'_>,
    surroundings: &mut dyn Surroundings,
) -> Result<Tally, Stopped> {
    let mut sorter = Sorter::new(plan, evaluators, surroundings);
    if plan.jobs > 1 {
        explore_by_jobs(plan, worlds, start, &mut sorter)?;
        return Ok(sorter.tally);
    }
    for number in 0.. {
        let numbers = plan.part(number, worlds);
        if numbers.is_empty() {
            break;
        }
        let part = go_through(plan, worlds, numbers, sorter.evaluators())?;
        if !sorter.take(part)? {
            break;
        }
    }
    Ok(sorter.tally)
}

fn explore_by_jobs(
    plan: &Plan,
    worlds: &dyn Worlds,
    start: &StartAll<'_>,
    sorter: &mut Sorter<'_>,
) -> Result<(), Stopped> {
    let (next, stops) = (AtomicU64::new(0), AtomicBool::new(false));
    // Jobs wait where what they found takes longer to be made small.
    let (sender, receiver) = mpsc::sync_channel(2 * plan.jobs);
    let job = |sender: mpsc::SyncSender<(u64, Result<Part, Stopped>)>| {
        let mut evaluators = start();
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            let numbers = plan.part(number, worlds);
            if numbers.is_empty() || stops.load(Ordering::Relaxed) {
                break;
            }
            let part = match &mut evaluators {
                Ok(evaluators) => go_through(plan, worlds, numbers, evaluators),
                Err(error) => Err(Stopped::Start(error.to_string())),
            };
            let failed = part.is_err();
            if sender.send((number, part)).is_err() || failed {
                break;
            }
        }
    };
    thread::scope(|scope| {
        for _ in 0..plan.jobs {
            let (sender, job) = (sender.clone(), &job);
            scope.spawn(move || job(sender));
        }
        drop(sender);
        let outcome = in_order(receiver, sorter);
        stops.store(true, Ordering::Relaxed);
        outcome
    })
}

/// Takes the parts that jobs bring back in their order, until there are no more or it is to end.
fn in_order(
    receiver: mpsc::Receiver<(u64, Result<Part, Stopped>)>,
    sorter: &mut Sorter<'_>,
) -> Result<(), Stopped> {
    let mut early = BTreeMap::new();
    let mut wanted = 0;
    for (number, part) in receiver {
        early.insert(number, part);
        while let Some(part) = early.remove(&wanted) {
            wanted += 1;
            if !sorter.take(part?)? {
                return Ok(());
            }
        }
    }
    Ok(())
}
