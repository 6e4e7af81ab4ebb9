//! Visits every world of a scope: all documents of an alphabet up to a size, at every place, for every caller. What sampling
//! may miss cannot hide here.
//!
//! - `scopes` are data: an alphabet and its bounds. A world has a number in mixed radices ([`Scope`]), so that a shard is a
//!   range of numbers, and a number is looked up again.
//! - The order of statements means nothing, and identifiers that nothing tells apart can change places ([`symmetry`]): of
//!   the worlds that come out of one another one is asked. How many there are follows from the alphabet alone, by
//!   Burnside's lemma, and is held against the number of worlds that were visited.
//! - One evaluator is held to [`laws`] between neighbours: worlds that differ in one statement, condition, grant or guard
//!   rail. Two are held against each other.
//! - What is found is told once for all worlds that show the same, by the smallest of them ([`tally`]).

pub mod axis;
pub mod laws;
pub mod merge;
pub mod report;
pub mod scope;
pub mod scopes;
pub mod symmetry;
pub mod tally;
pub mod visit;

pub use merge::{Unmergeable, merge};
pub use report::{Enumeration, Shard};
pub use scope::Scope;
pub use tally::Tally;
pub use visit::{Halted, Task, visit};
