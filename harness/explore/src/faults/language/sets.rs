//! Decides the faults about set operators.

use kms_model::Question;
use kms_model::question::ContextValue;

use super::conditions::{Entry, One, Operator, conditions, entries_of, settled, write};
use crate::edit::fits;
use crate::faults::change::context;
use crate::faults::reading::statements;
use crate::faults::{Change, Fault};

const ALL: &str = "ForAllValues";
const ANY: &str = "ForAnyValue";

/// The faults.
pub const TABLE: &[Fault] = &[
    Fault::new(
        "aws-for-all-values-needs-the-key",
        "iam.op.set.forall-missing-key-true",
        "ForAllValues does not hold where the request lacks the key",
        Change::Question(|question| {
            conditions(question, &[ALL], |one| {
                (is(one, ALL) && one.given()?.is_none()).then(|| settled(false))?
            })
        }),
    ),
    Fault::new(
        "aws-for-all-values-fails-on-empty-lists",
        "iam.op.set.forall-empty-set-true",
        "ForAllValues does not hold where the request's values are an empty list",
        Change::Question(|question| {
            conditions(question, &[ALL], |one| {
                let empty = matches!(one.given()?, Some(ContextValue::Many(values)) if values.is_empty());
                (is(one, ALL) && empty).then(|| settled(false))?
            })
        }),
    ),
    Fault::new(
        "aws-for-all-values-is-for-any-value",
        "iam.op.set.forall-subset",
        "ForAllValues holds where one value of the request matches",
        Change::Question(|question| {
            conditions(question, &[ALL], |one| {
                let values = one.given()?.is_some_and(|given| !given.values().is_empty());
                (is(one, ALL) && values && !one.operator.is_negated()).then(|| with_set(one, ANY))?
            })
        }),
    ),
    Fault::new(
        "aws-for-any-value-is-for-all-values",
        "iam.op.set.forany-intersects",
        "ForAnyValue holds where all values of the request match",
        Change::Question(|question| {
            conditions(question, &[ANY], |one| {
                let values = one.given()?.is_some_and(|given| !given.values().is_empty());
                (is(one, ANY) && values && !one.operator.is_negated()).then(|| with_set(one, ALL))?
            })
        }),
    ),
    Fault::new(
        "aws-for-all-values-wants-every-listed-value",
        "iam.op.set.forall-subset",
        "ForAllValues holds where the request has every value that the policy lists",
        Change::Question(every_listed_value),
    ),
    Fault::new(
        "aws-for-any-value-passes-without-values",
        "iam.op.set.forany-missing-key-false",
        "ForAnyValue holds in an Allow where the request lacks the key",
        Change::Question(|question| any_without_values(question, false)),
    ),
    Fault::new(
        "aws-deny-for-any-value-fires-without-values",
        "iam.op.set.forany-deny-missing-no-effect",
        "a Deny with ForAnyValue applies to a request that lacks the key",
        Change::Question(|question| any_without_values(question, true)),
    ),
    Fault::new(
        "aws-for-any-value-negated-is-none-of-them",
        "iam.op.set.forany-negated",
        "ForAnyValue with a negated operator holds where no value of the request matches",
        Change::Question(|question| {
            conditions(question, &[ANY], |one| {
                (is(one, ANY) && one.operator.is_negated()).then(|| with_set(one, ALL))?
            })
        }),
    ),
    Fault::new(
        "aws-for-all-values-negated-is-not-all-of-them",
        "iam.op.set.forall-negated",
        "ForAllValues with a negated operator holds where not every value of the request matches",
        Change::Question(|question| {
            conditions(question, &[ALL], |one| {
                let values = one.given()?.is_some_and(|given| !given.values().is_empty());
                (is(one, ALL) && values && one.operator.is_negated()).then(|| with_set(one, ANY))?
            })
        }),
    ),
    Fault::new(
        "aws-set-operators-ignore-case",
        "iam.op.set.case-sensitive-values",
        "set operators compare without regard to case",
        Change::Question(|question| {
            conditions(question, &[ALL, ANY], |one| {
                let base = match one.operator.base {
                    "StringEquals" => "StringEqualsIgnoreCase",
                    "StringNotEquals" => "StringNotEqualsIgnoreCase",
                    _ => return None,
                };
                (!one.operator.set.is_empty()).then(|| one.compared(base))?
            })
        }),
    ),
    Fault::new(
        "aws-set-operators-take-wildcards",
        "iam.op.set.like-for-wildcards",
        "behind a set operator StringEquals is StringLike",
        Change::Question(|question| {
            conditions(question, &[ALL, ANY], |one| {
                let mine = !one.operator.set.is_empty() && one.operator.base == "StringEquals";
                mine.then(|| one.compared("StringLike"))?
            })
        }),
    ),
    Fault::new(
        "aws-set-operators-see-the-first-value",
        "iam.op.set.any-base-operator",
        "of several values of a request the first is compared",
        Change::Question(first_value_of_request),
    ),
    Fault::new(
        "aws-second-key-of-for-all-values-is-not-read",
        "iam.op.set.forall-multiple-keys-and",
        "of several keys under ForAllValues the first is compared",
        Change::Question(first_key_of_set),
    ),
    Fault::new(
        "aws-for-all-values-passes-single-values",
        "iam.op.set.forall-single-valued-key",
        "ForAllValues holds for keys that have one value",
        Change::Question(|question| {
            conditions(question, &[ALL], |one| {
                (is(one, ALL) && one.single().is_some()).then(|| settled(true))?
            })
        }),
    ),
    Fault::new(
        "aws-set-operators-are-not-for-arns",
        "iam.op.arn.set-operators",
        "the prefix of a set operator is cut off before ARN operators",
        Change::Question(|question| without_prefix(question, "Arn")),
    ),
    Fault::new(
        "aws-set-operators-are-not-for-bool",
        "iam.op.bool.set-operators",
        "the prefix of a set operator is cut off before Bool",
        Change::Question(|question| without_prefix(question, "Bool")),
    ),
    Fault::new(
        "aws-null-beside-for-all-values-is-not-read",
        "iam.op.set.forall-null-guard",
        "Null beside ForAllValues on the same key is not looked at",
        Change::Question(unguarded),
    ),
];

