//! Decides how an operation of several authorizations is put to an evaluator that does not know operations: it is asked
//! each authorization, and the answers are combined.

use kms_model::{Answer, Description, Evaluator, Feature, Question, Start, StartError};

/// Starts an evaluator that can be asked any operation.
///
/// # Errors
/// When the evaluator cannot be started.
pub fn start(start: &dyn Start) -> Result<Box<dyn Evaluator>, StartError> {
    let evaluator = start.start()?;
    Ok(match evaluator.description().has(Feature::Operations) {
        true => evaluator,
        false => Box::new(PartByPart(evaluator)),
    })
}

/// An evaluator that is asked one authorization at a time.
struct PartByPart(Box<dyn Evaluator>);

impl Evaluator for PartByPart {
    fn description(&self) -> &Description {
        self.0.description()
    }

    fn answer(&mut self, question: &Question) -> Answer {
        match question.parts() {
            Some(parts) => Answer::of_parts(parts.iter().map(|part| self.0.answer(part)).collect()),
            None => self.0.answer(question),
        }
    }

    fn explain(&mut self, question: &Question) -> Answer {
        match question.parts() {
            Some(parts) => Answer::of_parts(parts.iter().map(|part| self.0.explain(part)).collect()),
            None => self.0.explain(question),
        }
    }

    fn answer_all(&mut self, questions: &[Question], sink: &mut dyn FnMut(usize, Answer)) {
        let parts: Vec<_> = questions.iter().map(Question::parts).collect();
        if parts.iter().all(Option::is_none) {
            return self.0.answer_all(questions, sink);
        }
        let mut asked = Vec::new();
        let mut of = Vec::new();
        let mut ranges = Vec::new();
        for (index, (question, parts)) in questions.iter().zip(parts).enumerate() {
            let first = asked.len();
            asked.extend(parts.unwrap_or_else(|| vec![question.clone()]));
            of.resize(asked.len(), index);
            ranges.push(first..asked.len());
        }
        let mut answers: Vec<Option<Answer>> = vec![None; asked.len()];
        self.0.answer_all(&asked, &mut |at, answer| {
            let (Some(place), Some(index)) = (answers.get_mut(at), of.get(at)) else { return };
            *place = Some(answer);
            let of_question = ranges.get(*index).and_then(|range| answers.get_mut(range.clone()));
            let Some(parts) = of_question.filter(|parts| parts.iter().all(Option::is_some)) else { return };
            sink(*index, Answer::of_parts(parts.iter_mut().filter_map(Option::take).collect()));
        });
    }

    fn broken(&self) -> Option<&str> {
        self.0.broken()
    }
}
