//! Decides which scripts show what an evaluator does without the harness: those below `corpus/third-party/NAME` whose head
//! names a check, in at most 30 lines. `causes.tsv` beside them says which false allows come from the same.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use kms_conformance::Catalogue;
use kms_conformance::scoreboard::{Causes, Reproduction};

use crate::{Stop, style};

/// The most lines that a script may have.
const LINES: usize = 30;
/// The lines of a script that may name its check.
const HEAD: usize = 5;
/// The endings of scripts; what else lies there belongs to them.
const SCRIPTS: &[&str] = &["cjs", "js", "mjs", "py", "rs", "sh", "ts"];

/// What there is to show of an evaluator without the harness.
pub struct Shown {
    /// The scripts, sorted by check.
    pub scripts: Vec<Reproduction>,
    /// Which of them is the cause of which false allow.
    pub causes: Causes,
}

impl Shown {
    /// What lies in the folder of an evaluator.
    pub fn of(root: &Path, name: &str, catalogue: &Catalogue) -> Result<Self, Stop> {
        let folder = root.join("corpus/third-party").join(name);
        let scripts = scripts(root, &folder, catalogue).map_err(Stop::input)?;
        let file = folder.join("causes.tsv");
        let causes = match fs::read_to_string(&file) {
            Ok(text) => Causes::read(&shown(root, &file), &text, &scripts, catalogue).map_err(Stop::input)?,
            Err(error) if error.kind() == ErrorKind::NotFound => Causes::default(),
            Err(error) => return Err(Stop::input(format!("{}: {error}", shown(root, &file)))),
        };
        Ok(Self { scripts, causes })
    }
}

fn scripts(root: &Path, folder: &Path, catalogue: &Catalogue) -> Result<Vec<Reproduction>, String> {
    let mut files = Vec::new();
    if folder.is_dir() {
        collect(folder, &mut files).map_err(|error| format!("{}: {error}", shown(root, folder)))?;
    }
    let mut found = Vec::new();
    for file in files {
        let shown = shown(root, &file);
        let text = fs::read_to_string(&file).map_err(|error| format!("{shown}: {error}"))?;
        let Some(check) = check(&text, catalogue) else {
            let message = format!("{shown} names no check in its first {HEAD} lines, and is not counted");
            anstream::eprintln!("{}", style::warning(&message));
            continue;
        };
        let lines = text.lines().count();
        if lines > LINES {
            return Err(format!("{shown} has {lines} lines; a reproduction has {LINES} at most"));
        }
        found.push(Reproduction { check, script: shown });
    }
    found.sort();
    Ok(found)
}

/// A path from the root of the repository.
fn shown(root: &Path, path: &Path) -> String {
    path.strip_prefix(root).unwrap_or(path).to_string_lossy().replace('\\', "/")
}

/// The check that the head of a script names.
fn check(text: &str, catalogue: &Catalogue) -> Option<String> {
    let head = text.lines().take(HEAD);
    let words = head.flat_map(|line| line.split(|c: char| c.is_whitespace() || "`'\"(),;:".contains(c)));
    words.filter(|word| word.contains('#')).find_map(|word| {
        let word = word.trim_end_matches('.');
        catalogue.check(word).map(|check| check.id.clone())
    })
}

/// The scripts below a folder, without what installing puts there.
fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if path.is_dir() {
            if !name.starts_with('.') && !["node_modules", "target", "__pycache__"].contains(&&*name) {
                collect(&path, files)?;
            }
        } else if path.extension().is_some_and(|end| SCRIPTS.iter().any(|script| end == *script)) {
            files.push(path);
        }
    }
    Ok(())
}
