//! Decides how the condition keys of a request are kept and found: names do not distinguish case, and encryption context
//! pairs may differ in case only.

use std::borrow::Cow;
use std::sync::Arc;

/// The condition keys of a request. Cloning shares them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Context(Arc<Entries>);

#[derive(Clone, Debug, Default, PartialEq)]
struct Entries {
    /// Sorted by key.
    entries: Vec<(Cow<'static, str>, ContextValue)>,
    /// The fold of each key: every condition looks one up, and numbers are compared faster than names.
    folds: Vec<u32>,
}

/// The name of a condition key, ready to be looked up. Names do not distinguish case: IAM User Guide, "Condition".
#[derive(Clone, Debug)]
pub struct KeyName {
    text: Box<str>,
    fold: u32,
}

impl KeyName {
    /// The key of that name.
    pub fn new(text: &str) -> Self {
        Self { text: text.into(), fold: fold(text) }
    }

    /// The name as it is spelled.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

/// A number that is the same for all spellings of a name (FNV-1a over its lower case).
fn fold(name: &str) -> u32 {
    let step = |hash: u32, byte: u8| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193);
    if name.is_ascii() {
        return name.bytes().fold(0x811c_9dc5, |hash, byte| step(hash, byte.to_ascii_lowercase()));
    }
    name.to_lowercase().bytes().fold(0x811c_9dc5, step)
}

/// Whether two names name the same condition key.
fn is_same(a: &str, b: &str) -> bool {
    a.eq_ignore_ascii_case(b) || (!a.is_ascii() && a.to_lowercase() == b.to_lowercase())
}

/// The value of a condition key.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum ContextValue {
    /// A multivalued key; it may be present without values.
    Many(Vec<String>),
    /// A single-valued key.
    One(String),
}

impl ContextValue {
    /// The values, one for a single-valued key.
    pub fn values(&self) -> &[String] {
        match self {
            Self::Many(values) => values,
            Self::One(value) => std::slice::from_ref(value),
        }
    }
}

impl Context {
    /// The value of a key.
    pub fn get(&self, name: &str) -> Option<&ContextValue> {
        let fold = fold(name);
        self.at(fold).find(|(key, _)| is_same(key, name)).map(|(_, value)| value)
    }

    /// Every value of a key: more than one where encryption context pairs differ in case only.
    pub fn get_all<'a>(&'a self, name: &'a KeyName) -> impl Iterator<Item = &'a ContextValue> + Clone {
        self.at(name.fold).filter(|(key, _)| is_same(key, &name.text)).map(|(_, value)| value)
    }

    fn at(&self, fold: u32) -> impl Iterator<Item = &(Cow<'static, str>, ContextValue)> + Clone {
        let numbered = self.0.folds.iter().enumerate().filter(move |(_, other)| **other == fold);
        numbered.filter_map(|(at, _)| self.0.entries.get(at))
    }

    /// Sets a key. A key that is spelled the same is replaced.
    pub fn set(&mut self, name: impl Into<Cow<'static, str>>, value: ContextValue) {
        let key = name.into();
        let own = Arc::make_mut(&mut self.0);
        match own.entries.binary_search_by(|(known, _)| known.cmp(&key)) {
            Ok(at) => {
                if let Some(entry) = own.entries.get_mut(at) {
                    entry.1 = value;
                }
            }
            Err(at) => {
                own.folds.insert(at, fold(&key));
                own.entries.insert(at, (key, value));
            }
        }
    }

    /// Removes a key in every spelling.
    pub fn remove(&mut self, name: &str) {
        let own = Arc::make_mut(&mut self.0);
        own.entries.retain(|(key, _)| !is_same(key, name));
        own.folds = own.entries.iter().map(|(key, _)| fold(key)).collect();
    }

    /// The keys and values, sorted by key.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &ContextValue)> {
        self.0.entries.iter().map(|(key, value)| (key.as_ref(), value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn condition_keys_are_found_in_every_spelling() {
        let mut context = Context::default();
        for (key, value) in [
            ("kms:EncryptionContext:App", "1"),
            ("kms:EncryptionContext:app", "2"),
            ("aws:PrincipalTag/Größe", "3"),
        ] {
            context.set(key, ContextValue::One(value.to_owned()));
        }
        let all = |name: &str| {
            let name = KeyName::new(name);
            context.get_all(&name).flat_map(ContextValue::values).cloned().collect::<Vec<_>>()
        };
        assert_eq!(all("KMS:encryptioncontext:APP"), ["1", "2"]);
        assert_eq!(all("aws:principaltag/GRÖSSE"), [""; 0]);
        assert_eq!(all("aws:principaltag/GRÖße"), ["3"]);
        assert_eq!(all("kms:EncryptionContext:Ap"), [""; 0]);
        let mut less = context.clone();
        less.remove("kms:encryptionContext:aPP");
        assert_eq!(less.iter().map(|(key, _)| key).collect::<Vec<_>>(), ["aws:PrincipalTag/Größe"]);
        assert!(
            less.get("AWS:PrincipalTag/größe").is_some() && less.get("kms:EncryptionContext:App").is_none()
        );
    }
}
