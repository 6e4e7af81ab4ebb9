//! Decides how evaluators are broken on purpose: each fault is a plausible misreading of one requirement, put between the
//! question and any evaluator.
//!
//! What a catalogue or a relation is worth is told by the faults that it finds. A fault turns the question into the one that
//! the misreading evaluator believes it was asked, or asks several and combines their answers as that evaluator would; only
//! where no question says the misreading does it change the answer itself. The tables are in the modules, one for each part
//! of the documentation.

mod change;
mod documents;
mod kms;
mod language;
mod layers;
mod parts;
mod ram;
mod reading;

use std::sync::LazyLock;

use kms_model::{Answer, Description, Dialect, Evaluator, Question};

/// A misreading of the documentation.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Fault {
    /// `aws-grant-constraints-are-not-read`; no two faults have the same.
    pub id: &'static str,
    /// The requirement that it violates.
    pub requirement: &'static str,
    /// What the broken evaluator does, in words.
    pub misreading: &'static str,
    /// Why it is kept although it is so gross that any glance shows it: it agrees with a right evaluator on less than is
    /// asked of the others.
    pub gross: Option<&'static str>,
    change: Change,
}

/// Answers as the evaluator without the fault does.
type Ask<'a> = &'a mut dyn FnMut(&Question) -> Answer;

/// Where a fault comes in. Each function gives `None` where the misreading makes no difference.
#[derive(Clone, Copy, Debug)]
enum Change {
    /// The question that the broken evaluator believes it was asked.
    Question(fn(&Question) -> Option<Question>),
    /// The answer, combined from those to other questions.
    Asks(fn(&Question, Ask<'_>) -> Option<Answer>),
    /// The answer in place of the right one.
    Answer(fn(&Question, &Answer) -> Option<Answer>),
}

impl Fault {
    const fn new(
        id: &'static str,
        requirement: &'static str,
        misreading: &'static str,
        change: Change,
    ) -> Self {
        Self { id, requirement, misreading, gross: None, change }
    }

    /// The same fault, excused from agreeing with a right evaluator most of the time.
    const fn gross(self, why: &'static str) -> Self {
        Self { gross: Some(why), ..self }
    }

    /// The dialect that is misread.
    pub fn dialect(&self) -> Dialect {
        if self.id.starts_with("ram-") { Dialect::Ram } else { Dialect::Aws }
    }

    /// Whether only the answer is changed, whatever the evaluator believes to have been asked.
    pub fn flips_answers(&self) -> bool {
        matches!(self.change, Change::Answer(_))
    }

    /// What an evaluator with this fault answers, if the fault makes a difference to what is asked of it. `right` is the
    /// answer of the evaluator without the fault, if that is known already.
    pub fn answer(
        &self,
        question: &Question,
        right: Option<&Answer>,
        evaluator: &mut dyn Evaluator,
    ) -> Option<Answer> {
        if question.dialect != self.dialect() {
            return None;
        }
        match self.change {
            Change::Question(change) => change(question).map(|believed| evaluator.answer(&believed)),
            Change::Asks(combine) => combine(question, &mut |question| evaluator.answer(question)),
            Change::Answer(change) => match right {
                Some(right) => change(question, right),
                None => change(question, &evaluator.answer(question)),
            },
        }
    }
}

static ALL: LazyLock<Vec<Fault>> = LazyLock::new(|| {
    let areas = [documents::TABLES, language::TABLES, layers::TABLES, kms::TABLES, ram::TABLES];
    areas.concat().concat()
});

/// Every fault.
pub fn all() -> &'static [Fault] {
    &ALL
}

/// The fault of that id.
pub fn by_id(id: &str) -> Option<&'static Fault> {
    ALL.iter().find(|fault| fault.id == id)
}

/// An evaluator with a fault.
#[derive(Debug)]
pub struct Faulty<E> {
    fault: &'static Fault,
    evaluator: E,
}

impl<E: Evaluator> Faulty<E> {
    /// That evaluator with that fault.
    pub fn new(fault: &'static Fault, evaluator: E) -> Self {
        Self { fault, evaluator }
    }
}

impl<E: Evaluator> Evaluator for Faulty<E> {
    fn description(&self) -> &Description {
        self.evaluator.description()
    }

    fn answer(&mut self, question: &Question) -> Answer {
        let faulty = self.fault.answer(question, None, &mut self.evaluator);
        faulty.unwrap_or_else(|| self.evaluator.answer(question))
    }

    fn broken(&self) -> Option<&str> {
        self.evaluator.broken()
    }
}
