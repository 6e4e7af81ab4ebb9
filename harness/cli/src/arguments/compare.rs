//! Decides what the commands that hold evaluators together can be told: `compare` and `scoreboard`.

use std::path::PathBuf;

use clap::Args;

use super::{DialectArguments, Format};

/// `compare`
#[derive(Args, Debug)]
pub struct CompareArguments {
    /// Two evaluators or more: `reference`, `process:COMMAND`, or the name of an installed adapter
    #[arg(value_name = "EVALUATOR", num_args = 2.., required = true)]
    pub evaluators: Vec<String>,
    /// Questions in place of the catalogue's: a file with one, with a list or with one a line, a finding, or a directory
    #[arg(long, value_name = "PATH")]
    pub questions: Option<PathBuf>,
    /// A directory of your own suites, in place of the built-in catalogue
    #[arg(long, value_name = "DIR", conflicts_with = "questions")]
    pub suites: Option<PathBuf>,
    /// Only checks whose id matches, with `*` and `?`; may be repeated
    #[arg(long, value_name = "GLOB", conflicts_with = "questions")]
    pub filter: Vec<String>,
    #[command(flatten)]
    pub dialect: DialectArguments,
    /// Make the example of each difference as small as it can be
    #[arg(long)]
    pub shrink: bool,
    /// Seconds that a process may take for one answer
    #[arg(long, default_value_t = 10.0, value_name = "SECONDS")]
    pub timeout: f64,
    /// Differences that are shown in full; 0 shows all
    #[arg(long, default_value_t = 20, value_name = "N")]
    pub differences: usize,
    /// How the report is written; `jsonl` has a line for each difference
    #[arg(long, default_value = "human")]
    pub format: Format,
}

/// `scoreboard`
#[derive(Args, Debug)]
pub struct ScoreboardArguments {
    /// Only these adapters; the rows of the others are kept
    #[arg(value_name = "NAME")]
    pub names: Vec<String>,
    /// Write nothing; print how the committed reports differ, and exit with 1 if they do
    #[arg(long)]
    pub check: bool,
    /// Seconds that a process may take for one answer
    #[arg(long, default_value_t = 30.0, value_name = "SECONDS")]
    pub timeout: f64,
    /// Evaluators at work at once; one for each core by default
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub jobs: Option<u16>,
}
