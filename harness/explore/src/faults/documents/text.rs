//! Decides the faults about the text of documents: JSON, repeated members, characters, size.

use kms_model::Question;
use kms_model::json::{Limits, Member, Node, Value, compact, parse};
use kms_model::question::PolicyType;

use crate::edit::remove;
use crate::faults::reading::{repeating, texts};
use crate::faults::{Change, Fault};

/// The faults.
pub const TABLE: &[Fault] = &[
    Fault::new(
        "aws-last-of-repeated-members-counts",
        "iam.doc.duplicate-key.rejected",
        "of members with the same name the last is read, as ordinary parsers do",
        Change::Question(|question| unrepeated(question, |_| true, last_first)),
    ),
    Fault::new(
        "aws-first-of-repeated-members-counts",
        "iam.doc.duplicate-key.rejected",
        "of members with the same name the first is read",
        Change::Question(|question| unrepeated(question, |_| true, |members| members)),
    ),
    Fault::new(
        "aws-repeated-statement-members-are-joined",
        "iam.doc.duplicate-key.statement",
        "several members Statement are read as one list",
        Change::Question(joined_statements),
    ),
    Fault::new(
        "aws-repeated-services-are-read",
        "iam.principal.service.array-not-repeat",
        "of several members Service the last is read",
        Change::Question(|question| unrepeated(question, |name| name == "Service", last_first)),
    ),
    Fault::new(
        "aws-trailing-commas-are-read-over",
        "iam.doc.json.well-formed",
        "a comma may stand behind the last value",
        Change::Question(|question| mended(question, without_trailing_commas)),
    ),
    Fault::new(
        "aws-missing-braces-are-added",
        "iam.doc.json.well-formed",
        "braces and brackets that are open at the end are closed",
        Change::Question(|question| mended(question, closed)),
    ),
    Fault::new(
        "aws-first-value-of-a-text-is-the-policy",
        "iam.doc.json.single-object",
        "what stands behind the first object of a text is not read",
        Change::Question(|question| mended(question, first_object)),
    ),
    Fault::new(
        "aws-lists-of-one-document-are-documents",
        "iam.doc.json.single-object",
        "a list that holds a policy is that policy",
        Change::Question(|question| {
            texts(question, |text, _| {
                if !text.starts_with('[') {
                    return None;
                }
                let list = parse(text, Limits::default()).ok()?;
                list.elements()?.first().filter(|first| first.members().is_some()).map(compact)
            })
        }),
    ),
    Fault::new(
        "aws-escapes-of-json-are-not-read",
        "iam.doc.json.utf8",
        "an escape with a number is text in JSON",
        Change::Question(|question| {
            texts(question, |text, _| text.contains("\\u").then(|| text.replace("\\u", "\\\\u")))
        }),
    ),
    Fault::new(
        "aws-key-policies-hold-any-character",
        "kms.key-policy.format.charset",
        "a key policy may hold characters of every script",
        Change::Question(|question| {
            repeating(question, |root, at| at.policy_type == PolicyType::KeyPolicy && replace_foreign(root))
        }),
    ),
    Fault::new(
        "aws-key-policies-are-of-any-size",
        "kms.key-policy.format.max-32768-bytes",
        "the size of a key policy is not checked",
        Change::Question(|question| {
            cut_down(question, |text, policy_type| {
                policy_type == PolicyType::KeyPolicy && text.len() > 32_768
            })
        }),
    ),
    Fault::new(
        "aws-iam-policies-are-of-any-size",
        "iam.doc.size.limit",
        "the size of an identity policy is not checked",
        Change::Question(|question| {
            cut_down(question, |text, policy_type| policy_type == PolicyType::Identity && text.len() > 10_240)
        }),
    ),
    Fault::new(
        "aws-white-space-counts-for-the-size-of-policies",
        "iam.doc.size.limit",
        "white space counts for the size of an identity policy",
        Change::Question(|question| {
            texts(question, |text, at| {
                let long = at.policy_type == PolicyType::Identity && text.len() > 10_240;
                long.then(|| text.replace([' ', '\n', '\t', '\r'], "x"))
            })
        }),
    ),
];

fn last_first(mut members: Vec<Member>) -> Vec<Member> {
    members.reverse();
    members
}

/// The question with one of each members of the same name that `wanted` wants: the first in that order.
fn unrepeated(
    question: &Question,
    wanted: fn(&str) -> bool,
    order: fn(Vec<Member>) -> Vec<Member>,
) -> Option<Question> {
    repeating(question, |root, _| keep_one(root, wanted, order))
}

