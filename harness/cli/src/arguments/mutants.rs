//! Decides what `mutants` can be told.

use std::path::PathBuf;

use clap::Args;

/// `mutants`
#[derive(Args, Debug)]
pub struct MutantsArguments {
    /// Directories that cargo-mutants wrote, each `mutants.out`; of a mutant with several results the last counts
    #[arg(value_name = "DIR", required = true)]
    pub results: Vec<PathBuf>,
    /// What `cargo mutants --list --no-config` prints: all mutants, also those that are left out
    #[arg(long, value_name = "FILE")]
    pub all: PathBuf,
    /// The table of reasons
    #[arg(long, value_name = "FILE", default_value = "reports/mutants.tsv")]
    pub reasons: PathBuf,
}
