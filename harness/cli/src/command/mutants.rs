//! `mutants`: decides what is told of a run of cargo-mutants, and holds every mutant that no check noticed to a reason.
//!
//! Lines move whenever code does: a reason is about the text of a mutant without its line and column, and says how many
//! mutants of that text are missed.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::ExitCode;

use serde::{Deserialize, Serialize};

use super::print;
use crate::arguments::MutantsArguments;
use crate::{Stop, style};

/// What came of changing code, with the catalogue as its test: `reports/mutants.json`.
#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Mutants {
    /// The tool and its version.
    pub version: String,
    /// What was changed.
    pub scope: Vec<String>,
    /// All mutants that were tried.
    pub total: u64,
    /// Those that a test caught.
    pub caught: u64,
    /// Those that none did.
    pub missed: u64,
    /// Those that never came to an end, which a test notices as well.
    pub timeout: u64,
    /// Those that did not compile.
    pub unviable: u64,
    /// Those that were not tried.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left_out: Option<Reason>,
    /// The missed ones, by their text.
    pub survivors: Vec<Survivor>,
}

/// Why some mutants need not be noticed.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Reason {
    /// How many they are.
    pub count: u64,
    /// Why that is right.
    pub why: String,
}

/// Mutants of one text that no test caught.
#[derive(Debug, Deserialize, Serialize)]
pub struct Survivor {
    /// What was changed.
    pub mutant: String,
    /// In how many places.
    #[serde(default = "one")]
    pub count: u64,
    /// Why that is right.
    pub why: String,
}

fn one() -> u64 {
    1
}

/// Prints the sum, or what is not explained.
pub fn exec(arguments: &MutantsArguments) -> Result<ExitCode, Stop> {
    let all: BTreeSet<String> = lines(&arguments.all)?.into_iter().collect();
    let mut results = Results::default();
    for directory in &arguments.results {
        results.add(directory, &all)?;
    }
    let reasons = Reasons::read(&arguments.reasons)?;
    let (mutants, problems) = results.sum(&all, &reasons);
    for problem in &problems {
        anstream::eprintln!("{}", style::error(problem));
    }
    if !problems.is_empty() {
        return Ok(ExitCode::from(1));
    }
    let json = serde_json::to_string_pretty(&mutants).map_err(Stop::input)?;
    print(&format!("{json}\n"));
    Ok(ExitCode::SUCCESS)
}

/// What became of a mutant; the files of cargo-mutants are named so.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
enum Outcome {
    Caught,
    Missed,
    Timeout,
    Unviable,
}

/// The results of some runs.
#[derive(Default)]
struct Results {
    versions: BTreeSet<String>,
    outcomes: BTreeMap<String, Outcome>,
}

/// The member of `outcomes.json` that is looked at.
#[derive(Deserialize)]
struct Run {
    cargo_mutants_version: String,
}

impl Results {
    /// Adds what stands in a directory. What is not among all mutants is of another state of the code.
    fn add(&mut self, directory: &Path, all: &BTreeSet<String>) -> Result<(), Stop> {
        let run = lines(&directory.join("outcomes.json"))?.join("\n");
        let run: Run = serde_json::from_str(&run).map_err(|error| {
            Stop::input(format!("{}: {error}", directory.join("outcomes.json").display()))
        })?;
        self.versions.insert(run.cargo_mutants_version);
        for (file, outcome) in [
            ("caught.txt", Outcome::Caught),
            ("missed.txt", Outcome::Missed),
            ("timeout.txt", Outcome::Timeout),
            ("unviable.txt", Outcome::Unviable),
        ] {
            let mutants = lines(&directory.join(file))?;
            self.outcomes.extend(
                mutants.into_iter().filter(|mutant| all.contains(mutant)).map(|mutant| (mutant, outcome)),
            );
        }
        Ok(())
    }

