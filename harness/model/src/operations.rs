//! Decides which authorizations each KMS operation needs, from `data/aws-operations.tsv`.

use std::sync::LazyLock;

use crate::keys::ConditionKey;
use crate::words;

const TABLE: &str = include_str!("../data/aws-operations.tsv");

static AWS: LazyLock<Vec<KmsOperation>> =
    LazyLock::new(|| rows(TABLE).filter_map(|cells| KmsOperation::read(&cells)).collect());

/// A KMS operation.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct KmsOperation {
    /// `Decrypt`
    pub name: &'static str,
    /// What must be authorized, all of it.
    pub authorizations: Vec<(Action, Target)>,
    /// Whether it can be used on a key of another account.
    pub cross_account: bool,
    /// Whether a grant can allow it.
    pub grantable: bool,
    /// The condition keys its requests may have; a name that ends in `*` is a prefix.
    pub condition_keys: Vec<&'static str>,
}

/// An action such as `kms:Decrypt`.
pub type Action = &'static str;

/// What an authorization of an operation is about.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Target {
    /// An alias.
    Alias,
    /// A key; where an operation has several, the name says which: `source-key`.
    Key(&'static str),
    /// No resource: only a statement on `*` reaches it.
    None,
}

/// A kind of policy that can allow an authorization.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub enum PolicyKind {
    /// A grant on the key.
    Grant,
    /// An IAM policy of the caller; on a key, only where the key policy lets IAM policies decide.
    Iam,
    /// The key policy.
    KeyPolicy,
}

words! { PolicyKind: Grant "grant", Iam "iam", KeyPolicy "key-policy", }

/// All KMS operations, sorted by name.
pub fn all() -> &'static [KmsOperation] {
    &AWS
}

/// Where the table of operations is taken from.
pub fn source() -> &'static str {
    source_of(TABLE)
}

/// The operation of that name.
pub fn by_name(name: &str) -> Option<&'static KmsOperation> {
    AWS.iter().find(|operation| operation.name == name)
}

/// The operation that needs that action; action names do not distinguish case.
pub fn by_action(action: &str) -> Option<&'static KmsOperation> {
    AWS.iter()
        .find(|operation| operation.authorizations.iter().any(|(name, _)| name.eq_ignore_ascii_case(action)))
}

impl KmsOperation {
    fn read(cells: &[&'static str]) -> Option<Self> {
        let [name, authorizations, cross_account, grantable, condition_keys] = cells else { return None };
        let authorization = |text: &'static str| {
            let (action, target) = text.split_once('@')?;
            let target = match target {
                "alias" => Target::Alias,
                "none" => Target::None,
                key => Target::Key(key),
            };
            Some((action, target))
        };
        Some(Self {
            name,
            authorizations: authorizations.split(' ').filter_map(authorization).collect(),
            cross_account: *cross_account == "yes",
            grantable: *grantable == "yes",
            condition_keys: condition_keys.split(' ').filter(|key| *key != "-").collect(),
        })
    }

    /// Whether a request of this operation may have that condition key.
    pub fn supplies(&self, key: &str) -> bool {
        self.condition_keys.contains(&key)
    }

    /// Whether a request of this operation may have that key: one that the operation supplies, or one that every
    /// request may have.
    pub fn may_have(&self, key: &ConditionKey) -> bool {
        key.is_of_every_request() || self.supplies(key.listed_as())
    }

    /// The kinds of policy that can allow the authorization of this operation that is about `target`.
    ///
    /// A key policy says who may use its key, and whether IAM policies may say so too; a grant can allow what its
    /// operations list. An alias has no policy, and where there is no resource there is nothing that could have one, so
    /// only IAM policies allow these (KMS Developer Guide, "AWS KMS permissions"). `kms:RetireGrant` has no effect in a
    /// key policy (KMS Developer Guide, "Retiring and revoking grants").
    pub fn policy_kinds(&self, target: Target) -> &'static [PolicyKind] {
        match target {
            Target::Alias | Target::None => &[PolicyKind::Iam],
            Target::Key(_) if self.name == "RetireGrant" => &[PolicyKind::Iam, PolicyKind::Grant],
            Target::Key(_) if self.grantable => &[PolicyKind::KeyPolicy, PolicyKind::Iam, PolicyKind::Grant],
            Target::Key(_) => &[PolicyKind::KeyPolicy, PolicyKind::Iam],
        }
    }
}

