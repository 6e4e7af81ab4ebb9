//! Writes the lists of all suites and schemas, so that the catalogue is part of the crate.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let root =
        PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").ok_or_else(|| io::Error::other("run by cargo"))?);
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or_else(|| io::Error::other("run by cargo"))?);
    fs::write(out.join("suites.rs"), list(&root, &["aws", "ram"])?)?;
    fs::write(out.join("schemas.rs"), list(&root, &["schema"])?)
}

/// A Rust list of the path and text of every `.json` file below the folders.
fn list(root: &Path, folders: &[&str]) -> io::Result<String> {
    let mut paths = Vec::new();
    for folder in folders {
        println!("cargo::rerun-if-changed={folder}");
        collect(root, Path::new(folder), &mut paths)?;
    }
    paths.sort();
    let mut code = String::from("&[\n");
    for path in paths {
        let file = root.join(&path);
        let _ = writeln!(
            code,
            "    ({:?}, include_str!({:?})),",
            path.display().to_string(),
            file.display().to_string()
        );
    }
    code.push_str("]\n");
    Ok(code)
}

/// Adds the paths of all `.json` files below `folder`, relative to `root`.
fn collect(root: &Path, folder: &Path, paths: &mut Vec<PathBuf>) -> io::Result<()> {
    let entries = match fs::read_dir(root.join(folder)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        entries => entries?,
    };
    for entry in entries {
        let entry = entry?;
        let path = folder.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            println!("cargo::rerun-if-changed={}", path.display());
            collect(root, &path, paths)?;
        } else if path.extension().is_some_and(|extension| extension == "json") {
            paths.push(path);
        }
    }
    Ok(())
}
