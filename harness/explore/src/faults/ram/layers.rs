//! Decides the faults about the layers of RAM that are taken for those of AWS.

use kms_model::question::{Authorization, CallerKind};
use kms_model::{Answer, Dialect, Document, Outcome, Question};

use super::super::change::request;
use super::super::parts::{
    Name, allow_to, everything, facts, is_foreign, is_identity, is_outside, listed, names, with_statements,
    without, without_denies,
};
use super::super::{Ask, Change, Fault};
use crate::edit::place::Place;
use crate::edit::{has_effect, open, statements, strings};
use crate::relations::build;

/// The faults.
pub const TABLE: &[Fault] = &[
    Fault::new(
        "ram-key-policy-must-delegate",
        "ram.kms.keypolicy.same-account-either",
        "an identity policy allows the use of a key only where the key policy names the account",
        Change::Asks(key_policy_must_delegate),
    ),
    Fault::new(
        "ram-identity-policy-must-allow-too",
        "ram.kms.keypolicy.same-account-either",
        "a key policy alone allows nothing to users of the account",
        Change::Question(key_policy_delegates),
    ),
    Fault::new(
        "ram-outsiders-need-the-key-policy-only",
        "ram.kms.keypolicy.cross-account-both",
        "a key policy alone allows the use of the key from another account",
        Change::Question(owner_suffices),
    ),
    Fault::new(
        "ram-outsiders-need-their-account-only",
        "ram.kms.keypolicy.cross-account-both",
        "a RAM policy of another account alone allows the use of the key",
        Change::Question(identity_suffices),
    ),
    Fault::new(
        "ram-outsiders-need-no-secret-policy",
        "ram.kms.secretpolicy.combination",
        "a secret is used from another account by a RAM policy of that account alone",
        Change::Question(secrets_from_outside),
    ),
    Fault::new(
        "ram-key-policy-denies-are-lost",
        "ram.kms.keypolicy.deny-either-side",
        "a RAM policy that allows beats the Deny of a key policy",
        Change::Question(no_deny_of_key_policies),
    ),
    Fault::new(
        "ram-owner-needs-a-policy",
        "ram.owner.full-control",
        "the account that owns a resource is a user like others",
        Change::Question(owner_is_a_user),
    ),
    Fault::new(
        "ram-accounts-own-everything",
        "ram.owner.only-own-resources",
        "an account may do everything with every resource",
        Change::Question(owner_of_all),
    ),
    Fault::new(
        "ram-trust-policy-is-enough",
        "ram.combine.assume-role-both",
        "who is named by the trust policy of a role needs no identity policy to assume it",
        Change::Question(trust_suffices),
    ),
    Fault::new(
        "ram-key-policies-are-for-everybody",
        "ram.kms.keypolicy.principal-match",
        "the principals of a key policy are not compared",
        Change::Question(any_principal),
    ),
    Fault::new(
        "ram-exact-allow-beats-wide-deny",
        "ram.evaluation.deny-less-specific-wins",
        "an Allow that names the resource beats a Deny of everything",
        Change::Question(exact_beats_wide),
    ),
    Fault::new(
        "ram-refusals-by-limits-are-implicit",
        "ram.layers.deny-kind-kept",
        "control policies and session policies limit only, so that their refusal is an implicit deny",
        Change::Answer(limits_refuse_implicitly),
    ),
];

fn policy(one: &Authorization) -> Option<&Document> {
    one.resource.policy.as_ref().filter(|_| one.resource.kind == "kms:key")
}

fn key_policy_must_delegate(question: &Question, ask: Ask<'_>) -> Option<Answer> {
    let request = build::request(question)?;
    let account = request.caller.account.as_ref().filter(|_| is_identity(&request.caller))?;
    let names_account = |name: &str| {
        [format!("acs:ram::{account}:*"), format!("acs:ram::{account}:root")].contains(&name.to_owned())
    };
    let delegates = |one: &Authorization| {
        let root = policy(one).and_then(open);
        root.is_none_or(|root| {
            let allows = statements(&root).iter().filter(|one| has_effect(one, "Allow"));
            allows.flat_map(|one| listed(one, "Principal")).any(|(_, name)| names_account(&name))
        })
    };
    if is_foreign(request) || request.authorizations.iter().all(delegates) {
        return None;
    }
    if ask(question).outcome != Outcome::Allow {
        return None;
    }
    let mut alone = question.clone();
    build::request_mut(&mut alone)?.caller.policies.clear();
    Some(ask(&alone))
}

