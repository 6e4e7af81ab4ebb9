//! Decides whether a document is read as it stands: as JSON, held against serde_json, and as a policy.

use kms_model::json::{Limits, Node, Span, Value, compact, parse, parse_bytes, pretty};
use kms_model::policy::Policy;
use kms_model::ram::policy::RamPolicy;
use kms_model::{Dialect, Document};
use serde_json::Value as Json;

use super::question::in_text;
use normal::Normal;

mod normal;

/// Reads the bytes as a document of that dialect.
///
/// # Errors
/// What does not hold.
pub fn document(dialect: Dialect, bytes: &[u8]) -> Result<(), String> {
    let ours = parse_bytes(bytes, Limits::default());
    let theirs = serde_json::from_slice::<Json>(bytes);
    let (text, node) = match (ours, theirs) {
        (Ok((text, node)), Ok(theirs)) => {
            let ours = as_json(&node)?;
            if ours != theirs {
                return Err(format!("reads as {ours}, for serde_json as {theirs}: {text}"));
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
    written_and_read(&node, text)?;
    policy(dialect, &node, text)
}

/// Both ways to write a value read back as that value, and a document as the same text.
fn written_and_read(node: &Node, text: &str) -> Result<(), String> {
    for written in [compact(node), pretty(node, 1), pretty(node, 110)] {
        match parse(&written, Limits::default()) {
            Ok(again) if again == *node => {}
            Ok(again) => return Err(format!("{written} reads as {}: {text}", compact(&again))),
            Err(error) => return Err(format!("{written} cannot be read, {error}: {text}")),
        }
    }
    for document in [Document::new(text), Document::new(compact(node))] {
        let held = document.to_node();
        if Document::from_node(&held).as_ref() != Some(&document) {
            return Err(format!("held as {}: {}", compact(&held), document.text()));
        }
    }
    Ok(())
}

/// A policy that is read says what the JSON says, where it says it; one that is refused has a reason in the text.
fn policy(dialect: Dialect, node: &Node, text: &str) -> Result<(), String> {
    let read = |text: &str| match dialect {
        Dialect::Ram => RamPolicy::read(text).map(|policy| Normal::of_ram(&policy)),
        _ => Policy::read(text).map(|policy| Normal::of_aws(&policy)),
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

/// The value as serde_json holds it: of repeated members the last, numbers as it reads them.
fn as_json(node: &Node) -> Result<Json, String> {
    Ok(match &node.value {
        Value::Null => Json::Null,
        Value::Bool(value) => Json::Bool(*value),
        Value::Number(text) => serde_json::from_str(text).map_err(|error| format!("`{text}`: {error}"))?,
        Value::String(text) => Json::String(text.clone()),
        Value::Array(elements) => elements.iter().map(as_json).collect::<Result<_, _>>()?,
        Value::Object(members) => members
            .iter()
            .map(|member| Ok((member.name.clone(), as_json(&member.node)?)))
            .collect::<Result<serde_json::Map<_, _>, String>>()?
            .into(),
    })
}
