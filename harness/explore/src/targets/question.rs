//! Decides whether a question survives being written and read.

use kms_model::Question;
use kms_model::json::{Limits, compact, parse, pretty};
use kms_model::shape::Problem;

use crate::Settings;

use super::read;

/// Reads the bytes as a question, and reads it again as it is written.
///
/// # Errors
/// What does not hold.
pub fn question(bytes: &[u8], settings: &Settings) -> Result<(), String> {
    if bytes.first() == Some(&b'{') {
        let Ok(text) = std::str::from_utf8(bytes) else { return Ok(()) };
        return match Question::parse(text) {
            Ok(question) => round_trip(&question),
            Err(problems) => in_text(&problems, text),
        };
    }
    match read(None, bytes, settings) {
        Some(question) => round_trip(&question),
        None => Ok(()),
    }
}

/// Writes a question and reads it back: as a value, as a line, and laid out for people.
///
/// # Errors
/// What does not hold.
pub fn round_trip(question: &Question) -> Result<(), String> {
    let node = question.to_node();
    let line = compact(&node);
    let wrong = |how: &str, why: &str| Err(format!("read from {how}, {why}: {line}"));
    match Question::read(&node) {
        Ok(again) if again == *question => {}
        Ok(_) => return wrong("its value", "the question is another"),
        Err(problems) => return wrong("its value", &messages(&problems)),
    }
    for (how, text) in [("its line", &line), ("its lines", &pretty(&node, 110))] {
        match Question::parse(text) {
            Ok(again) if again == *question && again.to_line() == line => {}
            Ok(_) => return wrong(how, "the question is another"),
            Err(problems) => return wrong(how, &messages(&problems)),
        }
    }
    match parse(&line, Limits::default()) {
        Ok(again) if again == node => {}
        _ => return wrong("its line", "the value is another"),
    }
    if question.clone().features() != question.features() {
        return wrong("a clone", "the features are others");
    }
    Ok(())
}

/// Whether every problem has a place in the text, and there is at least one.
pub(super) fn in_text(problems: &[Problem], text: &str) -> Result<(), String> {
    if problems.is_empty() {
        return Err(format!("refused without a reason: {text}"));
    }
    for problem in problems {
        if text.get(problem.span.start..problem.span.end).is_none() || problem.message.is_empty() {
            return Err(format!("a problem outside the text, {problem:?}: {text}"));
        }
    }
    Ok(())
}

fn messages(problems: &[Problem]) -> String {
    problems.iter().map(|problem| problem.message.as_str()).collect::<Vec<_>>().join("; ")
}
