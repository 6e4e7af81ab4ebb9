//! Decides which instant a date names: IAM User Guide, "… Condition operators", date condition operators: the W3C profile
//! of ISO 8601, or seconds since 1970.

use jiff::Timestamp;

use crate::compare::date::with_offset;

/// The instant that a text names. A date without time is its first instant in UTC, as is a month or a year; the page
/// does not say. Four digits are a year, any other number counts seconds.
pub fn instant(text: &str) -> Option<Timestamp> {
    let shape: String =
        text.chars().map(|character| if character.is_ascii_digit() { '0' } else { character }).collect();
    match shape.as_str() {
        "0000" => format!("{text}-01-01T00:00Z").parse().ok(),
        "0000-00" => format!("{text}-01T00:00Z").parse().ok(),
        "0000-00-00" => format!("{text}T00:00Z").parse().ok(),
        _ if shape.strip_prefix('-').unwrap_or(&shape).bytes().all(|byte| byte == b'0') => {
            Timestamp::from_second(text.parse().ok()?).ok()
        }
        _ => with_offset(text),
    }
}
