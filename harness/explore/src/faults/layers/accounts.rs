//! Decides the faults about which accounts must allow, and what a key policy leaves to the policies of an account.

use kms_model::json::Node;
use kms_model::operations;
use kms_model::question::{Authorization, Authorize, CallerKind};
use kms_model::{Answer, Outcome, Question};

use super::super::change::request;
use super::super::parts::{
    Name, allow_to, enough, everything, facts, is_account, is_foreign, is_identity, is_outside, listed,
    names, with_statements, without, without_denies,
};
use super::super::{Ask, Change, Fault};
use crate::edit::has_effect;
use crate::edit::place::Place;
use crate::edit::{open, statements};
use crate::relations::build;

/// The faults.
pub const TABLE: &[Fault] = &[
    Fault::new(
        "aws-key-policy-need-not-delegate",
        "iam.eval.same-account.kms-exception",
        "an identity policy alone allows the use of a key, as it does with resources of other services",
        Change::Question(without_delegation),
    ),
    Fault::new(
        "aws-root-user-may-use-every-key",
        "kms.core.root-user-not-privileged",
        "the root user may do everything with the keys of its account, whatever their policies say",
        Change::Question(root_user_is_privileged),
    ),
    Fault::new(
        "aws-identity-deny-needs-delegation",
        "kms.core.iam-deny-needs-no-delegation",
        "a key policy that does not delegate leaves identity policies no say, their Deny statements included",
        Change::Question(deny_needs_delegation),
    ),
    Fault::new(
        "aws-outsiders-need-the-owner-only",
        "iam.eval.cross-account.both-sides",
        "what the owner's account allows to a caller of another account needs no policy there",
        Change::Question(owner_suffices),
    ),
    Fault::new(
        "aws-outsiders-need-their-account-only",
        "kms.cross-account.needs-both-sides",
        "an identity policy of a caller of another account is enough to use a key",
        Change::Question(identity_suffices),
    ),
    Fault::new(
        "aws-named-outside-user-needs-no-policy",
        "iam.eval.cross-account.user-arn-no-bypass",
        "a user of another account whom a resource policy names is allowed directly",
        Change::Asks(outside_user_is_direct),
    ),
    Fault::new(
        "aws-named-outside-session-needs-no-policy",
        "iam.eval.cross-account.session-arn-no-bypass",
        "a session of another account that a resource policy names is allowed directly",
        Change::Asks(outside_session_is_direct),
    ),
    Fault::new(
        "aws-everybody-includes-outsiders-directly",
        "iam.eval.cross-account.star-principal-still-needs-identity",
        "where everybody is allowed, callers of other accounts need no policy of their own",
        Change::Asks(star_is_direct_for_outsiders),
    ),
    Fault::new(
        "aws-owner-delegates-to-outsiders",
        "kms.key-policy.owner-delegation-is-not-external",
        "the statement for the owner's account lets the policies of any account decide",
        Change::Question(owner_delegates_to_all),
    ),
    Fault::new(
        "aws-outside-root-user-needs-a-policy",
        "iam.eval.cross-account.root-of-other-account",
        "the root user of another account that is named is refused, as it has no identity policy",
        Change::Question(outside_root_needs_policy),
    ),
    Fault::new(
        "aws-outside-deny-is-lost",
        "iam.eval.cross-account.deny-either-side",
        "the account of the resource does not hear of denies in the caller's account",
        Change::Question(outside_denies_are_lost),
    ),
    Fault::new(
        "aws-every-operation-works-from-outside",
        "kms.cross-account.allowed-operations",
        "both accounts together can allow any operation on a key",
        Change::Question(every_operation_from_outside),
    ),
    Fault::new(
        "aws-arns-of-other-partitions-are-the-same",
        "iam.eval.cross-account.partition",
        "the partition in the ARN of a principal is not compared",
        Change::Question(partitions_are_one),
    ),
    Fault::new(
        "aws-direct-grant-beats-denies-of-the-caller",
        "iam.eval.same-account.explicit-deny-any-type",
        "what a resource policy allows to a caller by name is not held to any Deny of the caller's own policies",
        Change::Asks(direct_beats_deny),
    ),
    Fault::new(
        "aws-identity-must-allow-too",
        "iam.eval.same-account.union",
        "what a resource policy allows to users of its account is allowed only if an identity policy allows it as well",
        Change::Question(both_policies_needed),
    ),
];

