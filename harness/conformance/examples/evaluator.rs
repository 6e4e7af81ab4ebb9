//! The smallest evaluator worth running: it refuses everything, and says which inputs it has a place for.

use std::sync::Arc;

use kms_conformance::model::{
    Answer, Description, Dialect, Evaluator, Feature, Outcome, Question, question::Ask,
};
use kms_conformance::{Catalogue, Options};

struct Mine {
    description: Description,
}

impl Mine {
    fn new() -> Self {
        let description = Description::new("mine", "0.1.0", Dialect::Aws);
        Self { description: description.with(&[Feature::Groups, Feature::RootUsers, Feature::Context]) }
    }
}

impl Evaluator for Mine {
    fn description(&self) -> &Description {
        &self.description
    }

    fn answer(&mut self, question: &Question) -> Answer {
        match &question.ask {
            // `request` has the caller with its policies, and for each authorization the action, the resource with
            // its policy, and the context keys.
            Ask::Authorize(request) if request.authorizations.len() == 1 => Outcome::ImplicitDeny.into(),
            _ => Answer::error("never asked: no feature for it is declared"),
        }
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let run = kms_conformance::run(
        &Catalogue::builtin()?,
        Arc::new(Mine::new),
        &Options::default(),
        &mut |_, _| {},
    )?;
    println!("{:?}", run.summary());
    Ok(())
}
