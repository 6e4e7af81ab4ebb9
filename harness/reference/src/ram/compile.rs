//! Decides what is kept of a document beside its text: its statements in the form in which they are evaluated, and for
//! each policy type what is wrong with it; both worked out once.

use std::sync::{Arc, OnceLock};

use kms_model::Document;
use kms_model::question::PolicyType;
use kms_model::ram::policy::{RamPolicy, RamStatement};
use kms_model::shape::Problem;

use super::statement::Statement;
use super::validate;

/// A document, ready to be evaluated.
#[derive(Debug)]
pub struct Compiled {
    /// Its statements; none if the shared grammar refuses it.
    pub statements: Vec<Statement>,
    /// What was read, or where it departs from the shared grammar.
    policy: Result<RamPolicy, Vec<Problem>>,
    /// What is wrong with it as a policy of any type.
    unreadable: Vec<Problem>,
    /// What is wrong with it as a policy of each type, in the order of the types.
    refusals: [OnceLock<Vec<Problem>>; PolicyType::WORDS.len()],
}

impl Compiled {
    /// The compiled form of a document.
    pub fn of(document: &Document) -> Arc<Self> {
        document.memo(|document| Self::new(RamPolicy::read(document.text())))
    }

    fn new(policy: Result<RamPolicy, Vec<Problem>>) -> Self {
        let mut unreadable = Vec::new();
        let read = policy.iter().flat_map(|policy| &policy.statements);
        let statements = read.map(|statement| Statement::new(statement, &mut unreadable)).collect();
        Self { statements, policy, unreadable, refusals: Default::default() }
    }

    /// The statement with that index, as it was read.
    pub fn read(&self, index: usize) -> Option<&RamStatement> {
        self.policy.as_ref().ok()?.statements.get(index)
    }

    /// What is wrong with the document as a policy of that type.
    pub fn refusals(&self, document: &Document, policy_type: PolicyType) -> &[Problem] {
        let refuse = || validate::refusals(document.text(), &self.policy, &self.unreadable, policy_type);
        self.refusals
            .get(policy_type as usize)
            .map_or(&self.unreadable, |refusals| refusals.get_or_init(refuse))
    }
}
