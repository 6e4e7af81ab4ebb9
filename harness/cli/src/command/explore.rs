//! `explore`: puts questions that no case asks to an evaluator, and keeps what it finds.

mod catalogue;
mod replay;
mod report;

use std::collections::BTreeMap;
use std::io::IsTerminal as _;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use indicatif::{ProgressBar, ProgressStyle};
use kms_conformance::catalogue::{Catalogue, Expectation};
use kms_conformance::model::{Description, Dialect, Evaluator, Feature, Question, Start};
use kms_conformance::parts;
use kms_explore::campaign::{Generated, Plan, Stopped, Surroundings, Tally, World, Worlds, explore};
use kms_explore::cluster::Guesses;
use kms_explore::differential::Abilities;
use kms_explore::finding::Finding;
use kms_explore::meters::Meters;
use kms_explore::{Choices, Series, Settings, relations};
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
    let starts = starts(arguments)?;
    let start = || starts.iter().map(|one| parts::start(one.as_ref())).collect::<Result<Vec<_>, _>>();
    let mut evaluators = start().map_err(Stop::evaluator)?;
    if !arguments.replay.is_empty() {
        return replay::exec(&arguments.replay, &mut evaluators);
    }
    if evaluators.len() < 2 && arguments.no_relations {
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
    plan.relates = !arguments.no_relations;
    plan.jobs = arguments.jobs.map_or_else(cores, NonZeroUsize::get);
    let source = source(arguments, dialects, &evaluators)?;
    let bar = progress(plan.seed);
    let mut field = Field {
        known: None,
        out: &arguments.out,
        files: BTreeMap::new(),
        bar: &bar,
        started: Instant::now(),
        limit,
        shown: Duration::ZERO,
    };
    let outcome = explore(&plan, &source, &mut evaluators, &start, &mut field);
    bar.finish_and_clear();
    let tally = outcome.map_err(|stopped| match stopped {
        Stopped::Evaluator(..) | Stopped::Start(_) => Stop::evaluator(stopped),
        _ => Stop::input(stopped),
    })?;
    let descriptions: Vec<_> = evaluators.iter().map(|one| one.description()).collect();
    let report = report::Report {
        seed: plan.seed,
        evaluators: &descriptions,
        tally: &tally,
        took: field.started.elapsed(),
        out: &arguments.out,
        relations: plan.relates.then_some(&tally.counts.relations),
        standings: match descriptions.first() {
            Some(first) if plan.relates => source.standings(&tally.counts.relations, first),
            _ => Vec::new(),
        },
        measured: match arguments.stats {
            true => source.measured(&plan),
            false => Vec::new(),
        },
    };
    print(&report.render(arguments.format).map_err(Stop::input)?);
    let starved = report.starved();
    starved.iter().for_each(|line| anstream::eprintln!("{}", style::error(line)));
    report.too_few().iter().for_each(|line| anstream::eprintln!("{}", style::warning(line)));
    Ok(ExitCode::from(u8::from(!tally.clusters.is_empty() || !starved.is_empty())))
}

/// How the evaluator to explore is started, then those that it is held against.
fn starts(arguments: &ExploreArguments) -> Result<Vec<Arc<dyn Start>>, Stop> {
    let mut names = vec![arguments.evaluator.evaluator.clone()];
    names.extend(arguments.against.iter().cloned());
    if names.len() == 1 && arguments.evaluator.evaluator != "reference" {
        names.push("reference".to_owned());
    }
    let start = |evaluator| {
        let named = EvaluatorArguments { evaluator, ..arguments.evaluator.clone() };
        evaluator::start(&named)
    };
    names.into_iter().map(start).collect()
}

