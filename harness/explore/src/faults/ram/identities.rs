//! Decides the faults about which policies a caller has: its own, those of its groups and resource groups, of its session.

use kms_model::question::Attached;
use kms_model::{Answer, Outcome, Question};

use super::super::change::request;
use super::super::parts::{enough, without_denies};
use super::super::{Ask, Change, Fault};
use crate::edit::place::Place;
use crate::relations::build;

/// The faults.
pub const TABLE: &[Fault] = &[
    Fault::new(
        "ram-session-policy-does-not-cut-key-policies",
        "ram.session.implicit-deny-final",
        "what a key policy gives to a role is not held to the session policy",
        Change::Asks(session_spares_key_policies),
    ),
    Fault::new(
        "ram-session-policy-grants",
        "ram.session.cannot-widen",
        "what a session policy allows is allowed",
        Change::Question(session_grants),
    ),
    Fault::new(
        "ram-session-policies-are-not-read",
        "ram.session.intersection",
        "a session of a role has all that its role has",
        Change::Question(no_session_policies),
    ),
    Fault::new(
        "ram-resource-groups-are-accounts",
        "ram.identity.account-before-group-scope",
        "a policy that is attached for a resource group is one for the account",
        Change::Question(groups_are_accounts),
    ),
    Fault::new(
        "ram-resource-groups-are-not-read",
        "ram.identity.account-before-group-scope",
        "policies that are attached for a resource group are left out",
        Change::Question(no_resource_groups),
    ),
    Fault::new(
        "ram-groups-are-not-read",
        "ram.group.inherited",
        "a user has its own policies only",
        Change::Question(no_groups),
    ),
    Fault::new(
        "ram-denies-of-groups-are-lost",
        "ram.group.deny-reaches-user",
        "the policies of a user come before those of its groups, whose denies they beat",
        Change::Question(no_deny_of_groups),
    ),
];

fn session_spares_key_policies(question: &Question, ask: Ask<'_>) -> Option<Answer> {
    build::request(question)?.caller.session_policies.as_ref()?;
    build::request(question)?.authorizations.iter().find(|one| one.resource.policy.is_some())?;
    let lifted = request(question, |ask| {
        ask.caller.session_policies = None;
        ask.caller.policies.clear();
        true
    });
    match ask(question).outcome {
        Outcome::ImplicitDeny => enough(ask, lifted),
        _ => None,
    }
}

fn session_grants(question: &Question) -> Option<Question> {
    let given = build::request(question)?.caller.session_policies.as_ref()?;
    request(question, |ask| {
        ask.caller
            .policies
            .extend(given.iter().map(|document| Attached::new("role/session", document.clone())));
        !given.is_empty()
    })
}

fn no_session_policies(question: &Question) -> Option<Question> {
    build::request(question)?.caller.session_policies.as_ref()?;
    request(question, |ask| ask.caller.session_policies.take().is_some())
}

fn has_groups(question: &Question) -> bool {
    build::request(question)
        .is_some_and(|ask| ask.caller.policies.iter().any(|one| one.resource_group.is_some()))
}

fn groups_are_accounts(question: &Question) -> Option<Question> {
    if !has_groups(question) {
        return None;
    }
    request(question, |ask| {
        ask.caller.policies.iter_mut().for_each(|one| one.resource_group = None);
        true
    })
}

fn no_resource_groups(question: &Question) -> Option<Question> {
    if !has_groups(question) {
        return None;
    }
    request(question, |ask| {
        ask.caller.policies.retain(|one| one.resource_group.is_none());
        true
    })
}

fn is_group(attached: &Attached) -> bool {
    attached.from.starts_with("group/")
}

fn no_groups(question: &Question) -> Option<Question> {
    build::request(question)?.caller.policies.iter().find(|one| is_group(one))?;
    request(question, |ask| {
        ask.caller.policies.retain(|one| !is_group(one));
        true
    })
}

fn no_deny_of_groups(question: &Question) -> Option<Question> {
    let policies = &build::request(question)?.caller.policies;
    without_denies(question, |place| match place {
        Place::Caller(at) => policies.get(at).is_some_and(is_group),
        _ => false,
    })
}
