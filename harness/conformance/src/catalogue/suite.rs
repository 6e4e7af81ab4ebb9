//! Decides what a suite's frame holds: requirements and named policies, before any case is looked at.

use std::collections::BTreeMap;

use kms_model::Dialect;
use kms_model::json::{Node, Span};

use super::problem::{Place, Problems};
use super::{About, Requirement, Source, Strength};

/// The text of a member, if it is there.
pub fn text(node: &Node, name: &str) -> Option<String> {
    node.get(name).and_then(Node::as_str).map(str::to_owned)
}

/// The texts of a list, with their places.
pub fn texts<'a>(node: &'a Node, name: &str) -> Vec<(&'a str, Span)> {
    let elements = node.get(name).and_then(Node::elements).unwrap_or_default();
    elements.iter().filter_map(|element| Some((element.as_str()?, element.span))).collect()
}

/// Adds the requirements that a suite defines.
pub fn requirements(
    suite: &Node,
    dialect: Dialect,
    place: Place<'_>,
    known: &mut BTreeMap<String, Requirement>,
    problems: &mut Problems,
) {
    for node in suite.get("requirements").and_then(Node::elements).unwrap_or_default() {
        let Some(requirement) = requirement(node, dialect, place.path) else { continue };
        let span = node.get("id").map_or(node.span, |id| id.span);
        if !is_requirement_id(&requirement.id) {
            let message =
                format!("`{}` is no requirement id: lower case, digits, dots and hyphens", requirement.id);
            problems.at(place, span, message);
        }
        if requirement.sources.is_empty() {
            problems.at(place, node.span, format!("`{}` names no source", requirement.id));
        }
        if let Some(other) = known.get(&requirement.id) {
            let message = format!("requirement `{}` is defined in {} already", requirement.id, other.suite);
            problems.at(place, span, message);
            continue;
        }
        known.insert(requirement.id.clone(), requirement);
    }
}

fn requirement(node: &Node, dialect: Dialect, suite: &str) -> Option<Requirement> {
    let source = |node: &Node| {
        Some(Source {
            document: text(node, "document")?,
            section: text(node, "section")?,
            edition: text(node, "edition"),
            url: text(node, "url"),
        })
    };
    Some(Requirement {
        id: text(node, "id")?,
        strength: Strength::from_word(&text(node, "strength")?)?,
        about: text(node, "about").and_then(|word| About::from_word(&word)).unwrap_or(About::Decision),
        statement: text(node, "statement")?,
        sources: node
            .get("sources")
            .and_then(Node::elements)
            .unwrap_or_default()
            .iter()
            .filter_map(source)
            .collect(),
        one_sided: text(node, "one-sided"),
        untested: text(node, "untested"),
        suite: suite.to_owned(),
        dialect,
    })
}

fn is_requirement_id(id: &str) -> bool {
    let part = |part: &str| {
        !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
    };
    id.contains('.') && id.split('.').all(part)
}

/// Whether a name is kebab-case.
pub fn is_name(name: &str) -> bool {
    !name.is_empty()
        && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        && !name.starts_with('-')
        && !name.ends_with('-')
}
