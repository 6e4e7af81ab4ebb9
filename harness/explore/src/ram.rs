//! Decides what a generated question of the RAM dialect is about: a request, or a document.
//!
//! As in the other dialect, `world` draws who asks for what, `layers`, `policies` and `conditions` draw the policies,
//! most of them about that, and the facts of the request are then made what conditions ask for. Some questions are turned
//! by `nearly`. `series` asks for more of the same world.

pub(crate) mod conditions;
mod flaws;
mod layers;
mod names;
mod policies;
mod series;
mod world;

use kms_model::Question;

pub(crate) use flaws::KINDS;
pub(crate) use series::Series;

use crate::generate::size;
use crate::{Choices, Settings, nearly};

/// A question of the RAM dialect.
pub fn question(choices: &mut dyn Choices, settings: &Settings) -> Question {
    if validates(choices, settings) {
        return document(choices, settings);
    }
    let question = layers::question(&mut world::World::new(choices, settings));
    nearly::turned(&question, choices, settings).unwrap_or(question)
}

/// The same, with what is known of how it was made; `None` for a document.
pub(crate) fn series(choices: &mut dyn Choices, settings: &Settings) -> (Question, Option<Series>) {
    if validates(choices, settings) {
        return (document(choices, settings), None);
    }
    let mut world = world::World::new(choices, settings);
    let question = layers::question(&mut world);
    let question = nearly::turned(&question, world.choices, settings).unwrap_or(question);
    let series = Series::new(world, &question);
    (question, series)
}

/// A question about a document.
pub(crate) fn document(choices: &mut dyn Choices, settings: &Settings) -> Question {
    let mut question = flaws::question(world::World::new(choices, settings));
    size::stretch(&mut question, choices, settings);
    question
}

fn validates(choices: &mut dyn Choices, settings: &Settings) -> bool {
    flaws::kinds(settings).next().is_some() && choices.chance(settings.weights.validate)
}
