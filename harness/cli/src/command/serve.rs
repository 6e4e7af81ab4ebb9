//! `serve`: the reference evaluator as a process.

use std::io::{ErrorKind, stdin, stdout};
use std::process::ExitCode;
use std::sync::Arc;
use std::thread::available_parallelism;

use kms_reference::Reference;

use crate::Stop;
use crate::serve::serve;

/// How many threads answer at most: with so many, whoever asks is the slower one. It needs cores too, so half are left.
const THREADS: usize = 4;

/// Answers questions until the other side is done.
pub fn exec() -> Result<ExitCode, Stop> {
    let threads = available_parallelism().map_or(1, |cores| (cores.get() / 2).clamp(1, THREADS));
    match serve(Arc::new(Reference::new), threads, stdin(), stdout()) {
        Ok(()) => Ok(ExitCode::SUCCESS),
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(ExitCode::SUCCESS),
        Err(error) => Err(Stop::evaluator(error)),
    }
}
