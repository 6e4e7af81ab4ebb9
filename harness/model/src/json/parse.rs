//! Decides whether a text is JSON (RFC 8259), and where it stops being.

use super::plain::until_end;
use super::tape::{Tape, Token};
use super::{Json as _, Kind, Node, Span};

/// How much the reader takes on.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Levels of lists and objects inside one another.
    pub depth: usize,
    /// Bytes of text.
    pub bytes: usize,
}

impl Default for Limits {
    /// 128 levels, 16 MiB.
    fn default() -> Self {
        Self { depth: 128, bytes: 16 << 20 }
    }
}

/// Why a text is not JSON, and where.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{message}")]
pub struct SyntaxError {
    /// Offset of the byte at which the text stops being JSON.
    pub offset: usize,
    /// What is wrong there.
    pub message: String,
}

/// Reads a text that holds one JSON value.
///
/// # Errors
/// When the text is not JSON, nests deeper or is longer than `limits` say.
pub fn parse(text: &str, limits: Limits) -> Result<Node, SyntaxError> {
    Ok(Tape::read(text, limits)?.root().to_node())
}

/// The tokens of a text that holds one JSON value.
///
/// # Errors
/// Those of [`parse`].
pub(super) fn tokens(text: &str, limits: Limits) -> Result<Vec<Token>, SyntaxError> {
    // In a question, a token takes seven bytes on average.
    let tokens = Vec::with_capacity((text.len() / 7).min(1 << 10));
    let mut parser = Parser { text, at: 0, depth: 0, limits, tokens };
    if text.len() > limits.bytes {
        return Err(parser.error_at(limits.bytes, format!("longer than {} bytes", limits.bytes)));
    }
    parser.skip_space();
    parser.value()?;
    parser.skip_space();
    match parser.peek() {
        None => Ok(parser.tokens),
        Some(_) => Err(parser.error("expected the end of the text after the first value")),
    }
}

/// Reads bytes that should be UTF-8 text holding one JSON value.
///
/// # Errors
/// As [`parse`], and when the bytes are not UTF-8.
pub fn parse_bytes(bytes: &[u8], limits: Limits) -> Result<(&str, Node), SyntaxError> {
    let text = std::str::from_utf8(bytes)
        .map_err(|error| SyntaxError { offset: error.valid_up_to(), message: "not UTF-8 text".to_owned() })?;
    Ok((text, parse(text, limits)?))
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
    limits: Limits,
    tokens: Vec<Token>,
}

