//! Tables of elements against actions and resources.

use kms_model::question::{Authorization, Authorize, Caller, Context, Resource};
use kms_model::ram::policy::RamPolicy;

use super::*;

const O: &str = "1234567890123456";
const K1: &str = "acs:kms:cn-hangzhou:1234567890123456:key/k1";

/// Whether a statement of an identity policy with these elements applies to an action on a resource.
fn applies(elements: &str, action: &str, arn: &str) -> bool {
    let text = format!(r#"{{"Version":"1","Statement":[{{"Effect":"Allow",{elements}}}]}}"#);
    let policy = RamPolicy::read(&text).unwrap();
    let mut problems = Vec::new();
    let statement = Statement::new(&policy.statements[0], &mut problems);
    assert_eq!(problems, [], "{text}");
    let mut resource = Resource::default();
    (resource.arn, resource.account, resource.kind) = (arn.to_owned(), O.to_owned(), "kms:key".to_owned());
    let authorization = Authorization::new(action, resource);
    let ask = Authorize::new("2026-01-15T12:00:00Z", Caller::default(), vec![authorization.clone()]);
    let context = Context::default();
    statement.applies(&Request::new(&ask, &authorization, &context), PolicyType::Identity).is_ok()
}

#[test]
fn actions_cover_by_name_and_wildcard() {
    for (element, action, expected) in [
        (r#""Action":"kms:Encrypt*""#, "kms:Encrypt", true), // ram.match.star-zero-or-more
        (r#""Action":"kms:Encrypt?*""#, "kms:Encrypt", false),
        (r#""Action":"kms:?ncrypt""#, "kms:Encrypt", true), // ram.match.question-one
        (r#""Action":"kms:?Encrypt""#, "kms:Encrypt", false),
        (r#""Action":"kms:List*""#, "kms:ListAliasesByKeyId", true), // ram.match.action-prefix
        (r#""Action":"kms:List*""#, "kms:DescribeKey", false),
        (r#""Action":"kms:GenerateDataKey""#, "kms:GenerateDataKeyWithoutPlaintext", false), // ram.match.action-exact-no-prefix
        (r#""Action":"kms:*""#, "kms:CreateKey", true), // ram.match.service-star
        (r#""Action":"kms:*""#, "ecs:DescribeInstances", false),
        (r#""Action":"*""#, "ecs:DescribeInstances", true), // ram.doc.star-shorthand
        (r#""Action":"KMS:ENCRYPT""#, "kms:Encrypt", true), // ram.match.action-case-insensitive
        (r#""Action":"Encrypt""#, "kms:Encrypt", false),    // ram.doc.action-format
        (r#""Action":["kms:Encrypt","kms:Decrypt"]"#, "kms:Decrypt", true), // ram.evaluation.action-list-order
        (r#""Action":["kms:Encrypt","kms:Decrypt"]"#, "kms:Sign", false),
        (r#""Action":"kms:ReEncrypt""#, "kms:ReEncryptFrom", false), // ram.kms.multi.reencrypt-two-actions
        (r#""NotAction":"ram:*""#, "kms:Encrypt", true),             // ram.notaction.allow-all-but
        (r#""NotAction":"ram:*""#, "ram:CreateUser", false),
        (r#""NotAction":"kms:List*""#, "kms:ListKeys", false), // ram.notaction.wildcards
        (r#""NotAction":["kms:List*","kms:decrypt"]"#, "kms:Decrypt", false),
    ] {
        let elements = format!(r#"{element},"Resource":"*""#);
        assert_eq!(applies(&elements, action, K1), expected, "{element} on {action}");
    }
}

#[test]
fn resources_cover_by_arn_and_wildcard() {
    let arn = |rest: &str| format!("acs:kms:cn-hangzhou:{O}:{rest}");
    for (value, resource, expected) in [
        (K1.to_owned(), K1.to_owned(), true), // ram.kms.arn.key
        (arn("key/k2"), K1.to_owned(), false),
        (arn("key"), arn("key"), true), // ram.kms.arn.key-container
        (arn("key"), K1.to_owned(), false),
        (arn("key/*"), arn("key"), false), // ram.kms.arn.container-not-in-slash-star
        (arn("key/*"), K1.to_owned(), true),
        (arn("key*"), arn("key"), true), // ram.match.wildcard-partial-segment
        (arn("alias/*"), arn("alias/app/prod"), true), // ram.match.wildcard-crosses-slash
        (arn("alias/app"), arn("alias/app/prod"), false),
        (format!("acs:kms:*:{O}:*"), arn("alias"), true), // ram.kms.arn.colon-star-everything
        ("acs:kms:*:*:key/*".to_owned(), K1.to_owned(), true), // ram.match.account-star
        ("acs:kms:*:6543210987654321:key/*".to_owned(), K1.to_owned(), false), // ram.match.account-must-match
        (format!("acs:kms:cn-hangzhou:{O}:*"), format!("acs:kms:cn-beijing:{O}:key/k1"), false), // ram.match.region-star
        (format!("acs:kms:cn-hangzhou:{O}:*"), format!("acs:kms:cn-hangzhou-finance:{O}:key/k1"), false), // ram.seed.sample.regions.prefix
        (format!("arn:acs:kms:cn-hangzhou:{O}:key/k1"), K1.to_owned(), false), // ram.doc.resource-format
        (arn("KEY/k1"), K1.to_owned(), false),                                 // ram.match.resource-case
        (format!("acs:kms:${{region-id}}:{O}:key/k1"), K1.to_owned(), false), // ram.match.placeholder-is-text
        ("*".to_owned(), "*".to_owned(), true), // ram.kms.action.get-random-password
        (arn("secret/*"), "*".to_owned(), false),
    ] {
        let elements = format!(r#""Action":"*","Resource":"{value}""#);
        assert_eq!(applies(&elements, "kms:Encrypt", &resource), expected, "{value} on {resource}");
    }
    assert!(!applies(r#""NotAction":"kms:Decrypt","Resource":"acs:kms:*:*:key/k2""#, "kms:Encrypt", K1)); // ram.notaction.resource-still-applies
    assert!(applies(&format!(r#""Action":"ecs:TagResources","Resource":"{K1}""#), "ecs:TagResources", K1)); // ram.match.service-of-action-and-resource-independent
}
