//! Decides which files a scoreboard consists of, and how they differ from those that are there.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use kms_conformance::Catalogue;
use kms_conformance::scoreboard::{Scoreboard, page, table};
use serde_json::json;

use crate::Stop;

/// The lines around a difference.
const CONTEXT: usize = 2;

/// The folder of the reports.
pub struct Reports(PathBuf);

impl Reports {
    /// Those of a repository.
    pub fn of(root: &Path) -> Self {
        Self(root.join("reports"))
    }

    /// The scoreboard that is there; an empty one where there is none.
    pub fn read(&self) -> Result<Scoreboard, Stop> {
        let path = self.0.join("scoreboard.json");
        match read(&path)? {
            None => Ok(Scoreboard::default()),
            Some(text) => serde_json::from_str(&text)
                .map_err(|error| Stop::input(format!("{}: {error}", path.display()))),
        }
    }

    /// Writes all files, and removes the pages of evaluators that are gone.
    pub fn write(&self, scoreboard: &Scoreboard, catalogue: &Catalogue) -> Result<(), Stop> {
        let files = files(scoreboard, catalogue);
        for (name, text) in &files {
            let path = self.0.join(name);
            let written =
                path.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| fs::write(&path, text));
            written.map_err(|error| failed(&path, &error))?;
        }
        for name in self.pages()?.iter().filter(|name| !files.contains_key(*name)) {
            let path = self.0.join(name);
            fs::remove_file(&path).map_err(|error| failed(&path, &error))?;
        }
        Ok(())
    }

    /// How the files that are there differ from what they should be; empty where they do not.
    pub fn differences(&self, scoreboard: &Scoreboard, catalogue: &Catalogue) -> Result<String, Stop> {
        let files = files(scoreboard, catalogue);
        let mut text = String::new();
        for (name, wanted) in &files {
            let there = read(&self.0.join(name))?.unwrap_or_default();
            text.push_str(&difference(name, &there, wanted));
        }
        for name in self.pages()?.iter().filter(|name| !files.contains_key(*name)) {
            let there = read(&self.0.join(name))?.unwrap_or_default();
            text.push_str(&difference(name, &there, ""));
        }
        Ok(text)
    }

    /// The pages that are there.
    fn pages(&self) -> Result<Vec<String>, Stop> {
        let folder = self.0.join("evaluators");
        if !folder.is_dir() {
            return Ok(Vec::new());
        }
        let entries = fs::read_dir(&folder).and_then(|entries| entries.collect::<io::Result<Vec<_>>>());
        let entries = entries.map_err(|error| failed(&folder, &error))?;
        let names = entries.iter().map(|entry| entry.file_name().to_string_lossy().into_owned());
        let mut pages: Vec<_> =
            names.filter(|name| name.ends_with(".md")).map(|name| format!("evaluators/{name}")).collect();
        pages.sort();
        Ok(pages)
    }
}

/// The files by their names in the folder.
fn files(scoreboard: &Scoreboard, catalogue: &Catalogue) -> BTreeMap<String, String> {
    let mut files = BTreeMap::from([
        ("scoreboard.json".to_owned(), format!("{:#}\n", json!(scoreboard))),
        ("scoreboard.md".to_owned(), table(scoreboard, catalogue)),
    ]);
    for row in &scoreboard.evaluators {
        files.insert(format!("evaluators/{}.md", row.name), page(row, catalogue));
    }
    files
}

fn difference(name: &str, there: &str, wanted: &str) -> String {
    let diff = similar::TextDiff::from_lines(there, wanted);
    let (old, new) = (format!("reports/{name}"), format!("reports/{name}, regenerated"));
    diff.unified_diff().context_radius(CONTEXT).header(&old, &new).to_string()
}

/// The text of a file; `None` where there is none.
fn read(path: &Path) -> Result<Option<String>, Stop> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(failed(path, &error)),
    }
}

fn failed(path: &Path, error: &io::Error) -> Stop {
    Stop::input(format!("{}: {error}", path.display()))
}
