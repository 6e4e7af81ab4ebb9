//! Decides what the adapters to evaluators in Rust have in common: the conversation, and which questions cannot be handed
//! over. Each adapter is a program of its own below `bin`, behind a feature that names its evaluator.

pub mod adapter;
pub mod protocol;
