//! Decides the faults about keys that a request lacks: plain operators, `IfExists` and `Null`.

use kms_model::Question;
use kms_model::question::ContextValue;

use super::conditions::{Entry, One, Operator, conditions, contexts, entries_of, settled};
use crate::edit::{has_effect, remove};
use crate::faults::reading::statements;
use crate::faults::{Change, Fault};

/// The faults.
pub const TABLE: &[Fault] = &[
    Fault::new(
        "aws-negated-operators-need-the-key",
        "iam.condition.missing-key.negated-true",
        "a negated operator does not hold where the request lacks the key",
        Change::Question(|question| needing_the_key(question, &["Not"], |one| is_bare(one.operator))),
    ),
    Fault::new(
        "aws-arn-not-equals-needs-the-key",
        "iam.op.arn.notequals-missing-key",
        "ArnNotEquals and ArnNotLike do not hold where the request lacks the key",
        Change::Question(|question| {
            needing_the_key(question, &["ArnNot"], |one| {
                one.operator.base.starts_with("ArnNot") && is_bare(one.operator)
            })
        }),
    ),
    Fault::new(
        "aws-not-ip-address-needs-the-key",
        "iam.op.ip.not-ip-missing-key",
        "NotIpAddress does not hold where the request has no such address",
        Change::Question(|question| {
            needing_the_key(question, &["NotIpAddress"], |one| {
                one.operator.base == "NotIpAddress" && is_bare(one.operator)
            })
        }),
    ),
    Fault::new(
        "aws-date-not-equals-needs-the-key",
        "iam.op.date.not-equals",
        "DateNotEquals does not hold where the request lacks the key",
        Change::Question(|question| {
            needing_the_key(question, &["DateNotEquals"], |one| {
                one.operator.base == "DateNotEquals" && is_bare(one.operator)
            })
        }),
    ),
    Fault::new(
        "aws-allow-passes-without-its-key",
        "iam.condition.missing-key.positive-false",
        "the conditions of an Allow are for requests that have the key",
        Change::Question(|question| passing_without_the_key(question, |one| !one.denies)),
    ),
    Fault::new(
        "aws-deny-fires-without-its-key",
        "iam.condition.missing-key.deny-positive-does-not-fire",
        "a Deny applies where the request lacks the key, to be on the safe side",
        Change::Question(|question| passing_without_the_key(question, |one| one.denies)),
    ),
    Fault::new(
        "aws-bool-false-matches-missing-keys",
        "iam.op.bool.false-is-not-missing",
        "a missing boolean is false",
        Change::Question(|question| {
            let says_false = |one: &One<'_>| one.texts().iter().any(|text| text == "false");
            passing_without_the_key(question, |one| one.operator.base == "Bool" && says_false(one))
        }),
    ),
    Fault::new(
        "aws-like-star-matches-missing-keys",
        "iam.op.string.like-star-needs-key",
        "StringLike with * holds where the request lacks the key",
        Change::Question(|question| {
            passing_without_the_key(question, |one| {
                one.operator.base == "StringLike" && one.texts().iter().any(|text| text == "*")
            })
        }),
    ),
    Fault::new(
        "aws-long-term-credentials-are-as-old-as-can-be",
        "iam.op.date.missing-token-issue-time",
        "date operators on aws:TokenIssueTime hold for credentials that were not issued for a time",
        Change::Question(|question| {
            passing_without_the_key(question, |one| {
                one.operator.base.starts_with("Date") && one.key.eq_ignore_ascii_case("aws:TokenIssueTime")
            })
        }),
    ),
    Fault::new(
        "aws-if-exists-is-not-read-in-allow",
        "iam.op.ifexists.absent-true",
        "the suffix IfExists is cut off in an Allow",
        Change::Question(|question| without_suffix(question, |one| !one.denies)),
    ),
    Fault::new(
        "aws-if-exists-is-not-read-in-deny",
        "iam.op.ifexists.deny-positive-fires-on-absent",
        "a Deny with IfExists does not apply where the request lacks the key",
        Change::Question(|question| without_suffix(question, |one| one.denies)),
    ),
    Fault::new(
        "aws-if-exists-is-for-strings",
        "iam.op.ifexists.any-operator",
        "the suffix IfExists is read behind string operators only",
        Change::Question(|question| without_suffix(question, |one| !one.operator.base.starts_with("String"))),
    ),
    Fault::new(
        "aws-if-exists-makes-negated-operators-need-the-key",
        "iam.op.ifexists.negated-same-as-plain",
        "the suffix IfExists turns around what a negated operator does where the key is missing",
        Change::Question(|question| {
            needing_the_key(question, &["IfExists"], |one| one.operator.if_exists && !one.denies)
        }),
    ),
    Fault::new(
        "aws-deny-not-equals-if-exists-needs-the-key",
        "iam.op.ifexists.deny-negated-still-fires",
        "a Deny with StringNotEqualsIfExists spares requests that lack the key",
        Change::Question(|question| {
            needing_the_key(question, &["IfExists"], |one| one.operator.if_exists && one.denies)
        }),
    ),
    Fault::new(
        "aws-if-exists-always-holds",
        "iam.op.ifexists.present-normal",
        "a condition with IfExists is optional and not looked at",
        Change::Question(|question| {
            conditions(question, &["IfExists"], |one| {
                (one.operator.if_exists && one.operator.set.is_empty()).then(|| settled(true))?
            })
        }),
    ),
    Fault::new(
        "aws-if-exists-ends-the-conditions",
        "iam.op.ifexists.other-conditions-still-count",
        "where a key under IfExists is missing, the other conditions of the statement are not looked at",
        Change::Question(ending_at_if_exists),
    ),
    Fault::new(
        "aws-if-exists-is-unknown-behind-set-operators",
        "iam.op.ifexists.with-set-operator",
        "an operator with a set operator's prefix and the suffix IfExists is none",
        Change::Question(|question| {
            conditions(question, &["IfExists"], |one| {
                let both = one.operator.if_exists && !one.operator.set.is_empty();
                both.then(|| one.under(Operator { base: "Unknown", ..one.operator }))?
            })
        }),
    ),
    Fault::new(
        "aws-null-false-is-not-read",
        "iam.op.null.false-means-present",
        "Null with false asks for nothing",
        Change::Question(|question| null(question, "false", |_| settled(true))),
    ),
    Fault::new(
        "aws-null-true-is-not-read",
        "iam.op.null.true-means-absent",
        "Null with true asks for nothing",
        Change::Question(|question| null(question, "true", |_| settled(true))),
    ),
    Fault::new(
        "aws-null-takes-empty-lists-for-values",
        "iam.op.null.empty-value-is-null",
        "a key with an empty list of values is not null",
        Change::Question(|question| {
            conditions(question, &["Null"], |one| {
                let empty = matches!(one.given()?, Some(ContextValue::Many(values)) if values.is_empty());
                let present = one.texts().iter().any(|text| text == "false");
                (is_null(one) && empty).then(|| settled(present))?
            })
        }),
    ),
    Fault::new(
        "aws-null-of-mfa-asks-for-mfa",
        "iam.op.null.mfa-trap",
        "Null with false on aws:MultiFactorAuthPresent means that MFA was used",
        Change::Question(|question| {
            null(question, "false", |one| {
                let entry = Entry { operator: "Bool".to_owned(), values: "true".into(), ..one.same() };
                one.key.eq_ignore_ascii_case("aws:MultiFactorAuthPresent").then(|| vec![entry])
            })
        }),
    ),
    Fault::new(
        "aws-null-with-other-operators-is-not-read",
        "iam.op.null.and-with-others",
        "Null is read where it is the only condition on its key",
        Change::Question(lonely_null),
    ),
    Fault::new(
        "aws-for-all-values-null-is-null",
        "iam.op.null.with-forallvalues",
        "ForAllValues:Null is Null",
        Change::Question(|question| without_set(question, "ForAllValues")),
    ),
    Fault::new(
        "aws-for-any-value-null-is-null",
        "iam.op.null.with-foranyvalue",
        "ForAnyValue:Null is Null",
        Change::Question(|question| without_set(question, "ForAnyValue")),
    ),
    Fault::new(
        "aws-bool-holds-where-the-key-is",
        "iam.op.bool.true-false",
        "Bool holds wherever the key is there",
        Change::Question(present_is_true),
    ),
];

