//! Decides which known differences a run is held against, and says what became of them where it writes them.

use std::collections::BTreeMap;
use std::path::Path;

use kms_conformance::known::Update;
use kms_conformance::{Catalogue, Known, Run};

use crate::arguments::SelectArguments;
use crate::command::catalogue;
use crate::{Stop, style};

/// The most false allows that are named.
const NAMED: usize = 10;

/// Reads a file of known differences. It is about all checks, of which `selected` may be a part.
pub fn read(file: &Path, select: &SelectArguments, selected: &Catalogue) -> Result<Known, Stop> {
    let known = match whole(select)? {
        Some(whole) => Known::read(file, &whole),
        None => Known::read(file, selected),
    };
    known.map_err(Stop::input)
}

/// Brings the file up to date with a run, says on standard error what changed, and gives the run as it is judged with what
/// is known now. What is hidden from now on is told, false allows first.
pub fn write(file: &Path, run: Run, select: &SelectArguments, selected: &Catalogue) -> Result<Run, Stop> {
    let failed = |error| Stop::input(format!("{}: {error}", file.display()));
    let old = Known::read_old(file).map_err(Stop::input)?;
    let update = match whole(select)? {
        Some(whole) => Update::new(&old, &run, selected, &whole),
        None => Update::new(&old, &run, selected, selected),
    };
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder).map_err(failed)?;
    }
    std::fs::write(file, update.known.to_text()).map_err(failed)?;
    let shown = file.display();
    for (kinds, what) in [
        (&update.added, "known differences more, of the class `bug` until somebody looks at them"),
        (&update.changed, "checks that are known to fail give another answer now"),
    ] {
        if !kinds.is_empty() {
            let message = format!("{shown}: {} {what}: {}", kinds.len(), counts(kinds));
            anstream::eprintln!("{}", style::warning(&message));
        }
        let false_allows = kinds.iter().filter(|(kind, _)| *kind == "false-allow");
        for (_, id) in false_allows.clone().take(NAMED) {
            anstream::eprintln!("  {} {id}", style::bad("false-allow"));
        }
        if false_allows.clone().count() > NAMED {
            anstream::eprintln!("  {} false allows more", false_allows.count() - NAMED);
        }
    }
    if !update.dropped.is_empty() {
        anstream::eprintln!("{shown}: {} entries dropped that no longer hold", update.dropped.len());
    }
    anstream::eprintln!("{shown}: {} known differences", update.known.entries().len());
    Ok(run.with_known(&update.known))
}

/// All checks, where only a part is selected.
fn whole(select: &SelectArguments) -> Result<Option<Catalogue>, Stop> {
    let is_part = !select.filter.is_empty() || select.dialect.dialect.one().is_some();
    is_part.then(|| catalogue(select.suites.as_deref())).transpose()
}

/// How many of each kind, in the order in which the kinds come: the worst first.
fn counts(kinds: &[(&'static str, String)]) -> String {
    let mut order: Vec<&str> = Vec::new();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for (kind, _) in kinds {
        if !order.contains(kind) {
            order.push(kind);
        }
        *counts.entry(kind).or_default() += 1;
    }
    let shown = |kind| format!("{kind} {}", counts.get(kind).copied().unwrap_or_default());
    order.into_iter().map(shown).collect::<Vec<_>>().join(", ")
}
