//! Decides what is read from the directory of the reports, so that it outlasts a run that does not make it anew: the figures
//! of an exploration, and what came of mutants.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::explore::Found;
use super::matrix::Exploration;
use crate::Stop;

/// The exploration that a report tells of.
#[derive(Deserialize)]
struct Earlier {
    exploration: Option<Exploration>,
    faults: Vec<EarlierFault>,
}

#[derive(Deserialize)]
struct EarlierFault {
    id: String,
    exploration: Option<Found>,
}

/// What came of changing the evaluator's code, with the catalogue as its test.
#[derive(Deserialize)]
pub struct Mutants {
    /// The tool and its version.
    pub version: String,
    /// What was changed.
    pub scope: Vec<String>,
    /// All mutants.
    pub total: u64,
    /// Those that a test caught.
    pub caught: u64,
    /// Those that none did.
    pub missed: u64,
    /// Those that never came to an end, which a test notices as well.
    pub timeout: u64,
    /// Those that did not compile.
    pub unviable: u64,
    /// The missed ones.
    pub survivors: Vec<Mutant>,
}

/// A mutant that no test caught.
#[derive(Deserialize)]
pub struct Mutant {
    /// What was changed.
    pub mutant: String,
    /// Why that is right.
    pub why: String,
}

/// The figures of an exploration.
pub struct Kept {
    /// How was explored.
    pub exploration: Exploration,
    /// The faults, by their ids.
    pub found: BTreeMap<String, Found>,
}

/// The figures of the exploration that the report of a directory has, if any.
pub fn exploration(directory: &Path) -> Result<Option<Kept>, Stop> {
    let Some(Earlier { exploration: Some(exploration), faults }) = read(&directory.join("power.json"))?
    else {
        return Ok(None);
    };
    let found = faults.into_iter().filter_map(|fault| Some((fault.id, fault.exploration?)));
    Ok(Some(Kept { exploration, found: found.collect() }))
}

/// What came of mutants, if that is known.
pub fn mutants(directory: &Path) -> Result<Option<Mutants>, Stop> {
    read(&directory.join("mutants.json"))
}

fn read<T: DeserializeOwned>(file: &Path) -> Result<Option<T>, Stop> {
    let told = |error: &dyn std::fmt::Display| Stop::input(format!("{}: {error}", file.display()));
    match std::fs::read_to_string(file) {
        Ok(text) => serde_json::from_str(&text).map(Some).map_err(|error| told(&error)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(told(&error)),
    }
}
