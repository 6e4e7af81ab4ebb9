//! Decides what `enumerate` can be told.

use std::path::PathBuf;

use clap::Args;

use super::{EvaluatorArguments, Format};

/// `enumerate`
#[derive(Args, Debug)]
pub struct EnumerateArguments {
    /// The scope whose worlds are visited
    #[arg(long, value_name = "NAME", required_unless_present_any = ["list", "merge"], conflicts_with_all = ["list", "merge"])]
    pub scope: Option<String>,
    /// List the scopes and how many worlds each has
    #[arg(long)]
    pub list: bool,
    /// Put the JSON reports of all shards together
    #[arg(long, value_name = "FILE", num_args = 1.., conflicts_with = "list")]
    pub merge: Vec<PathBuf>,
    #[command(flatten)]
    pub evaluator: EvaluatorArguments,
    /// Another evaluator to hold it against, as `--evaluator`; by default it is held to the relations between neighbours
    #[arg(long, value_name = "EVALUATOR", requires = "scope")]
    pub against: Option<String>,
    /// Only that part of the scope: `2/8` is the second of eight
    #[arg(long, value_name = "I/N", requires = "scope")]
    pub shard: Option<String>,
    /// Print the question of the world of that number, and visit nothing
    #[arg(long, value_name = "NUMBER", requires = "scope", conflicts_with = "shard")]
    pub show: Option<u64>,
    /// Evaluators at work at once; one for each core by default
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub jobs: Option<u16>,
    /// How the report is written; `jsonl` has a line for each finding
    #[arg(long, default_value = "human")]
    pub format: Format,
    /// Where the report goes; standard output by default
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}
