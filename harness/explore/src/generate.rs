//! Decides which generator answers for a dialect.

pub(crate) mod draft;
pub mod size;

use kms_model::{Dialect, Question};

use crate::{Choices, Settings, aws, ram};

/// A question of that dialect.
pub fn question(dialect: Dialect, choices: &mut dyn Choices, settings: &Settings) -> Question {
    match dialect {
        Dialect::Ram => ram::question(choices, settings),
        _ => aws::question(choices, settings),
    }
}
