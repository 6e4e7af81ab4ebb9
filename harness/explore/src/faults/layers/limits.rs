//! Decides the faults about permissions boundaries and session policies.

use kms_model::question::{Attached, CallerKind};
use kms_model::{Answer, Outcome, Question};

use super::super::change::request;
use super::super::parts::{Limit, cut, enough, is_foreign, mentions, without_denies};
use super::super::{Ask, Change, Fault};
use crate::edit::place::Place;
use crate::relations::build;

/// The faults.
pub const TABLE: &[Fault] = &[
    Fault::new(
        "aws-boundary-grants",
        "iam.eval.boundary.never-grants",
        "what a boundary allows is allowed, as if it were an identity policy",
        Change::Question(boundary_grants),
    ),
    Fault::new(
        "aws-boundaries-are-not-read",
        "iam.eval.boundary.intersection",
        "permissions boundaries do not enter the decision",
        Change::Question(no_boundary),
    ),
    Fault::new(
        "aws-boundary-is-for-users-only",
        "iam.eval.boundary.applies-to-role-sessions",
        "the boundary of a role does not limit its sessions",
        Change::Question(no_boundary_of_sessions),
    ),
    Fault::new(
        "aws-boundary-denies-are-lost",
        "iam.eval.boundary.explicit-deny",
        "of a boundary the Allow statements are read, to intersect with, and no others",
        Change::Question(no_deny_of_boundaries),
    ),
    Fault::new(
        "aws-boundary-cuts-grants-to-the-user",
        "iam.eval.same-account.rbp-user-arn-ignores-boundary-implicit",
        "a user has at most what its boundary allows, also of what a resource policy gives to it by name",
        Change::Asks(boundary_cuts_user),
    ),
    Fault::new(
        "aws-boundary-cuts-grants-to-the-session",
        "iam.eval.same-account.rbp-session-arn-direct",
        "a session has at most what the boundary of its role allows, also of what a resource policy gives to it by name",
        Change::Asks(boundary_cuts_session),
    ),
    Fault::new(
        "aws-boundary-cuts-what-everybody-has",
        "iam.eval.same-account.rbp-star-with-principalarn-ignores-boundary",
        "who is picked from everybody by aws:PrincipalArn has at most what its boundary and session policies allow",
        Change::Asks(limits_cut_everybody),
    ),
    Fault::new(
        "aws-boundary-does-not-cut-grants-to-the-role",
        "iam.eval.same-account.rbp-role-arn-limited-by-boundary",
        "what a resource policy gives to a role is not held to the boundary of the role, as with users",
        Change::Asks(boundary_spares_role),
    ),
    Fault::new(
        "aws-session-policy-does-not-cut-grants-to-the-role",
        "iam.eval.same-account.rbp-role-arn-limited-by-session-policy",
        "what a resource policy gives to a role is not held to the session policy",
        Change::Asks(session_policy_spares_role),
    ),
    Fault::new(
        "aws-session-policy-cuts-grants-to-the-session",
        "iam.eval.session.session-arn-rbp-formula",
        "a session has at most what its session policy allows, also of what a resource policy gives to it by name",
        Change::Asks(session_policy_cuts_session),
    ),
    Fault::new(
        "aws-session-policy-cuts-grants-to-federated-users",
        "iam.eval.same-account.federated-session-arn-direct",
        "a federated user has at most what its session policy allows, also of what a resource policy gives to it",
        Change::Asks(session_policy_cuts_federated),
    ),
    Fault::new(
        "aws-session-policy-grants",
        "iam.eval.session.never-grants",
        "what a session policy allows is allowed, as if the session had been given it",
        Change::Question(session_policy_grants),
    ),
    Fault::new(
        "aws-session-policies-are-not-read",
        "iam.eval.session.intersection",
        "a session of a role has all that its role has",
        Change::Question(no_session_policies),
    ),
    Fault::new(
        "aws-session-policy-denies-are-lost",
        "iam.eval.session.explicit-deny",
        "of a session policy the Allow statements are read, to intersect with, and no others",
        Change::Question(no_deny_of_sessions),
    ),
    Fault::new(
        "aws-session-policy-replaces-the-boundary",
        "iam.eval.session.three-way",
        "a session that was made with a policy is held to that instead of the boundary of its role",
        Change::Question(session_policy_instead_of_boundary),
    ),
    Fault::new(
        "aws-role-sessions-need-a-session-policy",
        "iam.eval.session.absent-role-session",
        "a session made without a policy has no permissions but what is granted to it by name",
        Change::Question(session_policy_is_needed),
    ),
];

