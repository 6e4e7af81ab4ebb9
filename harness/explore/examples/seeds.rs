//! Writes the seeds of every fuzz target: `seeds CORPUS SUITES OUT`, for example `seeds corpus spec-cases fuzz/corpus`.
//!
//! CORPUS holds questions, SUITES holds suites; a folder of OUT is named for each target. Nothing is removed there.

use std::error::Error;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};
use std::{env, fs};

use kms_explore::targets::{Seeds, TARGETS, kept, seeds};

/// Longer suites slow the fuzzer down more than they teach it.
const LONGEST_SUITE: usize = 4 << 10;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<_> = env::args_os().skip(1).map(PathBuf::from).collect();
    let [corpus, suites, out] = arguments.as_slice() else {
        return Err("expected three folders: the corpus, the suites, and where the seeds go".into());
    };
    let mut questions = Vec::new();
    for (path, text) in files(corpus)? {
        let kept = kept(&text).map_err(|why| format!("{}: not a question: {why}", path.display()))?;
        questions.extend(kept);
    }
    let mut suites: Vec<_> = files(suites)?.into_iter().map(|(_, text)| text).collect();
    suites.retain(|text| text.len() <= LONGEST_SUITE && text.contains("\"cases\""));
    for (target, kind) in TARGETS {
        let seeds = match kind {
            Seeds::Suites => suites.clone(),
            kind => questions.iter().flat_map(|question| seeds(*kind, question)).collect(),
        };
        let folder = out.join(target);
        fs::create_dir_all(&folder)?;
        for seed in &seeds {
            let mut hasher = DefaultHasher::new();
            seed.hash(&mut hasher);
            fs::write(folder.join(format!("seed-{:016x}", hasher.finish())), seed)?;
        }
        println!("{target}: {} seeds", seeds.len());
    }
    Ok(())
}

/// Every `.json` file below a folder, sorted by its path.
fn files(folder: &Path) -> Result<Vec<(PathBuf, String)>, Box<dyn Error>> {
    let mut found = Vec::new();
    let entries = fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    for entry in entries {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(files(&path)?);
        } else if path.extension().is_some_and(|extension| extension == "json") {
            let text = fs::read_to_string(&path)?;
            found.push((path, text));
        }
    }
    found.sort();
    Ok(found)
}
