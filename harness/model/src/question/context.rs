//! Decides how the condition keys of a request are kept and found: names do not distinguish case, and encryption context
//! pairs may differ in case only.

use std::borrow::Cow;
use std::sync::Arc;

use crate::keys::ConditionKey;

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
pub(crate) fn fold(name: &str) -> u32 {
    let step = |hash: u32, byte: u8| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193);
    if name.is_ascii() {
        return name.bytes().fold(0x811c_9dc5, |hash, byte| step(hash, byte.to_ascii_lowercase()));
    }
    name.to_lowercase().bytes().fold(0x811c_9dc5, step)
}

/// Whether a key is spelled like a name, or begins like one that ends in `*`.
fn is_spelled(key: &str, name: &str) -> bool {
    name.strip_suffix('*').map_or(key == name, |prefix| key.starts_with(prefix))
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
    /// A context with room for as many keys.
    pub(crate) fn with_capacity(count: usize) -> Self {
        Self(Arc::new(Entries { entries: Vec::with_capacity(count), folds: Vec::with_capacity(count) }))
    }

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

    /// Whether two keys differ in case alone.
    pub fn differs_in_case(&self) -> bool {
        let mut folds = self.0.folds.clone();
        folds.sort_unstable();
        let twice = folds.windows(2).filter_map(|two| match two {
            [one, other] if one == other => Some(*one),
            _ => None,
        });
        let mut twice = twice.map(|fold| self.at(fold).map(|(key, _)| key));
        twice.any(|mut keys| {
            let first = keys.next();
            first.is_some_and(|first| keys.any(|key| is_same(key, first)))
        })
    }

    /// Sets a key. A key that is spelled the same is replaced.
    pub fn set(&mut self, name: impl Into<Cow<'static, str>>, value: ContextValue) {
        let key = name.into();
        let fold = fold(&key);
        self.insert(key, fold, value);
    }

    /// Sets a key of the table.
    pub(crate) fn set_known(&mut self, key: &'static ConditionKey, value: ContextValue) {
        self.insert(Cow::Borrowed(key.name), key.fold, value);
    }

    /// Removes a key of the table that is spelled like there.
    pub(crate) fn remove_known(&mut self, key: &ConditionKey) {
        if let Some(at) = self.place(key.name, key.fold) {
            let own = Arc::make_mut(&mut self.0);
            own.entries.remove(at);
            own.folds.remove(at);
        }
    }

    /// Makes a key of the table what it is in another context.
    pub fn copy_known(&mut self, key: &'static ConditionKey, from: &Self) {
        if key.name.ends_with('*') {
            return self.copy_exactly(key.name, from);
        }
        match from.place(key.name, key.fold).and_then(|at| from.0.entries.get(at)) {
            Some((_, value)) => self.set_known(key, value.clone()),
            None => self.remove_known(key),
        }
    }

    /// Where a key is that is spelled like this.
    fn place(&self, name: &str, fold: u32) -> Option<usize> {
        let is_it = |at: &usize| self.0.entries.get(*at).is_some_and(|(known, _)| known == name);
        let numbered = self.0.folds.iter().enumerate().filter(|(_, other)| **other == fold);
        numbered.map(|(at, _)| at).find(is_it)
    }

    fn insert(&mut self, key: Cow<'static, str>, fold: u32, value: ContextValue) {
        let in_order = self.0.entries.last().is_none_or(|(last, _)| *last < key);
        let place = if in_order { None } else { self.place(&key, fold) };
        let own = Arc::make_mut(&mut self.0);
        // Mostly they come in their order.
        if in_order {
            own.folds.push(fold);
            return own.entries.push((key, value));
        }
        let known = place.and_then(|at| own.entries.get_mut(at));
        if let Some(entry) = known {
            entry.1 = value;
            return;
        }
        let at = own.entries.partition_point(|(known, _)| *known < key);
        own.folds.insert(at, fold);
        own.entries.insert(at, (key, value));
    }

    /// Removes a key that is spelled like this; of a name that ends in `*`, all keys that begin like it.
    pub fn remove_exactly(&mut self, name: &str) {
        let first = name.trim_end_matches('*');
        let start = self.0.entries.partition_point(|(known, _)| known.as_ref() < first);
        let from_there = self.0.entries.iter().skip(start);
        let meant = from_there.take_while(|(known, _)| is_spelled(known, name)).count();
        if meant > 0 {
            let own = Arc::make_mut(&mut self.0);
            own.entries.drain(start..start + meant);
            own.folds.drain(start..start + meant);
        }
    }

    /// Makes a key that is spelled like this what it is in another context; of a name that ends in `*`, all keys that
    /// begin like it.
    pub fn copy_exactly(&mut self, name: &str, from: &Self) {
        self.remove_exactly(name);
        let known = from.0.entries.iter().zip(&from.0.folds);
        for ((key, value), fold) in known.filter(|((key, _), _)| is_spelled(key, name)) {
            self.insert(key.clone(), *fold, value.clone());
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
        less.set("kms:EncryptionContext:Other", ContextValue::One("4".to_owned()));
        less.remove_exactly("kms:EncryptionContext:other");
        assert_eq!(less.iter().count(), 2);
        less.copy_exactly("kms:EncryptionContext:*", &context);
        assert_eq!(less, context);
        less.remove_exactly("aws:PrincipalTag/Größe");
        assert_eq!(less.iter().count(), 2);
    }
}
