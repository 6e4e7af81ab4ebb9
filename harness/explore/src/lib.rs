//! Finds what no case asks: random questions made from the policies that they meet, relations that every evaluator must
//! keep, differences between evaluators, and the smallest question that shows what was found.
//!
//! Generators know no evaluator, and nothing here knows libFuzzer: evaluators are handed in.

pub mod aws;
pub mod campaign;
pub mod choices;
pub mod cluster;
pub mod compared;
pub mod differential;
mod edit;
pub mod enumerate;
pub mod faults;
pub mod finding;
pub mod generate;
pub mod meters;
mod nearly;
pub mod ram;
pub mod relations;
pub mod settings;
pub mod shrink;
pub mod targets;

pub use campaign::{Plan, explore};
pub use choices::{Bytes, Choices, Odometer, Random, Recorded, Replay};
pub use differential::{Comparison, compare};
pub use finding::Finding;
pub use generate::{Series, question};
pub use settings::Settings;
pub use shrink::{Shrunk, shrink};
