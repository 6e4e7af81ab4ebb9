//! Decides whose code a target holds: this repository's own, unless a test plants another in its place to show that the
//! target can fail.

use std::collections::BTreeSet;

use kms_model::json::{self, Limits, Node, SyntaxError};
use kms_model::policy::Policy;
use kms_model::ram::policy::RamPolicy;
use kms_model::shape::Problem;
use kms_model::wire::{self, Reply, Request, Welcome};
use kms_model::{Document, Feature, Question};

/// What targets call of the code that they hold; each method is the real thing, unless it is replaced.
pub trait Code {
    /// Reads JSON from bytes.
    ///
    /// # Errors
    /// What is wrong with them, and where.
    fn json<'t>(&self, bytes: &'t [u8]) -> Result<(&'t str, Node), SyntaxError> {
        json::parse_bytes(bytes, Limits::default())
    }

    /// Writes JSON without white space.
    fn compact(&self, node: &Node) -> String {
        json::compact(node)
    }

    /// Writes JSON for people.
    fn pretty(&self, node: &Node, width: usize) -> String {
        json::pretty(node, width)
    }

    /// The value by which a question holds a document.
    fn held(&self, document: &Document) -> Node {
        document.to_node()
    }

    /// Reads a policy of the AWS dialect.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    fn policy(&self, text: &str) -> Result<Policy, Vec<Problem>> {
        Policy::read(text)
    }

    /// Reads a policy of the RAM dialect.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    fn ram_policy(&self, text: &str) -> Result<RamPolicy, Vec<Problem>> {
        RamPolicy::read(text)
    }

    /// Reads a question from its text.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    fn question(&self, text: &str) -> Result<Question, Vec<Problem>> {
        Question::parse(text)
    }

    /// Reads a question from a value.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    fn question_of(&self, node: &Node) -> Result<Question, Vec<Problem>> {
        Question::read(node)
    }

    /// Writes a question as a value.
    fn node(&self, question: &Question) -> Node {
        question.to_node()
    }

    /// The features that a question needs.
    fn features(&self, question: &Question) -> BTreeSet<Feature> {
        question.features()
    }

    /// Reads a line of the harness.
    ///
    /// # Errors
    /// Why it is none.
    fn request(&self, line: &str) -> Result<Request, String> {
        Request::read(line)
    }

    /// Writes the line that asks a question.
    fn ask(&self, id: u64, question: &Question) -> String {
        wire::ask(id, question)
    }

    /// Reads an evaluator's reply and writes it.
    ///
    /// # Errors
    /// Why the line is none.
    fn reply(&self, line: &str) -> serde_json::Result<String> {
        serde_json::to_string(&serde_json::from_str::<Reply>(line)?)
    }

    /// Reads an evaluator's welcome and writes it.
    ///
    /// # Errors
    /// Why the line is none.
    fn welcome(&self, line: &str) -> serde_json::Result<String> {
        serde_json::to_string(&serde_json::from_str::<Welcome>(line)?)
    }
}

/// The code of this repository.
#[derive(Clone, Copy, Debug)]
pub struct Ours;

impl Code for Ours {}