fn is(one: &One<'_>, set: &str) -> bool {
    one.operator.set == set && one.operator.base != "Null"
}

fn with_set(one: &One<'_>, set: &str) -> Option<Vec<Entry>> {
    one.under(Operator { set, if_exists: false, ..one.operator })
}

fn any_without_values(question: &Question, denies: bool) -> Option<Question> {
    conditions(question, &[ANY], |one| {
        let mine = is(one, ANY) && one.denies == denies && !one.operator.is_negated();
        let lacking = mine && one.given()?.is_none_or(|given| given.values().is_empty());
        lacking.then(|| settled(true))?
    })
}

fn every_listed_value(question: &Question) -> Option<Question> {
    conditions(question, &[ALL], |one| {
        let mine = is(one, ALL) && one.operator.base.starts_with("String") && !one.operator.is_negated();
        let (values, given) = (one.plain().filter(|_| mine)?, one.given()??);
        settled(values.iter().all(|value| given.values().iter().any(|given| fits(value, given))))
    })
}

fn first_value_of_request(question: &Question) -> Option<Question> {
    let reads_sets = |text: &str| text.contains(ALL) || text.contains(ANY);
    let places = crate::edit::place::places(question);
    let mut documents = places.iter().filter_map(|place| place.document(question));
    if !documents.any(|document| reads_sets(document.text())) {
        return None;
    }
    context(question, |_, context| {
        let several: Vec<(String, Vec<String>)> = context
            .iter()
            .filter(|(_, value)| matches!(value, ContextValue::Many(values) if values.len() > 1))
            .map(|(key, value)| (key.to_owned(), value.values().iter().take(1).cloned().collect()))
            .collect();
        for (key, first) in &several {
            context.set(key.clone(), ContextValue::Many(first.clone()));
        }
        !several.is_empty()
    })
}

fn first_key_of_set(question: &Question) -> Option<Question> {
    statements(question, &[ALL], |statement, _| {
        let entries = entries_of(statement);
        let mut kept: Vec<Entry> = Vec::new();
        for entry in &entries {
            let again = kept.iter().any(|known| known.operator == entry.operator);
            if !(again && Operator::read(&entry.operator).set == ALL) {
                kept.push(entry.clone());
            }
        }
        kept.len() < entries.len() && write(statement, kept)
    })
}

fn without_prefix(question: &Question, family: &str) -> Option<Question> {
    conditions(question, &[ALL, ANY], |one| {
        let mine = !one.operator.set.is_empty() && one.operator.base.starts_with(family);
        mine.then(|| one.under(Operator { set: "", ..one.operator }))?
    })
}

fn unguarded(question: &Question) -> Option<Question> {
    statements(question, &[ALL], |statement, _| {
        let entries = entries_of(statement);
        let loose = |key: &str| {
            let same = |entry: &&Entry| entry.key.eq_ignore_ascii_case(key);
            entries.iter().filter(same).any(|entry| Operator::read(&entry.operator).set == ALL)
        };
        let kept: Vec<Entry> =
            entries.iter().filter(|one| one.operator != "Null" || !loose(&one.key)).cloned().collect();
        kept.len() < entries.len() && write(statement, kept)
    })
}
