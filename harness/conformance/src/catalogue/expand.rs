//! Decides what a case says once its table is filled in and its worlds are laid over one another.

use std::collections::BTreeSet;

use kms_model::json::{Member, Node, Value};
use kms_model::shape::Problem;

/// Members of a world that are replaced whole, because merging two of them would make a third.
const WHOLE: &[&str] = &["policy", "boundary", "constraints", "organization"];

/// Lays `over` on `base`: objects member by member, anything else replaced, `null` removes.
pub fn merge(base: &Node, over: &Node) -> Node {
    let (Some(below), Some(above)) = (base.members(), over.members()) else { return over.clone() };
    let mut members: Vec<Member> = below.to_vec();
    for member in above {
        let at = members.iter().position(|known| known.name == member.name);
        if member.node.is_null() {
            members.retain(|known| known.name != member.name);
            continue;
        }
        let empty = Node::from(Value::Object(Vec::new()));
        let merged = match at.and_then(|at| members.get(at)) {
            Some(known) if !WHOLE.contains(&member.name.as_str()) => merge(&known.node, &member.node),
            _ if WHOLE.contains(&member.name.as_str()) || member.node.members().is_none() => {
                member.node.clone()
            }
            // Laid on nothing, so that the `null`s inside are gone.
            _ => merge(&Node { span: member.node.span, ..empty }, &member.node),
        };
        let merged = Node { span: member.node.span, value: merged.value };
        match at.and_then(|at| members.get_mut(at)) {
            Some(known) => known.node = merged,
            None => members.push(Member { node: merged, ..member.clone() }),
        }
    }
    Node { span: over.span, value: Value::Object(members) }
}

/// Fills the row's values into a template. Names of columns that are used go to `used`.
pub fn fill(
    template: &Node,
    row: &Row<'_>,
    used: &mut BTreeSet<String>,
    problems: &mut Vec<Problem>,
) -> Node {
    fill_some(template, row, used, problems).unwrap_or_default()
}

/// A row of a table.
pub struct Row<'a> {
    /// The row's members.
    pub node: &'a Node,
    /// The columns of the whole table: one that this row lacks removes the member that would hold it.
    pub columns: &'a BTreeSet<String>,
}

/// `None` where the whole value is a column that the row lacks.
fn fill_some(
    template: &Node,
    row: &Row<'_>,
    used: &mut BTreeSet<String>,
    problems: &mut Vec<Problem>,
) -> Option<Node> {
    let value = match &template.value {
        Value::String(text) => {
            if let Some(column) = whole(text) {
                used.insert(column.to_owned());
                if !row.columns.contains(column) {
                    problems.push(Problem::new(template.span, format!("no row has the column `{column}`")));
                }
                return row.node.get(column).cloned();
            }
            Value::String(fill_text(text, template, row, used, problems))
        }
        Value::Array(elements) => Value::Array(
            elements.iter().filter_map(|element| fill_some(element, row, used, problems)).collect(),
        ),
        Value::Object(members) => {
            let mut filled = Vec::new();
            for member in members {
                let name = fill_text(&member.name, template, row, used, problems);
                if let Some(node) = fill_some(&member.node, row, used, problems) {
                    filled.push(Member { name, name_span: member.name_span, node });
                }
            }
            Value::Object(filled)
        }
        other => other.clone(),
    };
    Some(Node { span: template.span, value })
}

/// The column, for a text that is one placeholder and nothing else.
fn whole(text: &str) -> Option<&str> {
    let column = text.strip_prefix("{{")?.strip_suffix("}}")?;
    (!column.contains("{{")).then_some(column)
}

fn fill_text(
    text: &str,
    template: &Node,
    row: &Row<'_>,
    used: &mut BTreeSet<String>,
    problems: &mut Vec<Problem>,
) -> String {
    let mut filled = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{{") {
        let Some((column, after)) = after.split_once("}}") else { break };
        filled.push_str(before);
        used.insert(column.to_owned());
        match row.node.get(column).map(Node::as_str) {
            Some(Some(value)) => filled.push_str(value),
            Some(None) => {
                let message =
                    format!("the column `{column}` stands inside a string, so its value must be a string");
                problems.push(Problem::new(template.span, message));
            }
            None => {
                let message = format!("the column `{column}` stands inside a string, so every row needs it");
                problems.push(Problem::new(template.span, message));
            }
        }
        rest = after;
    }
    filled.push_str(rest);
    filled
}

#[cfg(test)]
mod tests {
    use super::*;
    use kms_model::json::{Limits, compact, parse};

    fn node(text: &str) -> Node {
        parse(text, Limits::default()).unwrap()
    }

    #[test]
    fn merging_goes_member_by_member_and_null_removes() {
        for (base, over, merged) in [
            (r#"{"a":{"b":1,"c":2}}"#, r#"{"a":{"c":3}}"#, r#"{"a":{"b":1,"c":3}}"#),
            (r#"{"a":{"b":1}}"#, r#"{"a":{"b":null,"d":null}}"#, r#"{"a":{}}"#),
            (r#"{"a":[1,2]}"#, r#"{"a":[3]}"#, r#"{"a":[3]}"#),
            (r#"{"k":{"policy":{"x":1}}}"#, r#"{"k":{"policy":{"y":2}}}"#, r#"{"k":{"policy":{"y":2}}}"#),
            (r#"{}"#, r#"{"policy":{"k":null}}"#, r#"{"policy":{"k":null}}"#),
        ] {
            assert_eq!(compact(&merge(&node(base), &node(over))), merged, "{base} + {over}");
        }
    }

    fn filled(template: &str, row: &str) -> (String, Vec<String>) {
        let columns = BTreeSet::from(["x".to_owned(), "y".to_owned()]);
        let (mut used, mut problems) = (BTreeSet::new(), Vec::new());
        let row = node(row);
        let node = fill(&node(template), &Row { node: &row, columns: &columns }, &mut used, &mut problems);
        (compact(&node), problems.into_iter().map(|problem| problem.message).collect())
    }

    #[test]
    fn placeholders_become_values_texts_and_names() {
        let row = r#"{"x":{"deep":[1]},"y":"t"}"#;
        assert_eq!(
            filled(r#"{"a":"{{x}}","b":"<{{y}}>","{{y}}s":1}"#, row).0,
            r#"{"a":{"deep":[1]},"b":"<t>","ts":1}"#
        );
        assert_eq!(filled(r#"{"a":"{{x}}","b":["{{x}}"]}"#, r#"{"y":"t"}"#).0, r#"{"b":[]}"#);
    }

    #[test]
    fn wrong_placeholders_are_problems() {
        assert_eq!(filled(r#""{{z}}""#, "{}").1, ["no row has the column `z`"]);
        assert_eq!(
            filled(r#""<{{x}}>""#, r#"{"x":1}"#).1,
            ["the column `x` stands inside a string, so its value must be a string"]
        );
    }
}
