//! Decides which evaluator a word on the command line means.

use std::sync::Arc;
use std::time::Duration;

use kms_conformance::Process;
use kms_conformance::model::Start;
use kms_reference::Reference;

use crate::Stop;
use crate::arguments::EvaluatorArguments;
use crate::command::evaluators::Installed;

/// How to start the evaluator that the arguments name.
pub fn start(arguments: &EvaluatorArguments) -> Result<Arc<dyn Start>, Stop> {
    let seconds = seconds("--timeout", arguments.timeout)?;
    match arguments.evaluator.split_once(':') {
        None if arguments.evaluator == "reference" => Ok(Arc::new(Reference::new)),
        Some(("process", command)) => Ok(Arc::new(process(command, arguments)?.with_timeout(seconds))),
        _ => Ok(Arc::new(adapter(&arguments.evaluator, arguments)?.with_timeout(seconds))),
    }
}

/// The process of an adapter.
fn adapter(name: &str, arguments: &EvaluatorArguments) -> Result<Process, Stop> {
    let Some(found) = Installed::find(name)? else {
        let message = format!(
            "no evaluator `{name}`; expected `reference`, `process:COMMAND`, or an adapter that `evaluators` lists"
        );
        return Err(Stop::input(message));
    };
    if !found.is_ready() {
        let install = &found.adapter.install;
        return Err(Stop::evaluator(format!("`{name}` is {}; to install it: {install}", found.state())));
    }
    Ok(process(&found.adapter.command, arguments)?.with_directory(&found.root))
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