fn is_bare(operator: Operator<'_>) -> bool {
    operator.set.is_empty() && !operator.if_exists
}

fn is_null(one: &One<'_>) -> bool {
    one.operator.base == "Null" && one.operator.set.is_empty()
}

fn present_is_true(question: &Question) -> Option<Question> {
    conditions(question, &["Bool"], |one| {
        let present = one.operator.base == "Bool" && is_bare(one.operator) && one.single().is_some();
        present.then(|| settled(true))?
    })
}

fn needing_the_key(
    question: &Question,
    needles: &[&str],
    wanted: impl Fn(&One<'_>) -> bool,
) -> Option<Question> {
    conditions(question, needles, |one| {
        let mine = one.operator.set.is_empty() && one.operator.is_negated() && wanted(one);
        mine.then(|| one.and_present())?
    })
}

fn passing_without_the_key(question: &Question, wanted: impl Fn(&One<'_>) -> bool) -> Option<Question> {
    conditions(question, &["Condition"], |one| {
        let operator = one.operator;
        let mine = is_bare(operator) && !operator.is_negated() && operator.base != "Null" && wanted(one);
        mine.then(|| one.under(Operator { if_exists: true, ..operator }))?
    })
}

fn without_suffix(question: &Question, wanted: impl Fn(&One<'_>) -> bool) -> Option<Question> {
    conditions(question, &["IfExists"], |one| {
        let mine = one.operator.if_exists && one.operator.base != "Null" && wanted(one);
        mine.then(|| one.under(Operator { if_exists: false, ..one.operator }))?
    })
}

fn null(question: &Question, value: &str, edit: impl Fn(&One<'_>) -> Option<Vec<Entry>>) -> Option<Question> {
    conditions(question, &["Null"], |one| (is_null(one) && one.texts() == [value]).then(|| edit(one))?)
}

fn without_set(question: &Question, set: &str) -> Option<Question> {
    conditions(question, &["Value:Null", "Values:Null"], |one| {
        let mine = one.operator.base == "Null" && one.operator.set == set;
        mine.then(|| one.under(Operator { set: "", ..one.operator }))?
    })
}

fn ending_at_if_exists(question: &Question) -> Option<Question> {
    statements(question, &["IfExists"], |statement, at| {
        let optional = entries_of(statement);
        let mut optional =
            optional.iter().filter(|entry| Operator::read(&entry.operator).if_exists).peekable();
        if optional.peek().is_none() {
            return false;
        }
        let contexts = contexts(at).unwrap_or_default();
        let lacks = |key: &str| contexts.iter().all(|context| context.get(key).is_none());
        optional.any(|entry| lacks(&entry.key)) && remove(statement, "Condition")
    })
}

fn lonely_null(question: &Question) -> Option<Question> {
    statements(question, &["Null"], |statement, _| {
        let entries = entries_of(statement);
        let others = |key: &str| {
            let same = entries.iter().filter(|entry| entry.key.eq_ignore_ascii_case(key));
            same.filter(|entry| entry.operator != "Null").count()
        };
        let kept: Vec<Entry> =
            entries.iter().filter(|one| one.operator != "Null" || others(&one.key) == 0).cloned().collect();
        let allows = has_effect(statement, "Allow") || has_effect(statement, "Deny");
        allows && kept.len() < entries.len() && super::conditions::write(statement, kept)
    })
}
