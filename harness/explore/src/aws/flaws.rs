//! Decides what is wrong with a document of the AWS dialect that is nearly valid.

mod shapes;

use kms_model::question::PolicyType;

use crate::Choices;
use crate::generate::draft::{Condition, Draft, Element, Principal, Statement, Text};

/// How many flaws a draft can have. Others are those of the shape of a document.
const OF_DRAFTS: usize = 30;

/// The text of a draft, with one thing wrong. A few of the things are wrong in some policy types only.
pub fn spoiled(mut draft: Draft, kind: PolicyType, choices: &mut dyn Choices) -> String {
    let shapes = shapes::of(kind);
    let flaw = choices.below(OF_DRAFTS + shapes.len());
    if let Some(shape) = flaw.checked_sub(OF_DRAFTS).and_then(|at| shapes.get(at)) {
        return shape.spoil(draft.text(), choices);
    }
    let at = choices.below(draft.statements.len().max(1));
    match flaw {
        0 => draft.version = Some("2012-10-18".into()),
        1 => draft.statements.clear(),
        2 => return draft.text().replacen('}', ",}", 1),
        3 => {
            let mut text = draft.text();
            text.pop();
            return text;
        }
        4 => return draft.text().replacen("\"Effect\"", "\"Effect\":\"Deny\",\"Effect\"", 1),
        5 => return draft.text().replacen("\"Effect\"", "\"effect\"", 1),
        6 => draft.id = Some("caf\u{e9} \u{2603}".into()),
        _ => {
            if let Some(statement) = draft.statements.get_mut(at) {
                spoil(statement, flaw, kind);
            }
        }
    }
    draft.text()
}

fn spoil(statement: &mut Statement, flaw: usize, kind: PolicyType) {
    let element = |negated, values: &[&'static str]| {
        Some(Element { negated, list: true, values: values.iter().map(|text| Text::from(*text)).collect() })
    };
    let principal = |negated, kind, name: &'static str| {
        Some(Principal { negated, values: vec![(kind, Text::from(name))] })
    };
    let condition = |operator: &'static str, key: &'static str, values: &[&'static str]| Condition {
        operator: operator.into(),
        key: key.into(),
        values: values.iter().map(|text| Text::from(*text)).collect(),
        ..Condition::default()
    };
    let has_principal = statement.principal.is_some();
    match flaw {
        7 => statement.effect = "allow".into(),
        8 => statement.more = ",\"Principals\":\"*\"",
        9 => statement.more = ",\"NotAction\":\"kms:Decrypt\"",
        10 => statement.action = element(false, &["Decrypt"]),
        11 => statement.action = element(true, &[]),
        12 if !matches!(kind, PolicyType::KeyPolicy) => statement.resource = None,
        13 if kind == PolicyType::Session => statement.resource = element(false, &["arn:aws:kms"]),
        13 => statement.resource = element(false, &["arn:aws:kms:us-west-2:${aws:PrincipalAccount}:key/*"]),
        14 => statement.resource = element(false, &["arn:aws:kms:us-west-2:111122223333:key/${aws:username"]),
        15 => statement.conditions.push(condition("StringEqual", "aws:username", &["alice"])),
        16 => statement.conditions.push(condition("stringequals", "aws:userid", &["alice"])),
        17 => statement.conditions.push(condition("NullIfExists", "aws:username", &["true"])),
        18 => statement.conditions.push(condition("ForSomeValue:StringLike", "aws:TagKeys", &["a"])),
        19 => statement.conditions.push(condition("StringLike", "aws:PrincipalTag", &["a"])),
        20 => statement.conditions.push(condition(
            "BoolIfExists",
            "aws:MultiFactorAuthPresent",
            &["true", "false"],
        )),
        21 if has_principal => statement.principal = None,
        21 => statement.principal = principal(false, "*", "*"),
        22 if has_principal => {
            statement.principal = principal(false, "AWS", "arn:aws:iam::111122223333:user/*")
        }
        22 => statement.sid = Some("not plain".into()),
        23 if has_principal => {
            statement.effect = "Allow".into();
            statement.principal = principal(true, "AWS", "111122223333");
        }
        24 if has_principal => {
            statement.principal = principal(false, "AWS", "arn:aws:iam::111122223333:group/Developers");
        }
        25 if has_principal => statement.principal = principal(false, "Service", "*"),
        26 if kind == PolicyType::Rcp => statement.action = element(false, &["*"]),
        26 => statement.more = ",\"NotResource\":\"*\"",
        27 if kind == PolicyType::KeyPolicy => {
            statement.effect = "Allow".into();
            statement.conditions = vec![condition(
                "ForAllValues:StringEquals",
                "kms:EncryptionContext:Department",
                &["Finance"],
            )];
        }
        28 => statement.conditions.push(condition("StringEquals", "aws:UserAgent", &["${aws:username, 'x}"])),
        _ => statement.action = element(false, &["kms:Decrypt:More"]),
    }
}
