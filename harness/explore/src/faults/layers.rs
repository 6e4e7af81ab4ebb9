//! Decides the faults about how policies of several kinds and accounts make a decision.

mod accounts;
mod callers;
mod limits;
mod not_principal;
mod principals;
mod rails;
mod rcps;

use super::Fault;

/// The faults.
pub const TABLES: &[&[Fault]] = &[
    accounts::TABLE,
    callers::TABLE,
    limits::TABLE,
    not_principal::TABLE,
    principals::TABLE,
    rails::TABLE,
    rcps::TABLE,
];
