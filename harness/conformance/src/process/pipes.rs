//! Decides how the three pipes of a process are served, each by a thread of its own, so that neither a process that
//! does not read nor one that does not stop writing can block the harness.
//!
//! No thread is waited for: a program that escaped its group may hold a pipe open for as long as it likes.

use std::collections::VecDeque;
use std::io::{self, BufRead, BufReader, Read, Write as _};
use std::process::{ChildStderr, ChildStdin, ChildStdout};
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use kms_model::wire::MAX_LINE;

/// Batches of lines that are read ahead.
const AHEAD: usize = 16;
/// The most lines that are handed over at once.
const BATCH: usize = 256;
/// How much of standard error is kept, in bytes.
const TAIL: usize = 4096;
/// How long the rest of standard error is waited for after a process has ended.
const TAIL_PATIENCE: Duration = Duration::from_millis(200);

/// What is found where a line should be.
pub(super) enum Line {
    /// Bytes that are not UTF-8; here as far as they can be shown.
    NotUtf8(String),
    /// A line without its end.
    Text(String),
    /// A line of more than [`MAX_LINE`] bytes; nothing is read after it.
    TooLong,
}

/// The lines of standard output, as many at a time as there are. The channel closes where the output ends; an unfinished
/// last line is no line.
pub(super) fn lines(stdout: ChildStdout) -> io::Result<Receiver<VecDeque<Line>>> {
    let (sender, receiver) = sync_channel(AHEAD);
    thread::Builder::new().name("evaluator stdout".to_owned()).spawn(move || {
        let mut stdout = BufReader::with_capacity(1 << 16, stdout);
        let mut more = true;
        while more {
            let mut batch = VecDeque::new();
            loop {
                let line = read_line(&mut stdout);
                more = !matches!(line, None | Some(Line::TooLong));
                batch.extend(line);
                // Only what is here already is waited for.
                if !more || batch.len() == BATCH || !stdout.buffer().contains(&b'\n') {
                    break;
                }
            }
            if !batch.is_empty() && sender.send(batch).is_err() {
                return;
            }
        }
    })?;
    Ok(receiver)
}

fn read_line(input: &mut impl BufRead) -> Option<Line> {
    let mut bytes = Vec::new();
    let limit = MAX_LINE as u64 + 1;
    // What cannot be read has ended: either way the process says nothing more.
    input.take(limit).read_until(b'\n', &mut bytes).ok()?;
    if bytes.pop_if(|last| *last == b'\n').is_none() {
        return (bytes.len() > MAX_LINE).then_some(Line::TooLong);
    }
    Some(match String::from_utf8(bytes) {
        Ok(text) => Line::Text(text),
        Err(error) => Line::NotUtf8(String::from_utf8_lossy(error.as_bytes()).into_owned()),
    })
}

/// A way to standard input for up to `bound` unwritten texts of whole lines. Standard input is closed once the sender is
/// dropped and everything is written.
pub(super) fn writer(mut stdin: ChildStdin, bound: usize) -> io::Result<SyncSender<String>> {
    let (sender, receiver) = sync_channel::<String>(bound);
    thread::Builder::new().name("evaluator stdin".to_owned()).spawn(move || {
        // A process that has closed its input shows that by its silence or its end; there is nobody to tell here.
        while receiver.recv().is_ok_and(|text| stdin.write_all(text.as_bytes()).is_ok()) {}
    })?;
    Ok(sender)
}

/// The last bytes of standard error.
pub(super) struct Tail {
    bytes: Arc<Mutex<VecDeque<u8>>>,
    end: Receiver<()>,
}

impl Tail {
    /// Reads standard error to its end, keeping only the tail.
    pub(super) fn of(stderr: ChildStderr) -> io::Result<Self> {
        let bytes = Arc::new(Mutex::new(VecDeque::with_capacity(TAIL)));
        let (sender, end) = channel();
        let kept = Arc::clone(&bytes);
        thread::Builder::new()
            .name("evaluator stderr".to_owned())
            .spawn(move || keep_tail(stderr, &kept, sender))?;
        Ok(Self { bytes, end })
    }

    /// The tail as text, of a process that has ended. Control characters are left out, because they could do anything
    /// to the terminal that shows the text.
    pub(super) fn text(&self) -> String {
        // The sender is never used: its loss tells that everything has been read.
        let _ = self.end.recv_timeout(TAIL_PATIENCE);
        let mut bytes = self.bytes.lock().unwrap_or_else(PoisonError::into_inner).clone();
        // The cut may have gone through a character.
        while bytes.len() == TAIL && bytes.pop_front_if(|byte| *byte & 0xC0 == 0x80).is_some() {}
        let text = String::from_utf8_lossy(bytes.make_contiguous()).into_owned();
        let text: String = text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect();
        text.trim().to_owned()
    }
}

fn keep_tail(mut stderr: impl Read, kept: &Mutex<VecDeque<u8>>, end: Sender<()>) {
    let mut chunk = [0; 8192];
    while let Ok(length @ 1..) = stderr.read(&mut chunk) {
        let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.extend(chunk.iter().take(length));
        let surplus = kept.len().saturating_sub(TAIL);
        kept.drain(..surplus);
    }
    drop(end);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(input: &[u8]) -> Vec<String> {
        let mut input = input;
        let mut lines = Vec::new();
        while let Some(line) = read_line(&mut input) {
            lines.push(match line {
                Line::NotUtf8(text) => format!("not UTF-8 {text}"),
                Line::Text(text) => text,
                Line::TooLong => {
                    lines.push("too long".to_owned());
                    break;
                }
            });
        }
        lines
    }

    #[test]
    fn output_falls_into_lines() {
        for (input, lines) in [
            (&b"one\ntwo\n"[..], &["one", "two"][..]),
            (b"\n\n", &["", ""]),
            ("é\u{1F600}\n".as_bytes(), &["é\u{1F600}"]),
            (b"a\xFFb\nc\n", &["not UTF-8 a\u{FFFD}b", "c"]),
            (b"one\nunfinished", &["one"]),
            (b"", &[]),
        ] {
            assert_eq!(shown(input), lines);
        }
    }

    #[test]
    fn a_line_may_be_as_long_as_the_protocol_says_and_no_longer() {
        let mut input = vec![b'x'; MAX_LINE];
        input.push(b'\n');
        assert_eq!(shown(&input).first().map(String::len), Some(MAX_LINE));
        input.insert(0, b'x');
        assert_eq!(shown(&input), ["too long"]);
        input.pop();
        assert_eq!(shown(&input), ["too long"]);
    }

    #[test]
    fn the_tail_is_the_last_of_the_text_without_what_moves_a_cursor() {
        let end_of = |text: &str| {
            let bytes = Arc::new(Mutex::new(VecDeque::new()));
            let (sender, end) = channel();
            keep_tail(text.as_bytes(), &bytes, sender);
            Tail { bytes, end }.text()
        };
        assert_eq!(end_of("  \u{1b}[31mno\r\n\tway\n"), "[31mno\n\tway");
        assert_eq!(end_of(&"x".repeat(TAIL + 1)), "x".repeat(TAIL));
        assert_eq!(end_of(&format!("{}x", "é".repeat(TAIL))), format!("{}x", "é".repeat(TAIL / 2 - 1)));
        assert_eq!(end_of(""), "");
    }
}
