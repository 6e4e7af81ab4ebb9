//! `evaluators`: lists the adapters to evaluators by others, and decides whether each is ready to run here.
//!
//! Each folder of adapters has a file `adapters.json`, whose form is `schema adapters`.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use comfy_table::{ContentArrangement, Table, presets};
use kms_conformance::adapters::Adapter;
use kms_conformance::model::json::{Limits, Position, parse};
use serde_json::{Value, json};

use super::print;
use crate::Stop;
use crate::arguments::{EvaluatorsArguments, Format};

/// An adapter of the repository that this folder is in.
pub struct Installed {
    /// The root of the repository.
    pub root: PathBuf,
    /// The folder of the adapter.
    folder: PathBuf,
    /// The adapter.
    pub adapter: Adapter,
}

impl Installed {
    /// All of them, sorted by name; none where this folder is in no such repository.
    pub fn all() -> Result<Vec<Self>, Stop> {
        let Some(adapters) = near() else { return Ok(Vec::new()) };
        let root = adapters.ancestors().nth(2).unwrap_or(&adapters).to_owned();
        let found = read(&adapters)?.into_iter();
        Ok(found.map(|(folder, adapter)| Self { root: root.clone(), folder, adapter }).collect())
    }

    /// The one of that name.
    pub fn find(name: &str) -> Result<Option<Self>, Stop> {
        Ok(Self::all()?.into_iter().find(|found| found.adapter.name == name))
    }

    /// Whether it can run.
    pub fn is_ready(&self) -> bool {
        self.state() == "installed"
    }

    /// `installed`, `not installed`, or the program that is lacking.
    pub fn state(&self) -> String {
        state(&self.folder, &self.adapter)
    }
}

/// Lists them.
pub fn exec(arguments: &EvaluatorsArguments) -> Result<ExitCode, Stop> {
    let folder = match &arguments.adapters {
        Some(folder) => folder.clone(),
        None => near().ok_or_else(|| {
            Stop::input("no folder `harness/adapters` here or above; name one with `--adapters`")
        })?,
    };
    let adapters = read(&folder)?;
    let list: Vec<_> = adapters.iter().map(|(folder, adapter)| json(folder, adapter)).collect();
    match arguments.format {
        Format::Json => print(&format!("{:#}\n", json!(list))),
        Format::Jsonl => print(&list.iter().map(|line| format!("{line}\n")).collect::<String>()),
        Format::Human => print(&human(&adapters)),
    }
    Ok(ExitCode::SUCCESS)
}

/// The folder of the adapters, in the first of this folder and those it is in that has one.
fn near() -> Option<PathBuf> {
    let here = env::current_dir().ok()?;
    here.ancestors().map(|folder| folder.join("harness/adapters")).find(|folder| folder.is_dir())
}

/// The adapters below a folder, with the folder of each, sorted by name.
fn read(folder: &Path) -> Result<Vec<(PathBuf, Adapter)>, Stop> {
    let failed =
        |path: &Path, error: &dyn std::fmt::Display| Stop::input(format!("{}: {error}", path.display()));
    let mut adapters = Vec::new();
    for entry in fs::read_dir(folder).map_err(|error| failed(folder, &error))? {
        let folder = entry.map_err(|error| failed(folder, &error))?.path();
        let file = folder.join("adapters.json");
        if !file.is_file() {
            continue;
        }
        let text = fs::read_to_string(&file).map_err(|error| failed(&file, &error))?;
        let at = |offset: usize, message: &str| {
            Stop::input(format!("{}:{}: {message}", file.display(), Position::of(&text, offset)))
        };
        let node = parse(&text, Limits::default()).map_err(|error| at(error.offset, &error.message))?;
        let read = Adapter::read_all(&node).map_err(|problems| {
            let lines: Vec<_> = problems.iter().map(|one| at(one.span.start, &one.message).message).collect();
            Stop::input(lines.join("\n"))
        })?;
        adapters.extend(read.into_iter().map(|adapter| (folder.clone(), adapter)));
    }
    adapters.sort_by(|(_, a), (_, b)| a.name.cmp(&b.name));
    Ok(adapters)
}

/// Whether an adapter can run: what it is written in is there, and what it evaluates with is installed.
fn state(folder: &Path, adapter: &Adapter) -> String {
    let program = adapter.command.split_whitespace().next().unwrap_or_default();
    // A program with a path is made by the installation.
    if !program.contains('/') && !on_path(program) {
        format!("lacks {program}")
    } else if folder.join(&adapter.installed).exists() {
        "installed".to_owned()
    } else {
        "not installed".to_owned()
    }
}

fn on_path(program: &str) -> bool {
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path).any(|folder| {
        folder.join(program).is_file()
            || folder.join(format!("{program}{}", env::consts::EXE_SUFFIX)).is_file()
    })
}

fn json(folder: &Path, adapter: &Adapter) -> Value {
    json!({
        "name": adapter.name, "evaluates": adapter.evaluates, "version": adapter.version, "language": adapter.language,
        "licence": adapter.licence, "state": state(folder, adapter), "command": adapter.command,
        "install": adapter.install, "known": known(folder, adapter),
    })
}

/// Where its known differences stand, from the root of the repository.
fn known(folder: &Path, adapter: &Adapter) -> Option<String> {
    let folder = folder.file_name()?.to_str()?;
    adapter.known.as_ref().map(|file| format!("harness/adapters/{folder}/{file}"))
}

fn human(adapters: &[(PathBuf, Adapter)]) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
    table.set_header(["adapter", "evaluates", "language", "licence", "state"]);
    let mut ways = String::new();
    for (folder, adapter) in adapters {
        let Adapter { name, evaluates, version, language, licence, .. } = adapter;
        let state = state(folder, adapter);
        table.add_row([name, &format!("{evaluates} {version}"), language, licence, &state]);
        ways.push_str(&match state.as_str() {
            "installed" => {
                let known = known(folder, adapter).map_or(String::new(), |file| format!(" --known {file}"));
                format!("{name}: kms-conformance run --evaluator 'process:{}'{known}\n", adapter.command)
            }
            _ => format!("{name}: to install it, {}\n", adapter.install),
        });
    }
    format!("{table}\n\n{ways}")
}
