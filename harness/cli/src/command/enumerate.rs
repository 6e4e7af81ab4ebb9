//! `enumerate`: visits every world of a scope, and says how many there are and what was found.

mod report;

use std::io::IsTerminal as _;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use kms_conformance::model::json::pretty;
use kms_conformance::model::{Evaluator, Question, Start};
use kms_explore::differential::ask;
use kms_explore::enumerate::{Enumeration, Scope, Shard, Task, merge, scopes, visit};
use kms_explore::shrink::{BUDGET, shrink};

use super::{near_name, print};
use crate::arguments::{EnumerateArguments, EvaluatorArguments, Format};
use crate::{Stop, evaluator};

/// Enumerates.
pub fn exec(arguments: &EnumerateArguments) -> Result<ExitCode, Stop> {
    if arguments.list {
        print(&report::list(arguments.format).map_err(Stop::input)?);
        return Ok(ExitCode::SUCCESS);
    }
    if !arguments.merge.is_empty() {
        let reports = arguments.merge.iter().map(|path| read(path)).collect::<Result<Vec<_>, _>>()?;
        return told(arguments, &merge(reports).map_err(Stop::input)?);
    }
    let name = arguments.scope.as_deref().unwrap_or_default();
    let scope = scopes::by_name(name).ok_or_else(|| {
        let near = near_name(name, scopes::names());
        let hint = if near.is_empty() { "; `enumerate --list` prints them" } else { "" };
        Stop::input(format!("no scope `{name}`{near}{hint}"))
    })?;
    match arguments.show {
        Some(number) => show(&scope, number),
        None => told(arguments, &enumerate(arguments, &scope)?),
    }
}

fn enumerate(arguments: &EnumerateArguments, scope: &Scope) -> Result<Enumeration, Stop> {
    let shard = shard(arguments.shard.as_deref(), scope)?;
    let names = [Some(&arguments.evaluator.evaluator), arguments.against.as_ref()];
    let start = |name: &String| {
        evaluator::start(&EvaluatorArguments { evaluator: name.clone(), ..arguments.evaluator.clone() })
    };
    let starts = names.into_iter().flatten().map(start).collect::<Result<Vec<Arc<dyn Start>>, _>>()?;
    // One of each for what is done once: who they are, and to make findings small.
    let mut own =
        starts.iter().map(|one| one.start()).collect::<Result<Vec<_>, _>>().map_err(Stop::evaluator)?;
    if let Some(foreign) = own.iter().find(|one| !one.description().dialects.contains(&scope.dialect)) {
        let (name, dialect) = (&foreign.description().name, scope.dialect.word());
        return Err(Stop::evaluator(format!(
            "`{name}` does not declare the dialect `{dialect}` of the scope"
        )));
    }
    let starts: Vec<&dyn Start> = starts.iter().map(AsRef::as_ref).collect();
    let cores = || std::thread::available_parallelism().map_or(1, usize::from);
    let done = AtomicU64::new(0);
    let task = Task {
        scope,
        range: (shard.from, shard.to),
        evaluators: &starts,
        jobs: arguments.jobs.map_or_else(cores, usize::from),
        batches: names.into_iter().flatten().any(|name| name.starts_with("process:")),
        done: &done,
    };
    let tally = watched(scope.name, shard, &done, || visit(&task)).map_err(Stop::evaluator)?;
    let descriptions: Vec<_> = own.iter().map(|one| one.description().clone()).collect();
    let descriptions: Vec<_> = descriptions.iter().collect();
    let mut smaller = |question: &Question, answers: &[String]| smallest(&mut own, question, answers);
    Ok(Enumeration::new(scope, shard, &descriptions, &tally, &mut smaller))
}

