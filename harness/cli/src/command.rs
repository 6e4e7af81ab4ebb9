//! The commands, one a file, and what they share.

pub mod compare;
pub mod coverage;
pub mod enumerate;
pub mod evaluators;
pub mod explain;
pub mod explore;
mod files;
pub mod fmt;
pub mod index;
pub mod init;
pub mod list;
pub mod mutants;
pub mod operations;
pub mod power;
pub mod promote;
pub mod run;
pub mod schema;
pub mod scoreboard;
pub mod serve;
pub mod show;
pub mod smoke;
mod trace;

use std::path::Path;

use kms_conformance::Catalogue;
use kms_conformance::model::Dialect;
use wildmatch::WildMatch;

use crate::Stop;
use crate::arguments::SelectArguments;

/// The built-in catalogue, or the suites of a directory.
fn catalogue(suites: Option<&Path>) -> Result<Catalogue, Stop> {
    catalogue_near(suites, &[""])
}

/// What of it is about the dialect, if it is one.
fn of_dialect(suites: Option<&Path>, dialect: Option<Dialect>) -> Result<Catalogue, Stop> {
    let Some(dialect) = dialect else { return catalogue(suites) };
    Ok(catalogue_near(suites, &[&format!("{}/", dialect.word())])?.of_dialect(dialect))
}

/// The same, where only checks are wanted whose id starts with one of these texts.
fn catalogue_near(suites: Option<&Path>, starts: &[&str]) -> Result<Catalogue, Stop> {
    match suites {
        Some(directory) => Catalogue::from_directory(directory),
        None => Catalogue::builtin_near(starts),
    }
    .map_err(|error| {
        let count = error.0.len();
        let problems = if count == 1 { "1 problem".to_owned() } else { format!("{count} problems") };
        Stop::input(format!("the suites cannot be used: {problems}\n{error}"))
    })
}

/// The checks that the arguments select; selecting none is an error.
fn select(arguments: &SelectArguments) -> Result<Catalogue, Stop> {
    let dialect = arguments.dialect.dialect.one();
    if arguments.filter.is_empty() {
        return of_dialect(arguments.suites.as_deref(), dialect);
    }
    let literal = |glob: &'_ String| glob.split(['*', '?']).next().unwrap_or_default().len();
    let starts: Vec<_> = arguments.filter.iter().filter_map(|glob| glob.get(..literal(glob))).collect();
    let catalogue = catalogue_near(arguments.suites.as_deref(), &starts)?;
    let globs: Vec<_> = arguments.filter.iter().map(|glob| WildMatch::new(glob)).collect();
    let catalogue = match dialect {
        Some(dialect) => catalogue.of_dialect(dialect),
        None => catalogue,
    };
    let selected = catalogue.filtered(|check| globs.iter().any(|glob| glob.matches(&check.id)));
    if selected.checks().is_empty() {
        return Err(Stop::input(format!(
            "no check matches `{}`; `kms-conformance list` prints the ids",
            arguments.filter.join("`, `")
        )));
    }
    Ok(selected)
}

/// The names that come closest to a mistyped one, whatever their case: the end of a message.
fn near_name<'a>(wanted: &str, names: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<_> = names.map(|name| (name.to_ascii_lowercase(), name)).collect();
    let lower: Vec<_> = names.iter().map(|(lower, _)| lower.as_str()).collect();
    let wanted = wanted.to_ascii_lowercase();
    let near = similar::get_close_matches(wanted.as_str(), &lower, 3, 0.6);
    let shown = |near: &str| names.iter().find(|(lower, _)| lower == near).map(|(_, name)| *name);
    let near: Vec<_> = near.into_iter().filter_map(shown).collect();
    if near.is_empty() { String::new() } else { format!("; did you mean `{}`?", near.join("`, `")) }
}

/// Writes a text to standard output. A reader that has gone away (`| head`) ends the program quietly.
fn print(text: &str) {
    use std::io::Write as _;
    let mut out = anstream::stdout().lock();
    let _ = out.write_all(text.as_bytes());
    let _ = out.flush();
}
