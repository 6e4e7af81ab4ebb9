//! Decides the faults about resource control policies.

use kms_model::json::compact;
use kms_model::question::{Attached, Authorization, CallerKind};
use kms_model::{Document, Question};

use super::super::change::request;
use super::super::parts::is_outside;
use super::super::{Change, Fault};
use crate::edit::{open, remove, statements_mut};
use crate::relations::build;

/// The faults.
pub const TABLE: &[Fault] = &[
    Fault::new(
        "aws-rcps-are-not-for-outsiders",
        "iam.eval.rcp.external-callers",
        "resource control policies bind callers of the account that owns the resource only",
        Change::Question(no_rcps_for_outsiders),
    ),
    Fault::new(
        "aws-rcps-are-for-outsiders-only",
        "iam.eval.rcp.same-account-callers",
        "resource control policies bind callers of other accounts only",
        Change::Question(rcps_for_outsiders),
    ),
    Fault::new(
        "aws-rcps-do-not-bind-root-users",
        "iam.eval.rcp.root-user",
        "root users are above resource control policies",
        Change::Question(no_rcps_for_root),
    ),
    Fault::new(
        "aws-rcps-do-not-bind-services",
        "iam.eval.rcp.service-principals-bound",
        "requests that a service makes in its own name are above resource control policies",
        Change::Question(no_rcps_for_services),
    ),
    Fault::new(
        "aws-rcps-guard-the-management-account",
        "iam.eval.rcp.management-account-resources-exempt",
        "resource control policies guard the resources of the management account like any other",
        Change::Question(rcps_for_managers),
    ),
    Fault::new(
        "aws-rcps-guard-managed-keys",
        "kms.managed.rcp-exempt",
        "resource control policies guard the keys that AWS manages like any other",
        Change::Question(rcps_for_managed_keys),
    ),
    Fault::new(
        "aws-rcps-guard-retiring",
        "kms.rcp.retiregrant-exempt",
        "a resource control policy can deny that a grant is retired",
        Change::Question(rcps_for_retiring),
    ),
    Fault::new(
        "aws-rcps-of-the-root-only",
        "iam.eval.rcp.any-level",
        "only the resource control policies at the root are read",
        Change::Question(rcps_of_the_root),
    ),
];

fn kind(question: &Question) -> Option<CallerKind> {
    Some(build::request(question)?.caller.kind)
}

/// The question without the resource control policies of those resources.
fn without_rcps(question: &Question, is_free: impl Fn(&Authorization) -> bool) -> Option<Question> {
    let guarded = |one: &&Authorization| one.resource.rcps.is_some();
    build::request(question)?.authorizations.iter().find(guarded)?;
    request(question, |ask| {
        let mut found = false;
        for one in &mut ask.authorizations {
            found |= is_free(one) && one.resource.rcps.take().is_some();
        }
        found
    })
}

fn no_rcps_for_outsiders(question: &Question) -> Option<Question> {
    let caller = &build::request(question)?.caller;
    without_rcps(question, |one| is_outside(caller, one))
}

fn rcps_for_outsiders(question: &Question) -> Option<Question> {
    let caller = &build::request(question)?.caller;
    without_rcps(question, |one| caller.account.is_some() && !is_outside(caller, one))
}

fn no_rcps_for_root(question: &Question) -> Option<Question> {
    without_rcps(question, |_| kind(question) == Some(CallerKind::Root))
}

fn no_rcps_for_services(question: &Question) -> Option<Question> {
    without_rcps(question, |_| kind(question) == Some(CallerKind::Service))
}

fn rcps_for_managers(question: &Question) -> Option<Question> {
    request(question, |ask| {
        let mut found = false;
        for one in ask.authorizations.iter_mut().filter(|one| one.resource.rcps.is_some()) {
            let organization = one.resource.organization.as_mut();
            found |= organization.is_some_and(|organization| std::mem::take(&mut organization.management));
        }
        found
    })
}

fn rcps_for_managed_keys(question: &Question) -> Option<Question> {
    request(question, |ask| {
        let mut found = false;
        for one in ask.authorizations.iter_mut().filter(|one| one.resource.rcps.is_some()) {
            found |= std::mem::replace(&mut one.resource.key.manager, "customer".to_owned()) != "customer";
        }
        found
    })
}

fn rcps_for_retiring(question: &Question) -> Option<Question> {
    let ask = build::request(question)?;
    let retires = |one: &&Authorization| one.action.eq_ignore_ascii_case("kms:RetireGrant");
    let levels = ask.authorizations.iter().find(retires)?.resource.rcps.as_ref()?;
    let denies = levels.iter().flatten().filter(|document| document.text().contains("Deny"));
    let attached: Vec<_> =
        denies.filter_map(without_principals).map(|text| Attached::new("user/rcp", text)).collect();
    request(question, |ask| {
        let found = !attached.is_empty();
        ask.caller.policies.extend(attached);
        found
    })
}

/// The document as one that names no principals, for a policy of the caller's.
fn without_principals(document: &Document) -> Option<Document> {
    let mut root = open(document)?;
    for statement in statements_mut(&mut root) {
        remove(statement, "Principal");
    }
    Some(Document::new(compact(&root)))
}

fn rcps_of_the_root(question: &Question) -> Option<Question> {
    request(question, |ask| {
        let mut found = false;
        for levels in ask.authorizations.iter_mut().filter_map(|one| one.resource.rcps.as_mut()) {
            found |= levels.len() > 1;
            levels.truncate(1);
        }
        found
    })
}
