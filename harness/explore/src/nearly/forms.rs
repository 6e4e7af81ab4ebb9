//! Decides in which form the value of a request stands under an operator: as it is, in another notation of the same, or as
//! what only looks the same.

use kms_model::question::{Context, ContextValue};

use super::resources::with_other_part;
use super::texts::{beginning, exchanged, inserted, other_case};
use crate::Choices;

/// A text made from the value that a request has, for an operator without prefix and suffix.
pub fn of(base: &str, actual: &str, context: &Context, choices: &mut dyn Choices) -> Option<String> {
    match base {
        _ if base.starts_with("Arn") => arn(actual, choices),
        _ if base.starts_with("Date") => date(actual, context, choices),
        _ if base.starts_with("Numeric") => number(actual, choices),
        _ if base.ends_with("IpAddress") => address(actual, choices),
        "BinaryEquals" if choices.chance(50) => other_case(actual, 0, choices),
        "Bool" if choices.chance(30) => Some(if actual == "true" { "false" } else { "true" }.to_owned()),
        "Bool" | "BinaryEquals" => Some(actual.to_owned()),
        _ if base.ends_with("Like") && actual.starts_with("arn:") && choices.chance(50) => {
            arn(actual, choices)
        }
        _ if base.ends_with("Like") => pattern(actual, choices),
        _ => text(actual, choices),
    }
}

/// Of an operator without wildcards.
fn text(actual: &str, choices: &mut dyn Choices) -> Option<String> {
    match choices.below(9) {
        0 => Some(actual.to_owned()),
        1 | 2 | 8 => other_case(actual, 0, choices),
        3 => beginning(actual, 0, choices).map(|start| format!("{start}*")),
        4 => exchanged(actual, 0, "?", choices),
        5 => Some(if choices.chance(50) { format!("{actual} ") } else { format!(" {actual}") }),
        6 => escaped(actual),
        _ => choices.pick(ESCAPES).map(|escape| format!("{actual}{escape}")),
    }
}

/// Of an operator with wildcards.
fn pattern(actual: &str, choices: &mut dyn Choices) -> Option<String> {
    match choices.below(10) {
        0 => other_case(actual, 0, choices),
        1 => beginning(actual, 0, choices).map(|start| format!("{start}*")),
        2 => exchanged(actual, 0, "?", choices),
        3 => match choices.chance(50) {
            true => inserted(actual, 0, "?", choices),
            false => Some(format!("{actual}?")),
        },
        4 => inserted(actual, 0, "*", choices),
        5 => exchanged(actual, 0, ".", choices),
        6 => Some(String::new()),
        7 => escaped(actual),
        8 => exchanged(actual, 0, choices.pick(ESCAPES)?, choices),
        _ => {
            let start = beginning(actual, 0, choices)?;
            choices.pick(ESCAPES).map(|escape| format!("{start}{escape}"))
        }
    }
}

/// The escapes of the characters that mean something in a value.
const ESCAPES: &[&str] = &["${*}", "${?}", "${$}"];

/// The value with its characters escaped that mean something in a policy.
pub fn escaped(actual: &str) -> Option<String> {
    let escape = |character: char| match character {
        '*' | '?' | '$' => format!("${{{character}}}"),
        character => character.to_string(),
    };
    Some(actual.chars().map(escape).collect())
}

fn arn(actual: &str, choices: &mut dyn Choices) -> Option<String> {
    match choices.below(7) {
        0 => Some(actual.to_owned()),
        1 => with_other_part(actual, choices),
        2 => other_case(actual, actual.rfind(['/', ':'])?, choices),
        // A star in the place of one or more parts, or of a piece of one.
        3 => {
            let start = beginning(actual, 0, choices)?;
            let end = beginning(actual.get(start.len()..)?, 0, choices)?.len() + start.len();
            Some(format!("{start}*{}", actual.get(end..)?))
        }
        // One in the place of a colon.
        4 | 5 => {
            let (start, end) = actual.split_at_checked(actual.rfind(':')?)?;
            Some(format!("{start}{}{}", choices.pick(&["?", "*"])?, end.get(1..)?))
        }
        _ => exchanged(actual, actual.rfind(['/', ':'])?, "?", choices),
    }
}

