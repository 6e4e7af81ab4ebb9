//! Decides which condition keys a request of some action on some kind of resource may have at all: KMS's own keys belong to
//! operations, and the properties of a key are there only where a key is authorized (or made).

use std::cmp::Ordering;
use std::sync::LazyLock;

use crate::keys::{self, ConditionKey, From};
use crate::operations::{self, KmsOperation};

struct Possible {
    action: &'static str,
    of_alias: Vec<&'static ConditionKey>,
    of_others: Vec<&'static ConditionKey>,
}

/// The keys of requests that are of no operation of KMS.
static GENERAL: LazyLock<Vec<&'static ConditionKey>> =
    LazyLock::new(|| known(|key| !key.name.starts_with("kms:")));

/// The keys of each action, sorted by action without regard to case.
static BY_ACTION: LazyLock<Vec<Possible>> = LazyLock::new(|| {
    let actions = operations::all().iter().flat_map(|operation| &operation.authorizations);
    let mut actions: Vec<&'static str> = actions.map(|(action, _)| *action).collect();
    actions.sort_by(|a, b| in_any_case(a, b));
    actions.dedup();
    let possible = |action| {
        let operation = operations::by_action(action)?;
        Some(Possible {
            action,
            of_alias: known(|key| is_supplied(key, operation) && is_of_alias(key)),
            of_others: known(|key| is_supplied(key, operation)),
        })
    };
    actions.into_iter().filter_map(possible).collect()
});

/// The keys that facts and parameters give to a request for `action` on a resource of type `kind`, in the order of the table.
pub fn of(action: &str, kind: &str) -> &'static [&'static ConditionKey] {
    // Mostly it is spelled as in the table.
    let same = BY_ACTION.iter().position(|known| known.action == action).ok_or(());
    match same.or_else(|()| BY_ACTION.binary_search_by(|known| in_any_case(known.action, action))) {
        Ok(at) => BY_ACTION.get(at).map_or(&[], |known| match kind {
            "kms:alias" => &known.of_alias,
            _ => &known.of_others,
        }),
        Err(_) => &GENERAL,
    }
}

fn known(may_have: impl Fn(&ConditionKey) -> bool) -> Vec<&'static ConditionKey> {
    keys::all().iter().filter(|key| key.from != From::Given && may_have(key)).collect()
}

fn is_supplied(key: &ConditionKey, operation: &KmsOperation) -> bool {
    let name = key.listed_as();
    let per_operation = name.starts_with("kms:") || matches!(name, "aws:RequestTag/*" | "aws:TagKeys");
    !per_operation || operation.supplies(name)
}

fn is_of_alias(key: &ConditionKey) -> bool {
    matches!(key.name, "kms:CallerAccount" | "kms:ViaService") || !key.name.starts_with("kms:")
}

/// The order of names that do not distinguish case.
fn in_any_case(a: &str, b: &str) -> Ordering {
    a.bytes().map(|byte| byte.to_ascii_lowercase()).cmp(b.bytes().map(|byte| byte.to_ascii_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn actions_are_found_in_any_case_and_aliases_have_fewer_keys() {
        let names = |action: &str, kind: &str| -> Vec<&str> {
            of(action, kind).iter().map(|known| known.name).collect()
        };
        assert_eq!(names("KMS:decrypt", "kms:key"), names("kms:Decrypt", "kms:key"));
        let update = |kind: &str, name: &str| names("kms:UpdateAlias", kind).contains(&name);
        assert!(update("kms:key", "kms:KeySpec") && !update("kms:alias", "kms:KeySpec"));
        assert!(update("kms:alias", "kms:CallerAccount") && update("kms:alias", "aws:PrincipalArn"));
        assert_eq!(names("s3:GetObject", "s3:object"), names("kms:NoSuch", "kms:key"));
        assert!(names("s3:GetObject", "s3:object").iter().all(|name| !name.starts_with("kms:")));
    }
}
