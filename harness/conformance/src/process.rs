//! Decides how an evaluator in another process is started, and what is asked of such a process.
//!
//! The process speaks the protocol of [`kms_model::wire`] on its standard input and output. A process that hangs,
//! ends, or prints something that is not a reply costs one answer: the question at fault is answered by
//! [`Outcome::Timeout`], [`Outcome::Crash`] or [`Outcome::Error`], a new process is started, and every other question
//! that was open is asked again. After so many failures in a row that no question can be made out to be the culprit,
//! nothing more is asked.
//!
//! [`Outcome::Crash`]: kms_model::Outcome::Crash
//! [`Outcome::Error`]: kms_model::Outcome::Error
//! [`Outcome::Timeout`]: kms_model::Outcome::Timeout

mod child;
mod command;
mod evaluator;
mod fault;
#[cfg(unix)]
mod guard;
mod limits;
mod pipes;
mod round;
mod session;
pub mod smoke;

use std::ffi::OsString;
use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use kms_model::{Evaluator, Start, StartError};

use evaluator::ProcessEvaluator;
use limits::Limits;

/// An evaluator in another process: how to start it, and how long to wait for it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Process {
    program: OsString,
    args: Vec<OsString>,
    directory: Option<PathBuf>,
    timeout: Duration,
    start_timeout: Duration,
    window: usize,
    failures: usize,
    limits: Limits,
}

impl Process {
    /// A program without arguments, found as the operating system finds programs.
    pub fn new(program: impl Into<OsString>) -> Self {
        Self {
            program: program.into(),
            args: Vec::new(),
            directory: None,
            timeout: Duration::from_secs(10),
            start_timeout: Duration::from_secs(30),
            window: 256,
            failures: 50,
            limits: Limits::default(),
        }
    }

    /// Reads a command line: `node index.js --mode "very strict"`. Words are divided by white space; quotes and
    /// backslashes keep it, as in a POSIX shell. No shell is run: variables, globs and pipes mean nothing.
    ///
    /// # Errors
    /// When the command line is empty or a quote is left open.
    pub fn parse(command: &str) -> Result<Self, ProcessError> {
        let mut words = command::split(command)?.into_iter();
        let program = words.next().ok_or(ProcessError::Empty)?;
        Ok(Self::new(program).with_args(words))
    }

    /// This process with these arguments after those it has.
    #[must_use]
    pub fn with_args(mut self, args: impl IntoIterator<Item = impl Into<OsString>>) -> Self {
        self.args.extend(args.into_iter().map(Into::into));
        self
    }

    /// The folder that the process is started in; that of the harness unless set.
    #[must_use]
    pub fn with_directory(mut self, directory: impl Into<PathBuf>) -> Self {
        self.directory = Some(directory.into());
        self
    }

    /// How long the process may say nothing while it owes an answer; 10 seconds unless set. With several questions
    /// open the time starts anew at each answer, so that no question pays for those before it.
    #[must_use]
    pub fn with_timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// How long the process may take to describe itself; 30 seconds unless set.
    #[must_use]
    pub fn with_start_timeout(mut self, timeout: Duration) -> Self {
        self.start_timeout = timeout;
        self
    }

    /// How many questions may be open at a time, at least one; 256 unless set.
    #[must_use]
    pub fn with_window(mut self, window: usize) -> Self {
        self.window = window.max(1);
        self
    }

    /// After how many failures in a row, without an answer between them, nothing more is asked; at least one, 50 unless
    /// set. A question that a process fails at takes up to two.
    #[must_use]
    pub fn with_failures(mut self, failures: usize) -> Self {
        self.failures = failures.max(1);
        self
    }

    /// How many MiB of memory each process may write to; any unless set. What it starts has the same limit, each for
    /// itself. Held on systems with a POSIX shell; where the system does not know such a limit, none is held.
    #[must_use]
    pub fn with_memory(mut self, mib: u64) -> Self {
        self.limits.memory = Some(mib);
        self
    }

    /// How many seconds of processor time each process may use from its start to its end; any unless set. One that is
    /// ended for that is a failure like any other: a new process takes over.
    #[must_use]
    pub fn with_cpu(mut self, seconds: u64) -> Self {
        self.limits.cpu = Some(seconds);
        self
    }
}

impl fmt::Display for Process {
    /// The program and its arguments, for people: nothing is quoted.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.program.display())?;
        self.args.iter().try_for_each(|arg| write!(f, " {}", arg.display()))
    }
}

impl Start for Process {
    fn start(&self) -> Result<Box<dyn Evaluator>, StartError> {
        Ok(Box::new(ProcessEvaluator::start(self.clone())?))
    }
}

/// Why a command line does not name a process.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ProcessError {
    /// It holds no word.
    #[error("the command line is empty")]
    Empty,
    /// It ends after a backslash.
    #[error("the command line ends after a backslash")]
    OpenEscape,
    /// It ends inside quotes.
    #[error("the quote `{0}` in the command line is left open")]
    OpenQuote(char),
}
