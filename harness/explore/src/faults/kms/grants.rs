//! Decides the faults about what grants allow, and to whom.

use kms_model::operations;
use kms_model::question::{Authorization, CallerKind, Grant};
use kms_model::{Answer, Document, Outcome, Question};

use super::super::change::request;
use super::super::parts::{allow_to, enough, is_foreign, is_of, with_statements, without_denies};
use super::super::{Ask, Change, Fault};
use crate::relations::build;

/// The faults.
pub const TABLE: &[Fault] = &[
    Fault::new(
        "aws-grant-allows-every-operation",
        "kms.grant.only-listed-operations",
        "a grant allows its grantee every operation that grants can allow",
        Change::Question(every_operation),
    ),
    Fault::new(
        "aws-grant-operations-are-prefixes",
        "kms.operation.grantable",
        "an operation of a grant covers those whose names go on from it",
        Change::Question(operations_are_prefixes),
    ),
    Fault::new(
        "aws-grant-decrypt-and-encrypt-are-reencrypt",
        "kms.grant.reencrypt-halves",
        "a grant for Decrypt covers the source of ReEncrypt, one for Encrypt its destination",
        Change::Question(halves_of_reencrypt),
    ),
    Fault::new(
        "aws-grantee-may-list-grants",
        "kms.grant.list-by-policy-only",
        "a grantee may list the grants on the key",
        Change::Question(grantee_lists),
    ),
    Fault::new(
        "aws-grant-to-a-role-is-not-for-its-sessions",
        "kms.grant.role-grantee-covers-sessions",
        "the grantee is compared with the ARN of the session alone",
        Change::Question(role_is_no_grantee),
    ),
    Fault::new(
        "aws-grant-to-a-session-is-for-its-role",
        "kms.grant.role-grantee-covers-sessions",
        "a grant to one session is for all sessions of its role",
        Change::Question(session_is_its_role),
    ),
    Fault::new(
        "aws-grants-beat-denies",
        "kms.grant.deny-overrides",
        "what a grant allows no policy can deny",
        Change::Asks(grants_beat_denies),
    ),
    Fault::new(
        "aws-grants-lead-past-scps",
        "kms.grant.scps-still-apply",
        "what a grant allows is not held to service control policies",
        Change::Asks(grants_past_scps),
    ),
    Fault::new(
        "aws-grants-lead-past-endpoint-policies",
        "kms.grant.endpoint-policy-still-applies",
        "what a grant allows is not held to the policy of the endpoint",
        Change::Asks(grants_past_endpoints),
    ),
    Fault::new(
        "aws-grantee-needs-an-identity-policy",
        "kms.core.grant-alone-suffices",
        "a grant delegates, so that its grantee needs an identity policy as well",
        Change::Asks(grants_delegate),
    ),
    Fault::new(
        "aws-grants-need-a-key-policy-that-delegates",
        "kms.core.grant-alone-suffices",
        "grants count only where the key policy speaks of the caller's account",
        Change::Question(grants_need_delegation),
    ),
];

/// The question with its grants changed, if `edit` finds something in one.
pub fn grants(
    question: &Question,
    mut edit: impl FnMut(&Authorization, &mut Grant) -> bool,
) -> Option<Question> {
    let ask = build::request(question)?;
    ask.authorizations.iter().find(|one| !one.resource.grants.is_empty())?;
    request(question, |changed| {
        let mut found = false;
        for (one, of) in changed.authorizations.iter_mut().zip(&ask.authorizations) {
            for grant in &mut one.resource.grants {
                found |= edit(of, grant);
            }
        }
        found
    })
}

/// The question without the grants that `is_out` picks.
pub fn without_grants(
    question: &Question,
    is_out: impl Fn(&Authorization, &Grant) -> bool,
) -> Option<Question> {
    let ask = build::request(question)?;
    ask.authorizations.iter().find(|one| !one.resource.grants.is_empty())?;
    request(question, |changed| {
        let mut found = false;
        for (one, of) in changed.authorizations.iter_mut().zip(&ask.authorizations) {
            let before = one.resource.grants.len();
            one.resource.grants.retain(|grant| !is_out(of, grant));
            found |= one.resource.grants.len() < before;
        }
        found
    })
}

/// Every operation that a grant can allow.
pub fn grantable() -> Vec<String> {
    let all = operations::all().iter().filter(|operation| operation.grantable);
    all.flat_map(|operation| operation.authorizations.iter().map(|(action, _)| *action))
        .filter_map(|action| action.strip_prefix("kms:").map(str::to_owned))
        .collect()
}

fn every_operation(question: &Question) -> Option<Question> {
    grants(question, |one, grant| {
        let retires = is_of(one, "RetireGrant") || is_of(one, "CreateGrant");
        if !retires {
            grant.operations = grantable();
        }
        !retires
    })
}

fn operations_are_prefixes(question: &Question) -> Option<Question> {
    grants(question, |one, grant| {
        let Some(name) = one.action.strip_prefix("kms:") else { return false };
        let longer = grant.operations.iter().any(|known| name.starts_with(known.as_str()) && name != known);
        if longer {
            grant.operations.push(name.to_owned());
        }
        longer
    })
}

