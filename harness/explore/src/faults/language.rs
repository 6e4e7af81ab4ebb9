//! Decides the faults about how elements, patterns, operators and variables of a statement are matched.

mod absent;
mod actions;
mod arns;
pub mod conditions;
mod logic;
mod numbers;
mod principals;
mod resources;
mod sets;
mod strings;
mod variables;

use super::Fault;

/// The faults, one table for each part.
pub const TABLES: &[&[Fault]] = &[
    absent::TABLE,
    actions::TABLE,
    arns::TABLE,
    logic::TABLE,
    numbers::TABLE,
    principals::TABLE,
    resources::TABLE,
    sets::TABLE,
    strings::TABLE,
    variables::TABLE,
];
