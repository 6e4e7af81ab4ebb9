//! Decides how reasons are told to people: what is wrong with a document, and what a statement lists.

use kms_model::json::Position;
use kms_model::policy::{Element, Text};
use kms_model::shape::Problem;
use kms_model::{Answer, Document, Outcome};

/// The answer that refuses a document, every problem with its line and column.
pub fn refused(pointer: &str, document: &Document, problems: &[Problem]) -> Answer {
    let told = |problem: &Problem| {
        format!("{}: {}", Position::of(document.text(), problem.span.start), problem.message)
    };
    let message = problems.iter().map(told).collect::<Vec<_>>().join("; ");
    Answer::from(Outcome::Rejected { policy: Some(pointer.to_owned()) }).message(message)
}

/// That what the request has is not covered by the element.
pub fn outside(what: &str, actual: &str, name: &str, element: Option<&Element>) -> String {
    let (negated, values) = element.map_or((false, &[][..]), |element| (element.negated, &element.values));
    let relation = if negated { format!("in Not{name}") } else { "not in".to_owned() };
    format!("{what} `{actual}` is {relation} {}", listed(values.iter()))
}

/// The values of an element as prose.
pub fn listed<'a>(values: impl ExactSizeIterator<Item = &'a Text>) -> String {
    match values.len() {
        0 => "an empty list".to_owned(),
        _ => quoted(values.map(|value| value.text.as_str())),
    }
}

/// The first three in backticks, and how many more there are.
pub fn quoted<'a>(values: impl ExactSizeIterator<Item = &'a str>) -> String {
    let more = values.len().saturating_sub(3);
    let mut quoted = values.take(3).map(|value| format!("`{value}`")).collect::<Vec<_>>().join(", ");
    if more > 0 {
        quoted.push_str(&format!(" and {more} more"));
    }
    quoted
}
