//! Decides which characters a policy may hold, and how many bytes: KMS Developer Guide, "Key policies in AWS KMS"; the
//! pattern of policy documents in the IAM API Reference is the same.

use kms_model::json::{Limits, Node, Span, Value, parse};
use kms_model::shape::Problem;

/// Reports a text of more than `most` bytes. The guide speaks of bytes: characters are not counted, white space is.
pub fn check_size(text: &str, most: usize, problems: &mut Vec<Problem>) {
    if text.len() > most {
        let message = format!("a policy of this type has at most {most} bytes, not {}", text.len());
        problems.push(Problem::new(Span { start: most, end: text.len() }, message));
    }
}

/// Reports a text of more than `most` characters besides white space.
pub fn check_count(text: &str, most: usize, problems: &mut Vec<Problem>) {
    let count = text.chars().filter(|character| !character.is_ascii_whitespace()).count();
    if count > most {
        let message =
            format!("a policy of this type has at most {most} characters besides white space, not {count}");
        problems.push(Problem::new(Span { start: 0, end: text.len() }, message));
    }
}

/// Reports characters that the text cannot hold. One that is written as an escape counts as itself: the guide says
/// that a value with other characters cannot be expressed in a policy.
pub fn check(text: &str, problems: &mut Vec<Problem>) {
    if let Some((at, character)) = text.char_indices().find(|(_, character)| !is_allowed(*character)) {
        problems.push(refusal(Span { start: at, end: at + character.len_utf8() }, character));
    } else if let Ok(node) = parse(text, Limits::default()) {
        check_strings(&node, problems);
    }
}

fn check_strings(node: &Node, problems: &mut Vec<Problem>) {
    let mut check = |text: &str, span: Span| {
        if let Some(character) = text.chars().find(|character| !is_allowed(*character)) {
            problems.push(refusal(span, character));
        }
    };
    match &node.value {
        Value::String(text) => check(text, node.span),
        Value::Array(elements) => elements.iter().for_each(|element| check_strings(element, problems)),
        Value::Object(members) => {
            for member in members {
                check(&member.name, member.name_span);
            }
            members.iter().for_each(|member| check_strings(&member.node, problems));
        }
        Value::Bool(_) | Value::Null | Value::Number(_) => {}
    }
}

fn refusal(span: Span, character: char) -> Problem {
    let code = u32::from(character);
    Problem::new(span, format!("a policy cannot hold the character U+{code:04X}"))
}

/// Basic Latin and Latin-1 Supplement. The guide says printable, the pattern in the API Reference takes the controls
/// from U+007F to U+009F as well.
fn is_allowed(character: char) -> bool {
    matches!(character, '\t' | '\n' | '\r' | ' '..='\u{ff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_past_latin_1_are_refused_however_they_are_written() {
        for (text, accepted) in [
            ("{\"a\":\"\u{fc}\u{ff}\u{85}\"}\r\n\t", true), // kms.key-policy.format.charset
            ("{\"a\":\"\u{100}\"}", false),
            ("{\"\u{653f}\":1}", false),
            (r#"{"a":"\u00fc"}"#, true),
            (r#"{"a":"\u653f"}"#, false),
            (r#"{"a":["\u0000"]}"#, false),
            (r#"{"\u001b":1}"#, false),
        ] {
            let mut problems = Vec::new();
            check(text, &mut problems);
            assert_eq!(problems.is_empty(), accepted, "{text:?}");
        }
    }

    #[test]
    fn bytes_are_counted() {
        // kms.key-policy.format.max-32768-bytes, …size-counts-bytes
        let mut problems = Vec::new();
        check_size("éé", 4, &mut problems);
        assert!(problems.is_empty());
        check_size("ééa", 4, &mut problems);
        assert_eq!(problems[0].message, "a policy of this type has at most 4 bytes, not 5");
    }
}
