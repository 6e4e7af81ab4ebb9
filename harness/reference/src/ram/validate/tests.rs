//! Whole documents, each as a policy of some type.

use kms_model::{Evaluator, Outcome, Question};

use crate::RamReference;

const USER: &str = r#"{"RAM":["acs:ram::1234567890123456:user/alice"]}"#;

/// The problems because of which the document is rejected, without their places; `None` if it is accepted.
fn refusal_of(policy_type: &str, document: &str, members: &str) -> Option<String> {
    let document = kms_model::json::compact(&document.into());
    let text = format!(
        r#"{{"kind":"validate","dialect":"ram","region":"cn-hangzhou","policy-type":"{policy_type}","document":{document}{members}}}"#
    );
    let answer = RamReference::new().answer(&Question::parse(&text).unwrap());
    match answer.outcome {
        Outcome::Accepted => None,
        Outcome::Rejected { policy } => {
            assert_eq!(policy.as_deref(), Some("/document"));
            let message = answer.message.unwrap();
            let problems = message.split("; ").map(|one| one.split_once(": ").map_or(one, |(_, rest)| rest));
            Some(problems.collect::<Vec<_>>().join("; "))
        }
        outcome => panic!("{outcome}: {text}"),
    }
}

fn refusal(policy_type: &str, document: &str) -> Option<String> {
    refusal_of(policy_type, document, "")
}

