//! Decides the faults about numbers, dates, booleans, bytes and addresses.

use std::net::IpAddr;

use kms_model::Question;
use kms_model::json::Value;

use super::conditions::{One, condition_values, conditions, renamed, settled};
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
        "Base64 is compared without regard to case",
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
    Fault::new(
        "aws-lengths-of-address-blocks-are-not-read",
        "iam.op.ip.cidr-v4",
        "a block of addresses stands for its first address",
        Change::Question(|question| {
            addresses(question, |value| {
                let (address, _) = value.split_once('/').filter(|(address, _)| !address.contains(':'))?;
                Some(vec![address.to_owned()])
            })
        }),
    ),
    Fault::new(
        "aws-address-blocks-end-at-octets",
        "iam.op.ip.cidr-edges",
        "a block of IPv4 addresses begins and ends between two octets",
        Change::Question(|question| {
            addresses(question, |value| {
                let (address, length) =
                    value.split_once('/').filter(|(address, _)| !address.contains(':'))?;
                let length: u8 = length.parse().ok()?;
                (!length.is_multiple_of(8)).then(|| vec![format!("{address}/{}", length - length % 8)])
            })
        }),
    ),
    Fault::new(
        "aws-ipv6-blocks-are-not-read",
        "iam.op.ip.cidr-v6",
        "blocks of IPv6 addresses match nothing",
        Change::Question(|question| {
            addresses(question, |value| (value.contains(':') && value.contains('/')).then(Vec::new))
        }),
    ),
    Fault::new(
        "aws-addresses-of-a-list-are-of-one-family",
        "iam.op.ip.mixed-families-or",
        "a list of addresses is read as of the family of the first",
        Change::Question(|question| {
            conditions(question, &["IpAddress"], |one| {
                let values = one.texts();
                let first = values.first()?.contains(':');
                let kept: Vec<String> = values.iter().filter(|v| v.contains(':') == first).cloned().collect();
                (is_of_addresses(one) && kept.len() < values.len()).then(|| one.with(kept))?
            })
        }),
    ),
    Fault::new(
        "aws-not-ip-address-fails-on-the-other-family",
        "iam.op.ip.not-ip-other-family",
        "NotIpAddress does not hold for an address of another family than its blocks",
        Change::Question(|question| {
            conditions(question, &["NotIpAddress"], |one| {
                let address: IpAddr = one.single()?.parse().ok()?;
                let other = one.texts().iter().all(|value| value.contains(':') != address.is_ipv6());
                (one.operator.base == "NotIpAddress" && other).then(|| settled(false))?
            })
        }),
    ),
    Fault::new(
        "aws-all-ipv4-addresses-are-all-addresses",
        "iam.op.ip.zero-prefix",
        "0.0.0.0/0 covers IPv6 addresses as well",
        Change::Question(|question| {
            addresses(question, |value| {
                (value == "0.0.0.0/0").then(|| vec![value.to_owned(), "::/0".to_owned()])
            })
        }),
    ),
    Fault::new(
        "aws-bare-addresses-are-not-read",
        "iam.op.ip.bare-v4-is-32",
        "an address without the length of a block matches nothing",
        Change::Question(|question| {
            addresses(question, |value| (!value.contains(['/', '*', ':'])).then(Vec::new))
        }),
    ),
    Fault::new(
        "aws-addresses-take-stars",
        "iam.op.ip.no-wildcards",
        "a star at the end of an address stands for all that follows",
        Change::Question(|question| {
            addresses(question, |value| {
                let start = value.strip_suffix(".*")?;
                let octets = start.split('.').count();
                Some(vec![format!("{start}{}/{}", ".0".repeat(4_usize.checked_sub(octets)?), 8 * octets)])
            })
        }),
    ),
];

fn is_of_addresses(one: &One<'_>) -> bool {
    matches!(one.operator.base, "IpAddress" | "NotIpAddress")
}

/// The conditions on addresses with other values for each for which `edit` gives some.
fn addresses(question: &Question, edit: impl Fn(&str) -> Option<Vec<String>>) -> Option<Question> {
    conditions(question, &["IpAddress"], |one| {
        let values = one.texts();
        if !is_of_addresses(one) || !values.iter().any(|value| edit(value).is_some()) {
            return None;
        }
        one.with(values.into_iter().flat_map(|value| edit(&value).unwrap_or(vec![value])).collect())
    })
}

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
