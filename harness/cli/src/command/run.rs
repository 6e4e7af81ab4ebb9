//! `run`: runs the catalogue against an evaluator, and decides the exit code.

mod known;
mod table;

use std::io::IsTerminal as _;
use std::process::ExitCode;

use indicatif::{ProgressBar, ProgressStyle};
use kms_conformance::{Catalogue, Options, Run, report};

use super::{print, select};
use crate::arguments::{Format, RunArguments};
use crate::{Stop, evaluator, style};

/// Runs the catalogue.
pub fn exec(arguments: &RunArguments) -> Result<ExitCode, Stop> {
    // The program ends with the run: freeing what it read would take a quarter of its time.
    let catalogue: &Catalogue = Box::leak(Box::new(select(&arguments.select)?));
    let mut options = Options::default();
    if let Some(jobs) = arguments.jobs {
        options.jobs = jobs.into();
    }
    options.watchdog = evaluator::seconds("--watchdog", arguments.watchdog)?;
    if let Some(file) = &arguments.known {
        options.known = known::read(file, &arguments.select, catalogue)?;
    }
    if arguments.max_skipped.is_some_and(|percent| !(0.0..=100.0).contains(&percent)) {
        return Err(Stop::input("`--max-skipped` needs a percentage from 0 to 100"));
    }
    let start = evaluator::start(&arguments.evaluator)?;
    let bar = progress_bar();
    let run = kms_conformance::run(catalogue, start, &options, &mut |done, total| {
        bar.set_length(total as u64);
        bar.set_position(done as u64);
    });
    bar.finish_and_clear();
    let mut run = run.map_err(Stop::evaluator)?;
    let is_whole = run.hung.is_none() && run.stopped.is_none();
    if let (Some(file), true) = (&arguments.write_known, is_whole && !run.verdicts.is_empty()) {
        run = known::write(file, run, &arguments.select, catalogue)?;
    }
    let run: &Run = Box::leak(Box::new(run));
    for word in run.description.unknown_features() {
        let message =
            format!("the evaluator declares the feature `{word}`, which this harness does not know");
        anstream::eprintln!("{}", style::warning(&message));
    }
    if run.verdicts.is_empty() && run.stopped.is_none() {
        let dialects: Vec<_> = run.description.dialects.iter().map(|dialect| dialect.word()).collect();
        let message = format!(
            "none of the checks is of a dialect that the evaluator declares ({})",
            dialects.join(", ")
        );
        return Err(Stop::evaluator(message));
    }
    write(run, catalogue, arguments)?;
    if let Some(id) = &run.hung {
        let message = format!(
            "the evaluator hangs at `{id}`: run it as a process (`--evaluator process:…`) to go on past it"
        );
        return Err(Stop::evaluator(message));
    }
    if let Some(why) = &run.stopped {
        return Err(Stop::evaluator(format!("the evaluator was asked nothing more: {why}")));
    }
    Ok(ExitCode::from(u8::from(!conformant(run, arguments))))
}

/// Whether at least one check passed, none failed, and not too many were skipped. An evaluator that is only observed
/// conforms to nothing.
fn conformant(run: &Run, arguments: &RunArguments) -> bool {
    let summary = run.summary();
    if summary.failed > 0 {
        return false;
    }
    if summary.passed == 0 {
        anstream::eprintln!("{}", style::warning("no check passed, so nothing is shown"));
        return false;
    }
    let skipped = 100.0 * summary.skipped as f64 / summary.checks.max(1) as f64;
    match arguments.max_skipped {
        Some(limit) if skipped > limit => {
            let message = format!("{skipped:.1} % of the checks were skipped, more than {limit} %");
            anstream::eprintln!("{}", style::warning(&message));
            false
        }
        _ => true,
    }
}

fn write(run: &Run, catalogue: &Catalogue, arguments: &RunArguments) -> Result<(), Stop> {
    let text = match arguments.format {
        Format::Human => table::render(run, catalogue, arguments.by, arguments.failures),
        Format::Json => format!("{:#}\n", report::json(run)),
        Format::Jsonl => report::jsonl(run).iter().map(|line| format!("{line}\n")).collect(),
    };
    match &arguments.out {
        Some(file) => {
            let plain = anstream::adapter::strip_str(&text).to_string();
            std::fs::write(file, plain).map_err(|error| Stop::input(format!("{}: {error}", file.display())))
        }
        None => {
            print(&text);
            Ok(())
        }
    }
}

/// A bar on a terminal, nothing elsewhere.
fn progress_bar() -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(0);
    if let Ok(style) = ProgressStyle::with_template("{bar:40} {pos}/{len} checks, {eta} left") {
        bar.set_style(style);
    }
    bar
}
