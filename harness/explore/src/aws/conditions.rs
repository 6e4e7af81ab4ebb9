//! Decides which conditions stand in the statements of a generated question of the AWS dialect, and what a request has
//! to be to meet each.

use kms_model::question::{CallerKind, PolicyType};

use super::actions::GENERAL_KEYS;
use super::words::{self, Value, WORDS, Word};
use super::world::{Wish, World};
use crate::generate::draft::{Condition, Text};

/// Where a condition is to stand.
#[derive(Clone, Copy, Debug)]
pub struct Spot {
    /// The type of its document.
    pub kind: PolicyType,
    /// Whether its statement denies.
    pub denies: bool,
    /// Whether its document may have policy variables.
    pub variables: bool,
}

impl World<'_> {
    /// A condition, unless its key stands under the same operator already.
    pub fn condition(&mut self, spot: Spot, before: &[Condition]) -> Option<Condition> {
        let weights = &self.settings.weights;
        let word = self.word(spot)?;
        let place = self.choices.below(word.names.len());
        let name = word.names.get(place)?.as_str();
        let base = self.operator(word, spot);
        let endpoint = spot.kind == PolicyType::Endpoint;
        let prefix = self.prefix(word, base, spot);
        let if_exists = base != "Null" && self.chance(weights.if_exists);
        let operator = words::operator(base, prefix, if_exists);
        let same_key = |one: &Condition| one.operator == operator && one.key.eq_ignore_ascii_case(name);
        if before.iter().any(same_key) {
            return None;
        }
        let met = self.chance(weights.met);
        let mut values: Vec<Text> = Vec::with_capacity(1);
        if base == "Null" {
            let absent = self.chance(50);
            values.push(if absent { "true" } else { "false" }.into());
            let value = self.choices.pick(&word.values).map(|value| value.text);
            self.wish(met, word, name, if absent { None } else { value });
        } else if base == "BinaryEquals" {
            values.push("QUJD".into());
            self.wish(met, word, name, Some("QUJD"));
        } else {
            self.compare(met, word, name, base, spot, &mut values);
        }
        if base != "Bool"
            && base != "Null"
            && self.chance(weights.another_value)
            && let Some(value) = self.choices.pick(&word.values)
        {
            values.push(value.text.into());
        }
        let respelled = self.chance(weights.respelled) && !endpoint;
        let key = if respelled { word.respelled.get(place)?.as_str() } else { name };
        let unquoted = matches!(word.key.kind, "bool" | "numeric") && self.chance(20);
        let list = self.chance(weights.listed);
        Some(Condition { operator: operator.into(), key: key.into(), list, unquoted, values })
    }

    /// The condition key.
    fn word(&mut self, spot: Spot) -> Option<&'static Word> {
        for _ in 0..3 {
            let place = match self.operation {
                Some(operation) if self.choices.chance(self.settings.weights.apt_key) => {
                    self.choices.pick(&operation.keys).copied()?
                }
                None if self.choices.chance(self.settings.weights.apt_key) => {
                    self.choices.pick(&GENERAL_KEYS).copied()?
                }
                _ => self.choices.below(WORDS.len()),
            };
            let word = WORDS.get(place)?;
            let needless = word.key.identity_only && spot.kind == PolicyType::KeyPolicy;
            if !needless || self.chance(15) {
                return Some(word);
            }
        }
        None
    }

    fn operator(&mut self, word: &Word, spot: Spot) -> &'static str {
        let weights = &self.settings.weights;
        if self.chance(weights.null) {
            return "Null";
        }
        let apt = spot.kind == PolicyType::Endpoint || self.chance(weights.apt_operator);
        let operators: &'static [&'static str] = match word.key.kind {
            _ if !apt => {
                let all = [words::STRING, words::ARN, words::DATE, words::NUMERIC, words::IP, words::OTHER];
                let kind = self.choices.below(all.len());
                all.get(kind).copied().unwrap_or(words::STRING)
            }
            "arn" => words::ARN,
            "bool" => &["Bool"],
            "date" => words::DATE,
            "ip-address" => words::IP,
            "numeric" => words::NUMERIC,
            _ => words::STRING,
        };
        self.choices.pick(operators).copied().unwrap_or("StringEquals")
    }

    /// Which set prefix the operator has. KMS refuses ForAllValues in a key policy that would allow requests without any
    /// pair.
    fn prefix(&mut self, word: &Word, base: &str, spot: Spot) -> usize {
        let prefix = match word.key.multivalued && base != "Null" {
            true => self.choices.weighted(&[1, 5, 5]),
            false if self.chance(self.settings.weights.set_prefix) => 1 + self.choices.below(2),
            false => 0,
        };
        let loose = word.key.name == "kms:EncryptionContext:*" || word.key.name == "aws:RequestTag/*";
        if loose && spot.kind == PolicyType::KeyPolicy && !spot.denies { prefix.min(1) } else { prefix }
    }

    /// The first value under an operator that compares, and what meets it.
    fn compare(
        &mut self,
        met: bool,
        word: &'static Word,
        name: &'static str,
        base: &'static str,
        spot: Spot,
        values: &mut Vec<Text>,
    ) {
        let negated = base.contains("Not");
        let count = word.values.len();
        if let Some(actual) = self.fixed(word.key.name) {
            // The facts are as they are: the condition is made to fit them.
            let fits = |value: &&Value| (value.text == actual) != negated;
            let fitting = word.values.iter().find(fits).filter(|_| met);
            match fitting.or_else(|| self.choices.pick(&word.values)) {
                Some(value) if (value.text == actual) != negated || !met => {
                    let text = self.spelling(word, base, value, spot);
                    values.push(text);
                }
                _ => values.push(actual.into()),
            }
            if word.key.name == "kms:ResourceAliases" {
                self.wish(met, word, name, Some(actual));
            }
            return;
        }
        let below = |n: usize, choices: &mut dyn crate::Choices| choices.below(n.max(1));
        let (at, wanted) = if base.ends_with("LessThan") {
            let at = 1 + below(count.saturating_sub(1), self.choices);
            (at, Some(at - 1))
        } else if base.ends_with("GreaterThan") {
            let at = below(count.saturating_sub(1), self.choices);
            (at, Some(at + 1))
        } else {
            let at = below(count, self.choices);
            (at, if negated { (count > 1).then(|| (at + 1) % count) } else { Some(at) })
        };
        let value = word.values.get(at).or(word.values.first());
        let wanted = wanted.and_then(|at| word.values.get(at)).map(|value| value.text);
        let Some(value) = value else { return };
        let texts = base.starts_with("String") || base.starts_with("Arn");
        if spot.variables && texts && !negated && self.chance(self.settings.weights.variable) {
            return self.variable(met, word, name, value, spot, values);
        }
        let text = self.spelling(word, base, value, spot);
        values.push(text);
        self.wish(met, word, name, wanted);
    }

    /// How a value is written under an operator.
    fn spelling(&mut self, word: &Word, base: &str, value: &'static Value, spot: Spot) -> Text {
        let like = base.ends_with("Like") || base.starts_with("Arn") || base.ends_with("IpAddress");
        // An endpoint policy has wildcards only beside six characters in a row, and none in what AWS makes.
        let most = match spot.kind {
            PolicyType::Endpoint if word.key.kind != "ip-address" => {
                if word.key.name.ends_with('*') && value.text.len() > 6 { 2 } else { 1 }
            }
            _ => value.patterns.len(),
        };
        if base.ends_with("IgnoreCase") && self.chance(50) {
            return value.text.to_uppercase().into();
        }
        let at = if like { self.choices.below(most.max(1)) } else { 0 };
        value.patterns.get(at).map_or(value.text, String::as_str).into()
    }

    /// A value with a policy variable: a tag of the caller's.
    fn variable(
        &mut self,
        met: bool,
        word: &'static Word,
        name: &'static str,
        value: &'static Value,
        spot: Spot,
        values: &mut Vec<Text>,
    ) {
        // The escape of a wildcard has one in it, which an endpoint policy takes for a wildcard.
        let form = self.choices.below(if spot.kind == PolicyType::Endpoint { 3 } else { 4 });
        let text: Text = match form {
            0 => "${aws:PrincipalTag/team}".into(),
            1 => format!("${{aws:PrincipalTag/team, '{}'}}", value.text).into(),
            2 => "${aws:username}".into(),
            _ => format!("{}${{*}}", value.text).into(),
        };
        values.push(text);
        if form == 0 && met {
            self.wishes.push(Wish {
                key: "aws:PrincipalTag/*",
                name: "aws:PrincipalTag/team",
                value: Some(value.text),
            });
        }
        let wanted = if form == 2 { Some("alice") } else { Some(value.text) };
        self.wish(met, word, name, wanted);
    }

    fn wish(&mut self, met: bool, word: &'static Word, name: &'static str, value: Option<&'static str>) {
        if met {
            self.wishes.push(Wish { key: word.key.name, name, value });
        }
    }

    /// The value that a condition key has whatever the policies say, because of who asks for what.
    fn fixed(&self, key: &str) -> Option<&'static str> {
        let caller = self.caller;
        let some = |text: &'static str| (!text.is_empty()).then_some(text);
        let first = self.targets.first();
        let of_key = || first.and_then(|target| target.thing.key.as_ref());
        match key {
            "aws:PrincipalAccount" | "kms:CallerAccount" => some(caller.account),
            "aws:PrincipalArn" => {
                some(if caller.issuer.is_empty() || caller.kind != CallerKind::RoleSession {
                    caller.arn
                } else {
                    caller.issuer
                })
            }
            "aws:PrincipalIsAWSService" => {
                Some(if caller.kind == CallerKind::Service { "true" } else { "false" })
            }
            "aws:PrincipalServiceName" => some(caller.service),
            "aws:PrincipalType" => match caller.kind {
                CallerKind::RoleSession => Some("AssumedRole"),
                CallerKind::Root => Some("Account"),
                CallerKind::User => Some("User"),
                _ => None,
            },
            "aws:username" if caller.kind == CallerKind::User => {
                caller.arn.rsplit_once('/').map(|(_, name)| name)
            }
            "aws:ResourceAccount" => first.map(|target| target.thing.account),
            "aws:RequestedRegion" => Some(super::names::REGION),
            "aws:SecureTransport" => Some("true"),
            "kms:KeySpec" | "kms:CustomerMasterKeySpec" => of_key().map(|key| key.spec),
            "kms:KeyUsage" | "kms:CustomerMasterKeyUsage" => of_key().map(|key| key.usage),
            "kms:KeyOrigin" => of_key().map(|_| "AWS_KMS"),
            "kms:MultiRegion" => {
                of_key().map(|key| if key.multi_region.is_empty() { "false" } else { "true" })
            }
            "kms:MultiRegionKeyType" => of_key().and_then(|key| match key.multi_region {
                "primary" => Some("PRIMARY"),
                "replica" => Some("REPLICA"),
                _ => None,
            }),
            "kms:ResourceAliases" => of_key().and_then(|key| key.aliases.first().copied()),
            "kms:ReEncryptOnSameKey" => match self.targets.as_slice() {
                [source, destination] => {
                    Some(if source.thing.arn == destination.thing.arn { "true" } else { "false" })
                }
                _ => None,
            },
            _ => None,
        }
    }
}
