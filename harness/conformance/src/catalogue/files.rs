//! Decides which files are suites: the built-in ones, or those of a directory.

use std::fs;
use std::path::Path;

use super::problem::{LoadError, Problems};

/// A file and its bytes.
#[derive(Clone, Debug)]
pub struct SourceFile {
    /// The path, for ids and messages, with `/` between the parts.
    pub path: String,
    /// The bytes.
    pub bytes: Vec<u8>,
    /// The folder that `{ "file": … }` refers to; none for the built-in catalogue.
    pub folder: Option<std::path::PathBuf>,
}

impl SourceFile {
    /// A file that is part of the catalogue.
    pub fn new(path: impl Into<String>, bytes: Vec<u8>) -> Self {
        Self { path: path.into(), bytes, folder: None }
    }
}

/// The fixtures that the catalogue shares.
pub fn builtin_fixtures() -> SourceFile {
    SourceFile::new("fixtures.json", kms_spec_cases::FIXTURES.as_bytes().to_vec())
}

/// Reads the suites of a directory and the fixtures they stand on. A file with a member `Statement` is a policy that suites
/// refer to, not a suite.
///
/// # Errors
/// When the directory or a file in it cannot be read, or no suite is there.
pub fn read_directory(root: &Path) -> Result<(Vec<SourceFile>, SourceFile), LoadError> {
    let mut problems = Problems::default();
    let mut files = Vec::new();
    let shown = root.display().to_string();
    if root.is_dir() {
        walk(root, "", &mut files, &mut problems);
        if files.is_empty() && problems.count() == 0 {
            problems.file(&shown, "no suite in this directory: expected files that end in `.json`");
        }
    } else if root.exists() {
        problems.file(&shown, "not a directory: name the directory that holds the suites");
    } else {
        problems.file(&shown, "no such directory");
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    let own = files.iter().position(|file| file.path == "fixtures.json").map(|at| files.remove(at));
    problems.finish((files, own.unwrap_or_else(builtin_fixtures)))
}

fn walk(folder: &Path, prefix: &str, files: &mut Vec<SourceFile>, problems: &mut Problems) {
    let shown = folder.display().to_string();
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) => return problems.file(&shown, format!("cannot be read: {error}")),
    };
    for entry in entries {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                problems.file(&shown, format!("cannot be read: {error}"));
                continue;
            }
        };
        let path = entry.path();
        let Some(name) = entry.file_name().to_str().map(str::to_owned) else {
            problems.file(&path.display().to_string(), "the name is not UTF-8 text");
            continue;
        };
        let below = format!("{prefix}{name}");
        if path.is_dir() {
            walk(&path, &format!("{below}/"), files, problems);
        } else if name.ends_with(".json") {
            match fs::read(&path) {
                Ok(bytes) if is_policy(&bytes) => {}
                Ok(bytes) => files.push(SourceFile { path: below, bytes, folder: Some(folder.to_owned()) }),
                Err(error) => problems.file(&path.display().to_string(), format!("cannot be read: {error}")),
            }
        }
    }
}

fn is_policy(bytes: &[u8]) -> bool {
    let read = kms_model::json::parse_bytes(bytes, kms_model::json::Limits::default());
    read.is_ok_and(|(_, node)| node.get("Statement").is_some() && node.get("cases").is_none())
}
