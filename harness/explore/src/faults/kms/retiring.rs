//! Decides the faults about making, retiring and revoking grants.

use kms_model::json::Node;
use kms_model::question::Authorization;
use kms_model::{Answer, Outcome, Question};

use super::super::change::statements;
use super::super::parts::{allow_to, idle, is_of, with_statements, without_denies};
use super::super::{Ask, Change, Fault};
use super::grants::{caller_of, grantable, grants, without_grants};
use crate::edit::place::Place;
use crate::edit::{covers, remove, set, strings};
use crate::relations::build::{request, request_mut, with_context};

/// The faults.
pub const TABLE: &[Fault] = &[
    Fault::new(
        "aws-grantee-may-retire-its-grant",
        "kms.grant.retire-by-grantee",
        "a grantee may retire its grant, whatever operations that has",
        Change::Question(grantee_retires),
    ),
    Fault::new(
        "aws-retiring-principal-needs-a-permission",
        "kms.grant.retire-by-retiring-principal",
        "who is retiring principal of a grant still needs kms:RetireGrant",
        Change::Question(retiring_needs_permission),
    ),
    Fault::new(
        "aws-key-policy-allows-retiring",
        "kms.grant.retire-not-in-key-policy",
        "a key policy that allows kms:RetireGrant lets its principals retire grants",
        Change::Asks(key_policy_retires),
    ),
    Fault::new(
        "aws-account-of-a-grant-may-not-retire-it",
        "kms.grant.retire-by-issuing-account",
        "only the account that owns the key may retire the grants on it",
        Change::Question(issuer_is_nobody),
    ),
    Fault::new(
        "aws-retiring-cannot-be-denied",
        "kms.grant.retire-deny-in-iam",
        "who may retire a grant by the grant itself is held to no Deny",
        Change::Question(retiring_is_not_denied),
    ),
    Fault::new(
        "aws-retiring-heeds-constraints",
        "kms.grant.constraint-not-for-describe-retire",
        "a grant with an encryption context constraint is not retired by its grantee, for want of a context",
        Change::Question(retiring_heeds_constraints),
    ),
    Fault::new(
        "aws-any-grant-may-be-retired",
        "kms.grant.retire-by-retiring-principal",
        "who may retire one grant on a key may retire them all",
        Change::Question(any_grant),
    ),
    Fault::new(
        "aws-grantee-may-revoke-its-grant",
        "kms.grant.revoke-needs-permission",
        "who may retire a grant may revoke it",
        Change::Question(grantee_revokes),
    ),
    Fault::new(
        "aws-child-grants-may-have-any-operation",
        "kms.grant.create-by-grant-subset-ops",
        "who has CreateGrant from a grant may give every operation on",
        Change::Question(child_has_all),
    ),
    Fault::new(
        "aws-child-grants-need-no-constraint",
        "kms.grant.create-by-grant-stricter-constraints",
        "who has CreateGrant from a grant with constraints may make one without",
        Change::Question(child_is_free),
    ),
    Fault::new(
        "aws-child-grants-have-the-same-constraint",
        "kms.grant.create-by-grant-stricter-constraints",
        "the encryption context constraint of a child grant must be that of its parent",
        Change::Question(child_is_the_same),
    ),
    Fault::new(
        "aws-creator-of-a-grant-must-have-what-it-gives",
        "kms.grant.create-by-policy-unlimited",
        "who has kms:CreateGrant from a policy may give on only the operations that they have themselves",
        Change::Asks(creator_must_have),
    ),
    Fault::new(
        "aws-create-grant-needs-a-policy",
        "kms.grant.create-needs-policy-or-grant",
        "CreateGrant is for policies to allow, and not for a grant",
        Change::Question(create_by_policy),
    ),
];

fn retires(one: &Authorization) -> bool {
    is_of(one, "RetireGrant")
}

fn is_retiring(question: &Question) -> bool {
    request(question).is_some_and(|ask| ask.authorizations.iter().any(retires))
}

fn grantee_retires(question: &Question) -> Option<Question> {
    grants(question, |one, grant| {
        if retires(one) {
            grant.operations.push("RetireGrant".to_owned());
        }
        retires(one)
    })
}

fn retiring_needs_permission(question: &Question) -> Option<Question> {
    grants(question, |one, grant| retires(one) && grant.retiring.take().is_some())
}

