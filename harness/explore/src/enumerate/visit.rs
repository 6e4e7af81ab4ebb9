//! Decides in which order worlds are asked and laws are checked: frame by frame, all answers of a frame before its laws, by
//! several workers at once that share a table of answers.
//!
//! A worker goes through a part of the numbers with one question, in which it changes what differs from the last world.
//! Where only a part of a frame is asked for, neighbours outside of it are asked too, and not counted.

use std::ops::Range;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU64, Ordering::Relaxed};
use std::sync::{Barrier, Mutex, PoisonError};

use kms_model::{Evaluator, Feature, Outcome, Question, Start};

use super::axis::{Facts, bits};
use super::laws::{Law, NONE, Table, UNASKED, WANTED, WORDS, code};
use super::scope::{Block, Scope, request};
use super::symmetry::is_first;
use super::tally::{Example, Kind, Meter, Tally};
use crate::differential::{Comparison, held_together};
use crate::relations::Held;

/// How many numbers a worker takes at a time.
const CHUNK: u64 = 1 << 14;
/// How many questions are put at once to an evaluator that is asked in batches.
const BATCH: usize = 256;

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

struct Worker<'a> {
    shared: &'a Shared<'a>,
    evaluators: Vec<Box<dyn Evaluator>>,
    /// The features that one of the evaluators lacks.
    missing: u64,
    /// Questions that are still to be put, with their numbers.
    batch: Vec<(u64, Question)>,
    tally: Tally,
}

