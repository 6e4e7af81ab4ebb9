//! Decides which condition keys RAM requests to KMS have and of which type: `data/ram-condition-keys.tsv`.

use std::sync::LazyLock;

use crate::operations::{rows, source_of};

const TABLE: &str = include_str!("../../data/ram-condition-keys.tsv");

static RAM: LazyLock<Vec<RamKey>> =
    LazyLock::new(|| rows(TABLE).filter_map(|cells| RamKey::read(&cells)).collect());

/// A condition key of RAM.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct RamKey {
    /// `acs:SourceIp`; a name that ends in `*` is a prefix: `kms:tag/*`.
    pub name: &'static str,
    /// `string`, `bool`, `date`, `ip-address`, `numeric`
    pub kind: &'static str,
    /// Whether a request may have several values for it.
    pub multivalued: bool,
    /// The fact of the question that it is worked out of; otherwise only `context` gives it.
    pub fact: Option<&'static str>,
}

/// All condition keys.
pub fn all() -> &'static [RamKey] {
    &RAM
}

/// Where the table of condition keys is taken from.
pub fn source() -> &'static str {
    source_of(TABLE)
}

/// The key of that name, spelled exactly: the pages do not say that case is of no matter.
pub fn by_name(name: &str) -> Option<&'static RamKey> {
    RAM.iter().find(|key| match key.name.strip_suffix('*') {
        Some(prefix) => name.starts_with(prefix),
        None => name == key.name,
    })
}

impl RamKey {
    fn read(cells: &[&'static str]) -> Option<Self> {
        let [name, kind, cardinality, from] = cells else { return None };
        Some(Self { name, kind, multivalued: *cardinality == "multi", fact: from.strip_prefix("fact:") })
    }

    /// Whether it belongs to no operation of KMS in particular: the keys of RAM itself.
    pub fn is_of_every_request(&self) -> bool {
        self.name.starts_with("acs:")
    }

    /// Whether it holds the tags of the request's key. Of the other keys of KMS the documentation does not say which
    /// operations have them.
    pub fn is_of_tags(&self) -> bool {
        self.fact == Some("key-tags")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_read_and_found() {
        assert_eq!(all().len(), rows(TABLE).count());
        assert_eq!(by_name("acs:SourceIp").unwrap().kind, "ip-address");
        assert_eq!(by_name("kms:tag/Project").unwrap().fact, Some("key-tags"));
        assert!(by_name("aws:SourceIp").is_none() && by_name("acs:sourceip").is_none());
    }
}