/// Asks about revoking under the statements that are about retiring: a key policy has a say in that.
fn key_policy_retires(question: &Question, ask: Ask<'_>) -> Option<Answer> {
    let one = request(question)?.authorizations.first().filter(|one| retires(one))?;
    one.resource.policy.as_ref()?;
    let given = with_context(question)?;
    let revoking = statements(&given, |statement, at| {
        let about = statement.get("Action").map(strings).unwrap_or_default();
        let is_about = about.iter().any(|action| covers(action, "kms:RetireGrant"));
        if !matches!(at.place, Place::Resource(_)) {
            return false;
        }
        match is_about {
            true => set(statement, "Action", Node::from("kms:RevokeGrant")),
            false => idle(statement),
        }
        true
    });
    let mut revoking = revoking?;
    let changed = request_mut(&mut revoking)?;
    changed.caller.policies.clear();
    for one in &mut changed.authorizations {
        one.action = "kms:RevokeGrant".to_owned();
        one.resource.grants.clear();
    }
    if ask(question).outcome != Outcome::ImplicitDeny {
        return None;
    }
    let answer = ask(&revoking);
    (answer.outcome == Outcome::Allow).then_some(answer)
}

fn issuer_is_nobody(question: &Question) -> Option<Question> {
    grants(question, |one, grant| {
        let foreign = retires(one) && grant.issuer.as_ref() != Some(&one.resource.account);
        foreign && grant.issuer.take().is_some()
    })
}

fn retiring_is_not_denied(question: &Question) -> Option<Question> {
    if !is_retiring(question) {
        return None;
    }
    without_denies(question, |place| matches!(place, Place::Caller(_)))
}

fn retiring_heeds_constraints(question: &Question) -> Option<Question> {
    without_grants(question, |one, grant| {
        let of_context = |all: &Node| {
            all.get("EncryptionContextEquals").is_some() || all.get("EncryptionContextSubset").is_some()
        };
        retires(one) && grant.constraints.as_ref().is_some_and(of_context)
    })
}

fn any_grant(question: &Question) -> Option<Question> {
    if !is_retiring(question) {
        return None;
    }
    let mut changed = with_context(question)?;
    let operation = request_mut(&mut changed)?.operation.as_mut()?;
    remove(&mut operation.parameters, "GrantId").then_some(changed)
}

fn grantee_revokes(question: &Question) -> Option<Question> {
    with_statements(question, |one| {
        let grants = one.resource.grants.iter().filter(|_| is_of(one, "RevokeGrant"));
        let mut parts = grants.flat_map(|grant| std::iter::once(&grant.grantee).chain(&grant.retiring));
        let arn = parts.find_map(|named| caller_of(question, named))?;
        Some(allow_to(question.dialect, &one.resource.kind, arn))
    })
}

fn child_has_all(question: &Question) -> Option<Question> {
    grants(question, |one, grant| {
        let parent = is_of(one, "CreateGrant") && grant.operations.iter().any(|name| name == "CreateGrant");
        if parent {
            grant.operations = grantable();
        }
        parent
    })
}

fn child_is_free(question: &Question) -> Option<Question> {
    grants(question, |one, grant| is_of(one, "CreateGrant") && grant.constraints.take().is_some())
}

fn child_is_the_same(question: &Question) -> Option<Question> {
    let ask = request(question)?;
    let given = ask.operation.as_ref()?.parameters.get("Constraints").cloned();
    without_grants(question, |one, grant| {
        let own = grant.constraints.as_ref().filter(|_| is_of(one, "CreateGrant"));
        own.is_some_and(|own| Some(own) != given.as_ref())
    })
}

fn creator_must_have(question: &Question, ask: Ask<'_>) -> Option<Answer> {
    let request = request(question)?;
    let one = request.authorizations.first().filter(|one| is_of(one, "CreateGrant"))?;
    one.resource.policy.as_ref()?;
    let operations = request.operation.as_ref()?.parameters.get("Operations").map(strings)?;
    let others: Vec<&str> = operations.into_iter().filter(|name| *name != "CreateGrant").collect();
    let given = with_context(question)?;
    if others.is_empty() || ask(question).outcome != Outcome::Allow {
        return None;
    }
    others.into_iter().find_map(|name| {
        let mut having = given.clone();
        for one in &mut request_mut(&mut having)?.authorizations {
            one.action = format!("kms:{name}");
        }
        let answer = ask(&having);
        (answer.outcome != Outcome::Allow).then_some(answer)
    })
}

fn create_by_policy(question: &Question) -> Option<Question> {
    without_grants(question, |one, _| is_of(one, "CreateGrant"))
}
