//! Decides the faults about numbers, dates, booleans and bytes.

use kms_model::Question;
use kms_model::json::Value;

use super::conditions::{condition_values, conditions, renamed, settled};
use crate::faults::{Change, Fault};

/// The faults.
pub const TABLE: &[Fault] = &[
    Fault::new(
        "aws-numbers-are-compared-as-text",
        "iam.op.numeric.not-lexicographic",
        "numbers are compared digit by digit from the left",
        Change::Question(numbers_as_text),
    ),
    Fault::new(
        "aws-numeric-less-than-takes-the-bound",
        "iam.op.numeric.less-than",
        "NumericLessThan holds for the bound itself",
        Change::Question(|question| renamed(question, "NumericLessThan", "NumericLessThanEquals")),
    ),
    Fault::new(
        "aws-numeric-less-than-equals-leaves-the-bound-out",
        "iam.op.numeric.less-than-equals",
        "NumericLessThanEquals does not hold for the bound itself",
        Change::Question(|question| renamed(question, "NumericLessThanEquals", "NumericLessThan")),
    ),
    Fault::new(
        "aws-numeric-greater-than-takes-the-bound",
        "iam.op.numeric.greater-than",
        "NumericGreaterThan holds for the bound itself",
        Change::Question(|question| renamed(question, "NumericGreaterThan", "NumericGreaterThanEquals")),
    ),
    Fault::new(
        "aws-numeric-greater-than-equals-leaves-the-bound-out",
        "iam.op.numeric.greater-than-equals",
        "NumericGreaterThanEquals does not hold for the bound itself",
        Change::Question(|question| renamed(question, "NumericGreaterThanEquals", "NumericGreaterThan")),
    ),
    Fault::new(
        "aws-numeric-equals-reads-whole-numbers",
        "iam.op.numeric.equals",
        "NumericEquals cuts decimals off",
        Change::Question(|question| {
            let whole = |text: &str| text.split('.').next().and_then(|text| text.parse::<i64>().ok());
            conditions(question, &["NumericEquals"], |one| {
                let mine = one.operator.base == "NumericEquals";
                let numbers = one.texts().iter().all(|text| text.parse::<f64>().is_ok());
                (mine && numbers).then(|| {
                    one.judged(|value, given| whole(value).is_some() && whole(value) == whole(given))
                })?
            })
        }),
    ),
    Fault::new(
        "aws-several-bounds-must-all-hold",
        "iam.op.numeric.multi-values-range",
        "of several values of an ordering operator the tightest bound counts",
        Change::Question(tightest_bound),
    ),
    Fault::new(
        "aws-text-behind-numbers-is-cut-off",
        "iam.op.numeric.lenient-parse",
        "text that begins with a number is that number",
        Change::Question(|question| {
            conditions(question, &["NumericEquals"], |one| {
                let mine = one.operator.base == "NumericEquals";
                mine.then(|| {
                    one.judged(|value, given| leading(value).is_some() && leading(value) == leading(given))
                })?
            })
        }),
    ),
    Fault::new(
        "aws-numbers-have-no-sign",
        "iam.op.numeric.negative-values",
        "the sign of a number is dropped",
        Change::Question(|question| {
            condition_values(
                question,
                &["Numeric"],
                |one| one.operator.base.starts_with("Numeric"),
                |value| value.strip_prefix('-').map(str::to_owned),
            )
        }),
    ),
    Fault::new(
        "aws-dates-in-seconds-are-not-read",
        "iam.op.date.epoch",
        "a date in seconds since 1970 is no date and matches nothing",
        Change::Question(|question| without_values(question, "Date", is_seconds)),
    ),
    Fault::new(
        "aws-offsets-of-dates-are-not-read",
        "iam.op.date.offsets",
        "the time of a date is taken for UTC whatever its offset",
        Change::Question(|question| dates(question, in_utc)),
    ),
    Fault::new(
        "aws-fractions-of-seconds-are-cut-off",
        "iam.op.date.fraction",
        "fractions of seconds are cut off",
        Change::Question(|question| {
            dates(question, |value| {
                let (seconds, fraction) = value.split_once('.')?;
                let zone = fraction.find(['Z', '+', '-']).and_then(|at| fraction.get(at..))?;
                Some(format!("{seconds}{zone}"))
            })
        }),
    ),
    Fault::new(
        "aws-dates-need-seconds",
        "iam.op.date.iso-profile",
        "a date without seconds is no date and matches nothing",
        Change::Question(|question| {
            without_values(question, "Date", |value| value.contains('-') && value.matches(':').count() < 2)
        }),
    ),
    Fault::new(
        "aws-date-less-than-takes-the-bound",
        "iam.op.date.less-than",
        "DateLessThan holds for the instant itself",
        Change::Question(|question| renamed(question, "DateLessThan", "DateLessThanEquals")),
    ),
    Fault::new(
        "aws-date-less-than-equals-leaves-the-bound-out",
        "iam.op.date.less-than-equals",
        "DateLessThanEquals does not hold for the instant itself",
        Change::Question(|question| renamed(question, "DateLessThanEquals", "DateLessThan")),
    ),
    Fault::new(
        "aws-date-greater-than-takes-the-bound",
        "iam.op.date.greater-than",
        "DateGreaterThan holds for the instant itself",
        Change::Question(|question| renamed(question, "DateGreaterThan", "DateGreaterThanEquals")),
    ),
    Fault::new(
        "aws-date-greater-than-equals-leaves-the-bound-out",
        "iam.op.date.greater-than-equals",
        "DateGreaterThanEquals does not hold for the instant itself",
        Change::Question(|question| renamed(question, "DateGreaterThanEquals", "DateGreaterThan")),
    ),
    Fault::new(
        "aws-date-equals-compares-text",
        "iam.op.date.offsets",
        "DateEquals compares spellings",
        Change::Question(|question| renamed(question, "DateEquals", "StringEquals")),
    ),
    Fault::new(
        "aws-epoch-time-is-no-number",
        "iam.op.date.epoch-key-both-types",
        "aws:EpochTime cannot be compared with numeric operators",
        Change::Question(|question| {
            conditions(question, &["pochTime", "pochtime"], |one| {
                let epoch = one.key.eq_ignore_ascii_case("aws:EpochTime");
                (epoch && one.operator.base.starts_with("Numeric")).then(|| settled(false))?
            })
        }),
    ),
    Fault::new(
        "aws-unquoted-values-are-not-read",
        "iam.doc.condition-value.bool-number-unquoted",
        "numbers and booleans without quotation marks match nothing",
        Change::Question(|question| {
            conditions(question, &["Condition"], |one| {
                let bare = matches!(one.values.value, Value::Bool(_) | Value::Number(_));
                (bare && one.operator.base != "Null").then(|| settled(one.operator.is_negated()))?
            })
        }),
    ),
    Fault::new(
        "aws-binary-equals-ignores-case",
        "iam.op.binary.case-sensitive",
        "letter case does not count in Base64",
        Change::Question(|question| {
            conditions(question, &["BinaryEquals"], |one| {
                let mine = one.operator.base == "BinaryEquals";
                mine.then(|| one.judged(|value, given| value.eq_ignore_ascii_case(given)))?
            })
        }),
    ),
    Fault::new(
        "aws-binary-equals-is-not-there",
        "iam.op.binary.equals",
        "BinaryEquals never holds",
        Change::Question(|question| {
            conditions(question, &["BinaryEquals"], |one| {
                (one.operator.base == "BinaryEquals" && one.single().is_some()).then(|| settled(false))?
            })
        }),
    ),
];