impl Worker<'_> {
    fn clear(&self, block: &Block, chunk: Range<u64>) {
        for number in chunk {
            if let Some(place) = self.shared.place(block, number) {
                place.store(UNASKED, Relaxed);
            }
        }
    }

    /// Marks the neighbours that have to be asked though they are not in the range.
    fn mark(&self, frame: usize, block: &Block, chunk: Range<u64>) {
        let own = self.shared.own(block);
        if own.end - own.start == block.arrangements {
            return;
        }
        each_world(block, both(&own, &chunk), |number, digits| {
            if !is_first(&block.group, digits) {
                return;
            }
            self.neighbours(frame, block, number, digits, |_, other| {
                if let Some(place) = self.shared.place(block, other).filter(|_| !own.contains(&other)) {
                    place.store(WANTED, Relaxed);
                }
            });
        });
    }

    /// Calls `each` for each law that holds between a world and a neighbour, with the number of that.
    fn neighbours(
        &self,
        frame: usize,
        block: &Block,
        number: u64,
        digits: &[usize],
        mut each: impl FnMut(Law, u64),
    ) {
        let (facts, _) = self.facts(frame, block, digits);
        for (at, (axis, digit)) in self.shared.task.scope.axes.iter().zip(digits).enumerate() {
            let Some(choice) = axis.choices.get(*digit) else { continue };
            for step in &choice.steps {
                if facts & step.when == step.when && facts & step.unless == 0 {
                    each(step.law, block.neighbour(number, digits, at, step.to));
                }
            }
        }
    }

    /// The facts of a world, and the features that it needs.
    fn facts(&self, frame: usize, block: &Block, digits: &[usize]) -> (Facts, u64) {
        let scope = self.shared.task.scope;
        let of_frame = scope.frames.get(frame).map_or(0, |frame| frame.facts);
        let choices = scope.axes.iter().zip(digits).filter_map(|(axis, digit)| axis.choices.get(*digit));
        choices.fold((of_frame, block.features), |(facts, features), choice| {
            (facts | choice.facts, features | choice.features)
        })
    }

    fn ask(&mut self, frame: usize, block: &Block, chunk: Range<u64>) {
        let scope = self.shared.task.scope;
        let Some(mut question) = scope.frames.get(frame).map(|frame| frame.question.clone()) else { return };
        let mut shown = vec![usize::MAX; scope.axes.len()];
        let own = self.shared.own(block);
        let asked = both(&own, &chunk);
        each_world(block, chunk, |number, digits| {
            let counts = own.contains(&number);
            if counts && !is_first(&block.group, digits) {
                self.tally.renamed += 1;
                return;
            }
            if !counts && self.shared.answer(block, number) != WANTED {
                return;
            }
            self.tally.visited += u64::from(counts);
            let (_, features) = self.facts(frame, block, digits);
            if features & self.missing != 0 {
                if counts {
                    let lacking = (features & self.missing).trailing_zeros() as usize;
                    let feature = Feature::ALL.get(lacking).map_or("", |feature| feature.word());
                    *self.tally.unanswered.entry(feature.to_owned()).or_default() += 1;
                }
                self.keep(block, number, NONE);
                return;
            }
            if let Some(ask) = request(&mut question) {
                for ((axis, digit), shown) in scope.axes.iter().zip(digits).zip(&mut shown) {
                    if *shown != *digit {
                        axis.put(*digit, ask);
                        *shown = *digit;
                    }
                }
            }
            if self.shared.task.batches {
                self.batch.push((number, question.clone()));
                if self.batch.len() >= BATCH {
                    self.flush(block, &own);
                }
                return;
            }
            let first = self.evaluators.first_mut().map(|one| one.answer(&question).outcome);
            let second = self.evaluators.get_mut(1).map(|one| one.answer(&question).outcome);
            if let Some(first) = first {
                self.answered(block, number, counts, (&first, second.as_ref()));
            }
        });
        self.flush(block, &own);
        // Without laws to check a number is done for good.
        let times = if self.shared.table.is_empty() { 2 } else { 1 };
        self.shared.task.done.fetch_add(length(&asked) * times, Relaxed);
    }

    /// Puts the questions that have gathered.
    fn flush(&mut self, block: &Block, own: &Range<u64>) {
        let (numbers, questions): (Vec<_>, Vec<_>) = self.batch.drain(..).unzip();
        if questions.is_empty() || self.shared.halted.load(Relaxed) {
            return;
        }
        let mut given = Vec::new();
        for evaluator in &mut self.evaluators {
            let missing = || Outcome::Error { error: "no answer".to_owned() };
            let mut outcomes: Vec<_> = questions.iter().map(|_| missing()).collect();
            evaluator.answer_all(&questions, &mut |index, answer| {
                if let Some(place) = outcomes.get_mut(index) {
                    *place = answer.outcome;
                }
            });
            // A question may end a process; a whole batch of them does not.
            let crash = |outcome: &Outcome| match outcome {
                Outcome::Crash { error } => Some(error.clone()),
                _ => None,
            };
            if let Some(errors) = outcomes.iter().map(crash).collect::<Option<Vec<_>>>() {
                let why = errors.into_iter().next().unwrap_or_default();
                let name = &evaluator.description().name;
                return self.shared.halt(format!("`{name}` has ended and cannot be started again: {why}"));
            }
            given.push(outcomes);
        }
        for (index, number) in numbers.into_iter().enumerate() {
            let of = |evaluator: usize| given.get(evaluator).and_then(|outcomes| outcomes.get(index));
            if let Some(first) = of(0) {
                self.answered(block, number, own.contains(&number), (first, of(1)));
            }
        }
    }

    fn keep(&self, block: &Block, number: u64, code: u8) {
        if let Some(place) = self.shared.place(block, number) {
            place.store(code, Relaxed);
        }
    }

    /// Takes the answer to a world, or those of two evaluators.
    fn answered(&mut self, block: &Block, number: u64, counts: bool, answers: (&Outcome, Option<&Outcome>)) {
        let (first, second) = answers;
        let own = code(first);
        self.keep(block, number, own);
        if !counts {
            return;
        }
        match second {
            Some(second) if second.word() != first.word() || own == NONE => {
                self.differ(block, number, first, second);
            }
            _ => match self.tally.answers.get_mut(usize::from(own)) {
                Some(count) => *count += 1,
                None => *self.tally.unanswered.entry(first.word().to_owned()).or_default() += 1,
            },
        }
    }

    fn differ(&mut self, block: &Block, number: u64, first: &Outcome, second: &Outcome) {
        let descriptions = self.evaluators.iter().map(|one| one.description());
        match held_together([first, second].into_iter().zip(descriptions)) {
            // Neither has an answer.
            Comparison::Agree(word) => *self.tally.unanswered.entry(word.to_owned()).or_default() += 1,
            Comparison::Incomparable(why) => {
                *self.tally.incomparable.entry(why.to_string()).or_default() += 1;
            }
            Comparison::Disagree(answers) => {
                self.tally.disagreed += 1;
                self.found(block, None, answers, number, None);
            }
        }
    }

    fn found(
        &mut self,
        block: &Block,
        law: Option<Law>,
        answers: Vec<&'static str>,
        number: u64,
        neighbour: Option<u64>,
    ) {
        let digits = block.digits(number);
        let (_, features) = self.facts(usize::MAX, block, &digits);
        let weight = self.shared.task.scope.weight(&digits);
        self.tally.add(Kind { law, answers, features }, Example { count: 1, weight, number, neighbour });
    }

    /// Checks the laws on the worlds of the range.
    fn check(&mut self, frame: usize, block: &Block, chunk: Range<u64>) {
        let shared = self.shared;
        let own = shared.own(block);
        let mut meters = vec![Meter::default(); Law::ALL.len()];
        let mut broken = Vec::new();
        let mut judge = |law: Law, number: u64, world: u8, neighbour: Option<(u64, u8)>| {
            let other = neighbour.map_or(0, |(_, code)| code);
            let held = shared.laws.get(law as usize).and_then(|table| table.judge(world, other));
            let (Some(held), Some(meter)) = (held, meters.get_mut(law as usize)) else { return };
            meter.applied += 1;
            meter.telling += u64::from(held != Held::Trivially);
            if held == Held::No {
                meter.broken += 1;
                broken.push((law, number, world, neighbour));
            }
        };
        let range = both(&own, &chunk);
        each_world(block, range.clone(), |number, digits| {
            let world = shared.answer(block, number);
            // Neither a world that another stands for nor one without an answer.
            if usize::from(world) >= WORDS.len() {
                return;
            }
            let (facts, _) = self.facts(frame, block, digits);
            for premise in &shared.task.scope.premises {
                if facts & premise.when == premise.when && facts & premise.unless == 0 {
                    judge(premise.law, number, world, None);
                }
            }
            self.neighbours(frame, block, number, digits, |law, other| {
                judge(law, number, world, Some((other, shared.answer(block, other))));
            });
        });
        for (law, meter) in Law::ALL.iter().zip(meters).filter(|(_, meter)| meter.applied > 0) {
            self.tally.laws.entry(*law).or_default().join(meter);
        }
        for (law, number, world, neighbour) in broken {
            let word = |code: u8| WORDS.get(usize::from(code)).copied().unwrap_or_default();
            let other = neighbour.map(|(_, code)| word(code));
            let answers = law.in_order(word(world), other);
            self.found(block, Some(law), answers, number, neighbour.map(|(number, _)| number));
        }
        shared.task.done.fetch_add(length(&range), Relaxed);
    }
}

/// The numbers that are in both.
fn both(a: &Range<u64>, b: &Range<u64>) -> Range<u64> {
    a.start.max(b.start)..a.end.min(b.end)
}

fn length(range: &Range<u64>) -> u64 {
    range.end.saturating_sub(range.start)
}

/// Calls `each` for every world of a range of numbers in a frame, with its choices.
fn each_world(block: &Block, range: Range<u64>, mut each: impl FnMut(u64, &[usize])) {
    if range.is_empty() {
        return;
    }
    let mut digits = block.digits(range.start);
    for number in range {
        each(number, &digits);
        for (digit, radix) in digits.iter_mut().zip(&block.radices).rev() {
            *digit += 1;
            if *digit < *radix {
                break;
            }
            *digit = 0;
        }
    }
}
