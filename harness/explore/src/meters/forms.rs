//! Decides which forms of texts and shapes, and which odd facts, there are for questions to reach: what evaluators take for
//! something else.

use kms_model::question::{Authorize, ContextValue};
use kms_model::{Dialect, Question};

use super::constructs::Construct;
use crate::relations::build::request;

/// A form of a document, which its text shows.
struct Form {
    name: &'static str,
    /// The dialects in which it is looked for.
    dialects: &'static [Dialect],
    is_in: fn(&str) -> bool,
}

/// A fact of a request.
struct Fact {
    name: &'static str,
    is_in: fn(&Authorize) -> bool,
}

const AWS: &[Dialect] = &[Dialect::Aws];
const RAM: &[Dialect] = &[Dialect::Ram];
const BOTH: &[Dialect] = &[Dialect::Aws, Dialect::Ram];

const fn form(name: &'static str, dialects: &'static [Dialect], is_in: fn(&str) -> bool) -> Form {
    Form { name, dialects, is_in }
}

const fn fact(name: &'static str, is_in: fn(&Authorize) -> bool) -> Fact {
    Fact { name, is_in }
}

static FORMS: &[Form] = &[
    form("action with a question mark more", BOTH, |text| any(text, |it| is_action(it) && it.ends_with('?'))),
    form("action with two wildcards", BOTH, |text| {
        any(text, |it| is_action(it) && it.matches(['*', '?']).count() > 1)
    }),
    form("address block between octets", BOTH, |text| {
        any(text, |it| length_of_block(it).is_some_and(|length| length % 8 != 0))
    }),
    form("address with a star", BOTH, |text| any(text, |it| it.ends_with(".*") && it.starts_with("203."))),
    form("all addresses of a family", BOTH, |text| any(text, |it| matches!(it, "0.0.0.0/0" | "::/0"))),
    form("arn of the other vendor", RAM, |text| any(text, |it| it.starts_with("arn:"))),
    form("bare account or arn as principal", AWS, |text| {
        ["1111", "arn:"].iter().any(|start| text.contains(&format!("\"Principal\":\"{start}")))
    }),
    form("condition key in two spellings", AWS, |text| {
        text.contains("aws:username") && text.contains("aws:UserName")
    }),
    form("condition key of the other vendor", RAM, |text| text.contains("\"aws:")),
    form("condition key that there is not", AWS, |text| text.contains("kms:NoSuchKey")),
    form("condition key with a variable", AWS, |text| text.contains("aws:PrincipalTag/${")),
    form("condition that is no object", AWS, |text| text.contains("\"Condition\":\"x\"")),
    form("date with a fraction", BOTH, |text| any(text, |it| is_date(it) && it.contains('.'))),
    form("date with an offset", BOTH, |text| any(text, |it| is_date(it) && it.contains('+'))),
    form("date without seconds", BOTH, |text| {
        any(text, |it| is_date(it) && it.len() == "2026-01-15T12:00Z".len())
    }),
    form("effect in a list", AWS, |text| text.contains("\"Effect\":[")),
    form("empty list of actions", BOTH, |text| text.contains("\"Action\":[]")),
    form("empty list of resources", BOTH, |text| text.contains("\"Resource\":[]")),
    form("escaped dollar", AWS, |text| text.contains("${$}")),
    form("escaped question mark", AWS, |text| text.contains("${?}")),
    form("escaped star", AWS, |text| text.contains("${*}")),
    form("list around a document", AWS, |text| text.starts_with('[')),
    form("list in a list", AWS, |text| text.contains("[[")),
    form("member of another type", AWS, |text| {
        ["\"Id\":1", "\"Sid\":1", "\"Version\":2", "\"Allow\"]"].iter().any(|odd| text.contains(odd))
    }),
    form("no action", AWS, |text| text.contains("Effect") && !text.contains("ction\":")),
    form("no resource", AWS, |text| text.contains("Effect") && !text.contains("esource\":")),
    form("no statement", AWS, |text| !text.contains("Statement")),
    form("nobody as principal", AWS, |text| text.contains("\"Principal\":{}")),
    form("null beside another operator", AWS, |text| {
        text.contains("\"Null\"") && text.matches(":{\"").count() > 2
    }),
    form("number with a decimal", BOTH, |text| {
        any(text, |it| it.ends_with(".5") && it.parse::<f64>().is_ok())
    }),
    form("number with a sign", BOTH, |text| {
        any(text, |it| it.starts_with(['+', '-']) && it.parse::<f64>().is_ok())
    }),
    form("operator for arns", RAM, |text| text.contains("\"Arn")),
    form("operator that negates Bool", AWS, |text| text.contains("NotBool") || text.contains("BoolNot")),
    form("principal beside NotPrincipal", AWS, |text| {
        text.contains("\"Principal\":") && text.contains("\"NotPrincipal\":")
    }),
    form("principal in another partition", AWS, |text| {
        text.contains("arn:aws:iam") && text.contains("arn:aws-cn:iam")
    }),
    form("principal of a kind that there is not", AWS, |text| {
        text.contains("{\"User\":") || text.contains(",\"User\":")
    }),
    form("principal of the other vendor", RAM, |text| text.contains("\"AWS\":")),
    form("resource that is no arn", AWS, |text| {
        text.contains("\"Resource\":\"alias/") || text.contains("\"Resource\":\"key/")
    }),
    form("set operator in another number", AWS, |text| {
        text.contains("ForAllValue:") || text.contains("ForAnyValues:")
    }),
    form("sids that are the same", AWS, |text| text.matches("\"Sid\":\"Same\"").count() > 1),
    form("statements twice", AWS, |text| text.matches("\"Statement\":").count() > 1),
    form("text behind a document", AWS, |text| text.contains("}{") || text.ends_with("]}}")),
    form("text that is no action", AWS, |text| {
        any(text, |it| is_action(it) && ["^", "|", ",", ".*", "${"].iter().any(|odd| it.contains(odd)))
    }),
    form("value that is empty", BOTH, |text| text.contains(":\"\"")),
    form("value with a full stop for a character", BOTH, |text| any(text, is_dotted)),
    form("variable in another spelling", AWS, |text| text.contains("${AWS:") || text.contains("${KMS:")),
    form("variable in NotResource", AWS, |text| {
        text.split_once("\"NotResource\":")
            .is_some_and(|(_, rest)| rest.get(..160).unwrap_or(rest).contains("${"))
    }),
    form("variable in an arn", AWS, |text| any(text, |it| it == "${aws:PrincipalArn}")),
    form("variable that is not written as one", AWS, |text| {
        ["${aws:username,'", "${aws:username , '", "'alice'} ${"].iter().any(|odd| text.contains(odd))
    }),
    form("what looks like a variable", RAM, |text| text.contains("${acs:")),
];