fn number(actual: &str, choices: &mut dyn Choices) -> Option<String> {
    let digits = actual.trim_start_matches('-');
    let moved =
        |by: i64| actual.parse().ok().and_then(|number: i64| number.checked_add(by)).map(|it| it.to_string());
    match choices.below(9) {
        0 => Some(actual.to_owned()),
        1 => Some(format!("{actual}.0")),
        2 => Some(format!("{actual}.5")),
        3 => Some(format!("+{digits}")),
        4 => Some(format!("-{digits}")),
        5 => Some(format!("0{digits}")),
        6 => Some(format!("{actual}{}", choices.pick(&["x", " days", "e0"])?)),
        7 => moved(1),
        _ => moved(-1),
    }
}

/// The same instant in another notation, one beside it, or what is no date.
fn date(actual: &str, context: &Context, choices: &mut dyn Choices) -> Option<String> {
    let Some(start) = actual.strip_suffix('Z') else {
        // Seconds since 1970: the same instant is told by another key.
        return if choices.chance(50) { number(actual, choices) } else { single(context, "aws:CurrentTime") };
    };
    let minutes = start.get(.."2026-01-15T12:00".len())?;
    match choices.below(9) {
        0 => Some(actual.to_owned()),
        1 => Some(format!("{start}+00:00")),
        2 => Some(format!("{start}{}", choices.pick(&["+01:00", "-05:00", "+05:30"])?)),
        3 => Some(format!("{start}{}", choices.pick(&[".5Z", ".000Z", ".001Z"])?)),
        4 => Some(format!("{minutes}Z")),
        5 => Some(format!("{minutes}:01Z")),
        6 => actual.get(.."2026-01-15".len()).map(str::to_owned),
        7 => single(context, "aws:EpochTime"),
        _ => Some(format!("{minutes}+01:00")),
    }
}

fn address(actual: &str, choices: &mut dyn Choices) -> Option<String> {
    let all = choices.pick(&["0.0.0.0/0", "::/0"]).copied().map(str::to_owned);
    let Ok(address) = actual.parse::<std::net::Ipv4Addr>() else {
        return if choices.chance(50) {
            all
        } else {
            Some(format!("{actual}/{}", choices.pick(&["128", "64", "33"])?))
        };
    };
    let bits = u32::from(address);
    // A bit more or less of the address: the block holds it, or is the one beside.
    let block = |length: u32, beside: bool| {
        let size = 1_u32.checked_shl(32 - length)?;
        let first = bits & !(size - 1);
        let first = if beside { first ^ size } else { first };
        Some(format!("{}/{length}", std::net::Ipv4Addr::from(first)))
    };
    let (start, _) = actual.rsplit_once('.')?;
    match choices.below(6) {
        0 => Some(actual.to_owned()),
        1 => all,
        2 => Some(format!("{start}.*")),
        3 => Some(format!("{actual}/{}", choices.pick(&["32", "24", "31"])?)),
        _ => {
            let length = 12 + u32::try_from(choices.below(20)).ok()?;
            block(length, choices.chance(70))
        }
    }
}

fn single(context: &Context, key: &str) -> Option<String> {
    match context.get(key)? {
        ContextValue::One(value) => Some(value.clone()),
        ContextValue::Many(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::Random;

    #[test]
    fn values_stand_in_every_form() {
        let mut random = Random::new(1);
        let mut context = Context::default();
        context.set("aws:EpochTime", ContextValue::One("1768478400".to_owned()));
        for (base, actual, expected) in [
            ("StringLike", "red", &["red", "r*", "r?d", "red?", "r.d", "", "re${*}", "r${$}d"][..]),
            ("StringLike", "r*$", &["r${*}${$}"]),
            ("StringEquals", "red", &["red", "r*", "r?d", "red ", "Red", "red${*}"]),
            ("NumericEquals", "5", &["5.0", "5.5", "+5", "-5", "05", "5x", "6", "4"]),
            (
                "DateEquals",
                "2026-01-15T12:00:00Z",
                &[
                    "2026-01-15T12:00Z",
                    "2026-01-15T12:00:00+01:00",
                    "2026-01-15T12:00:00.5Z",
                    "1768478400",
                    "2026-01-15",
                ],
            ),
            ("IpAddress", "203.0.113.10", &["0.0.0.0/0", "203.0.113.*", "203.0.113.128/25"]),
            (
                "ArnLike",
                "arn:aws:iam::1:role/App",
                &["arn:aws:iam::1?role/App", "arn:aws-cn:iam::1:role/App"],
            ),
            ("BinaryEquals", "QUJD", &["QUJD", "qUJD"]),
        ] {
            let seen: BTreeSet<_> =
                (0..2_000).filter_map(|_| of(base, actual, &context, &mut random)).collect();
            for form in expected {
                assert!(seen.contains(*form), "{base}: no `{form}` in {seen:?}");
            }
        }
    }
}
