//! Decides how a command line falls into words: by the quoting rules of a POSIX shell, and nothing else of a shell.

use super::ProcessError;

/// The words of a command line.
pub(super) fn split(line: &str) -> Result<Vec<String>, ProcessError> {
    let mut words = Vec::new();
    // `Some` inside a word: `''` is a word although it has no character.
    let mut word: Option<String> = None;
    let mut rest = line.chars();
    while let Some(c) = rest.next() {
        match c {
            c if c.is_ascii_whitespace() => words.extend(word.take()),
            '\'' | '"' => quoted(c, &mut rest, word.get_or_insert_default())?,
            '\\' => word.get_or_insert_default().push(rest.next().ok_or(ProcessError::OpenEscape)?),
            c => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    Ok(words)
}

/// Reads up to the closing quote. Between double quotes a backslash takes the meaning off `"`, `\`, `$` and `` ` ``
/// and stands for itself before all else; between single quotes it always stands for itself.
fn quoted(quote: char, rest: &mut std::str::Chars<'_>, word: &mut String) -> Result<(), ProcessError> {
    while let Some(c) = rest.next() {
        match c {
            c if c == quote => return Ok(()),
            '\\' if quote == '"' => match rest.next().ok_or(ProcessError::OpenQuote(quote))? {
                escaped @ ('"' | '\\' | '$' | '`') => word.push(escaped),
                other => word.extend(['\\', other]),
            },
            c => word.push(c),
        }
    }
    Err(ProcessError::OpenQuote(quote))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_those_that_a_shell_would_pass_on() {
        for (line, words) in [
            ("node index.js --x", &["node", "index.js", "--x"][..]),
            ("  a \t b\n", &["a", "b"]),
            (r#"a "b c" 'd e'"#, &["a", "b c", "d e"]),
            (r#"a b" "c' 'd"#, &["a", "b c d"]),
            (r#"a "" ''"#, &["a", "", ""]),
            (r"a\ b \'c \\", &["a b", "'c", r"\"]),
            (r#""\" \\ \$ \` \n" '\'"#, &[r#"" \ $ ` \n"#, r"\"]),
            ("$HOME *.js | cat", &["$HOME", "*.js", "|", "cat"]),
            ("é ü", &["é", "ü"]),
            ("", &[]),
        ] {
            assert_eq!(split(line).unwrap(), words, "{line}");
        }
    }

    #[test]
    fn what_is_left_open_is_refused() {
        for (line, error) in [
            ("a 'b", ProcessError::OpenQuote('\'')),
            (r#"a "b"#, ProcessError::OpenQuote('"')),
            (r#"a "b\"#, ProcessError::OpenQuote('"')),
            (r#"a "b\""#, ProcessError::OpenQuote('"')),
            (r"a b\", ProcessError::OpenEscape),
        ] {
            assert_eq!(split(line), Err(error), "{line}");
        }
    }
}
