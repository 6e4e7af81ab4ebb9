//! Decides which conditions stand in the statements of a generated question of the RAM dialect, and what a request has
//! to be to meet each.

use std::sync::LazyLock;

use kms_model::ram::keys::{self, RamKey};

use super::world::{Wish, World};
use crate::Choices;
use crate::generate::draft::{Condition, Text};

/// The operators for texts.
pub const STRING: &[&str] = &[
    "StringEquals",
    "StringLike",
    "StringNotEquals",
    "StringNotLike",
    "StringEqualsIgnoreCase",
    "StringNotEqualsIgnoreCase",
];
const DATE: &[&str] = &[
    "DateLessThan",
    "DateGreaterThan",
    "DateLessThanEquals",
    "DateGreaterThanEquals",
    "DateEquals",
    "DateNotEquals",
];
const NUMERIC: &[&str] = &[
    "NumericLessThan",
    "NumericGreaterThan",
    "NumericLessThanEquals",
    "NumericGreaterThanEquals",
    "NumericEquals",
    "NumericNotEquals",
];

/// A condition key in generated policies.
#[derive(Debug)]
struct Word {
    key: &'static RamKey,
    /// Its names: more than one where the name is a prefix.
    names: Vec<String>,
    /// Its values; numbers and instants in their order.
    values: &'static [&'static str],
}

static WORDS: LazyLock<Vec<Word>> = LazyLock::new(|| {
    let word = |key: &'static RamKey| {
        let names = match key.name.strip_suffix('*') {
            Some(prefix) => ["Project", "Team"].iter().map(|end| format!("{prefix}{end}")).collect(),
            None => vec![key.name.to_owned()],
        };
        Word { key, names, values: values(key) }
    };
    keys::all().iter().map(word).collect()
});

/// A condition key, and one of its names.
pub fn any_key(choices: &mut dyn Choices) -> Option<(&'static RamKey, &'static str)> {
    let word = choices.pick(&WORDS)?;
    Some((word.key, choices.pick(&word.names)?))
}

/// The values of a condition key.
pub fn values(key: &RamKey) -> &'static [&'static str] {
    match (key.name, key.kind) {
        ("acs:PrincipalARN", _) => {
            &["acs:ram::1234567890123456:user/alice", "acs:ram::1234567890123456:role/App"]
        }
        ("acs:PrincipalRDId", _) => &["rd-one", "rd-two"],
        ("acs:PrincipalRDPath", _) => &["rd-one/r-1/fd-1", "rd-two/r-2"],
        ("acs:SourceVpc", _) => &["vpc-one", "vpc-two"],
        ("kms:EncryptionAlgorithm", _) => &["RSAES_OAEP_SHA_256", "SM2PKE"],
        (_, "bool") => &["true", "false"],
        (_, "date") => &["2026-01-01T00:00:00Z", "2026-01-15T20:00:00+08:00", "2027-01-01T00:00:00Z"],
        (_, "ip-address") => &["203.0.113.10", "198.51.100.7"],
        (_, "numeric") => &["7", "14", "30"],
        _ => &["Apollo", "Gemini"],
    }
}

impl World<'_> {
    /// A condition, unless its key stands under the same operator already.
    pub fn condition(&mut self, before: &[Condition]) -> Option<Condition> {
        let weights = &self.settings.weights;
        // Half of them are about the facts of the request: the others only the context gives.
        let word = match self.chance(50) {
            true => self.choices.pick(&WORDS)?,
            false => WORDS.get(self.choices.below(WORDS.len())).filter(|word| word.key.fact.is_some())?,
        };
        let name: &'static str = self.choices.pick(&word.names)?;
        let operators: &'static [&'static str] = match word.key.kind {
            _ if !self.chance(weights.apt_operator) => match self.choices.below(3) {
                0 => STRING,
                1 => DATE,
                _ => NUMERIC,
            },
            "bool" => &["Bool"],
            "date" => DATE,
            "ip-address" => &["IpAddress", "NotIpAddress"],
            "numeric" => NUMERIC,
            _ => STRING,
        };
        let operator = *self.choices.pick(operators)?;
        if before.iter().any(|one| one.operator == operator && one.key == name) {
            return None;
        }
        let met = self.chance(weights.met);
        let count = word.values.len();
        let fixed = (word.key.name == "acs:SecureTransport").then_some(0);
        let negated = operator.contains("Not");
        let (at, wanted) = match (fixed, operator) {
            (Some(actual), _) => (if met { actual } else { self.choices.below(count) }, actual),
            (None, "DateLessThan" | "NumericLessThan") => {
                let at = 1 + self.choices.below(count.saturating_sub(1).max(1));
                (at, at - 1)
            }
            (None, "DateGreaterThan" | "NumericGreaterThan") => {
                let at = self.choices.below(count.saturating_sub(1).max(1));
                (at, at + 1)
            }
            (None, _) => {
                let at = self.choices.below(count);
                (at, if negated { (at + 1) % count.max(1) } else { at })
            }
        };
        let value = word.values.get(at).copied().unwrap_or("one");
        let mut values = vec![self.spelling(operator, value)];
        if operator != "Bool" && self.chance(weights.another_value) {
            values.extend(self.choices.pick(word.values).map(|value| Text::from(*value)));
        }
        if met
            && fixed.is_none()
            && let Some(value) = word.values.get(wanted).copied()
        {
            self.wishes.push(Wish { key: word.key, name, value });
        }
        let key = match self.chance(weights.respelled / 2) {
            true => name.to_lowercase().into(),
            false => Text::from(name),
        };
        let list = self.chance(weights.listed);
        Some(Condition { operator: operator.into(), key, list, unquoted: false, values })
    }

    /// How a value is written under an operator.
    fn spelling(&mut self, operator: &str, value: &'static str) -> Text {
        let like = operator.ends_with("Like");
        let address = operator.ends_with("IpAddress") && value.contains('.');
        match self.choices.below(4) {
            1 if operator.ends_with("IgnoreCase") => value.to_uppercase().into(),
            1 if like => format!("{}*", value.get(..3).unwrap_or(value)).into(),
            2 if like => format!("?{}", value.get(1..).unwrap_or_default()).into(),
            3 if like => "*".into(),
            1 if address => format!("{value}/32").into(),
            2 if address => {
                format!("{}.0/24", value.rsplit_once('.').map_or(value, |(start, _)| start)).into()
            }
            _ => value.into(),
        }
    }
}