fn without_delegation(question: &Question) -> Option<Question> {
    let ask = build::request(question)?;
    if !is_identity(&ask.caller) || ask.caller.policies.is_empty() {
        return None;
    }
    delegating(question, ask)
}

fn root_user_is_privileged(question: &Question) -> Option<Question> {
    let ask = build::request(question)?;
    delegating(question, ask).filter(|_| ask.caller.kind == CallerKind::Root)
}

/// The question in which the key policies of the caller's account delegate everything to it.
fn delegating(question: &Question, ask: &Authorize) -> Option<Question> {
    let account = ask.caller.account.as_ref()?;
    with_statements(question, |one| {
        let own = one.resource.kind == "kms:key" && one.resource.account == *account;
        own.then(|| allow_to(question.dialect, &one.resource.kind, account))
    })
}

fn deny_needs_delegation(question: &Question) -> Option<Question> {
    let ask = build::request(question)?;
    let account = ask.caller.account.as_ref()?;
    let delegates = |(_, name): &(String, String)| is_account(name, account);
    let is_open = |document: &kms_model::Document| {
        open(document).is_none_or(|root| {
            statements(&root)
                .iter()
                .any(|one| has_effect(one, "Allow") && listed(one, "Principal").iter().any(delegates))
        })
    };
    let closed = ask.authorizations.iter().all(|one| {
        one.resource.kind == "kms:key" && one.resource.policy.as_ref().is_some_and(|policy| !is_open(policy))
    });
    if !closed {
        return None;
    }
    without_denies(question, |place| matches!(place, Place::Caller(_)))
}

fn owner_suffices(question: &Question) -> Option<Question> {
    let ask = build::request(question)?;
    if !is_foreign(ask) || !is_identity(&ask.caller) {
        return None;
    }
    request(question, |ask| {
        ask.caller.policies.push(everything(question.dialect));
        true
    })
}

fn identity_suffices(question: &Question) -> Option<Question> {
    let ask = build::request(question)?;
    let account = ask.caller.account.as_ref().filter(|_| is_identity(&ask.caller))?;
    with_statements(question, |one| {
        is_outside(&ask.caller, one).then(|| allow_to(question.dialect, &one.resource.kind, account))
    })
}

fn outside_user_is_direct(question: &Question, ask: Ask<'_>) -> Option<Answer> {
    let caller = &build::request(question)?.caller;
    let arn = caller.arn.as_deref().filter(|_| caller.kind == CallerKind::User)?;
    direct_from_outside(question, ask, arn)
}

fn outside_session_is_direct(question: &Question, ask: Ask<'_>) -> Option<Answer> {
    let caller = &build::request(question)?.caller;
    let arn = caller.arn.as_deref().filter(|_| caller.kind == CallerKind::RoleSession)?;
    direct_from_outside(question, ask, arn)
}

fn star_is_direct_for_outsiders(question: &Question, ask: Ask<'_>) -> Option<Answer> {
    direct_from_outside(question, ask, "*")
}

/// What an Allow that names the caller from outside so allows is held to nothing of its own account but denies.
fn direct_from_outside(question: &Question, ask: Ask<'_>, named: &str) -> Option<Answer> {
    let request = build::request(question)?;
    if !is_foreign(request) || !is_identity(&request.caller) {
        return None;
    }
    let names_caller = |one: &Node| listed(one, "Principal").iter().any(|(_, name)| name == named);
    let mut left = without(question, |one, at| {
        matches!(at.place, Place::Resource(_)) && has_effect(one, "Allow") && !names_caller(one)
    })
    .unwrap_or_else(|| question.clone());
    let caller = &mut build::request_mut(&mut left)?.caller;
    caller.policies.push(everything(question.dialect));
    caller.boundary = None;
    caller.session_policies = None;
    match ask(question).outcome {
        Outcome::ImplicitDeny => enough(ask, Some(left)),
        _ => None,
    }
}