static FACTS: &[Fact] = &[
    fact("a key of several Regions in daily use", |ask| {
        let named = |name: &str| ask.operation.as_ref().is_some_and(|operation| operation.name == name);
        named("Decrypt") && ask.authorizations.iter().any(|one| one.resource.arn.contains("/mrk-"))
    }),
    fact("constraint of two pairs", |ask| {
        let grants = ask.authorizations.iter().flat_map(|one| &one.resource.grants);
        let pairs =
            grants.filter_map(|grant| grant.constraints.as_ref()?.get("EncryptionContextSubset")?.members());
        pairs.into_iter().any(|pairs| pairs.len() > 1)
    }),
    fact("key named by the arn of an alias", |ask| {
        let named = ask.operation.as_ref().and_then(|operation| operation.parameters.get("KeyId")?.as_str());
        named.is_some_and(|named| named.contains(":alias/"))
    }),
    fact("key without values", |ask| {
        let contexts = ask.authorizations.iter().filter_map(|one| one.context.as_ref());
        contexts
            .flat_map(|context| context.iter())
            .any(|(_, value)| matches!(value, ContextValue::Many(values) if values.is_empty()))
    }),
    fact("service of a Region", |ask| {
        ask.caller.service.as_ref().is_some_and(|service| service.split('.').count() > 3)
    }),
    fact("tag with a wildcard", |ask| ask.caller.tags.values().any(|value| value.contains(['*', '?']))),
    fact("tag with a dollar sign", |ask| ask.caller.tags.values().any(|value| value.contains('$'))),
];

