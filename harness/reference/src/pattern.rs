//! Decides whether a text fits a pattern with the wildcards `*` (any run of characters, also none) and `?` (exactly
//! one character): IAM User Guide, "IAM JSON policy elements: Action" and "… Resource"; RAM User Guide, "Policy structure
//! and syntax". Every other character stands for itself.

/// A piece of a pattern. The literals are owned in patterns of a policy, and borrowed once variables are filled in.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Piece<S> {
    /// This text.
    Literal(S),
    /// `?`
    One,
    /// `*`
    Run,
}

/// A pattern, cut into pieces so that a text filled in for a variable can never act as a wildcard.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Pattern(Vec<Piece<Box<str>>>);

impl Pattern {
    /// The pattern that `text` spells.
    pub fn new(text: &str) -> Self {
        Self(pieces(text))
    }

    /// Its pieces.
    pub fn pieces(&self) -> &[Piece<Box<str>>] {
        &self.0
    }

    /// Whether the whole of `text` fits.
    pub fn matches(&self, text: &str) -> bool {
        fits(&self.0, text)
    }
}

impl From<Vec<Piece<Box<str>>>> for Pattern {
    fn from(pieces: Vec<Piece<Box<str>>>) -> Self {
        Self(pieces)
    }
}

/// The pieces that `text` spells.
pub fn pieces(text: &str) -> Vec<Piece<Box<str>>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(wildcard) = rest.chars().next() {
        let end = match wildcard {
            '*' | '?' => 1,
            _ => rest.find(['*', '?']).unwrap_or(rest.len()),
        };
        let (piece, after) = rest.split_at(end);
        pieces.push(match wildcard {
            '*' => Piece::Run,
            '?' => Piece::One,
            _ => Piece::Literal(piece.into()),
        });
        rest = after;
    }
    pieces
}

/// Whether the whole of `text` fits the pieces.
///
/// Greedy: where a piece does not fit, the last `*` takes one character more. An earlier `*` never has to be tried
/// again, since what stood between the two was found at the first place possible; so the time is at most the product
/// of the lengths, and no memory is needed.
pub fn fits<S: AsRef<str>>(pieces: &[Piece<S>], text: &str) -> bool {
    let (mut pieces, mut text) = (pieces, text);
    let mut last_run: Option<(&[Piece<S>], &str)> = None;
    loop {
        let taken = match pieces {
            [] => text.is_empty().then_some((pieces, text)),
            [Piece::Run] => return true,
            [Piece::Run, after @ ..] => {
                last_run = Some((after, text));
                Some((after, text))
            }
            [Piece::One, after @ ..] => without_first(text).map(|rest| (after, rest)),
            [Piece::Literal(literal), after @ ..] => {
                text.strip_prefix(literal.as_ref()).map(|rest| (after, rest))
            }
        };
        match taken {
            Some(([], "")) => return true,
            Some(next) => (pieces, text) = next,
            None => {
                let Some((after, tried)) = last_run else { return false };
                let Some(rest) = without_first(tried).and_then(|rest| candidate(after, rest)) else {
                    return false;
                };
                last_run = Some((after, rest));
                (pieces, text) = (after, rest);
            }
        }
    }
}

/// The rest of the text from where the pieces can begin to fit; a literal can only where its first byte stands.
fn candidate<'a, S: AsRef<str>>(pieces: &[Piece<S>], text: &'a str) -> Option<&'a str> {
    let Some(Piece::Literal(literal)) = pieces.first() else { return Some(text) };
    let Some(first) = literal.as_ref().bytes().next() else { return Some(text) };
    text.get(text.bytes().position(|byte| byte == first)?..)
}

/// The text without its first character, unless it is empty.
fn without_first(text: &str) -> Option<&str> {
    let mut characters = text.chars();
    characters.next().map(|_| characters.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards_match_whole_texts() {
        for (pattern, text, expected) in [
            ("", "", true),
            ("", "a", false),
            ("*", "", true),
            ("*", "a:b/c\n", true),
            ("**", "", true),
            ("a*", "a", true),
            ("a?", "a", false),
            ("a?", "a/", true),
            ("?*?", "a", false),
            ("?*?", "ab", true),
            ("*bc", "abcbc", true),
            ("*b*d", "abcbcd", true),
            ("*b?d*", "abcbcdd", true),
            ("b", "abc", false),
            ("é?", "éü", true),
            ("??", "é", false),
            ("a.c", "abc", false),
            ("[ab]", "a", false),
            ("a*b*c*d", "aXbXcXe", false),
        ] {
            assert_eq!(Pattern::new(pattern).matches(text), expected, "{pattern:?} on {text:?}");
        }
    }

    #[test]
    fn agrees_with_another_matcher_on_random_texts() {
        let mut state = 0x2545_f491_4f6c_dd1d_u64;
        let mut random = |bound: usize| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            usize::try_from(state >> 33).unwrap() % bound
        };
        let mut agreed = [0, 0];
        for _ in 0..50_000 {
            let mut word = |alphabet: &[char], longest: usize| -> String {
                (0..random(longest)).map(|_| alphabet[random(alphabet.len())]).collect()
            };
            let pattern = word(&['a', 'b', 'é', '*', '?', '*'], 9);
            let text = word(&['a', 'b', 'é'], 12);
            let matches = Pattern::new(&pattern).matches(&text);
            assert_eq!(
                matches,
                wildmatch::WildMatch::new(&pattern).matches(&text),
                "{pattern:?} on {text:?}"
            );
            agreed[usize::from(matches)] += 1;
        }
        assert!(agreed.iter().all(|count| *count > 5_000), "{agreed:?}");
    }

    #[test]
    fn many_runs_take_no_exponential_time() {
        let pattern = Pattern::new(&"*a".repeat(500));
        assert!(!pattern.matches(&format!("{}b", "a".repeat(2_000))));
    }
}
