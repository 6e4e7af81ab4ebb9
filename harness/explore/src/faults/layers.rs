//! Decides the faults about how policies of several kinds and accounts make a decision.

use super::Fault;

/// The faults.
pub const TABLE: &[Fault] = &[];
