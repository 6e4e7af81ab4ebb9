//! Decides the faults about `Resource` and `NotResource`.

use kms_model::Question;
use kms_model::json::Node;
use kms_model::question::PolicyType;

use crate::edit::{covers, fits, has_effect, member_mut, remove, set, strings};
use crate::faults::reading::{NOTHING, resources, split, statements, values};
use crate::faults::{Change, Fault};

/// The faults.
pub const TABLE: &[Fault] = &[
    Fault::new(
        "aws-resources-ignore-case",
        "iam.resource.case-sensitive",
        "ARNs in Resource compare without regard to case",
        Change::Question(|question| matched(question, covers)),
    ),
    Fault::new(
        "aws-resources-are-beginnings",
        "iam.resource.exact",
        "an ARN stands for all that begin with it",
        Change::Question(|question| matched(question, |value, arn| fits(&format!("{value}*"), arn))),
    ),
    Fault::new(
        "aws-question-marks-in-resources-are-text",
        "iam.resource.wildcard-single",
        "in an ARN ? is a character like others",
        Change::Question(|question| matched(question, |value, arn| !value.contains('?') && fits(value, arn))),
    ),
    Fault::new(
        "aws-stars-in-resources-stand-at-the-end",
        "iam.resource.wildcard-any-segment",
        "in an ARN * is read at its end only",
        Change::Question(|question| {
            matched(question, |value, arn| {
                !value.strip_suffix('*').unwrap_or(value).contains('*') && fits(value, arn)
            })
        }),
    ),
    Fault::new(
        "aws-stars-in-resources-need-a-character",
        "iam.resource.wildcard-multi",
        "in an ARN * stands for one character at least",
        Change::Question(|question| matched(question, |value, arn| fits(&value.replace('*', "?*"), arn))),
    ),
    Fault::new(
        "aws-stars-in-resources-stop-at-slashes",
        "iam.resource.slash-not-special",
        "in an ARN * reaches up to the next slash, as in the names of files",
        Change::Question(|question| {
            matched(question, |value, arn| {
                value == "*" || !value.contains('/') && fits(value, arn) || by_parts(value, arn, '/')
            })
        }),
    ),
    Fault::new(
        "aws-stars-in-resources-stop-at-colons",
        "iam.resource.trailing-star-crosses-colon",
        "a star in Resource stays in its part of the ARN",
        Change::Question(|question| {
            matched(question, |value, arn| value == "*" || by_parts(value, arn, ':'))
        }),
    ),
    Fault::new(
        "aws-short-arns-are-not-completed",
        "iam.resource.incomplete-arn-completed",
        "an incomplete ARN in an identity policy is compared as it stands",
        Change::Question(|question| {
            values(question, &["Resource", "NotResource"], &["arn:"], |_, value, at| {
                let short = value.starts_with("arn:") && value.matches(':').count() < 5;
                let mine = short && at.policy_type == PolicyType::Identity;
                mine.then(|| known(resources(at).into_iter().filter(|arn| fits(value, arn))))
            })
        }),
    ),
    Fault::new(
        "aws-first-resource-of-a-list-is-read",
        "iam.resource.list-or",
        "of several resources the first is read",
        Change::Question(|question| {
            statements(question, &["arn:"], |statement, _| {
                let Some(element) = member_mut(statement, "Resource") else { return false };
                let first = strings(element).first().map(|value| Node::from(*value));
                let several = strings(element).len() > 1;
                *element = first.filter(|_| several).unwrap_or_else(|| element.clone());
                several
            })
        }),
    ),
    Fault::new(
        "aws-partitions-of-resources-are-not-read",
        "kms.partition.arn-partition-in-iam",
        "the partition of an ARN in Resource is not compared",
        Change::Question(|question| {
            matched(question, |value, arn| {
                fits(value, arn) || without_parts(value, 2) && same_but(value, arn, 1)
            })
        }),
    ),
    Fault::new(
        "aws-regions-of-resources-are-not-read",
        "kms.mrk.arn-differs-by-region",
        "the Region of an ARN in Resource is not compared",
        Change::Question(|question| {
            matched(question, |value, arn| {
                fits(value, arn) || without_parts(value, 5) && same_but(value, arn, 3)
            })
        }),
    ),
    Fault::new(
        "aws-accounts-of-resources-are-not-read",
        "iam.resource.exact",
        "the account of an ARN in Resource is not compared",
        Change::Question(|question| {
            matched(question, |value, arn| {
                fits(value, arn) || without_parts(value, 5) && same_but(value, arn, 4)
            })
        }),
    ),
    Fault::new(
        "aws-arn-patterns-cover-requests-without-resource",
        "kms.no-resource.resource-must-be-star",
        "any pattern of ARNs gives an action that is asked for on *",
        Change::Question(|question| {
            matched(question, |value, arn| fits(value, arn) || arn == "*" && value.contains('*'))
        }),
    ),
    Fault::new(
        "aws-keys-are-named-by-their-id",
        "kms.iam.key-must-be-named-by-key-arn",
        "the key ID of an ARN is enough: Region and account are not compared",
        Change::Question(|question| {
            matched(question, |value, arn| {
                let id = |text: &str| text.rsplit_once("key/").map(|(_, id)| id.to_owned());
                fits(value, arn)
                    || id(arn).is_some_and(|id| value == id || value.ends_with(&format!("/{id}")))
            })
        }),
    ),
    Fault::new(
        "aws-not-resource-is-not-read-in-allow",
        "iam.resource.notresource.everything-else",
        "an Allow with NotResource allows nothing",
        Change::Question(|question| {
            statements(question, &["NotResource"], |statement, _| {
                let mine = has_effect(statement, "Allow") && remove(statement, "NotResource");
                if mine {
                    set(statement, "Resource", NOTHING);
                }
                mine
            })
        }),
    ),
    Fault::new(
        "aws-deny-with-not-resource-allows-the-rest",
        "iam.resource.notresource.deny-no-grant",
        "a Deny with NotResource allows what is done to those that it lists",
        Change::Question(|question| {
            split(question, &["NotResource"], |statement, _| {
                let listed = statement.get("NotResource").filter(|_| has_effect(statement, "Deny"))?.clone();
                let mut allowing = statement.clone();
                set(&mut allowing, "Effect", "Allow");
                remove(&mut allowing, "NotResource");
                set(&mut allowing, "Resource", listed);
                Some(vec![statement.clone(), allowing])
            })
        }),
    ),
    Fault::new(
        "aws-values-of-not-resource-are-alternatives",
        "iam.resource.notresource.nor",
        "with several values in NotResource every resource matches, as it is never all of them",
        Change::Question(|question| {
            split(question, &["NotResource"], |statement, _| {
                let listed = strings(statement.get("NotResource")?);
                let one = |value: &str| {
                    let mut part = statement.clone();
                    set(&mut part, "NotResource", value);
                    part
                };
                (listed.len() > 1).then(|| listed.into_iter().map(one).collect())
            })
        }),
    ),
];