impl Target {
    /// The word of the table for it: `alias`, `none`, `key`, `source-key`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Alias => "alias",
            Self::Key(which) => which,
            Self::None => "none",
        }
    }
}

/// The rows of a table in `data/`: no comments, no heading, the cells between tabs.
pub(crate) fn rows(text: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    text.lines().filter(|line| !line.starts_with('#')).skip(1).map(|line| line.split('\t').collect())
}

/// What a table in `data/` says of its sources.
pub(crate) fn source_of(table: &'static str) -> &'static str {
    table.lines().find_map(|line| line.strip_prefix("# Source: ")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_read() {
        assert_eq!(all().len(), rows(TABLE).count());
        assert!(all().iter().all(|operation| !operation.authorizations.is_empty()));
        assert!(all().is_sorted_by_key(|operation| operation.name));
    }

    #[test]
    fn operations_are_found_by_name_and_action() {
        let update = by_name("UpdateAlias").unwrap();
        let targets: Vec<_> = update.authorizations.iter().map(|(_, target)| *target).collect();
        assert_eq!(targets, [Target::Alias, Target::Key("current-key"), Target::Key("new-key")]);
        assert_eq!(by_action("KMS:reencryptto").unwrap().name, "ReEncrypt");
        assert!(by_name("Decrypt").unwrap().cross_account && !by_name("PutKeyPolicy").unwrap().cross_account);
        assert!(by_action("kms:ReEncrypt").is_none());
    }

    #[test]
    fn each_authorization_can_be_allowed_by_the_policies_that_reach_it() {
        for (name, kinds) in [
            ("Decrypt", &["key-policy iam grant"][..]),
            ("PutKeyPolicy", &["key-policy iam"]),
            ("CreateKey", &["iam"]),
            ("CreateAlias", &["iam", "key-policy iam"]),
            ("ReEncrypt", &["key-policy iam grant", "key-policy iam grant"]),
            ("ReplicateKey", &["key-policy iam", "iam"]),
            ("RetireGrant", &["iam grant"]),
            ("RevokeGrant", &["key-policy iam"]),
        ] {
            let operation = by_name(name).unwrap();
            let words = |target| {
                let words: Vec<_> = operation.policy_kinds(target).iter().map(|kind| kind.word()).collect();
                words.join(" ")
            };
            let found: Vec<_> = operation.authorizations.iter().map(|(_, target)| words(*target)).collect();
            assert_eq!(found, kinds, "{name}");
        }
    }

    #[test]
    fn requests_may_have_keys_of_their_operation_and_of_every_request() {
        let may_have = |operation: &str, key: &str| {
            by_name(operation).unwrap().may_have(crate::keys::by_name(key).unwrap())
        };
        for (operation, key, expected) in [
            ("Decrypt", "kms:EncryptionContext:AppName", true),
            ("Sign", "kms:EncryptionContext:AppName", false),
            ("Sign", "kms:CustomerMasterKeySpec", true),
            ("ListKeys", "kms:CustomerMasterKeySpec", false),
            ("ListKeys", "aws:PrincipalArn", true),
            ("TagResource", "aws:TagKeys", true),
            ("Decrypt", "aws:TagKeys", false),
        ] {
            assert_eq!(may_have(operation, key), expected, "{operation} {key}");
        }
    }

    #[test]
    fn the_source_is_told() {
        assert!(source().contains("AWS KMS permissions") && crate::keys::source().contains("condition keys"));
    }
}
