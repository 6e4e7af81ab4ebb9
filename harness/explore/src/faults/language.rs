//! Decides the faults about how elements, patterns, operators and variables of a statement are matched.

mod absent;
mod actions;
mod addresses;
mod arns;
pub mod conditions;
mod expansion;
mod logic;
mod numbers;
mod principals;
mod resources;
mod services;
mod sets;
mod spelling;
mod strings;
mod variables;

use super::Fault;

/// The faults, one table for each part.
pub const TABLES: &[&[Fault]] = &[
    absent::TABLE,
    actions::TABLE,
    addresses::TABLE,
    arns::TABLE,
    logic::TABLE,
    numbers::TABLE,
    principals::TABLE,
    resources::TABLE,
    services::TABLE,
    sets::TABLE,
    spelling::TABLE,
    strings::TABLE,
    variables::TABLE,
];