/// The forms and facts of a dialect.
pub fn of_dialect(dialect: Dialect) -> Vec<Construct> {
    let forms = FORMS.iter().filter(|form| form.dialects.contains(&dialect));
    let forms = forms.map(|form| Construct { group: "form", name: form.name });
    let facts = FACTS.iter().filter(|_| dialect == Dialect::Aws);
    forms.chain(facts.map(|fact| Construct { group: "fact", name: fact.name })).collect()
}

/// Calls `see` with each form of the text of a document.
pub fn of_text(dialect: Dialect, text: &str, see: &mut dyn FnMut(Construct)) {
    for form in FORMS.iter().filter(|form| form.dialects.contains(&dialect) && (form.is_in)(text)) {
        see(Construct { group: "form", name: form.name });
    }
}

/// Calls `see` with each odd fact of the question.
pub fn of_request(question: &Question, see: &mut dyn FnMut(Construct)) {
    let Some(ask) = request(question).filter(|_| question.dialect == Dialect::Aws) else { return };
    for fact in FACTS.iter().filter(|fact| (fact.is_in)(ask)) {
        see(Construct { group: "fact", name: fact.name });
    }
}

/// Whether one of the strings of a text is of that form. What stands between quotation marks is one.
fn any(text: &str, is_it: fn(&str) -> bool) -> bool {
    text.split('"').any(is_it)
}

fn is_action(text: &str) -> bool {
    text.trim_start_matches(['^', '(']).starts_with("kms:") && !text.starts_with("kms:EncryptionContext:")
}

/// Whether a word that is often asked for has a full stop in the place of a character.
fn is_dotted(text: &str) -> bool {
    ["alias/app", "111122223333", "red-team", "ENCRYPT_DECRYPT", "Apollo", "vpc-one"].iter().any(|word| {
        let other = text.bytes().zip(word.bytes()).filter(|(one, other)| one != other);
        text.len() == word.len() && other.clone().count() == 1 && other.clone().all(|(one, _)| one == b'.')
    })
}

fn is_date(text: &str) -> bool {
    text.starts_with("20") && text.contains("-01T") || text.starts_with("2026-01-15T")
}

/// The length of a block of IPv4 addresses.
fn length_of_block(text: &str) -> Option<u8> {
    let (address, length) = text.split_once('/')?;
    address.parse::<std::net::Ipv4Addr>().ok()?;
    length.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_told_by_their_texts() {
        for (name, text, expected) in [
            ("address block between octets", r#"{"aws:SourceIp":"203.0.113.128/25"}"#, true),
            ("address block between octets", r#"{"aws:SourceIp":"203.0.113.0/24"}"#, false),
            ("date with an offset", r#""2026-01-15T12:00:00+01:00""#, true),
            ("date with an offset", r#""2026-01-15T12:00:00Z""#, false),
            ("number with a sign", r#""-5""#, true),
            ("number with a sign", r#""-""#, false),
            ("action with two wildcards", r#""kms:D?c*""#, true),
            ("action with two wildcards", r#""arn:aws:kms:*:*:key/1""#, false),
            ("no action", r#"{"Effect":"Deny","NotAction":[]}"#, false),
            ("no action", r#"{"Effect":"Deny"}"#, true),
        ] {
            let mut found = false;
            of_text(Dialect::Aws, text, &mut |construct| found |= construct.name == name);
            assert_eq!(found, expected, "{name}: {text}");
        }
    }
}
