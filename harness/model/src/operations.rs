//! Decides which authorizations each KMS operation needs, from `data/aws-operations.tsv`.

use std::sync::LazyLock;

static AWS: LazyLock<Vec<KmsOperation>> = LazyLock::new(|| {
    rows(include_str!("../data/aws-operations.tsv")).filter_map(|cells| KmsOperation::read(&cells)).collect()
});

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

/// All KMS operations, sorted by name.
pub fn all() -> &'static [KmsOperation] {
    &AWS
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
}

/// The rows of a table in `data/`: no comments, no heading, the cells between tabs.
pub(crate) fn rows(text: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    text.lines().filter(|line| !line.starts_with('#')).skip(1).map(|line| line.split('\t').collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_read() {
        let rows = rows(include_str!("../data/aws-operations.tsv")).count();
        assert_eq!(all().len(), rows);
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
}
