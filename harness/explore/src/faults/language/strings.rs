//! Decides the faults about string operators.

use kms_model::Question;

use super::conditions::{One, condition_values, conditions, renamed};
use crate::edit::{covers, fits};
use crate::faults::{Change, Fault};

/// The faults.
pub const TABLE: &[Fault] = &[
    Fault::new(
        "aws-string-equals-takes-wildcards",
        "iam.op.string.equals-no-wildcard",
        "StringEquals and StringNotEquals read * and ? as wildcards",
        Change::Question(equals_is_like),
    ),
    Fault::new(
        "aws-string-equals-ignores-case",
        "iam.op.string.equals-case-sensitive",
        "StringEquals compares without regard to case",
        Change::Question(|question| renamed(question, "StringEquals", "StringEqualsIgnoreCase")),
    ),
    Fault::new(
        "aws-string-not-equals-ignores-case",
        "iam.op.string.not-equals",
        "StringNotEquals compares without regard to case",
        Change::Question(|question| renamed(question, "StringNotEquals", "StringNotEqualsIgnoreCase")),
    ),
    Fault::new(
        "aws-string-equals-ignore-case-minds-case",
        "iam.op.string.equals-ignore-case",
        "StringEqualsIgnoreCase is StringEquals",
        Change::Question(|question| renamed(question, "StringEqualsIgnoreCase", "StringEquals")),
    ),
    Fault::new(
        "aws-string-not-equals-ignore-case-minds-case",
        "iam.op.string.not-equals-ignore-case",
        "StringNotEqualsIgnoreCase is StringNotEquals",
        Change::Question(|question| renamed(question, "StringNotEqualsIgnoreCase", "StringNotEquals")),
    ),
    Fault::new(
        "aws-ignore-case-takes-wildcards",
        "iam.op.string.ignore-case-no-wildcard",
        "the operators that ignore case read * and ? as wildcards",
        Change::Question(|question| judged(question, "IgnoreCase", covers)),
    ),
    Fault::new(
        "aws-string-like-ignores-case",
        "iam.op.string.like-case-sensitive",
        "StringLike and StringNotLike compare without regard to case",
        Change::Question(|question| judged(question, "Like", covers)),
    ),
    Fault::new(
        "aws-string-like-is-string-equals",
        "iam.op.string.like-wildcards",
        "StringLike reads * and ? as characters like others",
        Change::Question(|question| renamed(question, "StringLike", "StringEquals")),
    ),
    Fault::new(
        "aws-string-not-like-is-string-not-equals",
        "iam.op.string.not-like",
        "StringNotLike reads * and ? as characters like others",
        Change::Question(|question| renamed(question, "StringNotLike", "StringNotEquals")),
    ),
    Fault::new(
        "aws-string-like-finds-parts",
        "iam.op.string.like-anchored",
        "StringLike holds where the pattern is found anywhere in the value",
        Change::Question(|question| {
            let widened = |value: &str| (!value.is_empty()).then(|| format!("*{value}*"));
            condition_values(question, &["StringLike"], |one| one.operator.base == "StringLike", widened)
        }),
    ),
    Fault::new(
        "aws-question-mark-may-be-nothing-in-string-like",
        "iam.op.string.like-wildcards",
        "in StringLike ? stands for one character or none",
        Change::Question(optional_characters),
    ),
    Fault::new(
        "aws-star-of-string-like-needs-a-character",
        "iam.op.string.like-wildcards",
        "in StringLike * stands for one character at least",
        Change::Question(|question| {
            condition_values(
                question,
                &["StringLike"],
                |one| one.operator.base == "StringLike",
                |value| (value.contains('*') && !value.contains("${")).then(|| value.replace('*', "?*")),
            )
        }),
    ),
    Fault::new(
        "aws-star-of-string-like-stops-at-slashes",
        "iam.op.string.like-star-matches-all-chars",
        "in StringLike * reaches up to the next slash, as in the names of files",
        Change::Question(|question| judged(question, "Like", fits_as_path)),
    ),
    Fault::new(
        "aws-wildcards-of-requests-match",
        "iam.op.string.context-wildcards-literal",
        "* and ? in the value of the request match the text of the policy",
        Change::Question(|question| {
            judged(question, "", |value, given| fits(value, given) || fits(given, value))
        }),
    ),
    Fault::new(
        "aws-string-like-reads-regular-expressions",
        "iam.op.string.like-metachar-literal",
        "in StringLike a full stop stands for any character",
        Change::Question(|question| {
            condition_values(
                question,
                &["StringLike"],
                |one| one.operator.base == "StringLike",
                |value| (value.contains('.') && !value.contains("${")).then(|| value.replace('.', "?")),
            )
        }),
    ),
    Fault::new(
        "aws-empty-pattern-matches-everything",
        "iam.op.string.like-empty",
        "an empty pattern of StringLike matches every value",
        Change::Question(|question| {
            condition_values(
                question,
                &["StringLike"],
                |one| one.operator.base == "StringLike",
                |value| value.is_empty().then(|| "*".to_owned()),
            )
        }),
    ),
    Fault::new(
        "aws-strings-are-trimmed",
        "iam.op.string.equals-case-sensitive",
        "StringEquals does not count white space at the ends of values",
        Change::Question(|question| judged(question, "Equals", |value, given| value.trim() == given.trim())),
    ),
    Fault::new(
        "aws-strings-ignore-case",
        "iam.condition.value-case-per-operator",
        "no string operator distinguishes case",
        Change::Question(|question| {
            judged(question, "", |value, given| match value.contains(['*', '?']) {
                true => covers(value, given),
                false => value.to_lowercase() == given.to_lowercase(),
            })
        }),
    ),
];

/// The conditions with a string operator that ends so, decided by `matches`.
fn judged(question: &Question, end: &str, matches: fn(&str, &str) -> bool) -> Option<Question> {
    conditions(question, &["String"], |one| {
        let mine = one.operator.base.starts_with("String") && one.operator.base.ends_with(end);
        // What wildcards mean is for the operators that have some.
        let alike = !end.is_empty() || one.operator.base.ends_with("Like") || is_plain(one);
        (mine && alike).then(|| one.judged(matches))?
    })
}

fn is_plain(one: &One<'_>) -> bool {
    !one.texts().iter().any(|value| value.contains(['*', '?']))
}

fn equals_is_like(question: &Question) -> Option<Question> {
    conditions(question, &["StringEquals", "StringNotEquals"], |one| {
        let base = match one.operator.base {
            "StringEquals" => "StringLike",
            "StringNotEquals" => "StringNotLike",
            _ => return None,
        };
        (!is_plain(one)).then(|| one.compared(base))?
    })
}

fn optional_characters(question: &Question) -> Option<Question> {
    conditions(question, &["StringLike"], |one| {
        let values = one.plain()?;
        if one.operator.base != "StringLike" || !values.iter().any(|value| value.contains('?')) {
            return None;
        }
        let without = values.iter().map(|value| value.replace('?', ""));
        one.with(without.chain(values.iter().cloned()).collect())
    })
}

/// Whether a text fits a pattern whose wildcards stay between two slashes.
fn fits_as_path(pattern: &str, text: &str) -> bool {
    let (wanted, parts) = (pattern.split('/'), text.split('/'));
    wanted.clone().count() == parts.clone().count() && wanted.zip(parts).all(|(one, part)| fits(one, part))
}
