//! Decides which texts look like a text: a letter in the other case, a character more, less, or for another.

use crate::Choices;

/// A text cut in three: what stands before a character, the character, and what stands behind it.
pub type Cut<'a> = (&'a str, char, &'a str);

/// The text cut at one of the characters behind the first `from` bytes that are wanted.
pub fn cut<'a>(
    text: &'a str,
    from: usize,
    choices: &mut dyn Choices,
    is_wanted: fn(char) -> bool,
) -> Option<Cut<'a>> {
    let places: Vec<_> =
        text.char_indices().filter(|(at, character)| *at >= from && is_wanted(*character)).collect();
    let (at, character) = *choices.pick(&places)?;
    let (before, rest) = text.split_at_checked(at)?;
    Some((before, character, rest.get(character.len_utf8()..)?))
}

/// The text with `put` in place of one of its characters behind the first `from` bytes.
pub fn exchanged(text: &str, from: usize, put: &str, choices: &mut dyn Choices) -> Option<String> {
    let (before, _, after) = cut(text, from, choices, is_plain)?;
    Some(format!("{before}{put}{after}"))
}

/// The text with `put` among its characters, behind the first `from` bytes.
pub fn inserted(text: &str, from: usize, put: &str, choices: &mut dyn Choices) -> Option<String> {
    let (before, character, after) = cut(text, from, choices, is_plain)?;
    Some(format!("{before}{put}{character}{after}"))
}

/// The text with a letter behind the first `from` bytes in the other case.
pub fn other_case(text: &str, from: usize, choices: &mut dyn Choices) -> Option<String> {
    let (before, letter, after) = cut(text, from, choices, |letter| letter.is_ascii_alphabetic())?;
    let turned =
        if letter.is_ascii_uppercase() { letter.to_ascii_lowercase() } else { letter.to_ascii_uppercase() };
    Some(format!("{before}{turned}{after}"))
}

/// The beginning of the text, longer than `from` bytes.
pub fn beginning<'a>(text: &'a str, from: usize, choices: &mut dyn Choices) -> Option<&'a str> {
    cut(text, from + 1, choices, |_| true).map(|(before, ..)| before)
}

/// Whether a character stands for itself, in a pattern too.
fn is_plain(character: char) -> bool {
    !matches!(character, '*' | '?' | '$' | '{' | '}' | ':' | '/')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Replay;

    #[test]
    fn texts_are_changed_where_they_may_be() {
        let mut second = Replay::new(vec![1]);
        assert_eq!(exchanged("kms:Decrypt", 4, "?", &mut second).as_deref(), Some("kms:D?crypt"));
        let mut first = Replay::new(Vec::new());
        assert_eq!(inserted("kms:*ab", 4, "*", &mut first).as_deref(), Some("kms:**ab"));
        assert_eq!(other_case("1-aB", 3, &mut first).as_deref(), Some("1-ab"));
        assert_eq!(beginning("arn:x", 3, &mut first), Some("arn:"));
        assert_eq!(beginning("arn", 3, &mut first), None);
        assert_eq!(exchanged("kms:*", 4, "?", &mut first), None);
    }
}
