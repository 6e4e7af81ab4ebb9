//! The reference evaluator: one that decides as the documentation says, written to be read against it.
//!
//! Each module is about one concept and names the page that it follows. Where the pages are silent or disagree, a
//! comment says which reading was taken and why; of two readings the one that refuses more is taken. `pattern`,
//! `compare` and `told` are what both dialects have in common.

pub mod aws;
mod compare;
mod pattern;
pub mod ram;
mod reference;
mod told;

pub use aws::AwsReference;
pub use ram::RamReference;
pub use reference::Reference;
