//! Decides what `BinaryEquals` compares: IAM User Guide, "… Condition operators": bytes, which policy and request both
//! write in base64. Only the standard alphabet with padding is read; the page shows no other.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use kms_model::policy::Text;

use crate::compare::Compared;

/// The values of `BinaryEquals`; `None` for what is no base64.
#[derive(Debug)]
pub struct Binaries(Vec<Option<Vec<u8>>>);

impl Binaries {
    /// Reads the values.
    pub fn new(values: &[Text]) -> Self {
        Self(values.iter().map(|value| STANDARD.decode(&value.text).ok()).collect())
    }

    /// Compares.
    pub fn compare(&self, value: &str) -> Compared {
        let Ok(actual) = STANDARD.decode(value) else { return Compared::Unclear };
        Compared::any(self.0.iter().map(|wanted| Some(actual == *wanted.as_ref()?)))
    }
}
