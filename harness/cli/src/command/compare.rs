//! `compare`: puts the same questions to several evaluators, and shows where they disagree.

mod questions;
mod report;

use std::io::IsTerminal as _;
use std::process::ExitCode;

use indicatif::{ProgressBar, ProgressStyle};
use kms_conformance::model::{Description, Dialect, Evaluator};
use kms_conformance::parts;
use kms_explore::campaign::Stopped;
use kms_explore::compared::{Plan, compare};

use super::print;
use crate::arguments::{CompareArguments, EvaluatorArguments};
use crate::{Stop, evaluator, style};
use questions::Questions;

/// How many evaluations the example of a difference is worth: there may be hundreds of them.
const BUDGET: usize = 2_000;

/// Compares.
pub fn exec(arguments: &CompareArguments) -> Result<ExitCode, Stop> {
    let Questions { asked, guesses } = questions::read(arguments)?;
    let mut evaluators = Vec::new();
    for word in &arguments.evaluators {
        let named = EvaluatorArguments { timeout: arguments.timeout, ..EvaluatorArguments::new(word) };
        evaluators.push(parts::start(evaluator::start(&named)?.as_ref()).map_err(Stop::evaluator)?);
    }
    let speaks =
        |dialect| evaluators.iter().filter(|one| one.description().dialects.contains(&dialect)).count();
    if speaks(Dialect::Aws) < 2 && speaks(Dialect::Ram) < 2 {
        return Err(Stop::evaluator("there is no dialect that two of the evaluators declare"));
    }
    let names = names(&evaluators);
    let plan = Plan {
        names: &names,
        reference: arguments.evaluators.iter().position(|word| word == "reference"),
        budget: if arguments.shrink { BUDGET } else { 0 },
        guess: &|answers, question| guesses.guess(answers, question),
    };
    let bar = progress_bar(asked.len());
    let outcome = compare(&plan, &mut evaluators, &asked, &mut |done| bar.set_position(done as u64));
    bar.finish_and_clear();
    let compared = outcome.map_err(|stopped| match stopped {
        Stopped::Evaluator(..) => Stop::evaluator(stopped),
        _ => Stop::input(stopped),
    })?;
    let descriptions: Vec<&Description> = evaluators.iter().map(|one| one.description()).collect();
    let report = report::Report { names: &names, descriptions: &descriptions, compared: &compared };
    print(&report.render(arguments.format, arguments.differences).map_err(Stop::input)?);
    let nothing = compared.disagreed == 0 && compared.agreed.is_empty();
    if nothing {
        anstream::eprintln!("{}", style::warning("nothing could be compared, so nothing is shown"));
    }
    let differ = compared.disagreed > 0 || compared.pairs.iter().any(|pair| pair.disagreed > 0);
    Ok(ExitCode::from(u8::from(differ || nothing)))
}

/// What people call the evaluators: their names, numbered where two have the same.
fn names(evaluators: &[Box<dyn Evaluator>]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for evaluator in evaluators {
        let name = &evaluator.description().name;
        let number = (2..).map(|number| format!("{name} ({number})"));
        let unused = std::iter::once(name.clone()).chain(number).find(|name| !names.contains(name));
        names.extend(unused);
    }
    names
}

/// A bar on a terminal, nothing elsewhere.
fn progress_bar(questions: usize) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(questions as u64);
    if let Ok(style) = ProgressStyle::with_template("{bar:40} {pos}/{len} questions, {eta} left") {
        bar.set_style(style);
    }
    bar
}
