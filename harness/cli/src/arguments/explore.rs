//! Decides what `explore` and `promote` can be told.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{DialectArguments, EvaluatorArguments, Format};

/// `explore`
#[derive(Args, Debug)]
pub struct ExploreArguments {
    #[command(flatten)]
    pub evaluator: EvaluatorArguments,
    /// Another evaluator to hold it against, as `--evaluator`; may be repeated. By default the reference, unless that is
    /// the one explored
    #[arg(long, value_name = "EVALUATOR")]
    pub against: Vec<String>,
    #[command(flatten)]
    pub dialect: DialectArguments,
    /// Where the questions come from
    #[arg(long, default_value = "generator", value_name = "SOURCE")]
    pub from: From,
    /// Seconds to explore
    #[arg(long, default_value_t = 10.0, value_name = "SECONDS")]
    pub seconds: f64,
    /// Questions to ask at most
    #[arg(long, value_name = "N")]
    pub questions: Option<u64>,
    /// The seed: the same one asks the same questions; random by default
    #[arg(long, value_name = "NUMBER")]
    pub seed: Option<u64>,
    /// How many threads ask, each with evaluators of its own; what is found does not depend on it. By default as many as
    /// there are cores
    #[arg(long, value_name = "N")]
    pub jobs: Option<NonZeroUsize>,
    /// Ask the question of a finding again in place of exploring, and tell whether it is still there; may be repeated
    #[arg(long, value_name = "FILE")]
    pub replay: Vec<PathBuf>,
    /// Hold the evaluator to the relations; the default, where there are any
    #[arg(long, overrides_with = "no_relations")]
    pub relations: bool,
    /// Do not hold the evaluator to the relations
    #[arg(long, overrides_with = "relations")]
    pub no_relations: bool,
    /// Print what the questions were made of
    #[arg(long)]
    pub stats: bool,
    /// The directory that findings are written to, as they are found
    #[arg(long, default_value = "corpus/findings", value_name = "DIR")]
    pub out: PathBuf,
    /// How the report is written; `jsonl` has a line for each finding and for each starved relation
    #[arg(long, default_value = "human")]
    pub format: Format,
}

/// Where questions come from.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub enum From {
    /// The questions of the catalogue, parts of them exchanged
    Catalogue,
    /// Made from scratch
    Generator,
}

/// `promote`
#[derive(Args, Debug)]
pub struct PromoteArguments {
    /// A finding, or a question
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// The name of the case
    #[arg(long, default_value = "found", value_name = "NAME")]
    pub name: String,
    /// The requirement that it shows, in place of the guess of the finding
    #[arg(long, value_name = "ID")]
    pub requirement: Option<String>,
}
