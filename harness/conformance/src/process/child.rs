//! Decides how a program is started, and makes sure that it ends with all that it started itself.

use std::io;
use std::process::{ChildStderr, ChildStdin, ChildStdout, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

#[cfg(unix)]
use process_wrap::std::ProcessGroup;
use process_wrap::std::{ChildWrapper, CommandWrap};

use super::Process;

/// A started program, which leads a process group of its own where there are such groups. It is killed when dropped.
pub(super) struct Child {
    inner: Box<dyn ChildWrapper>,
    status: Option<ExitStatus>,
    gone: bool,
}

/// The other ends of a program's standard input, output and error.
pub(super) type Pipes = (ChildStdin, ChildStdout, ChildStderr);

impl Child {
    /// Starts the program.
    pub(super) fn start(process: &Process) -> io::Result<(Self, Pipes)> {
        let mut command = CommandWrap::with_new(&process.program, |command| {
            command.args(&process.args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        });
        #[cfg(unix)]
        command.wrap(ProcessGroup::leader());
        let mut child = Self { inner: command.spawn()?, status: None, gone: false };
        let pipes = (child.inner.stdin().take(), child.inner.stdout().take(), child.inner.stderr().take());
        let (Some(stdin), Some(stdout), Some(stderr)) = pipes else {
            return Err(io::Error::other("no pipes to the program"));
        };
        Ok((child, (stdin, stdout, stderr)))
    }

    /// The program's status if it ends by itself within `patience`. Whatever it leaves behind is killed.
    pub(super) fn wait(&mut self, patience: Duration) -> Option<ExitStatus> {
        let start = Instant::now();
        while !self.gone {
            if let Ok(Some(status)) = self.inner.try_wait() {
                self.status = Some(status);
                self.kill();
            } else if start.elapsed() >= patience {
                break;
            } else {
                thread::sleep(Duration::from_millis(2));
            }
        }
        self.status
    }

    /// Kills the program and all of its group, and waits for the program's end.
    pub(super) fn kill(&mut self) {
        // INVARIANT: a group is killed once, at the latest right after the end of its leader was noted. Up to there its
        // number cannot have gone to another group, so that nothing is hit that was not started here.
        if self.gone {
            return;
        }
        self.gone = true;
        // Fails only where nothing is left to kill.
        let _ = self.inner.start_kill();
        if self.status.is_none() {
            let _ = self.inner.wait();
        }
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        self.kill();
    }
}
