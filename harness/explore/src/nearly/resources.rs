//! Decides how the resources of a statement are turned: a part of an ARN exchanged or left out, a name of the same thing
//! that is another resource, a variable in the place of a name.

use kms_model::Dialect;
use kms_model::json::Node;
use kms_model::question::{Authorization, ContextValue, PolicyType};

use super::actions::turn_over;
use super::texts::{beginning, exchanged, other_case};
use super::{Spot, Turn, replace, text_of};
use crate::Choices;
use crate::aws::names::{A, B};
use crate::edit::{member_mut, pick, remove};

const NAMES: &[&str] = &["Resource", "NotResource"];

/// The turns. Parts of ARNs are exchanged in many ways, so that turn stands more than once.
pub const TURNS: &[Turn] = &[
    other_part,
    other_part,
    other_part,
    shortened,
    open_end,
    other_name,
    other_name,
    of_all_keys,
    of_all_keys,
    variable,
    spelled,
    opposed,
    none,
    member_of,
    foreign_start,
];

/// Another partition, Region or account.
fn other_part(statement: &mut Node, spot: Spot<'_>, choices: &mut dyn Choices) -> bool {
    asked(statement, spot, choices, |_, arn, choices| with_other_part(arn, choices))
}

/// The ARN without its end.
fn shortened(statement: &mut Node, spot: Spot<'_>, choices: &mut dyn Choices) -> bool {
    asked(statement, spot, choices, |_, arn, choices| {
        beginning(arn, start_of_name(arn), choices).map(str::to_owned)
    })
}

/// A star in the place of the end, wherever that begins.
fn open_end(statement: &mut Node, spot: Spot<'_>, choices: &mut dyn Choices) -> bool {
    asked(statement, spot, choices, |_, arn, choices| {
        let from = start_of_name(arn);
        let end = match (arn.rfind(['/', ':']), choices.chance(50)) {
            (Some(at), true) => arn.get(..=at)?,
            _ => beginning(arn, from, choices)?,
        };
        Some(format!("{end}*"))
    })
}

/// The ARN of an alias for that of its key; now and then a name that is no ARN, which only key policies may hold.
fn other_name(statement: &mut Node, spot: Spot<'_>, choices: &mut dyn Choices) -> bool {
    asked(statement, spot, choices, |one, arn, choices| {
        let (start, _) = arn.split_once(":key/")?;
        match choices.chance(30) {
            true if choices.chance(50) => arn.rsplit_once('/').map(|(_, id)| id.to_owned()),
            true => choices.pick(&one.resource.aliases).cloned(),
            false => choices.pick(&one.resource.aliases).map(|alias| format!("{start}:{alias}")),
        }
    })
}

/// All keys, or all aliases, of an account or of all.
fn of_all_keys(statement: &mut Node, spot: Spot<'_>, choices: &mut dyn Choices) -> bool {
    let region = spot.at.question.region.clone();
    asked(statement, spot, choices, move |one, _, choices| {
        let other = if one.resource.account == A { B } else { A };
        let account = choices.pick(&[one.resource.account.as_str(), "*", other]).copied()?;
        let kind = choices.pick(&["key/*", "alias/*", "*"])?;
        let start = match spot.at.question.dialect {
            Dialect::Ram => "acs:kms".to_owned(),
            _ => format!("arn:{}:kms", kms_model::arn::partition(&region)),
        };
        Some(format!("{start}:{region}:{account}:{kind}"))
    })
}

/// A variable that says a part of the name, or whose default text does.
fn variable(statement: &mut Node, spot: Spot<'_>, choices: &mut dyn Choices) -> bool {
    let Some(context) = spot.context() else { return false };
    let is_ram = spot.is_ram();
    if !spot.has_variables && !is_ram {
        return false;
    }
    let single = |(name, value): (&str, &ContextValue)| match value {
        ContextValue::One(value) if !value.is_empty() => Some((name.to_owned(), value.clone())),
        _ => None,
    };
    let known: Vec<(String, String)> = context.iter().filter_map(single).collect();
    let found = asked(statement, spot, choices, |_, arn, choices| {
        let (start, name) = arn.split_at_checked(start_of_name(arn))?;
        let within: Vec<_> = known.iter().filter(|(_, value)| name.contains(value.as_str())).collect();
        if let Some((key, value)) = choices.pick(&within).filter(|_| !is_ram) {
            return Some(format!("{start}{}", name.replacen(value.as_str(), &format!("${{{key}}}"), 1)));
        }
        if is_ram {
            // There are none: what looks like one is text.
            let (key, value) =
                pick(known.iter().filter(|(_, value)| arn.contains(value.as_str())).collect(), choices)?;
            return Some(arn.replacen(value.as_str(), &format!("${{{key}}}"), 1));
        }
        let (kind, rest) = name.split_once(['/', ':'])?;
        let sign = name.get(kind.len()..=kind.len())?;
        Some(format!("{start}{kind}{sign}${{aws:PrincipalTag/none, '{rest}'}}"))
    });
    if found && !is_ram && choices.chance(40) {
        turn_over(statement, "Resource", "NotResource");
    }
    found
}

/// A letter in the other case, a wildcard for a character, or the escape of one.
fn spelled(statement: &mut Node, spot: Spot<'_>, choices: &mut dyn Choices) -> bool {
    asked(statement, spot, choices, |_, arn, choices| {
        let from = arn.rfind(['/', ':']).unwrap_or_default();
        match choices.below(4) {
            0 => other_case(arn, from, choices),
            1 => exchanged(arn, from, "?", choices),
            2 => exchanged(arn, from, "*", choices),
            _ => {
                let escape = choices.pick(&["${*}", "${?}", "${$}"])?;
                exchanged(arn, from, escape, choices).filter(|_| spot.has_variables)
            }
        }
    })
}

