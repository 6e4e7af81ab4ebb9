//! Decides the faults about Alibaba Cloud RAM, most of them what a reader of AWS policies takes for granted.

use super::Fault;

/// The faults.
pub const TABLES: &[&[Fault]] = &[];
