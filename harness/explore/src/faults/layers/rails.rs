//! Decides the faults about the guard rails of an organization and of endpoints.

use kms_model::json::Node;
use kms_model::question::{Attached, CallerKind};
use kms_model::{Answer, Dialect, Document, Outcome, Question};

use super::super::change::{documents, request};
use super::super::parts::{
    Limit, Name, alone, enough, facts, is_foreign, renamed, with_statements, without_denies,
};
use super::super::{Ask, Change, Fault};
use crate::edit::place::Place;
use crate::edit::{open, set, statement_list, statements, statements_mut};
use crate::relations::build::{self, object};

/// The faults.
pub const TABLE: &[Fault] = &[
    Fault::new(
        "aws-scp-levels-are-united",
        "iam.eval.scp.every-level",
        "the service control policies of all levels are one list, of which one must allow",
        Change::Question(united_levels),
    ),
    Fault::new(
        "aws-scps-of-the-account-only",
        "iam.eval.scp.any-level-deny",
        "only the service control policies at the account itself are read",
        Change::Question(last_level),
    ),
    Fault::new(
        "aws-each-scp-must-allow",
        "iam.eval.scp.level-union",
        "every service control policy must allow, as every level must",
        Change::Question(each_scp),
    ),
    Fault::new(
        "aws-scps-are-lists-of-denies",
        "iam.eval.scp.deny-only-level",
        "a service control policy lets pass what it does not deny",
        Change::Question(scps_deny_only),
    ),
    Fault::new(
        "aws-scp-denies-are-lost",
        "iam.eval.scp.any-level-deny",
        "of service control policies the Allow statements are read, to intersect with, and no others",
        Change::Question(scps_allow_only),
    ),
    Fault::new(
        "aws-scps-do-not-bind-root-users",
        "iam.eval.scp.root-user-affected",
        "the root user of a member account is above service control policies",
        Change::Question(no_scps_for_root),
    ),
    Fault::new(
        "aws-scps-bind-the-management-account",
        "iam.eval.scp.management-account-exempt",
        "service control policies bind the management account like any other",
        Change::Question(scps_for_managers),
    ),
    Fault::new(
        "aws-scps-bind-service-linked-roles",
        "iam.eval.scp.service-linked-role-exempt",
        "service control policies bind service-linked roles like any other",
        Change::Asks(scps_for_linked_roles),
    ),
    Fault::new(
        "aws-scps-grant",
        "iam.eval.scp.never-grants",
        "what service control policies allow is allowed, as if they were identity policies",
        Change::Question(scps_grant),
    ),
    Fault::new(
        "aws-scps-do-not-bind-resource-grants",
        "iam.eval.scp.limits-resource-grants",
        "what a resource policy gives to a caller by name is not held to service control policies",
        Change::Asks(scps_spare_resource_grants),
    ),
    Fault::new(
        "aws-scps-are-for-resources-of-the-account",
        "kms.scp.restricts-principals",
        "service control policies do not bind a caller that uses the resource of another account",
        Change::Question(no_scps_for_other_accounts),
    ),
    Fault::new(
        "aws-rcps-bind-service-linked-roles",
        "iam.eval.rcp.service-linked-role-exempt",
        "resource control policies bind service-linked roles like any other",
        Change::Asks(rcps_for_linked_roles),
    ),
    Fault::new(
        "aws-endpoint-policy-grants",
        "iam.eval.vpce.never-grants",
        "what the policy of an endpoint allows is allowed, as if it were that of the resource",
        Change::Question(endpoint_grants),
    ),
    Fault::new(
        "aws-endpoint-policy-is-for-identity-policies",
        "iam.eval.vpce.deny-beats-direct-grant",
        "what a resource policy gives to a caller by name is not held to the policy of the endpoint",
        Change::Asks(endpoint_spares_resource_grants),
    ),
    Fault::new(
        "aws-endpoint-policy-denies-only",
        "iam.eval.vpce.must-allow",
        "an endpoint lets pass what its policy does not deny",
        Change::Question(endpoint_denies_only),
    ),
    Fault::new(
        "aws-endpoint-policy-is-for-everybody",
        "iam.eval.vpce.principal-matching",
        "the principals that the policy of an endpoint names are not read",
        Change::Question(endpoint_for_everybody),
    ),
    Fault::new(
        "aws-endpoint-policy-is-for-requests-sent-on",
        "iam.eval.vpce.not-used",
        "what a service asks for a caller is held to the policy of the endpoint that the caller came through",
        Change::Question(endpoint_of_caller),
    ),
];

fn scps(question: &Question) -> Option<&Vec<Vec<Document>>> {
    build::request(question)?.caller.scps.as_ref()
}

fn kind(question: &Question) -> Option<CallerKind> {
    Some(build::request(question)?.caller.kind)
}

fn with_scps(question: &Question, levels: Option<Vec<Vec<Document>>>) -> Option<Question> {
    request(question, |ask| {
        ask.caller.scps = levels;
        true
    })
}

fn united_levels(question: &Question) -> Option<Question> {
    let levels = scps(question).filter(|levels| levels.len() > 1)?;
    with_scps(question, Some(vec![levels.concat()]))
}

fn last_level(question: &Question) -> Option<Question> {
    let levels = scps(question).filter(|levels| levels.len() > 1)?;
    with_scps(question, Some(levels.last().cloned().into_iter().collect()))
}

