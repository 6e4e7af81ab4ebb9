//! Decides the faults about conditions of RAM that are read as those of AWS are.

use kms_model::Question;
use kms_model::json::{Node, Value};

use super::super::change::{context, statements};
use super::super::parts::mentions;
use super::super::{Change, Fault};
use crate::edit::{member_mut, members_mut, strings_mut};
use crate::relations::build::{request, with_context};

/// The faults.
pub const TABLE: &[Fault] = &[
    Fault::new(
        "ram-operators-if-exists",
        "ram.op.set-of-names",
        "an operator that ends in IfExists holds where the key is absent, and is otherwise the operator before that",
        Change::Question(if_exists),
    ),
    Fault::new(
        "ram-operator-null",
        "ram.op.set-of-names",
        "Null asks whether a key is absent",
        Change::Question(null),
    ),
    Fault::new(
        "ram-set-operators",
        "ram.op.set-of-names",
        "ForAllValues and ForAnyValue stand before operators",
        Change::Question(set_operators),
    ),
    Fault::new(
        "ram-operators-on-arns",
        "ram.op.set-of-names",
        "ARNs are compared by ArnLike and ArnEquals",
        Change::Question(arn_operators),
    ),
    Fault::new(
        "ram-unknown-operators-are-left-out",
        "ram.op.set-of-names",
        "a condition whose operator is unknown is left out",
        Change::Question(unknown_operators),
    ),
    Fault::new(
        "ram-condition-keys-of-aws",
        "ram.condition.key-format",
        "aws: and acs: are the same prefix of condition keys",
        Change::Question(keys_of_aws),
    ),
    Fault::new(
        "ram-policy-variables",
        "ram.match.placeholder-is-text",
        "what stands in ${…} is the value of that condition key",
        Change::Question(variables),
    ),
    Fault::new(
        "ram-tags-are-acs-resource-tag",
        "ram.kms.cond.tag",
        "the tags of a key are under acs:ResourceTag/<key>, and under no key of KMS",
        Change::Question(no_kms_tags),
    ),
    Fault::new(
        "ram-string-like-is-string-equals",
        "ram.op.string-like",
        "wildcards in the values of StringLike stand for themselves",
        Change::Question(|question| other_operator(question, &[("StringLike", "StringEquals")])),
    ),
    Fault::new(
        "ram-string-equals-has-wildcards",
        "ram.op.string-equals",
        "StringEquals takes wildcards, as StringLike does",
        Change::Question(|question| other_operator(question, &[("StringEquals", "StringLike")])),
    ),
];

const OPERATORS: &[&str] = &[
    "StringEquals",
    "StringNotEquals",
    "StringEqualsIgnoreCase",
    "StringNotEqualsIgnoreCase",
    "StringLike",
    "StringNotLike",
    "NumericEquals",
    "NumericNotEquals",
    "NumericLessThan",
    "NumericLessThanEquals",
    "NumericGreaterThan",
    "NumericGreaterThanEquals",
    "DateEquals",
    "DateNotEquals",
    "DateLessThan",
    "DateLessThanEquals",
    "DateGreaterThan",
    "DateGreaterThanEquals",
    "Bool",
    "IpAddress",
    "NotIpAddress",
];

/// What becomes of a key under an operator.
enum Turn {
    /// It holds: it is left out.
    Holds,
    /// It stays.
    Keep,
    /// It is under that operator.
    Under(String),
    /// It cannot hold.
    Fails,
}

/// The question with other conditions; `turn` is told the operator, the key and whether a request has it.
fn conditions(question: &Question, turn: impl Fn(&str, &str, bool) -> Turn) -> Option<Question> {
    if !mentions(question, "\"Condition\"") {
        return None;
    }
    let mut given = None;
    statements(question, |statement, _| {
        let Some(condition) = member_mut(statement, "Condition") else { return false };
        let mut entries: Vec<(String, String, Node)> = Vec::new();
        for operator in members_mut(condition) {
            for key in members_mut(&mut operator.node) {
                entries.push((operator.name.clone(), key.name.clone(), key.node.clone()));
            }
        }
        let mut found = false;
        let mut turned = Node::from(Value::Object(Vec::new()));
        for (operator, key, value) in entries {
            let given = given.get_or_insert_with(|| with_context(question));
            let has = given.as_ref().and_then(request).is_some_and(|ask| {
                ask.authorizations
                    .iter()
                    .any(|one| one.context.as_ref().is_some_and(|all| all.get(&key).is_some()))
            });
            let turn = turn(&operator, &key, has);
            found |= !matches!(turn, Turn::Keep);
            let (operator, value) = match turn {
                Turn::Holds => continue,
                Turn::Keep => (operator, value),
                Turn::Under(other) => (other, value),
                Turn::Fails => ("StringEquals".to_owned(), Node::from("value-that-no-request-has")),
            };
            if turned.get(&operator).is_none() {
                crate::edit::set(&mut turned, &operator, Value::Object(Vec::new()));
            }
            if let Some(keys) = member_mut(&mut turned, &operator) {
                crate::edit::set(keys, &key, value);
            }
        }
        if found {
            *condition = turned;
        }
        if found && condition.members().is_some_and(<[_]>::is_empty) {
            crate::edit::remove(statement, "Condition");
        }
        found
    })
}

