//! Decides how text is marked; colours are taken off where the output is no terminal or `NO_COLOR` is set.

use owo_colors::OwoColorize as _;

use kms_conformance::Judgement;

/// A message that ends the program.
pub fn error(message: &str) -> String {
    format!("{} {message}", "error:".red().bold())
}

/// A message that does not.
pub fn warning(message: &str) -> String {
    format!("{} {message}", "warning:".yellow().bold())
}

/// A heading.
pub fn heading(text: &str) -> String {
    text.bold().to_string()
}

/// Something beside the point.
pub fn quiet(text: &str) -> String {
    text.dimmed().to_string()
}

/// What grants.
pub fn good(text: &str) -> String {
    text.green().to_string()
}

/// What refuses or is wrong.
pub fn bad(text: &str) -> String {
    text.red().to_string()
}

/// What became of a check.
pub fn judgement(judgement: &Judgement) -> String {
    let word = judgement.word();
    match judgement {
        Judgement::Pass => good(word),
        judgement if judgement.fails() => bad(word),
        _ => quiet(word),
    }
}
