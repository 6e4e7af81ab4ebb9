//! Decides which evaluator a word on the command line means.

use std::sync::Arc;
use std::time::Duration;

use kms_conformance::Process;
use kms_conformance::model::Start;
use kms_reference::Reference;

use crate::Stop;
use crate::arguments::EvaluatorArguments;

/// How to start the evaluator that the arguments name.
pub fn start(arguments: &EvaluatorArguments) -> Result<Arc<dyn Start>, Stop> {
    let seconds = seconds("--timeout", arguments.timeout)?;
    match arguments.evaluator.split_once(':') {
        None if arguments.evaluator == "reference" => Ok(Arc::new(Reference::new)),
        Some(("process", command)) => Ok(Arc::new(process(command, arguments)?.with_timeout(seconds))),
        _ => Err(Stop::input(format!(
            "no evaluator `{}`; expected `reference` or `process:COMMAND`",
            arguments.evaluator
        ))),
    }
}

/// The process that a command line starts, within the limits that the arguments set.
fn process(command: &str, arguments: &EvaluatorArguments) -> Result<Process, Stop> {
    let mut process = Process::parse(command).map_err(Stop::input)?;
    if let Some(mib) = arguments.evaluator_memory {
        process = process.with_memory(mib);
    }
    if let Some(seconds) = arguments.evaluator_cpu {
        process = process.with_cpu(seconds);
    }
    Ok(process.with_failures(arguments.evaluator_failures.into()))
}

/// A positive number of seconds.
pub fn seconds(option: &str, value: f64) -> Result<Duration, Stop> {
    match Duration::try_from_secs_f64(value) {
        Ok(duration) if !duration.is_zero() => Ok(duration),
        _ => Err(Stop::input(format!("`{option}` needs a positive number of seconds, not {value}"))),
    }
}
