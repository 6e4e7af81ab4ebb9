//! Decides whether a loader of suites keeps its word, whichever text it is given.

use kms_model::Question;

use super::Code;
use super::question::round_trip;

/// Loads the bytes as a suite with `load`, which gives the questions of the checks or all problems as text.
///
/// # Errors
/// What does not hold.
pub fn suite(
    bytes: &[u8],
    load: &mut dyn FnMut(&str) -> Result<Vec<Question>, String>,
    code: &dyn Code,
) -> Result<(), String> {
    let Ok(text) = std::str::from_utf8(bytes) else { return Ok(()) };
    let first = load(text);
    match &first {
        Ok(questions) => questions.iter().try_for_each(|question| round_trip(question, code))?,
        Err(problems) if problems.is_empty() => return Err(format!("refused without a reason: {text}")),
        Err(_) => {}
    }
    if load(text) == first { Ok(()) } else { Err(format!("loaded twice, and not the same: {text}")) }
}
