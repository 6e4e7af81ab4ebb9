//! Decides the faults about the resources of statements, as a reader of AWS takes them.

use kms_model::Question;
use kms_model::json::Node;
use kms_model::question::Authorization;

use super::super::change::statements;
use super::super::{Change, Fault};
use crate::edit::place::Place;
use crate::edit::{has_effect, member_mut, set, strings_mut};
use crate::relations::build::request;

/// The faults.
pub const TABLE: &[Fault] = &[
    Fault::new(
        "ram-arns-of-aws",
        "ram.doc.resource-format",
        "a resource may begin with arn:",
        Change::Question(|question| {
            resources(question, |_, text| {
                let rest = text.strip_prefix("arn:")?;
                match rest.strip_prefix("acs:") {
                    Some(rest) => Some(format!("acs:{rest}")),
                    None => rest.split_once(':').map(|(_, rest)| format!("acs:{rest}")),
                }
            })
        }),
    ),
    Fault::new(
        "ram-containers-are-among-their-members",
        "ram.kms.arn.container-not-in-slash-star",
        "key/* is the container of keys too, as alias/* and secret/* are those of theirs",
        Change::Question(|question| {
            resources(question, |_, text| text.strip_suffix("/*").map(str::to_owned))
        }),
    ),
    Fault::new(
        "ram-containers-are-no-resources",
        "ram.kms.arn.key-container",
        "only a statement on everything reaches operations that are about no key in particular",
        Change::Question(|question| {
            lost(question, |one, text| is_container(one) && text != "*" && !text.ends_with(":*"))
        }),
    ),
    Fault::new(
        "ram-alias-arn-is-the-key",
        "ram.kms.arn.alias-not-substitute-for-key",
        "permission on an alias is permission on the key that it is bound to",
        Change::Question(|question| resources(question, key_of_alias)),
    ),
    Fault::new(
        "ram-deny-on-an-alias-stops-the-key",
        "ram.kms.arn.deny-on-alias-does-not-stop-key-use",
        "a Deny on an alias is one on the key that it is bound to",
        Change::Question(|question| {
            turned(question, |statement| has_effect(statement, "Deny"), key_of_alias)
        }),
    ),
    Fault::new(
        "ram-account-of-a-resource-does-not-count",
        "ram.match.account-must-match",
        "the account in a resource is not compared",
        Change::Question(|question| resources(question, |one, text| with_part(one, text, 3))),
    ),
    Fault::new(
        "ram-region-of-a-resource-does-not-count",
        "ram.kms.arn.slash-star-all-keys",
        "the region in a resource is not compared",
        Change::Question(|question| resources(question, |one, text| with_part(one, text, 2))),
    ),
    Fault::new(
        "ram-wildcards-stop-at-slashes",
        "ram.match.wildcard-crosses-slash",
        "an asterisk in a resource does not go past a slash",
        Change::Question(|question| {
            lost(question, |one, text| {
                let Some((start, rest)) = text.split_once('*') else { return false };
                let name = one.resource.arn.strip_prefix(start);
                rest.is_empty() && start.ends_with('/') && name.is_some_and(|name| name.contains('/'))
            })
        }),
    ),
];

/// The question with more resources in statements, where `turn` gives one for what is asked for.
fn resources(question: &Question, turn: impl Fn(&Authorization, &str) -> Option<String>) -> Option<Question> {
    turned(question, |_| true, turn)
}

fn turned(
    question: &Question,
    is_meant: impl Fn(&Node) -> bool,
    turn: impl Fn(&Authorization, &str) -> Option<String>,
) -> Option<Question> {
    let asked = &request(question)?.authorizations;
    statements(question, |statement, at| {
        if matches!(at.place, Place::Resource(_)) || !is_meant(statement) {
            return false;
        }
        let Some(resource) = member_mut(statement, "Resource") else { return false };
        let mut listed: Vec<String> = strings_mut(resource).into_iter().map(|text| text.clone()).collect();
        let more: Vec<String> = listed
            .iter()
            .flat_map(|text| asked.iter().filter_map(|one| turn(one, text)))
            .filter(|text| !listed.contains(text))
            .collect();
        let found = !more.is_empty();
        if found {
            listed.retain(|text| !text.starts_with("arn:"));
            listed.extend(more);
            set(statement, "Resource", Node::from_iter(listed.into_iter().map(Node::from)));
        }
        found
    })
}

/// The question in which resources that `is_lost` picks are others, of which nobody asks.
fn lost(question: &Question, is_lost: impl Fn(&Authorization, &str) -> bool) -> Option<Question> {
    let asked = &request(question)?.authorizations;
    statements(question, |statement, at| {
        let own = !matches!(at.place, Place::Resource(_));
        let Some(resource) = member_mut(statement, "Resource").filter(|_| own) else { return false };
        let mut found = false;
        for text in strings_mut(resource) {
            if asked.iter().any(|one| is_lost(one, text)) {
                *text = "acs:kms:no-region:0000000000000000:nothing".to_owned();
                found = true;
            }
        }
        found
    })
}

fn is_container(one: &Authorization) -> bool {
    [":key", ":alias", ":secret", ":certificate"].iter().any(|end| one.resource.arn.ends_with(end))
}

fn key_of_alias(one: &Authorization, text: &str) -> Option<String> {
    let (start, name) = text.split_once(":alias/")?;
    let own = one.resource.aliases.iter().any(|alias| alias.strip_prefix("alias/").unwrap_or(alias) == name);
    (own && one.resource.arn.starts_with(start)).then(|| one.resource.arn.clone())
}

/// The resource of a policy with a part taken from that of the request.
fn with_part(one: &Authorization, text: &str, part: usize) -> Option<String> {
    let own: Vec<&str> = one.resource.arn.splitn(5, ':').collect();
    let mut parts: Vec<&str> = text.splitn(5, ':').collect();
    if parts.len() < 5 || parts.first() != own.first() || parts.get(1) != own.get(1) {
        return None;
    }
    *parts.get_mut(part)? = own.get(part)?;
    let other = parts.join(":");
    (other != text).then_some(other)
}
