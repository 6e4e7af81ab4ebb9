//! Decides which checks fail which fault: every check is asked of the evaluator as it is, the control, and then of the
//! evaluator with each fault.

use std::collections::BTreeMap;
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};

use indicatif::ProgressBar;
use kms_conformance::model::{Answer, Description, Evaluator, Outcome, Question, Start, StartError};
use kms_conformance::verdict::{Judgement, judge};
use kms_conformance::{Catalogue, Check, Expectation, Run, parts};
use kms_explore::differential::{Abilities, Why};
use kms_explore::faults::Fault;

/// How many checks a worker takes at a time.
const SHARE: usize = 32;

/// The checks that the control passes, with its answers.
pub struct Control<'a> {
    /// What the evaluator says of itself.
    pub description: &'a Description,
    /// The checks that expect something and that the control passes.
    pub passed: Vec<Passed<'a>>,
    /// The ids of those that it fails.
    pub failed: Vec<String>,
}

/// A check that the control passes.
pub struct Passed<'a> {
    /// The check.
    pub check: &'a Check,
    question: Question,
    answer: &'a Answer,
}

impl<'a> Control<'a> {
    /// Sorts what a run over the catalogue came to.
    pub fn new(catalogue: &'a Catalogue, run: &'a Run) -> Self {
        let verdicts: BTreeMap<_, _> = run.verdicts.iter().map(|one| (one.id.as_str(), one)).collect();
        let mut control = Self { description: &run.description, passed: Vec::new(), failed: Vec::new() };
        for check in catalogue.checks() {
            if matches!(check.expectation, Expectation::Observe(_)) {
                continue;
            }
            let Some(verdict) = verdicts.get(check.id.as_str()) else { continue };
            match (&verdict.judgement, &verdict.got) {
                (Judgement::Pass, Some(answer)) => {
                    let question = check.question_for(&run.description);
                    control.passed.push(Passed { check, question, answer });
                }
                (Judgement::Skip(_), _) => {}
                _ => control.failed.push(check.id.clone()),
            }
        }
        control
    }

    /// Asks every check of every fault. For each fault, the places of the checks that fail it, ascending.
    pub fn kills(
        &self,
        faults: &[Fault],
        start: &dyn Start,
        bar: &ProgressBar,
    ) -> Result<Vec<Vec<usize>>, StartError> {
        bar.set_length(self.passed.len() as u64);
        let next = AtomicUsize::new(0);
        let found = on_all_cores(|| {
            let mut evaluator = Within::start(start)?;
            let mut found = Vec::new();
            loop {
                let first = next.fetch_add(SHARE, Ordering::Relaxed);
                let share = self.passed.iter().enumerate().skip(first).take(SHARE);
                if share.len() == 0 {
                    return Ok(found);
                }
                for (place, passed) in share {
                    let fails = |(_, fault): &(usize, &Fault)| self.fails(passed, fault, &mut evaluator);
                    found.extend(faults.iter().enumerate().filter(fails).map(|(at, _)| (at, place)));
                    bar.inc(1);
                }
            }
        })?;
        let mut kills = vec![Vec::new(); faults.len()];
        for (fault, place) in found.into_iter().flatten() {
            if let Some(places) = kills.get_mut(fault) {
                places.push(place);
            }
        }
        kills.iter_mut().for_each(|places| places.sort_unstable());
        Ok(kills)
    }

    fn fails(&self, passed: &Passed<'_>, fault: &Fault, evaluator: &mut Within) -> bool {
        let Some(answer) = evaluator.faulty(fault, &passed.question, passed.answer) else { return false };
        answer.outcome != passed.answer.outcome
            && judge(passed.check, answer, self.description, None).judgement.fails()
    }
}

/// What `work` comes to on each core.
pub fn on_all_cores<T: Send>(work: impl Fn() -> Result<T, StartError> + Sync) -> Result<Vec<T>, StartError> {
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        let shares: Vec<_> = (0..workers).map(|_| scope.spawn(&work)).collect();
        shares.into_iter().map(|share| share.join().unwrap_or_else(|panic| resume_unwind(panic))).collect()
    })
}

/// An evaluator that is asked any operation, and nothing that it has no place for: a fault may add to a question what the
/// evaluator did not declare.
pub struct Within {
    evaluator: Box<dyn Evaluator>,
    abilities: Abilities,
}

impl Within {
    /// Starts one.
    pub fn start(start: &dyn Start) -> Result<Self, StartError> {
        let evaluator = parts::start(start)?;
        let abilities = Abilities::of(std::iter::once(evaluator.description()));
        Ok(Self { evaluator, abilities })
    }

    /// The answer with a fault, if it makes a difference that the evaluator can be asked for.
    pub fn faulty(&mut self, fault: &Fault, question: &Question, right: &Answer) -> Option<Answer> {
        let answer = fault.answer(question, Some(right), self)?;
        (!matches!(answer.outcome, Outcome::Unsupported { .. })).then_some(answer)
    }
}

impl Evaluator for Within {
    fn description(&self) -> &Description {
        self.evaluator.description()
    }

    fn answer(&mut self, question: &Question) -> Answer {
        match self.abilities.refuse(question) {
            Some(Why::Feature(feature)) => Outcome::Unsupported { feature: feature.word().to_owned() }.into(),
            _ => self.evaluator.answer(question),
        }
    }
}
