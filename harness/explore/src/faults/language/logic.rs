//! Decides the faults about how conditions, keys and values are combined, and how keys are found.

use kms_model::json::Node;
use kms_model::question::ContextValue;
use kms_model::{Question, keys};

use super::conditions::{Entry, One, Operator, conditions, contexts, entries_of, settled, write};
use crate::edit::{fits, has_effect};
use crate::faults::reading::{split, statements};
use crate::faults::{Change, Fault};
use crate::relations::build::actions;

/// The faults.
pub const TABLE: &[Fault] = &[
    Fault::new(
        "aws-values-of-negated-operators-are-alternatives",
        "iam.condition.values-nor-negated",
        "a negated operator holds where one of its values does not match",
        Change::Question(alternatives_of_negated),
    ),
    Fault::new(
        "aws-all-values-must-match",
        "iam.condition.values-or",
        "all values of a key must match",
        Change::Question(all_values),
    ),
    Fault::new(
        "aws-keys-of-an-operator-are-alternatives",
        "iam.condition.keys-and",
        "of several keys under one operator one must hold",
        Change::Question(|question| split(question, &["Condition"], |one, _| one_of_keys(one))),
    ),
    Fault::new(
        "aws-operators-are-alternatives",
        "iam.condition.operators-and",
        "of several operators in an Allow one must hold",
        Change::Question(|question| {
            split(question, &["Condition"], |one, _| {
                has_effect(one, "Allow").then(|| one_of_operators(one))?
            })
        }),
    ),
    Fault::new(
        "aws-conditions-of-deny-are-alternatives",
        "iam.condition.deny-and",
        "a Deny applies where one of its operators holds",
        Change::Question(|question| {
            split(question, &["Condition"], |one, _| {
                has_effect(one, "Deny").then(|| one_of_operators(one))?
            })
        }),
    ),
    Fault::new(
        "aws-one-operator-of-a-family-is-read",
        "iam.op.date.window",
        "of two operators that compare dates the second is read",
        Change::Question(|question| {
            statements(question, &["Date"], |statement, _| {
                let entries = entries_of(statement);
                let is_date = |entry: &Entry| Operator::read(&entry.operator).base.starts_with("Date");
                let last = entries.iter().rposition(is_date);
                let others = entries.iter().enumerate();
                let kept: Vec<Entry> = others
                    .filter(|(at, entry)| !is_date(entry) || Some(*at) == last)
                    .map(|(_, entry)| entry.clone())
                    .collect();
                kept.len() < entries.len() && write(statement, kept)
            })
        }),
    ),
    Fault::new(
        "aws-condition-keys-mind-case",
        "iam.condition.key-name-case-insensitive",
        "the names of condition keys compare with regard to case",
        Change::Question(|question| {
            conditions(question, &["Condition"], |one| otherwise_spelled(one, |key| Some((key, ""))))
        }),
    ),
    Fault::new(
        "aws-tag-keys-of-conditions-mind-case",
        "iam.condition.tag-key-case-insensitive",
        "the part of a condition key that names a tag or pair compares with regard to case",
        Change::Question(|question| {
            conditions(question, &["/", "ontext:", "CONTEXT:"], |one| {
                otherwise_spelled(one, |key| {
                    let at = key.find('/').or_else(|| key.rfind(':'))?;
                    let (service, name) = key.split_at(at);
                    service.contains([':']).then_some((name, service))
                })
            })
        }),
    ),
    Fault::new(
        "aws-unknown-kms-keys-are-skipped",
        "kms.cond.unknown-kms-key",
        "conditions on keys of KMS that there are not are skipped",
        Change::Question(|question| {
            conditions(question, &["Condition"], |one| {
                let service = one.key.split(':').next()?.to_ascii_lowercase();
                let unknown = service == "kms" && keys::by_name(one.key).is_none();
                unknown.then(|| settled(true))?
            })
        }),
    ),
    Fault::new(
        "aws-keys-of-other-services-are-skipped",
        "iam.condition.unknown-context-key",
        "conditions on keys of other services than that of the action are skipped",
        Change::Question(|question| {
            conditions(question, &["Condition"], |one| {
                let service = one.key.split(':').next()?.to_ascii_lowercase();
                let asked = actions(one.at);
                let foreign = |action: &&str| {
                    action.split(':').next().is_some_and(|other| !other.eq_ignore_ascii_case(&service))
                };
                let skipped = service != "aws" && !asked.is_empty() && asked.iter().all(foreign);
                skipped.then(|| settled(true))?
            })
        }),
    ),
    Fault::new(
        "aws-unknown-global-keys-are-skipped",
        "iam.key.unknown-key-validation",
        "conditions on unknown keys with the prefix aws: always hold",
        Change::Question(|question| {
            conditions(question, &["aws:"], |one| {
                let unknown = one.key.starts_with("aws:") && keys::by_name(one.key).is_none();
                unknown.then(|| settled(true))?
            })
        }),
    ),
    Fault::new(
        "aws-values-of-tags-ignore-case",
        "iam.condition.value-case-per-operator",
        "the values of tags compare without regard to case, like their keys",
        Change::Question(|question| {
            conditions(question, &["Tag/"], |one| {
                let plain = matches!(one.operator.base, "StringEquals" | "StringNotEquals");
                (plain && one.key.contains("Tag/"))
                    .then(|| one.judged(|value, given| value.to_lowercase() == given.to_lowercase()))?
            })
        }),
    ),
    Fault::new(
        "aws-negation-is-dropped-where-the-key-is",
        "iam.condition.negation-is-complement",
        "a negated operator in an Allow is read as the plain one where the request has the key",
        Change::Question(|question| {
            conditions(question, &["Not"], |one| {
                let mine = one.operator.set.is_empty() && one.operator.is_negated() && !one.denies;
                let known = mine && matches!(one.given()?, Some(ContextValue::One(_)));
                known.then(|| one.compared(&one.operator.base.replace("Not", "")))?
            })
        }),
    ),
];

