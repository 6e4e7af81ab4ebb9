//! Decides what `Bool` and `Null` compare: IAM User Guide, "… Condition operators"; RAM User Guide, "Policy elements".
//! The pages write `true` and `false` in lower case and do not say whether another case counts; here it does, so that a
//! Deny on `False` is no trap.

use kms_model::policy::Text;

use super::Compared;

/// The values of `Bool` or `Null`; `None` for what is no truth value.
#[derive(Debug)]
pub struct Booleans(Vec<Option<bool>>);

impl Booleans {
    /// Reads the values.
    pub fn new(values: &[Text]) -> Self {
        Self(values.iter().map(|value| boolean(&value.text)).collect())
    }

    /// Whether the value is among them.
    pub fn contain(&self, value: bool) -> bool {
        self.0.contains(&Some(value))
    }

    /// Compares.
    pub fn compare(&self, value: &str) -> Compared {
        let Some(actual) = boolean(value) else { return Compared::Unclear };
        Compared::any(self.0.iter().map(|wanted| Some(actual == (*wanted)?)))
    }
}

/// The truth value that a text names.
pub fn boolean(text: &str) -> Option<bool> {
    match text {
        _ if text.eq_ignore_ascii_case("true") => Some(true),
        _ if text.eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    }
}
