//! Decides what is kept of a document beside its text: its statements in the form in which they are evaluated, and for
//! each policy type what is wrong with it; both worked out once.

use std::sync::{Arc, OnceLock};

use kms_model::Document;
use kms_model::arn::Arn;
use kms_model::json::Span;
use kms_model::policy::{Policy, PrincipalKind, Version};
use kms_model::question::PolicyType;
use kms_model::shape::Problem;

use super::statement::Statement;
use super::validate;

/// A document, ready to be evaluated.
#[derive(Debug, Default)]
pub struct Compiled {
    /// Its statements; none if the shared grammar refuses it.
    pub statements: Vec<Statement>,
    /// The partitions of the ARNs in `Principal`, each with the place where it first stands.
    partitions: Vec<(String, Span)>,
    /// What is wrong with it as a policy of any type.
    unreadable: Vec<Problem>,
    /// What is wrong with it as a policy of each type, in the order of the types.
    refusals: [OnceLock<Vec<Problem>>; PolicyType::WORDS.len()],
}

impl Compiled {
    /// The compiled form of a document.
    pub fn of(document: &Document) -> Arc<Self> {
        document.memo(|document| document.policy().map(Self::new).unwrap_or_default())
    }

    fn new(policy: &Policy) -> Self {
        let mut compiled = Self::default();
        // Without `Version` the language is the old one.
        let version = policy.version.unwrap_or(Version::V2008);
        for statement in &policy.statements {
            compiled.statements.push(Statement::new(statement, version, &mut compiled.unreadable));
            for (kind, value) in statement.principal.iter().flat_map(|principal| &principal.values) {
                let arn = Arn::parse(&value.text).filter(|_| *kind == PrincipalKind::Aws);
                if let Some(Arn { partition, .. }) = arn
                    && !compiled.partitions.iter().any(|(known, _)| known == partition)
                {
                    compiled.partitions.push((partition.to_owned(), value.span));
                }
            }
        }
        compiled
    }

    /// What is wrong with the document as a policy of that type.
    pub fn refusals(&self, document: &Document, policy_type: PolicyType) -> &[Problem] {
        let refuse = || validate::refusals(document, &self.unreadable, policy_type);
        self.refusals
            .get(policy_type as usize)
            .map_or(&self.unreadable, |refusals| refusals.get_or_init(refuse))
    }

    /// The refusal of a key policy that names a principal of another partition: KMS does not know it (KMS Developer
    /// Guide for China, "Key policies in AWS KMS").
    pub fn foreign_principal(&self, partition: &str) -> Option<Problem> {
        let (found, span) = self.partitions.iter().find(|(found, _)| found != partition)?;
        let message =
            format!("a principal of partition `{found}` in a key policy of partition `{partition}`");
        Some(Problem::new(*span, message))
    }
}
