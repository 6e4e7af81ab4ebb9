//! Decides the faults about which key policies KMS takes.

use kms_model::Question;
use kms_model::question::{Ask, PolicyType, Validate};

use super::super::{Change, Fault};
use crate::edit::remove;

/// The faults.
pub const TABLE: &[Fault] = &[
    Fault::new(
        "aws-lockout-is-not-looked-for",
        "kms.lockout.new-policy-must-allow-caller",
        "a key policy is taken although nobody could change it again",
        Change::Question(no_lockout),
    ),
    Fault::new(
        "aws-lockout-cannot-be-bypassed",
        "kms.lockout.bypass",
        "BypassPolicyLockoutSafetyCheck is not read",
        Change::Question(no_bypass),
    ),
    Fault::new(
        "aws-lockout-looks-at-the-key-policy-only",
        "kms.lockout.delegated-iam-counts",
        "a key policy that delegates is refused where it does not itself let the caller change it",
        Change::Question(no_identity_policies),
    ),
    Fault::new(
        "aws-replicas-are-not-looked-at-for-lockout",
        "kms.lockout.replicate-too",
        "the key policy that comes with ReplicateKey is taken, whomever it locks out",
        Change::Question(no_lockout_of_replicas),
    ),
];

/// The question about a key policy, changed if `edit` finds something to change.
fn key_policy(question: &Question, edit: impl FnOnce(&mut Validate) -> bool) -> Option<Question> {
    let Ask::Validate(validate) = &question.ask else { return None };
    if validate.policy_type != PolicyType::KeyPolicy || validate.caller.is_none() {
        return None;
    }
    let mut changed = question.clone();
    let Ask::Validate(validate) = &mut changed.ask else { return None };
    edit(validate).then_some(changed)
}

fn no_lockout(question: &Question) -> Option<Question> {
    key_policy(question, |validate| validate.caller.take().is_some())
}

fn no_lockout_of_replicas(question: &Question) -> Option<Question> {
    key_policy(question, |validate| {
        validate.purpose.as_deref() == Some("ReplicateKey") && validate.caller.take().is_some()
    })
}

fn no_bypass(question: &Question) -> Option<Question> {
    key_policy(question, |validate| {
        validate.parameters.as_mut().is_some_and(|all| remove(all, "BypassPolicyLockoutSafetyCheck"))
    })
}

fn no_identity_policies(question: &Question) -> Option<Question> {
    key_policy(question, |validate| match &mut validate.caller {
        Some(caller) => !std::mem::take(&mut caller.policies).is_empty(),
        None => false,
    })
}
