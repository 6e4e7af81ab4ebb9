//! Decides how a JSON value is written: without any white space, or laid out for people.

use std::fmt::Write as _;

use super::plain::is_plain;
use super::{Node, Value};

/// The value without white space; numbers as they were read, members in their order.
pub fn compact(node: &Node) -> String {
    let mut out = String::new();
    write_node(node, &mut out);
    out
}

/// Appends what [`compact`] makes of the value.
pub(crate) fn write_node(node: &Node, out: &mut String) {
    write_compact(node, "", "", out);
}

/// The value laid out for people, ending in a line feed: what fits stands on one line of at most `width`
/// characters, everything else has one line an element.
pub fn pretty(node: &Node, width: usize) -> String {
    let mut out = String::new();
    write_pretty(node, 0, 0, width, &mut out);
    out.push('\n');
    out
}

fn write_compact(node: &Node, space: &str, pad: &str, out: &mut String) {
    match &node.value {
        Value::Null => out.push_str("null"),
        Value::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Value::Number(text) => out.push_str(text),
        Value::String(text) => write_string(text, out),
        Value::Array(elements) => {
            out.push('[');
            for (index, element) in elements.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                    out.push_str(space);
                }
                write_compact(element, space, pad, out);
            }
            out.push(']');
        }
        Value::Object(members) if members.is_empty() => out.push_str("{}"),
        Value::Object(members) => {
            out.push('{');
            out.push_str(pad);
            for (index, member) in members.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                    out.push_str(space);
                }
                write_string(&member.name, out);
                out.push(':');
                out.push_str(space);
                write_compact(&member.node, space, pad, out);
            }
            out.push_str(pad);
            out.push('}');
        }
    }
}

/// `used` is what already stands on the line beyond the indent, a member name for example.
fn write_pretty(node: &Node, indent: usize, used: usize, width: usize, out: &mut String) {
    let mut line = String::new();
    write_compact(node, " ", " ", &mut line);
    if indent + used + line.chars().count() < width {
        out.push_str(&line);
        return;
    }
    let inner = indent + 2;
    match &node.value {
        Value::Array(elements) if !elements.is_empty() => {
            out.push_str("[\n");
            for (index, element) in elements.iter().enumerate() {
                let _ = write!(out, "{:inner$}", "");
                write_pretty(element, inner, 0, width, out);
                out.push_str(if index + 1 < elements.len() { ",\n" } else { "\n" });
            }
            let _ = write!(out, "{:indent$}]", "");
        }
        Value::Object(members) if !members.is_empty() => {
            out.push_str("{\n");
            for (index, member) in members.iter().enumerate() {
                let _ = write!(out, "{:inner$}", "");
                let mut name = String::new();
                write_string(&member.name, &mut name);
                name.push_str(": ");
                out.push_str(&name);
                write_pretty(&member.node, inner, name.chars().count(), width, out);
                out.push_str(if index + 1 < members.len() { ",\n" } else { "\n" });
            }
            let _ = write!(out, "{:indent$}}}", "");
        }
        _ => out.push_str(&line),
    }
}

/// Appends a string in its quotes.
pub(crate) fn write_string(text: &str, out: &mut String) {
    out.push('"');
    // Nearly every string stands for itself.
    if is_plain(text) {
        out.push_str(text);
        out.push('"');
        return;
    }
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            // DEL and the C1 controls need no escape, but nobody can see them.
            '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' => {
                let _ = write!(out, "\\u{:04x}", u32::from(character));
            }
            _ => out.push(character),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::{Limits, parse};

    #[test]
    fn both_forms_read_back_equal() {
        let text = r#"{"a":[1,2.50,{"b":null}],"c":"q\"\\\u0007é","d":{},"e":[],"a":true}"#;
        let node = parse(text, Limits::default()).unwrap();
        assert_eq!(compact(&node), text);
        for width in [1, 20, 200] {
            assert_eq!(parse(&pretty(&node, width), Limits::default()).unwrap(), node, "width {width}");
        }
    }

    #[test]
    fn lays_out_what_does_not_fit() {
        let node = parse(r#"{"a":[1,2],"long":{"b":"xxxxxxxxxxxxxxxxxxxx"}}"#, Limits::default()).unwrap();
        let expected = "{\n  \"a\": [1, 2],\n  \"long\": {\n    \"b\": \"xxxxxxxxxxxxxxxxxxxx\"\n  }\n}\n";
        assert_eq!(pretty(&node, 36), expected);
    }
}
