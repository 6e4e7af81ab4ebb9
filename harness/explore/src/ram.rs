//! Decides what a generated question of the RAM dialect is about: a request, or a document.
//!
//! As in the other dialect, `world` draws who asks for what, `layers`, `policies` and `conditions` draw the policies,
//! most of them about that, and the facts of the request are then made what conditions ask for.

mod conditions;
mod flaws;
mod layers;
mod names;
mod policies;
mod world;

use kms_model::{Feature, Question};

use crate::generate::size;
use crate::{Choices, Settings};

/// A question of the RAM dialect.
pub fn question(choices: &mut dyn Choices, settings: &Settings) -> Question {
    let validates = settings.allows(Feature::Validation) && choices.chance(settings.weights.validate);
    let world = world::World::new(choices, settings);
    let mut question = if validates { flaws::question(world) } else { layers::question(world) };
    if validates {
        size::stretch(&mut question, choices, settings);
    }
    question
}