fn halves_of_reencrypt(question: &Question) -> Option<Question> {
    grants(question, |_, grant| {
        let before = grant.operations.len();
        for (one, half) in [("Decrypt", "ReEncryptFrom"), ("Encrypt", "ReEncryptTo")] {
            if grant.operations.iter().any(|name| name == one) {
                grant.operations.push(half.to_owned());
            }
        }
        grant.operations.len() > before
    })
}

/// The principal of a grant as a statement for the caller, if it is the caller.
pub fn caller_of<'a>(question: &'a Question, named: &str) -> Option<&'a str> {
    let caller = &build::request(question)?.caller;
    let own = [&caller.arn, &caller.issuer].into_iter().flatten().any(|arn| arn == named);
    caller.arn.as_deref().filter(|_| own)
}

fn grantee_lists(question: &Question) -> Option<Question> {
    with_statements(question, |one| {
        let grants = one.resource.grants.iter().filter(|_| is_of(one, "ListGrants"));
        let arn = grants.filter_map(|grant| caller_of(question, &grant.grantee)).next()?;
        Some(allow_to(question.dialect, &one.resource.kind, arn))
    })
}

fn role_is_no_grantee(question: &Question) -> Option<Question> {
    let caller = &build::request(question)?.caller;
    let role = caller.issuer.as_ref().filter(|_| caller.kind == CallerKind::RoleSession)?;
    without_grants(question, |_, grant| grant.grantee == *role)
}

fn session_is_its_role(question: &Question) -> Option<Question> {
    let caller = &build::request(question)?.caller;
    let arn = caller.arn.as_ref().filter(|_| caller.kind == CallerKind::RoleSession)?;
    let (role, _) = arn.rsplit_once('/')?;
    grants(question, |_, grant| {
        let other = grant.grantee != *arn && grant.grantee.rsplit_once('/').is_some_and(|(of, _)| of == role);
        if other {
            grant.grantee.clone_from(arn);
        }
        other
    })
}

fn has_grants(question: &Question) -> bool {
    build::request(question)
        .is_some_and(|ask| ask.authorizations.iter().all(|one| !one.resource.grants.is_empty()))
}

/// The question with nothing that allows but grants.
fn grants_alone(question: &Question) -> Option<Question> {
    if !has_grants(question) || build::request(question).is_some_and(is_foreign) {
        return None;
    }
    let silent = build::rail(question.dialect, &[("Allow", build::FOREIGN_ACTION)]);
    let nobody = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"nobody.amazonaws.com"},"Action":"kms:NoSuchAction","Resource":"*"}]}"#;
    request(question, |ask| {
        for attached in &mut ask.caller.policies {
            attached.document = silent.clone();
        }
        for one in &mut ask.authorizations {
            one.resource.policy = one.resource.policy.is_some().then(|| Document::new(nobody));
        }
        true
    })
}

fn grants_beat_denies(question: &Question, ask: Ask<'_>) -> Option<Answer> {
    let alone = grants_alone(question)?;
    let alone = without_denies(&alone, |_| true).unwrap_or(alone);
    match ask(question).outcome {
        Outcome::ExplicitDeny => enough(ask, Some(alone)),
        _ => None,
    }
}

fn grants_past_scps(question: &Question, ask: Ask<'_>) -> Option<Answer> {
    build::request(question)?.caller.scps.as_ref()?;
    past(question, ask, |alone| {
        request(&alone, |ask| {
            ask.caller.scps = None;
            true
        })
    })
}

fn grants_past_endpoints(question: &Question, ask: Ask<'_>) -> Option<Answer> {
    build::request(question)?.endpoint.as_ref()?.policy.as_ref()?;
    past(question, ask, |alone| {
        request(&alone, |ask| match &mut ask.endpoint {
            Some(endpoint) => endpoint.policy.take().is_some(),
            None => false,
        })
    })
}

fn past(question: &Question, ask: Ask<'_>, lift: impl Fn(Question) -> Option<Question>) -> Option<Answer> {
    let lifted = lift(grants_alone(question)?)?;
    match ask(question).outcome {
        Outcome::Allow => None,
        _ => enough(ask, Some(lifted)),
    }
}

fn grants_delegate(question: &Question, ask: Ask<'_>) -> Option<Answer> {
    let alone = grants_alone(question)?;
    if ask(&alone).outcome != Outcome::Allow || ask(question).outcome != Outcome::Allow {
        return None;
    }
    let cleared = without_grants(question, |_, _| true)?;
    let account = build::request(question)?.caller.account.clone()?;
    let delegating =
        with_statements(&cleared, |one| Some(allow_to(question.dialect, &one.resource.kind, &account)))?;
    Some(ask(&delegating))
}

fn grants_need_delegation(question: &Question) -> Option<Question> {
    if !has_grants(question) {
        return None;
    }
    let account = build::request(question)?.caller.account.as_ref()?;
    let speaks = |one: &Authorization| {
        one.resource.policy.as_ref().is_some_and(|policy| policy.text().contains(&format!("{account}:root")))
    };
    without_grants(question, |one, _| !speaks(one))
}