fn boundary_grants(question: &Question) -> Option<Question> {
    request(question, |ask| {
        let boundary = ask.caller.boundary.clone();
        ask.caller
            .policies
            .extend(boundary.map(|document| Attached::new("user/boundary", document)).iter().cloned());
        ask.caller.boundary.is_some()
    })
}

fn no_boundary(question: &Question) -> Option<Question> {
    build::request(question)?.caller.boundary.as_ref()?;
    request(question, |ask| ask.caller.boundary.take().is_some())
}

fn no_boundary_of_sessions(question: &Question) -> Option<Question> {
    no_boundary(question).filter(|_| kind(question) == Some(CallerKind::RoleSession))
}

fn no_deny_of_boundaries(question: &Question) -> Option<Question> {
    without_denies(question, |place| place == Place::Boundary)
}

/// The kind of a caller with such a limit.
fn kind(question: &Question) -> Option<CallerKind> {
    Some(build::request(question)?.caller.kind)
}

fn has(question: &Question, limit: Limit) -> bool {
    build::request(question).is_some_and(|ask| match limit {
        Limit::Boundary => ask.caller.boundary.is_some(),
        _ => ask.caller.session_policies.is_some(),
    })
}

fn cuts(question: &Question, ask: Ask<'_>, limit: Limit, of: CallerKind) -> Option<Answer> {
    let request = build::request(question)?;
    if kind(question) != Some(of) || !has(question, limit) || is_foreign(request) {
        return None;
    }
    cut(question, ask, limit)
}

fn boundary_cuts_user(question: &Question, ask: Ask<'_>) -> Option<Answer> {
    cuts(question, ask, Limit::Boundary, CallerKind::User)
}

fn boundary_cuts_session(question: &Question, ask: Ask<'_>) -> Option<Answer> {
    cuts(question, ask, Limit::Boundary, CallerKind::RoleSession)
}

fn session_policy_cuts_session(question: &Question, ask: Ask<'_>) -> Option<Answer> {
    cuts(question, ask, Limit::Sessions, CallerKind::RoleSession)
}

fn session_policy_cuts_federated(question: &Question, ask: Ask<'_>) -> Option<Answer> {
    cuts(question, ask, Limit::Sessions, CallerKind::FederatedUser)
}

fn limits_cut_everybody(question: &Question, ask: Ask<'_>) -> Option<Answer> {
    if !mentions(question, "aws:PrincipalArn") {
        return None;
    }
    [Limit::Boundary, Limit::Sessions]
        .into_iter()
        .find_map(|limit| has(question, limit).then(|| cut(question, ask, limit)).flatten())
}

fn boundary_spares_role(question: &Question, ask: Ask<'_>) -> Option<Answer> {
    spares_role(question, ask, |question| request(question, |ask| ask.caller.boundary.take().is_some()))
}

fn session_policy_spares_role(question: &Question, ask: Ask<'_>) -> Option<Answer> {
    spares_role(question, ask, |question| {
        request(question, |ask| ask.caller.session_policies.take().is_some())
    })
}

/// What the resource's policy alone allows to a session whose limit is lifted is allowed, if nothing denies.
fn spares_role(
    question: &Question,
    ask: Ask<'_>,
    lift: impl Fn(&Question) -> Option<Question>,
) -> Option<Answer> {
    if kind(question) != Some(CallerKind::RoleSession) || is_foreign(build::request(question)?) {
        return None;
    }
    let mut lifted = lift(question)?;
    build::request_mut(&mut lifted)?.caller.policies.clear();
    match ask(question).outcome {
        Outcome::ImplicitDeny => enough(ask, Some(lifted)),
        _ => None,
    }
}

fn session_policy_grants(question: &Question) -> Option<Question> {
    let given = build::request(question)?.caller.session_policies.as_ref()?;
    request(question, |ask| {
        let attached = given.iter().map(|document| Attached::new("role/session", document.clone()));
        ask.caller.policies.extend(attached);
        !given.is_empty()
    })
}

fn no_session_policies(question: &Question) -> Option<Question> {
    build::request(question)?.caller.session_policies.as_ref()?;
    request(question, |ask| {
        ask.caller.kind == CallerKind::RoleSession && ask.caller.session_policies.take().is_some()
    })
}

fn no_deny_of_sessions(question: &Question) -> Option<Question> {
    without_denies(question, |place| matches!(place, Place::Session(_)))
}

fn session_policy_instead_of_boundary(question: &Question) -> Option<Question> {
    no_boundary(question).filter(|_| has(question, Limit::Sessions))
}

fn session_policy_is_needed(question: &Question) -> Option<Question> {
    if kind(question) != Some(CallerKind::RoleSession) || has(question, Limit::Sessions) {
        return None;
    }
    request(question, |ask| {
        ask.caller.session_policies = Some(Vec::new());
        true
    })
}
