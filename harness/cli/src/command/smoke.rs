//! `smoke`: tries an evaluator in a few questions, and decides how what is wrong is told.

use std::process::ExitCode;

use kms_conformance::Process;
use kms_conformance::process::smoke::{Conclusion, Smoke, SmokeError, smoke};
use kms_conformance::report;
use serde_json::json;

use super::print;
use crate::arguments::{Format, SmokeArguments};
use crate::{Stop, evaluator, style};

/// Tries it.
pub fn exec(arguments: &SmokeArguments) -> Result<ExitCode, Stop> {
    let command = arguments.command.strip_prefix("process:").unwrap_or(&arguments.command);
    let patience = evaluator::seconds("--timeout", arguments.timeout)?;
    let process = Process::parse(command).map_err(Stop::input)?;
    let smoke =
        smoke(&process.with_timeout(patience).with_start_timeout(patience)).map_err(|error| match error {
            SmokeError::Start(error) => Stop::evaluator(format!("{error}{}", advice(&error.to_string()))),
            error => Stop::input(error),
        })?;
    match arguments.format {
        Format::Human => print(&human(&smoke, command)),
        Format::Json => print(&format!("{:#}\n", report::smoke(&smoke))),
        Format::Jsonl => {
            let head = json!({ "evaluator": smoke.description, "passed": smoke.passed() });
            let steps = smoke.steps.iter().map(report::step);
            print(&[head].into_iter().chain(steps).map(|line| format!("{line}\n")).collect::<String>());
        }
    }
    Ok(ExitCode::from(u8::from(!smoke.passed())))
}

fn human(smoke: &Smoke, command: &str) -> String {
    let mut text = format!("{} {}\n", smoke.description.name, smoke.description.version);
    for step in &smoke.steps {
        let (word, message) = step.conclusion.words();
        let word = match step.conclusion {
            Conclusion::Pass => style::good(word),
            Conclusion::Fail(_) => style::bad(word),
            _ => style::quiet(word),
        };
        text.push_str(&format!("{word}  {}\n", step.name));
        if let Some(message) = message {
            text.push_str(&format!("      {message}{}\n", advice(message)));
        }
    }
    text.push_str(&match smoke.passed() {
        true => format!("ready: kms-conformance run --evaluator 'process:{command}'\n"),
        false => "not ready yet; the protocol is described in spec-cases/PROTOCOL.md\n".to_owned(),
    });
    text
}

/// What most often lies behind a failure, to be said after it.
fn advice(message: &str) -> &'static str {
    if message.contains("no answer within") {
        "; does it write every line at once, ended by a line feed and flushed, and go on reading?"
    } else if message.contains("of its standard output: ") {
        "; standard output is for the protocol alone, everything else belongs on standard error"
    } else {
        ""
    }
}
