//! Decides how an answer and its trace are shown to people.

use std::fmt::Write as _;

use kms_conformance::model::{Answer, Outcome};

use crate::style;

/// The answer, the statements that decided, every layer and every step.
pub fn render(answer: &Answer) -> String {
    let mut text = String::new();
    let word = answer.outcome.to_string();
    let word = match &answer.outcome {
        Outcome::Allow | Outcome::Accepted => style::good(&word),
        _ => style::bad(&word),
    };
    let _ = writeln!(text, "{} {word}", style::heading("answer"));
    if let Some(message) = &answer.message {
        let _ = writeln!(text, "  {message}");
    }
    for because in &answer.because {
        let _ = writeln!(text, "  because of statement {} of {}", because.statement, because.policy);
    }
    let Some(trace) = &answer.trace else {
        return text;
    };
    for layer in &trace.layers {
        let _ = writeln!(text, "\n{} {}", style::heading(&layer.name), style::quiet(&layer.policy));
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