/// A document with one statement that has these elements beside its effect.
fn one(elements: &str) -> String {
    format!(r#"{{"Version":"1","Statement":[{{"Effect":"Allow",{elements}}}]}}"#)
}

/// A key policy for alice with these elements.
fn for_alice(elements: &str) -> String {
    one(&format!(r#""Principal":{USER},{elements}"#))
}

fn check(policy_type: &str, table: &[(String, Option<&str>)]) {
    for (document, expected) in table {
        assert_eq!(refusal(policy_type, document).as_deref(), *expected, "{policy_type}: {document}");
    }
}

#[test]
fn policies_of_identities_name_no_principal() {
    for policy_type in ["identity", "session", "control"] {
        check(
            policy_type,
            &[
                (one(r#""Action":"kms:Encrypt","Resource":"*""#), None),
                (one(r#""Sid":"any text ü","Action":"*","Resource":"*""#), None), // ram.doc.sid-in-identity-policy
                (one(r#""Action":"kms:*""#), Some("a statement needs `Resource`")), // ram.doc.resource-required
                (
                    for_alice(r#""Action":"*","Resource":"*""#), // ram.doc.principal-not-in-identity-policy
                    Some("a policy of this type names no principal: it is about whom it is attached to"),
                ),
                (
                    // ram.condition.no-ifexists
                    one(r#""Action":"*","Resource":"*","Condition":{"StringEqualsIfExists":{"k":"v"}}"#),
                    Some("unknown condition operator `StringEqualsIfExists`"),
                ),
                (
                    one(r#""Action":"*","Resource":"*""#).replace(r#""1""#, r#""2012-10-17""#),
                    Some("`Version` must be the string `1`"),
                ),
            ],
        );
    }
}

#[test]
fn every_problem_is_told_with_its_place() {
    let text = r#"{"kind":"validate","dialect":"ram","region":"cn-hangzhou","policy-type":"key-policy",
        "document":{"Version":"1","Statement":[{"Effect":"Deny","Action":["ecs:*"],"Resource":["a"]}]}}"#;
    let answer = RamReference::new().answer(&Question::parse(text).unwrap());
    assert_eq!(
        answer.message.unwrap(),
        "1:29: a statement of a policy of this type needs `Principal`; 1:77: `Resource` of a policy of this type can \
         only be `*`, not `a`; 1:56: an action in a policy of this type begins with `kms:`, unlike `ecs:*`"
    );
}

#[test]
fn texts_have_the_documented_length() {
    // ram.doc.length-session-policy, ram.doc.length-control-policy, ram.kms.keypolicy.length
    for (policy_type, most, unit) in [
        ("identity", 6_144, "characters"),
        ("session", 2_048, "characters"),
        ("control", 4_096, "characters"),
        ("key-policy", 32_768, "bytes"),
        ("secret-policy", 32_768, "bytes"),
    ] {
        let plain = match unit {
            "bytes" => for_alice(r#""Action":"kms:Encrypt","Resource":"*""#),
            _ => one(r#""Action":"kms:Encrypt","Resource":"*""#),
        };
        let padded = |length: usize| format!("{plain}{}", " ".repeat(length - plain.len()));
        assert_eq!(refusal(policy_type, &padded(most)), None);
        assert_eq!(
            refusal(policy_type, &padded(most + 1)).unwrap(),
            format!("a policy of this type has at most {most} {unit}, not {}", most + 1)
        );
    }
    // A character of three bytes is one.
    let wide = one(&format!(r#""Sid":"{}","Action":"kms:Encrypt","Resource":"*""#, "钥".repeat(1_900)));
    assert_eq!(refusal("session", &wide), None);
}

#[test]
fn policies_of_keys_and_secrets_are_about_kms() {
    for policy_type in ["key-policy", "secret-policy"] {
        check(
            policy_type,
            &[
                (for_alice(r#""Action":["kms:Encrypt"],"Resource":["*"]"#), None),
                (for_alice(r#""Sid":"kms default key policy","Action":"kms:*","Resource":"*""#), None), // ram.kms.keypolicy.sid
                (for_alice(&format!(r#""Sid":"{}","Action":"kms:*","Resource":"*""#, "a".repeat(128))), None),
                (
                    for_alice(&format!(r#""Sid":"{}","Action":"kms:*","Resource":"*""#, "a".repeat(129))),
                    Some("`Sid` has at most 128 characters, not 129"),
                ),
                (
                    for_alice(r#""Sid":"a:b","Action":"kms:*","Resource":"*""#),
                    Some("`Sid` cannot hold the character U+003A"),
                ),
                (
                    one(r#""Action":"kms:*","Resource":"*""#), // ram.kms.keypolicy.principal-required
                    Some("a statement of a policy of this type needs `Principal`"),
                ),
                (
                    for_alice(r#""Action":"kms:*","Resource":"acs:kms:*:*:key/k1""#), // ram.kms.keypolicy.resource-star-only
                    Some("`Resource` of a policy of this type can only be `*`, not `acs:kms:*:*:key/k1`"),
                ),
                (for_alice(r#""Action":"kms:*""#), Some("a statement needs `Resource`")),
                (
                    for_alice(r#""Action":"*","Resource":"*""#), // ram.kms.keypolicy.action-prefix
                    Some("an action in a policy of this type begins with `kms:`, unlike `*`"),
                ),
                (
                    for_alice(r#""NotAction":"kms:Encrypt","Resource":"*""#),
                    Some("a policy of this type lists its actions in `Action`"),
                ),
            ],
        );
    }
}

#[test]
fn principals_are_those_that_the_type_knows() {
    let with = |principal: &str| one(&format!(r#""Principal":{principal},"Action":"kms:*","Resource":"*""#));
    for (principal, key_policy, trust_policy) in [
        (USER, true, true),
        (r#"{"RAM":"acs:ram::1234567890123456:role/App"}"#, true, true),
        (r#"{"RAM":"acs:ram::1234567890123456:*"}"#, true, true),
        (r#"{"RAM":"acs:ram::1234567890123456:root"}"#, true, true),
        (r#"{"Service":["ecs.aliyuncs.com"]}"#, false, true),
        (r#"{"Federated":["acs:ram::1234567890123456:saml-provider/idp"]}"#, false, true),
        (r#"{"RAM":"*"}"#, false, false),
        (r#"{"RAM":"acs:ram::1234567890123456:user/"}"#, false, false),
        (r#"{"RAM":"acs:ram::1234567890123456:group/G"}"#, false, false),
        (r#"{"RAM":"arn:aws:iam::111122223333:root"}"#, false, false),
        (r#"{"Federated":"https://idp.example"}"#, false, false),
    ] {
        let accepts = |policy_type| refusal(policy_type, &with(principal)).is_none();
        assert_eq!(
            (accepts("key-policy"), accepts("trust-policy")),
            (key_policy, trust_policy),
            "{principal}"
        );
        assert!(accepts("resource-policy"), "{principal}");
    }
    assert_eq!(refusal("trust-policy", &for_alice(r#""Action":"sts:AssumeRole""#)), None);
    assert_eq!(
        refusal("trust-policy", &one(r#""Action":"sts:AssumeRole""#)).as_deref(),
        Some("a statement of a policy of this type needs `Principal`")
    );
}

#[test]
fn a_policy_with_the_calling_vpc_is_about_kms_alone() {
    // ram.key.source-vpc-kms-actions-only
    const VPC: &str = r#""Resource":"*","Condition":{"StringEquals":{"acs:SourceVpc":"vpc-1"}}"#;
    let message = "in a policy with `acs:SourceVpc` for KMS, every action begins with `kms:`";
    for (action, other, refused) in [
        (r#""Action":"kms:*""#, r#""Action":"kms:List*""#, false),
        (r#""Action":"*""#, r#""Action":"kms:*""#, true),
        (r#""Action":"k*""#, r#""Action":"kms:*""#, true),
        (r#""Action":"?ms:Encrypt""#, r#""Action":"kms:*""#, true),
        (r#""Action":["kms:*","ecs:*"]"#, r#""Action":"kms:*""#, true),
        (r#""Action":"kms:*""#, r#""Action":"ecs:*""#, true),
        (r#""NotAction":"kms:Encrypt""#, r#""Action":"kms:*""#, true),
        (r#""Action":"oss:*""#, r#""Action":"ecs:*""#, false),
        (r#""Action":"kmsx:*""#, r#""Action":"ecs:*""#, false),
    ] {
        let document = format!(
            r#"{{"Version":"1","Statement":[{{"Effect":"Allow",{action},{VPC}}},{{"Effect":"Allow",{other},"Resource":"*"}}]}}"#
        );
        assert_eq!(refusal("identity", &document).as_deref(), refused.then_some(message), "{document}");
    }
}

#[test]
fn a_key_has_one_policy_and_it_is_named_default() {
    // ram.kms.keypolicy.one-per-key
    let document = for_alice(r#""Action":"kms:*","Resource":"*""#);
    let named = |name: &str| format!(r#","for":"SetKeyPolicy","parameters":{{"PolicyName":"{name}"}}"#);
    assert_eq!(refusal_of("key-policy", &document, &named("default")), None);
    assert_eq!(
        refusal_of("key-policy", &document, &named("other")).as_deref(),
        Some("the only policy that can be set is `default`, not `other`")
    );
}

#[test]
fn what_ram_has_nothing_of_is_not_answered() {
    let ask = |members: &str| {
        let text = format!(r#"{{"kind":"validate","dialect":"ram","region":"r","document":{{}},{members}}}"#);
        RamReference::new().answer(&Question::parse(&text).unwrap()).outcome.to_string()
    };
    assert_eq!(ask(r#""policy-type":"scp""#), "error (there is no `scp` in RAM)");
    assert_eq!(ask(r#""policy-type":"identity","principals":[]"#), "unsupported (principal-inventory)");
    assert_eq!(
        ask(r#""policy-type":"key-policy","caller":{"kind":"root"}"#),
        "unsupported (lockout-safety-check)"
    );
}
