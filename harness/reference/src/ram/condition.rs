//! Decides whether a condition, one key under one operator, holds in a request: RAM User Guide, "Policy elements",
//! "Conditional operators".
//!
//! The pages leave much open, and it is read so that more is refused:
//! - A key that the request lacks: a positive operator does not hold; a negated one holds in a Deny only.
//! - A negated operator with several values: where some match and some do not, it holds in a Deny only ("one is enough"
//!   taken literally would have it hold, and every other reading not).
//! - Several values of the request: an Allow needs all to do, and a Deny one.
//! - A value that cannot be compared (a number under `DateNotEquals`) matches nothing, so that a negated operator holds
//!   for that reason in a Deny only.
//! - The case of a key's name: it counts; but a Deny on a key that the request lacks is held to one that is spelled the
//!   same but for case.

mod operator;

use kms_model::policy::{self, Effect, Text};
use kms_model::question::{Context, ContextValue, KeyName};
use kms_model::shape::Problem;

use crate::compare::Compared;
use crate::compare::boolean::Booleans;
use crate::compare::date::{Dates, with_offset};
use crate::compare::ip::Networks;
use crate::compare::numeric::Numbers;
use crate::pattern::Pattern;
use operator::{Comparison, Matching, Operator};

/// A key under an operator, with its values.
#[derive(Debug)]
pub struct Condition {
    key: KeyName,
    negated: bool,
    /// Each value by itself, since a negated operator has to know whether all of them match or some.
    operands: Vec<Operand>,
}

/// A value of a condition, in the type of its operator.
#[derive(Debug)]
enum Operand {
    Bool(Booleans),
    Date(Dates),
    Ip(Networks),
    Like(Pattern),
    Numeric(Numbers),
    /// A text, and whether case counts.
    Text(String, bool),
}

impl Condition {
    /// The condition in its form; `None` if it cannot be read, and then `problems` say why. An operator that is not
    /// listed is refused: the pages do not say what it does, and it must not grant.
    pub fn new(condition: &policy::Condition, problems: &mut Vec<Problem>) -> Option<Self> {
        let Some(operator) = Operator::parse(&condition.operator.text) else {
            let message = format!("unknown condition operator `{}`", condition.operator.text);
            problems.push(Problem::new(condition.operator.span, message));
            return None;
        };
        let operands =
            condition.values.iter().map(|value| Operand::new(operator.comparison, value)).collect();
        Some(Self { key: KeyName::new(&condition.key.text), negated: operator.negated, operands })
    }

    /// Whether the condition holds, in a statement of that effect.
    pub fn holds(&self, context: &Context, effect: Effect) -> bool {
        let denies = effect == Effect::Deny;
        let exact = context.iter().find(|(name, _)| *name == self.key.as_str()).map(|(_, value)| value);
        let mut values = exact
            .map(ContextValue::values)
            .unwrap_or_default()
            .iter()
            .map(|value| self.does(value, denies))
            .peekable();
        if values.peek().is_some() {
            return if denies { values.any(|does| does) } else { values.all(|does| does) };
        }
        let mut respelled = context.get_all(&self.key).flat_map(ContextValue::values);
        denies && (self.negated || respelled.any(|value| self.does(value, denies)))
    }

    /// Whether one value of the request does, in a Deny or in an Allow.
    fn does(&self, value: &str, denies: bool) -> bool {
        let mut compared = self.operands.iter().map(|operand| operand.compare(value));
        match (self.negated, denies) {
            (false, _) => compared.any(|one| one == Compared::Matches),
            (true, false) => compared.all(|one| one == Compared::Differs),
            (true, true) => compared.any(|one| one != Compared::Matches),
        }
    }
}

impl Operand {
    fn new(comparison: Comparison, value: &Text) -> Self {
        let values = std::slice::from_ref(value);
        match comparison {
            Comparison::Bool => Self::Bool(Booleans::new(values)),
            Comparison::Date(order) => Self::Date(Dates::new(order, values, with_offset)),
            Comparison::Ip => Self::Ip(Networks::new(values)),
            Comparison::Numeric(order) => Self::Numeric(Numbers::new(order, values)),
            Comparison::String(Matching::Equal) => Self::Text(value.text.clone(), true),
            Comparison::String(Matching::IgnoreCase) => Self::Text(value.text.to_lowercase(), false),
            Comparison::String(Matching::Like) => Self::Like(Pattern::new(&value.text)),
        }
    }

    fn compare(&self, value: &str) -> Compared {
        let is = |matches: bool| if matches { Compared::Matches } else { Compared::Differs };
        match self {
            Self::Bool(booleans) => booleans.compare(value),
            Self::Date(dates) => dates.compare(value),
            Self::Ip(networks) => networks.compare(value),
            Self::Like(pattern) => is(pattern.matches(value)),
            Self::Numeric(numbers) => numbers.compare(value),
            Self::Text(text, true) => is(text == value),
            Self::Text(text, false) => is(*text == value.to_lowercase()),
        }
    }
}

#[cfg(test)]
mod tests;
