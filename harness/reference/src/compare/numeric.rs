//! Decides what numeric operators compare: whole and decimal numbers, by their value. IAM User Guide, "… Condition
//! operators"; RAM User Guide, "Policy elements".

use std::str::FromStr;

use bigdecimal::BigDecimal;
use kms_model::policy::Text;

use super::{Compared, Order};

/// The values of a numeric operator; `None` for what is no number.
#[derive(Debug)]
pub struct Numbers {
    order: Order,
    values: Vec<Option<BigDecimal>>,
}

impl Numbers {
    /// Reads the values.
    pub fn new(order: Order, values: &[Text]) -> Self {
        Self { order, values: values.iter().map(|value| number(&value.text)).collect() }
    }

    /// Compares.
    pub fn compare(&self, value: &str) -> Compared {
        let Some(actual) = number(value) else { return Compared::Unclear };
        let compare = |wanted: &Option<BigDecimal>| Some(self.order.admits(actual.cmp(wanted.as_ref()?)));
        Compared::any(self.values.iter().map(compare))
    }
}

/// An optional sign and digits, optionally a point and digits. Other spellings are not documented; an exponent could
/// also ask for more digits than there is memory.
fn number(text: &str) -> Option<BigDecimal> {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let all_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !all_digits(whole) || !all_digits(fraction) {
        return None;
    }
    BigDecimal::from_str(text).ok()
}
