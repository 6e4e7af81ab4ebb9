//! Decides which condition operators there are: RAM User Guide, "Policy elements", "Conditional operators" list 21.
//! Their names are compared exactly; there is no `Null`, no suffix `IfExists` and no prefix for sets of values.

use crate::compare::Order;

/// A condition operator.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Operator {
    /// What it compares.
    pub comparison: Comparison,
    /// Whether it holds where the comparison does not.
    pub negated: bool,
}

/// What an operator compares, and how.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Comparison {
    /// Truth values.
    Bool,
    /// Instants.
    Date(Order),
    /// An address with networks.
    Ip,
    /// Numbers.
    Numeric(Order),
    /// Texts.
    String(Matching),
}

/// How texts are compared.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Matching {
    /// Character by character.
    Equal,
    /// Character by character, without regard to case.
    IgnoreCase,
    /// By a pattern with wildcards.
    Like,
}

impl Operator {
    /// The operator of that name.
    pub fn parse(name: &str) -> Option<Self> {
        let (comparison, negated) = match name {
            "Bool" => (Comparison::Bool, false),
            "DateEquals" => (Comparison::Date(Order::Equal), false),
            "DateGreaterThan" => (Comparison::Date(Order::Greater), false),
            "DateGreaterThanEquals" => (Comparison::Date(Order::GreaterOrEqual), false),
            "DateLessThan" => (Comparison::Date(Order::Less), false),
            "DateLessThanEquals" => (Comparison::Date(Order::LessOrEqual), false),
            "DateNotEquals" => (Comparison::Date(Order::Equal), true),
            "IpAddress" => (Comparison::Ip, false),
            "NotIpAddress" => (Comparison::Ip, true),
            "NumericEquals" => (Comparison::Numeric(Order::Equal), false),
            "NumericGreaterThan" => (Comparison::Numeric(Order::Greater), false),
            "NumericGreaterThanEquals" => (Comparison::Numeric(Order::GreaterOrEqual), false),
            "NumericLessThan" => (Comparison::Numeric(Order::Less), false),
            "NumericLessThanEquals" => (Comparison::Numeric(Order::LessOrEqual), false),
            "NumericNotEquals" => (Comparison::Numeric(Order::Equal), true),
            "StringEquals" => (Comparison::String(Matching::Equal), false),
            "StringEqualsIgnoreCase" => (Comparison::String(Matching::IgnoreCase), false),
            "StringLike" => (Comparison::String(Matching::Like), false),
            "StringNotEquals" => (Comparison::String(Matching::Equal), true),
            "StringNotEqualsIgnoreCase" => (Comparison::String(Matching::IgnoreCase), true),
            "StringNotLike" => (Comparison::String(Matching::Like), true),
            _ => return None,
        };
        Some(Self { comparison, negated })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_no_others() {
        // ram.op.set-of-names, ram.condition.no-ifexists, ram.condition.unknown-operator
        for name in [
            "ArnLike",
            "BinaryEquals",
            "ForAllValues:StringEquals",
            "ForAnyValue:StringLike",
            "IpAddressIncludeBorder",
            "NotBool",
            "Null",
            "NumericBetween",
            "StringEqualsIfExists",
            "stringequals",
            "",
        ] {
            assert_eq!(Operator::parse(name), None, "{name}");
        }
    }
}
