//! Decides which condition operators there are: IAM User Guide, "IAM JSON policy elements: Condition operators". Their
//! names are compared exactly; the pages do not say that case may differ.

use crate::compare::Order;

/// A condition operator with its prefix and suffix.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Operator {
    /// `ForAllValues:` or `ForAnyValue:`
    pub quantifier: Option<Quantifier>,
    /// What it compares.
    pub comparison: Comparison,
    /// Whether it holds where the comparison does not.
    pub negated: bool,
    /// `IfExists`
    pub if_exists: bool,
}

/// A set operator.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Quantifier {
    /// `ForAllValues:`
    All,
    /// `ForAnyValue:`
    Any,
}

/// What an operator compares, and how.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Comparison {
    /// ARNs part by part. `ArnEquals` and `ArnLike` are the same.
    Arn,
    /// Bytes.
    Binary,
    /// Truth values.
    Bool,
    /// Instants.
    Date(Order),
    /// An address with networks.
    Ip,
    /// Whether the key is there at all.
    Null,
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
    /// The operator of that name. `Null` takes no suffix.
    pub fn parse(name: &str) -> Option<Self> {
        let (quantifier, name) = match name.split_once(':') {
            Some(("ForAllValues", name)) => (Some(Quantifier::All), name),
            Some(("ForAnyValue", name)) => (Some(Quantifier::Any), name),
            Some(_) => return None,
            None => (None, name),
        };
        let (base, if_exists) = match name.strip_suffix("IfExists") {
            Some("Null") => return None,
            Some(base) => (base, true),
            None => (name, false),
        };
        let (comparison, negated) = base_operator(base)?;
        Some(Self { quantifier, comparison, negated, if_exists })
    }
}

/// What the operator compares, and whether it is negated.
fn base_operator(name: &str) -> Option<(Comparison, bool)> {
    let found = match name {
        "ArnEquals" | "ArnLike" => (Comparison::Arn, false),
        "ArnNotEquals" | "ArnNotLike" => (Comparison::Arn, true),
        "BinaryEquals" => (Comparison::Binary, false),
        "Bool" => (Comparison::Bool, false),
        "DateEquals" => (Comparison::Date(Order::Equal), false),
        "DateGreaterThan" => (Comparison::Date(Order::Greater), false),
        "DateGreaterThanEquals" => (Comparison::Date(Order::GreaterOrEqual), false),
        "DateLessThan" => (Comparison::Date(Order::Less), false),
        "DateLessThanEquals" => (Comparison::Date(Order::LessOrEqual), false),
        "DateNotEquals" => (Comparison::Date(Order::Equal), true),
        "IpAddress" => (Comparison::Ip, false),
        "NotIpAddress" => (Comparison::Ip, true),
        "Null" => (Comparison::Null, false),
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
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefix_and_suffix_stand_where_they_belong() {
        let operator = Operator::parse("ForAllValues:StringNotLikeIfExists").unwrap();
        assert_eq!(operator.quantifier, Some(Quantifier::All));
        assert_eq!(operator.comparison, Comparison::String(Matching::Like));
        assert!(operator.negated && operator.if_exists);
        assert!(Operator::parse("ForAnyValue:Null").is_some());
        for name in [
            "StringEqual", // iam.doc.condition.unknown-operator
            "x",
            "",
            "ForAnyValue::StringEquals",
            "ForSome:StringEquals",
            "stringequals", // iam.doc.condition.operator-name-case
            "NullIfExists", // iam.doc.condition.null-with-ifexists
            "ForAllValues:NullIfExists",
            "NotBool",            // iam.op.bool.no-negated-form
            "IfExistsStringLike", // iam.op.ifexists.suffix-position
            "StringLikeIfExistsIfExists",
            "ForAllValues:ForAnyValue:StringEquals", // iam.op.set.prefix-syntax
            "StringEquals ",
        ] {
            assert_eq!(Operator::parse(name), None, "{name}");
        }
    }
}
