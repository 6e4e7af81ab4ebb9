//! Decides whether the adapters hand over what they are given, and say what they cannot: all that are built.
#![cfg_attr(
    not(all(feature = "fakecloud", feature = "iam-rs", feature = "scratchstack-aspen")),
    allow(dead_code, reason = "each adapter needs others of the questions")
)]
#![expect(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

mod questions;

#[cfg(feature = "fakecloud")]
mod fakecloud;
#[cfg(feature = "iam-rs")]
mod iam_rs;
mod protocol;
#[cfg(feature = "scratchstack-aspen")]
mod scratchstack_aspen;
