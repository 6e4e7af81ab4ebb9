//! Writes the list of all suites, so that the catalogue is part of the crate.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").ok_or_else(|| io::Error::other("run by cargo"))?);
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or_else(|| io::Error::other("run by cargo"))?);
    let mut suites = Vec::new();
    for dialect in ["aws", "ram"] {
        println!("cargo::rerun-if-changed={dialect}");
        collect(&root, Path::new(dialect), &mut suites)?;
    }
    suites.sort();
    let mut code = String::from("&[\n");
    for path in suites {
        let file = root.join(&path);
        let _ = writeln!(code, "    ({:?}, include_str!({:?})),", path.display().to_string(), file.display().to_string());
    }
    code.push_str("]\n");
    fs::write(out.join("suites.rs"), code)
}

/// Adds the paths of all `.json` files below `folder`, relative to `root`.
fn collect(root: &Path, folder: &Path, suites: &mut Vec<PathBuf>) -> io::Result<()> {
    let entries = match fs::read_dir(root.join(folder)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        entries => entries?,
    };
    for entry in entries {
        let entry = entry?;
        let path = folder.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            println!("cargo::rerun-if-changed={}", path.display());
            collect(root, &path, suites)?;
        } else if path.extension().is_some_and(|extension| extension == "json") {
            suites.push(path);
        }
    }
    Ok(())
}
