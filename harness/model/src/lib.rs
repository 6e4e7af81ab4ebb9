//! What the kms-conformance harness and an evaluator say to each other: questions, answers, descriptions, and
//! the [`Evaluator`] trait. Everything here changes slowly; `docs` of each module name the source of its rules.

pub mod answer;
pub mod arn;
pub mod derive;
pub mod description;
pub mod document;
pub mod evaluator;
pub mod json;
pub mod keys;
pub mod operations;
pub mod parts;
pub mod policy;
pub mod question;
pub mod ram;
pub mod shape;
pub mod wire;
mod words;

pub use answer::{Answer, Because, Outcome, Trace};
pub use description::{Description, Detail, Dialect, Feature};
pub use document::{Document, Documents};
pub use evaluator::{Evaluator, Start, StartError};
pub use question::Question;
