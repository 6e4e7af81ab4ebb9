//! Decides how a grant is turned: to another session, to an operation whose name begins alike, with a pair more or in other
//! letters.

use kms_model::json::Node;
use kms_model::question::Grant;
use kms_model::{Question, operations};

use super::texts::other_case;
use crate::Choices;
use crate::edit::{member_mut, members_mut, pick, set};
use crate::relations::build::{request, request_mut};

/// The question with one of the grants on its keys turned.
pub fn turned(question: &Question, choices: &mut dyn Choices) -> Option<Question> {
    let ask = request(question)?;
    let places: Vec<(&str, usize)> = ask
        .authorizations
        .iter()
        .flat_map(|one| (0..one.resource.grants.len()).map(|at| (one.resource.arn.as_str(), at)))
        .collect();
    let (arn, at) = *choices.pick(&places)?;
    let one = ask.authorizations.iter().find(|one| one.resource.arn == arn)?;
    let mut grant = one.resource.grants.get(at)?.clone();
    let action = one.action.strip_prefix("kms:")?;
    if !turn(&mut grant, action, choices) {
        return None;
    }
    let mut turned = question.clone();
    // One key is in one state.
    for one in request_mut(&mut turned)?.authorizations.iter_mut().filter(|one| one.resource.arn == arn) {
        if let Some(known) = one.resource.grants.get_mut(at) {
            known.clone_from(&grant);
        }
    }
    Some(turned)
}

fn turn(grant: &mut Grant, action: &str, choices: &mut dyn Choices) -> bool {
    match choices.below(5) {
        0 => {
            let Some((start, name)) =
                grant.grantee.rsplit_once('/').filter(|(start, _)| start.contains(":assumed-role/"))
            else {
                return false;
            };
            grant.grantee = format!("{start}/{}", if name == "s1" { "s2" } else { "s1" });
            true
        }
        1 => {
            let shorter = |name: &&str| action.starts_with(name) && action != *name;
            let names = operations::all().iter().filter(|one| one.grantable).map(|one| one.name);
            let listed = grant.operations.iter_mut().find(|name| *name == action);
            let other = pick(names.filter(shorter).collect(), choices);
            listed.zip(other).map(|(name, other)| other.clone_into(name)).is_some()
        }
        2 => pairs(grant).is_some_and(|pairs| {
            let more = pairs.get("Purpose").is_none();
            if more {
                set(pairs, "Purpose", "Research");
            }
            more
        }),
        _ => {
            let Some(pairs) = pairs(grant) else { return false };
            let Some(pair) = pick(members_mut(pairs).iter_mut().collect(), choices) else { return false };
            let Some(value) = pair.node.as_str().and_then(|value| other_case(value, 0, choices)) else {
                return false;
            };
            pair.node = Node::from(value);
            true
        }
    }
}

/// The pairs that the constraint of a grant lists.
fn pairs(grant: &mut Grant) -> Option<&mut Node> {
    let constraints = grant.constraints.as_mut()?;
    let kinds = ["EncryptionContextEquals", "EncryptionContextSubset"];
    let kind = kinds.into_iter().find(|kind| constraints.get(kind).is_some())?;
    member_mut(constraints, kind)
}
