//! Decides how one process is spoken to, from its hello to its end.

use std::collections::VecDeque;
use std::process::ExitStatus;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError};
use std::time::Duration;
use std::{io, mem};

use kms_model::json::{self, Limits};
use kms_model::shape::Shape;
use kms_model::wire::{self, MAX_LINE, PROTOCOL, Reply, Welcome};
use kms_model::{Description, Question, StartError};
use serde::de::DeserializeOwned;

use super::Process;
use super::child::Child;
use super::fault::Fault;
use super::pipes::{Line, Tail, lines, writer};
use crate::{report, schema};

/// How long a process that closed its output may take to end, so that its status can be told.
const ENDING: Duration = Duration::from_millis(500);
/// How long a process may take to end after it was asked to.
const PARTING: Duration = Duration::from_millis(500);

/// A process that has described itself.
pub(super) struct Session {
    child: Child,
    /// `None` once the process was asked to end.
    input: Option<SyncSender<String>>,
    /// Whole lines that are to be sent together.
    unsent: String,
    output: Receiver<VecDeque<Line>>,
    /// The lines that were received and not looked at.
    ready: VecDeque<Line>,
    tail: Tail,
    asked: usize,
    /// How many lines of its output were read.
    read: usize,
}

/// Why nothing more can be had from a process.
#[derive(Debug)]
pub(super) enum Cause {
    /// Its output has ended.
    Ended,
    /// It said what the protocol does not provide for.
    Garbage(Fault),
    /// It said nothing for so long.
    Silent(Duration),
}

impl Session {
    /// Starts a process and lets it describe itself.
    pub(super) fn start(process: &Process) -> Result<(Self, Description), StartError> {
        let mut session = Self::open(process).map_err(|error| {
            let program = process.program.display();
            StartError(match error.kind() {
                io::ErrorKind::NotFound => format!("program `{program}` was not found"),
                _ => format!("cannot run program `{program}`: {error}"),
            })
        })?;
        match session.welcome(process.start_timeout) {
            Ok(description) => Ok((session, description)),
            Err(cause) => {
                let fault = session.fail(cause);
                Err(StartError(format!("`{process}` did not describe itself: {fault}")))
            }
        }
    }

    fn open(process: &Process) -> io::Result<Self> {
        let (child, (stdin, stdout, stderr)) = Child::start(process)?;
        // Every question that may be open, and the hello or the bye.
        let input = writer(stdin, process.window + 1)?;
        Ok(Self {
            child,
            input: Some(input),
            unsent: String::new(),
            output: lines(stdout)?,
            ready: VecDeque::new(),
            tail: Tail::of(stderr)?,
            asked: 0,
            read: 0,
        })
    }

    fn welcome(&mut self, patience: Duration) -> Result<Description, Cause> {
        self.put(&wire::hello(kms_spec_cases::VERSION));
        self.send()?;
        let line = self.line(patience)?;
        let garbage = |why: String| Cause::Garbage(Fault::garbage(self.read, &line, why));
        let welcome: Welcome = read(&line, "welcome", &report::DESCRIPTION).map_err(garbage)?;
        if welcome.protocol != PROTOCOL {
            return Err(garbage(format!("protocol {} was not offered, only {PROTOCOL}", welcome.protocol)));
        }
        Ok(welcome.description)
    }

    /// Puts a line that asks a question to those that [`Session::send`] sends.
    pub(super) fn ask(&mut self, line: &str) {
        self.asked += 1;
        self.put(line);
    }

    /// The same for a question; false, and nothing is put, where its line is longer than a line may be.
    pub(super) fn ask_question(&mut self, id: u64, question: &Question) -> bool {
        let start = self.unsent.len();
        wire::write_ask(id, question, &mut self.unsent);
        if self.unsent.len() - start > MAX_LINE {
            self.unsent.truncate(start);
            return false;
        }
        self.asked += 1;
        self.unsent.push('\n');
        true
    }

    /// How many questions this process was asked.
    pub(super) fn asked(&self) -> usize {
        self.asked
    }

    /// Whether a reply is here already.
    pub(super) fn is_ready(&self) -> bool {
        !self.ready.is_empty()
    }

    /// The next reply, waited for no longer than `patience`.
    pub(super) fn reply(&mut self, patience: Duration) -> Result<Reply, Cause> {
        let line = self.line(patience)?;
        read(&line, "reply", &schema::REPLY)
            .map_err(|why| Cause::Garbage(Fault::garbage(self.read, &line, why)))
    }

    /// Asks the process to end, and kills it if it does not; its status if it did.
    pub(super) fn part(&mut self) -> Option<ExitStatus> {
        self.unsent.clear();
        self.put(wire::BYE);
        let _ = self.send();
        self.input = None;
        self.child.wait(PARTING)
    }

    fn put(&mut self, line: &str) {
        self.unsent.push_str(line);
        self.unsent.push('\n');
    }

    /// Sends what was put.
    pub(super) fn send(&mut self) -> Result<(), Cause> {
        let text = mem::take(&mut self.unsent);
        if text.is_empty() {
            return Ok(());
        }
        match self.input.as_ref().map(|input| input.try_send(text)) {
            // There is room for every open question, so the process has answered one that it did not read.
            Some(Err(TrySendError::Full(_))) => {
                Err(Cause::Garbage(Fault::Garbage("answered questions before it read them".to_owned())))
            }
            // A process that has closed its input shows by its silence or its end how it takes that.
            Some(Err(TrySendError::Disconnected(_)) | Ok(())) | None => Ok(()),
        }
    }

    fn line(&mut self, patience: Duration) -> Result<String, Cause> {
        if self.ready.is_empty() {
            self.ready = self.output.recv_timeout(patience).map_err(|error| match error {
                RecvTimeoutError::Disconnected => Cause::Ended,
                RecvTimeoutError::Timeout => Cause::Silent(patience),
            })?;
        }
        self.read += 1;
        match self.ready.pop_front() {
            Some(Line::Text(line)) => Ok(line),
            Some(Line::NotUtf8(line)) => Err(Cause::Garbage(Fault::garbage(self.read, &line, "not UTF-8"))),
            Some(Line::TooLong) => {
                Err(Cause::Garbage(Fault::Garbage(format!("printed a line of more than {MAX_LINE} bytes"))))
            }
            None => Err(Cause::Ended),
        }
    }

    /// Ends the process by force and says what was wrong with it.
    pub(super) fn fail(mut self, cause: Cause) -> Fault {
        let fault = match cause {
            Cause::Ended => Fault::ended(self.child.wait(ENDING)),
            Cause::Garbage(fault) => fault,
            // It may have ended and left its output open in the hands of a process that it started.
            Cause::Silent(waited) => match self.child.wait(Duration::ZERO) {
                None => Fault::silent(waited),
                status => Fault::ended(status),
            },
        };
        self.child.kill();
        fault.with_tail(&self.tail.text())
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        self.part();
    }
}

/// A message of the process; otherwise what is wrong with its line, in words of the protocol's own schemas.
fn read<T: DeserializeOwned>(line: &str, name: &str, shape: &Shape) -> Result<T, String> {
    serde_json::from_str(line).map_err(|error| match json::parse(line, Limits::default()) {
        Ok(node) => {
            let mut problems = Vec::new();
            shape.check(&node, name, &mut problems);
            problems.into_iter().next().map_or_else(|| error.to_string(), |problem| problem.message)
        }
        Err(error) => format!("not JSON at byte {}: {error}", error.offset),
    })
}
