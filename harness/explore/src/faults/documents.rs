//! Decides the faults about which documents are accepted, and how their text is read.

use super::Fault;

/// The faults, one table for each part.
pub const TABLES: &[&[Fault]] = &[];
