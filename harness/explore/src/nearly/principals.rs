//! Decides how the principals of a statement are turned: another spelling, path, partition or session, a service of a
//! Region, nobody, or everybody with a condition.

use kms_model::json::Node;
use kms_model::question::PolicyType;

use super::entries::add;
use super::resources::with_other_part;
use super::texts::other_case;
use super::{Spot, Turn, replace};
use crate::Choices;
use crate::edit::{member_mut, members_mut, pick, set, strings_mut};
use crate::relations::build::object;

/// The turns.
pub const TURNS: &[Turn] = &[
    other_letters,
    other_path,
    other_path,
    other_partition,
    other_session,
    of_region,
    of_region,
    nobody,
    canonical,
    by_condition,
    by_condition,
];

fn other_letters(statement: &mut Node, _: Spot<'_>, choices: &mut dyn Choices) -> bool {
    of_kind(statement, "AWS", choices, |text, choices| {
        let name = text.find([':', '/']).and_then(|_| text.rfind([':', '/']))?;
        other_case(text, name, choices)
    })
}

/// A user or role of that name in another path.
fn other_path(statement: &mut Node, _: Spot<'_>, choices: &mut dyn Choices) -> bool {
    of_kind(statement, "AWS", choices, |text, choices| {
        let (start, name) = text.rsplit_once('/')?;
        let (owner, _) = text.split_once('/').filter(|_| text.contains(":iam::"))?;
        match start == owner || choices.chance(30) {
            true => Some(format!("{start}/other/{name}")),
            false => Some(format!("{owner}/{name}")),
        }
    })
}

/// The same account in another partition, which no key policy may name.
fn other_partition(statement: &mut Node, spot: Spot<'_>, choices: &mut dyn Choices) -> bool {
    if spot.is_refused(spot.at.policy_type == PolicyType::KeyPolicy, choices) {
        return false;
    }
    of_kind(statement, "AWS", choices, |text, choices| {
        let other = with_other_part(text, choices)?;
        other.split(':').nth(3)?.is_empty().then_some(other)
    })
}

fn other_session(statement: &mut Node, _: Spot<'_>, choices: &mut dyn Choices) -> bool {
    of_kind(statement, "AWS", choices, |text, choices| {
        let (start, _) = text.rsplit_once('/').filter(|_| text.contains(":assumed-role/"))?;
        Some(format!("{start}/{}", choices.pick(&["*", "s2", "S1"])?))
    })
}

/// A service in a Region.
fn of_region(statement: &mut Node, _: Spot<'_>, choices: &mut dyn Choices) -> bool {
    of_kind(statement, "Service", choices, |text, choices| {
        let (name, end) = text.split_once('.')?;
        let region = choices.pick(&["us-west-2", "me-south-1"])?;
        Some(format!(
            "{name}.{region}.{}",
            end.trim_start_matches("us-west-2.").trim_start_matches("me-south-1.")
        ))
    })
}

/// Nobody, which no policy of KMS may say.
fn nobody(statement: &mut Node, spot: Spot<'_>, choices: &mut dyn Choices) -> bool {
    let Some(element) = member_mut(statement, "Principal") else { return false };
    let is_known = matches!(spot.at.policy_type, PolicyType::Endpoint | PolicyType::ResourcePolicy);
    if spot.is_refused(spot.is_ram() || !is_known, choices) {
        return false;
    }
    *element = match choices.chance(50) {
        true => object([]),
        false => object([("AWS", Node::from_iter(std::iter::empty::<Node>()))]),
    };
    true
}

/// A user of another kind of account, which other services than KMS know.
fn canonical(statement: &mut Node, spot: Spot<'_>, _: &mut dyn Choices) -> bool {
    let can_be = spot.at.policy_type == PolicyType::ResourcePolicy;
    let Some(element) = member_mut(statement, "Principal").filter(|_| can_be) else { return false };
    *element = object([("CanonicalUser", "79a59df900b949e55d96a1e698fbaced".into())]);
    true
}

/// Everybody, with a condition that the caller alone meets.
fn by_condition(statement: &mut Node, spot: Spot<'_>, choices: &mut dyn Choices) -> bool {
    let Some(ask) = spot.request().filter(|_| !spot.is_ram()) else { return false };
    let arn = ask.caller.issuer.as_ref().or(ask.caller.arn.as_ref());
    let (Some(arn), Some(_)) = (arn, statement.get("Principal")) else { return false };
    let operator = choices.pick(&["ArnEquals", "ArnLike", "StringEquals", "StringLike"]).copied();
    if !add(statement, operator.unwrap_or("ArnEquals"), "aws:PrincipalArn", Node::from(arn.as_str())) {
        return false;
    }
    set(statement, "Principal", if choices.chance(50) { "*".into() } else { object([("AWS", "*".into())]) });
    true
}

/// Puts a text made from one of the principals of that kind in its place.
fn of_kind(
    statement: &mut Node,
    kind: &str,
    choices: &mut dyn Choices,
    make: impl Fn(&str, &mut dyn Choices) -> Option<String>,
) -> bool {
    let mut found = Vec::new();
    for element in members_mut(statement).iter_mut().filter(|one| one.name.ends_with("Principal")) {
        let of_kind = members_mut(&mut element.node).iter_mut().filter(|one| one.name == kind);
        found.extend(of_kind.flat_map(|one| strings_mut(&mut one.node)));
    }
    let Some(text) = pick(found, choices) else { return false };
    let other = make(text, choices);
    replace(text, other)
}
