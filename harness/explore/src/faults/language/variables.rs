//! Decides the faults about policy variables.

use kms_model::Question;
use kms_model::question::{ContextValue, PolicyType};

use super::conditions::{Entry, One, conditions, contexts, settled};
use crate::edit::At;
use crate::edit::place::places;
use crate::edit::{member_mut, set, statements_mut, strings_mut};
use crate::faults::reading::documents;
use crate::faults::{Change, Fault};
use kms_model::json::Node;

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
        "aws-default-texts-are-not-read",
        "iam.variable.default-value",
        "the default text of a variable is not read",
        Change::Question(|question| {
            variables(question, RESOURCES, any, |_, one| one.default.map(|_| format!("${{{}}}", one.name)))
        }),
    ),
    Fault::new(
        "aws-default-texts-always-stand",
        "iam.variable.default-value",
        "a variable with a default text is the default text",
        Change::Question(|question| {
            variables(question, RESOURCES, any, |_, one| one.default.map(str::to_owned))
        }),
    ),
    Fault::new(
        "aws-quotes-of-default-texts-are-kept",
        "iam.variable.default-separator",
        "the default text of a variable stands with its quotation marks",
        Change::Question(|question| {
            variables(question, RESOURCES, any, |at, one| {
                let absent = one.value(at).is_none();
                one.default.filter(|_| absent).map(|default| format!("'{default}'"))
            })
        }),
    ),
    Fault::new(
        "aws-default-texts-end-at-spaces",
        "iam.variable.default-with-spaces",
        "the default text of a variable ends at its first space",
        Change::Question(|question| {
            variables(question, RESOURCES, any, |_, one| {
                let (start, _) = one.default?.split_once(' ')?;
                Some(format!("${{{}, '{start}'}}", one.name))
            })
        }),
    ),
    Fault::new(
        "aws-escaped-stars-are-wildcards",
        "iam.variable.escape-star",
        "${*} is a wildcard",
        Change::Question(|question| unescaped(question, "*", "*")),
    ),
    Fault::new(
        "aws-escaped-question-marks-are-wildcards",
        "iam.variable.escape-question",
        "${?} is a wildcard",
        Change::Question(|question| unescaped(question, "?", "?")),
    ),
    Fault::new(
        "aws-escaped-dollars-are-variables",
        "iam.variable.escape-dollar",
        "${$} is the text ${$}",
        Change::Question(|question| unescaped(question, "$", "${$}{${$}}")),
    ),
    Fault::new(
        "aws-escapes-are-for-patterns",
        "iam.variable.escape-in-equals",
        "${*}, ${?} and ${$} are read where wildcards are, and are text in StringEquals",
        Change::Question(|question| {
            let equals = |one: &One<'_>| {
                one.operator.base.starts_with("String") && one.operator.base.contains("Equals")
            };
            variables(question, &[], equals, |_, one| one.is_escape().then(|| one.literal())?)
        }),
    ),
    Fault::new(
        "aws-names-of-variables-mind-case",
        "iam.variable.key-case-insensitive",
        "the names of variables compare with regard to case",
        Change::Question(|question| {
            variables(question, RESOURCES, any, |at, one| {
                let contexts = contexts(at)?;
                let mut keys = contexts.iter().flat_map(|context| context.iter().map(|(key, _)| key));
                let other = keys.any(|key| key != one.name && key.eq_ignore_ascii_case(one.name));
                let end = one.default.map(|default| format!(", '{default}'")).unwrap_or_default();
                other.then(|| format!("${{kms:NotSpelledSo{end}}}"))
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
        "aws-tags-are-no-variables",
        "iam.variable.tags-prefix",
        "the tags of callers, resources and requests cannot be referred to",
        Change::Question(|question| {
            variables(question, RESOURCES, any, |_, one| {
                one.name.to_ascii_lowercase().contains("tag/").then(|| "${kms:NoVariable}".to_owned())
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

const RESOURCES: &[&str] = &["Resource", "NotResource"];

fn any(_: &One<'_>) -> bool {
    true
}

fn none(_: &One<'_>) -> bool {
    false
}

fn of_strings(one: &One<'_>) -> bool {
    one.operator.base.starts_with("String")
}

/// A variable, or an escape, in a value.
#[derive(Clone, Copy)]
struct Variable<'a> {
    name: &'a str,
    default: Option<&'a str>,
    whole: &'a str,
    /// The colons before it.
    colons: usize,
}

impl Variable<'_> {
    fn is_escape(self) -> bool {
        matches!(self.name, "*" | "?" | "$")
    }

    /// The same as text.
    fn literal(self) -> Option<String> {
        Some(self.whole.replacen("${", "${$}{", 1))
    }

    /// The variable with the empty text as its default.
    fn or_empty(self) -> Option<String> {
        (!self.is_escape() && self.default.is_none()).then(|| format!("${{{}, ''}}", self.name))
    }

    /// The one value that the request has for it.
    fn value(self, at: At<'_>) -> Option<String> {
        match contexts(at)?.first()?.get(self.name)? {
            ContextValue::One(value) => Some(value.clone()),
            ContextValue::Many(_) => None,
        }
    }
}

struct Part<'a> {
    text: &'a str,
    variable: Option<Variable<'a>>,
}

/// The parts of a value: text, and what stands in `${…}`.
fn parts(text: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let (mut rest, mut colons) = (text, 0);
    while let Some((before, after)) = rest.split_once("${") {
        let Some((inner, behind)) = after.split_once('}') else { break };
        colons += before.matches(':').count();
        let whole = rest.get(before.len()..rest.len() - behind.len()).unwrap_or_default();
        let (name, default) =
            inner.split_once(", '").map_or((inner, None), |(name, end)| (name, end.strip_suffix('\'')));
        parts.push(Part { text: before, variable: None });
        parts.push(Part { text: whole, variable: Some(Variable { name, default, whole, colons }) });
        rest = behind;
    }
    parts.push(Part { text: rest, variable: None });
    parts
}

/// The question with every variable changed for which `edit` gives another text: in those elements, and in the
/// conditions that `wanted` wants.
fn variables(
    question: &Question,
    elements: &[&str],
    wanted: fn(&One<'_>) -> bool,
    edit: impl Fn(At<'_>, Variable<'_>) -> Option<String>,
) -> Option<Question> {
    let rewrite = |text: &str, at: At<'_>| {
        let mut changed = false;
        let of = |part: &Part<'_>| {
            let other = part.variable.and_then(|variable| edit(at, variable));
            changed |= other.is_some();
            other.unwrap_or_else(|| part.text.to_owned())
        };
        let text: String = parts(text).iter().map(of).collect();
        changed.then_some(text)
    };
    let mut first = None;
    if !elements.is_empty() {
        first = documents(question, &["${"], |root, at| {
            let current = root.get("Version").and_then(Node::as_str) == Some("2012-10-17");
            let mut changed = false;
            for statement in statements_mut(root).into_iter().filter(|_| current) {
                for name in elements {
                    let values = member_mut(statement, name).map(strings_mut).unwrap_or_default();
                    for value in values {
                        if let Some(other) = rewrite(value, at) {
                            *value = other;
                            changed = true;
                        }
                    }
                }
            }
            changed
        });
    }
    let so_far = first.as_ref().unwrap_or(question);
    let second = conditions(so_far, &["${"], |one| {
        if !one.current || !wanted(one) {
            return None;
        }
        let mut values = one.values.clone();
        let mut changed = false;
        for value in strings_mut(&mut values) {
            if let Some(other) = rewrite(value, one.at) {
                *value = other;
                changed = true;
            }
        }
        changed.then(|| vec![Entry { values, ..one.same() }])
    });
    second.or(first)
}

fn unescaped(question: &Question, sign: &str, text: &str) -> Option<Question> {
    variables(question, RESOURCES, any, |_, one| (one.name == sign).then(|| text.to_owned()))
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
