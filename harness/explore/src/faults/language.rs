//! Decides the faults about how elements, patterns, operators and variables of a statement are matched.

use super::Fault;

/// The faults.
pub const TABLE: &[Fault] = &[];
