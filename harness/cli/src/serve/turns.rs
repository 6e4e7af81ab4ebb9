//! Decides how several threads share the lines of one input and keep the order of their replies: each in turn takes the
//! lines that are there, and writes when all turns before its own are written.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use kms_conformance::model::wire::MAX_LINE;

/// How many bytes are read at a time, and how many bytes of lines end a turn: as many as a pipe holds, for each turn wakes
/// whoever asks.
const ENOUGH: usize = 1 << 16;

/// An input of lines and an output of replies.
pub struct Shared<R, W> {
    input: Mutex<Input<R>>,
    output: Mutex<Output<W>>,
    written: Condvar,
}

struct Input<R> {
    reader: BufReader<R>,
    turns: u64,
}

struct Output<W> {
    writer: W,
    turns: u64,
    is_closed: bool,
}

/// Some lines that were read one after another.
#[derive(Default)]
pub struct Turn {
    number: u64,
    text: Vec<u8>,
    /// Where each line ends in the text.
    ends: Vec<usize>,
}

impl Turn {
    /// The lines, without their ends. Of a line that is too long there are more bytes than there may be.
    pub fn lines(&self) -> impl Iterator<Item = &[u8]> {
        let starts = [0].into_iter().chain(self.ends.iter().copied());
        starts.zip(&self.ends).filter_map(|(start, end)| {
            let line = self.text.get(start..*end)?;
            Some(line.strip_suffix(b"\n").unwrap_or(line))
        })
    }

    /// Whether there is none, since the input has ended.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }
}

impl<R: Read, W: Write> Shared<R, W> {
    pub fn new(input: R, output: W) -> Self {
        Self {
            input: Mutex::new(Input { reader: BufReader::with_capacity(ENOUGH, input), turns: 0 }),
            output: Mutex::new(Output { writer: output, turns: 0, is_closed: false }),
            written: Condvar::new(),
        }
    }

    /// Waits for a line, and takes it with those that came with it.
    pub fn take(&self, turn: &mut Turn) -> io::Result<()> {
        turn.text.clear();
        turn.ends.clear();
        let mut input = held(&self.input);
        turn.number = input.turns;
        input.turns += 1;
        loop {
            if !read_line(&mut input.reader, &mut turn.text)? {
                return Ok(());
            }
            turn.ends.push(turn.text.len());
            // The harness may wait for these very answers before it says more.
            if turn.text.len() >= ENOUGH || !input.reader.buffer().contains(&b'\n') {
                return Ok(());
            }
        }
    }

    /// Writes the replies to a turn, after those to all turns before it; nothing after the last of them.
    pub fn put(&self, turn: &Turn, replies: &[u8], is_last: bool) -> io::Result<()> {
        let output = held(&self.output);
        let is_early = |output: &mut Output<W>| output.turns != turn.number;
        let mut output = self.written.wait_while(output, is_early).unwrap_or_else(PoisonError::into_inner);
        if !output.is_closed {
            output.writer.write_all(replies)?;
            output.writer.flush()?;
        }
        output.is_closed |= is_last;
        output.turns += 1;
        self.written.notify_all();
        Ok(())
    }
}

/// What is behind a lock. Whoever panicked with it has told so, and nothing is written half.
fn held<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Appends a line and its end; false where the input has ended. Of a line that is too long the first bytes are kept, one
/// more than there may be, and the rest is skipped.
fn read_line(input: &mut impl BufRead, text: &mut Vec<u8>) -> io::Result<bool> {
    let length = input.by_ref().take(MAX_LINE as u64 + 1).read_until(b'\n', text)?;
    if length > MAX_LINE && text.last() != Some(&b'\n') {
        input.skip_until(b'\n')?;
    }
    Ok(length > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turns_are_the_lines_that_are_there_and_are_written_in_their_order() {
        let long = format!("{}\n", "x".repeat(ENOUGH));
        let input = ["a\n\nb\n", &long, "c\nd"].concat();
        let shared = Shared::new(input.as_bytes(), Vec::new());
        let mut turns: [Turn; 5] = Default::default();
        for turn in &mut turns {
            shared.take(turn).unwrap();
        }
        let lines = turns.each_ref().map(|turn| turn.lines().map(<[u8]>::len).collect::<Vec<_>>());
        assert_eq!(lines, [vec![1, 0, 1], vec![ENOUGH], vec![1], vec![1], vec![]]);
        assert_eq!(turns.each_ref().map(Turn::is_empty), [false, false, false, false, true]);
        let shared = &shared;
        std::thread::scope(|scope| {
            for (turn, reply) in turns.iter().zip(["0", "1", "2", "3", "4"]).rev() {
                scope.spawn(move || shared.put(turn, reply.as_bytes(), reply == "2").unwrap());
            }
        });
        assert_eq!(held(&shared.output).writer, b"012");
    }
}
