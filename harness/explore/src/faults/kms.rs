//! Decides the faults about what KMS alone has: grants, encryption contexts, aliases, operations that need several
//! permissions, and the condition keys of its requests.

mod constraints;
mod documents;
mod grants;
mod keys;
mod operations;
mod resources;
mod retiring;
mod values;

use super::Fault;

/// The faults.
pub const TABLES: &[&[Fault]] = &[
    constraints::TABLE,
    documents::TABLE,
    grants::TABLE,
    keys::TABLE,
    operations::TABLE,
    resources::TABLE,
    retiring::TABLE,
    values::TABLE,
];
