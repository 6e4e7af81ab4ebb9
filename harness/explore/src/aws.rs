//! Decides what a generated question of the AWS dialect is about: a request, or a document.
//!
//! A request is drawn in three steps. `world` draws who asks for what; `layers`, `policies`, `conditions` and `grants`
//! draw the policies, most of them about that; `request` then makes the facts of the request what conditions ask for, and
//! `asked` puts the question together. Some worlds are moved to another partition as a whole by `elsewhere`, and some
//! questions turned into ones that nearly are them by `nearly`. `series` asks for more of the same world, `deviate` with
//! other facts.

mod actions;
mod asked;
mod conditions;
mod deviate;
mod elsewhere;
mod flaws;
mod grants;
mod layers;
pub(crate) mod names;
mod policies;
mod request;
mod series;
mod validate;
pub(crate) mod words;
mod world;

use kms_model::Question;

pub use asked::MOST_ALIASES;
pub(crate) use series::Series;
pub(crate) use validate::KINDS;

use crate::generate::size;
use crate::{Choices, Settings, nearly};

/// A question of the AWS dialect.
pub fn question(choices: &mut dyn Choices, settings: &Settings) -> Question {
    if validates(choices, settings) {
        return document(choices, settings);
    }
    let question = layers::question(&mut world::World::new(choices, settings));
    let question = elsewhere::moved(&question, choices, settings).unwrap_or(question);
    nearly::turned(&question, choices, settings).unwrap_or(question)
}

/// The same, with what is known of how it was made; `None` for a document.
pub(crate) fn series(choices: &mut dyn Choices, settings: &Settings) -> (Question, Option<Series>) {
    if validates(choices, settings) {
        return (document(choices, settings), None);
    }
    let mut world = world::World::new(choices, settings);
    let question = layers::question(&mut world);
    let moved = elsewhere::moved(&question, world.choices, settings);
    let is_moved = moved.is_some();
    let question = moved.unwrap_or(question);
    let question = nearly::turned(&question, world.choices, settings).unwrap_or(question);
    let series = match is_moved {
        true => Series::elsewhere(world, &question),
        false => Series::new(world, &question),
    };
    (question, series)
}

/// A question about a document.
pub(crate) fn document(choices: &mut dyn Choices, settings: &Settings) -> Question {
    let question = validate::question(world::World::new(choices, settings));
    let mut question = elsewhere::moved(&question, choices, settings).unwrap_or(question);
    size::stretch(&mut question, choices, settings);
    question
}

fn validates(choices: &mut dyn Choices, settings: &Settings) -> bool {
    validate::kinds(settings).next().is_some() && choices.chance(settings.weights.validate)
}
