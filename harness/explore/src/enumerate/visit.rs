//! Decides in which order worlds are asked and laws are checked: frame by frame, all answers of a frame before its laws, by
//! several workers at once that share a table of answers.
//!
//! A worker goes through a part of the numbers with one question, in which it changes what differs from the last world.
//! Where only a part of a frame is asked for, neighbours outside of it are asked too, and not counted.

mod worker;

use std::ops::Range;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU64, Ordering::Relaxed};
use std::sync::{Barrier, Mutex, PoisonError};

use kms_model::{Feature, Start};

use super::axis::bits;
use super::laws::{Law, Table, UNASKED};
use super::scope::{Block, Scope};
use super::tally::Tally;
use worker::Worker;

/// How many numbers a worker takes at a time.
const CHUNK: u64 = 1 << 14;

/// What is to be enumerated, and by whom.
#[derive(Clone, Copy)]
pub struct Task<'a> {
    /// The scope.
    pub scope: &'a Scope,
    /// The numbers of the worlds.
    pub range: (u64, u64),
    /// The evaluator, and the one that it is held against: without one, it is held to the laws.
    pub evaluators: &'a [&'a dyn Start],
    /// How many workers there are.
    pub jobs: usize,
    /// Whether evaluators are asked in batches, as processes had better be.
    pub batches: bool,
    /// How many numbers are done, for who wants to watch.
    pub done: &'a AtomicU64,
}

/// Why an enumeration ended before its time.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{0}")]
pub struct Halted(pub String);

/// Visits every world of the range.
///
/// # Errors
/// Where an evaluator cannot be started, or ends and cannot be started again.
pub fn visit(task: &Task<'_>) -> Result<Tally, Halted> {
    let jobs = task.jobs.max(1);
    let largest = task.scope.blocks().iter().map(|block| block.arrangements).max().unwrap_or_default();
    let relates = task.evaluators.len() == 1;
    let shared = Shared {
        task: *task,
        table: (0..if relates { largest } else { 0 }).map(|_| AtomicU8::new(UNASKED)).collect(),
        laws: Law::ALL.iter().map(|law| law.table()).collect(),
        taken: task.scope.blocks().iter().flat_map(|_| [0; PHASES.len()].map(AtomicU64::new)).collect(),
        barrier: Barrier::new(jobs),
        halted: AtomicBool::new(false),
        reason: Mutex::new(None),
    };
    let tally = Mutex::new(Tally::default());
    std::thread::scope(|scope| {
        for _ in 0..jobs {
            scope.spawn(|| {
                let own = shared.work();
                tally.lock().unwrap_or_else(PoisonError::into_inner).join(own);
            });
        }
    });
    match shared.reason.into_inner().unwrap_or_else(PoisonError::into_inner) {
        Some(reason) => Err(Halted(reason)),
        None => Ok(tally.into_inner().unwrap_or_else(PoisonError::into_inner)),
    }
}

/// What the workers share.
struct Shared<'a> {
    task: Task<'a>,
    /// The codes of the answers of one frame.
    table: Vec<AtomicU8>,
    laws: Vec<Table>,
    /// How many numbers of each phase of each frame are taken.
    taken: Vec<AtomicU64>,
    barrier: Barrier,
    halted: AtomicBool,
    reason: Mutex<Option<String>>,
}

/// What is done with the numbers of a frame, one after the other; all workers do the same at a time.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Phase {
    /// The table forgets the last frame.
    Clear,
    /// Neighbours are marked that lie outside of the range.
    Mark,
    Ask,
    Check,
}

const PHASES: [Phase; 4] = [Phase::Clear, Phase::Mark, Phase::Ask, Phase::Check];

impl Shared<'_> {
    fn work(&self) -> Tally {
        let mut evaluators = Vec::new();
        for start in self.task.evaluators {
            match start.start() {
                Ok(evaluator) => evaluators.push(evaluator),
                Err(error) => self.halt(error.to_string()),
            }
        }
        let lacks = |feature: &&Feature| evaluators.iter().any(|one| !one.description().has(**feature));
        // A world has one authorization, so that operations need not be known.
        let missing = bits(Feature::ALL.iter().filter(|one| **one != Feature::Operations).filter(lacks));
        let mut worker =
            Worker { shared: self, evaluators, missing, batch: Vec::new(), tally: Tally::default() };
        // Nobody leaves early: the others would wait for it.
        for (frame, block) in self.task.scope.blocks().iter().enumerate() {
            let is_empty = self.own(block).is_empty();
            for phase in PHASES {
                let is_needed = !is_empty && (phase == Phase::Ask || !self.table.is_empty());
                while let Some(chunk) = self.take(frame, phase, block).filter(|_| is_needed) {
                    match phase {
                        Phase::Clear => worker.clear(block, chunk),
                        Phase::Mark => worker.mark(frame, block, chunk),
                        Phase::Ask => worker.ask(frame, block, chunk),
                        Phase::Check => worker.check(frame, block, chunk),
                    }
                }
                self.barrier.wait();
            }
        }
        worker.tally
    }

    fn halt(&self, reason: String) {
        self.halted.store(true, Relaxed);
        self.reason.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(reason);
    }

    /// The numbers of a frame that are in the range.
    fn own(&self, block: &Block) -> Range<u64> {
        let (from, to) = self.task.range;
        from.max(block.from)..to.min(block.from + block.arrangements)
    }

    /// The next numbers of a frame that nobody has taken yet.
    fn take(&self, frame: usize, phase: Phase, block: &Block) -> Option<Range<u64>> {
        if self.halted.load(Relaxed) {
            return None;
        }
        let from = self.taken.get(frame * PHASES.len() + phase as usize)?.fetch_add(CHUNK, Relaxed);
        let range = block.from + from..block.from + block.arrangements.min(from.saturating_add(CHUNK));
        (!range.is_empty()).then_some(range)
    }

    fn answer(&self, block: &Block, number: u64) -> u8 {
        self.place(block, number).map_or(UNASKED, |place| place.load(Relaxed))
    }

    fn place(&self, block: &Block, number: u64) -> Option<&AtomicU8> {
        self.table.get((number - block.from) as usize)
    }
}
