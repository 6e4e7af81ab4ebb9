//! Decides which questions evaluators are compared on, and what is known of their answers.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use kms_conformance::catalogue::{self, Catalogue, Check};
use kms_conformance::model::Question;
use kms_conformance::model::json::Node;
use kms_explore::cluster::Guesses;
use kms_explore::compared::{Asked, Expectation};

use crate::Stop;
use crate::arguments::{CompareArguments, Dialects, SelectArguments};
use crate::command::files::Source;
use crate::command::{catalogue, select as chosen};

/// The questions, and what requirements others are about.
pub struct Questions {
    pub asked: Vec<Asked>,
    pub guesses: Guesses,
}

/// Those of the catalogue, or of files.
pub fn read(arguments: &CompareArguments) -> Result<Questions, Stop> {
    let Some(path) = &arguments.questions else {
        let select = SelectArguments {
            suites: arguments.suites.clone(),
            filter: arguments.filter.clone(),
            dialect: arguments.dialect,
        };
        let asked = chosen(&select)?.checks().iter().map(of_check).collect();
        return Ok(Questions { asked, guesses: Guesses::default() });
    };
    let catalogue = catalogue(None)?;
    let known: BTreeMap<_, _> =
        catalogue.checks().iter().map(|check| (check.question.to_line(), check)).collect();
    let mut asked = Vec::new();
    for (name, question) in of_path(path)? {
        if !arguments.dialect.dialect.has(question.dialect) {
            continue;
        }
        asked.push(match known.get(&question.to_line()) {
            Some(check) => Asked { name, ..of_check(check) },
            None => Asked { name, question, expectation: Expectation::Unknown, requirement: None },
        });
    }
    if asked.is_empty() {
        return Err(Stop::input(format!(
            "{}: there is no question{}",
            path.display(),
            of(arguments.dialect.dialect)
        )));
    }
    Ok(Questions { asked, guesses: guesses(&catalogue) })
}

fn of(dialects: Dialects) -> String {
    dialects.one().map_or(String::new(), |one| format!(" of the dialect {}", one.word()))
}

fn of_check(check: &Check) -> Asked {
    let requirement = check.requirements.first().cloned();
    let expectation = match &check.expectation {
        catalogue::Expectation::Expect(answers) => {
            Expectation::Answers(answers.iter().map(|answer| answer.word()).collect())
        }
        catalogue::Expectation::Observe(_) => {
            Expectation::Open(requirement.clone().unwrap_or_else(|| check.id.clone()))
        }
    };
    Asked { name: check.id.clone(), question: check.question.clone(), expectation, requirement }
}

fn guesses(catalogue: &Catalogue) -> Guesses {
    let mut guesses = Guesses::default();
    for check in catalogue.checks() {
        if let (Some(requirement), catalogue::Expectation::Expect(answers)) =
            (check.requirements.first(), &check.expectation)
        {
            let words = answers.iter().map(|answer| answer.word()).collect();
            guesses.add(requirement, words, &check.question);
        }
    }
    guesses
}

/// The questions of a file, or of all files of a directory in the order of their names, each with what it is called.
fn of_path(path: &Path) -> Result<Vec<(String, Question)>, Stop> {
    let mut files = Vec::new();
    collect(path, &mut files).map_err(|error| Stop::input(format!("{}: {error}", path.display())))?;
    let mut questions = Vec::new();
    let mut problems = Vec::new();
    for file in files {
        match of_file(&file) {
            Ok(found) => questions.extend(found),
            Err(found) => problems.extend(found),
        }
    }
    if problems.is_empty() { Ok(questions) } else { Err(Stop::input(problems.join("\n"))) }
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    if !path.is_dir() {
        files.push(path.to_owned());
        return Ok(());
    }
    let mut entries =
        fs::read_dir(path)?.map(|entry| Ok(entry?.path())).collect::<std::io::Result<Vec<_>>>()?;
    entries.sort();
    let is_json = |path: &Path| path.extension().is_some_and(|end| end == "json" || end == "jsonl");
    entries.iter().filter(|path| path.is_dir() || is_json(path)).try_for_each(|path| collect(path, files))
}

/// The questions of a file, or all that is wrong with it.
fn of_file(path: &Path) -> Result<Vec<(String, Question)>, Vec<String>> {
    let shown = path.display().to_string();
    let sources = if path.extension().is_some_and(|end| end == "jsonl") {
        let text = fs::read_to_string(path).map_err(|error| vec![format!("{shown}: {error}")])?;
        let lines = (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty());
        lines
            .map(|(number, line)| Source::new(&format!("{shown}:{number}"), line.as_bytes()))
            .collect::<Result<Vec<_>, _>>()
    } else {
        Source::file(path).map(|source| vec![source])
    };
    let mut questions = Vec::new();
    let mut problems = Vec::new();
    for source in sources.map_err(|error| vec![error])? {
        let is_list = source.node.elements().is_some();
        let nodes = source.node.elements().unwrap_or(std::slice::from_ref(&source.node));
        for (index, node) in nodes.iter().enumerate() {
            let name = if is_list { format!("{}#{index}", source.shown) } else { source.shown.clone() };
            match Question::read(question_of(node)) {
                Ok(question) => questions.push((name, question)),
                Err(found) => {
                    problems.extend(found.iter().map(|one| source.at(one.span.start, &one.message)));
                }
            }
        }
    }
    if problems.is_empty() { Ok(questions) } else { Err(problems) }
}

/// A question, or that of a finding.
fn question_of(node: &Node) -> &Node {
    node.get("finding").and_then(|_| node.get("question")).unwrap_or(node)
}
