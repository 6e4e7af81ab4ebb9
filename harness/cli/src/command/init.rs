//! `init`: writes the skeleton of an adapter, and decides that nothing which is there already is touched.

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use super::print;
use crate::Stop;
use crate::arguments::{InitArguments, Language};

/// A file of a skeleton: its path and text.
type File = (&'static str, &'static str);

macro_rules! skeleton {
    ($folder:literal, $( $path:literal from $file:literal ),*) => {
        &[$( ($path, include_str!(concat!("../../skeletons/", $folder, "/", $file))), )*]
    };
}

const JAVASCRIPT: &[File] = skeleton!(
    "javascript", "evaluator.mjs" from "evaluator.mjs", "README.md" from "README.md",
    ".github/workflows/conformance.yml" from "conformance.yml"
);
const PYTHON: &[File] = skeleton!(
    "python", "evaluator.py" from "evaluator.py", "README.md" from "README.md",
    ".github/workflows/conformance.yml" from "conformance.yml"
);
// A file named Cargo.toml would make a package of its folder, which cargo leaves out of this one.
const RUST: &[File] = skeleton!(
    "rust", "Cargo.toml" from "manifest.toml", "src/main.rs" from "main.rs", "README.md" from "README.md",
    ".gitignore" from "gitignore", ".github/workflows/conformance.yml" from "conformance.yml"
);

/// Writes the files, and says what to do next.
pub fn exec(arguments: &InitArguments) -> Result<ExitCode, Stop> {
    let (files, build, command) = match arguments.language {
        Language::Javascript => (JAVASCRIPT, "", "node evaluator.mjs"),
        Language::Python => (PYTHON, "", "python3 evaluator.py"),
        Language::Rust => (RUST, "cargo build --release\n  ", "target/release/evaluator"),
    };
    let folder = &arguments.directory;
    let there: Vec<_> =
        files.iter().map(|(path, _)| folder.join(path)).filter(|path| path.exists()).collect();
    if !there.is_empty() {
        let lines: Vec<_> =
            there.iter().map(|path| format!("`{}` is there already", path.display())).collect();
        return Err(Stop::input(lines.join("\n")));
    }
    for (path, text) in files {
        write(&folder.join(path), text)?;
    }
    let written: String =
        files.iter().map(|(path, _)| format!("{}\n", folder.join(path).display())).collect();
    print(&format!(
        "{written}\nnext:\n  cd {}\n  {build}kms-conformance smoke '{command}'\n  kms-conformance run --evaluator \
         'process:{command}'\n",
        folder.display()
    ));
    Ok(ExitCode::SUCCESS)
}

fn write(path: &Path, text: &str) -> Result<(), Stop> {
    let failed = |error: std::io::Error| Stop::input(format!("{}: {error}", path.display()));
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(failed)?;
    }
    fs::write(path, text).map_err(failed)
}
