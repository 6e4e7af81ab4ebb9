//! The kms-conformance catalogue as text: suites, fixtures and the index of all checks. Reading them is the work of
//! the crate `kms-conformance`; this crate depends on nothing, so that any program can carry the catalogue.

/// Every suite: its path below `spec-cases/`, with `/` between the parts, and its text.
pub const SUITES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/suites.rs"));

/// The schema of every format: its path below `spec-cases/` and its text.
pub const SCHEMAS: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/schemas.rs"));

/// The identities that all suites share.
pub const FIXTURES: &str = include_str!("../fixtures.json");

/// The index of all checks: id, requirements, expectation, digest of the question.
pub const INDEX: &str = include_str!("../index.tsv");

/// The version of the catalogue.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
