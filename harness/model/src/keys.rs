//! Decides which condition keys there are, their type and cardinality, and what a request has them from:
//! `data/aws-condition-keys.tsv`.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::operations::{self, rows, source_of};
use crate::question::fold;

const TABLE: &str = include_str!("../data/aws-condition-keys.tsv");

static AWS: LazyLock<Vec<ConditionKey>> =
    LazyLock::new(|| rows(TABLE).filter_map(|cells| ConditionKey::read(&cells)).collect());

/// A condition key.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct ConditionKey {
    /// `aws:PrincipalArn`; a name that ends in `*` is a prefix: `kms:EncryptionContext:*`.
    pub name: &'static str,
    /// `string`, `arn`, `bool`, `date`, `ip-address`, `numeric`
    pub kind: &'static str,
    /// Whether a request may have several values for it.
    pub multivalued: bool,
    /// What a request has it from.
    pub from: From,
    /// Whether KMS takes it into account in IAM policies only, not in key policies.
    pub identity_only: bool,
    /// The number of its name by which contexts find it.
    pub(crate) fold: u32,
}

/// What a request has a condition key from.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum From {
    /// A fact of the question, by name.
    Fact(&'static str),
    /// Nothing that a question tells but its `context`.
    Given,
    /// A parameter of the operation, and the value that it has when it is left out.
    Parameter(&'static str, Option<&'static str>),
}

/// All condition keys.
pub fn all() -> &'static [ConditionKey] {
    &AWS
}

/// Where the table of condition keys is taken from.
pub fn source() -> &'static str {
    source_of(TABLE)
}

/// Keys by the fold of their names, and those whose names are prefixes.
static BY_NAME: LazyLock<(HashMap<u32, &'static ConditionKey>, Vec<&'static ConditionKey>)> =
    LazyLock::new(|| {
        let (prefixes, whole): (Vec<_>, Vec<&ConditionKey>) =
            AWS.iter().partition(|key| key.name.ends_with('*'));
        (whole.into_iter().map(|key| (key.fold, key)).collect(), prefixes)
    });

/// The key of that name; names do not distinguish case.
pub fn by_name(name: &str) -> Option<&'static ConditionKey> {
    let (whole, prefixes) = &*BY_NAME;
    let begins = |key: &&&ConditionKey| {
        let prefix = key.name.trim_end_matches('*');
        name.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix))
    };
    let same = whole.get(&fold(name)).filter(|key| key.name.eq_ignore_ascii_case(name));
    same.or_else(|| prefixes.iter().find(begins)).copied()
}

impl ConditionKey {
    fn read(cells: &[&'static str]) -> Option<Self> {
        let [name, kind, cardinality, from, policies] = cells else { return None };
        let from = match from.split_once(':') {
            Some(("fact", fact)) => From::Fact(fact),
            Some(("parameter", parameter)) => match parameter.split_once('=') {
                Some((parameter, default)) => From::Parameter(parameter, Some(default)),
                None => From::Parameter(parameter, None),
            },
            _ => From::Given,
        };
        Some(Self {
            name,
            kind,
            multivalued: *cardinality == "multi",
            from,
            identity_only: *policies == "identity",
            fold: fold(name),
        })
    }

    /// The name under which operations list it: two keys go by a newer name there (KMS Developer Guide, "AWS KMS
    /// condition keys").
    pub fn listed_as(&self) -> &'static str {
        match self.name {
            "kms:CustomerMasterKeySpec" => "kms:KeySpec",
            "kms:CustomerMasterKeyUsage" => "kms:KeyUsage",
            name => name,
        }
    }

    /// Whether it belongs to no operation of KMS in particular: IAM's keys, but for those that operations list.
    pub fn is_of_every_request(&self) -> bool {
        !self.name.starts_with("kms:")
            && !operations::all().iter().any(|operation| operation.supplies(self.name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_read_and_known() {
        assert_eq!(all().len(), rows(TABLE).count());
        let kinds = ["string", "arn", "bool", "date", "ip-address", "numeric"];
        assert!(all().iter().all(|key| kinds.contains(&key.kind)));
        let found = |key: &ConditionKey| by_name(key.name).is_some_and(|known| known.name == key.name);
        let lost: Vec<_> = all().iter().filter(|key| !found(key)).collect();
        assert!(lost.is_empty(), "{lost:?}");
    }

    #[test]
    fn keys_are_found_by_name_and_prefix() {
        assert_eq!(by_name("AWS:principalarn").unwrap().kind, "arn");
        assert_eq!(by_name("kms:EncryptionContext:AppName").unwrap().name, "kms:EncryptionContext:*");
        assert!(by_name("kms:EncryptionContextKeys").unwrap().multivalued);
        assert!(by_name("kms:AWSAccountId").is_none());
        assert!(by_name("aws:resourcetag/Team").unwrap().identity_only);
        assert!(!by_name("kms:RequestAlias").unwrap().identity_only);
    }

    #[test]
    fn every_key_that_an_operation_lists_is_known() {
        let names: Vec<_> = all().iter().map(|key| key.name).collect();
        for operation in operations::all() {
            let lost: Vec<_> = operation.condition_keys.iter().filter(|key| !names.contains(key)).collect();
            assert!(lost.is_empty(), "{}: {lost:?}", operation.name);
        }
    }

    #[test]
    fn every_key_of_kms_is_listed_by_an_operation() {
        let listed = |key: &&ConditionKey| operations::all().iter().any(|one| one.supplies(key.listed_as()));
        let lost: Vec<_> = all().iter().filter(|key| key.name.starts_with("kms:") && !listed(key)).collect();
        assert!(lost.is_empty(), "{lost:?}");
    }
}