fn owner_delegates_to_all(question: &Question) -> Option<Question> {
    let ask = build::request(question)?;
    let account = ask.caller.account.as_ref().filter(|_| is_identity(&ask.caller) && is_foreign(ask))?;
    names(question, "Allow", |at, _, name| {
        let owner = at.place.authorization().and_then(|of| ask.authorizations.get(of));
        match owner.is_some_and(|one| is_account(name, &one.resource.account)) {
            true => Name::Turn("AWS", account.clone()),
            false => Name::Keep,
        }
    })
}

fn outside_root_needs_policy(question: &Question) -> Option<Question> {
    let ask = build::request(question)?;
    if ask.caller.kind != CallerKind::Root || !is_foreign(ask) {
        return None;
    }
    facts(question, |ask| ask.caller.kind = CallerKind::User)
}

fn outside_denies_are_lost(question: &Question) -> Option<Question> {
    let ask = build::request(question)?;
    if !is_foreign(ask) {
        return None;
    }
    without_denies(question, |place| matches!(place, Place::Caller(_)))
}

fn every_operation_from_outside(question: &Question) -> Option<Question> {
    let ask = build::request(question)?;
    let barred = |one: &&Authorization| {
        let usable = operations::by_action(&one.action).is_some_and(|operation| operation.cross_account);
        one.resource.kind == "kms:key" && !usable && is_outside(&ask.caller, one)
    };
    ask.authorizations.iter().find(barred)?;
    let account = ask.caller.account.clone()?;
    let allowed = facts(question, |ask| {
        for one in ask.authorizations.iter_mut().filter(|one| one.resource.kind == "kms:key") {
            one.resource.account.clone_from(&account);
        }
    })?;
    // Who is named needs an identity policy all the same.
    let delegated =
        names(&allowed, "Allow", |_, _, name| match name == "*" || Some(name) == ask.caller.arn.as_deref() {
            true => Name::Turn("AWS", account.clone()),
            false => Name::Keep,
        });
    Some(delegated.unwrap_or(allowed))
}

fn direct_beats_deny(question: &Question, ask: Ask<'_>) -> Option<Answer> {
    let own = |place: Place| matches!(place, Place::Boundary | Place::Caller(_) | Place::Session(_));
    let request = build::request(question)?;
    if is_foreign(request) {
        return None;
    }
    let mut left = without_denies(question, own)?;
    if ask(question).outcome != Outcome::ExplicitDeny {
        return None;
    }
    let caller = &mut build::request_mut(&mut left)?.caller;
    caller.policies.clear();
    caller.boundary = None;
    enough(ask, Some(left))
}

fn both_policies_needed(question: &Question) -> Option<Question> {
    let ask = build::request(question)?;
    let account = ask.caller.account.as_ref().filter(|_| is_identity(&ask.caller))?;
    let other = |one: &Authorization| one.resource.kind.starts_with("kms:");
    if ask.authorizations.iter().any(other) {
        return None;
    }
    names(question, "Allow", |_, _, name| {
        let own = [&ask.caller.arn, &ask.caller.issuer].into_iter().flatten().any(|arn| arn == name);
        if own || name == "*" { Name::Turn("AWS", account.clone()) } else { Name::Keep }
    })
}

fn partitions_are_one(question: &Question) -> Option<Question> {
    let caller = &build::request(question)?.caller;
    let own = build::partition(caller.arn.as_deref())?;
    names(question, "Allow", |_, kind, name| {
        let other = build::partition(Some(name)).filter(|other| kind == "AWS" && *other != own);
        match other.and_then(|other| name.strip_prefix(&format!("arn:{other}:"))) {
            Some(rest) => Name::Turn("AWS", format!("arn:{own}:{rest}")),
            None => Name::Keep,
        }
    })
}
