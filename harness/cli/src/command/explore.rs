//! `explore`: puts questions that no case asks to an evaluator, and keeps what it finds.

mod catalogue;
mod report;

use std::collections::BTreeMap;
use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use indicatif::{ProgressBar, ProgressStyle};
use kms_conformance::catalogue::{Catalogue, Expectation};
use kms_conformance::model::{Dialect, Evaluator, Feature, Question};
use kms_conformance::parts;
use kms_explore::campaign::{HeldTo, Plan, Relations, Stopped, Surroundings, Tally, explore};
use kms_explore::cluster::Guesses;
use kms_explore::differential::Abilities;
use kms_explore::finding::Finding;
use kms_explore::meters::Meters;
use kms_explore::{Choices, Settings, question};
use kms_reference::Reference;

use super::print;
use crate::arguments::{EvaluatorArguments, ExploreArguments, From};
use crate::{Stop, evaluator, style};
use catalogue::Exchange;
use report::Stands;

/// How many questions of each dialect are measured.
const MEASURED: usize = 20_000;

/// Explores.
pub fn exec(arguments: &ExploreArguments) -> Result<ExitCode, Stop> {
    let limit = evaluator::seconds("--seconds", arguments.seconds)?;
    let mut evaluators = start(arguments)?;
    let relations = (!arguments.no_relations).then(HeldTo::default);
    if evaluators.len() < 2 && relations.is_none() {
        return Err(Stop::input("there is nothing to hold the reference to; name another with `--against`"));
    }
    let abilities = Abilities::of(evaluators.iter().map(|one| one.description()));
    let wanted = |dialect: &Dialect| arguments.dialect.dialect.one().is_none_or(|one| one == *dialect);
    let dialects: Vec<_> = abilities.dialects().iter().copied().filter(wanted).collect();
    if dialects.is_empty() {
        return Err(Stop::evaluator("there is no such dialect that all of the evaluators declare"));
    }
    let mut plan = Plan::new(arguments.seed.unwrap_or_else(random_seed));
    plan.questions = arguments.questions.unwrap_or(u64::MAX);
    let bar = progress(plan.seed);
    let mut field = Field {
        source: source(arguments.from, &dialects, &evaluators)?,
        dialects,
        relations,
        known: None,
        out: &arguments.out,
        files: BTreeMap::new(),
        bar: &bar,
        started: Instant::now(),
        limit,
        shown: Duration::ZERO,
    };
    let outcome = explore(&plan, &mut evaluators, &mut field);
    bar.finish_and_clear();
    let tally = outcome.map_err(|stopped| match stopped {
        Stopped::Evaluator(..) => Stop::evaluator(stopped),
        _ => Stop::input(stopped),
    })?;
    let descriptions: Vec<_> = evaluators.iter().map(|one| one.description()).collect();
    let report = report::Report {
        seed: plan.seed,
        evaluators: &descriptions,
        tally: &tally,
        took: field.started.elapsed(),
        out: &arguments.out,
        relations: field.relations.as_ref().map(|relations| &relations.meters),
        standings: field.standings(&evaluators),
        measured: match arguments.stats {
            true => field.source.measured(&plan, &field.dialects),
            false => Vec::new(),
        },
    };
    print(&report.render(arguments.format).map_err(Stop::input)?);
    let starved = report.starved();
    starved.iter().for_each(|line| anstream::eprintln!("{}", style::error(line)));
    report.too_few().iter().for_each(|line| anstream::eprintln!("{}", style::warning(line)));
    Ok(ExitCode::from(u8::from(!tally.clusters.is_empty() || !starved.is_empty())))
}

/// The evaluator to explore, then those that it is held against.
fn start(arguments: &ExploreArguments) -> Result<Vec<Box<dyn Evaluator>>, Stop> {
    let mut names = vec![arguments.evaluator.evaluator.clone()];
    names.extend(arguments.against.iter().cloned());
    if names.len() == 1 && arguments.evaluator.evaluator != "reference" {
        names.push("reference".to_owned());
    }
    let start = |evaluator| {
        let named = EvaluatorArguments { evaluator, ..arguments.evaluator.clone() };
        parts::start(evaluator::start(&named)?.as_ref()).map_err(Stop::evaluator)
    };
    names.into_iter().map(start).collect()
}

/// A seed that no earlier run had.
fn random_seed() -> u64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    now.as_secs().wrapping_mul(1_000_003) ^ u64::from(now.subsec_nanos())
}

/// A line on a terminal, nothing elsewhere.
fn progress(seed: u64) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new_spinner();
    if let Ok(style) = ProgressStyle::with_template("{spinner} {prefix}: {msg}") {
        bar.set_style(style);
    }
    bar.set_prefix(format!("seed {seed}"));
    bar
}

/// Where the next question comes from.
enum Source {
    Catalogue(Exchange),
    Generator(Box<Settings>),
}

impl Source {
    fn question(&self, dialects: &[Dialect], choices: &mut dyn Choices) -> Question {
        let dialect = choices.pick(dialects).copied().unwrap_or(Dialect::Aws);
        match self {
            Self::Catalogue(exchange) => exchange.question(dialect, choices),
            Self::Generator(settings) => question(dialect, choices, settings),
        }
    }