fn cores() -> usize {
    thread::available_parallelism().map_or(1, NonZeroUsize::get)
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

/// Where worlds come from.
enum Source {
    Catalogue(Exchange, Vec<Dialect>),
    Generator(Box<Generated>),
}

impl Worlds for Source {
    fn world(&self, choices: &mut dyn Choices) -> World {
        match self {
            Self::Catalogue(exchange, dialects) => {
                let dialect = choices.pick(dialects).copied().unwrap_or(Dialect::Aws);
                (exchange.question(dialect, choices), None)
            }
            Self::Generator(generated) => generated.world(choices),
        }
    }

    fn again(&self, series: &mut Option<Series>, question: &mut Question, choices: &mut dyn Choices) {
        if let Self::Generator(generated) = self {
            generated.again(series, question, choices);
        }
    }

    fn questions_of_each(&self) -> u64 {
        match self {
            Self::Catalogue(..) => 1,
            Self::Generator(generated) => generated.questions_of_each(),
        }
    }
}

impl Source {
    /// What its questions are made of, measured on as many of each dialect.
    fn measured(&self, plan: &Plan) -> Vec<Meters> {
        match self {
            Self::Generator(generated) => {
                let Generated { dialects, settings, .. } = generated.as_ref();
                // What is reached is a matter of worlds: the first question of each.
                let mut settings = settings.clone();
                settings.weights.questions_of_a_world = 1;
                let measure = |dialect: &Dialect| {
                    let choices = &mut plan.choices(0);
                    Meters::measure(*dialect, choices, &settings, MEASURED, &mut Reference::new())
                };
                dialects.iter().map(measure).collect()
            }
            Self::Catalogue(exchange, dialects) => {
                let measure = |dialect: &Dialect| {
                    let (mut meters, mut reference) = (Meters::new(*dialect), Reference::new());
                    for number in 0..MEASURED as u64 {
                        meters.add(&exchange.question(*dialect, &mut plan.choices(number)), &mut reference);
                    }
                    meters
                };
                dialects.iter().map(measure).collect()
            }
        }
    }
}

impl Source {
    /// Where each relation stands that an evaluator with this description was held to.
    fn standings<'m>(&self, meters: &'m relations::Meters, description: &Description) -> Vec<Stands<'m>> {
        match self {
            Self::Generator(generated) => {
                let Generated { dialects, settings, .. } = generated.as_ref();
                meters.standings(dialects, &settings.features)
            }
            Self::Catalogue(_, dialects) => {
                let has = |feature: &&Feature| description.has(**feature);
                let features =
                    Feature::ALL.iter().filter(has).chain(&[Feature::Operations]).copied().collect();
                meters.standings(dialects, &features)
            }
        }
    }
}

fn source(
    arguments: &ExploreArguments,
    dialects: Vec<Dialect>,
    evaluators: &[Box<dyn Evaluator>],
) -> Result<Source, Stop> {
    match arguments.from {
        From::Catalogue => {
            let catalogue = super::catalogue(None)?;
            let of_dialects = |question: &&Question| dialects.contains(&question.dialect);
            let questions = catalogue.checks().iter().map(|check| &check.question).filter(of_dialects);
            let exchange = Exchange::new(questions.cloned());
            Ok(Source::Catalogue(exchange, dialects))
        }
        From::Generator => {
            let mut settings = Settings::default();
            // Who does not know operations is asked part by part.
            let all_have = |feature: &Feature| {
                *feature == Feature::Operations
                    || evaluators.iter().all(|one| one.description().has(*feature))
            };
            settings.features.retain(all_have);
            // A process reads the policies of each question anyway, and takes longer than it takes to make others.
            let mut names = arguments.against.iter().chain([&arguments.evaluator.evaluator]);
            if names.any(|name| name != "reference") {
                settings.weights.questions_of_a_world = 1;
            }
            Ok(Source::Generator(Box::new(Generated { dialects, settings })))
        }
    }
}

/// Where findings go, and how the exploration is followed.
struct Field<'a> {
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
    fn known(&mut self) -> &Known {
        // The tests hold that the built-in catalogue can be read.
        self.known.get_or_insert_with(|| Known::new(&Catalogue::builtin().unwrap_or_default()))
    }
}

impl Surroundings for Field<'_> {
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
            let pace = report::pace(&tally.counts, elapsed);
            self.bar.set_message(format!("{pace}, {} findings", tally.clusters.len()));
            self.bar.tick();
        }
        elapsed < self.limit
    }
}
