//! Decides what date operators compare: IAM User Guide, "… Condition operators", date condition operators: instants, in
//! the W3C profile of ISO 8601 or in seconds since 1970.

use jiff::Timestamp;
use kms_model::policy::Text;

use super::Compared;
use super::operator::Order;

/// The values of a date operator; `None` for what is no date.
#[derive(Debug)]
pub struct Dates {
    order: Order,
    values: Vec<Option<Timestamp>>,
}

impl Dates {
    /// Reads the values.
    pub fn new(order: Order, values: &[Text]) -> Self {
        Self { order, values: values.iter().map(|value| instant(&value.text)).collect() }
    }

    /// Compares.
    pub fn compare(&self, value: &str) -> Compared {
        let Some(actual) = instant(value) else { return Compared::Unclear };
        let compare = |wanted: &Option<Timestamp>| Some(self.order.admits(actual.cmp(wanted.as_ref()?)));
        Compared::any(self.values.iter().map(compare))
    }
}

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
        _ => has_time(&shape).then(|| text.parse().ok())?,
    }
}

/// Whether a text, its digits replaced by `0`, is a date with time and offset: `2026-01-15T10:00:30.5+02:00`.
fn has_time(shape: &str) -> bool {
    let Some(time) = shape.strip_prefix("0000-00-00T00:00") else { return false };
    let time = time.strip_prefix(":00").map_or(time, |time| match time.strip_prefix(".0") {
        Some(fraction) => fraction.trim_start_matches('0'),
        None => time,
    });
    matches!(time, "Z" | "+00:00" | "-00:00")
}
