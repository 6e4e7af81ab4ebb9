//! Decides whether a document is read as it stands: as JSON, held against serde_json, and as a policy.

use kms_model::json::{Limits, Node, Span, Value, compact, parse};
use kms_model::{Dialect, Document};

use super::Code;
use super::question::in_text;
use normal::Normal;
use tree::Tree;

mod normal;
mod tree;

/// Reads the bytes as a document of that dialect.
///
/// # Errors
/// What does not hold.
pub fn document(dialect: Dialect, bytes: &[u8], code: &dyn Code) -> Result<(), String> {
    let ours = code.json(bytes);
    let theirs = serde_json::from_slice::<Tree>(bytes);
    let (text, node) = match (ours, theirs) {
        (Ok((text, node)), Ok(theirs)) => {
            if Tree::of(&node)? != theirs {
                return Err(format!("reads as {}, for serde_json as {theirs:?}: {text}", compact(&node)));
            }
            (text, node)
        }
        (Ok((text, node)), Err(error)) => {
            // It keeps numbers as f64 and takes one level less.
            let message = error.to_string();
            if !message.contains("number out of range") && !message.contains("recursion limit") {
                return Err(format!("serde_json refuses, {error}: {text}"));
            }
            (text, node)
        }
        (Err(error), Ok(_)) => {
            return Err(format!("only serde_json reads it, {error}: {}", String::from_utf8_lossy(bytes)));
        }
        (Err(error), Err(_)) if error.offset <= bytes.len() => return Ok(()),
        (Err(error), Err(_)) => {
            return Err(format!("a problem outside the text, {error:?}: {}", String::from_utf8_lossy(bytes)));
        }
    };
    written_and_read(&node, text, code)?;
    policy(dialect, &node, text, code)
}

/// Both ways to write a value read back as that value, and a document as the same text.
fn written_and_read(node: &Node, text: &str, code: &dyn Code) -> Result<(), String> {
    for written in [code.compact(node), code.pretty(node, 1), code.pretty(node, 110)] {
        match code.json(written.as_bytes()) {
            Ok((_, again)) if again == *node => {}
            Ok((_, again)) => return Err(format!("{written} reads as {}: {text}", compact(&again))),
            Err(error) => return Err(format!("{written} cannot be read, {error}: {text}")),
        }
    }
    for document in [Document::new(text), Document::new(compact(node))] {
        let held = code.held(&document);
        if Document::from_node(&held).as_ref() != Some(&document) {
            return Err(format!("held as {}: {}", compact(&held), document.text()));
        }
        if !Tree::of(&held)?.is_unharmed() {
            return Err(format!("held as what parsers read differently, {}: {text}", compact(&held)));
        }
    }
    Ok(())
}

/// A policy that is read says what the JSON says, where it says it; one that is refused has a reason in the text.
fn policy(dialect: Dialect, node: &Node, text: &str, code: &dyn Code) -> Result<(), String> {
    let read = |text: &str| match dialect {
        Dialect::Ram => code.ram_policy(text).map(|policy| Normal::of_ram(&policy)),
        _ => code.policy(text).map(|policy| Normal::of_aws(&policy)),
    };
    let normal = match read(text) {
        Ok(normal) => normal,
        Err(problems) => return in_text(&problems, text),
    };
    for (span, said) in &normal.said {
        if !says(text, *span, said) {
            return Err(format!("`{said}` does not stand at {span:?}: {text}"));
        }
    }
    let expected = normal::of_json(node);
    if normal.document != expected {
        return Err(format!("the policy is {}, the JSON {expected}: {text}", normal.document));
    }
    match read(&normal.document.to_string()) {
        Ok(again) if again.document == normal.document => Ok(()),
        Ok(again) => Err(format!("{} reads as {}: {text}", normal.document, again.document)),
        Err(problems) => Err(format!("{} is refused, {problems:?}: {text}", normal.document)),
    }
}

/// Whether the text says so at that place, in its JSON spelling.
fn says(text: &str, span: Span, said: &str) -> bool {
    let there = text.get(span.start..span.end);
    match there.map(|there| parse(there, Limits::default())) {
        Some(Ok(Node { value: Value::String(there) | Value::Number(there), .. })) => there == said,
        Some(Ok(Node { value: Value::Bool(there), .. })) => there.to_string() == said,
        _ => false,
    }
}
