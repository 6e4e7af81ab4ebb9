//! Decides which questions a file of `corpus/` holds.

use kms_model::Question;
use kms_model::json::{Limits, parse};

/// The questions of a file: itself, or those of a finding, the smallest first.
///
/// # Errors
/// Why the text is neither.
pub fn kept(text: &str) -> Result<Vec<Question>, String> {
    let node = parse(text, Limits::default()).map_err(|error| format!("byte {}: {error}", error.offset))?;
    let mut nodes = vec![&node];
    if node.get("finding").is_some() {
        nodes = node.get("question").into_iter().collect();
        nodes.extend(node.get("variations").and_then(|list| list.elements()).unwrap_or_default());
        nodes.extend(node.get("found"));
    }
    let read = |node| {
        Question::read(node).map_err(|problems| {
            problems.into_iter().map(|problem| problem.message).collect::<Vec<_>>().join("; ")
        })
    };
    nodes.into_iter().map(read).collect()
}
