//! Decides how a catalogue becomes tests of `cargo test`: a named test for each check, in anybody's crate.
//!
//! ```no_run
//! # struct Mine;
//! # impl kms_conformance::model::Evaluator for Mine {
//! #     fn description(&self) -> &kms_conformance::model::Description { unimplemented!() }
//! #     fn answer(&mut self, _: &kms_conformance::model::Question) -> kms_conformance::model::Answer { unimplemented!() }
//! # }
//! // tests/conformance.rs, with `harness = false` in Cargo.toml
//! fn main() -> std::process::ExitCode {
//!     kms_conformance::Conformance::new(|| Mine).known_differences("tests/known.json").main()
//! }
//! ```

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use kms_model::{Evaluator, Start};
use libtest_mimic::{Arguments, Completion, Failed, Trial};

use crate::Catalogue;
use crate::known::Known;
use crate::parts;
use crate::verdict::{Judgement, Verdict, judge, skip};

/// A catalogue as tests.
pub struct Conformance {
    start: Arc<dyn Start>,
    suites: Option<PathBuf>,
    known: Option<PathBuf>,
}

thread_local! {
    /// The evaluator of this test thread; taken out while it is asked, so that one that panicked is not asked again.
    static EVALUATOR: RefCell<Option<Box<dyn Evaluator>>> = const { RefCell::new(None) };
}

impl Conformance {
    /// The built-in catalogue, put to the evaluators that `start` starts.
    pub fn new(start: impl Start + 'static) -> Self {
        Self { start: Arc::new(start), suites: None, known: None }
    }

    /// The suites of a directory in place of the built-in catalogue.
    #[must_use]
    pub fn suites(mut self, directory: impl Into<PathBuf>) -> Self {
        self.suites = Some(directory.into());
        self
    }

    /// A file of known differences: wrong answers that do not fail the run.
    #[must_use]
    pub fn known_differences(mut self, file: impl Into<PathBuf>) -> Self {
        self.known = Some(file.into());
        self
    }

    /// Runs the tests as the command line says, and prints what went wrong before any test could run.
    pub fn main(self) -> ExitCode {
        let arguments = Arguments::from_args();
        // nextest starts a process for each test, which needs no more than its own suite.
        let one = arguments.filter.as_deref().filter(|_| arguments.exact).unwrap_or_default();
        match self.trials_near(one) {
            Ok(trials) => libtest_mimic::run(&arguments, trials).exit_code(),
            Err(message) => {
                eprintln!("{message}");
                ExitCode::from(2)
            }
        }
    }

    /// The tests: one for each check, or one for each suite where `NEXTEST` is set, since nextest starts a process for
    /// each.
    ///
    /// # Errors
    /// Every problem of the suites or of the known differences, as text.
    pub fn trials(&self) -> Result<Vec<Trial>, String> {
        self.trials_near("")
    }

    fn trials_near(&self, start: &str) -> Result<Vec<Trial>, String> {
        let catalogue = match &self.suites {
            Some(directory) => Catalogue::from_directory(directory),
            // The known differences are held against all checks.
            None if self.known.is_some() => Catalogue::builtin(),
            None => Catalogue::builtin_near(&[start.split('#').next().unwrap_or_default()]),
        };
        let catalogue = Arc::new(catalogue.map_err(|error| error.to_string())?);
        let known = match &self.known {
            Some(file) => Known::read(file, &catalogue).map_err(|error| error.to_string())?,
            None => Known::default(),
        };
        let known = Arc::new(known);
        let mut groups: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        let whole_suites = std::env::var_os("NEXTEST").is_some();
        for (index, check) in catalogue.checks().iter().enumerate() {
            let suite = check.place.split(".json:").next().unwrap_or_default();
            groups
                .entry(if whole_suites { suite.to_owned() } else { check.id.clone() })
                .or_default()
                .push(index);
        }
        let trial = |(name, indexes): (String, Vec<usize>)| {
            let (start, catalogue, known) =
                (Arc::clone(&self.start), Arc::clone(&catalogue), Arc::clone(&known));
            Trial::ignorable_test(name, move || asked(start.as_ref(), &catalogue, &known, &indexes))
        };
        Ok(groups.into_iter().map(trial).collect())
    }
}

/// Asks the checks of one test. It is ignored where all of them are skipped or known.
fn asked(
    start: &dyn Start,
    catalogue: &Catalogue,
    known: &Known,
    indexes: &[usize],
) -> Result<Completion, Failed> {
    let mut failures = Vec::new();
    let mut ignored = Vec::new();
    for check in indexes.iter().filter_map(|index| catalogue.checks().get(*index)) {
        let mut evaluator = match EVALUATOR.take() {
            Some(evaluator) => evaluator,
            None => parts::start(start).map_err(|error| Failed::from(error.to_string()))?,
        };
        let description = evaluator.description().clone();
        if let Some(feature) = skip(check, &description) {
            ignored.push(format!("not asked: no {feature}"));
        } else {
            let answer = evaluator.answer(&check.question_for(&description));
            let verdict = judge(check, answer, &description, known.find(&check.id));
            match &verdict.judgement {
                Judgement::Known(reason) => ignored.push(format!("known: {reason}")),
                judgement if judgement.fails() => failures.push(failure(&verdict, catalogue)),
                _ => {}
            }
        }
        EVALUATOR.set(Some(evaluator));
    }
    match (failures.is_empty(), ignored.first()) {
        (false, _) => Err(failures.join("\n").into()),
        (true, Some(reason)) if ignored.len() == indexes.len() => Ok(Completion::ignored_with(reason)),
        _ => Ok(Completion::Completed),
    }
}

/// A failure for people: what was expected, what came, and the rules behind it.
pub fn failure(verdict: &Verdict, catalogue: &Catalogue) -> String {
    let mut text = format!("{}\n  expected {}", verdict.id, verdict.expectation);
    if let Some(answer) = &verdict.got {
        text.push_str(&format!("\n  got      {}", answer.outcome));
        if let Some(message) = &answer.message {
            text.push_str(&format!(": {message}"));
        }
    }
    if let Some(kind) = verdict.judgement.kind() {
        text.push_str(&format!("\n  {}    {kind}", verdict.judgement.word()));
    }
    for requirement in verdict.requirements.iter().filter_map(|id| catalogue.requirement(id)) {
        text.push_str(&format!("\n  rule     {}: {}", requirement.id, requirement.statement));
        for source in &requirement.sources {
            text.push_str(&format!("\n  source   {source}"));
        }
    }
    text.push_str(&format!("\n  again    kms-conformance show '{}'", verdict.id));
    text
}
