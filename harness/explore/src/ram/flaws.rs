//! Decides what is wrong with a document of the RAM dialect that is nearly valid, and what questions about documents hold.

use kms_model::question::{PolicyType, Validate};
use kms_model::{Dialect, Document, Question};

use super::names::REGION;
use super::policies::Aim;
use super::world::World;
use crate::generate::draft::{Condition, Draft, Element, Principal, Statement, Text};
use crate::{Choices, Settings};

/// What a document may be, each as often as it stands here.
pub const KINDS: &[PolicyType] = &[
    PolicyType::Identity,
    PolicyType::KeyPolicy,
    PolicyType::SecretPolicy,
    PolicyType::Control,
    PolicyType::Session,
    PolicyType::TrustPolicy,
    PolicyType::ResourcePolicy,
];

/// Those that an evaluator with these features may be asked about.
pub fn kinds(settings: &Settings) -> impl Iterator<Item = PolicyType> {
    KINDS.iter().copied().filter(|kind| settings.allows(kind.validation()))
}

/// A question about a document.
pub fn question(mut world: World<'_>) -> Question {
    let kinds: Vec<_> = kinds(world.settings).collect();
    let kind = world.choices.pick(&kinds).copied().unwrap_or(PolicyType::Identity);
    let flawed = world.chance(world.settings.weights.flaw_of_validate);
    let denies = world.chance(20);
    let draft = world.draft(Aim { kind, allows: true, denies, target: Some(0) });
    let text = if flawed { spoiled(draft, world.choices) } else { draft.text() };
    let mut validate = Validate::new(kind, Document::new(text));
    validate.purpose = match kind {
        PolicyType::KeyPolicy => Some("SetKeyPolicy".to_owned()),
        PolicyType::SecretPolicy => Some("SetSecretPolicy".to_owned()),
        _ => None,
    };
    Question::validate(Dialect::Ram, REGION, validate)
}

/// The text of a draft, with one thing wrong. A few of the things are wrong in some policy types only.
pub fn spoiled(mut draft: Draft, choices: &mut dyn Choices) -> String {
    let flaw = choices.below(26);
    let at = choices.below(draft.statements.len().max(1));
    match flaw {
        0 => draft.version = Some("2012-10-17".into()),
        1 => draft.version = None,
        2 => draft.statements.clear(),
        3 => return draft.text().replacen("\"Version\":\"1\"", "\"Version\":1", 1),
        4 => return draft.text().replacen('}', ",}", 1),
        5 => {
            let mut text = draft.text();
            text.pop();
            return text;
        }
        6 => return draft.text().replacen("\"Effect\"", "\"Effect\":\"Deny\",\"Effect\"", 1),
        7 => draft.id = Some("example".into()),
        8 => draft.bare = true,
        _ => {
            if let Some(statement) = draft.statements.get_mut(at) {
                spoil(statement, flaw);
            }
        }
    }
    if draft.bare {
        draft.statements.truncate(1);
    }
    draft.text()
}

fn spoil(statement: &mut Statement, flaw: usize) {
    let element = |negated, values: &[&'static str]| {
        Some(Element { negated, list: true, values: values.iter().map(|text| Text::from(*text)).collect() })
    };
    let condition = |operator: &'static str, unquoted: bool, values: &[&'static str]| Condition {
        operator: operator.into(),
        key: "acs:MFAPresent".into(),
        unquoted,
        values: values.iter().map(|text| Text::from(*text)).collect(),
        ..Condition::default()
    };
    let ram =
        |name: &'static str| Some(Principal { negated: false, values: vec![("RAM", Text::from(name))] });
    let has_principal = statement.principal.is_some();
    match flaw {
        9 => statement.effect = "allow".into(),
        10 => statement.more = ",\"NotResource\":\"*\"",
        11 => statement.more = ",\"NotAction\":\"kms:Decrypt\"",
        12 => statement.action = element(false, &[]),
        13 => statement.conditions.push(condition("Null", false, &["true"])),
        14 => statement.conditions.push(condition("StringEqualsIfExists", false, &["x"])),
        15 => statement.conditions.push(condition("NumericEquals", true, &["1"])),
        16 => statement.conditions.push(condition("StringLike", false, &[])),
        17 => statement.conditions.push(condition("ForAnyValue:StringEquals", false, &["x"])),
        18 if has_principal => statement.principal = None,
        18 => statement.principal = ram("acs:ram::1234567890123456:root"),
        19 if has_principal => statement.principal = ram("acs:ram::1234567890123456:group/Developers"),
        19 => statement.action = None,
        20 => statement.more = ",\"Principals\":\"*\"",
        21 => statement.conditions.push(condition("ArnLike", false, &["acs:ram::1234567890123456:*"])),
        22 if has_principal => {
            let names = [("AWS", Text::from("arn:aws:iam::1234567890123456:root"))];
            statement.principal = Some(Principal { negated: false, values: names.into() });
        }
        22 => statement.conditions.push(condition("ArnEquals", false, &["acs:ram::1234567890123456:*"])),
        // What the policy of a key or a secret is about it cannot choose.
        23 if has_principal => {
            statement.resource =
                element(false, &["acs:kms:*:1234567890123456:key/1234abcd-12ab-34cd-56ef-1234567890ab"]);
        }
        23 => statement.resource = element(false, &[]),
        _ => statement.conditions.push(condition("Bool", true, &["true"])),
    }
}