impl Parser<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn eat(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        if found {
            self.at += 1;
        }
        found
    }

    fn skip_space(&mut self) {
        // What is written compactly has none.
        while let Some(byte @ ..=b' ') = self.peek() {
            if !matches!(byte, b' ' | b'\t' | b'\n' | b'\r') {
                break;
            }
            self.at += 1;
        }
    }

    fn error(&self, message: impl Into<String>) -> SyntaxError {
        self.error_at(self.at, message)
    }

    fn error_at(&self, offset: usize, message: impl Into<String>) -> SyntaxError {
        SyntaxError { offset, message: message.into() }
    }

    /// What stands at the current place, for messages.
    fn found(&self) -> String {
        match self.text.get(self.at..).and_then(|rest| rest.chars().next()) {
            Some(character) => format!("`{}`", character.escape_debug()),
            None => "the end of the text".to_owned(),
        }
    }

    fn value(&mut self) -> Result<(), SyntaxError> {
        match self.peek() {
            Some(b'{') => self.nested(Kind::Object),
            Some(b'[') => self.nested(Kind::Array),
            Some(b'"') => self.string(),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b't') => self.word("true", Kind::Bool),
            Some(b'f') => self.word("false", Kind::Bool),
            Some(b'n') => self.word("null", Kind::Null),
            _ => Err(self.error(format!("expected a value, found {}", self.found()))),
        }
    }

    /// Notes a value that begins at `start`, ends here and holds no other.
    fn note(&mut self, kind: Kind, escaped: bool, start: usize) {
        self.tokens.push(Token { kind, escaped, span: Span { start, end: self.at }, inner: 0 });
    }

    fn nested(&mut self, kind: Kind) -> Result<(), SyntaxError> {
        if self.depth == self.limits.depth {
            return Err(self.error(format!("nested deeper than {} levels", self.limits.depth)));
        }
        let place = self.tokens.len();
        self.note(kind, false, self.at);
        self.depth += 1;
        self.at += 1;
        self.skip_space();
        if kind == Kind::Object {
            self.object()?
        } else {
            self.array()?
        }
        self.depth -= 1;
        let inner = self.tokens.len() - place - 1;
        if let Some(token) = self.tokens.get_mut(place) {
            token.span.end = self.at;
            token.inner = inner;
        }
        Ok(())
    }

    fn object(&mut self) -> Result<(), SyntaxError> {
        if self.eat(b'}') {
            return Ok(());
        }
        loop {
            if self.peek() != Some(b'"') {
                return Err(self.error(format!("expected a member name in quotes, found {}", self.found())));
            }
            self.string()?;
            self.skip_space();
            if !self.eat(b':') {
                return Err(self.error(format!("expected `:` after the member name, found {}", self.found())));
            }
            self.skip_space();
            self.value()?;
            self.skip_space();
            if self.eat(b'}') {
                return Ok(());
            }
            if !self.eat(b',') {
                return Err(self.error(format!("expected `,` or `}}`, found {}", self.found())));
            }
            self.skip_space();
        }
    }

    fn array(&mut self) -> Result<(), SyntaxError> {
        if self.eat(b']') {
            return Ok(());
        }
        loop {
            self.value()?;
            self.skip_space();
            if self.eat(b']') {
                return Ok(());
            }
            if !self.eat(b',') {
                return Err(self.error(format!("expected `,` or `]`, found {}", self.found())));
            }
            self.skip_space();
        }
    }

    fn word(&mut self, word: &str, kind: Kind) -> Result<(), SyntaxError> {
        let start = self.at;
        if self.text.get(start..).is_some_and(|rest| rest.starts_with(word)) {
            self.at += word.len();
            self.note(kind, false, start);
            return Ok(());
        }
        Err(self.error(format!("expected a value, found {}", self.found())))
    }

    fn number(&mut self) -> Result<(), SyntaxError> {
        let start = self.at;
        self.eat(b'-');
        if !self.eat(b'0') {
            self.digits()?;
        }
        if self.eat(b'.') {
            self.digits()?;
        }
        if self.eat(b'e') || self.eat(b'E') {
            if !self.eat(b'+') {
                self.eat(b'-');
            }
            self.digits()?;
        }
        self.note(Kind::Number, false, start);
        Ok(())
    }

    fn digits(&mut self) -> Result<(), SyntaxError> {
        let start = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        if self.at == start {
            return Err(self.error(format!("expected a digit, found {}", self.found())));
        }
        Ok(())
    }

    fn string(&mut self) -> Result<(), SyntaxError> {
        let open = self.at;
        self.at += 1;
        let mut escaped = false;
        loop {
            let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
            self.at += until_end(rest);
            match self.peek() {
                None => return Err(self.error_at(open, "this string is not closed")),
                Some(b'"') => {
                    self.at += 1;
                    self.note(Kind::String, escaped, open);
                    return Ok(());
                }
                Some(b'\\') => {
                    self.escape()?;
                    escaped = true;
                }
                Some(_) => return Err(self.error("a control character in a string must be escaped")),
            }
        }
    }

    fn escape(&mut self) -> Result<char, SyntaxError> {
        let start = self.at;
        self.at += 1;
        let byte = self.peek();
        self.at += 1;
        Ok(match byte {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                let high = self.hex(start)?;
                let code = match high {
                    0xd800..=0xdbff if self.eat(b'\\') && self.eat(b'u') => match self.hex(start)? {
                        low @ 0xdc00..=0xdfff => 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00),
                        _ => high,
                    },
                    _ => high,
                };
                char::from_u32(code)
                    .ok_or_else(|| self.error_at(start, "half of a surrogate pair is not a character"))?
            }
            _ => return Err(self.error_at(start, "unknown escape in a string")),
        })
    }

    fn hex(&mut self, start: usize) -> Result<u32, SyntaxError> {
        let digits = self.text.get(self.at..self.at + 4).filter(|d| d.bytes().all(|b| b.is_ascii_hexdigit()));
        let code = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok());
        self.at += 4;
        code.ok_or_else(|| self.error_at(start, "`\\u` needs four hexadecimal digits"))
    }
}

