//! Decides which shapes no document of the AWS dialect may have: members of another type, lists where none may be, members
//! twice, texts in elements that do not take them.

use kms_model::json::{Limits, Member, Node, Value, compact, parse};
use kms_model::question::PolicyType;

use crate::Choices;
use crate::edit::{self, member_mut, pick, remove, set, statement_list, statements_mut, strings};
use crate::relations::build::{names_principals, object};

/// A shape that is wrong.
#[derive(Clone, Copy)]
pub struct Shape {
    /// The types of policy in which it is.
    fits: fn(PolicyType) -> bool,
    change: Change,
}

#[derive(Clone, Copy)]
enum Change {
    /// Of the whole document.
    Root(fn(&mut Node)),
    /// Of one of its statements.
    Statement(fn(&mut Node, &mut dyn Choices)),
    /// Of the text.
    Text(fn(&str) -> String),
}

use Change::{Root, Statement, Text};

const fn shape(fits: fn(PolicyType) -> bool, change: Change) -> Shape {
    Shape { fits, change }
}

fn always(_: PolicyType) -> bool {
    true
}

fn is_key_policy(kind: PolicyType) -> bool {
    kind == PolicyType::KeyPolicy
}

fn is_rcp(kind: PolicyType) -> bool {
    kind == PolicyType::Rcp
}

fn is_other(kind: PolicyType) -> bool {
    kind != PolicyType::KeyPolicy
}

/// Whether its statements are about whom it is attached to.
fn names_nobody(kind: PolicyType) -> bool {
    !names_principals(kind)
}

fn has_strict_sids(kind: PolicyType) -> bool {
    matches!(kind, PolicyType::Boundary | PolicyType::Identity | PolicyType::Session)
}

static SHAPES: &[Shape] = &[
    shape(always, Root(|root| set(root, "Version", Value::Number("2012".to_owned())))),
    shape(always, Root(|root| set(root, "Version", list("2012-10-17")))),
    shape(always, Root(|root| set(root, "Id", Value::Number("1".to_owned())))),
    shape(always, Root(|root| _ = remove(root, "Statement"))),
    shape(always, Root(|root| add_statement(root, Node::from("Allow")))),
    shape(always, Root(twice)),
    shape(has_strict_sids, Root(same_sids)),
    shape(always, Text(|text| format!("[{text}]"))),
    shape(always, Text(|text| format!("{text}{text}"))),
    shape(always, Text(|text| format!("{text}}}"))),
    shape(always, Statement(|one, _| set(one, "Sid", Value::Number("1".to_owned())))),
    shape(always, Statement(|one, _| nest(one, "Effect"))),
    shape(always, Statement(|one, _| nest_twice(one, &["Action", "NotAction"]))),
    shape(always, Statement(|one, _| nest_twice(one, &["Resource", "NotResource"]))),
    shape(always, Statement(|one, choices| nest_values(one, choices))),
    shape(always, Statement(|one, choices| act(one, choices, &["kms:${aws:PrincipalTag/op}"]))),
    shape(always, Statement(|one, choices| express(one, choices))),
    shape(is_other, Statement(|one, _| remove_both(one, "Action"))),
    shape(is_other, Statement(|one, choices| shorten(one, choices))),
    shape(is_other, Statement(|one, choices| shorten(one, choices))),
    shape(is_other, Statement(|one, _| set(one, "Resource", list("alias/app")))),
    shape(always, Statement(|one, choices| hold(one, choices, &["BoolNotEquals", "NotBool", "BoolNot"]))),
    shape(
        always,
        Statement(|one, choices| {
            hold(one, choices, &["ForAllValue:StringEquals", "ForAnyValues:StringLike"])
        }),
    ),
    shape(
        always,
        Statement(|one, choices| {
            let odd = [Node::from("x"), list("x"), Node::from(true)];
            set(one, "Condition", pick(odd.to_vec(), choices).unwrap_or_default());
        }),
    ),
    shape(
        always,
        Statement(|one, _| {
            let both = object([("aws:username", "alice".into()), ("aws:UserName", "bob".into())]);
            set(one, "Condition", object([("StringEquals", both)]));
        }),
    ),
    shape(
        always,
        Statement(|one, choices| {
            let values =
                ["${aws:username,'alice'}", "${aws:username , 'alice'}", "${aws:username, 'alice'} ${"];
            let value = choices.pick(&values).copied().unwrap_or_default();
            set(one, "Condition", object([("StringEquals", object([("aws:username", value.into())]))]));
        }),
    ),
    shape(
        is_key_policy,
        Statement(|one, _| {
            set(one, "Effect", "Allow");
            let team = object([("aws:RequestTag/team", "red-team".into())]);
            set(one, "Condition", object([("ForAllValues:StringEquals", team)]));
        }),
    ),
    shape(names_principals, Statement(|one, _| remove_both(one, "Principal"))),
    shape(is_rcp, Statement(|one, _| set(one, "Effect", "Allow"))),
    shape(
        names_nobody,
        Statement(|one, choices| {
            let name = choices.pick(&["Principal", "NotPrincipal"]).copied().unwrap_or("Principal");
            set(one, name, object([("AWS", "arn:aws:iam::444455556666:user/bob".into())]));
        }),
    ),
    shape(
        names_principals,
        Statement(|one, _| {
            set(one, "Principal", "*");
            set(one, "NotPrincipal", object([("AWS", "arn:aws:iam::444455556666:user/bob".into())]));
        }),
    ),
    shape(names_principals, Statement(|one, choices| bare(one, choices))),
    shape(
        names_principals,
        Statement(|one, choices| {
            let kind = choices.pick(&["User", "aws", "Role"]).copied().unwrap_or("User");
            name(one, kind, "arn:aws:iam::111122223333:user/alice".into());
        }),
    ),
    shape(
        names_principals,
        Statement(|one, _| {
            name(one, "AWS", "arn:aws:iam::111122223333:user/${aws:username}".into());
        }),
    ),
    shape(
        names_principals,
        Statement(|one, _| {
            name(one, "AWS", "arn:aws:sts::111122223333:assumed-role/App/*".into());
        }),
    ),
    shape(
        names_principals,
        Text(|text| {
            let both = r#""Principal":{"Service":"s3.amazonaws.com","Service":"ec2.amazonaws.com"}"#;
            match text.split_once("\"Principal\":\"*\"") {
                Some((before, after)) => format!("{before}{both}{after}"),
                None => text.replacen(
                    "\"Principal\":{",
                    r#""Principal":{"Service":"s3.amazonaws.com","Service":"ec2.amazonaws.com","#,
                    1,
                ),
            }
        }),
    ),
    shape(
        is_key_policy,
        Statement(|one, _| {
            name(one, "AWS", "arn:aws-cn:iam::777788889999:root".into());
        }),
    ),
];