/// Statements that hold where one of the values differs.
fn alternatives_of_negated(question: &Question) -> Option<Question> {
    split(question, &["Not"], |statement, _| {
        let entries = entries_of(statement);
        let several = |entry: &Entry| {
            let operator = Operator::read(&entry.operator);
            let values = entry.values.elements().map_or(1, <[Node]>::len);
            operator.is_negated() && operator.set.is_empty() && values > 1
        };
        let at = entries.iter().position(several)?;
        let chosen = entries.get(at)?;
        chosen
            .values
            .elements()?
            .iter()
            .map(|value| {
                let mut others = entries.clone();
                others.get_mut(at)?.values = value.clone();
                with_conditions(statement, others)
            })
            .collect()
    })
}

fn with_conditions(statement: &Node, entries: Vec<Entry>) -> Option<Node> {
    let mut part = statement.clone();
    write(&mut part, entries).then_some(part)
}

fn one_of_keys(statement: &Node) -> Option<Vec<Node>> {
    let entries = entries_of(statement);
    let alike = |one: &Entry| entries.iter().filter(|other| other.operator == one.operator).count() > 1;
    let operator = &entries.iter().find(|one| alike(one))?.operator;
    let chosen = entries.iter().filter(|entry| entry.operator == *operator);
    chosen
        .map(|chosen| {
            let kept = entries.iter().filter(|entry| entry.operator != *operator || entry == &chosen);
            with_conditions(statement, kept.cloned().collect())
        })
        .collect()
}

fn one_of_operators(statement: &Node) -> Option<Vec<Node>> {
    let entries = entries_of(statement);
    let mut operators: Vec<&str> = entries.iter().map(|entry| entry.operator.as_str()).collect();
    operators.dedup();
    if operators.len() < 2 {
        return None;
    }
    let of = |operator: &&str| {
        let kept = entries.iter().filter(|entry| entry.operator == **operator);
        with_conditions(statement, kept.cloned().collect())
    };
    operators.iter().map(of).collect()
}

fn all_values(question: &Question) -> Option<Question> {
    conditions(question, &["["], |one| {
        let positive = one.operator.set.is_empty() && !one.operator.is_negated();
        let matches: fn(&str, &str) -> bool = match one.operator.base {
            "StringEquals" | "Bool" => |value, given| value == given,
            "StringEqualsIgnoreCase" => |value, given| value.to_lowercase() == given.to_lowercase(),
            "StringLike" | "ArnEquals" | "ArnLike" => fits,
            _ => return None,
        };
        let values = one.plain().filter(|values| positive && values.len() > 1)?;
        let given = one.single()?;
        settled(values.iter().all(|value| matches(value, &given)))
    })
}

/// A condition whose key is spelled otherwise than in the request, in the part that `part` gives: the key is not found.
fn otherwise_spelled(one: &One<'_>, part: impl Fn(&str) -> Option<(&str, &str)>) -> Option<Vec<Entry>> {
    let (name, _) = part(one.key)?;
    let contexts = contexts(one.at)?;
    let mut spelled = contexts.iter().flat_map(|context| context.iter().map(|(key, _)| key));
    let other = |key: &str| {
        key != one.key
            && key.to_lowercase() == one.key.to_lowercase()
            && part(key).is_some_and(|(other, _)| other != name)
    };
    let missing =
        spelled.any(other) && !contexts.iter().any(|context| context.iter().any(|(key, _)| key == one.key));
    missing.then(|| vec![Entry { key: "kms:NotSpelledSo".to_owned(), ..one.same() }])
}
