//! Decides how the actions of a statement are turned: wildcards at odd places, names that look alike, lists.

use kms_model::json::Node;

use super::texts::{beginning, cut, exchanged, inserted};
use super::{Spot, Turn, replace, text_of};
use crate::Choices;
use crate::edit::{elements_mut, member_mut, pick, remove, set, strings_mut};
use crate::relations::build::actions;

const NAMES: &[&str] = &["Action", "NotAction"];

/// The turns.
pub const TURNS: &[Turn] = &[star_within, mark_within, two_wildcards, unknown_beside, opposed, none, halves];

/// A star where the name may have nothing in its place.
fn star_within(statement: &mut Node, spot: Spot<'_>, choices: &mut dyn Choices) -> bool {
    asked(statement, spot, choices, |action, from, choices| match choices.chance(40) {
        true => Some(format!("{action}*")),
        false => inserted(action, from, "*", choices),
    })
}

/// A question mark where the name has nothing in its place.
fn mark_within(statement: &mut Node, spot: Spot<'_>, choices: &mut dyn Choices) -> bool {
    asked(statement, spot, choices, |action, from, choices| match choices.chance(40) {
        true => Some(format!("{action}?")),
        false => inserted(action, from, "?", choices),
    })
}

fn two_wildcards(statement: &mut Node, spot: Spot<'_>, choices: &mut dyn Choices) -> bool {
    asked(statement, spot, choices, |action, from, choices| {
        let (before, _, after) = cut(action, from, choices, |_| true)?;
        let start = beginning(after, 0, choices)?;
        Some(format!("{before}{}{start}*", if choices.chance(50) { "?" } else { "*" }))
    })
}

/// Puts a text made from an action that is asked for in the place of one of the texts.
fn asked(
    statement: &mut Node,
    spot: Spot<'_>,
    choices: &mut dyn Choices,
    make: impl Fn(&str, usize, &mut dyn Choices) -> Option<String>,
) -> bool {
    let Some(action) = pick(actions(spot.at), choices) else { return false };
    let from = action.find(':').map_or(0, |at| at + 1);
    let other = make(action, from, choices);
    text_of(statement, NAMES, choices).is_some_and(|text| replace(text, other))
}

/// An action that there is not, beside the others.
fn unknown_beside(statement: &mut Node, spot: Spot<'_>, choices: &mut dyn Choices) -> bool {
    let Some(action) = pick(actions(spot.at), choices) else { return false };
    let from = action.find(':').map_or(0, |at| at + 1);
    let other = match choices.chance(50) {
        true => exchanged(action, from, "x", choices),
        false => beginning(action, from, choices).map(str::to_owned),
    };
    let (Some(other), Some(element)) = (other, member_mut(statement, "Action")) else { return false };
    let mut listed: Vec<Node> =
        strings_mut(element).into_iter().map(|text| Node::from(text.as_str())).collect();
    let at = choices.below(listed.len() + 1);
    listed.insert(at, Node::from(other));
    *element = listed.into_iter().collect();
    true
}

/// The element in its other form: `NotAction` for `Action`.
fn opposed(statement: &mut Node, _: Spot<'_>, _: &mut dyn Choices) -> bool {
    turn_over(statement, "Action", "NotAction")
}

/// An empty list.
fn none(statement: &mut Node, spot: Spot<'_>, choices: &mut dyn Choices) -> bool {
    if spot.is_refused(spot.is_ram(), choices) {
        return false;
    }
    member_mut(statement, "Action")
        .map(|element| *element = Node::from_iter(std::iter::empty::<Node>()))
        .is_some()
}

/// The halves of an operation on two keys in each other's place.
fn halves(statement: &mut Node, _: Spot<'_>, choices: &mut dyn Choices) -> bool {
    let Some(element) = member_mut(statement, "Action") else { return false };
    let mut found = false;
    for text in strings_mut(element) {
        for (one, other) in [("ReEncryptFrom", "ReEncryptTo"), ("ReEncryptTo", "ReEncryptFrom")] {
            if let Some(start) = text.strip_suffix(one).filter(|_| !found) {
                *text = format!("{start}{other}");
                found = true;
            }
        }
    }
    // One half alone is as good a turn where the other is listed as well.
    if found && choices.chance(25) {
        elements_mut(element).into_iter().for_each(|list| list.truncate(1));
    }
    found
}

/// Puts an element in the place of its opposite, or the other way round.
pub fn turn_over(statement: &mut Node, element: &str, opposite: &str) -> bool {
    let (from, to) = if statement.get(element).is_some() { (element, opposite) } else { (opposite, element) };
    let Some(values) = statement.get(from).cloned() else { return false };
    remove(statement, from);
    set(statement, to, values);
    true
}
