//! An emulator that has one thing wrong: it believes that the root user of an account may do everything there.
//! Everything else it leaves to the reference, where yours would decide for itself.

use kms_conformance::model::question::{Ask, CallerKind};
use kms_conformance::model::{Answer, Description, Dialect, Evaluator, Feature, Outcome, Question};
use kms_reference::AwsReference;

/// The emulator.
pub struct Emulator {
    description: Description,
    reference: AwsReference,
}

impl Default for Emulator {
    fn default() -> Self {
        Self::new()
    }
}

impl Emulator {
    /// An emulator that has no place for documents alone, nor for calls by services.
    pub fn new() -> Self {
        use Feature::{Anonymous, Context, Groups, OtherServices, RootUsers};
        let description = Description::new("example-emulator", "0.0.0", Dialect::Aws);
        Self {
            description: description.with(&[Anonymous, Context, Groups, OtherServices, RootUsers]),
            reference: AwsReference::new(),
        }
    }
}

impl Evaluator for Emulator {
    fn description(&self) -> &Description {
        &self.description
    }

    fn answer(&mut self, question: &Question) -> Answer {
        match &question.ask {
            Ask::Authorize(ask) if ask.caller.kind == CallerKind::Root => Outcome::Allow.into(),
            _ => self.reference.answer(question),
        }
    }
}
