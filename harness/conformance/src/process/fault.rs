//! Decides what is said of a process that failed, and which answer that makes.

use std::fmt;
use std::process::ExitStatus;
use std::time::Duration;

use kms_model::{Answer, Outcome};

/// The most characters of a process's words that are repeated.
const QUOTED: usize = 200;

/// How a process failed; the text says it to people.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Fault {
    /// It ended, or closed its output.
    Crash(String),
    /// It said what the protocol does not provide for.
    Garbage(String),
    /// It said nothing although it owed an answer.
    Timeout(String),
}

impl Fault {
    /// A process that closed its output; its status if it ended by itself.
    pub(super) fn ended(status: Option<ExitStatus>) -> Self {
        Self::Crash(match status {
            Some(status) => format!("ended with {status}"),
            None => "closed its standard output".to_owned(),
        })
    }

    /// A line that is none of the messages expected.
    pub(super) fn garbage(line: &str, why: impl fmt::Display) -> Self {
        let mut quoted = String::new();
        for c in line.chars().take(QUOTED) {
            match c {
                // Garbage is often almost JSON, which these would make hard to read.
                '"' | '\'' | '\\' => quoted.push(c),
                _ => quoted.extend(c.escape_debug()),
            }
        }
        if line.chars().nth(QUOTED).is_some() {
            quoted.push('…');
        }
        Self::Garbage(format!("printed `{quoted}`: {why}"))
    }

    /// A process that said nothing for so long.
    pub(super) fn silent(waited: Duration) -> Self {
        Self::Timeout(format!("no answer within {waited:?}"))
    }

    /// This fault with the end of what the process wrote to its standard error.
    #[must_use]
    pub(super) fn with_tail(mut self, tail: &str) -> Self {
        let (Self::Crash(text) | Self::Garbage(text) | Self::Timeout(text)) = &mut self;
        if !tail.is_empty() {
            *text = format!("{text}; its standard error ends with: {tail}");
        }
        self
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Self::Crash(text) | Self::Garbage(text) | Self::Timeout(text)) = self;
        f.write_str(text)
    }
}

impl From<Fault> for Answer {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Crash(error) => Outcome::Crash { error }.into(),
            Fault::Garbage(error) => Self::error(error),
            Fault::Timeout(error) => Outcome::Timeout { error }.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_makes_the_answer_named_like_it() {
        for (fault, word, text) in [
            (Fault::ended(None), "crash", "closed its standard output"),
            (Fault::silent(Duration::from_millis(1500)), "timeout", "no answer within 1.5s"),
            (Fault::garbage("\u{1b}\"'\\", "why"), "error", r#"printed `\u{1b}"'\`: why"#),
        ] {
            let fault = fault.with_tail("");
            assert_eq!(fault.to_string(), text);
            let (said, fault) =
                (format!("{word} ({text}; its standard error ends with: oh)"), fault.with_tail("oh"));
            assert_eq!(Answer::from(fault).outcome.to_string(), said);
        }
    }

    #[test]
    fn long_garbage_is_cut() {
        let text = Fault::garbage(&"é".repeat(QUOTED + 1), "why").to_string();
        assert_eq!(text, format!("printed `{}…`: why", "é".repeat(QUOTED)));
        let text = Fault::garbage(&"é".repeat(QUOTED), "why").to_string();
        assert_eq!(text, format!("printed `{}`: why", "é".repeat(QUOTED)));
    }
}
