//! Decides what an evaluator must do to be driven by the harness.

use crate::{Answer, Description, Question};

/// Whatever answers questions. It belongs to one worker and need not be [`Send`].
pub trait Evaluator {
    /// What the evaluator says of itself; the same at every call.
    fn description(&self) -> &Description;

    /// Answers one question.
    fn answer(&mut self, question: &Question) -> Answer;

    /// Answers one question and, where the evaluator can, says how the answer came about.
    fn explain(&mut self, question: &Question) -> Answer {
        self.answer(question)
    }

    /// Answers all questions and calls `sink` once with the index of each, in any order. Override it where asking
    /// ahead pays.
    fn answer_all(&mut self, questions: &[Question], sink: &mut dyn FnMut(usize, Answer)) {
        for (index, question) in questions.iter().enumerate() {
            sink(index, self.answer(question));
        }
    }

    /// Why nothing more can be had from this evaluator, if so: a program that fails each time it is started, for example.
    /// Whoever asks then stops asking, and [`Evaluator::answer_all`] may leave questions without a call.
    fn broken(&self) -> Option<&str> {
        None
    }
}

/// Starts evaluators: one for each worker, and a new one after a panic or a crash.
pub trait Start: Send + Sync {
    /// Starts an evaluator.
    ///
    /// # Errors
    /// When none can be started, for example because a program is not installed.
    fn start(&self) -> Result<Box<dyn Evaluator>, StartError>;
}

/// Why no evaluator could be started.
#[derive(Debug, thiserror::Error)]
#[error("cannot start the evaluator: {0}")]
pub struct StartError(pub String);

impl<F, E> Start for F
where
    F: Fn() -> E + Send + Sync,
    E: Evaluator + 'static,
{
    fn start(&self) -> Result<Box<dyn Evaluator>, StartError> {
        Ok(Box::new(self()))
    }
}
