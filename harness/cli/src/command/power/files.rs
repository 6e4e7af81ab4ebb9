//! Decides what is read from the directory of the reports, so that it outlasts a run that does not make it anew: the figures
//! of an exploration, and what came of mutants.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::explore::Found;
use super::matrix::Exploration;
use crate::Stop;
use crate::command::mutants::Mutants;

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
