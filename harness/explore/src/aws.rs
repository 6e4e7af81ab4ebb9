//! Decides what a generated question of the AWS dialect is about: a request, or a document.
//!
//! A request is drawn in three steps. `world` draws who asks for what; `layers`, `policies`, `conditions` and `grants`
//! draw the policies, most of them about that; `request` then makes the facts of the request what conditions ask for, and
//! `asked` puts the question together. Some worlds are moved to another partition as a whole by `elsewhere`.

mod actions;
mod asked;
mod conditions;
mod elsewhere;
mod flaws;
mod grants;
mod layers;
mod names;
mod policies;
mod request;
mod validate;
mod words;
mod world;

pub use asked::MOST_ALIASES;
use kms_model::{Feature, Question};

use crate::generate::size;
use crate::{Choices, Settings};

/// A question of the AWS dialect.
pub fn question(choices: &mut dyn Choices, settings: &Settings) -> Question {
    let validates = settings.allows(Feature::Validation) && choices.chance(settings.weights.validate);
    let world = world::World::new(choices, settings);
    let question = if validates { validate::question(world) } else { layers::question(world) };
    let mut question = elsewhere::moved(question, choices, settings);
    if validates {
        size::stretch(&mut question, choices, settings);
    }
    question
}
