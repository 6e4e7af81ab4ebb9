//! Decides where KMS does not take a condition key into account: KMS Developer Guide, "Condition keys for AWS KMS",
//! kms:ResourceAliases; "Using tags to control access to KMS keys"; "Quotas".
//!
//! The guide does not say what then becomes of the statement. An Allow does not apply, and a Deny is not kept from
//! applying.

use kms_model::keys;
use kms_model::question::{Context, ContextValue};

/// The most aliases that a key may have for its aliases to count.
const MOST_ALIASES: usize = 50;

/// What KMS says of a condition key beyond the general rules.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum KmsKey {
    /// `kms:ResourceAliases`: in IAM policies only, and not with more aliases than the quota.
    Aliases,
    /// `aws:ResourceTag/…`: in IAM policies only.
    IdentityOnly,
    /// Nothing.
    Ordinary,
}

impl KmsKey {
    /// What KMS says of the key of that name.
    pub fn of(name: &str) -> Self {
        match keys::by_name(name).filter(|key| key.identity_only) {
            Some(key) if key.name == "kms:ResourceAliases" => Self::Aliases,
            Some(_) => Self::IdentityOnly,
            None => Self::Ordinary,
        }
    }

    /// Whether KMS does not take the key into account in this place and request.
    pub fn is_void(self, context: &Context, in_key_policy: bool) -> bool {
        let aliases =
            || context.get("kms:ResourceAliases").map_or(0, |aliases: &ContextValue| aliases.values().len());
        match self {
            Self::Aliases => in_key_policy || aliases() > MOST_ALIASES,
            Self::IdentityOnly => in_key_policy,
            Self::Ordinary => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn aliases_and_tags_of_the_key_are_for_iam_policies() {
        let aliases = |count: usize| {
            let mut context = Context::default();
            context.set("kms:ResourceAliases", ContextValue::Many(vec!["alias/a".to_owned(); count]));
            context
        };
        for (name, count, in_key_policy, void) in [
            ("kms:ResourceAliases", 1, true, true), // kms.cond.resourcealiases-iam-only
            ("kms:resourcealiases", 50, false, false), // kms.cond.resourcealiases-quota
            ("KMS:ResourceAliases", 51, false, true),
            ("aws:ResourceTag/Project", 0, true, true), // kms.global.resourcetag-iam-only
            ("AWS:resourcetag/Project", 51, false, false),
            ("aws:RequestTag/Project", 0, true, false),
            ("kms:RequestAlias", 51, true, false), // kms.cond.requestalias-key-policy-ok
        ] {
            assert_eq!(
                KmsKey::of(name).is_void(&aliases(count), in_key_policy),
                void,
                "{name} {count} {in_key_policy}"
            );
        }
    }
}
