//! Decides what is simpler than a value: what a reader of the question would rather see in its place.

use kms_model::json::{Member, Node, Value};

use super::tree;

/// The longest string that is not worth cutting.
const SHORT: usize = 64;

/// Where a value stands.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// The name of the member that holds it, or holds the lists around it.
    pub member: &'a str,
    /// Whether it stands in a document.
    pub in_document: bool,
    /// The latest version of the policy language.
    pub version: &'a str,
    /// The action that is asked for, of several the first.
    pub action: Option<&'a str>,
}

/// What a value can be replaced by, simplest first. No chain of replacements comes back to where it began.
pub fn replacements(node: &Node, place: Place<'_>) -> Vec<Node> {
    let mut simpler = Vec::new();
    if place.in_document {
        document_replacements(node, place, &mut simpler);
    }
    match &node.value {
        Value::String(text) if place.in_document && text.chars().count() > SHORT => {
            simpler.extend(halves(text))
        }
        Value::Number(text) if text != "0" => simpler.push(Value::Number("0".to_owned()).into()),
        _ => {}
    }
    simpler
}

fn document_replacements(node: &Node, place: Place<'_>, simpler: &mut Vec<Node>) {
    let is_any = node.as_str() == Some("*");
    match place.member {
        "Action" | "Resource" | "Principal" if is_any => {}
        "Action" => {
            simpler.push("*".into());
            let asked = place.action.filter(|action| node.as_str() != Some(action));
            simpler.extend(asked.map(Node::from));
        }
        "Resource" | "Principal" => simpler.push("*".into()),
        "Version" if node.as_str() != Some(place.version) => simpler.push(place.version.into()),
        "Statement" => {
            if let Some(open) = allows_all(node) {
                simpler.push(open);
            }
            return;
        }
        _ => {}
    }
    if let Some([only]) = node.elements()
        && only.as_str().is_some()
    {
        simpler.push(only.clone());
    }
}

/// One statement that allows everything, in place of statements that say more.
fn allows_all(statements: &Node) -> Option<Node> {
    let all = statements.elements().unwrap_or(std::slice::from_ref(statements));
    let names = |name: &str| all.iter().any(|statement| statement.get(name).is_some());
    let mut open = vec![("Effect", Node::from("Allow"))];
    if names("Principal") || names("NotPrincipal") {
        open.push(("Principal", "*".into()));
    }
    open.extend([("Action", "*".into()), ("Resource", "*".into())]);
    let open: Node = [open.into_iter().collect::<Node>()].into_iter().collect();
    (statements.leaves() > open.leaves()).then_some(open)
}

/// The first half of a long string, and the second.
fn halves(text: &str) -> [Node; 2] {
    let middle = text.char_indices().nth(text.chars().count() / 2).map_or(0, |(at, _)| at);
    let (first, second) = text.split_at(middle);
    [first.into(), second.into()]
}

/// What an object of a document can become by another name of one of its members.
pub fn renamings(node: &Node, place: Place<'_>) -> Vec<(usize, &'static str, Option<Node>)> {
    let members = node.members().unwrap_or_default();
    let is_free = |name: &str| !members.iter().any(|member| member.name == name);
    let mut renamed = Vec::new();
    for (index, member) in members.iter().enumerate().filter(|_| place.in_document) {
        match member.name.as_str() {
            "NotAction" if is_free("Action") => renamed.push((index, "Action", Some("*".into()))),
            "NotPrincipal" if is_free("Principal") => renamed.push((index, "Principal", Some("*".into()))),
            "NotResource" if is_free("Resource") => renamed.push((index, "Resource", Some("*".into()))),
            operator if place.member == "Condition" && is_operator(member) => {
                renamed.extend(
                    simpler_operator(operator).filter(|name| is_free(name)).map(|name| (index, name, None)),
                );
            }
            _ => {}
        }
    }
    renamed
}

/// Whether a member of `Condition` is an operator with its keys.
fn is_operator(member: &Member) -> bool {
    tree::len(&member.node) > 0 && member.node.members().is_some()
}

/// Operators that a reader knows better, nearest to the simplest first.
fn simpler_operator(operator: &str) -> impl Iterator<Item = &'static str> {
    const KNOWN: [&str; 9] = [
        "StringEquals",
        "StringLike",
        "StringNotEquals",
        "StringNotLike",
        "ArnLike",
        "Bool",
        "NumericEquals",
        "DateLessThan",
        "IpAddress",
    ];
    let end = KNOWN.iter().position(|known| *known == operator);
    let plain = operator.rsplit(':').next().unwrap_or(operator).trim_end_matches("IfExists").to_owned();
    let fits = move |known: &&'static str| match end {
        // A plain operator may only become the simplest one.
        Some(0) => false,
        Some(_) => *known == "StringEquals",
        None => *known == plain || *known == "StringEquals",
    };
    KNOWN.into_iter().filter(fits)
}
