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
        Self::Crash(status.map_or_else(|| "closed its standard output".to_owned(), ending))
    }

    /// A line of standard output that is none of the messages expected; the first line is 1.
    pub(super) fn garbage(number: usize, line: &str, why: impl fmt::Display) -> Self {
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
        Self::Garbage(format!("printed `{quoted}` in line {number} of its standard output: {why}"))
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

/// How a process ended, told by who ended it: itself, its own mistake, or somebody else.
fn ending(status: ExitStatus) -> String {
    #[cfg(unix)]
    if let Some(number) = std::os::unix::process::ExitStatusExt::signal(&status) {
        // The numbers of the signals that Linux and the BSDs share, and the bus error, which has two.
        const SIGXCPU: i32 = 24;
        const SIGBUS: i32 = if cfg!(target_os = "linux") { 7 } else { 10 };
        // What a program does to itself: an illegal instruction, a trap, an abort, a division by zero, a wild pointer.
        const MISTAKES: [i32; 6] = [4, 5, 6, SIGBUS, 8, 11];
        return match number {
            SIGXCPU => format!("was ended because it used up its processor time ({status})"),
            number if MISTAKES.contains(&number) => format!("crashed ({status})"),
            _ => format!("was killed ({status})"),
        };
    }
    match status.code() {
        Some(code) => format!("exited with status {code}"),
        None => format!("ended ({status})"),
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
            (
                Fault::garbage(7, "\u{1b}\"'\\", "why"),
                "error",
                r#"printed `\u{1b}"'\` in line 7 of its standard output: why"#,
            ),
        ] {
            let fault = fault.with_tail("");
            assert_eq!(fault.to_string(), text);
            let (said, fault) =
                (format!("{word} ({text}; its standard error ends with: oh)"), fault.with_tail("oh"));
            assert_eq!(Answer::from(fault).outcome.to_string(), said);
        }
    }

    #[cfg(unix)]
    #[test]
    fn an_exit_a_crash_and_a_kill_are_told_apart() {
        use std::os::unix::process::ExitStatusExt as _;
        // The upper byte of a wait status is the exit status, the lower one the signal.
        for (status, text) in [
            (0, "exited with status 0"),
            (3 << 8, "exited with status 3"),
            (6, "crashed (signal: 6 (SIGABRT))"),
            (11, "crashed (signal: 11 (SIGSEGV))"),
            (9, "was killed (signal: 9 (SIGKILL))"),
            (15, "was killed (signal: 15 (SIGTERM))"),
            (24, "was ended because it used up its processor time (signal: 24 (SIGXCPU))"),
        ] {
            assert_eq!(Fault::ended(Some(ExitStatus::from_raw(status))), Fault::Crash(text.to_owned()));
        }
    }

    #[test]
    fn long_garbage_is_cut() {
        for (count, cut) in [(QUOTED, ""), (QUOTED + 1, "…")] {
            let text = Fault::garbage(1, &"é".repeat(count), "why").to_string();
            let shown = "é".repeat(QUOTED);
            assert_eq!(text, format!("printed `{shown}{cut}` in line 1 of its standard output: why"));
        }
    }
}
