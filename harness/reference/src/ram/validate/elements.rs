//! Decides what `Sid`, `Principal`, `Action`, `Resource` and `Condition` may say in a policy of some type: KMS API
//! Reference, SetKeyPolicy, SetSecretPolicy; KMS Developer Guide, "Policy condition keys"; RAM User Guide, "Policy
//! elements".

use kms_model::policy::{Element, Text};
use kms_model::ram::policy::{RamPrincipal, RamPrincipalKind, RamStatement};
use kms_model::shape::Problem;

use super::rules::{Principals, Resources, Rules};
use crate::ram::principal::Name;

/// Reports what is wrong with the elements of a statement.
pub fn check(rules: &Rules, statement: &RamStatement, problems: &mut Vec<Problem>) {
    check_principal(rules.principals, statement, problems);
    check_resource(rules.resources, statement, problems);
    if rules.of_kms {
        problems.extend(statement.sid.as_ref().and_then(sid_refusal));
        let action = &statement.action;
        if action.negated {
            problems.push(Problem::new(action.span, "a policy of this type lists its actions in `Action`"));
        }
        let foreign = action.values.iter().filter(|value| !is_of_kms(value));
        problems.extend(foreign.map(|value| {
            Problem::new(
                value.span,
                format!("an action in a policy of this type begins with `kms:`, unlike `{}`", value.text),
            )
        }));
    }
}

fn check_principal(wanted: Principals, statement: &RamStatement, problems: &mut Vec<Problem>) {
    match (wanted, &statement.principal) {
        (Principals::Forbidden, None) => {}
        (Principals::Forbidden, Some(element)) => {
            let message = "a policy of this type names no principal: it is about whom it is attached to";
            problems.push(Problem::new(element.span, message));
        }
        (_, None) => {
            let message = "a statement of a policy of this type needs `Principal`";
            problems.push(Problem::new(statement.span, message));
        }
        (Principals::Any, Some(_)) => {}
        (Principals::Known, Some(element)) => problems.extend(unknown(element, |_| true)),
        (Principals::Ram, Some(element)) => {
            problems.extend(unknown(element, |name| matches!(name, Name::Account(_) | Name::UserOrRole(_))));
        }
    }
}

/// The principals that are none of those wanted.
fn unknown(element: &RamPrincipal, is_wanted: impl Fn(&Name) -> bool) -> Vec<Problem> {
    let is_known = |kind: RamPrincipalKind, text: &str| {
        Name::new(kind, text).is_some_and(|name| name != Name::Everyone && is_wanted(&name))
    };
    let unknown = element.values.iter().filter(|(kind, value)| !is_known(*kind, &value.text));
    let told = unknown.map(|(kind, value)| {
        let message = format!("`{}` is no principal that can stand under `{}` here", value.text, kind.word());
        Problem::new(value.span, message)
    });
    told.collect()
}

fn check_resource(wanted: Resources, statement: &RamStatement, problems: &mut Vec<Problem>) {
    let Some(element) = &statement.resource else {
        if wanted != Resources::Optional {
            problems.push(Problem::new(statement.span, "a statement needs `Resource`"));
        }
        return;
    };
    if wanted == Resources::Star {
        let others = element.values.iter().filter(|value| value.text != "*");
        problems.extend(others.map(|value| {
            Problem::new(
                value.span,
                format!("`Resource` of a policy of this type can only be `*`, not `{}`", value.text),
            )
        }));
    }
}

/// Why a text cannot be the `Sid` of a key or secret policy. The pages do not list the space among the characters, and
/// every default policy that they show has some: it is taken.
fn sid_refusal(sid: &Text) -> Option<Problem> {
    let is_plain = |character: char| character.is_ascii_alphanumeric() || " _/+=.@-".contains(character);
    let count = sid.text.chars().count();
    if count > 128 {
        return Some(Problem::new(sid.span, format!("`Sid` has at most 128 characters, not {count}")));
    }
    let odd = sid.text.chars().find(|character| !is_plain(*character))?;
    Some(Problem::new(sid.span, format!("`Sid` cannot hold the character U+{:04X}", u32::from(odd))))
}

/// Reports each action that does not begin with `kms:`, in a policy that makes use of KMS depend on `acs:SourceVpc`:
/// KMS Developer Guide, "Policy condition keys", which calls `*` and `k*` not legal.
pub fn check_source_vpc(statements: &[RamStatement], problems: &mut Vec<Problem>) {
    let depends = |statement: &RamStatement| {
        statement.conditions.iter().any(|condition| condition.key.text == "acs:SourceVpc")
    };
    if !statements.iter().any(|statement| depends(statement) && may_reach_kms(&statement.action)) {
        return;
    }
    for action in statements.iter().map(|statement| &statement.action) {
        let foreign = action.values.iter().filter(|value| action.negated || !is_of_kms(value));
        problems.extend(foreign.map(|value| {
            let message = "in a policy with `acs:SourceVpc` for KMS, every action begins with `kms:`";
            Problem::new(value.span, message)
        }));
    }
}

fn is_of_kms(action: &Text) -> bool {
    action.text.starts_with("kms:")
}

/// Whether an action of KMS may be among those that the element covers: what stands before the first `*` agrees with
/// `kms:`.
fn may_reach_kms(action: &Element) -> bool {
    let reaches = |value: &Text| {
        let (head, is_open) = match value.text.split_once('*') {
            Some((head, _)) => (head, true),
            None => (value.text.as_str(), false),
        };
        let same = |(a, b): (char, char)| a == '?' || a.eq_ignore_ascii_case(&b);
        head.chars().zip("kms:".chars()).all(same) && (is_open || head.len() > "kms:".len())
    };
    action.negated || action.values.iter().any(reaches)
}
