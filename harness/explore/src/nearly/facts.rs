//! Decides how the facts of a request are turned: a key named by the ARN of an alias, a service of a Region, a list without
//! values, a tag with characters that mean something in policies, one thing more in a parameter. A condition on what
//! follows from that comes with it.

use kms_model::derive::{context_types, derive_in};
use kms_model::json::Node;
use kms_model::question::{Authorize, CallerKind, ContextValue};
use kms_model::{Dialect, Feature, Question, keys, operations};

use super::conditions::on_key;
use super::entries::add;
use super::texts::beginning;
use super::{context, forms, with_statement};
use crate::aws::words::{self, WORDS};
use crate::edit::{elements_mut, member_mut, pick, set};
use crate::relations::build::{object, request, request_mut};
use crate::{Choices, Settings};

/// Values of tags that policies have to spell in a way of their own.
const TAGS: &[&str] = &["r*d", "r?d", "$5", "a$b", "two words"];

/// The question with a fact turned.
pub fn turned(question: &Question, choices: &mut dyn Choices, settings: &Settings) -> Option<Question> {
    if question.dialect != Dialect::Aws {
        return None;
    }
    let is_service = request(question)?.caller.service.is_some();
    if is_service && choices.chance(60) {
        return service_of_region(question, choices);
    }
    let gives = settings.allows(Feature::Context);
    let is_any = |_: &words::Word| true;
    let is_flag = |word: &words::Word| word.key.kind == "bool";
    let is_arn = |word: &words::Word| word.key.kind == "arn";
    match choices.below(16) {
        0 => named_by_alias(question, choices),
        1 | 13 => forwarded(question, choices),
        2 => from_elsewhere(question, choices),
        3 if gives => without_values(question, choices),
        4 if gives => given(question, choices, is_any),
        5 if gives => given(question, choices, is_flag),
        6 if gives => given(question, choices, is_arn),
        7 => tag_named_by_value(question, choices),
        8 => pattern_in_tag(question, choices),
        9 | 10 | 14 | 15 => one_more(question, choices),
        _ => odd_tag(question, choices),
    }
}

/// The question with its request changed and the condition keys that follow from that; those that only the context gives
/// stay.
fn changed(question: &Question, edit: impl FnOnce(&mut Authorize) -> bool) -> Option<Question> {
    let before = request(question)?;
    let mut changed = question.clone();
    let ask = request_mut(&mut changed)?;
    if !edit(ask) {
        return None;
    }
    let after = ask.clone();
    let (dialect, region) = (question.dialect, question.region.as_str());
    let thens = before.authorizations.iter().zip(&after.authorizations);
    for (one, (then, now)) in ask.authorizations.iter_mut().zip(thens) {
        let Some(context) = &one.context else { continue };
        let (old, mut new) =
            (derive_in(dialect, region, before, then), derive_in(dialect, region, &after, now));
        for (name, value) in context.iter().filter(|(name, value)| old.get(name) != Some(value)) {
            new.set(name.to_owned(), value.clone());
        }
        one.context = Some(new);
    }
    let contexts = ask.authorizations.iter().filter_map(|one| one.context.as_ref());
    ask.context_types = context_types(dialect, contexts);
    Some(changed)
}

/// The question with a condition on that key in one of its statements, most of the time.
fn asking(question: Question, key: &str, choices: &mut dyn Choices) -> Question {
    let asked =
        with_statement(&question, choices, |statement, spot, choices| on_key(key, statement, spot, choices));
    asked.unwrap_or(question)
}

/// The key is named by one of its aliases, or by the ARN of one.
fn named_by_alias(question: &Question, choices: &mut dyn Choices) -> Option<Question> {
    let one = request(question)?.authorizations.iter().find(|one| !one.resource.aliases.is_empty())?;
    let alias = choices.pick(&one.resource.aliases)?;
    let (start, _) = one.resource.arn.split_once(":key/")?;
    let name = if choices.chance(75) { format!("{start}:{alias}") } else { alias.clone() };
    let named = changed(question, |ask| {
        let Some(operation) = &mut ask.operation else { return false };
        set(&mut operation.parameters, "KeyId", Node::from(name));
        true
    })?;
    Some(asking(named, "kms:RequestAlias", choices))
}

/// The service that calls is that of a Region.
fn service_of_region(question: &Question, choices: &mut dyn Choices) -> Option<Question> {
    let (name, end) = request(question)?.caller.service.as_ref()?.split_once('.')?;
    let region = choices.pick(&["us-west-2", "me-south-1"])?;
    let service = format!("{name}.{region}.{end}");
    let is_renamed = choices.chance(70);
    let called = changed(question, |ask| {
        if is_renamed {
            ask.caller.service = Some(service);
        }
        true
    })?;
    Some(if choices.chance(30) { asking(called, "kms:ViaService", choices) } else { called })
}

