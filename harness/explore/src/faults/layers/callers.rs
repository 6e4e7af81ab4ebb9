//! Decides the faults about what kind of caller somebody is: root users, groups, services, federated users.

use kms_model::Question;
use kms_model::question::{Authorization, Caller, CallerKind};

use super::super::change::request;
use super::super::parts::{Name, facts, is_foreign, is_identity, names, without_denies};
use super::super::{Change, Fault};
use crate::edit::place::Place;
use crate::relations::build;

/// The faults.
pub const TABLE: &[Fault] = &[
    Fault::new(
        "aws-root-user-is-not-in-its-account",
        "kms.key-policy.account-principal-is-not-only-root-user",
        "the root user, which has no identity policy, gets nothing where its account is named",
        Change::Question(root_is_a_user_on_keys),
    ),
    Fault::new(
        "aws-root-user-needs-a-policy",
        "iam.eval.root.full-access",
        "the root user is a user like others, and is refused for lack of a policy",
        Change::Question(root_is_a_user),
    ),
    Fault::new(
        "aws-root-user-cannot-be-denied",
        "kms.key-policy.deny-star-covers-everyone",
        "no Deny of a resource policy binds the root user of the account",
        Change::Question(root_is_never_denied),
    ),
    Fault::new(
        "aws-groups-are-not-read",
        "iam.eval.identity.group-policies",
        "a user has its own policies only, not those of its groups",
        Change::Question(no_groups),
    ),
    Fault::new(
        "aws-one-identity-policy-is-read",
        "iam.eval.identity.union-of-policies",
        "of several identity policies the first is read",
        Change::Question(first_policy),
    ),
    Fault::new(
        "aws-forwarded-requests-are-the-services-own",
        "kms.service.as-user-needs-user-permission",
        "what a service does for a user is judged as a request of the service",
        Change::Question(forwarded_is_of_service),
    ),
    Fault::new(
        "aws-denies-of-everybody-spare-services",
        "iam.eval.service.deny-orgid-without-exemption",
        "a Deny for everybody is about users and roles, not about services",
        Change::Question(services_are_not_denied),
    ),
];

fn of_kind(question: &Question, kind: CallerKind) -> Option<&Caller> {
    Some(&build::request(question)?.caller).filter(|caller| caller.kind == kind)
}

fn is_key(one: &Authorization) -> bool {
    one.resource.kind == "kms:key"
}

fn root_is_a_user_on_keys(question: &Question) -> Option<Question> {
    of_kind(question, CallerKind::Root)?;
    let ask =
        build::request(question).filter(|ask| !is_foreign(ask) && ask.authorizations.iter().all(is_key))?;
    ask.authorizations.first()?;
    facts(question, |ask| ask.caller.kind = CallerKind::User)
}

fn root_is_a_user(question: &Question) -> Option<Question> {
    of_kind(question, CallerKind::Root)?;
    build::request(question).filter(|ask| !is_foreign(ask) && !ask.authorizations.iter().any(is_key))?;
    facts(question, |ask| ask.caller.kind = CallerKind::User)
}

fn root_is_never_denied(question: &Question) -> Option<Question> {
    of_kind(question, CallerKind::Root)?;
    build::request(question).filter(|ask| !is_foreign(ask))?;
    without_denies(question, |place| matches!(place, Place::Resource(_)))
}

fn no_groups(question: &Question) -> Option<Question> {
    let of_group = |from: &str| from.starts_with("group/");
    let caller = of_kind(question, CallerKind::User)?;
    caller.policies.iter().find(|attached| of_group(&attached.from))?;
    request(question, |ask| {
        ask.caller.policies.retain(|attached| !of_group(&attached.from));
        true
    })
}

fn first_policy(question: &Question) -> Option<Question> {
    build::request(question).filter(|ask| ask.caller.policies.len() > 1)?;
    request(question, |ask| {
        ask.caller.policies.truncate(1);
        true
    })
}

fn forwarded_is_of_service(question: &Question) -> Option<Question> {
    let ask = build::request(question).filter(|ask| is_identity(&ask.caller))?;
    let service = ask.via.last()?.clone();
    facts(question, |ask| {
        ask.caller = Caller::default();
        ask.caller.kind = CallerKind::Service;
        ask.caller.service = Some(service);
    })
}

fn services_are_not_denied(question: &Question) -> Option<Question> {
    of_kind(question, CallerKind::Service)?;
    names(question, "Deny", |_, _, name| if name == "*" { Name::Drop } else { Name::Keep })
}