/// The shapes that are wrong in a policy of that type. Those that are wrong in few types stand more often, so that they are
/// not much rarer than the others.
pub fn of(kind: PolicyType) -> Vec<Shape> {
    let fitting = || SHAPES.iter().copied().filter(|shape| (shape.fits)(kind));
    let special = || {
        fitting().filter(|shape| !(shape.fits)(PolicyType::Boundary) || !(shape.fits)(PolicyType::KeyPolicy))
    };
    fitting().chain(special()).chain(special()).collect()
}

impl Shape {
    /// The text with this shape.
    pub fn spoil(self, text: String, choices: &mut dyn Choices) -> String {
        let mut root = match (self.change, parse(&text, Limits::default())) {
            (Text(change), _) => return change(&text),
            (_, Ok(root)) => root,
            (_, Err(_)) => return text,
        };
        match self.change {
            Root(change) => change(&mut root),
            Statement(change) => {
                if let Some(statement) = pick(statements_mut(&mut root), choices) {
                    change(statement, choices);
                }
            }
            Text(_) => {}
        }
        compact(&root)
    }
}

/// A list of one text.
fn list(text: &str) -> Node {
    Node::from_iter([Node::from(text)])
}

fn add_statement(root: &mut Node, statement: Node) {
    if let Some(statements) = statement_list(root) {
        statements.push(statement);
    }
}

/// The member with the statements stands twice.
fn twice(root: &mut Node) {
    let Some(node) = root.get("Statement").cloned() else { return };
    if let Value::Object(members) = &mut root.value {
        members.push(Member { name: "Statement".to_owned(), name_span: Default::default(), node });
    }
}

fn same_sids(root: &mut Node) {
    let Some(statements) = statement_list(root) else { return };
    statements.extend(statements.first().cloned());
    statements.iter_mut().for_each(|statement| set(statement, "Sid", "Same"));
}

/// Puts a member into a list.
fn nest(statement: &mut Node, name: &str) {
    if let Some(node) = member_mut(statement, name) {
        *node = Node::from_iter([std::mem::take(node)]);
    }
}

