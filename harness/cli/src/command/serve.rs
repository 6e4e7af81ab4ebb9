//! `serve`: the reference evaluator as a process.

use std::io::{stdin, stdout};
use std::process::ExitCode;

use kms_reference::Reference;

use crate::Stop;
use crate::serve::serve;

/// Answers questions until the other side is done.
pub fn exec() -> Result<ExitCode, Stop> {
    let mut evaluator = Reference::new();
    match serve(&mut evaluator, stdin().lock(), stdout().lock()) {
        Ok(()) => Ok(ExitCode::SUCCESS),
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(ExitCode::SUCCESS),
        Err(error) => Err(Stop::evaluator(error)),
    }
}
