//! `fmt`: decides whether suites are in their canonical form, and writes them so.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use kms_conformance::catalogue::canonical;
use kms_conformance::model::json::{Limits, Position, parse_bytes};
use similar::TextDiff;

use super::print;
use crate::Stop;
use crate::arguments::FmtArguments;

/// Writes suites, or says which differ.
pub fn exec(arguments: &FmtArguments) -> Result<ExitCode, Stop> {
    let mut files = Vec::new();
    arguments.paths.iter().try_for_each(|path| collect(path, &mut files))?;
    let mut differ = 0;
    for file in &files {
        let bytes =
            std::fs::read(file).map_err(|error| Stop::input(format!("{}: {error}", file.display())))?;
        let (text, node) = parse_bytes(&bytes, Limits::default()).map_err(|error| {
            let position = Position::of(&String::from_utf8_lossy(&bytes), error.offset);
            Stop::input(format!("{}:{position}: {error}", file.display()))
        })?;
        let written = canonical(&node);
        if written == text {
            continue;
        }
        differ += 1;
        if arguments.check {
            let name = file.display().to_string();
            let diff = TextDiff::from_lines(text, &written);
            print(&diff.unified_diff().context_radius(1).header(&name, "canonical").to_string());
        } else {
            std::fs::write(file, written)
                .map_err(|error| Stop::input(format!("{}: {error}", file.display())))?;
        }
    }
    let verb = if arguments.check { "differ" } else { "written" };
    anstream::eprintln!("{} files, {differ} {verb}", files.len());
    Ok(if arguments.check && differ > 0 { ExitCode::from(1) } else { ExitCode::SUCCESS })
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) -> Result<(), Stop> {
    let unreadable = |error: std::io::Error| Stop::input(format!("{}: {error}", path.display()));
    if !path.is_dir() {
        files.push(path.to_owned());
        return Ok(());
    }
    let mut entries: Vec<_> = std::fs::read_dir(path)
        .and_then(|entries| entries.map(|entry| entry.map(|entry| entry.path())).collect())
        .map_err(unreadable)?;
    entries.sort();
    // Schemas are generated, and stay as they are made.
    let is_suite = |name: &str| name.ends_with(".json") && !name.ends_with(".schema.json");
    let named = |path: &PathBuf| path.file_name().and_then(|name| name.to_str()).is_some_and(is_suite);
    let wanted = |path: &&PathBuf| path.is_dir() || named(path);
    entries.iter().filter(wanted).try_for_each(|path| collect(path, files))
}
