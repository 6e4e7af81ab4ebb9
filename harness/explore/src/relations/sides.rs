//! Decides what each side of a request must give: the caller's account, the owner's account, the key policy with what it
//! delegates.

use kms_model::json::{Node, compact};
use kms_model::question::{Attached, Authorization, CallerKind, PolicyType};
use kms_model::{Dialect, Document, Question};

use super::build::{
    has_policies, on_action, rail, reaching, request, request_mut, silent, text, wide_action,
};
use super::{Variation, compare, split};
use crate::Choices;
use crate::edit::place::Place;
use crate::edit::{At, elements_mut, has_effect, member_mut, open, remove, statement_list};

/// Whether a caller with identity policies asks for something of another account that has a policy of its own.
fn is_across_accounts(question: &Question) -> bool {
    let Some(ask) = request(question) else { return false };
    let owned = |one: &Authorization| {
        Some(&one.resource.account) != ask.caller.account.as_ref()
            && one.resource.policy.is_some()
            && one.resource.grants.is_empty()
            && !one.action.eq_ignore_ascii_case("kms:RetireGrant")
    };
    has_policies(&ask.caller) && ask.caller.account.is_some() && ask.authorizations.iter().all(owned)
}

/// The question with other identity policies.
fn with_identity(question: &Question, policies: &[Document]) -> Option<Question> {
    let mut varied = question.clone();
    let caller = &mut request_mut(&mut varied)?.caller;
    let from = if caller.kind == CallerKind::User { "user/own" } else { "role/own" };
    caller.policies = policies.iter().map(|document| Attached::new(from, document.clone())).collect();
    Some(varied)
}

/// The question with other policies of the resources, each from where it stands.
fn with_resource(question: &Question, write: impl Fn(At<'_>) -> Option<String>) -> Option<Question> {
    let mut varied = question.clone();
    for of in 0..request(question)?.authorizations.len() {
        let place = Place::Resource(of);
        if place.document(question).is_some() {
            let at = At { question, place, policy_type: place.policy_type(question)? };
            place.put(&mut varied, Document::new(write(at)?));
        }
    }
    Some(varied)
}

/// What is allowed across accounts each side allows by itself: the other may allow everything.
pub fn each_side(question: &Question, _: &mut dyn Choices) -> Option<Variation> {
    if !is_across_accounts(question) {
        return None;
    }
    let identity = with_identity(question, &[rail(question.dialect, &[("Allow", "*")])])?;
    let named = with_resource(question, |at| {
        let ask = request(question)?;
        let action = ask.authorizations.get(at.place.authorization()?)?.action.as_str();
        let mut first = crate::Replay::new(Vec::new());
        let principal = reaching(at, &mut first)?;
        Some(text(
            question.dialect,
            vec![on_action(at, Some(principal), wide_action(at, action)).with("Allow")],
        ))
    })?;
    Some(Variation { questions: vec![identity, named], holds: compare::stays_allowed })
}

/// Nothing is allowed across accounts where one side says nothing.
pub fn both_sides(question: &Question, _: &mut dyn Choices) -> Option<Variation> {
    if !is_across_accounts(question) {
        return None;
    }
    let identity = with_identity(question, &[])?;
    let named = with_resource(question, |at| Some(silent(at)))?;
    Some(Variation { questions: vec![identity, named], holds: compare::refused })
}

/// A key whose policy names nobody of the question, without grants, is nobody's.
pub fn key_policy(question: &Question, _: &mut dyn Choices) -> Option<Variation> {
    let ask = request(question)?;
    let on_key = |one: &Authorization| {
        one.resource.kind == "kms:key" && !one.action.eq_ignore_ascii_case("kms:RetireGrant")
    };
    ask.authorizations.iter().any(on_key).then_some(())?;
    let mut varied = with_resource(question, |at| match at.policy_type {
        PolicyType::KeyPolicy => Some(silent(at)),
        _ => Some(at.place.document(question)?.text().to_owned()),
    })?;
    for one in &mut request_mut(&mut varied)?.authorizations {
        one.resource.grants.clear();
    }
    Some(Variation { questions: vec![varied], holds: compare::refused })
}

/// Without what the key policy delegates to the account, IAM policies might as well allow nothing.
pub fn delegation(question: &Question, _: &mut dyn Choices) -> Option<Variation> {
    let ask = request(question)?;
    let [one] = ask.authorizations.as_slice() else { return None };
    let by_account = |name: &str| name.ends_with(":root") || kms_model::arn::is_account(name);
    let applies = one.resource.kind == "kms:key"
        && has_policies(&ask.caller)
        && ask.caller.account.as_ref() == Some(&one.resource.account)
        && !one.action.eq_ignore_ascii_case("kms:RetireGrant")
        && !one.resource.grants.iter().any(|grant| by_account(&grant.grantee));
    if !applies {
        return None;
    }
    let without = with_resource(question, without_accounts)?;
    let mut without_both = without.clone();
    let policies = &mut request_mut(&mut without_both)?.caller.policies;
    let mut kept = Vec::new();
    for mut attached in policies.drain(..) {
        if let Some(denies) = split::only(&open(&attached.document)?, "Deny") {
            attached.document = denies;
            kept.push(attached);
        }
    }
    *policies = kept;
    Some(Variation { questions: vec![without, without_both], holds: compare::iam_gives_nothing })
}

/// The policy without accounts among the principals of its Allows; `None` if it says `NotPrincipal`.
fn without_accounts(at: At<'_>) -> Option<String> {
    let mut root = open(at.place.document(at.question)?)?;
    let is_account = |node: &Node| {
        node.as_str().is_some_and(|name| name.ends_with(":root") || kms_model::arn::is_account(name))
    };
    let statements = statement_list(&mut root)?;
    if statements.iter().any(|one| one.get("NotPrincipal").is_some()) {
        return None;
    }
    statements.retain_mut(|one| {
        if has_effect(one, "Deny") {
            return true;
        }
        let Some(principal) = member_mut(one, "Principal") else { return true };
        let Some(named) = member_mut(principal, "AWS") else { return true };
        let left = match elements_mut(named) {
            Some(elements) => {
                elements.retain(|node| !is_account(node));
                !elements.is_empty()
            }
            None => !is_account(named),
        };
        if !left {
            remove(principal, "AWS");
        }
        principal.members().is_none_or(|members| !members.is_empty())
    });
    Some(if statements.is_empty() { silent(at) } else { compact(&root) })
}

/// The account that owns a resource may do everything with it, without any policy.
pub fn owner(question: &Question, _: &mut dyn Choices) -> Option<Variation> {
    let ask = request(question)?;
    let owned = |one: &Authorization| {
        Some(&one.resource.account) == ask.caller.account.as_ref() && !one.action.starts_with("sts:")
    };
    let owner = question.dialect == Dialect::Ram && ask.caller.kind == CallerKind::Root;
    if !owner || !ask.authorizations.iter().all(owned) {
        return None;
    }
    let mut varied = question.clone();
    let ask = request_mut(&mut varied)?;
    ask.caller.policies.clear();
    for one in &mut ask.authorizations {
        one.resource.policy = None;
    }
    Some(Variation { questions: vec![varied], holds: compare::allowed })
}