/// The values decided by `matches`, told a value without variables and the ARN of a resource that is asked for.
fn matched(question: &Question, matches: fn(&str, &str) -> bool) -> Option<Question> {
    values(question, &["Resource", "NotResource"], &["arn:", "*", "key/"], |_, value, at| {
        let short = value.starts_with("arn:") && value.matches(':').count() < 5;
        if value.contains("${") || short || value.is_empty() {
            return None;
        }
        let asked = resources(at);
        if asked.iter().all(|arn| matches(value, arn) == fits(value, arn)) {
            return None;
        }
        Some(known(asked.into_iter().filter(|arn| matches(value, arn))))
    })
}

/// These resources, or one that nobody asks for.
fn known<'a>(arns: impl Iterator<Item = &'a str>) -> Vec<String> {
    let found: Vec<String> = arns.map(str::to_owned).collect();
    if found.is_empty() { vec![NOTHING.to_owned()] } else { found }
}

fn by_parts(value: &str, arn: &str, sign: char) -> bool {
    let (wanted, actual) = (value.split(sign), arn.split(sign));
    wanted.clone().count() == actual.clone().count() && wanted.zip(actual).all(|(one, part)| fits(one, part))
}

/// Whether a value has at least that many colons.
fn without_parts(value: &str, colons: usize) -> bool {
    value.matches(':').count() >= colons
}

/// Whether a value matches an ARN in every part but one.
fn same_but(value: &str, arn: &str, part: usize) -> bool {
    let (mut wanted, mut actual): (Vec<_>, Vec<_>) =
        (value.splitn(6, ':').collect(), arn.splitn(6, ':').collect());
    if wanted.len() <= part || actual.len() <= part {
        return false;
    }
    wanted.remove(part);
    actual.remove(part);
    fits(&wanted.join(":"), &actual.join(":"))
}
