//! `explore --replay`: asks the question of a finding again, a relation's varied as it was found, and says whether it is
//! still there.

use std::path::PathBuf;
use std::process::ExitCode;

use kms_conformance::model::Evaluator;
use kms_explore::campaign::replay;
use kms_explore::finding::{Finding, Source};
use kms_explore::{Comparison, compare};

use super::super::files;
use super::print;
use crate::{Stop, style};

/// Asks the questions of these files; ends with 1 if one of the findings is still there.
pub fn exec(paths: &[PathBuf], evaluators: &mut [Box<dyn Evaluator>]) -> Result<ExitCode, Stop> {
    let mut is_there = false;
    for path in paths {
        let source = files::Source::file(path).map_err(Stop::input)?;
        let finding = Finding::read(&source.node).map_err(|problems| {
            let lines = problems.iter().map(|problem| source.at(problem.span.start, &problem.message));
            Stop::input(lines.collect::<Vec<_>>().join("\n"))
        })?;
        let outcome =
            outcome(&finding, evaluators).map_err(|why| Stop::input(format!("{}: {why}", path.display())))?;
        is_there |= outcome.is_some();
        let told = match outcome {
            Some(answers) => format!("{} {answers}", style::bad("still there")),
            None => style::good("gone"),
        };
        print(&format!("{}: {told}\n", path.display()));
    }
    Ok(ExitCode::from(u8::from(is_there)))
}

/// The answers that show the finding; `None` where it is gone.
fn outcome(finding: &Finding, evaluators: &mut [Box<dyn Evaluator>]) -> Result<Option<String>, &'static str> {
    match &finding.signature.source {
        Source::Relation { name, .. } => {
            let Some(evaluator) = evaluators.first_mut() else { return Ok(None) };
            let broken = replay(finding, evaluator.as_mut());
            Ok(broken.map(|broken| format!("{name}: {}", broken.words().join(", "))))
        }
        Source::Differential(_) if evaluators.len() < 2 => {
            Err("evaluators disagreed here; name another with `--against`")
        }
        Source::Differential(_) => match compare(evaluators, &finding.question) {
            Comparison::Disagree(words) => {
                let names = evaluators.iter().map(|one| one.description().name.clone());
                let told = names.zip(words).map(|(name, word)| format!("{name} {word}"));
                Ok(Some(told.collect::<Vec<_>>().join(", ")))
            }
            _ => Ok(None),
        },
    }
}
