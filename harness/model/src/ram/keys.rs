//! Decides which condition keys RAM requests to KMS have and of which type: `data/ram-condition-keys.tsv`.

use std::sync::LazyLock;

use crate::operations::rows;

static RAM: LazyLock<Vec<RamKey>> = LazyLock::new(|| {
    rows(include_str!("../../data/ram-condition-keys.tsv")).filter_map(|cells| RamKey::read(&cells)).collect()
});

/// A condition key of RAM.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct RamKey {
    /// `acs:SourceIp`; a name that ends in `*` is a prefix: `kms:tag/*`.
    pub name: &'static str,
    /// `string`, `bool`, `date`, `ip-address`, `numeric`
    pub kind: &'static str,
    /// The fact of the question that it is worked out of; otherwise only `context` gives it.
    pub fact: Option<&'static str>,
}

/// All condition keys.
pub fn all() -> &'static [RamKey] {
    &RAM
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
        let [name, kind, _, from] = cells else { return None };
        Some(Self { name, kind, fact: from.strip_prefix("fact:") })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_read_and_found() {
        assert_eq!(all().len(), rows(include_str!("../../data/ram-condition-keys.tsv")).count());
        assert_eq!(by_name("acs:SourceIp").unwrap().kind, "ip-address");
        assert_eq!(by_name("kms:tag/Project").unwrap().fact, Some("key-tags"));
        assert!(by_name("aws:SourceIp").is_none() && by_name("acs:sourceip").is_none());
    }
}
