//! Decides which authorizations each operation of Alibaba Cloud KMS needs, from `data/ram-operations.tsv`.

use std::borrow::Cow;
use std::sync::LazyLock;

use super::keys::RamKey;
use crate::operations::{Action, rows, source_of};

const TABLE: &str = include_str!("../../data/ram-operations.tsv");

static RAM: LazyLock<Vec<RamOperation>> =
    LazyLock::new(|| rows(TABLE).filter_map(|cells| RamOperation::read(&cells)).collect());

/// An operation of Alibaba Cloud KMS.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct RamOperation {
    /// `Decrypt`
    pub name: &'static str,
    /// What must be authorized, all of it.
    pub authorizations: Vec<(Action, RamTarget)>,
    /// Whether its requests have the tags of their key as `kms:tag/…`.
    pub tags: bool,
}

/// What an authorization is about.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum RamTarget {
    /// Nothing that RAM guards: whoever is authenticated may.
    Account,
    /// An alias.
    Alias,
    /// A certificate.
    Certificate,
    /// All keys, aliases, secrets or certificates of an account in a Region: `key`, `alias`, `secret`, `certificate`.
    Container(&'static str),
    /// A key; where an operation has several, the name says which: `source-key`.
    Key(&'static str),
    /// No resource: only a statement on `*` reaches it.
    None,
    /// A secret.
    Secret,
    /// The customer's key under which a secret is, if it is under one.
    SecretKey,
    /// The key, secret or certificate that is named.
    Tagged,
}

/// All operations, sorted by name.
pub fn all() -> &'static [RamOperation] {
    &RAM
}

/// Where the table of operations is taken from.
pub fn source() -> &'static str {
    source_of(TABLE)
}

/// The operation of that name.
pub fn by_name(name: &str) -> Option<&'static RamOperation> {
    RAM.iter().find(|operation| operation.name == name)
}

impl RamOperation {
    fn read(cells: &[&'static str]) -> Option<Self> {
        let [name, authorizations, tags] = cells else { return None };
        let authorization = |text: &'static str| {
            let (action, target) = text.split_once('@')?;
            let target = match target {
                "account" => RamTarget::Account,
                "alias" => RamTarget::Alias,
                "certificate" => RamTarget::Certificate,
                "none" => RamTarget::None,
                "secret" => RamTarget::Secret,
                "secret-key?" => RamTarget::SecretKey,
                "tagged" => RamTarget::Tagged,
                other => match other.strip_suffix("-container") {
                    Some(container) => RamTarget::Container(container),
                    None => RamTarget::Key(other),
                },
            };
            Some((action, target))
        };
        let authorizations = authorizations.split(' ').filter_map(authorization).collect();
        Some(Self { name, authorizations, tags: *tags == "yes" })
    }

    /// Whether a request of this operation may have that condition key; `None` where the documentation does not say
    /// which operations have it.
    pub fn may_have(&self, key: &RamKey) -> Option<bool> {
        if key.is_of_every_request() {
            return Some(true);
        }
        key.is_of_tags().then_some(self.tags)
    }
}

impl RamTarget {
    /// The word for it: `alias`, `key-container`, `source-key`, `secret-key`.
    pub fn word(self) -> Cow<'static, str> {
        match self {
            Self::Account => "account".into(),
            Self::Alias => "alias".into(),
            Self::Certificate => "certificate".into(),
            Self::Container(of) => format!("{of}-container").into(),
            Self::Key(which) => which.into(),
            Self::None => "none".into(),
            Self::Secret => "secret".into(),
            Self::SecretKey => "secret-key".into(),
            Self::Tagged => "tagged".into(),
        }
    }
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
    fn operations_need_what_the_table_says() {
        let targets = |name: &str| -> Vec<RamTarget> {
            by_name(name).unwrap().authorizations.iter().map(|(_, target)| *target).collect()
        };
        assert_eq!(targets("CreateKey"), [RamTarget::Container("key")]);
        assert_eq!(
            targets("UpdateAlias"),
            [RamTarget::Alias, RamTarget::Key("current-key"), RamTarget::Key("new-key")]
        );
        assert_eq!(targets("GetSecretValue"), [RamTarget::Secret, RamTarget::SecretKey]);
        assert_eq!(by_name("ReEncrypt").unwrap().authorizations[1].0, "kms:ReEncryptTo");
        assert!(by_name("DisableKey").unwrap().tags && !by_name("CreateKey").unwrap().tags);
        assert!(by_name("CreateGrant").is_none());
    }

    #[test]
    fn targets_are_written_as_the_table_has_them() {
        for (operation, cells) in all().iter().zip(rows(TABLE)) {
            let written: Vec<_> = operation
                .authorizations
                .iter()
                .map(|(action, target)| format!("{action}@{}", target.word()))
                .collect();
            assert_eq!(written.join(" "), cells[1].replace('?', ""));
        }
    }

    #[test]
    fn requests_may_have_keys_of_every_request_and_those_that_the_table_gives_them() {
        let may_have = |operation: &str, key: &str| {
            by_name(operation).unwrap().may_have(crate::ram::keys::by_name(key).unwrap())
        };
        for (operation, key, expected) in [
            ("Decrypt", "acs:SourceIp", Some(true)),
            ("CreateKey", "acs:MFAPresent", Some(true)),
            ("Decrypt", "kms:tag/Project", Some(true)),
            ("CreateKey", "kms:tag/Project", Some(false)),
            ("DeleteSecret", "kms:RecoveryWindowInDays", None),
        ] {
            assert_eq!(may_have(operation, key), expected, "{operation} {key}");
        }
    }

    #[test]
    fn the_source_is_told() {
        assert!(source().contains("Use RAM to control access to KMS resources"));
        assert!(crate::ram::keys::source().contains("Policy condition keys"));
    }
}