fn if_exists(question: &Question) -> Option<Question> {
    if !mentions(question, "IfExists") {
        return None;
    }
    conditions(question, |operator, _, has| match operator.strip_suffix("IfExists") {
        Some(_) if !has => Turn::Holds,
        Some(plain) => Turn::Under(plain.to_owned()),
        None => Turn::Keep,
    })
}

fn null(question: &Question) -> Option<Question> {
    if !mentions(question, "\"Null\"") {
        return None;
    }
    let wants_absent = mentions(question, "true");
    conditions(question, |operator, _, has| match operator {
        "Null" if has != wants_absent => Turn::Holds,
        "Null" => Turn::Fails,
        _ => Turn::Keep,
    })
}

fn set_operators(question: &Question) -> Option<Question> {
    if !mentions(question, "Values:") && !mentions(question, "Value:") {
        return None;
    }
    conditions(question, |operator, _, has| {
        match (operator.strip_prefix("ForAllValues:"), operator.strip_prefix("ForAnyValue:")) {
            (Some(_), _) if !has => Turn::Holds,
            (Some(plain), _) | (_, Some(plain)) => Turn::Under(plain.to_owned()),
            _ => Turn::Keep,
        }
    })
}

fn other_operator(question: &Question, pairs: &[(&str, &str)]) -> Option<Question> {
    if !pairs.iter().any(|(from, _)| mentions(question, &format!("\"{from}\""))) {
        return None;
    }
    conditions(question, |operator, _, _| match pairs.iter().find(|(from, _)| *from == operator) {
        Some((_, to)) => Turn::Under((*to).to_owned()),
        None => Turn::Keep,
    })
}

fn arn_operators(question: &Question) -> Option<Question> {
    other_operator(
        question,
        &[
            ("ArnLike", "StringLike"),
            ("ArnEquals", "StringLike"),
            ("ArnNotLike", "StringNotLike"),
            ("ArnNotEquals", "StringNotLike"),
        ],
    )
}

fn unknown_operators(question: &Question) -> Option<Question> {
    conditions(question, |operator, _, _| match OPERATORS.contains(&operator) {
        true => Turn::Keep,
        false => Turn::Holds,
    })
}

fn keys_of_aws(question: &Question) -> Option<Question> {
    if !mentions(question, "\"aws:") {
        return None;
    }
    statements(question, |statement, _| {
        let mut found = false;
        let Some(condition) = member_mut(statement, "Condition") else { return false };
        for operator in members_mut(condition) {
            for key in members_mut(&mut operator.node) {
                if let Some(name) = key.name.strip_prefix("aws:") {
                    key.name = format!("acs:{name}");
                    found = true;
                }
            }
        }
        found
    })
}

fn variables(question: &Question) -> Option<Question> {
    if !mentions(question, "${") {
        return None;
    }
    let given = with_context(question)?;
    let context = request(&given)?.authorizations.first()?.context.as_ref()?;
    let filled = |text: &str| {
        let (before, rest) = text.split_once("${")?;
        let (name, after) = rest.split_once('}')?;
        let account = request(&given)?.caller.account.clone();
        let own = match name {
            "aws:username" | "acs:username" => {
                request(&given)?.caller.arn.as_deref()?.rsplit('/').next().map(str::to_owned)
            }
            "aws:PrincipalAccount" | "acs:PrincipalAccount" => account,
            _ => context.get(&name.replacen("aws:", "acs:", 1))?.values().first().cloned(),
        };
        Some(format!("{before}{}{after}", own?))
    };
    statements(&given, |statement, _| {
        let mut found = false;
        let mut fill = |node: &mut Node| {
            for text in strings_mut(node) {
                if let Some(other) = filled(text) {
                    *text = other;
                    found = true;
                }
            }
        };
        if let Some(resource) = member_mut(statement, "Resource") {
            fill(resource);
        }
        for (_, _, value) in crate::edit::condition_values(statement) {
            fill(value);
        }
        found
    })
}

fn no_kms_tags(question: &Question) -> Option<Question> {
    if !mentions(question, "kms:tag/") {
        return None;
    }
    context(question, |_, context| {
        let tags: Vec<String> = context
            .iter()
            .map(|(name, _)| name.to_owned())
            .filter(|name| name.starts_with("kms:tag/"))
            .collect();
        tags.iter().for_each(|name| context.remove(name));
        !tags.is_empty()
    })
}
