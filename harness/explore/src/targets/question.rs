//! Decides whether a question survives being written and read.

use kms_model::Question;
use kms_model::shape::Problem;

use crate::Settings;

use super::{Code, read};

/// Reads the bytes as a question, and reads it again as it is written.
///
/// # Errors
/// What does not hold.
pub fn question(bytes: &[u8], settings: &Settings, code: &dyn Code) -> Result<(), String> {
    if bytes.first() == Some(&b'{') {
        let Ok(text) = std::str::from_utf8(bytes) else { return Ok(()) };
        return match code.question(text) {
            Ok(question) => round_trip(&question, code),
            Err(problems) => in_text(&problems, text),
        };
    }
    match read(None, bytes, settings) {
        Some(question) => round_trip(&question, code),
        None => Ok(()),
    }
}

/// Writes a question and reads it back: as a value, as a line, and laid out for people.
///
/// # Errors
/// What does not hold.
pub fn round_trip(question: &Question, code: &dyn Code) -> Result<(), String> {
    let node = code.node(question);
    let line = code.compact(&node);
    let wrong = |how: &str, why: &str| Err(format!("read from {how}, {why}: {line}"));
    match code.question_of(&node) {
        Ok(again) if again == *question => {}
        Ok(_) => return wrong("its value", "the question is another"),
        Err(problems) => return wrong("its value", &messages(&problems)),
    }
    for (how, text) in [("its line", &line), ("its lines", &code.pretty(&node, 110))] {
        match code.question(text) {
            Ok(again) if again == *question && code.compact(&code.node(&again)) == line => {}
            Ok(_) => return wrong(how, "the question is another"),
            Err(problems) => return wrong(how, &messages(&problems)),
        }
    }
    match code.json(line.as_bytes()) {
        Ok((_, again)) if again == node => {}
        _ => return wrong("its line", "the value is another"),
    }
    if code.features(&question.clone()) != code.features(question) {
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
