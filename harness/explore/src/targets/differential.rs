//! Decides whether evaluators agree on a question.

use kms_model::{Answer, Description, Evaluator, Feature, Question};

use crate::{Comparison, Settings, compare};

use super::read;

/// Asks all evaluators; those that cannot be held together do not disagree.
///
/// # Errors
/// The answers, in the order of the evaluators, and the question.
pub fn differential(
    bytes: &[u8],
    settings: &Settings,
    evaluators: &mut [Box<dyn Evaluator>],
) -> Result<(), String> {
    let Some(question) = read(None, bytes, settings) else { return Ok(()) };
    match compare(evaluators, &question) {
        Comparison::Disagree(words) => Err(format!("{}: {}", words.join(" against "), question.to_line())),
        Comparison::Agree(_) | Comparison::Incomparable(_) => Ok(()),
    }
}

/// An evaluator that is asked in another way: each question is written and read first, so that nothing kept beside its
/// documents helps, and each authorization of an operation is asked for itself. What it is against itself must agree.
pub struct Afresh<E> {
    evaluator: E,
    description: Description,
}

impl<E: Evaluator> Afresh<E> {
    /// The evaluator, asked in that way.
    pub fn new(evaluator: E) -> Self {
        let mut description = evaluator.description().clone();
        // What a part alone does not show cannot be derived from it.
        let hidden = [Feature::DerivesContext, Feature::Operations].map(Feature::word);
        description.features.retain(|word| !hidden.contains(&word.as_str()));
        Self { evaluator, description }
    }
}

impl<E: Evaluator> Evaluator for Afresh<E> {
    fn description(&self) -> &Description {
        &self.description
    }

    fn answer(&mut self, question: &Question) -> Answer {
        match Question::parse(&question.to_line()) {
            Ok(question) => self.evaluator.answer(&question),
            Err(problems) => Answer::error(format!("the question cannot be read: {problems:?}")),
        }
    }
}
