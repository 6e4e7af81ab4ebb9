//! `explain`: asks one question from a file.

use std::io::Read as _;
use std::process::ExitCode;

use kms_conformance::model::json::{Position, parse_bytes};
use kms_conformance::model::{Feature, Outcome, Question};

use super::{print, trace};
use crate::arguments::{ExplainArguments, Format};
use crate::{Stop, evaluator};

/// Asks the question and shows the answer. An evaluator that cannot be asked it ends the command with 3.
pub fn exec(arguments: &ExplainArguments) -> Result<ExitCode, Stop> {
    let shown = arguments.file.display().to_string();
    let mut bytes = Vec::new();
    let read = match shown.as_str() {
        "-" => std::io::stdin().lock().read_to_end(&mut bytes).map(drop),
        _ => std::fs::read(&arguments.file).map(|content| bytes = content),
    };
    read.map_err(|error| Stop::input(format!("{shown}: {error}")))?;
    let text = String::from_utf8_lossy(&bytes);
    let at = |offset: usize, message: &str| format!("{shown}:{}: {message}", Position::of(&text, offset));
    let (_, node) = parse_bytes(&bytes, kms_conformance::model::json::Limits::default())
        .map_err(|error| Stop::input(at(error.offset, &error.message)))?;
    let question = Question::read(&node).map_err(|problems| {
        let lines: Vec<_> = problems.iter().map(|problem| at(problem.span.start, &problem.message)).collect();
        Stop::input(lines.join("\n"))
    })?;
    let mut evaluator = evaluator::start(&arguments.evaluator)?.start().map_err(Stop::evaluator)?;
    let description = evaluator.description().clone();
    let missing: Vec<_> =
        question.features().into_iter().filter(|feature| !description.has(*feature)).collect();
    if !missing.is_empty() {
        let words: Vec<_> = missing.into_iter().map(Feature::word).collect();
        return Err(Stop::evaluator(format!("{} has no place for: {}", description.name, words.join(", "))));
    }
    let answer = evaluator.explain(&question);
    match arguments.format {
        Format::Human => print(&trace::render(&answer)),
        Format::Json | Format::Jsonl => {
            let line = serde_json::to_string(&answer).map_err(Stop::evaluator)?;
            print(&format!("{line}\n"));
        }
    }
    Ok(match answer.outcome {
        Outcome::Crash { .. } | Outcome::Error { .. } | Outcome::Timeout { .. } => ExitCode::from(3),
        _ => ExitCode::SUCCESS,
    })
}