fn opposed(statement: &mut Node, spot: Spot<'_>, choices: &mut dyn Choices) -> bool {
    // RAM has no such element.
    !spot.is_refused(spot.is_ram(), choices) && turn_over(statement, "Resource", "NotResource")
}

/// An empty list; in a key policy no element at all, or no `Action`, which it may lack as well.
fn none(statement: &mut Node, spot: Spot<'_>, choices: &mut dyn Choices) -> bool {
    if spot.at.policy_type == PolicyType::KeyPolicy && !spot.is_ram() && choices.chance(70) {
        return remove(statement, if choices.chance(50) { "Resource" } else { "Action" });
    }
    if spot.is_refused(spot.is_ram(), choices) {
        return false;
    }
    member_mut(statement, "Resource")
        .map(|element| *element = Node::from_iter(std::iter::empty::<Node>()))
        .is_some()
}

/// What stands below the resource.
fn member_of(statement: &mut Node, spot: Spot<'_>, choices: &mut dyn Choices) -> bool {
    asked(statement, spot, choices, |_, arn, _| (arn != "*").then(|| format!("{arn}/*")))
}

/// A start that ARNs of the other vendor have.
fn foreign_start(statement: &mut Node, spot: Spot<'_>, choices: &mut dyn Choices) -> bool {
    asked(statement, spot, choices, |_, arn, choices| {
        let rest = arn.strip_prefix("acs:")?;
        Some(if choices.chance(50) { format!("arn:acs:{rest}") } else { format!("arn:aws:{rest}") })
    })
}

/// Puts a text made from a resource that is asked for in the place of one of the texts.
fn asked(
    statement: &mut Node,
    spot: Spot<'_>,
    choices: &mut dyn Choices,
    make: impl Fn(&Authorization, &str, &mut dyn Choices) -> Option<String>,
) -> bool {
    let is_of_kms = matches!(spot.at.policy_type, PolicyType::KeyPolicy | PolicyType::SecretPolicy);
    if spot.is_refused(spot.is_ram() && is_of_kms, choices) {
        return false;
    }
    let asked = spot.request().map(|ask| ask.authorizations.as_slice()).unwrap_or_default();
    let one = match spot.at.place.authorization() {
        Some(of) => asked.get(of),
        None => choices.pick(asked),
    };
    let other = one.and_then(|one| make(one, &one.resource.arn, choices));
    text_of(statement, NAMES, choices).is_some_and(|text| replace(text, other))
}

/// Where the name begins in an ARN, behind what all ARNs have.
fn start_of_name(arn: &str) -> usize {
    let colons = if arn.starts_with("acs:") { 4 } else { 5 };
    arn.match_indices(':').nth(colons - 1).map_or(0, |(at, _)| at + 1)
}

/// An ARN with another partition, Region or account.
pub fn with_other_part(arn: &str, choices: &mut dyn Choices) -> Option<String> {
    const PARTITIONS: &[&str] = &["aws", "aws-cn", "aws-us-gov"];
    const REGIONS: &[&str] = &["us-west-2", "eu-west-1", "cn-north-1", "cn-hangzhou", "cn-beijing", ""];
    const ACCOUNTS: &[&str] =
        &["111122223333", "444455556666", "777788889999", "1234567890123456", "6543210987654321"];
    let is_ram = arn.starts_with("acs:");
    let mut parts: Vec<&str> = arn.splitn(if is_ram { 5 } else { 6 }, ':').collect();
    let (at, others) = match (is_ram, choices.below(3)) {
        (false, 0) => (1, PARTITIONS),
        (false, 1) => (3, REGIONS),
        (false, _) => (4, ACCOUNTS),
        (true, 0) => (3, ACCOUNTS),
        (true, _) => (2, REGIONS),
    };
    *parts.get_mut(at)? = choices.pick(others)?;
    let mut other = parts.join(":");
    // The part alone is exchanged, or it and the rest for all names.
    if let Some((start, _)) = arn.rsplit_once('/').filter(|_| choices.chance(20)) {
        let end = arn.get(start.len() + 1..)?;
        other = format!("{}*", other.strip_suffix(end)?);
    }
    Some(other)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Random;

    #[test]
    fn one_part_of_an_arn_is_another() {
        let mut random = Random::new(1);
        let arn = "arn:aws:kms:us-west-2:111122223333:key/1";
        let others: std::collections::BTreeSet<_> =
            (0..200).filter_map(|_| with_other_part(arn, &mut random)).collect();
        for other in [
            "arn:aws-cn:kms:us-west-2:111122223333:key/1",
            "arn:aws:kms:eu-west-1:111122223333:key/1",
            "arn:aws:kms:us-west-2:444455556666:key/*",
        ] {
            assert!(others.contains(other), "{others:?}");
        }
        assert_eq!(start_of_name(arn), arn.len() - "key/1".len());
        assert_eq!(with_other_part("*", &mut random), None);
    }

    #[test]
    fn the_name_of_a_resource_is_behind_the_account() {
        assert_eq!(start_of_name("acs:kms:cn-hangzhou:1:key/1"), "acs:kms:cn-hangzhou:1:".len());
        assert_eq!(start_of_name("*"), 0);
    }
}
