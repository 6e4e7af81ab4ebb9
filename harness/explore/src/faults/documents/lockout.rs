//! Decides the faults about the lockout safety check, and how a key policy is set.

use kms_model::json::Node;
use kms_model::question::{Ask, Validate};
use kms_model::{Answer, Outcome, Question};

use crate::edit::{remove, set};
use crate::faults::{Change, Fault};

/// The faults.
pub const TABLE: &[Fault] = &[
    Fault::new(
        "aws-lockout-is-not-checked",
        "kms.lockout.new-policy-must-allow-caller",
        "a key policy is set whoever can set it afterwards",
        Change::Question(|question| validation(question, |ask| ask.caller.take().is_some())),
    ),
    Fault::new(
        "aws-lockout-check-knows-no-bypass",
        "kms.lockout.bypass",
        "BypassPolicyLockoutSafetyCheck is not read",
        Change::Question(|question| {
            validation(question, |ask| {
                ask.parameters.as_mut().is_some_and(|node| remove(node, "BypassPolicyLockoutSafetyCheck"))
            })
        }),
    ),
    Fault::new(
        "aws-any-bypass-skips-the-lockout-check",
        "kms.lockout.bypass",
        "the lockout check is skipped where BypassPolicyLockoutSafetyCheck is there, true or false",
        Change::Question(|question| {
            validation(question, |ask| {
                let Some(node) = &mut ask.parameters else { return false };
                let there = node.get("BypassPolicyLockoutSafetyCheck").is_some();
                if there {
                    set(node, "BypassPolicyLockoutSafetyCheck", true);
                }
                there
            })
        }),
    ),
    Fault::new(
        "aws-lockout-check-reads-the-key-policy-alone",
        "kms.lockout.delegated-iam-counts",
        "IAM policies of the caller do not count in the lockout check",
        Change::Question(|question| {
            validation(question, |ask| {
                ask.caller.as_mut().is_some_and(|caller| !std::mem::take(&mut caller.policies).is_empty())
            })
        }),
    ),
    Fault::new(
        "aws-lockout-check-wants-the-account",
        "kms.lockout.account-principal-not-required",
        "the lockout check passes where the key policy has a statement for the account, and only there",
        Change::Asks(|question, ask| {
            let Ask::Validate(asked) = &question.ask else { return None };
            asked.caller.as_ref()?;
            let unchecked = validation(question, |ask| ask.caller.take().is_some())?;
            let answer = ask(&unchecked);
            let delegates = asked.document.text().contains(":root");
            let refused = answer.outcome == Outcome::Accepted && !delegates && !bypassed(asked);
            Some(if refused {
                Answer::from(Outcome::Rejected { policy: Some("/document".to_owned()) })
            } else {
                answer
            })
        }),
    ),
    Fault::new(
        "aws-lockout-is-not-checked-on-replicas",
        "kms.lockout.replicate-too",
        "the key policy of ReplicateKey is not checked for lockout",
        Change::Question(|question| {
            validation(question, |ask| {
                ask.purpose.as_deref() == Some("ReplicateKey") && ask.caller.take().is_some()
            })
        }),
    ),
    Fault::new(
        "aws-key-policies-have-any-name",
        "kms.key-policy.format.policy-name-default-only",
        "a key policy can be set under any name",
        Change::Question(|question| {
            validation(question, |ask| ask.parameters.as_mut().is_some_and(|node| remove(node, "PolicyName")))
        }),
    ),
];

fn validation(question: &Question, edit: impl FnOnce(&mut Validate) -> bool) -> Option<Question> {
    let Ask::Validate(_) = &question.ask else { return None };
    let mut changed = question.clone();
    let Ask::Validate(ask) = &mut changed.ask else { return None };
    edit(ask).then_some(changed)
}

fn bypassed(asked: &Validate) -> bool {
    let bypass = asked.parameters.as_ref().and_then(|node| node.get("BypassPolicyLockoutSafetyCheck"));
    bypass.is_some_and(|node| node.as_bool() == Some(true) || node.as_str() == Some("true"))
        && bypass.is_none_or(|node: &Node| !node.is_null())
}
