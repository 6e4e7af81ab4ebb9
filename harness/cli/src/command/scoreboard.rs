//! `scoreboard`: runs the adapters that are installed, and writes what each evaluator meets and breaks into `reports/`.

mod files;
mod reproductions;

use std::process::ExitCode;
use std::sync::Arc;

use comfy_table::{CellAlignment, Table, presets};
use kms_conformance::model::Start as _;
use kms_conformance::scoreboard::{Reproduction, Row, Scoreboard, edition};
use kms_conformance::{Catalogue, Options, Process, SuiteProblem};

use super::evaluators::Installed;
use super::{catalogue, print};
use crate::arguments::ScoreboardArguments;
use crate::{Stop, evaluator, style};
use files::Reports;
use reproductions::Shown;

/// Writes the reports, or checks them.
pub fn exec(arguments: &ScoreboardArguments) -> Result<ExitCode, Stop> {
    let adapters = Installed::all()?;
    let Some(first) = adapters.first() else {
        return Err(Stop::input("no adapters in a folder `harness/adapters` here or above"));
    };
    if let Some(name) =
        arguments.names.iter().find(|name| adapters.iter().all(|one| one.adapter.name != **name))
    {
        return Err(Stop::input(format!("no adapter `{name}`; `kms-conformance evaluators` lists them")));
    }
    let reports = Reports::of(&first.root);
    let before = reports.read()?;
    let catalogue = catalogue(None)?;
    let mut scoreboard = Scoreboard::default();
    let (mut failed, mut stale) = (Vec::new(), Vec::new());
    for found in &adapters {
        let name = &found.adapter.name;
        let kept = before.evaluators.iter().find(|row| row.name == *name);
        let wanted = arguments.names.is_empty() || arguments.names.contains(name);
        let shown = Shown::of(&found.root, name, &catalogue)?;
        let row = match (wanted, found.is_ready()) {
            (false, _) => Err("not asked for".to_owned()),
            (true, false) => Err(format!("{}; to install it: {}", found.state(), found.adapter.install)),
            (true, true) => ask(found, &catalogue, &shown, arguments)
                .map(|(row, lines)| {
                    stale.extend(lines);
                    row
                })
                .map_err(|message| {
                    failed.push(format!("{name}: {message}"));
                    "it could not be run".to_owned()
                }),
        };
        let row = row.map_err(|why| {
            let row = kept.map_or("it has no row", |_| "its row is kept");
            anstream::eprintln!("{name}: {why}; {row}");
        });
        scoreboard.evaluators.extend(row.ok().or_else(|| kept.cloned()));
    }
    for row in before.evaluators.iter().filter(|row| adapters.iter().all(|one| one.adapter.name != row.name))
    {
        anstream::eprintln!("{}: there is no such adapter any more; its row is dropped", row.name);
    }
    print(&human(&scoreboard));
    let differ = if arguments.check {
        let differences = reports.differences(&scoreboard, &catalogue)?;
        print(&differences);
        !differences.is_empty()
    } else {
        reports.write(&scoreboard, &catalogue)?;
        false
    };
    for line in &stale {
        anstream::eprintln!("{}", style::warning(&line.to_string()));
    }
    if !failed.is_empty() {
        return Err(Stop::evaluator(failed.join("\n")));
    }
    if differ {
        anstream::eprintln!(
            "{}",
            style::warning("the reports are not what `kms-conformance scoreboard` writes")
        );
    }
    Ok(ExitCode::from(u8::from(differ || !stale.is_empty())))
}

/// Runs the catalogue against an adapter, without known differences: what is known is broken all the same. Beside the row,
/// what is attributed to scripts and no longer fails.
fn ask(
    found: &Installed,
    catalogue: &Catalogue,
    shown: &Shown,
    arguments: &ScoreboardArguments,
) -> Result<(Row, Vec<SuiteProblem>), String> {
    let adapter = &found.adapter;
    let patience = evaluator::seconds("--timeout", arguments.timeout).map_err(|stop| stop.message)?;
    let process = Process::parse(&adapter.command).map_err(|error| error.to_string())?;
    let process = process.with_timeout(patience).with_directory(&found.root);
    let description = process.start().map_err(|error| error.to_string())?.description().clone();
    if !description.version.is_empty() && !description.version.contains(&adapter.version) {
        return Err(format!(
            "its version is {}, and `adapters.json` pins {}; to install that: {}",
            description.version, adapter.version, adapter.install
        ));
    }
    let mut options = Options::default();
    if let Some(jobs) = arguments.jobs {
        options.jobs = jobs.into();
    }
    let run = kms_conformance::run(catalogue, Arc::new(process), &options, &mut |_, _| {})
        .map_err(|error| error.to_string())?;
    if let Some(why) = run.stopped {
        return Err(format!("it was asked nothing more: {why}"));
    }
    let row = Row::new(adapter, &run, catalogue, &edition(catalogue), &shown.scripts, &shown.causes);
    let counted = row.scripts();
    for Reproduction { check, script } in shown.scripts.iter().filter(|one| !counted.contains(&*one.script)) {
        let message = format!("{script} reproduces `{check}`, which does not fail");
        anstream::eprintln!("{}", style::warning(&message));
    }
    Ok((row, shown.causes.stale(&run)))
}

fn human(scoreboard: &Scoreboard) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table.set_header([
        "evaluator",
        "version",
        "met",
        "broken",
        "false allows",
        "reproduced",
        "not asked",
        "requirements",
    ]);
    for row in &scoreboard.evaluators {
        let of = row.requirements;
        let counts = [of.met, of.broken, of.false_allows, of.reproduced, of.not_asked, of.requirements];
        let names = [row.name.clone(), row.version.clone()];
        table.add_row(names.into_iter().chain(counts.map(|count| count.to_string())));
    }
    table.column_iter_mut().skip(2).for_each(|column| column.set_cell_alignment(CellAlignment::Right));
    format!("{table}\n")
}
