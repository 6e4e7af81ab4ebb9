//! Decides what any evaluator owes to a question that it can be asked.

use kms_model::question::Ask;
use kms_model::{Answer, Description, Evaluator, Outcome, Question};

/// Whether an evaluator of that description has a place for everything in the question.
pub fn can_answer(description: &Description, question: &Question) -> bool {
    description.dialects.contains(&question.dialect) && question.lacking(description).is_empty()
}

/// The answer, if the question may be asked: one that fits its kind, and twice the same.
pub fn ask(evaluator: &mut dyn Evaluator, question: &Question) -> Result<Option<Answer>, String> {
    if !can_answer(evaluator.description(), question) {
        return Ok(None);
    }
    let answer = evaluator.answer(question);
    let fits = match (&question.ask, &answer.outcome) {
        (Ask::Validate(_), outcome) => matches!(outcome, Outcome::Accepted | Outcome::Rejected { .. }),
        (_, Outcome::Allow | Outcome::Rejected { .. }) => true,
        (_, outcome) => outcome.is_deny(),
    };
    if !fits {
        return Err(format!("answered {}: {}", answer.outcome, question.to_line()));
    }
    let again = evaluator.answer(question);
    if again.outcome != answer.outcome {
        let (first, second) = (answer.outcome, again.outcome);
        return Err(format!("answered {first}, then {second}: {}", question.to_line()));
    }
    Ok(Some(answer))
}
