//! Decides which actions the policy of a key or secret can speak of: KMS Developer Guide, "Configure a key policy",
//! "Configure a secret policy", "Overview of key policies". Each page prints the list; an action outside it may be
//! written and has no effect.
//!
//! The pages do not say what a wildcard that covers more than the list does, as the `kms:*` of every default policy. It
//! is read so that more is refused: it allows what is listed, and denies all that it covers.

use kms_model::policy::Effect;
use kms_model::question::PolicyType;

use super::request::Request;
use super::statement::{Actions, Mismatch};

/// What the policy of a key can let administrators do, in lower case; `*` stands at the end only.
const KEY_ADMINISTRATION: &[&str] = &[
    "kms:cancel*",
    "kms:create*",
    "kms:delete*",
    "kms:describe*",
    "kms:disable*",
    "kms:enable*",
    "kms:get*",
    "kms:importkeymaterial",
    "kms:list*",
    "kms:schedulekeydeletion",
    "kms:set*",
    "kms:tagresource",
    "kms:untagresource",
    "kms:update*",
];

/// What it can let users of the key do. Principals of other accounts can only be users.
const KEY_USE: &[&str] = &[
    "kms:asymmetricdecrypt",
    "kms:asymmetricencrypt",
    "kms:decrypt",
    "kms:describekey",
    "kms:describekeyversion",
    "kms:encrypt",
    "kms:generateandexportdatakey",
    "kms:generatedatakey",
    "kms:listaliasesbykeyid",
    "kms:listkeyversions",
    "kms:tagresource",
];

/// What the policy of a secret can speak of.
const SECRET: &[&str] = &[
    "kms:deletesecret",
    "kms:describe*",
    "kms:getsecretvalue",
    "kms:list*",
    "kms:putsecretvalue",
    "kms:restoresecret",
    "kms:rotatesecret",
    "kms:tagresource",
    "kms:untagresource",
    "kms:update*",
];

/// Why a statement that covers the action of a request does not speak of it.
pub fn mismatch(
    policy_type: PolicyType,
    effect: Effect,
    actions: &Actions,
    request: &Request<'_>,
) -> Option<Mismatch> {
    let action = request.folded_action.as_str();
    let is_listed = match policy_type {
        PolicyType::KeyPolicy => is_among(KEY_USE, action) || is_among(KEY_ADMINISTRATION, action),
        PolicyType::SecretPolicy => is_among(SECRET, action),
        _ => return None,
    };
    let has_effect = is_listed || (effect == Effect::Deny && actions.cover_loosely(action));
    let for_others = policy_type != PolicyType::KeyPolicy || is_among(KEY_USE, action);
    match has_effect {
        false => Some(Mismatch::WithoutEffect),
        true if effect == Effect::Allow && !request.is_same_account() && !for_others => {
            Some(Mismatch::OtherAccount)
        }
        true => None,
    }
}

fn is_among(list: &[&str], action: &str) -> bool {
    list.iter().any(|entry| match entry.strip_suffix('*') {
        Some(prefix) => action.starts_with(prefix),
        None => *entry == action,
    })
}