    /// What its questions are made of, measured on as many of each dialect.
    fn measured(&self, plan: &Plan, dialects: &[Dialect]) -> Vec<Meters> {
        let measure = |dialect: &Dialect| match self {
            Self::Generator(settings) => {
                let choices = &mut plan.choices(0);
                Meters::measure(*dialect, choices, settings, MEASURED, &mut Reference::new())
            }
            Self::Catalogue(exchange) => {
                let (mut meters, mut reference) = (Meters::new(*dialect), Reference::new());
                for number in 0..MEASURED as u64 {
                    meters.add(&exchange.question(*dialect, &mut plan.choices(number)), &mut reference);
                }
                meters
            }
        };
        dialects.iter().map(measure).collect()
    }
}

fn source(from: From, dialects: &[Dialect], evaluators: &[Box<dyn Evaluator>]) -> Result<Source, Stop> {
    match from {
        From::Catalogue => {
            let catalogue = super::catalogue(None)?;
            let of_dialects = |question: &&Question| dialects.contains(&question.dialect);
            let questions = catalogue.checks().iter().map(|check| &check.question).filter(of_dialects);
            Ok(Source::Catalogue(Exchange::new(questions.cloned())))
        }
        From::Generator => {
            let mut settings = Settings::default();
            // Who does not know operations is asked part by part.
            let all_have = |feature: &Feature| {
                *feature == Feature::Operations
                    || evaluators.iter().all(|one| one.description().has(*feature))
            };
            settings.features.retain(all_have);
            Ok(Source::Generator(Box::new(settings)))
        }
    }
}

/// What is explored, and where findings go.
struct Field<'a> {
    source: Source,
    dialects: Vec<Dialect>,
    relations: Option<HeldTo>,
    /// The catalogue, once something was found.
    known: Option<Known>,
    out: &'a Path,
    /// The files written so far, by the names of their findings.
    files: BTreeMap<String, PathBuf>,
    bar: &'a ProgressBar,
    started: Instant,
    limit: Duration,
    /// When the progress was shown last.
    shown: Duration,
}

/// What the catalogue knows of questions.
struct Known {
    guesses: Guesses,
    /// The questions whose answers it leaves open, and the requirements that say so.
    open: BTreeMap<String, String>,
}

impl Known {
    fn new(catalogue: &Catalogue) -> Self {
        let mut known = Self { guesses: Guesses::default(), open: BTreeMap::new() };
        for check in catalogue.checks() {
            let Some(requirement) = check.requirements.first() else { continue };
            match &check.expectation {
                Expectation::Expect(answers) => {
                    let words = answers.iter().map(|answer| answer.word()).collect();
                    known.guesses.add(requirement, words, &check.question);
                }
                Expectation::Observe(_) => {
                    known.open.insert(check.question.to_line(), requirement.clone());
                }
            }
        }
        known
    }
}

impl Field<'_> {
    /// Where each relation stands that the first evaluator was held to.
    fn standings(&self, evaluators: &[Box<dyn Evaluator>]) -> Vec<Stands<'_>> {
        let Some(HeldTo { meters }) = &self.relations else { return Vec::new() };
        let features = match &self.source {
            Source::Generator(settings) => settings.features.clone(),
            Source::Catalogue(_) => {
                let first = evaluators.first().map(|one| one.description());
                let has = |feature: &&Feature| first.is_some_and(|first| first.has(**feature));
                Feature::ALL.iter().filter(has).chain(&[Feature::Operations]).copied().collect()
            }
        };
        meters.standings(&self.dialects, &features)
    }

    fn known(&mut self) -> &Known {
        // The tests hold that the built-in catalogue can be read.
        self.known.get_or_insert_with(|| Known::new(&Catalogue::builtin().unwrap_or_default()))
    }
}

impl Surroundings for Field<'_> {
    fn question(&mut self, choices: &mut dyn Choices) -> Question {
        self.source.question(&self.dialects, choices)
    }

    fn relations(&mut self) -> Option<&mut dyn Relations> {
        self.relations.as_mut().map(|relations| relations as &mut dyn Relations)
    }

    fn silent(&mut self, question: &Question) -> Option<String> {
        self.known().open.get(&question.to_line()).cloned()
    }

    fn guess(&mut self, answers: &[String], question: &Question) -> Option<String> {
        self.known().guesses.guess(answers, question)
    }

    fn found(&mut self, finding: &Finding, before: Option<&Finding>) -> Result<(), String> {
        let name = finding.name();
        let file = self.out.join(format!("{name}.json"));
        let failed = |error| format!("{}: {error}", file.display());
        std::fs::create_dir_all(self.out).map_err(failed)?;
        std::fs::write(&file, finding.to_text()).map_err(failed)?;
        // A smaller example takes the place of one that this run wrote.
        if let Some(earlier) = before.and_then(|before| self.files.remove(&before.name()))
            && earlier != file
        {
            let _ = std::fs::remove_file(earlier);
        }
        if before.is_none() {
            self.bar.println(format!("{} {name}", style::bad("found")));
        }
        self.files.insert(name, file);
        Ok(())
    }

    fn goes_on(&mut self, tally: &Tally) -> bool {
        let elapsed = self.started.elapsed();
        if !self.bar.is_hidden() && elapsed.saturating_sub(self.shown) > Duration::from_millis(100) {
            self.shown = elapsed;
            let rate = tally.questions as f64 / elapsed.as_secs_f64();
            let found = tally.clusters.len();
            self.bar
                .set_message(format!("{} questions, {rate:.0} a second, {found} findings", tally.questions));
            self.bar.tick();
        }
        elapsed < self.limit
    }
}
