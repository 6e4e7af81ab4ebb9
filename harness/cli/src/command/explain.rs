//! `explain`: asks one question, from a file or from the facts on the command line.

mod aws;
mod facts;
mod ram;
mod request;

use std::io::Read as _;
use std::path::Path;
use std::process::ExitCode;

use kms_conformance::model::json::pretty;
use kms_conformance::model::{Feature, Outcome, Question};

use super::files::{Files, Source};
use super::{print, trace};
use crate::arguments::{ExplainArguments, Format};
use crate::{Stop, evaluator};

/// Asks the question and shows the answer. An evaluator that cannot be asked it ends the command with 3.
pub fn exec(arguments: &ExplainArguments) -> Result<ExitCode, Stop> {
    let (question, files) = match &arguments.file {
        Some(file) => (read(file)?, Files::default()),
        None => facts::question(&arguments.facts)?,
    };
    if arguments.facts.print_question {
        print(&pretty(&question.to_node(), 110));
        return Ok(ExitCode::SUCCESS);
    }
    let mut evaluator = evaluator::start(&arguments.evaluator)?.start().map_err(Stop::evaluator)?;
    let description = evaluator.description().clone();
    if !description.dialects.contains(&question.dialect) {
        let dialect = question.dialect.word();
        return Err(Stop::evaluator(format!("{} does not speak the {dialect} dialect", description.name)));
    }
    let missing = question.lacking(&description);
    if !missing.is_empty() {
        let words: Vec<_> = missing.into_iter().map(Feature::word).collect();
        return Err(Stop::evaluator(format!("{} has no place for: {}", description.name, words.join(", "))));
    }
    let answer = evaluator.explain(&question);
    match arguments.format {
        Format::Human => print(&trace::render(&answer, &files)),
        Format::Json | Format::Jsonl => {
            let answer = trace::json(&answer, &files).map_err(Stop::evaluator)?;
            print(&format!("{answer}\n"));
        }
    }
    Ok(match answer.outcome {
        Outcome::Crash { .. } | Outcome::Error { .. } | Outcome::Timeout { .. } => ExitCode::from(3),
        _ => ExitCode::SUCCESS,
    })
}

/// The question in a file.
fn read(file: &Path) -> Result<Question, Stop> {
    let source = match file.to_str() {
        Some("-") => {
            let mut bytes = Vec::new();
            let read = std::io::stdin().lock().read_to_end(&mut bytes);
            read.map_err(|error| format!("-: {error}")).and_then(|_| Source::new("-", &bytes))
        }
        _ => Source::file(file),
    }
    .map_err(Stop::input)?;
    Question::read(&source.node).map_err(|problems| {
        let lines: Vec<_> =
            problems.iter().map(|problem| source.at(problem.span.start, &problem.message)).collect();
        Stop::input(lines.join("\n"))
    })
}