/// The request comes from an address of another family, or from another one.
fn from_elsewhere(question: &Question, choices: &mut dyn Choices) -> Option<Question> {
    let address = *choices.pick(&["2001:db8::1", "203.0.113.200", "10.0.0.10"])?;
    let moved = changed(question, |ask| {
        ask.source_ip = Some(address.to_owned());
        ask.endpoint = None;
        true
    })?;
    Some(asking(moved, "aws:SourceIp", choices))
}

/// A service calls for the caller.
fn forwarded(question: &Question, choices: &mut dyn Choices) -> Option<Question> {
    let service = *choices.pick(&["ec2.amazonaws.com", "s3.amazonaws.com"])?;
    let is_person = can_have_tags(request(question)?);
    let forwarded = changed(question, |ask| {
        ask.via = vec![service.to_owned()];
        is_person
    })?;
    let key = *choices.pick(&[
        "kms:ViaService",
        "kms:ViaService",
        "kms:ViaService",
        "aws:CalledVia",
        "aws:ViaAWSService",
    ])?;
    Some(asking(forwarded, key, choices))
}

/// The request has a key that only its context gives.
fn given(
    question: &Question,
    choices: &mut dyn Choices,
    is_wanted: fn(&words::Word) -> bool,
) -> Option<Question> {
    let is_given = |key: &keys::ConditionKey| key.from == keys::From::Given && key.name.starts_with("aws:");
    let word = pick(
        WORDS.iter().filter(|word| is_given(word.key) && is_wanted(word) && !word.key.multivalued).collect(),
        choices,
    )?;
    let (name, value) = (choices.pick(&word.names)?, choices.pick(&word.values)?.text);
    let mut given = question.clone();
    let ask = request_mut(&mut given)?;
    for context in ask.authorizations.iter_mut().filter_map(|one| one.context.as_mut()) {
        context.set(name.as_str(), ContextValue::One(value.to_owned()));
    }
    let contexts = ask.authorizations.iter().filter_map(|one| one.context.as_ref());
    ask.context_types = context_types(question.dialect, contexts);
    Some(asking(given, name, choices))
}

/// A key that can have several values has none.
fn without_values(question: &Question, choices: &mut dyn Choices) -> Option<Question> {
    let several: Vec<_> =
        keys::all().iter().filter(|key| key.multivalued && !key.name.ends_with('*')).collect();
    let key = pick(several, choices)?.name;
    let mut empty = question.clone();
    let ask = request_mut(&mut empty)?;
    for context in ask.authorizations.iter_mut().filter_map(|one| one.context.as_mut()) {
        context.set(key, ContextValue::Many(Vec::new()));
    }
    let contexts = ask.authorizations.iter().filter_map(|one| one.context.as_ref());
    ask.context_types = context_types(question.dialect, contexts);
    Some(asking(empty, key, choices))
}

/// Whether the caller can have tags.
fn can_have_tags(ask: &Authorize) -> bool {
    matches!(ask.caller.kind, CallerKind::RoleSession | CallerKind::User)
}

/// A tag of the caller's has an odd value.
fn odd_tag(question: &Question, choices: &mut dyn Choices) -> Option<Question> {
    let value = choices.pick(TAGS)?;
    let tagged = changed(question, |ask| {
        let can = can_have_tags(ask);
        if can {
            ask.caller.tags.insert("team".to_owned(), (*value).to_owned());
        }
        can
    })?;
    let operator = *choices.pick(&["StringEquals", "StringLike", "StringNotEquals", "StringNotLike"])?;
    let (escaped, default) = (forms::escaped(value)?, format!("${{aws:PrincipalTag/none, '{value}'}}"));
    let spelled = match choices.below(6) {
        0 => (*value).to_owned(),
        1 | 2 => default,
        _ => escaped,
    };
    with_statement(&tagged, choices, |statement, _, _| {
        add(statement, operator, "aws:PrincipalTag/team", Node::from(spelled.as_str()))
    })
}

/// A tag of the caller's has the value of another key for its name, and a condition names it by a variable.
fn tag_named_by_value(question: &Question, choices: &mut dyn Choices) -> Option<Question> {
    let (name, value) = plain_value(question, choices)?;
    let tagged = changed(question, |ask| {
        let can = can_have_tags(ask);
        if can {
            ask.caller.tags.insert(value, "red-team".to_owned());
        }
        can
    })?;
    let key = format!("aws:PrincipalTag/${{{name}}}");
    with_statement(&tagged, choices, |statement, _, _| {
        add(statement, "StringEquals", &key, Node::from("red-team"))
    })
}

