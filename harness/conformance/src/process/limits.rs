//! Decides how much memory and processor time a program may use, and how it is held to that.
//!
//! The limits are set by a shell that then becomes the program, because a process can only limit itself. Processes that
//! the program starts have the same limits, each for itself.

use std::io;
use std::process::Command;

use super::Process;

/// What one process may use; `None` sets no limit.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(super) struct Limits {
    /// Memory that it can write to, in MiB. Address space that is only reserved does not count.
    pub(super) memory: Option<u64>,
    /// Processor time, in seconds.
    pub(super) cpu: Option<u64>,
}

impl Limits {
    /// The commands of a shell that set the limits and become the program that its arguments name.
    fn script(self) -> Option<String> {
        // A soft limit below the hard one makes the end a signal of its own, SIGXCPU.
        let cpu = self.cpu.map(|seconds| {
            format!("ulimit -S -t {seconds} && ulimit -H -t {} && ", seconds.saturating_add(1))
        });
        let memory = self.memory.map(|mib| format!("ulimit -d {} && ", mib.saturating_mul(1024)));
        let both = [cpu, memory].into_iter().flatten().collect::<String>();
        (!both.is_empty()).then(|| format!("{both}exec \"$@\""))
    }
}

/// The command that starts a program within its limits.
pub(super) fn command(process: &Process) -> io::Result<Command> {
    let mut command = limited(process)?;
    if let Some(directory) = &process.directory {
        command.current_dir(directory);
    }
    Ok(command)
}

fn limited(process: &Process) -> io::Result<Command> {
    let Some(script) = process.limits.script() else {
        let mut command = Command::new(&process.program);
        command.args(&process.args);
        return Ok(command);
    };
    if !cfg!(unix) {
        return Err(io::Error::new(io::ErrorKind::Unsupported, "limits need a system with a POSIX shell"));
    }
    let mut command = Command::new("/bin/sh");
    command.args(["-c", &script, "evaluator"]).arg(&process.program).args(&process.args);
    Ok(command)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_limited_needs_a_shell() {
        for (memory, cpu, script) in [
            (None, None, None),
            (Some(2), None, Some("ulimit -d 2048 && exec \"$@\"")),
            (None, Some(9), Some("ulimit -S -t 9 && ulimit -H -t 10 && exec \"$@\"")),
            (Some(1), Some(1), Some("ulimit -S -t 1 && ulimit -H -t 2 && ulimit -d 1024 && exec \"$@\"")),
        ] {
            assert_eq!(Limits { memory, cpu }.script().as_deref(), script);
        }
    }

    #[test]
    fn no_word_of_a_limited_command_is_read_by_the_shell() {
        let process = Process::new("printf").with_args(["%s|", "a b", "$HOME", "*", "'"]).with_memory(64);
        let output = command(&process).unwrap().output().unwrap();
        assert_eq!(String::from_utf8(output.stdout).unwrap(), "a b|$HOME|*|'|");
    }
}
