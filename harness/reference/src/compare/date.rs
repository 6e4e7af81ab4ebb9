//! Decides what date operators compare: instants. Which texts name one, each dialect says.

use jiff::Timestamp;
use kms_model::policy::Text;

use super::{Compared, Order};

/// The values of a date operator; `None` for what is no date.
#[derive(Debug)]
pub struct Dates {
    order: Order,
    instant: fn(&str) -> Option<Timestamp>,
    values: Vec<Option<Timestamp>>,
}

impl Dates {
    /// Reads the values by `instant`, by which request values will be read as well.
    pub fn new(order: Order, values: &[Text], instant: fn(&str) -> Option<Timestamp>) -> Self {
        Self { order, instant, values: values.iter().map(|value| instant(&value.text)).collect() }
    }

    /// Compares.
    pub fn compare(&self, value: &str) -> Compared {
        let Some(actual) = (self.instant)(value) else { return Compared::Unclear };
        let compare = |wanted: &Option<Timestamp>| Some(self.order.admits(actual.cmp(wanted.as_ref()?)));
        Compared::any(self.values.iter().map(compare))
    }
}

/// The instant of a date with time and offset: `2026-01-15T10:00:30.5+02:00`, `2026-01-15T10:00Z`.
pub fn with_offset(text: &str) -> Option<Timestamp> {
    let shape: String =
        text.chars().map(|character| if character.is_ascii_digit() { '0' } else { character }).collect();
    let time = shape.strip_prefix("0000-00-00T00:00")?;
    let time = time.strip_prefix(":00").map_or(time, |time| match time.strip_prefix(".0") {
        Some(fraction) => fraction.trim_start_matches('0'),
        None => time,
    });
    matches!(time, "Z" | "+00:00" | "-00:00").then(|| text.parse().ok())?
}
