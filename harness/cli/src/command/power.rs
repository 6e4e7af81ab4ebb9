//! `power`: decides what the catalogue is worth by the faults that it finds, and the exit code.

mod ask;
mod explore;
mod files;
mod human;
mod matrix;
mod page;
mod smallest;

use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use indicatif::{ProgressBar, ProgressStyle};
use kms_conformance::{Catalogue, Options, Run};
use kms_explore::Plan;
use kms_explore::faults::{self, Fault};
use wildmatch::WildMatch;

use super::{of_dialect, print};
use crate::arguments::{Format, PowerArguments};
use crate::{Stop, evaluator, style};
use ask::Control;
use matrix::{Exploration, Power};

/// Where the reports stand unless it is said.
const REPORTS: &str = "reports";

/// Puts the catalogue to every fault.
pub fn exec(arguments: &PowerArguments) -> Result<ExitCode, Stop> {
    let reports = reports(arguments)?;
    let mut faults = select(arguments)?;
    let start = evaluator::start(&arguments.evaluator)?;
    // The program ends with the run: freeing what it read would take a good part of its time.
    let dialect = arguments.dialect.dialect.one();
    let catalogue: &Catalogue = Box::leak(Box::new(of_dialect(arguments.suites.as_deref(), dialect)?));
    let bar = progress("control");
    let run = kms_conformance::run(catalogue, start.clone(), &Options::default(), &mut |done, total| {
        bar.set_length(total as u64);
        bar.set_position(done as u64);
    });
    bar.finish_and_clear();
    let run: &Run = Box::leak(Box::new(run.map_err(Stop::evaluator)?));
    if let Some(id) = &run.hung {
        return Err(Stop::evaluator(format!("the evaluator hangs at `{id}`")));
    }
    faults.retain(|fault| run.description.dialects.contains(&fault.dialect()));
    let control: &Control<'_> = Box::leak(Box::new(Control::new(catalogue, run)));
    let bar = progress("faults");
    let kills = control.kills(&faults, start.as_ref(), &bar);
    bar.finish_and_clear();
    let mut power = Power::new(control, &faults, &kills.map_err(Stop::evaluator)?);
    let mut broken = Vec::new();
    if arguments.explore {
        let mut plan = Plan::new(arguments.seed);
        plan.questions = arguments.questions;
        let bar = progress("exploration");
        let explored = explore::explore(&faults, &run.description, start.as_ref(), &plan, &bar);
        bar.finish_and_clear();
        let explored = explored.map_err(Stop::evaluator)?;
        broken.extend(explored.broken);
        let exploration = Exploration { seed: plan.seed.to_string(), questions: plan.questions };
        power.explored(exploration, explored.found);
    } else if let Some(reports) = &reports
        && let Some(kept) = files::exploration(reports)?
    {
        power.explored(kept.exploration, kept.found);
    }
    print(&render(&power, arguments.format).map_err(Stop::input)?);
    if let Some(reports) = &reports {
        write(&power, reports)?;
    }
    for name in &broken {
        let message = format!("the evaluator breaks the relation `{name}` without any fault");
        anstream::eprintln!("{}", style::warning(&message));
    }
    let has_power = power.survivors.is_empty() && power.control.is_empty() && !power.faults.is_empty();
    let has_found = !arguments.explore || (power.unfound().is_empty() && broken.is_empty());
    Ok(ExitCode::from(u8::from(!(has_power && has_found))))
}

/// The directory that reports are written to, if they are.
fn reports(arguments: &PowerArguments) -> Result<Option<PathBuf>, Stop> {
    match &arguments.write {
        Some(None) if arguments.is_narrowed() => Err(Stop::input(
            "`--write` is about every fault, the whole catalogue and the reference; name another directory for less",
        )),
        Some(directory) => Ok(Some(directory.clone().unwrap_or_else(|| PathBuf::from(REPORTS)))),
        None => Ok(None),
    }
}

/// The faults that the arguments select; selecting none is an error.
fn select(arguments: &PowerArguments) -> Result<Vec<Fault>, Stop> {
    let globs: Vec<_> = arguments.fault.iter().map(|glob| WildMatch::new(glob)).collect();
    let is_wanted = |fault: &&Fault| {
        arguments.dialect.dialect.has(fault.dialect())
            && (globs.is_empty() || globs.iter().any(|glob| glob.matches(fault.id)))
    };
    let faults: Vec<_> = faults::all().iter().filter(is_wanted).copied().collect();
    match faults.is_empty() && !globs.is_empty() {
        true => Err(Stop::input(format!("no fault matches `{}`", arguments.fault.join("`, `")))),
        false => Ok(faults),
    }
}

fn render(power: &Power, format: Format) -> serde_json::Result<String> {
    match format {
        Format::Human => Ok(human::render(power)),
        Format::Json => json(power),
        Format::Jsonl => {
            power.faults.iter().map(|row| Ok(format!("{}\n", serde_json::to_string(row)?))).collect()
        }
    }
}

fn json(power: &Power) -> serde_json::Result<String> {
    Ok(format!("{}\n", serde_json::to_string_pretty(power)?))
}

fn write(power: &Power, reports: &Path) -> Result<(), Stop> {
    let mutants = files::mutants(reports)?;
    let page = page::render(power, mutants.as_ref());
    for (name, text) in [("power.json", json(power).map_err(Stop::input)?), ("power.md", page)] {
        let file = reports.join(name);
        let told = |error| Stop::input(format!("{}: {error}", file.display()));
        std::fs::create_dir_all(reports).map_err(told)?;
        std::fs::write(&file, text).map_err(told)?;
    }
    Ok(())
}

/// A bar on a terminal, nothing elsewhere.
fn progress(stage: &'static str) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(0);
    if let Ok(style) = ProgressStyle::with_template("{prefix:11} {bar:40} {pos}/{len}, {eta} left") {
        bar.set_style(style);
    }
    bar.set_prefix(stage);
    bar
}
