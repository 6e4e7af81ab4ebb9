//! Decides how an answer and its trace are shown, to people and to machines.

use std::fmt::Write as _;

use kms_conformance::model::json::{Node, Position};
use kms_conformance::model::{Answer, Outcome};
use serde_json::{Value, json};

use super::files::Files;
use crate::style;

/// The answer, the statements that decided, every layer and every step.
pub fn render(answer: &Answer, files: &Files) -> String {
    let mut text = String::new();
    let word = match &answer.outcome {
        Outcome::Rejected { policy: Some(policy) } => format!("rejected ({})", files.name(policy)),
        outcome => outcome.to_string(),
    };
    let word = match &answer.outcome {
        Outcome::Allow | Outcome::Accepted => style::good(&word),
        _ => style::bad(&word),
    };
    let _ = writeln!(text, "{} {word}", style::heading("answer"));
    if let Some(message) = &answer.message {
        let _ = writeln!(text, "  {message}");
    }
    for because in &answer.because {
        let _ = writeln!(text, "  because of {}", decider(&because.policy, because.statement, files));
    }
    let Some(trace) = &answer.trace else {
        return text;
    };
    for layer in &trace.layers {
        let place = files.name(&layer.policy);
        let _ = writeln!(text, "\n{} {}", style::heading(&layer.name), style::quiet(place));
        for statement in &layer.statements {
            let mark =
                if statement.applies { style::good("applies") } else { style::quiet("does not apply") };
            let sid = statement.sid.as_ref().map(|sid| format!(" `{sid}`")).unwrap_or_default();
            let _ = writeln!(
                text,
                "  {} {}{sid} {mark}: {}",
                statement.statement, statement.effect, statement.reason
            );
        }
    }
    if !trace.steps.is_empty() {
        let _ = writeln!(text, "\n{}", style::heading("steps"));
        for step in &trace.steps {
            let _ = writeln!(text, "  {step}");
        }
    }
    text
}

/// A statement that decided: in a file, with its place there and its Sid.
fn decider(policy: &str, index: usize, files: &Files) -> String {
    let Some(source) = files.get(policy) else { return format!("statement {index} of {policy}") };
    match source.statement(index) {
        Some(statement) => {
            let sid = sid(statement).map(|sid| format!(" `{sid}`")).unwrap_or_default();
            let at = Position::of(&source.text, statement.span.start);
            format!("statement {index}{sid} of {}:{at}", source.shown)
        }
        None => source.shown.clone(),
    }
}

fn sid(statement: &Node) -> Option<&str> {
    statement.get("Sid")?.as_str()
}

/// The answer as evaluators write it, with the `file` beside every pointer to a part that came from one, and the `sid` of a
/// statement that decided.
pub fn json(answer: &Answer, files: &Files) -> serde_json::Result<Value> {
    let mut value = serde_json::to_value(answer)?;
    add_file(&mut value, files);
    for because in value.get_mut("because").and_then(Value::as_array_mut).into_iter().flatten() {
        add_file(because, files);
        let pointer = because.get("policy").and_then(Value::as_str).unwrap_or_default();
        let index = because.get("statement").and_then(Value::as_u64).and_then(|at| usize::try_from(at).ok());
        let statement = files.get(pointer).zip(index).and_then(|(source, at)| source.statement(at));
        if let (Some(sid), Some(because)) =
            (statement.and_then(sid).map(str::to_owned), because.as_object_mut())
        {
            because.insert("sid".to_owned(), json!(sid));
        }
    }
    for layer in value.pointer_mut("/trace/layers").and_then(Value::as_array_mut).into_iter().flatten() {
        add_file(layer, files);
    }
    Ok(value)
}

fn add_file(of: &mut Value, files: &Files) {
    let file = of.get("policy").and_then(Value::as_str).and_then(|pointer| files.get(pointer));
    if let (Some(source), Some(of)) = (file, of.as_object_mut()) {
        of.insert("file".to_owned(), json!(source.shown));
    }
}
