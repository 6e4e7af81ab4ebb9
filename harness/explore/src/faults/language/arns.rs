//! Decides the faults about ARN operators.

use kms_model::Question;
use kms_model::question::{CallerKind, ContextValue};

use super::conditions::{condition_values, conditions, renamed};
use crate::edit::{covers, fits};
use crate::faults::change::context;
use crate::faults::{Change, Fault};
use crate::relations::build::request;

/// The faults.
pub const TABLE: &[Fault] = &[
    Fault::new(
        "aws-arn-operators-match-the-whole-text",
        "iam.op.arn.six-segments",
        "ARN operators match the whole ARN as one text, so that a star reaches over colons",
        Change::Question(|question| {
            conditions(question, &["Arn"], |one| {
                let base = match one.operator.base {
                    "ArnEquals" | "ArnLike" => "StringLike",
                    "ArnNotEquals" | "ArnNotLike" => "StringNotLike",
                    _ => return None,
                };
                one.texts().iter().any(|text| text.contains('*')).then(|| one.compared(base))?
            })
        }),
    ),
    Fault::new(
        "aws-arn-equals-is-exact",
        "iam.op.arn.equals-and-like-identical",
        "ArnEquals reads * and ? as characters like others",
        Change::Question(|question| renamed(question, "ArnEquals", "StringEquals")),
    ),
    Fault::new(
        "aws-arn-not-equals-is-exact",
        "iam.op.arn.not-equals-and-not-like-identical",
        "ArnNotEquals reads * and ? as characters like others",
        Change::Question(|question| renamed(question, "ArnNotEquals", "StringNotEquals")),
    ),
    Fault::new(
        "aws-arn-operators-ignore-case",
        "iam.op.arn.case-sensitive",
        "ARN operators compare without regard to case",
        Change::Question(|question| judged(question, |value, given| by_parts(value, given, 6, covers))),
    ),
    Fault::new(
        "aws-principal-arn-is-that-of-the-session",
        "iam.op.arn.principalarn-role-not-session",
        "aws:PrincipalArn of a session is the ARN of the session",
        Change::Question(sessions_by_their_arn),
    ),
    Fault::new(
        "aws-arns-are-cut-at-every-colon",
        "iam.op.arn.sixth-part-keeps-colons",
        "what follows a sixth colon of an ARN is a part by itself",
        Change::Question(|question| {
            judged(question, |value, given| by_parts(value, given, usize::MAX, fits))
        }),
    ),
    Fault::new(
        "aws-star-of-an-arn-part-needs-a-character",
        "iam.op.arn.empty-segment",
        "a star in an ARN does not stand for an empty Region or account",
        Change::Question(|question| {
            judged(question, |value, given| {
                by_parts(value, given, 6, |one, part| fits(one, part) && !(one == "*" && part.is_empty()))
            })
        }),
    ),
    Fault::new(
        "aws-empty-arn-parts-match-everything",
        "iam.op.arn.empty-segment",
        "an empty Region or account in a policy's ARN stands for any",
        Change::Question(|question| {
            judged(question, |value, given| {
                by_parts(value, given, 6, |one, part| one.is_empty() || fits(one, part))
            })
        }),
    ),
    Fault::new(
        "aws-string-like-takes-arns-apart",
        "iam.op.arn.stringlike-differs",
        "StringLike compares ARNs part by part",
        Change::Question(|question| {
            conditions(question, &["StringLike", "StringNotLike"], |one| {
                let arns =
                    one.texts().iter().all(|text| text.starts_with("arn:") && text.matches(':').count() > 4);
                let mine = arns && matches!(one.operator.base, "StringLike" | "StringNotLike");
                mine.then(|| one.compared(&one.operator.base.replace("String", "Arn")))?
            })
        }),
    ),
    Fault::new(
        "aws-variables-in-arn-operators-are-text",
        "iam.op.arn.variables",
        "policy variables in the values of ARN operators are not replaced",
        Change::Question(|question| {
            condition_values(
                question,
                &["Arn"],
                |one| one.operator.base.starts_with("Arn") && one.current,
                |value| {
                    (value.contains("${") && !value.contains("${*")).then(|| value.replace("${", "${$}{"))
                },
            )
        }),
    ),
];

fn judged(question: &Question, matches: fn(&str, &str) -> bool) -> Option<Question> {
    conditions(question, &["Arn"], |one| one.operator.base.starts_with("Arn").then(|| one.judged(matches))?)
}

/// Whether two ARNs match part by part, when each is cut into that many parts at most.
fn by_parts(value: &str, given: &str, parts: usize, matches: fn(&str, &str) -> bool) -> bool {
    let (wanted, actual) = (value.splitn(parts, ':'), given.splitn(parts, ':'));
    let same = wanted.clone().count() == actual.clone().count() && wanted.clone().count() > 5;
    same && wanted.zip(actual).all(|(one, part)| matches(one, part))
}

fn sessions_by_their_arn(question: &Question) -> Option<Question> {
    let caller = &request(question)?.caller;
    let arn = caller.arn.clone().filter(|_| caller.kind == CallerKind::RoleSession)?;
    context(question, |_, context| {
        let known = context.get("aws:PrincipalArn").is_some();
        if known {
            context.set("aws:PrincipalArn", ContextValue::One(arn.clone()));
        }
        known
    })
}
