//! Answers the questions of kms-conformance: a line of JSON in, a line of JSON out.
//!
//! `decide` is where your evaluator goes. What stands there knows key policies without conditions, and says of
//! everything else that it cannot answer.

use std::io::{self, BufRead, Write};

use serde_json::{Value, json};

/// The members of a statement that are looked at.
const KNOWN: [&str; 5] = ["Sid", "Effect", "Principal", "Action", "Resource"];
/// What could change the answer and is not looked at: a JSON pointer below the question or its authorization, and the
/// feature. Take off what you support.
const UNSUPPORTED: [(&str, &str); 5] = [
    ("/caller/boundary", "boundaries"),
    ("/caller/session-policies", "session-policies"),
    ("/caller/scps", "scps"),
    ("/resource/grants", "grants"),
    ("/resource/rcps", "rcps"),
];

fn description() -> Value {
    json!({
        "protocol": 1,
        "name": "my-evaluator",
        "version": env!("CARGO_PKG_VERSION"),
        "dialects": ["aws"],
        // The inputs that the evaluator has a place for; `kms-conformance schema features` lists them. What needs
        // another one is not asked.
        "features": ["context"],
        // "deny-kind" if refusals tell explicit from implicit, else "decision", and then the answer to all of them is
        // "deny".
        "detail": "deny-kind",
    })
}

/// The answer to a question; `Err` is what went wrong.
fn decide(question: &Value) -> Result<Value, String> {
    if question["kind"] != "authorize" {
        let kind = question["policy-type"].as_str().unwrap_or("document");
        return Ok(unsupported(&format!("{kind}-validation")));
    }
    let [needed] = question["authorizations"]
        .as_array()
        .ok_or("no `authorizations`")?
        .as_slice()
    else {
        return Ok(unsupported("operations"));
    };
    let has = |pointer: &str| {
        question
            .pointer(pointer)
            .or(needed.pointer(pointer))
            .is_some()
    };
    if let Some((_, feature)) = UNSUPPORTED.iter().find(|(pointer, _)| has(pointer)) {
        return Ok(unsupported(feature));
    }
    // A document is an object, or a string with its exact text.
    let policy = match &needed["resource"]["policy"] {
        Value::String(text) => serde_json::from_str(text).map_err(|error| error.to_string())?,
        policy => policy.clone(),
    };
    let (mut allowed, mut denied) = (false, false);
    for statement in many(&policy["Statement"]) {
        let members = statement
            .as_object()
            .ok_or("a statement is not an object")?;
        if let Some(unknown) = members.keys().find(|name| !KNOWN.contains(&name.as_str())) {
            return Err(format!("statements with {unknown} are not evaluated"));
        }
        if matches(&statement["Action"], &needed["action"])
            && names(&statement["Principal"], &question["caller"])
        {
            allowed |= statement["Effect"] == "Allow";
            denied |= statement["Effect"] == "Deny";
        }
    }
    Ok(
        json!({ "answer": if denied { "explicit-deny" } else if allowed { "allow" } else { "implicit-deny" } }),
    )
}

fn unsupported(feature: &str) -> Value {
    json!({ "answer": "unsupported", "feature": feature })
}

/// The elements of a list, or the value itself where it stands alone.
fn many(value: &Value) -> &[Value] {
    match value {
        Value::Null => &[],
        Value::Array(values) => values,
        value => std::slice::from_ref(value),
    }
}

fn matches(patterns: &Value, action: &Value) -> bool {
    let action = action.as_str().unwrap_or_default().to_ascii_lowercase();
    let lower = |pattern: &Value| pattern.as_str().unwrap_or_default().to_ascii_lowercase();
    many(patterns)
        .iter()
        .any(|pattern| like(lower(pattern).as_bytes(), action.as_bytes()))
}

/// Whether a text is like a pattern with `*` and `?`.
fn like(pattern: &[u8], text: &[u8]) -> bool {
    match (pattern, text) {
        ([], []) => true,
        ([b'*', rest @ ..], _) => (0..=text.len()).any(|skipped| like(rest, &text[skipped..])),
        ([b'?', rest @ ..], [_, text @ ..]) => like(rest, text),
        ([a, rest @ ..], [b, text @ ..]) => a == b && like(rest, text),
        _ => false,
    }
}

fn names(principal: &Value, caller: &Value) -> bool {
    let named = if principal.is_string() {
        principal
    } else {
        &principal["AWS"]
    };
    many(named)
        .iter()
        .any(|name| *name == "*" || *name == caller["arn"])
}

/// The reply to a message; nothing to the one that asks to end.
fn reply(message: &Value) -> Option<Value> {
    if message.get("hello").is_some() {
        return Some(description());
    }
    let ask = message.get("ask")?;
    let answer = decide(&ask["question"])
        .unwrap_or_else(|error| json!({ "answer": "error", "error": error }));
    Some(json!({ "id": ask["id"], "answer": answer }))
}

fn main() -> io::Result<()> {
    // Standard output is for the protocol alone; print for yourself to standard error.
    let mut output = io::stdout().lock();
    for line in io::stdin().lock().lines() {
        let Some(reply) = reply(&serde_json::from_str(&line?)?) else {
            break;
        };
        writeln!(output, "{reply}")?;
        output.flush()?;
    }
    Ok(())
}
