//! Decides how one worker asks its share: batch by batch, and after a panic the rest of the batch one by one.

use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Sender, channel};

use crate::parts;
use kms_model::{Answer, Description, Evaluator, Outcome, Question, Start, StartError};

/// What there is to ask.
pub struct Plan {
    questions: Vec<Question>,
    next: AtomicUsize,
    batch: usize,
}

impl Plan {
    /// All questions, in batches that leave each of the workers a few.
    pub fn new(questions: Vec<Question>, workers: usize) -> Self {
        let batch = (questions.len() / (workers * 4)).clamp(1, 256);
        Self { questions, next: AtomicUsize::new(0), batch }
    }

    fn take(&self) -> Option<Range<usize>> {
        let start = self.next.fetch_add(self.batch, Ordering::Relaxed);
        (start < self.questions.len()).then(|| start..(start + self.batch).min(self.questions.len()))
    }

    /// Leaves nothing more to take.
    fn stop(&self) {
        self.next.store(self.questions.len(), Ordering::Relaxed);
    }
}

/// What a worker tells.
pub enum Event {
    /// The answer to a question, by its place in the plan.
    Answered(usize, usize, Box<Answer>),
    /// It began a batch.
    Began(usize, Range<usize>),
    /// Its evaluator answers nothing more; why.
    Broken(String),
    /// It could not start its evaluator.
    Failed(StartError),
    /// It finished a batch.
    Idle(usize),
    /// Its evaluator is there.
    Ready(Box<Description>),
}

/// Starts a worker; the plan is sent to it once its evaluator has said what it is.
pub fn hire(worker: usize, start: Arc<dyn Start>, events: Sender<Event>) -> Sender<Arc<Plan>> {
    let (desk, inbox) = channel::<Arc<Plan>>();
    std::thread::spawn(move || {
        let mut evaluator = match begin(start.as_ref()) {
            Ok(evaluator) => evaluator,
            Err(error) => return drop(events.send(Event::Failed(error))),
        };
        // Nobody may be listening any more: the run is over.
        let _ = events.send(Event::Ready(Box::new(evaluator.description().clone())));
        let Ok(plan) = inbox.recv() else { return };
        while let Some(batch) = plan.take() {
            let _ = events.send(Event::Began(worker, batch.clone()));
            let tell =
                |at: usize, answer: Answer| drop(events.send(Event::Answered(worker, at, Box::new(answer))));
            match ask(start.as_ref(), evaluator, &plan.questions, batch, &tell) {
                Ok(kept) => evaluator = kept,
                Err(_) => return,
            }
            if let Some(why) = evaluator.broken() {
                plan.stop();
                return drop(events.send(Event::Broken(why.to_owned())));
            }
            let _ = events.send(Event::Idle(worker));
        }
    });
    desk
}

fn begin(start: &dyn Start) -> Result<Box<dyn Evaluator>, StartError> {
    catch_unwind(AssertUnwindSafe(|| parts::start(start)))
        .unwrap_or_else(|payload| Err(StartError(format!("it panicked: {}", said(payload.as_ref())))))
}

/// Asks a batch and hands back an evaluator that is fit to go on.
fn ask(
    start: &dyn Start,
    mut evaluator: Box<dyn Evaluator>,
    questions: &[Question],
    batch: Range<usize>,
    tell: &dyn Fn(usize, Answer),
) -> Result<Box<dyn Evaluator>, StartError> {
    let asked = questions.get(batch.clone()).unwrap_or_default();
    let mut answered = vec![false; asked.len()];
    let whole = catch_unwind(AssertUnwindSafe(|| {
        evaluator.answer_all(asked, &mut |at, answer| {
            if let Some(seen) = answered.get_mut(at).filter(|seen| !**seen) {
                *seen = true;
                tell(batch.start + at, answer);
            }
        });
    }));
    if whole.is_ok() && evaluator.broken().is_some() {
        return Ok(evaluator);
    }
    if whole.is_ok() {
        for at in answered.iter().enumerate().filter(|(_, seen)| !**seen).map(|(at, _)| at) {
            tell(batch.start + at, Answer::error("the evaluator left this question out"));
        }
        return Ok(evaluator);
    }
    // What one question did to the evaluator must not cost the others their answers.
    let mut fresh = begin(start);
    for (at, question) in asked.iter().enumerate().filter(|(at, _)| answered.get(*at) == Some(&false)) {
        let answer = match &mut fresh {
            Ok(evaluator) => match catch_unwind(AssertUnwindSafe(|| evaluator.answer(question))) {
                Ok(answer) => answer,
                Err(payload) => {
                    let error = format!("it panicked: {}", said(payload.as_ref()));
                    fresh = begin(start);
                    Outcome::Crash { error }.into()
                }
            },
            Err(error) => Outcome::Crash { error: error.to_string() }.into(),
        };
        tell(batch.start + at, answer);
    }
    fresh
}

/// The words of a panic.
pub fn said(payload: &(dyn std::any::Any + Send)) -> String {
    let text = payload.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| payload.downcast_ref::<String>().cloned()).unwrap_or_else(|| "no words".to_owned())
}