/// Puts the elements of a member into a list of a list.
fn nest_twice(statement: &mut Node, names: &[&str]) {
    for name in names {
        if statement.get(name).is_some_and(|node| node.elements().is_none()) {
            nest(statement, name);
        }
        nest(statement, name);
    }
}

fn nest_values(statement: &mut Node, choices: &mut dyn Choices) {
    let values = edit::condition_values(statement).into_iter().map(|(_, _, values)| values).collect();
    match pick(values, choices) {
        Some(values) if values.elements().is_some() => *values = Node::from_iter([std::mem::take(values)]),
        Some(values) => *values = Node::from_iter([Node::from_iter([std::mem::take(values)])]),
        None => {
            let lists = Node::from_iter([list("alice")]);
            set(statement, "Condition", object([("StringEquals", object([("aws:username", lists)]))]));
        }
    }
}

/// Lists an action that none can be.
fn act(statement: &mut Node, choices: &mut dyn Choices, texts: &[&str]) {
    let text = choices.pick(texts).copied().unwrap_or_default();
    let name = if statement.get("NotAction").is_some() { "NotAction" } else { "Action" };
    let known = statement.get(name).map(strings).unwrap_or_default();
    let values: Node = known.into_iter().chain([text]).map(Node::from).collect();
    set(statement, name, values);
}

/// Writes an action as an expression of another kind of pattern.
fn express(statement: &mut Node, choices: &mut dyn Choices) {
    let Some(element) = member_mut(statement, "Action") else { return };
    let Some(text) = pick(edit::strings_mut(element), choices) else { return };
    *text = match choices.below(4) {
        0 => format!("^{text}$"),
        1 => format!("{text},kms:Encrypt"),
        2 => format!("({text}|kms:Encrypt)"),
        _ => format!("{}.*", text.get(..6).unwrap_or(text)),
    };
}

fn remove_both(statement: &mut Node, name: &str) {
    remove(statement, name);
    remove(statement, &format!("Not{name}"));
}

/// Names a resource by less than its ARN: by what stands behind the account, by its id, or by an alias.
fn shorten(statement: &mut Node, choices: &mut dyn Choices) {
    let Some(element) = member_mut(statement, "Resource") else { return };
    let Some(text) = pick(edit::strings_mut(element), choices) else { return };
    let end = text.rsplit_once(':').map(|(_, end)| end);
    let id = end.and_then(|end| end.rsplit_once('/')).map(|(_, id)| id);
    let short = match choices.below(3) {
        0 => id,
        1 => end,
        _ => choices.pick(&["alias/app", "alias/alice", "key/*", ""]).copied(),
    };
    *text = short.unwrap_or("alias/app").to_owned();
}

/// Adds a condition under an operator that there is not.
fn hold(statement: &mut Node, choices: &mut dyn Choices, operators: &[&str]) {
    let operator = choices.pick(operators).copied().unwrap_or_default();
    let (key, value) = match operator.contains("Bool") {
        true => ("aws:SecureTransport", choices.pick(&["true", "false"]).copied().unwrap_or("true")),
        false => ("aws:TagKeys", "team"),
    };
    set(statement, "Condition", object([(operator, object([(key, value.into())]))]));
}

fn bare(statement: &mut Node, choices: &mut dyn Choices) {
    let texts = ["111122223333", "arn:aws:iam::111122223333:root", "arn:aws:iam::111122223333:user/alice"];
    remove(statement, "NotPrincipal");
    set(statement, "Principal", choices.pick(&texts).copied().unwrap_or_default());
}

/// Names one principal more.
fn name(statement: &mut Node, kind: &str, value: Node) {
    let element = if statement.get("NotPrincipal").is_some() { "NotPrincipal" } else { "Principal" };
    if statement.get(element).is_none_or(|node| node.members().is_none()) {
        set(statement, element, object([("AWS", "arn:aws:iam::111122223333:user/alice".into())]));
    }
    if let Some(named) = member_mut(statement, element) {
        set(named, kind, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Random;

    #[test]
    fn every_shape_changes_a_text() {
        let text = r#"{"Version":"2012-10-17","Id":"x","Statement":[{"Effect":"Deny","Principal":{"AWS":"111122223333"},"Action":["kms:Decrypt"],"Resource":"arn:aws:kms:us-west-2:111122223333:key/1","Condition":{"Bool":{"aws:SecureTransport":"true"}}}]}"#;
        let mut random = Random::new(1);
        for (at, shape) in SHAPES.iter().enumerate() {
            assert_ne!(shape.spoil(text.to_owned(), &mut random), text, "{at}");
        }
    }
}
