//! Decides the faults about the constraints of grants.

use kms_model::Question;
use kms_model::json::{Node, Value};
use kms_model::question::{ContextValue, Grant};

use super::super::parts::is_of;
use super::super::{Change, Fault};
use super::grants::{grants, without_grants};
use crate::edit::{member_mut, members_mut, remove};
use crate::relations::build;

/// The faults.
pub const TABLE: &[Fault] = &[
    Fault::new(
        "aws-grant-constraints-are-not-read",
        "kms.grant.constraint-equals",
        "a grant allows its operations whatever the encryption context of the request",
        Change::Question(without_constraints),
    ),
    Fault::new(
        "aws-grant-equals-is-subset",
        "kms.grant.constraint-equals",
        "EncryptionContextEquals lets other pairs stand beside those that it lists",
        Change::Question(equals_is_subset),
    ),
    Fault::new(
        "aws-grant-subset-is-equals",
        "kms.grant.constraint-subset",
        "EncryptionContextSubset lets no pairs stand beside those that it lists",
        Change::Question(subset_is_equals),
    ),
    Fault::new(
        "aws-grant-subset-is-one-pair",
        "kms.grant.constraint-subset",
        "one pair of EncryptionContextSubset in the request is enough",
        Change::Question(subset_is_any),
    ),
    Fault::new(
        "aws-grant-constraint-values-in-any-case",
        "kms.grant.constraint-value-case",
        "letter case does not count in the values of an encryption context constraint",
        Change::Question(values_in_any_case),
    ),
    Fault::new(
        "aws-grant-constraints-are-for-describing",
        "kms.grant.constraint-not-for-describe-retire",
        "a grant with an encryption context constraint does not allow DescribeKey, which has no context",
        Change::Question(constraints_for_describing),
    ),
    Fault::new(
        "aws-grant-source-is-not-read",
        "kms.grant.sourcearn-constraint",
        "the SourceArn of a grant is not compared",
        Change::Question(without_source),
    ),
];

fn without_constraints(question: &Question) -> Option<Question> {
    grants(question, |_, grant| grant.constraints.take().is_some())
}

fn equals_is_subset(question: &Question) -> Option<Question> {
    grants(question, |_, grant| renamed(grant, "EncryptionContextEquals", "EncryptionContextSubset"))
}

fn subset_is_equals(question: &Question) -> Option<Question> {
    grants(question, |_, grant| renamed(grant, "EncryptionContextSubset", "EncryptionContextEquals"))
}

fn renamed(grant: &mut Grant, from: &str, to: &str) -> bool {
    let Some(constraints) = &mut grant.constraints else { return false };
    let member = members_mut(constraints).iter_mut().find(|member| member.name == from);
    member.map(|member| member.name = to.to_owned()).is_some()
}

/// The pairs that the request brings, of whichever encryption context.
fn pairs(question: &Question) -> Vec<(String, String)> {
    let Some(given) = build::with_context(question) else { return Vec::new() };
    let contexts = build::request(&given).map(|ask| ask.authorizations.as_slice()).unwrap_or_default();
    let entries = contexts.iter().filter_map(|one| one.context.as_ref()).flat_map(|context| context.iter());
    let pair = |(key, value): (&str, &ContextValue)| {
        let name = key.strip_prefix("kms:EncryptionContext:")?;
        Some((name.to_owned(), value.values().first()?.clone()))
    };
    entries.filter_map(pair).collect()
}

fn subset_is_any(question: &Question) -> Option<Question> {
    let mut brought = None;
    grants(question, |_, grant| {
        let subset = grant.constraints.as_mut().and_then(|all| member_mut(all, "EncryptionContextSubset"));
        let Some(Node { value: Value::Object(wanted), .. }) = subset else { return false };
        let brought = brought.get_or_insert_with(|| pairs(question));
        let has = |name: &str, node: &Node| {
            brought.iter().any(|(key, value)| key == name && node.as_str() == Some(value))
        };
        let some = wanted.iter().any(|pair| has(&pair.name, &pair.node));
        let before = wanted.len();
        wanted.retain(|pair| !some || has(&pair.name, &pair.node));
        wanted.len() < before
    })
}

fn values_in_any_case(question: &Question) -> Option<Question> {
    let mut brought = None;
    grants(question, |_, grant| {
        let Some(constraints) = &mut grant.constraints else { return false };
        let brought = brought.get_or_insert_with(|| pairs(question));
        let mut found = false;
        for member in members_mut(constraints) {
            for pair in members_mut(&mut member.node) {
                let same = |(name, value): &&(String, String)| {
                    *name == pair.name
                        && pair.node.as_str().is_some_and(|text| text.eq_ignore_ascii_case(value))
                };
                if let Some((_, value)) = brought.iter().find(same) {
                    found |= pair.node.as_str() != Some(value);
                    pair.node = Node::from(value.as_str());
                }
            }
        }
        found
    })
}

fn constraints_for_describing(question: &Question) -> Option<Question> {
    without_grants(question, |one, grant| {
        let of_context = |all: &Node| {
            all.get("EncryptionContextEquals").is_some() || all.get("EncryptionContextSubset").is_some()
        };
        is_of(one, "DescribeKey") && grant.constraints.as_ref().is_some_and(of_context)
    })
}

fn without_source(question: &Question) -> Option<Question> {
    grants(question, |_, grant| grant.constraints.as_mut().is_some_and(|all| remove(all, "SourceArn")))
}
