//! Decides whether iam-rs's adapter hands over what it is given, and says what it cannot.

use serde_json::json;

use crate::questions::*;

const PROGRAM: &str = env!("CARGO_BIN_EXE_iam-rs");

#[test]
fn it_says_who_it_is() {
    let welcome = welcome(PROGRAM);
    assert_eq!([&welcome["name"], &welcome["version"], &welcome["detail"]], ["iam-rs", "0.8.0", "deny-kind"]);
}

#[test]
fn documents_of_caller_and_resource_are_one_set() {
    let denies = policy(json!({ "Effect": "Deny", "Action": "kms:Decrypt" }));
    check(
        PROGRAM,
        &[
            (asked(json!({})), "allow"),
            (asked(json!({ "caller": { "policies": [] } })), "implicit-deny"),
            (
                asked(json!({ "caller": { "policies": attached("user/alice", &[all(), denies]) } })),
                "explicit-deny",
            ),
            (asked(json!({ "caller": { "policies": attached("group/G", &[all()]) } })), "allow"),
            (asked(json!({ "caller": { "policies": [] }, "resource": { "policy": names(ALICE) } })), "allow"),
            // What a key policy is for, it does not know: a failure, to be scored.
            (asked(json!({ "resource": { "policy": silent() } })), "allow"),
        ],
    );
}

#[test]
fn callers_go_by_one_name() {
    let held = |key_policy| json!({ "caller": { "policies": null }, "resource": { "policy": key_policy } });
    let service = |name: &str| held(policy(json!({ "Principal": { "Service": name } })));
    let path = "arn:aws:iam::111122223333:role/team/App";
    let of_path = json!({
        "caller": { "policies": null, "issuer": path }, "resource": { "policy": names(path) } });
    let root = json!({
        "caller": { "kind": "root", "arn": ROOT, "policies": null }, "context": { "aws:username": null } });
    check(
        PROGRAM,
        &[
            (of_session(held(names(APP))), "allow"),
            (of_session(of_path), "allow"),
            (of_session(held(names(ALICE))), "implicit-deny"),
            (of_service(service("logs.us-west-2.amazonaws.com")), "allow"),
            (of_service(service("logs.amazonaws.com")), "implicit-deny"),
            (asked(root), "allow"),
        ],
    );
}

#[test]
fn condition_keys_arrive_with_their_types() {
    let of = |condition, context| asked(json!({ "caller": under(condition), "context": context }));
    let recent = json!({ "NumericLessThan": { "aws:MultiFactorAuthAge": "300" } });
    let keys = json!({ "ForAllValues:StringEquals": { "kms:EncryptionContextKeys": ["a", "b"] } });
    check(
        PROGRAM,
        &[
            (of(json!({ "Bool": { "aws:SecureTransport": "true" } }), json!({})), "allow"),
            (of(json!({ "Bool": { "aws:SecureTransport": "false" } }), json!({})), "implicit-deny"),
            (of(recent.clone(), json!({ "aws:MultiFactorAuthAge": "299" })), "allow"),
            (of(recent, json!({ "aws:MultiFactorAuthAge": "many" })), "implicit-deny"),
            (of(json!({ "DateLessThan": { "aws:EpochTime": "1768478401" } }), json!({})), "allow"),
            (of(json!({ "IpAddress": { "aws:SourceIp": "203.0.113.0/24" } }), json!({})), "allow"),
            (of(json!({ "Null": { "aws:username": "true" } }), json!({ "aws:username": null })), "allow"),
            (of(keys.clone(), json!({ "kms:EncryptionContextKeys": ["a"] })), "allow"),
            (of(keys, json!({ "kms:EncryptionContextKeys": ["a", "c"] })), "implicit-deny"),
        ],
    );
}

#[test]
fn a_document_that_it_does_not_read_is_rejected() {
    let member_twice = r#"{"Version":"2012-10-17","Statement":[],"Statement":[]}"#;
    check(
        PROGRAM,
        &[
            (asked(json!({ "resource": { "policy": "{" } })), "rejected"),
            (asked(json!({ "resource": { "policy": member_twice } })), "rejected"),
            (
                asked(json!({ "caller": under(json!({ "NumericEquals": { "aws:username": "x" } })) })),
                "rejected",
            ),
        ],
    );
}

#[test]
fn what_it_has_no_place_for_is_unsupported() {
    let twins = json!({ "kms:EncryptionContext:a": "1", "kms:EncryptionContext:A": "2" });
    let list = json!({ "arn": "*", "type": "kms:account", "policy": null });
    check(
        PROGRAM,
        &[
            (asked(json!({ "action": "kms:ListKeys", "resource": list })), "requests-without-resource"),
            (asked(json!({ "caller": { "boundary": all() } })), "boundaries"),
            (asked(json!({ "caller": { "scps": [[all()]] } })), "scps"),
            (of_session(json!({ "caller": { "session-policies": [all()] } })), "session-policies"),
            (of_service(json!({ "caller": { "kind": "anonymous", "service": null } })), "anonymous"),
            (of_session(json!({ "resource": { "policy": names(SESSION) } })), "session-arns"),
            (asked(json!({ "context": twins })), "context-key-case"),
            (document("key-policy", delegates()), "key-policy-validation"),
            (document("scp", all()), "scp-validation"),
        ],
    );
}

#[test]
fn documents_are_accepted_or_refused() {
    let both = policy(json!({ "NotAction": "kms:Encrypt" }));
    check(
        PROGRAM,
        &[
            (document("identity", all()), "accepted"),
            (document("resource-policy", delegates()), "accepted"),
            (document("identity", both), "rejected"),
            (document("identity", json!("{")), "rejected"),
        ],
    );
}
