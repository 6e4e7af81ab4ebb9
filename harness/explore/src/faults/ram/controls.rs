//! Decides the faults about control policies of RAM that are taken for those of AWS.

use kms_model::question::{Attached, Authorization, CallerKind};
use kms_model::{Answer, Document, Outcome, Question};

use super::super::change::request;
use super::super::parts::{everything, facts, is_foreign, is_outside};
use super::super::{Ask, Change, Fault};
use crate::relations::build;

/// The faults.
pub const TABLE: &[Fault] = &[
    Fault::new(
        "ram-control-policies-bind-the-account",
        "ram.control.not-on-account-owner",
        "control policies bind the account that owns the resource, as they bind its users",
        Change::Asks(control_binds_account),
    ),
    Fault::new(
        "ram-control-policies-bind-service-linked-roles",
        "ram.control.not-on-account-owner",
        "control policies bind service-linked roles like any role",
        Change::Asks(control_binds_linked_roles),
    ),
    Fault::new(
        "ram-control-policies-follow-the-caller",
        "ram.control.by-resource-owner",
        "the control policies of the resource's owner do not bind callers of other accounts",
        Change::Question(control_follows_caller),
    ),
    Fault::new(
        "ram-control-policies-bind-the-management-account",
        "ram.control.not-on-management-account",
        "control policies bind users and roles of the management account like any other",
        Change::Question(control_binds_managers),
    ),
    Fault::new(
        "ram-control-levels-are-united",
        "ram.control.every-level",
        "the control policies of all levels are one list, of which one must allow",
        Change::Question(united_levels),
    ),
    Fault::new(
        "ram-control-policies-are-lists-of-denies",
        "ram.control.must-allow",
        "control policies let pass what they do not deny",
        Change::Question(control_denies_only),
    ),
    Fault::new(
        "ram-control-policies-grant",
        "ram.control.guardrail-not-grant",
        "what control policies allow is allowed",
        Change::Question(control_grants),
    ),
];

fn is_owner(question: &Question) -> bool {
    build::request(question).is_some_and(|ask| ask.caller.kind == CallerKind::Root && !is_foreign(ask))
}

fn has_controls(question: &Question) -> bool {
    build::request(question)
        .is_some_and(|ask| ask.authorizations.iter().any(|one| one.resource.control_policies.is_some()))
}

/// The question without the control policies of those resources.
fn without_controls(question: &Question, is_free: impl Fn(&Authorization) -> bool) -> Option<Question> {
    if !has_controls(question) {
        return None;
    }
    request(question, |ask| {
        let mut found = false;
        for one in &mut ask.authorizations {
            found |= is_free(one) && one.resource.control_policies.take().is_some();
        }
        found
    })
}

/// What control policies say of a user to whom everything else is allowed.
fn of_controls(question: &Question, ask: Ask<'_>) -> Option<Answer> {
    if !has_controls(question) {
        return None;
    }
    let limited = ask(&facts(question, |ask| {
        ask.caller.kind = CallerKind::User;
        ask.caller.issuer = None;
        ask.caller.policies = vec![everything(question.dialect)];
        ask.caller.session_policies = None;
        for one in &mut ask.authorizations {
            one.resource.policy = None;
        }
    })?);
    (limited.outcome.is_deny() && ask(question).outcome == Outcome::Allow).then_some(limited)
}

fn control_binds_account(question: &Question, ask: Ask<'_>) -> Option<Answer> {
    is_owner(question).then(|| of_controls(question, ask)).flatten()
}

fn control_binds_linked_roles(question: &Question, ask: Ask<'_>) -> Option<Answer> {
    build::is_service_linked(&build::request(question)?.caller).then(|| of_controls(question, ask)).flatten()
}

fn control_follows_caller(question: &Question) -> Option<Question> {
    let caller = &build::request(question)?.caller;
    without_controls(question, |one| is_outside(caller, one))
}

fn control_binds_managers(question: &Question) -> Option<Question> {
    if !has_controls(question) {
        return None;
    }
    request(question, |ask| match &mut ask.caller.organization {
        Some(organization) => std::mem::take(&mut organization.management),
        None => false,
    })
}

fn controls(question: &Question, edit: impl Fn(&mut Vec<Vec<Document>>) -> bool) -> Option<Question> {
    if !has_controls(question) {
        return None;
    }
    request(question, |ask| {
        let mut found = false;
        for levels in ask.authorizations.iter_mut().filter_map(|one| one.resource.control_policies.as_mut()) {
            found |= edit(levels);
        }
        found
    })
}

fn united_levels(question: &Question) -> Option<Question> {
    controls(question, |levels| {
        let several = levels.len() > 1;
        *levels = vec![levels.concat()];
        several
    })
}

fn control_denies_only(question: &Question) -> Option<Question> {
    let full = build::rail(question.dialect, &[("Allow", "*")]);
    controls(question, |levels| {
        levels.iter_mut().for_each(|level| level.push(full.clone()));
        !levels.is_empty()
    })
}

fn control_grants(question: &Question) -> Option<Question> {
    let ask = build::request(question)?;
    let first = ask.authorizations.iter().find_map(|one| one.resource.control_policies.as_ref())?;
    request(question, |ask| {
        ask.caller
            .policies
            .extend(first.iter().flatten().map(|document| Attached::new("user/control", document.clone())));
        true
    })
}