fn keep_one(node: &mut Node, wanted: fn(&str) -> bool, order: fn(Vec<Member>) -> Vec<Member>) -> bool {
    match &mut node.value {
        Value::Array(elements) => {
            elements.iter_mut().fold(false, |changed, element| keep_one(element, wanted, order) | changed)
        }
        Value::Object(members) => {
            let count = members.len();
            let mut kept: Vec<Member> = Vec::new();
            for member in order(std::mem::take(members)) {
                let again = wanted(&member.name) && kept.iter().any(|known| known.name == member.name);
                if !again {
                    kept.push(member);
                }
            }
            *members = order(kept);
            let fewer = members.len() < count;
            members
                .iter_mut()
                .fold(fewer, |changed, member| keep_one(&mut member.node, wanted, order) | changed)
        }
        _ => false,
    }
}

fn joined_statements(question: &Question) -> Option<Question> {
    repeating(question, |root, _| {
        let members = root.members().unwrap_or_default();
        let all: Vec<&Node> =
            members.iter().filter(|member| member.name == "Statement").map(|member| &member.node).collect();
        if all.len() < 2 {
            return false;
        }
        let each = all.into_iter().flat_map(|node| node.elements().unwrap_or(std::slice::from_ref(node)));
        let list: Node = each.cloned().collect();
        remove(root, "Statement");
        crate::edit::set(root, "Statement", list);
        true
    })
}

/// The question with each text that is no JSON as `mend` has it.
fn mended(question: &Question, mend: fn(&str) -> Option<String>) -> Option<Question> {
    texts(question, |text, _| {
        if parse(text, Limits::default()).is_ok() {
            return None;
        }
        mend(text).filter(|text| parse(text, Limits::default()).is_ok())
    })
}

fn without_trailing_commas(text: &str) -> Option<String> {
    let mut kept = String::new();
    for character in text.chars() {
        if matches!(character, '}' | ']') {
            let end = kept.trim_end().len();
            if kept.trim_end().ends_with(',') {
                kept.truncate(end - 1);
            }
        }
        kept.push(character);
    }
    Some(kept)
}

fn closed(text: &str) -> Option<String> {
    let mut open = Vec::new();
    let (mut quoted, mut escaped) = (false, false);
    for character in text.chars() {
        match character {
            '"' if !escaped => quoted = !quoted,
            '{' if !quoted => open.push('}'),
            '[' if !quoted => open.push(']'),
            '}' | ']' if !quoted => _ = open.pop(),
            _ => {}
        }
        escaped = character == '\\' && !escaped;
    }
    (!quoted).then(|| format!("{text}{}", open.iter().rev().collect::<String>()))
}

fn first_object(text: &str) -> Option<String> {
    let ends = text.char_indices().filter(|(_, character)| *character == '}');
    let mut starts = ends.filter_map(|(at, _)| text.get(..=at));
    starts.find(|start| parse(start, Limits::default()).is_ok()).map(str::to_owned)
}

fn replace_foreign(node: &mut Node) -> bool {
    let mend = |text: &mut String| {
        let foreign = |character: char| !matches!(character, '\t' | '\n' | '\r' | ' '..='\u{ff}');
        let found = text.contains(foreign);
        if found {
            *text = text.replace(foreign, "x");
        }
        found
    };
    match &mut node.value {
        Value::String(text) => mend(text),
        Value::Array(elements) => {
            elements.iter_mut().fold(false, |changed, one| replace_foreign(one) | changed)
        }
        Value::Object(members) => members
            .iter_mut()
            .fold(false, |changed, one| mend(&mut one.name) | replace_foreign(&mut one.node) | changed),
        _ => false,
    }
}

/// The question with each text that `long` finds too long without what has no meaning: white space, `Id`, `Sid`, and the
/// values of lists after the first.
fn cut_down(question: &Question, long: fn(&str, PolicyType) -> bool) -> Option<Question> {
    texts(question, |text, at| {
        if !long(text, at.policy_type) {
            return None;
        }
        let mut root = parse(text, Limits::default()).ok()?;
        let is_long = |root: &Node| long(&compact(root), at.policy_type);
        remove(&mut root, "Id");
        for statement in crate::edit::statements_mut(&mut root) {
            remove(statement, "Sid");
        }
        if is_long(&root) {
            for statement in crate::edit::statements_mut(&mut root) {
                crate::edit::members_mut(statement).iter_mut().for_each(|member| shorten(&mut member.node));
            }
        }
        if is_long(&root)
            && let Some(list) = crate::edit::statement_list(&mut root)
        {
            list.truncate(1);
        }
        Some(compact(&root))
    })
}

fn shorten(node: &mut Node) {
    match &mut node.value {
        Value::String(text) if text.len() > 500 => *text = text.chars().take(200).collect(),
        Value::Array(elements) => {
            elements.truncate(1);
            elements.iter_mut().for_each(shorten);
        }
        Value::Object(members) => members.iter_mut().for_each(|member| shorten(&mut member.node)),
        _ => {}
    }
}