    /// The sum, and what is wrong with the reasons for it.
    fn sum(&self, all: &BTreeSet<String>, reasons: &Reasons) -> (Mutants, Vec<String>) {
        let mut problems = Vec::new();
        let left_out = all.len() - self.outcomes.len();
        if left_out as u64 != reasons.left_out.as_ref().map_or(0, |reason| reason.count) {
            problems.push(format!("{left_out} mutants have no result, which is not what the reasons say"));
        }
        let count = |wanted| self.outcomes.values().filter(|outcome| **outcome == wanted).count() as u64;
        let mut missed: BTreeMap<String, u64> = BTreeMap::new();
        for (mutant, _) in self.outcomes.iter().filter(|(_, outcome)| **outcome == Outcome::Missed) {
            *missed.entry(without_place(mutant)).or_default() += 1;
        }
        for (mutant, count) in &missed {
            match reasons.survivors.get(mutant) {
                Some(reason) if reason.count == *count => {}
                Some(reason) => {
                    problems.push(format!("`{mutant}` is missed {count} times, not {}", reason.count));
                }
                None => problems.push(format!("`{mutant}` is missed, and no reason is given")),
            }
        }
        let needless = reasons.survivors.keys().filter(|mutant| !missed.contains_key(*mutant));
        problems
            .extend(needless.map(|mutant| format!("a reason is given for `{mutant}`, which is not missed")));
        let outside =
            |mutant: &&String| !reasons.scope.iter().any(|scope| mutant.starts_with(scope.as_str()));
        problems
            .extend(self.outcomes.keys().filter(outside).map(|mutant| format!("`{mutant}` is in no scope")));
        let versions: Vec<_> = self.versions.iter().map(String::as_str).collect();
        let survivor = |(mutant, reason): (&String, &Reason)| Survivor {
            mutant: mutant.clone(),
            count: reason.count,
            why: reason.why.clone(),
        };
        let mutants = Mutants {
            version: format!("cargo-mutants {}", versions.join(", ")),
            scope: reasons.scope.clone(),
            total: self.outcomes.len() as u64,
            caught: count(Outcome::Caught),
            missed: count(Outcome::Missed),
            timeout: count(Outcome::Timeout),
            unviable: count(Outcome::Unviable),
            left_out: reasons.left_out.clone(),
            survivors: reasons.survivors.iter().map(survivor).collect(),
        };
        (mutants, problems)
    }
}

/// The table of reasons.
#[derive(Debug, Default)]
struct Reasons {
    scope: Vec<String>,
    left_out: Option<Reason>,
    /// By the text of the mutants.
    survivors: BTreeMap<String, Reason>,
}

impl Reasons {
    /// Reads a table of four columns: kind, number of mutants, what it is about, why.
    fn read(file: &Path) -> Result<Self, Stop> {
        let mut reasons = Self::default();
        for (number, line) in lines(file)?.iter().enumerate().skip(1) {
            let problem =
                |message: &str| Stop::input(format!("{}:{}: {message}", file.display(), number + 1));
            let columns: Vec<_> = line.split('\t').map(str::trim).collect();
            if let ["scope", _, scope, ..] = columns.as_slice() {
                reasons.scope.push((*scope).to_owned());
                continue;
            }
            let [kind, count, what, why] = columns.as_slice() else {
                return Err(problem("expected kind, number, mutant and reason, with tabs between"));
            };
            let count = count.parse().map_err(|_| problem(&format!("`{count}` is no number of mutants")))?;
            if why.is_empty() {
                return Err(problem("the reason is empty"));
            }
            let reason = Reason { count, why: (*why).to_owned() };
            let earlier = match *kind {
                "left-out" => reasons.left_out.replace(reason),
                "survivor" => reasons.survivors.insert((*what).to_owned(), reason),
                _ => return Err(problem(&format!("`{kind}` is none of `left-out`, `scope`, `survivor`"))),
            };
            if earlier.is_some() {
                return Err(problem("this stands in the table twice"));
            }
        }
        Ok(reasons)
    }
}

/// `harness/reference/src/told.rs:19:5: replace …` without line and column.
fn without_place(mutant: &str) -> String {
    let mut parts = mutant.splitn(4, ':');
    match (parts.next(), parts.nth(2)) {
        (Some(file), Some(text)) => format!("{file}:{text}"),
        _ => mutant.to_owned(),
    }
}

/// The lines of a file that are not empty.
fn lines(file: &Path) -> Result<Vec<String>, Stop> {
    match std::fs::read_to_string(file) {
        Ok(text) => Ok(text.lines().filter(|line| !line.is_empty()).map(str::to_owned).collect()),
        Err(error) => Err(Stop::input(format!("{}: {error}", file.display()))),
    }
}
