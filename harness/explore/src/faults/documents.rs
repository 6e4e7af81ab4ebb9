//! Decides the faults about which documents are accepted, and how their text is read.

mod elements;
mod grammar;
mod grants;
mod kinds;
mod lockout;
mod operators;
mod text;

use super::Fault;

/// The faults, one table for each part.
pub const TABLES: &[&[Fault]] = &[
    elements::TABLE,
    grammar::TABLE,
    grants::TABLE,
    kinds::TABLE,
    lockout::TABLE,
    operators::TABLE,
    text::TABLE,
];
