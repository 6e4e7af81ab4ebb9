//! Decides whether scratchstack-aspen's adapter hands over what it is given, and says what it cannot.

use serde_json::json;

use crate::questions::*;

const PROGRAM: &str = env!("CARGO_BIN_EXE_scratchstack-aspen");

#[test]
fn it_says_who_it_is() {
    let welcome = welcome(PROGRAM);
    let said = [&welcome["name"], &welcome["version"], &welcome["detail"]];
    assert_eq!(said, ["scratchstack-aspen", "0.3.1", "decision"]);
}

#[test]
fn documents_on_every_place_count() {
    let silent = |caller| asked(json!({ "caller": caller, "resource": { "policy": silent() } }));
    let session = |policies: serde_json::Value| {
        of_session(
            json!({ "caller": { "session-policies": policies }, "resource": { "policy": names(SESSION) } }),
        )
    };
    let denies = policy(json!({ "Effect": "Deny", "Action": "kms:Decrypt" }));
    check(
        PROGRAM,
        &[
            (asked(json!({})), "allow"),
            (silent(json!({})), "allow"),
            (silent(json!({ "policies": [] })), "deny"),
            (silent(json!({ "policies": attached("group/G", &[all()]) })), "allow"),
            (silent(json!({ "policies": attached("group/G", &[all(), denies.clone()]) })), "deny"),
            (silent(json!({ "boundary": other() })), "deny"),
            (silent(json!({ "boundary": all() })), "allow"),
            (silent(json!({ "boundary": all(), "policies": [] })), "deny"),
            (silent(json!({ "scps": [[all()], [other()]] })), "deny"),
            (silent(json!({ "scps": [[all()], [all()]] })), "allow"),
            (session(json!([other()])), "deny"),
            (session(json!([all(), all()])), "allow"),
        ],
    );
}

#[test]
fn callers_are_of_its_kinds() {
    let held = |key_policy| json!({ "caller": { "policies": null }, "resource": { "policy": key_policy } });
    let service = |name: &str| held(policy(json!({ "Principal": { "Service": name } })));
    let plain = |name: &str| {
        let mut changes = service(name);
        changes["caller"]["service"] = json!("logging.s3.amazonaws.com");
        changes
    };
    let root = json!({
        "caller": { "kind": "root", "arn": ROOT, "policies": null }, "context": { "aws:username": null } });
    check(
        PROGRAM,
        &[
            (asked(held(names(ALICE))), "allow"),
            (asked(held(names(BOB))), "deny"),
            (of_session(held(names(SESSION))), "allow"),
            // A policy that names the role does not reach its sessions: a failure, to be scored.
            (of_session(held(names(APP))), "deny"),
            (of_service(service("logs.us-west-2.amazonaws.com")), "allow"),
            (of_service(service("events.amazonaws.com")), "deny"),
            (of_service(plain("logging.s3.amazonaws.com")), "allow"),
            (asked(root), "allow"),
        ],
    );
}

#[test]
fn condition_keys_arrive_with_their_types() {
    let of = |condition, context| {
        asked(json!({ "caller": under(condition), "resource": { "policy": silent() }, "context": context }))
    };
    let token = |value| json!({ "BinaryEquals": { "someservice:Token": value } });
    let recent = json!({ "NumericLessThan": { "aws:MultiFactorAuthAge": "300" } });
    check(
        PROGRAM,
        &[
            (of(json!({ "Bool": { "aws:SecureTransport": "true" } }), json!({})), "allow"),
            (of(json!({ "Bool": { "aws:SecureTransport": "false" } }), json!({})), "deny"),
            (of(token("b25l"), json!({ "someservice:Token": "b25l" })), "allow"),
            (of(token("b25l"), json!({ "someservice:Token": "dHdv" })), "deny"),
            (of(recent.clone(), json!({ "aws:MultiFactorAuthAge": "299" })), "allow"),
            (of(recent, json!({ "aws:MultiFactorAuthAge": "many" })), "deny"),
            (of(json!({ "DateLessThan": { "aws:EpochTime": "1768478401" } }), json!({})), "allow"),
            (of(json!({ "DateLessThan": { "aws:CurrentTime": "2026-01-15T12:00:00Z" } }), json!({})), "deny"),
            (of(json!({ "IpAddress": { "aws:SourceIp": "203.0.113.0/24" } }), json!({})), "allow"),
            (of(json!({ "Null": { "aws:username": "true" } }), json!({ "aws:username": null })), "allow"),
        ],
    );
}

#[test]
fn a_key_with_several_values_is_unsupported_where_a_document_names_it() {
    let context = json!({ "kms:EncryptionContextKeys": ["a"] });
    let names = under(json!({ "StringEquals": { "kms:encryptioncontextkeys": "a" } }));
    check(
        PROGRAM,
        &[
            (asked(json!({ "context": context })), "allow"),
            (asked(json!({ "context": context, "caller": names })), "multivalued-keys"),
        ],
    );
}

#[test]
fn a_document_that_it_does_not_read_is_rejected() {
    let set = json!({ "ForAllValues:StringEquals": { "aws:TagKeys": "a" } });
    check(
        PROGRAM,
        &[
            (asked(json!({ "resource": { "policy": "{" } })), "rejected"),
            (asked(json!({ "caller": under(set) })), "rejected"),
            (
                asked(json!({ "caller": under(json!({ "StringLike": { "aws:username": "${" } })) })),
                "rejected",
            ),
        ],
    );
}

#[test]
fn a_request_without_resource_is_one() {
    let list = json!({ "arn": "*", "type": "kms:account", "policy": null });
    let of = |resource: &str| {
        let policies = attached("user/alice", &[policy(json!({ "Resource": resource }))]);
        asked(json!({ "action": "kms:ListKeys", "resource": list, "caller": { "policies": policies } }))
    };
    check(PROGRAM, &[(of("*"), "allow"), (of(KEY), "deny")]);
}

#[test]
fn what_it_has_no_place_for_is_unsupported() {
    let twins = json!({ "kms:EncryptionContext:a": "1", "kms:EncryptionContext:A": "2" });
    let path = "arn:aws:iam::111122223333:role/team/App";
    check(
        PROGRAM,
        &[
            (asked(json!({ "caller": { "scps": [[all(), other()]] } })), "scp-levels"),
            (asked(json!({ "caller": { "kind": "federated-user" } })), "federated-users"),
            (of_service(json!({ "caller": { "kind": "anonymous", "service": null } })), "anonymous"),
            (asked(json!({ "resource": { "rcps": [[all()]] } })), "rcps"),
            (asked(json!({ "context": twins })), "context-key-case"),
            (of_session(json!({ "caller": { "issuer": path } })), "role-paths"),
            (document("identity", all()), "identity-validation"),
        ],
    );
}