fn each_scp(question: &Question) -> Option<Question> {
    let levels = scps(question).filter(|levels| levels.iter().any(|level| level.len() > 1))?;
    with_scps(question, Some(levels.concat().into_iter().map(|document| vec![document]).collect()))
}

fn scps_deny_only(question: &Question) -> Option<Question> {
    let mut levels = scps(question)?.clone();
    for level in &mut levels {
        level.push(build::rail(question.dialect, &[("Allow", "*")]));
    }
    with_scps(question, Some(levels))
}

fn scps_allow_only(question: &Question) -> Option<Question> {
    scps(question)?;
    without_denies(question, |place| matches!(place, Place::Scp(..)))
}

fn no_scps_for_root(question: &Question) -> Option<Question> {
    scps(question).filter(|_| kind(question) == Some(CallerKind::Root))?;
    with_scps(question, None)
}

fn scps_for_managers(question: &Question) -> Option<Question> {
    scps(question)?;
    request(question, |ask| match &mut ask.caller.organization {
        Some(organization) => std::mem::take(&mut organization.management),
        None => false,
    })
}

fn scps_for_linked_roles(question: &Question, ask: Ask<'_>) -> Option<Answer> {
    scps(question).filter(|_| is_linked(question))?;
    bound(question, ask, Limit::Scps)
}

fn rcps_for_linked_roles(question: &Question, ask: Ask<'_>) -> Option<Answer> {
    if !is_linked(question) {
        return None;
    }
    bound(question, ask, Limit::Rcps)
}

fn is_linked(question: &Question) -> bool {
    build::request(question).is_some_and(|ask| build::is_service_linked(&ask.caller))
}

fn bound(question: &Question, ask: Ask<'_>, limit: Limit) -> Option<Answer> {
    let limited = ask(&alone(question, limit)?);
    let allowed = ask(question).outcome == Outcome::Allow;
    match limited.outcome {
        Outcome::ExplicitDeny => Some(limited),
        Outcome::ImplicitDeny if allowed => Some(limited),
        _ => None,
    }
}

fn scps_grant(question: &Question) -> Option<Question> {
    let levels = scps(question)?;
    request(question, |ask| {
        let attached = levels.iter().flatten().map(|document| Attached::new("user/scp", document.clone()));
        ask.caller.policies.extend(attached);
        true
    })
}

fn scps_spare_resource_grants(question: &Question, ask: Ask<'_>) -> Option<Answer> {
    scps(question)?;
    spared(question, ask, |question| {
        request(question, |ask| {
            ask.caller.scps = None;
            true
        })
    })
}

/// What the resource's policy alone allows where a guard rail is lifted is allowed, if no other policy denies.
fn spared(question: &Question, ask: Ask<'_>, lift: impl Fn(&Question) -> Option<Question>) -> Option<Answer> {
    if is_foreign(build::request(question)?) {
        return None;
    }
    let lifted = lift(question)?;
    if ask(question).outcome == Outcome::Allow || ask(&lifted).outcome != Outcome::Allow {
        return None;
    }
    enough(
        ask,
        request(&lifted, |ask| {
            ask.caller.policies.clear();
            true
        }),
    )
}

fn no_scps_for_other_accounts(question: &Question) -> Option<Question> {
    scps(question).filter(|_| build::request(question).is_some_and(is_foreign))?;
    with_scps(question, None)
}

/// The policy of the endpoint, for a request that goes through it.
fn passage(question: &Question) -> Option<&Document> {
    let ask = build::request(question).filter(|ask| ask.via.is_empty())?;
    ask.endpoint.as_ref()?.policy.as_ref()
}

fn endpoint_grants(question: &Question) -> Option<Question> {
    let root = open(passage(question)?)?;
    let mut changed = question.clone();
    for statement in statements(&root) {
        let mut statement = statement.clone();
        set(&mut statement, "Resource", "*");
        if let Some(more) = with_statements(&changed, |_| Some(statement.clone())) {
            changed = more;
        }
    }
    Some(changed)
}

fn endpoint_spares_resource_grants(question: &Question, ask: Ask<'_>) -> Option<Answer> {
    passage(question)?;
    spared(question, ask, |question| {
        request(question, |ask| match &mut ask.endpoint {
            Some(endpoint) => endpoint.policy.take().is_some(),
            None => false,
        })
    })
}

fn endpoint_denies_only(question: &Question) -> Option<Question> {
    passage(question)?;
    let everybody = object([
        ("Effect", Node::from("Allow")),
        ("Principal", Node::from("*")),
        ("Action", Node::from("*")),
        ("Resource", Node::from("*")),
    ]);
    documents(question, |root, at| {
        at.place == Place::Endpoint && statement_list(root).map(|list| list.push(everybody.clone())).is_some()
    })
}

fn endpoint_for_everybody(question: &Question) -> Option<Question> {
    passage(question).filter(|_| question.dialect == Dialect::Aws)?;
    documents(question, |root, at| {
        let mut found = false;
        for statement in statements_mut(root).into_iter().filter(|_| at.place == Place::Endpoint) {
            found |= renamed(statement, |kind, name| match (kind, name) {
                ("*", _) => Name::Keep,
                _ => Name::Turn("*", "*".to_owned()),
            });
        }
        found
    })
}

fn endpoint_of_caller(question: &Question) -> Option<Question> {
    let ask = build::request(question).filter(|ask| !ask.via.is_empty())?;
    ask.endpoint.as_ref()?.policy.as_ref()?;
    facts(question, |ask| ask.via.clear())
}
