//! Decides how a program is started, and makes sure that it ends with all that it started itself, however the harness
//! ends.

use std::io;
#[cfg(unix)]
use std::os::unix::process::CommandExt as _;
use std::process::{self, ChildStderr, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use super::Process;
#[cfg(unix)]
use super::guard::Guard;
use super::limits;

/// A started program, in a process group of its own where there are such groups. It is killed when dropped.
pub(super) struct Child {
    inner: process::Child,
    #[cfg(unix)]
    guard: Guard,
    gone: bool,
}

/// The other ends of a program's standard input, output and error.
pub(super) type Pipes = (ChildStdin, ChildStdout, ChildStderr);

impl Child {
    /// Starts the program.
    pub(super) fn start(process: &Process) -> io::Result<(Self, Pipes)> {
        let mut command = limits::command(process)?;
        let mut child =
            Self::spawn(command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()))?;
        let pipes = (child.inner.stdin.take(), child.inner.stdout.take(), child.inner.stderr.take());
        let (Some(stdin), Some(stdout), Some(stderr)) = pipes else {
            return Err(io::Error::other("no pipes to the program"));
        };
        Ok((child, (stdin, stdout, stderr)))
    }

    #[cfg(unix)]
    fn spawn(command: &mut Command) -> io::Result<Self> {
        let guard = Guard::start()?;
        let inner = command.process_group(guard.group()).spawn()?;
        Ok(Self { inner, guard, gone: false })
    }

    #[cfg(not(unix))]
    fn spawn(command: &mut Command) -> io::Result<Self> {
        Ok(Self { inner: command.spawn()?, gone: false })
    }

    /// The program's status if it ends by itself within `patience`. Whatever it leaves behind is killed.
    pub(super) fn wait(&mut self, patience: Duration) -> Option<ExitStatus> {
        let start = Instant::now();
        loop {
            if let Ok(Some(status)) = self.inner.try_wait() {
                self.kill();
                return Some(status);
            }
            if self.gone || start.elapsed() >= patience {
                return None;
            }
            thread::sleep(Duration::from_millis(2));
        }
    }

    /// Kills the program and all of its group, and waits for the program's end.
    pub(super) fn kill(&mut self) {
        if self.gone {
            return;
        }
        self.gone = true;
        #[cfg(unix)]
        self.guard.kill_group();
        // Fails only where it has ended.
        let _ = self.inner.kill();
        let _ = self.inner.wait();
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        self.kill();
    }
}
