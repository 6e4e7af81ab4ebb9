//! `coverage --combinations`: decides how the combinations that conditions show are told.

use std::fmt::Write as _;
use std::path::Path;
use std::process::ExitCode;

use kms_conformance::model::{Dialect, Question};
use kms_explore::meters::combinations::{Combinations, Measured, Row, Space, Standing};
use kms_explore::targets;
use kms_reference::Reference;
use serde_json::json;

use super::super::{of_dialect, print};
use crate::arguments::{CoverageArguments, Format};
use crate::{Stop, style};

/// Measures the combinations of the catalogue, or of questions; a pair that is not shown fails.
pub fn exec(arguments: &CoverageArguments) -> Result<ExitCode, Stop> {
    let dialect = arguments.dialect.dialect.one();
    let questions = match &arguments.questions {
        Some(path) => read(path)?,
        None => {
            let catalogue = of_dialect(arguments.suites.as_deref(), dialect)?;
            let checks = catalogue.checks().iter().filter(|check| check.expects_decision());
            checks.map(|check| check.question.clone()).collect()
        }
    };
    let measured: Vec<_> = [Dialect::Aws, Dialect::Ram]
        .into_iter()
        .filter(|known| arguments.dialect.dialect.has(*known))
        .map(|dialect| measure(dialect, &questions, arguments.questions.is_none()))
        .collect();
    match arguments.format {
        Format::Human => print(&measured.iter().map(human).collect::<Vec<_>>().join("\n")),
        Format::Json => print(&format!("{:#}\n", json!({ "dialects": measured }))),
        Format::Jsonl => {
            for (one, row) in measured.iter().flat_map(|one| one.rows.iter().map(move |row| (one, row))) {
                let mut line = json!({ "dialect": one.dialect });
                if let (Some(line), serde_json::Value::Object(row)) = (line.as_object_mut(), json!(row)) {
                    line.extend(row);
                }
                print(&format!("{line}\n"));
            }
        }
    }
    Ok(ExitCode::from(u8::from(!measured.iter().all(Measured::is_complete))))
}

fn measure(dialect: Dialect, questions: &[Question], expecting: bool) -> Measured {
    let mut combinations = Combinations::new(Space::of(dialect), expecting);
    let mut reference = Reference::new();
    questions.iter().for_each(|question| combinations.add(question, &mut reference));
    combinations.measured()
}

/// The questions of a file, or of every JSON file in a directory and below it.
fn read(path: &Path) -> Result<Vec<Question>, Stop> {
    let shown = path.display();
    let failed = |error: std::io::Error| Stop::input(format!("{shown}: {error}"));
    if !path.is_dir() {
        let text = std::fs::read_to_string(path).map_err(failed)?;
        return targets::kept(&text).map_err(|why| Stop::input(format!("{shown}: {why}")));
    }
    let mut entries = Vec::new();
    for entry in std::fs::read_dir(path).map_err(failed)? {
        entries.push(entry.map_err(failed)?.path());
    }
    entries.sort();
    let is_wanted = |path: &Path| path.is_dir() || path.extension().is_some_and(|end| end == "json");
    let mut questions = Vec::new();
    for entry in entries.iter().filter(|entry| is_wanted(entry)) {
        questions.extend(read(entry)?);
    }
    Ok(questions)
}

fn human(measured: &Measured) -> String {
    let Measured { dialect, questions, pairs, triples, .. } = measured;
    let mut text = format!(
        "{}: {} of {} possible pairs covered, {} of {} triples, by {questions} questions\n",
        dialect.word(),
        pairs.covered,
        pairs.possible,
        triples.covered,
        triples.possible
    );
    let named = |row: &Row| format!("{}, {}", row.one, row.other);
    for row in measured.standing(Standing::Uncovered) {
        let _ = writeln!(text, "{} {}", style::bad("uncovered"), named(row));
    }
    for row in measured.standing(Standing::Stale) {
        let reason = row.reason.unwrap_or_default();
        let _ = writeln!(
            text,
            "{} {}: shown by {} questions, and yet said to be impossible: {reason}",
            style::bad("stale"),
            named(row),
            row.questions
        );
    }
    for known in &measured.reasons {
        let _ = writeln!(
            text,
            "{} {}, {}: {} ({})",
            if known.is_open { "open" } else { "impossible" },
            known.one.join(" "),
            known.other.join(" "),
            known.reason,
            known.requirements.join(", ")
        );
    }
    text
}
