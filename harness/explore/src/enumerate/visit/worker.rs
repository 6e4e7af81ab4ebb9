//! Decides what one worker does with a part of the numbers of a frame: asks, or checks the laws between the answers.

use std::ops::Range;
use std::sync::atomic::Ordering::Relaxed;

use kms_model::{Evaluator, Feature, Outcome, Question};

use super::super::axis::Facts;
use super::super::laws::{Law, NONE, UNASKED, WANTED, WORDS, code};
use super::super::scope::{Block, request};
use super::super::symmetry::is_first;
use super::super::tally::{Example, Kind, Meter, Tally};
use super::Shared;
use crate::differential::{Comparison, held_together};
use crate::relations::Held;

/// How many questions are put at once to an evaluator that is asked in batches.
const BATCH: usize = 256;

/// Who asks and checks.
pub(super) struct Worker<'a> {
    pub(super) shared: &'a Shared<'a>,
    pub(super) evaluators: Vec<Box<dyn Evaluator>>,
    /// The features that one of the evaluators lacks.
    pub(super) missing: u64,
    /// Questions that are still to be put, with their numbers.
    pub(super) batch: Vec<(u64, Question)>,
    pub(super) tally: Tally,
}

impl Worker<'_> {
    pub(super) fn clear(&self, block: &Block, chunk: Range<u64>) {
        for number in chunk {
            if let Some(place) = self.shared.place(block, number) {
                place.store(UNASKED, Relaxed);
            }
        }
    }

    /// Marks the neighbours that have to be asked though they are not in the range.
    pub(super) fn mark(&self, frame: usize, block: &Block, chunk: Range<u64>) {
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

    pub(super) fn ask(&mut self, frame: usize, block: &Block, chunk: Range<u64>) {
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
    pub(super) fn check(&mut self, frame: usize, block: &Block, chunk: Range<u64>) {
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
