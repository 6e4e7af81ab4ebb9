//! Decides the faults about Alibaba Cloud RAM, most of them what a reader of AWS policies takes for granted.

mod conditions;
mod controls;
mod documents;
mod identities;
mod layers;
mod operations;
mod resources;

use super::Fault;

/// The faults.
pub const TABLES: &[&[Fault]] = &[
    conditions::TABLE,
    controls::TABLE,
    documents::TABLE,
    identities::TABLE,
    layers::TABLE,
    operations::TABLE,
    resources::TABLE,
];
