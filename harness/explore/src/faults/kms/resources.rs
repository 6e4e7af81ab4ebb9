//! Decides the faults about which resources the statements of identity policies are about.

use kms_model::Question;
use kms_model::arn::Arn;
use kms_model::json::Node;
use kms_model::question::Authorization;

use super::super::change::statements;
use super::super::{Change, Fault};
use crate::edit::place::Place;
use crate::edit::{member_mut, set, strings_mut};
use crate::relations::build::request;

/// The faults.
pub const TABLE: &[Fault] = &[
    Fault::new(
        "aws-alias-arn-is-the-key",
        "kms.iam.alias-arn-is-only-the-alias",
        "an alias ARN in Resource is the key that the alias stands for",
        Change::Question(alias_is_key),
    ),
    Fault::new(
        "aws-key-id-is-a-resource",
        "kms.iam.key-must-be-named-by-key-arn",
        "a bare key ID in Resource is the key",
        Change::Question(key_id),
    ),
    Fault::new(
        "aws-alias-name-is-a-resource",
        "kms.iam.alias-name-not-a-key",
        "an alias name in Resource is the key that the alias stands for",
        Change::Question(alias_name),
    ),
    Fault::new(
        "aws-key-arns-reach-operations-without-a-key",
        "kms.no-resource.resource-must-be-star",
        "a pattern over the keys of the account in Resource reaches operations without a key",
        Change::Question(patterns_without_key),
    ),
    Fault::new(
        "aws-region-of-a-multi-region-key-does-not-count",
        "kms.mrk.arn-differs-by-region",
        "the ARN of one of several related multi-Region keys is that of them all",
        Change::Question(related_keys),
    ),
    Fault::new(
        "aws-partition-of-a-key-does-not-count",
        "kms.partition.arn-partition-in-iam",
        "the partition in Resource is not compared",
        Change::Question(any_partition),
    ),
    Fault::new(
        "aws-region-of-a-key-does-not-count",
        "kms.iam.any-key-in-region",
        "the Region in Resource is not compared",
        Change::Question(any_region),
    ),
    Fault::new(
        "aws-alias-names-in-any-case",
        "kms.alias.names-case-sensitive",
        "letter case does not count in the names of aliases",
        Change::Question(alias_in_any_case),
    ),
    Fault::new(
        "aws-star-is-for-the-own-account",
        "kms.iam.star-reaches-foreign-keys",
        "an asterisk as Resource is everything in the account of the policy",
        Change::Question(star_is_own),
    ),
    Fault::new(
        "aws-key-patterns-reach-every-account",
        "kms.iam.any-key-in-account",
        "the account in Resource is not compared",
        Change::Question(any_account),
    ),
];

/// The question with other resources in the statements of the caller's own policies, where `turn` gives one for a key or
/// alias that is asked for.
fn resources(question: &Question, turn: impl Fn(&Authorization, &str) -> Option<String>) -> Option<Question> {
    let asked = &request(question)?.authorizations;
    statements(question, |statement, at| {
        if !matches!(at.place, Place::Caller(_) | Place::Boundary | Place::Session(_)) {
            return false;
        }
        let Some(resource) = member_mut(statement, "Resource") else { return false };
        let mut listed: Vec<String> = strings_mut(resource).into_iter().map(|text| text.clone()).collect();
        let more: Vec<String> = listed
            .iter()
            .flat_map(|text| asked.iter().filter_map(|one| turn(one, text)))
            .filter(|text| !listed.contains(text))
            .collect();
        let found = !more.is_empty();
        if found {
            // What is no ARN is the key, so that nothing is left to be refused.
            listed.retain(|text| text == "*" || text.starts_with("arn:"));
            listed.extend(more);
            set(statement, "Resource", Node::from_iter(listed.into_iter().map(Node::from)));
        }
        found
    })
}

fn is_key(one: &Authorization) -> bool {
    one.resource.kind == "kms:key"
}

fn alias_is_key(question: &Question) -> Option<Question> {
    resources(question, |one, text| {
        let (start, name) = text.split_once(":alias/").filter(|_| is_key(one))?;
        let own = one.resource.aliases.iter().any(|alias| alias.strip_prefix("alias/") == Some(name));
        (own && one.resource.arn.starts_with(start)).then(|| one.resource.arn.clone())
    })
}

fn key_id(question: &Question) -> Option<Question> {
    resources(question, |one, text| {
        let (_, id) = one.resource.arn.split_once(":key/")?;
        (text == id || text.strip_prefix("key/") == Some(id)).then(|| one.resource.arn.clone())
    })
}

fn alias_name(question: &Question) -> Option<Question> {
    resources(question, |one, text| {
        let own = is_key(one) && one.resource.aliases.iter().any(|alias| alias == text);
        own.then(|| one.resource.arn.clone())
    })
}

fn patterns_without_key(question: &Question) -> Option<Question> {
    resources(question, |one, text| {
        let all = text.starts_with("arn:aws:kms:") && text.ends_with('*');
        (all && one.resource.kind == "kms:account").then(|| "*".to_owned())
    })
}

/// The ARN of a policy with a part taken from that of the resource.
fn with_part(one: &Authorization, text: &str, part: usize) -> Option<String> {
    let own = Arn::parse(&one.resource.arn)?;
    let other = Arn::parse(text).filter(|other| other.service == own.service)?;
    let mut parts = [other.partition, other.service, other.region, other.account, other.resource];
    let taken = [own.partition, own.service, own.region, own.account, own.resource];
    *parts.get_mut(part)? = taken.get(part)?;
    let text_with = format!("arn:{}", parts.join(":"));
    (text_with != text).then_some(text_with)
}

fn related_keys(question: &Question) -> Option<Question> {
    resources(question, |one, text| {
        let (_, id) = one.resource.arn.split_once(":key/").filter(|(_, id)| id.starts_with("mrk-"))?;
        text.ends_with(id).then(|| with_part(one, text, 2)).flatten()
    })
}

fn any_partition(question: &Question) -> Option<Question> {
    resources(question, |one, text| with_part(one, text, 0))
}

fn any_region(question: &Question) -> Option<Question> {
    resources(question, |one, text| with_part(one, text, 2))
}

fn any_account(question: &Question) -> Option<Question> {
    resources(question, |one, text| with_part(one, text, 3).filter(|_| text.ends_with('*')))
}

fn alias_in_any_case(question: &Question) -> Option<Question> {
    resources(question, |one, text| {
        let same = one.resource.kind == "kms:alias" && text != one.resource.arn;
        (same && text.eq_ignore_ascii_case(&one.resource.arn)).then(|| one.resource.arn.clone())
    })
}

fn star_is_own(question: &Question) -> Option<Question> {
    let ask = request(question)?;
    let account = ask.caller.account.as_ref()?;
    ask.authorizations.iter().find(|one| is_key(one) && one.resource.account != *account)?;
    statements(question, |statement, at| {
        let own = matches!(at.place, Place::Caller(_) | Place::Boundary | Place::Session(_));
        let Some(resource) = member_mut(statement, "Resource").filter(|_| own) else { return false };
        let mut found = false;
        for text in strings_mut(resource).into_iter().filter(|text| *text == "*") {
            *text = format!("arn:*:*:*:{account}:*");
            found = true;
        }
        found
    })
}
