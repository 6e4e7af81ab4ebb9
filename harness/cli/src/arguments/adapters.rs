//! Decides what the commands for adapters can be told: `evaluators`, `init` and `smoke`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::Format;

/// `evaluators`
#[derive(Args, Debug)]
pub struct EvaluatorsArguments {
    /// The folder of the adapters; by default `harness/adapters` of the repository that this folder is in
    #[arg(long, value_name = "DIR")]
    pub adapters: Option<PathBuf>,
    /// How the list is written
    #[arg(long, default_value = "human")]
    pub format: Format,
}

/// `init`
#[derive(Args, Debug)]
pub struct InitArguments {
    /// The language of the adapter
    #[arg(long, value_name = "LANGUAGE")]
    pub language: Language,
    /// Where it goes; made where it does not exist
    #[arg(value_name = "DIR")]
    pub directory: PathBuf,
}

/// The languages that there is a skeleton in.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub enum Language {
    /// For Node, without packages
    Javascript,
    /// For the standard library of Python 3
    Python,
    /// With serde_json
    Rust,
}

/// `smoke`
#[derive(Args, Debug)]
pub struct SmokeArguments {
    /// The command that starts the evaluator, one argument in quotes, as in `--evaluator process:COMMAND`
    #[arg(value_name = "COMMAND")]
    pub command: String,
    /// Seconds that it may take for one answer, and to describe itself
    #[arg(long, default_value_t = 5.0, value_name = "SECONDS")]
    pub timeout: f64,
    /// How the steps are written
    #[arg(long, default_value = "human")]
    pub format: Format,
}
