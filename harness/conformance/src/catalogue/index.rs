//! Decides how the catalogue is listed: a line a check, so that a change of any question or expectation shows.

use std::fmt::Write as _;

use sha2::{Digest, Sha256};

use super::Catalogue;

/// The index: id, requirements, expectation and digest of the question, between tabs.
pub fn index(catalogue: &Catalogue) -> String {
    let mut text = String::from("id\trequirements\texpectation\tquestion\n");
    for check in catalogue.checks() {
        let requirements = check.requirements.join(" ");
        let digest = digest(&check.question.to_line());
        let _ = writeln!(text, "{}\t{requirements}\t{}\t{digest}", check.id, check.expectation);
    }
    text
}

/// The first 16 hexadecimal digits of the SHA-256 of a text.
pub fn digest(text: &str) -> String {
    let mut digits = String::new();
    for byte in Sha256::digest(text.as_bytes()).iter().take(8) {
        let _ = write!(digits, "{byte:02x}");
    }
    digits
}