/// What stands between the quotes of a string that was read, unescaped.
pub(super) fn unescape(text: &str) -> String {
    let mut parser = Parser { text, at: 0, depth: 0, limits: Limits::default(), tokens: Vec::new() };
    let mut plain = String::with_capacity(text.len());
    while let Some(rest) = text.get(parser.at..).filter(|rest| !rest.is_empty()) {
        let length = rest.find('\\').unwrap_or(rest.len());
        plain.push_str(rest.get(..length).unwrap_or_default());
        parser.at += length;
        if length < rest.len() {
            // INVARIANT: the escapes of a string that was read are good.
            plain.extend(parser.escape());
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::{Position, compact};

    /// Texts on which we and serde_json must agree: both read, to the same value, or both refuse.
    const TEXTS: &[&str] = &[
        "{}",
        "[]",
        "null",
        " true ",
        "[1,2.5,-0,1e9,1E+2,0.1e-3]",
        r#"{"a":{"b":[{}]}}"#,
        r#""é\u00e9\n\/\"""#,
        r#""\ud83d\ude00""#,
        r#""\ud83d""#,
        r#""\ude00""#,
        r#""\ud83dx""#,
        "01",
        "1.",
        ".5",
        "+1",
        "1e",
        "-",
        "tru",
        "[1,]",
        "{\"a\":1,}",
        "{a:1}",
        "{'a':1}",
        "[1 2]",
        "{\"a\" 1}",
        "{}{}",
        "",
        "  ",
        "\"\t\"",
        "\"\\x\"",
        "\"\\u12g4\"",
        "\"abc",
        "[",
        "{\"a\":",
        "\u{feff}{}",
        "// c\n{}",
        "NaN",
        "\"\u{7f}\"",
        "{\"\":0}",
        "\"\\u0000\"",
    ];

    #[test]
    fn agrees_with_serde_json() {
        for text in TEXTS {
            let ours = parse(text, Limits::default());
            let theirs = serde_json::from_str::<serde_json::Value>(text);
            assert_eq!(ours.is_ok(), theirs.is_ok(), "{text}: {ours:?} {theirs:?}");
            if let (Ok(ours), Ok(theirs)) = (ours, theirs) {
                let again: serde_json::Value = serde_json::from_str(&compact(&ours)).unwrap();
                assert_eq!(again, theirs, "{text}");
            }
        }
    }

    #[test]
    fn keeps_order_and_duplicates() {
        let node = parse(r#"{"b":1,"a":2,"b":3}"#, Limits::default()).unwrap();
        let names: Vec<_> = node.members().unwrap().iter().map(|m| m.name.as_str()).collect();
        assert_eq!(names, ["b", "a", "b"]);
        assert!(!node.is_portable());
    }

    #[test]
    fn spans_give_the_exact_text() {
        let text = "{ \"é\" :\t[ 10 , \"x\\n\" ] }";
        let node = parse(text, Limits::default()).unwrap();
        let list = node.get("é").unwrap();
        assert_eq!(&text[list.span.start..list.span.end], "[ 10 , \"x\\n\" ]");
        let last = &list.elements().unwrap()[1];
        assert_eq!(&text[last.span.start..last.span.end], "\"x\\n\"");
    }

    #[test]
    fn refuses_depth_and_size_without_overflow() {
        let deep = "[".repeat(10_000);
        assert!(parse(&deep, Limits::default()).unwrap_err().message.contains("128 levels"));
        let long = " ".repeat(100);
        assert!(parse(&long, Limits { bytes: 99, ..Limits::default() }).is_err());
    }

    #[test]
    fn names_the_place_of_an_error() {
        let text = "{\n  \"ä\": 1,\n  \"é\", 2 }";
        let error = parse(text, Limits::default()).unwrap_err();
        assert_eq!(Position::of(text, error.offset), Position { line: 3, column: 6 });
        assert_eq!(error.message, "expected `:` after the member name, found `,`");
    }

    #[test]
    fn refuses_bytes_that_are_not_utf8() {
        assert_eq!(parse_bytes(b"{\"a\": \"\xff\"}", Limits::default()).unwrap_err().offset, 7);
    }
}
