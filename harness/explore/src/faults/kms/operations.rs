//! Decides the faults about which permissions an operation needs.

use kms_model::Question;
use kms_model::question::Authorization;

use super::super::parts::{any_part, is_of, less};
use super::super::{Change, Fault};
use crate::relations::build::{request, request_mut, with_context};

/// The faults.
pub const TABLE: &[Fault] = &[
    Fault::new(
        "aws-reencrypt-needs-the-source-only",
        "kms.reencrypt.two-permissions",
        "ReEncrypt needs no permission on the destination key",
        Change::Question(|question| less(question, |one, _| is_of(one, "ReEncryptTo"))),
    ),
    Fault::new(
        "aws-reencrypt-is-decrypt-and-encrypt",
        "kms.reencrypt.not-decrypt-encrypt",
        "ReEncrypt needs kms:Decrypt on the source key and kms:Encrypt on the destination key",
        Change::Question(|question| {
            other_actions(question, &[("ReEncryptFrom", "kms:Decrypt"), ("ReEncryptTo", "kms:Encrypt")])
        }),
    ),
    Fault::new(
        "aws-reencrypt-is-one-action",
        "kms.reencrypt.no-plain-action",
        "ReEncrypt needs the action of its name on either key",
        Change::Question(|question| {
            other_actions(question, &[("ReEncryptFrom", "kms:ReEncrypt"), ("ReEncryptTo", "kms:ReEncrypt")])
        }),
    ),
    Fault::new(
        "aws-aliases-need-no-permission-on-the-key",
        "kms.alias.create-two-permissions",
        "CreateAlias needs permission on the alias alone",
        Change::Question(|question| less(question, |one, _| is_of(one, "CreateAlias") && is_key(one))),
    ),
    Fault::new(
        "aws-key-policy-is-enough-for-aliases",
        "kms.alias.alias-part-only-iam",
        "operations on aliases need permission on the key alone, which a key policy can give",
        Change::Question(|question| less(question, |one, _| one.resource.kind == "kms:alias")),
    ),
    Fault::new(
        "aws-deleting-an-alias-is-not-about-its-key",
        "kms.alias.delete-two-permissions",
        "DeleteAlias needs permission on the alias alone",
        Change::Question(|question| less(question, |one, _| is_of(one, "DeleteAlias") && is_key(one))),
    ),
    Fault::new(
        "aws-moving-an-alias-is-not-about-its-old-key",
        "kms.alias.update-three-permissions",
        "UpdateAlias needs no permission on the key that the alias leaves",
        Change::Question(|question| {
            less(question, |one, at| is_of(one, "UpdateAlias") && is_key(one) && at == 1)
        }),
    ),
    Fault::new(
        "aws-moving-an-alias-is-not-about-its-new-key",
        "kms.alias.update-three-permissions",
        "UpdateAlias needs no permission on the key that the alias goes to",
        Change::Question(|question| {
            less(question, |one, at| is_of(one, "UpdateAlias") && is_key(one) && at > 1)
        }),
    ),
    Fault::new(
        "aws-replicating-creates-nothing",
        "kms.mrk.replicate-two-permissions",
        "ReplicateKey needs no kms:CreateKey",
        Change::Question(|question| less(question, |one, at| is_of(one, "CreateKey") && at > 0)),
    ),
    Fault::new(
        "aws-tags-at-creation-are-free",
        "kms.no-resource.create-with-tags",
        "CreateKey needs no kms:TagResource for the tags that it sets",
        Change::Question(|question| less(question, |one, at| is_of(one, "TagResource") && at > 0)),
    ),
    Fault::new(
        "aws-replica-becomes-primary-by-itself",
        "kms.mrk.update-primary-both-keys",
        "UpdatePrimaryRegion needs no permission on the replica that is to become primary key",
        Change::Question(|question| less(question, |one, at| is_of(one, "UpdatePrimaryRegion") && at > 0)),
    ),
    Fault::new(
        "aws-one-permission-is-enough",
        "kms.operation.every-part-allowed",
        "an operation that needs several permissions is allowed where one is given and nothing denies",
        Change::Asks(any_part),
    ),
];

fn is_key(one: &Authorization) -> bool {
    one.resource.kind == "kms:key"
}

fn other_actions(question: &Question, actions: &[(&str, &str)]) -> Option<Question> {
    let other =
        |one: &Authorization| actions.iter().find(|(name, _)| is_of(one, name)).map(|(_, action)| *action);
    request(question)?.authorizations.iter().find_map(other)?;
    let mut changed = with_context(question)?;
    for one in &mut request_mut(&mut changed)?.authorizations {
        if let Some(action) = other(one) {
            one.action = action.to_owned();
            for grant in &mut one.resource.grants {
                let listed = grant.operations.iter().any(|name| format!("kms:{name}") == action);
                grant.operations.extend(listed.then(|| action.trim_start_matches("kms:").to_owned()));
            }
        }
    }
    Some(changed)
}