/// A tag of the caller's is a pattern of the value of another key, and a condition compares the two.
fn pattern_in_tag(question: &Question, choices: &mut dyn Choices) -> Option<Question> {
    let (name, value) = plain_value(question, choices)?;
    let pattern = match choices.chance(80) {
        true => format!("{}*", beginning(&value, 0, choices)?),
        false => value,
    };
    let tagged = changed(question, |ask| {
        let can = can_have_tags(ask);
        if can {
            ask.caller.tags.insert("team".to_owned(), pattern);
        }
        can
    })?;
    let operator = choices.pick(&["StringEquals", "StringLike", "StringNotEquals"])?;
    with_statement(&tagged, choices, |statement, spot, _| {
        spot.has_variables && add(statement, operator, &name, Node::from("${aws:PrincipalTag/team}"))
    })
}

/// A key with one value, which could be the name of a tag.
fn plain_value(question: &Question, choices: &mut dyn Choices) -> Option<(String, String)> {
    let context = context(question, 0)?;
    let plain = |(name, value): (&str, &ContextValue)| match value {
        ContextValue::One(value)
            if value.bytes().all(|byte| byte.is_ascii_alphanumeric()) && value.len() > 1 =>
        {
            Some((name.to_owned(), value.clone()))
        }
        _ => None,
    };
    pick(context.iter().filter_map(plain).filter(|(name, _)| !name.contains("Tag/")).collect(), choices)
}

/// A parameter that holds several things has one more: a pair, a tag, an operation.
fn one_more(question: &Question, choices: &mut dyn Choices) -> Option<Question> {
    let mut key = "";
    let more = changed(question, |ask| {
        let Some(operation) = &mut ask.operation else { return false };
        key = match operation.name.as_str() {
            "CreateGrant" if choices.chance(65) => "kms:GrantOperations",
            "CreateKey" | "ReplicateKey" | "TagResource" | "UntagResource" => "aws:TagKeys",
            _ => "kms:EncryptionContextKeys",
        };
        add_one(&operation.name, &mut operation.parameters, key)
    })?;
    Some(if choices.chance(70) { asking(more, key, choices) } else { more })
}

fn add_one(operation: &str, parameters: &mut Node, key: &str) -> bool {
    let tag = || object([("TagKey", "project".into()), ("TagValue", "blue-team".into())]);
    let (name, element) = match key {
        "kms:GrantOperations" => ("Operations", Node::from("Encrypt")),
        "aws:TagKeys" if operation == "UntagResource" => ("TagKeys", Node::from("project")),
        "aws:TagKeys" => ("Tags", tag()),
        _ => return add_pair(operation, parameters),
    };
    if parameters.get(name).is_none() {
        set(parameters, name, Node::from_iter(std::iter::empty::<Node>()));
    }
    let Some(list) = member_mut(parameters, name).and_then(elements_mut) else { return false };
    let is_new = !list.iter().any(|known| same(known, &element));
    if is_new {
        list.push(element);
    }
    is_new
}

/// Whether two entries of a list are the same operation or tag.
fn same(one: &Node, other: &Node) -> bool {
    one.as_str() == other.as_str()
        && one.get("TagKey").map(Node::as_str) == other.get("TagKey").map(Node::as_str)
}

/// Another pair in the encryption context, or in the constraint of a grant.
fn add_pair(operation: &str, parameters: &mut Node) -> bool {
    let place = match member_mut(parameters, "Constraints") {
        Some(constraints) => {
            let kind = ["EncryptionContextSubset", "EncryptionContextEquals"];
            let kind = kind.into_iter().find(|kind| constraints.get(kind).is_some());
            kind.and_then(|kind| member_mut(constraints, kind))
        }
        None => {
            let known = ["EncryptionContext", "SourceEncryptionContext"];
            let known = known.into_iter().find(|name| parameters.get(name).is_some());
            let takes_pairs = operations::by_name(operation)
                .is_some_and(|known| known.supplies("kms:EncryptionContext:*") && operation != "CreateGrant");
            if known.is_none() && takes_pairs && operation != "ReEncrypt" {
                set(parameters, "EncryptionContext", object([("Department", "Finance".into())]));
            }
            member_mut(parameters, known.unwrap_or("EncryptionContext"))
        }
    };
    let Some(pairs) = place.filter(|pairs| pairs.get("Purpose").is_none()) else { return false };
    set(pairs, "Purpose", "Research");
    true
}
