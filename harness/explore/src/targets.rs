//! Decides what each fuzz target holds: its body is a function over bytes, which names what does not hold.
//!
//! A body that calls our own readers and writers takes them as a [`Code`], so that a test can plant others and show that
//! the body fails; `fuzz/` gives it [`Ours`].
//!
//! Nothing here knows libFuzzer. `fuzz/` calls these functions with the fuzzer's bytes; a test of this crate calls them
//! with everything in `corpus/` and with seeded bytes, so that no target rots between two nights.
//!
//! | target | bytes are | what holds |
//! | --- | --- | --- |
//! | [`document`] | the text of a document | the reader and serde_json accept the same and read the same; written and read again it is the same document; every place that is named is in the text |
//! | [`question`] | a question | read ∘ write is the identity, on values and on text |
//! | [`protocol`] | a line of either side | what is read is written so that it reads the same |
//! | [`suite`] | a suite | loading names problems or gives checks, the same each time, and their questions keep the contract |
//! | [`validate`] | a question | each of its documents is accepted or rejected, twice the same |
//! | [`relations()`] | a question | no relation is broken |
//! | [`differential`] | a question | two evaluators agree, or cannot be compared |
//!
//! Where bytes are a question they are so in one of two ways, told apart by the first byte ([`read`]): the question's JSON,
//! which is how seeds and findings are kept, or the choices of a generator.

mod asked;
mod code;
mod differential;
mod document;
mod input;
mod kept;
mod protocol;
mod question;
mod relations;
mod seeds;
mod suite;
mod validate;

pub use code::{Code, Ours};
pub use differential::{Afresh, differential};
pub use document::document;
pub use input::read;
pub use kept::kept;
pub use protocol::protocol;
pub use question::{question, round_trip};
pub use relations::{broken, relations};
pub use seeds::{Seeds, TARGETS, seeds};
pub use suite::suite;
pub use validate::validate;
