//! Decides what a key policy, an identity policy and a service control policy come to together: who is allowed by the key
//! policy, who by what it delegates, and who across accounts.

use kms_model::Dialect;

use super::super::axis::{ACROSS, Axis, CALLER, DELEGATES, DENIES_ALL, Part, Place, SAME_ACCOUNT};
use super::super::laws::Law;
use super::super::scope::{Frame, Scope};
use super::words::{A, ASKED, B, C, EVERY, OTHER, Says, Who, decrypts, named, rail, role, root, user};

/// The one condition key, and a test for its value and for any other.
const TESTS: [Option<&str>; 3] = [
    None,
    Some(r#"{"StringEquals":{"kms:EncryptionContext:Department":"IT"}}"#),
    Some(r#"{"StringNotEquals":{"kms:EncryptionContext:Department":"IT"}}"#),
];
const CALLERS: [Who; 3] = [Who::Alice, Who::Session, Who::Bob];

pub fn all(name: &'static str) -> Result<Scope, &'static str> {
    scope(
        (
            name,
            "Key policies and identity policies of up to two statements: who is allowed by the key policy, by what it \
             delegates, and across accounts.",
        ),
        2,
        2,
    )
}

pub fn small(name: &'static str) -> Result<Scope, &'static str> {
    scope((name, "The same with one statement a document."), 1, 1)
}

fn scope(told: (&'static str, &'static str), key: usize, identity: usize) -> Result<Scope, &'static str> {
    let scps = rail(None, &[("*", false), (OTHER, false)]);
    let axes = vec![
        Axis::documents(Dialect::Aws, Place::Key, key_statements(), 1..=key),
        Axis::documents(Dialect::Aws, Place::Scp, scps, 0..=1),
        Axis::documents(Dialect::Aws, Place::Identity, identity_statements(), 0..=identity),
    ];
    Scope::new(told, Dialect::Aws, frames(), axes, &[(B, C)])
}

fn frames() -> Vec<Frame> {
    let mut frames = Vec::new();
    for (at, who) in [Who::Alice, Who::Session, Who::Root, Who::Bob].into_iter().enumerate() {
        let account = if who == Who::Bob { ACROSS } else { SAME_ACCOUNT };
        for pairs in [&[][..], &[("Department", "IT")], &[("Department", "HR")]] {
            frames.push(decrypts(who, pairs, false, account | CALLER << at));
        }
    }
    frames
}

/// Every effect on every action for every principal, under every condition.
fn key_statements() -> Vec<Part> {
    let principals = [
        root(A),
        Who::Alice.arn(),
        role(),
        Who::Session.arn(),
        "*".to_owned(),
        root(B),
        Who::Bob.arn(),
        root(C),
        user(C, "bob"),
    ];
    let mut parts = Vec::new();
    for (denies, arn) in
        [false, true].into_iter().flat_map(|denies| principals.iter().map(move |arn| (denies, arn)))
    {
        let principal = named(arn);
        for (action, condition) in [ASKED, OTHER, EVERY].into_iter().flat_map(|a| TESTS.map(|test| (a, test)))
        {
            let says = Says { denies, principal: Some(&principal), action, condition };
            let mut part = says.part();
            part.of_others = arn.contains(C);
            let delegates = !denies && *arn == root(A);
            let denies_all = denies && arn == "*" && action == EVERY && condition.is_none();
            part.facts = if delegates { DELEGATES } else { 0 } | if denies_all { DENIES_ALL } else { 0 };
            part.becomes.extend(without_condition(says));
            if denies && arn == "*" {
                part.becomes.extend(for_callers(says));
            }
            parts.push(part);
        }
    }
    parts
}

/// What the statement becomes when it loses its condition.
pub fn without_condition(says: Says<'_>) -> Option<(Law, String, u32, u32)> {
    let law = if says.denies { Law::ConditionOfDeny } else { Law::ConditionOfAllow };
    says.condition.map(|_| (law, Says { condition: None, ..says }.text(), 0, 0))
}

/// What a statement for everybody becomes when it names a caller in place, that caller asking.
fn for_callers(says: Says<'_>) -> Vec<(Law, String, u32, u32)> {
    let callers = CALLERS.into_iter().zip([CALLER, CALLER << 1, CALLER << 3]);
    let named = callers.map(|(who, fact)| {
        let principal = named(&who.arn());
        (Law::Everybody, Says { principal: Some(&principal), ..says }.text(), fact, 0)
    });
    named.collect()
}

fn identity_statements() -> Vec<Part> {
    let mut parts = Vec::new();
    for denies in [false, true] {
        for (action, condition) in [ASKED, OTHER, EVERY].into_iter().flat_map(|a| TESTS.map(|test| (a, test)))
        {
            let says = Says { denies, principal: None, action, condition };
            let mut part = says.part();
            part.becomes.extend(without_condition(says));
            parts.push(part);
        }
    }
    parts
}