fn key_policy_delegates(question: &Question) -> Option<Question> {
    let caller = &build::request(question)?.caller;
    let account = caller.account.as_ref().filter(|_| is_identity(caller))?;
    names(question, "Allow", |at, kind, name| {
        let own = [&caller.arn, &caller.issuer].into_iter().flatten().any(|arn| arn == name);
        let of_key = at.policy_type == kms_model::question::PolicyType::KeyPolicy;
        match own && of_key && kind == "RAM" {
            true => Name::Turn("RAM", format!("acs:ram::{account}:*")),
            false => Name::Keep,
        }
    })
}

fn owner_suffices(question: &Question) -> Option<Question> {
    build::request(question).filter(|ask| is_foreign(ask) && is_identity(&ask.caller))?;
    request(question, |ask| {
        ask.caller.policies.push(everything(question.dialect));
        true
    })
}

fn identity_suffices(question: &Question) -> Option<Question> {
    from_outside(question, "kms:key")
}

fn secrets_from_outside(question: &Question) -> Option<Question> {
    from_outside(question, "kms:secret")
}

fn from_outside(question: &Question, kind: &str) -> Option<Question> {
    let ask = build::request(question)?;
    let arn = ask.caller.issuer.as_ref().or(ask.caller.arn.as_ref()).filter(|_| is_identity(&ask.caller))?;
    with_statements(question, |one| {
        let outside = one.resource.kind == kind && is_outside(&ask.caller, one);
        outside.then(|| allow_to(Dialect::Ram, kind, arn))
    })
}

fn no_deny_of_key_policies(question: &Question) -> Option<Question> {
    without_denies(question, |place| matches!(place, Place::Resource(_)))
}

fn is_owner(question: &Question) -> bool {
    build::request(question).is_some_and(|ask| ask.caller.kind == CallerKind::Root && !is_foreign(ask))
}

fn owner_is_a_user(question: &Question) -> Option<Question> {
    if !is_owner(question) {
        return None;
    }
    facts(question, |ask| ask.caller.kind = CallerKind::User)
}

fn owner_of_all(question: &Question) -> Option<Question> {
    let ask = build::request(question)?;
    let account =
        ask.caller.account.clone().filter(|_| ask.caller.kind == CallerKind::Root && is_foreign(ask))?;
    facts(question, |ask| {
        for one in &mut ask.authorizations {
            one.resource.account.clone_from(&account);
        }
    })
}

fn trust_suffices(question: &Question) -> Option<Question> {
    let ask = build::request(question)?;
    let assumes = |one: &Authorization| one.action.to_ascii_lowercase().starts_with("sts:assumerole");
    if !ask.authorizations.iter().all(assumes) || !is_identity(&ask.caller) {
        return None;
    }
    let own = [&ask.caller.arn, &ask.caller.issuer];
    let named = without(question, |one, at| {
        let names_caller =
            listed(one, "Principal").iter().any(|(_, name)| own.into_iter().flatten().any(|arn| arn == name));
        matches!(at.place, Place::Resource(_)) && has_effect(one, "Allow") && !names_caller
    });
    if named.is_some() {
        return None;
    }
    request(question, |ask| {
        ask.caller.policies.push(everything(question.dialect));
        true
    })
}

fn any_principal(question: &Question) -> Option<Question> {
    let caller = &build::request(question)?.caller;
    let arn = caller.issuer.as_ref().or(caller.arn.as_ref()).filter(|_| is_identity(caller))?;
    let turn = |kind: &str, name: &str| {
        if kind == "RAM" && name != arn { Name::Turn("RAM", arn.clone()) } else { Name::Keep }
    };
    let allowed = names(question, "Allow", |_, kind, name| turn(kind, name));
    names(allowed.as_ref().unwrap_or(question), "Deny", |_, kind, name| turn(kind, name)).or(allowed)
}

fn exact_beats_wide(question: &Question) -> Option<Question> {
    let ask = build::request(question)?;
    let exact = |one: &Authorization| {
        let roots = ask.caller.policies.iter().filter_map(|attached| open(&attached.document));
        roots.into_iter().any(|root| {
            statements(&root).iter().filter(|statement| has_effect(statement, "Allow")).any(|statement| {
                statement
                    .get("Resource")
                    .is_some_and(|node| strings(node).contains(&one.resource.arn.as_str()))
            })
        })
    };
    if !ask.authorizations.iter().any(exact) {
        return None;
    }
    without(question, |statement, at| {
        let wide = statement.get("Resource").is_some_and(|node| strings(node).contains(&"*"));
        matches!(at.place, Place::Caller(_)) && has_effect(statement, "Deny") && wide
    })
}

fn limits_refuse_implicitly(_: &Question, right: &Answer) -> Option<Answer> {
    let is_limit =
        |policy: &str| policy.contains("/control-policies/") || policy.contains("/session-policies/");
    let limited = right.because.iter().all(|because| is_limit(&because.policy));
    let refused = right.outcome == Outcome::ExplicitDeny && limited && !right.because.is_empty();
    refused.then(|| Outcome::ImplicitDeny.into())
}
