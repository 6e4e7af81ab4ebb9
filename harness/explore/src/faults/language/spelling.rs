//! Decides the faults about how policy variables are written: their names, default texts and escapes.

use kms_model::Question;

use super::conditions::{One, contexts};
use super::expansion::{RESOURCES, any, rewritten, variables};
use crate::faults::{Change, Fault};

/// The faults.
pub const TABLE: &[Fault] = &[
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
        "aws-default-texts-need-no-quotes",
        "iam.variable.default-needs-quotes",
        "the default text of a variable may stand without quotation marks",
        Change::Question(|question| {
            malformed(question, |value| {
                let (name, default, rest) = with_default(value, ", ")?;
                let text = default.trim_matches('\'');
                (text.len() + 2 > default.len()).then(|| format!("{name}, '{text}'{rest}"))
            })
        }),
    ),
    Fault::new(
        "aws-default-texts-need-no-space",
        "iam.variable.default-separator",
        "the default text of a variable may follow its comma without a space",
        Change::Question(|question| {
            malformed(question, |value| {
                let (name, default, rest) = with_default(value, ",")?;
                default.starts_with('\'').then(|| format!("{name}, {default}{rest}"))
            })
        }),
    ),
    Fault::new(
        "aws-open-variables-end-with-the-value",
        "iam.variable.missing-brace",
        "a variable without its closing brace ends where the value does",
        Change::Question(|question| {
            malformed(question, |value| {
                let (_, inner) = value.rsplit_once("${")?;
                (!inner.contains('}')).then(|| format!("{value}}}"))
            })
        }),
    ),
];

fn unescaped(question: &Question, sign: &str, text: &str) -> Option<Question> {
    variables(question, RESOURCES, any, |_, one| (one.name == sign).then(|| text.to_owned()))
}

/// The question with the values, of which one variable is spelled wrong, as `mend` has them.
fn malformed(question: &Question, mend: fn(&str) -> Option<String>) -> Option<Question> {
    rewritten(question, RESOURCES, any, |value, _| mend(value))
}

/// What stands before and behind the first variable's separator, and after its closing brace with that brace.
fn with_default<'a>(value: &'a str, separator: &str) -> Option<(&'a str, &'a str, &'a str)> {
    let start = value.find("${")?;
    let end = start + value.get(start..)?.find('}')?;
    let comma = start + value.get(start..end)?.find(separator)?;
    Some((value.get(..comma)?, value.get(comma + separator.len()..end)?, value.get(end..)?))
}