fn without_values(question: &Question, family: &str, lost: fn(&str) -> bool) -> Option<Question> {
    conditions(question, &[family], |one| {
        let values = one.texts();
        let kept: Vec<String> = values.iter().filter(|value| !lost(value)).cloned().collect();
        (one.operator.base.starts_with(family) && kept.len() < values.len()).then(|| one.with(kept))?
    })
}

fn dates(question: &Question, edit: fn(&str) -> Option<String>) -> Option<Question> {
    condition_values(question, &["Date"], |one| one.operator.base.starts_with("Date"), edit)
}

fn is_seconds(value: &str) -> bool {
    value.len() > 4 && value.bytes().all(|byte| byte.is_ascii_digit())
}

fn in_utc(value: &str) -> Option<String> {
    let (_, time) = value.split_once('T')?;
    let at = value.len() - time.len() + time.find(['+', '-'])?;
    Some(format!("{}Z", value.get(..at)?))
}

fn numbers_as_text(question: &Question) -> Option<Question> {
    conditions(question, &["Numeric"], |one| {
        let numbers = one.texts().iter().all(|text| text.parse::<f64>().is_ok());
        let order: fn(&str, &str) -> bool = match one.operator.base {
            "NumericLessThan" => |value, given| given < value,
            "NumericLessThanEquals" => |value, given| given <= value,
            "NumericGreaterThan" => |value, given| given > value,
            "NumericGreaterThanEquals" => |value, given| given >= value,
            _ => return None,
        };
        numbers.then(|| one.judged(order))?
    })
}

fn tightest_bound(question: &Question) -> Option<Question> {
    conditions(question, &["Numeric"], |one| {
        let mut values = one.plain().filter(|values| values.len() > 1)?;
        values.sort_by(|a, b| number(a).total_cmp(&number(b)));
        let bound = match one.operator.base {
            "NumericLessThan" | "NumericLessThanEquals" => values.first()?,
            "NumericGreaterThan" | "NumericGreaterThanEquals" => values.last()?,
            _ => return None,
        };
        one.with(vec![bound.clone()])
    })
}

fn number(text: &str) -> f64 {
    text.parse().unwrap_or(f64::NAN)
}

/// The whole number that a text begins with.
fn leading(text: &str) -> Option<i64> {
    let end = text.find(|character: char| !character.is_ascii_digit()).unwrap_or(text.len());
    text.get(..end)?.parse().ok()
}
