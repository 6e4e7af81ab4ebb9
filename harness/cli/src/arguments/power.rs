//! Decides what `power` can be told.

use std::path::PathBuf;

use clap::Args;

use super::{DialectArguments, EvaluatorArguments, Format};

/// `power`
#[derive(Args, Debug)]
pub struct PowerArguments {
    /// Only faults whose id matches, with `*` and `?`; may be repeated
    #[arg(long, value_name = "GLOB")]
    pub fault: Vec<String>,
    /// A directory of your own suites, in place of the built-in catalogue
    #[arg(long, value_name = "DIR")]
    pub suites: Option<PathBuf>,
    #[command(flatten)]
    pub dialect: DialectArguments,
    /// The evaluator that is broken by the faults, and the control
    #[command(flatten)]
    pub evaluator: EvaluatorArguments,
    /// How the report is written; `jsonl` has a line for each fault
    #[arg(long, default_value = "human")]
    pub format: Format,
    /// Also write power.md and power.json into a directory, `reports` by default; figures of an exploration that stand there
    /// are kept, and mutants.json is read
    #[arg(long, value_name = "DIR", num_args = 0..=1)]
    pub write: Option<Option<PathBuf>>,
    /// Look for every fault by exploration, too
    #[arg(long)]
    pub explore: bool,
    /// Questions of each dialect to explore with
    #[arg(long, default_value_t = 50_000, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub questions: u64,
    /// The seed of the exploration: the same one asks the same questions
    #[arg(long, default_value_t = 1, value_name = "NUMBER")]
    pub seed: u64,
}

impl PowerArguments {
    /// Whether this is about less than every fault, the whole catalogue and the reference.
    pub fn is_narrowed(&self) -> bool {
        !self.fault.is_empty()
            || self.suites.is_some()
            || self.dialect.dialect.one().is_some()
            || self.evaluator.evaluator != "reference"
    }
}
