//! Decides what a generated question of the AWS dialect is about: a request, or a document.
//!
//! A request is drawn in three steps. `world` draws who asks for what; `layers`, `policies`, `conditions` and `grants`
//! draw the policies, most of them about that; `request` then makes the facts of the request what conditions ask for.

mod actions;
mod conditions;
mod flaws;
mod grants;
mod layers;
mod names;
mod policies;
mod request;
mod validate;
mod words;
mod world;

use kms_model::{Feature, Question};

use crate::{Choices, Settings};

/// A question of the AWS dialect.
pub fn question(choices: &mut dyn Choices, settings: &Settings) -> Question {
    let validates = settings.allows(Feature::Validation) && choices.chance(settings.weights.validate);
    let world = world::World::new(choices, settings);
    if validates { validate::question(world) } else { layers::question(world) }
}
