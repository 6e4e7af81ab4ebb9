//! Runs the kms-conformance catalogue, or anybody's own suites, against an evaluator, and says which documented rules it
//! keeps and which it breaks.

pub mod adapters;
pub mod catalogue;
pub mod comparison;
pub mod coverage;
pub mod enumeration;
pub mod known;
pub mod parts;
pub mod process;
pub mod report;
pub mod run;
pub mod schema;
pub mod scoreboard;
pub mod tables;
pub mod trials;
pub mod verdict;

pub use catalogue::{Catalogue, Check, Expectation, Expected, LoadError, Requirement, SuiteProblem};
pub use kms_model as model;
pub use known::Known;
pub use process::Process;
pub use run::{Options, Run, Summary, run};
pub use trials::Conformance;
pub use verdict::{FailKind, Judgement, Verdict};