/// The smallest question to which the evaluators give these answers.
fn smallest(
    evaluators: &mut [Box<dyn Evaluator>],
    question: &Question,
    answers: &[String],
) -> Option<Question> {
    // Each step of shrinking a timeout would take as long as the timeout.
    if answers.iter().any(|word| word == "timeout") {
        return None;
    }
    let mut shows = |question: &Question| {
        let mut wanted = answers.iter();
        evaluators
            .iter_mut()
            .all(|one| wanted.next().is_some_and(|word| word == ask(one.as_mut(), question).outcome.word()))
    };
    shrink(question, BUDGET, &mut shows).map(|shrunk| shrunk.question)
}

/// The part of the scope that is asked for.
fn shard(text: Option<&str>, scope: &Scope) -> Result<Shard, Stop> {
    let text = text.unwrap_or("1/1");
    let numbers = text.split_once('/').and_then(|(index, of)| Some((index.parse().ok()?, of.parse().ok()?)));
    numbers.and_then(|(index, of)| Shard::new(index, of, scope)).ok_or_else(|| {
        Stop::input(format!("`--shard` needs a part such as `2/8`, the second of eight, not `{text}`"))
    })
}

/// Does it, and shows on a terminal how far it is.
fn watched<T>(name: &'static str, shard: Shard, done: &AtomicU64, work: impl FnOnce() -> T) -> T {
    if !std::io::stderr().is_terminal() {
        return work();
    }
    // Every number is asked about, then checked.
    let bar = ProgressBar::new((shard.to - shard.from) * 2);
    if let Ok(style) =
        ProgressStyle::with_template("{prefix} {wide_bar} {percent}% {per_sec}, {eta_precise} left")
    {
        bar.set_style(style);
    }
    bar.set_prefix(name);
    let ended = AtomicBool::new(false);
    std::thread::scope(|threads| {
        threads.spawn(|| {
            while !ended.load(Relaxed) {
                bar.set_position(done.load(Relaxed));
                std::thread::sleep(Duration::from_millis(100));
            }
            bar.finish_and_clear();
        });
        let result = work();
        ended.store(true, Relaxed);
        result
    })
}

/// Prints the question of a world.
fn show(scope: &Scope, number: u64) -> Result<ExitCode, Stop> {
    let question = scope.world(number).and_then(|world| scope.question(&world)).ok_or_else(|| {
        let last = scope.arrangements().saturating_sub(1);
        Stop::input(format!("`{}` has worlds 0 to {last}, not {number}", scope.name))
    })?;
    if let Some(first) = scope.first_like(number).filter(|first| *first != number) {
        anstream::eprintln!("world {number} is a renaming of world {first}, which is asked in its place");
    }
    print(&format!("{}\n", pretty(&question.to_node(), 100)));
    Ok(ExitCode::SUCCESS)
}

/// The report of a shard.
fn read(path: &Path) -> Result<(String, Enumeration), Stop> {
    let name = path.display().to_string();
    let text = std::fs::read_to_string(path).map_err(|error| Stop::input(format!("{name}: {error}")))?;
    let report = serde_json::from_str(&text).map_err(|error| {
        let what = if error.is_eof() { "is cut short" } else { "is no report of `enumerate --format json`" };
        Stop::input(format!("{name}:{}:{}: {what}", error.line(), error.column()))
    })?;
    Ok((name, report))
}

fn told(arguments: &EnumerateArguments, enumeration: &Enumeration) -> Result<ExitCode, Stop> {
    let text = report::render(enumeration, arguments.format).map_err(Stop::input)?;
    match &arguments.out {
        Some(path) => std::fs::write(path, anstream::adapter::strip_str(&text).to_string())
            .map_err(|error| Stop::input(format!("{}: {error}", path.display())))?,
        None => print(&text),
    }
    if arguments.format == Format::Human && arguments.out.is_some() {
        anstream::eprintln!("{}", report::headline(enumeration));
    }
    let is_whole = (enumeration.shard.index, enumeration.shard.of) == (1, 1);
    let fails = !enumeration.findings.is_empty() || (is_whole && !enumeration.summary.complete);
    Ok(ExitCode::from(u8::from(fails)))
}
