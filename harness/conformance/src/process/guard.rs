//! Decides what becomes of an evaluator's processes when the harness ends without a chance to end them: by a signal, as
//! Ctrl-C sends one, or because another thread ends the program.
//!
//! The guard is a shell that leads the evaluator's process group and waits at a pipe that only the harness holds. The
//! pipe closes with the harness, whichever way it ends, and then the guard kills its group.

use std::io;
use std::process::Stdio;

use process_wrap::std::{ChildWrapper, CommandWrap, ProcessGroup};

/// Signals that a program may send to its whole group do not end the guard, except the one that nothing survives.
const SCRIPT: &str = "trap '' HUP INT QUIT TERM; read -r _; kill -s KILL 0";

/// The leader of a process group.
pub(super) struct Guard {
    inner: Box<dyn ChildWrapper>,
    group: i32,
}

impl Guard {
    /// Starts the leader of a new group.
    pub(super) fn start() -> io::Result<Self> {
        let mut command = CommandWrap::with_new("/bin/sh", |command| {
            command.args(["-c", SCRIPT]).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        });
        let told = |error: io::Error| io::Error::other(format!("no guard for it: {error}"));
        let inner = command.wrap(ProcessGroup::leader()).spawn().map_err(told)?;
        let group = i32::try_from(inner.id()).map_err(io::Error::other)?;
        Ok(Self { inner, group })
    }

    /// The number of the group.
    pub(super) fn group(&self) -> i32 {
        self.group
    }

    /// Kills the whole group, the guard with it.
    pub(super) fn kill_group(&mut self) {
        // INVARIANT: the guard is waited for nowhere but in `drop`, so the number still belongs to its group.
        let _ = self.inner.start_kill();
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        self.kill_group();
        let _ = self.inner.wait();
    }
}
