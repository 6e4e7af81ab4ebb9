//! Decides the faults about where policy variables are replaced, and by what.

use kms_model::Question;
use kms_model::json::Node;
use kms_model::question::{ContextValue, PolicyType};

use super::conditions::{Entry, One, conditions, contexts, settled};
use super::expansion::{RESOURCES, Variable, any, parts, variables};
use crate::edit::place::places;
use crate::edit::{At, set};
use crate::faults::reading::documents;
use crate::faults::{Change, Fault};

/// The faults.
pub const TABLE: &[Fault] = &[
    Fault::new(
        "aws-variables-are-read-in-old-documents",
        "iam.doc.version.2008-literal-variables",
        "policy variables are replaced in documents of the language 2008-10-17 too",
        Change::Question(|question| with_version(question, "2008-10-17")),
    ),
    Fault::new(
        "aws-variables-are-read-without-version",
        "iam.doc.version.default-when-missing",
        "a document without Version is of the newer language",
        Change::Question(|question| with_version(question, "")),
    ),
    Fault::new(
        "aws-newest-document-says-the-version",
        "iam.doc.version.per-document",
        "the newest language among the documents of a request is that of all",
        Change::Question(newest_version),
    ),
    Fault::new(
        "aws-variables-in-resources-are-text",
        "iam.variable.resource-expansion",
        "policy variables in Resource are not replaced",
        Change::Question(|question| variables(question, &["Resource"], none, |_, one| one.literal())),
    ),
    Fault::new(
        "aws-variables-in-not-resource-are-text",
        "iam.variable.notresource-expansion",
        "policy variables in NotResource are not replaced",
        Change::Question(|question| variables(question, &["NotResource"], none, |_, one| one.literal())),
    ),
    Fault::new(
        "aws-variables-in-string-operators-are-text",
        "iam.variable.condition-string-ops",
        "policy variables in the values of string operators are not replaced",
        Change::Question(|question| variables(question, &[], of_strings, |_, one| one.literal())),
    ),
    Fault::new(
        "aws-variables-are-for-identity-policies",
        "iam.variable.where-policy-types",
        "policy variables are replaced in identity policies only",
        Change::Question(|question| {
            variables(question, RESOURCES, any, |at, one| {
                (at.policy_type != PolicyType::Identity).then(|| one.literal())?
            })
        }),
    ),
    Fault::new(
        "aws-wildcards-in-values-of-variables-match",
        "iam.variable.value-wildcards-not-reinterpreted",
        "values of variables are filled in before a value is read as a pattern, which under StringEquals it becomes",
        Change::Question(filled_in_before_matching),
    ),
    Fault::new(
        "aws-missing-variables-in-conditions-are-empty",
        "iam.variable.missing.positive-operator",
        "a variable without a value in a condition is the empty text",
        Change::Question(|question| variables(question, &[], any, |_, one| one.or_empty())),
    ),
    Fault::new(
        "aws-missing-variables-in-resources-are-empty",
        "iam.variable.missing.resource-never-matches",
        "a variable without a value in Resource is the empty text",
        Change::Question(|question| variables(question, &["Resource"], none, |_, one| one.or_empty())),
    ),
    Fault::new(
        "aws-missing-variables-in-resources-are-stars",
        "iam.variable.missing.resource-never-matches",
        "a variable without a value in Resource matches everything",
        Change::Question(|question| {
            variables(question, &["Resource"], none, |at, one| {
                (!one.is_escape() && one.default.is_none() && one.value(at).is_none()).then(|| "*".to_owned())
            })
        }),
    ),
    Fault::new(
        "aws-missing-variables-void-negated-operators",
        "iam.variable.missing.negated-operator",
        "a negated operator does not hold for a value with a variable that has no value",
        Change::Question(|question| {
            conditions(question, &["${"], |one| {
                let texts = one.texts();
                let mut found = texts.iter().flat_map(|text| parts(text)).filter_map(|part| part.variable);
                let mine = one.operator.is_negated() && one.current && of_strings(one);
                let void = |one_of: Variable<'_>| {
                    !one_of.is_escape() && one_of.default.is_none() && one_of.value(one.at).is_none()
                };
                (mine && found.any(void)).then(|| settled(false))?
            })
        }),
    ),
    Fault::new(
        "aws-variables-may-have-several-values",
        "iam.variable.single-valued-only",
        "a variable whose key has several values is the first of them",
        Change::Question(|question| {
            variables(question, RESOURCES, any, |at, one| {
                let contexts = contexts(at)?;
                match contexts.first()?.get(one.name)? {
                    ContextValue::Many(values) => values.first().cloned(),
                    ContextValue::One(_) => None,
                }
            })
        }),
    ),
    Fault::new(
        "aws-variables-are-read-under-all-operators",
        "iam.variable.condition-unsupported-ops",
        "policy variables are replaced in the values of all operators",
        Change::Question(|question| {
            let others = |one: &One<'_>| !of_strings(one) && !one.operator.base.starts_with("Arn");
            variables(question, &[], others, |at, one| one.value(at))
        }),
    ),
    Fault::new(
        "aws-variables-are-read-all-over-arns",
        "iam.variable.resource-after-fifth-colon",
        "policy variables are replaced in every part of an ARN",
        Change::Question(|question| {
            variables(question, RESOURCES, none, |at, one| one.value(at).filter(|_| one.colons < 5))
        }),
    ),
    Fault::new(
        "aws-variables-in-keys-of-conditions-are-read",
        "iam.variable.not-in-condition-key",
        "policy variables are replaced in the names of condition keys",
        Change::Question(|question| {
            conditions(question, &["${"], |one| {
                let part = parts(one.key).into_iter().find(|part| part.variable.is_some())?;
                let value = part.variable?.value(one.at)?;
                let (start, rest) = one.key.split_once("${")?;
                let key = format!("{start}{value}{}", rest.split_once('}')?.1);
                Some(vec![Entry { key, ..one.same() }])
            })
        }),
    ),
];

fn none(_: &One<'_>) -> bool {
    false
}

fn of_strings(one: &One<'_>) -> bool {
    one.operator.base.starts_with("String")
}

fn with_version(question: &Question, version: &str) -> Option<Question> {
    documents(question, &["${"], |root, _| {
        let known = root.get("Version").and_then(Node::as_str).unwrap_or_default() == version;
        if known {
            set(root, "Version", "2012-10-17");
        }
        known
    })
}

fn newest_version(question: &Question) -> Option<Question> {
    let places = places(question);
    let newest = |place: &crate::edit::place::Place| {
        place.document(question).is_some_and(|document| document.text().contains("2012-10-17"))
    };
    if !places.iter().any(newest) {
        return None;
    }
    with_version(question, "2008-10-17")
}

fn filled_in_before_matching(question: &Question) -> Option<Question> {
    let wild = |at: At<'_>, one: Variable<'_>| one.value(at).filter(|value| value.contains(['*', '?']));
    let holds_wild = |one: &One<'_>| {
        let texts = one.texts();
        texts
            .iter()
            .flat_map(|text| parts(text))
            .filter_map(|part| part.variable)
            .any(|of| wild(one.at, of).is_some())
    };
    let like = conditions(question, &["${"], |one| {
        let base = match one.operator.base {
            "StringEquals" => "StringLike",
            "StringNotEquals" => "StringNotLike",
            _ => return None,
        };
        (one.current && holds_wild(one)).then(|| one.compared(base))?
    });
    variables(like.as_ref().unwrap_or(question), RESOURCES, of_strings, wild).or(like)
}
