//! Decides how an identifier is renamed throughout a question: an account, a key or the name of a user or role, wherever it
//! stands as a whole. Where a pattern may cover a part of it, or it also stands in another letter case or for something
//! else, it is left alone.

use kms_model::Question;
use kms_model::question::Authorize;

use super::build::request;
use super::{Variation, compare};
use crate::Choices;
use crate::edit::pick;

/// An identifier that names something, and the words that may stand before it.
#[derive(Debug)]
struct Identifier<'a> {
    text: &'a str,
    /// What must stand before it wherever it is not a whole text; nothing for those that cannot be mistaken.
    after: &'static [&'static str],
}

pub fn identifiers(question: &Question, choices: &mut dyn Choices) -> Option<Variation> {
    let ask = request(question)?;
    let line = question.to_line();
    let lower = line.to_lowercase();
    let mut found = identifiers_of(ask);
    let in_order = compares_in_order(&lower);
    found.retain(|one| is_renamable(one, &line, &lower) && !(in_order && is_number(one.text)));
    let Identifier { text, .. } = pick(found, choices)?;
    let other = another(text, &lower, choices)?;
    if has_partial_pattern(&lower, text) || has_partial_pattern(&lower, &other) {
        return None;
    }
    let varied = Question::parse(&line.replace(text, &other)).ok()?;
    Some(Variation { questions: vec![varied], holds: compare::same })
}

fn identifiers_of(ask: &Authorize) -> Vec<Identifier<'_>> {
    const NAMES: &[&str] = &["user/", "role/", "assumed-role/", "group/", "federated-user/"];
    let mut found = Vec::new();
    let accounts = ask.authorizations.iter().map(|one| one.resource.account.as_str());
    let accounts = accounts.chain(ask.caller.account.as_deref());
    let is_account = |text: &&str| text.len() >= 12 && is_number(text);
    found.extend(accounts.filter(is_account).map(|text| Identifier { text, after: &[] }));
    for one in &ask.authorizations {
        let key = one.resource.arn.rsplit_once("key/").map(|(_, id)| id);
        found.extend(key.filter(|id| id.len() > 20).map(|text| Identifier { text, after: &[] }));
    }
    let named = |arn: &'_ str| arn.rsplit_once('/').map(|(_, name)| name.len());
    for arn in [&ask.caller.arn, &ask.caller.issuer].into_iter().flatten() {
        let name = named(arn).and_then(|length| arn.get(arn.len() - length..));
        let linked = |name: &str| name.to_lowercase().contains("servicerolefor");
        let name = name.filter(|name| name.len() > 2 && !linked(name) && !arn.contains("assumed-role/"));
        found.extend(name.map(|text| Identifier { text, after: NAMES }));
    }
    found
}

/// Whether a condition compares numbers or dates: the id of an account is either, and another is greater or less.
fn compares_in_order(lower: &str) -> bool {
    const OPERATORS: &[&str] = &["numeric", "dateequals", "datenotequals", "datelessthan", "dategreaterthan"];
    OPERATORS.iter().any(|operator| lower.contains(operator))
}

fn is_number(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether the identifier stands as a whole wherever it stands, in one letter case, and for one thing.
fn is_renamable(one: &Identifier<'_>, line: &str, lower: &str) -> bool {
    let plain = one.text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    let whole = |at: usize| {
        let end = at + one.text.len();
        let before = line.get(..at).unwrap_or_default();
        let after = line.get(end..).unwrap_or_default();
        let is_text = before.ends_with('"') && after.starts_with('"') && !after.starts_with("\":");
        let follows = one.after.iter().any(|word| before.ends_with(word));
        !before.ends_with(is_part)
            && !after.starts_with(is_part)
            && (one.after.is_empty() || is_text || follows)
    };
    let count = line.match_indices(one.text).count();
    plain
        && count == lower.match_indices(&one.text.to_lowercase()).count()
        && line.match_indices(one.text).all(|(at, _)| whole(at))
}

/// Whether a character goes on with an identifier.
fn is_part(character: char) -> bool {
    character.is_alphanumeric() || "-_.*?".contains(character)
}

/// Another identifier of the same length and kind that stands nowhere in the question.
fn another(text: &str, lower: &str, choices: &mut dyn Choices) -> Option<String> {
    let step = 1 + u8::try_from(choices.below(8)).unwrap_or_default();
    let turned = |byte: u8| match byte {
        b'0'..=b'9' => b'0' + (byte - b'0' + step) % 10,
        b'a'..=b'f' => b'a' + (byte - b'a' + step) % 6,
        b'g'..=b'z' => b'g' + (byte - b'g' + step) % 20,
        b'A'..=b'Z' => b'A' + (byte - b'A' + step) % 26,
        other => other,
    };
    let other: String = text.bytes().map(|byte| char::from(turned(byte))).collect();
    (other != text && !lower.contains(&other.to_lowercase())).then_some(other)
}

/// Whether a word with a wildcard in it has a piece of the identifier.
fn has_partial_pattern(lower: &str, identifier: &str) -> bool {
    let identifier = identifier.to_lowercase();
    let lower = without_variables(lower);
    let words = lower.split(|character: char| character != VARIABLE && !is_part(character));
    let mut patterns = words.filter(|word| word.contains(['*', '?', VARIABLE]));
    patterns.any(|word| {
        let bare = word.bytes().all(|byte| byte == b'*') || word.chars().eq([VARIABLE]);
        let mut pieces = word.split(['*', '?']).filter(|piece| !piece.is_empty());
        let is_open = word.bytes().all(|byte| byte == b'*' || byte == b'?') || word.contains(VARIABLE);
        !bare && (is_open || pieces.any(|piece| identifier.contains(piece)))
    })
}

/// What stands for a variable: its value may be a part of a word, too.
const VARIABLE: char = '\u{1}';

fn without_variables(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${") {
        out.push_str(before);
        out.push(VARIABLE);
        rest = after.split_once('}').map_or("", |(_, after)| after);
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_that_cover_a_part_are_seen() {
        for (line, partial) in [
            (r#""arn:aws:kms:*:111122223333:key/*""#, false),
            (r#""kms:*""#, false),
            (r#""arn:aws:iam::1111*:root""#, true),
            (r#""????????????""#, true),
            (r#""*3333""#, true),
            (r#""kms:generate*""#, false),
            (r#""arn:aws:iam::${aws:principalaccount}:user/*""#, false),
            (r#""arn:aws:iam::${aws:principaltag/start}*:root""#, true),
            (r#""arn:aws:iam::${aws:principaltag/start}22223333:root""#, true),
        ] {
            assert_eq!(has_partial_pattern(line, "111122223333"), partial, "{line}");
        }
    }

    #[test]
    fn names_that_stand_for_something_else_are_left_alone() {
        for (line, expected) in [
            (r#"{"arn":"arn:aws:iam::1:user/alice","u":"alice"}"#, true),
            (r#"{"arn":"arn:aws:iam::1:user/alice","alice":"x"}"#, false),
            (r#"{"arn":"arn:aws:iam::1:user/alice","u":"key/alice"}"#, false),
            (r#"{"arn":"arn:aws:iam::1:user/alice","u":"malice"}"#, false),
            (r#"{"arn":"arn:aws:iam::1:user/alice","u":"ALICE"}"#, false),
        ] {
            let one = Identifier { text: "alice", after: &["user/"] };
            assert_eq!(is_renamable(&one, line, &line.to_lowercase()), expected, "{line}");
        }
    }
}
