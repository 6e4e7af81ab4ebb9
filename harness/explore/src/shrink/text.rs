//! Decides how a document that is no JSON object is cut down: by its characters, since it has no parts.

use kms_model::json::{Limits, parse};

/// Whether a string of a question can only be a document with broken text.
pub fn is_broken_document(text: &str) -> bool {
    text.trim_start().starts_with(['{', '[']) && parse(text, Limits::default()).is_err()
}

/// Takes away as much of a text as `shows` allows, halves first and single characters last.
pub fn prune(text: &str, shows: &mut dyn FnMut(&str) -> bool) {
    let mut left: Vec<char> = text.chars().collect();
    let mut chunk = left.len() / 2;
    while chunk > 0 {
        let mut end = left.len();
        while end > 0 {
            let start = end.saturating_sub(chunk);
            let without: Vec<char> = left.iter().take(start).chain(left.iter().skip(end)).copied().collect();
            // A text that is no longer broken is a document of another kind.
            let shorter: String = without.iter().collect();
            if is_broken_document(&shorter) && shows(&shorter) {
                left = without;
            }
            end = start;
        }
        chunk /= 2;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_matters_of_a_broken_text_is_left() {
        let mut smallest = String::new();
        prune(
            r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow",,"Action":"kms:*"}]}"#,
            &mut |text| {
                let shows = text.contains(",,");
                if shows {
                    text.clone_into(&mut smallest);
                }
                shows
            },
        );
        assert_eq!(smallest, "{,,");
    }
}
