//! `index`: prints the index of all checks, as it stands in `spec-cases/index.tsv`.

use std::process::ExitCode;

use kms_conformance::catalogue::index;

use super::{catalogue, print};
use crate::Stop;
use crate::arguments::IndexArguments;

/// Prints the index.
pub fn exec(arguments: &IndexArguments) -> Result<ExitCode, Stop> {
    print(&index(&catalogue(arguments.suites.as_deref())?));
    Ok(ExitCode::SUCCESS)
}
