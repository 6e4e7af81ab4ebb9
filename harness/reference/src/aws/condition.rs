//! Decides whether a condition, one key under one operator, holds in a request: IAM User Guide, "IAM JSON policy
//! elements: Condition", "Conditions with multiple context keys or values", "Single-valued vs. multivalued context
//! keys".
//!
//! Two things are left open there, and read so that more is refused. A value that cannot be compared (a number under
//! `DateNotEquals`) matches nothing; a negated operator, which would hold for that reason, then holds in a Deny only. Of
//! several values without a set operator, an Allow needs all to do, and a Deny one.

mod arn;
mod binary;
mod date;
pub mod kms_keys;
pub mod operator;
mod string;

use kms_model::policy::{self, Effect, Text, Version};
use kms_model::question::{Context, ContextValue, KeyName};
use kms_model::shape::Problem;

use crate::compare::Compared;
use crate::compare::boolean::Booleans;
use crate::compare::date::Dates;
use crate::compare::ip::Networks;
use crate::compare::numeric::Numbers;
use kms_keys::KmsKey;
use operator::{Comparison, Operator, Quantifier};

/// A key under an operator, with its values.
#[derive(Debug)]
pub struct Condition {
    key: KeyName,
    /// What KMS says of the key beyond the general rules.
    kms_key: KmsKey,
    operator: Operator,
    operands: Operands,
}

/// The values of a condition, in the type of its operator.
#[derive(Debug)]
enum Operands {
    Arn(arn::Arns),
    Binary(binary::Binaries),
    Bool(Booleans),
    Date(Dates),
    Ip(Networks),
    Null(Booleans),
    Numeric(Numbers),
    String(string::Strings),
}

impl Condition {
    /// The condition in a document of that version; `None` if it cannot be read, and then `problems` say why.
    pub fn new(condition: &policy::Condition, version: Version, problems: &mut Vec<Problem>) -> Option<Self> {
        let Some(operator) = Operator::parse(&condition.operator.text) else {
            let message = format!("unknown condition operator `{}`", condition.operator.text);
            problems.push(Problem::new(condition.operator.span, message));
            return None;
        };
        let operands = Operands::new(operator.comparison, &condition.values, version, problems);
        let key = condition.key.text.as_str();
        Some(Self { key: KeyName::new(key), kms_key: KmsKey::of(key), operator, operands })
    }

    /// Whether the condition holds, in a statement of that effect.
    pub fn holds(&self, context: &Context, effect: Effect, in_key_policy: bool) -> bool {
        if self.kms_key.is_void(context, in_key_policy) {
            return effect == Effect::Deny;
        }
        // Almost always there is one entry at most: only pairs of an encryption context can differ in case alone.
        let mut entries = context.get_all(&self.key);
        let first = entries.next().map_or(&[][..], ContextValue::values);
        let mut values = first.iter().chain(entries.flat_map(ContextValue::values));
        let absent = values.clone().next().is_none();
        let Operator { quantifier, negated, if_exists, .. } = self.operator;
        if let Operands::Null(wanted) = &self.operands {
            return match quantifier {
                Some(Quantifier::All) => true,
                Some(Quantifier::Any) => false,
                None => wanted.contain(absent),
            };
        }
        let holds = |value: &String| match self.operands.compare(value, context) {
            Compared::Matches => !negated,
            Compared::Differs => negated,
            Compared::Unclear => negated && effect == Effect::Deny,
        };
        match (quantifier, effect) {
            (Some(Quantifier::All), _) => values.all(holds),
            // Under `ForAnyValue` an absent key is false whatever the operator and suffix: the page on set operators
            // says so, against two half-sentences on the page of operators.
            (Some(Quantifier::Any), _) => values.any(holds),
            (None, _) if absent => negated || if_exists,
            // Several values without a set operator are not documented.
            (None, Effect::Allow) => values.all(holds),
            (None, Effect::Deny) => values.any(holds),
        }
    }
}

impl Operands {
    fn new(comparison: Comparison, values: &[Text], version: Version, problems: &mut Vec<Problem>) -> Self {
        match comparison {
            Comparison::Arn => Self::Arn(arn::Arns::new(values, version, problems)),
            Comparison::Binary => Self::Binary(binary::Binaries::new(values)),
            Comparison::Bool => Self::Bool(Booleans::new(values)),
            Comparison::Date(order) => Self::Date(Dates::new(order, values, date::instant)),
            Comparison::Ip => Self::Ip(Networks::new(values)),
            Comparison::Null => Self::Null(Booleans::new(values)),
            Comparison::Numeric(order) => Self::Numeric(Numbers::new(order, values)),
            Comparison::String(matching) => {
                Self::String(string::Strings::new(matching, values, version, problems))
            }
        }
    }

    fn compare(&self, value: &str, context: &Context) -> Compared {
        match self {
            Self::Arn(arns) => arns.compare(value, context),
            Self::Binary(binaries) => binaries.compare(value),
            Self::Bool(booleans) | Self::Null(booleans) => booleans.compare(value),
            Self::Date(dates) => dates.compare(value),
            Self::Ip(networks) => networks.compare(value),
            Self::Numeric(numbers) => numbers.compare(value),
            Self::String(strings) => strings.compare(value, context),
        }
    }
}

#[cfg(test)]
mod tests;
