//! Decides whether fakecloud's adapter hands over what it is given, and says what it cannot.

use serde_json::json;

use crate::questions::*;

const PROGRAM: &str = env!("CARGO_BIN_EXE_fakecloud");

#[test]
fn it_says_who_it_is() {
    let welcome = welcome(PROGRAM);
    assert_eq!(
        [&welcome["name"], &welcome["version"], &welcome["detail"]],
        ["fakecloud", "0.51.0", "deny-kind"]
    );
}

#[test]
fn documents_on_every_place_count() {
    let denies = policy(json!({ "Effect": "Deny", "Action": "kms:Decrypt" }));
    let session =
        |policies: serde_json::Value| of_session(json!({ "caller": { "session-policies": policies } }));
    check(
        PROGRAM,
        &[
            (asked(json!({})), "allow"),
            (asked(json!({ "caller": { "policies": [] } })), "implicit-deny"),
            (
                asked(json!({ "caller": { "policies": attached("user/alice", &[all(), denies.clone()]) } })),
                "explicit-deny",
            ),
            (asked(json!({ "caller": { "policies": attached("group/G", &[all()]) } })), "allow"),
            (asked(json!({ "resource": { "policy": silent() } })), "implicit-deny"),
            (asked(json!({ "caller": { "boundary": other() } })), "implicit-deny"),
            (asked(json!({ "caller": { "boundary": all() } })), "allow"),
            (asked(json!({ "caller": { "scps": [[all()], [other()]] } })), "implicit-deny"),
            (asked(json!({ "caller": { "scps": [[all()], [all()]] } })), "allow"),
            (asked(json!({ "caller": { "scps": [[all()], [denies]] } })), "explicit-deny"),
            (session(json!([other()])), "implicit-deny"),
            (session(json!([other(), all()])), "allow"),
            (session(json!([])), "allow"),
            (across_accounts(names(BOB), &[all()]), "allow"),
            (across_accounts(names(BOB), &[]), "implicit-deny"),
            (across_accounts(delegates(), &[all()]), "implicit-deny"),
            (asked(json!({ "resource": { "policy": "{" } })), "implicit-deny"),
        ],
    );
}

#[test]
fn the_session_is_who_calls() {
    let named =
        |arn: &str| of_session(json!({ "caller": { "policies": [] }, "resource": { "policy": names(arn) } }));
    // A policy that names the role does not reach its sessions: a failure, to be scored.
    check(PROGRAM, &[(named(SESSION), "allow"), (named(APP), "implicit-deny")]);
}

#[test]
fn services_and_anonymous_callers_are_asked_about_with_the_policy_of_the_resource_alone() {
    let names_service = |service: &str| {
        of_service(
            json!({ "resource": { "policy": policy(json!({ "Principal": { "Service": service } })) } }),
        )
    };
    let public = policy(json!({ "Principal": "*" }));
    let anonymous = |key_policy: serde_json::Value| {
        of_service(json!({
            "caller": { "kind": "anonymous", "service": null }, "resource": { "policy": key_policy } }))
    };
    check(
        PROGRAM,
        &[
            (names_service("logs.us-west-2.amazonaws.com"), "allow"),
            (names_service("logs.amazonaws.com"), "implicit-deny"),
            (anonymous(public), "allow"),
            (anonymous(delegates()), "implicit-deny"),
            (anonymous(json!(null)), "implicit-deny"),
        ],
    );
}

#[test]
fn what_its_iam_service_would_not_store_is_rejected() {
    let broken = policy(json!({ "Effect": "allow" }));
    let denies = policy(json!({ "Effect": "deny", "Principal": { "AWS": ALICE } }));
    check(
        PROGRAM,
        &[
            (
                asked(json!({ "caller": { "policies": attached("user/alice", &[all(), broken.clone()]) } })),
                "rejected",
            ),
            (
                asked(
                    json!({ "caller": { "policies": attached("group/G", std::slice::from_ref(&broken)) } }),
                ),
                "rejected",
            ),
            (asked(json!({ "caller": { "policies": attached("user/alice", &[json!("{")]) } })), "rejected"),
            (asked(json!({ "caller": { "boundary": broken.clone() } })), "rejected"),
            // Other documents are stored unread: what it makes of them is its own.
            (of_session(json!({ "caller": { "session-policies": [broken] } })), "implicit-deny"),
            (
                asked(json!({ "caller": { "policies": [] }, "resource": { "policy": denies } })),
                "implicit-deny",
            ),
        ],
    );
}

#[test]
fn condition_keys_arrive_as_they_are() {
    let of = |condition, context| asked(json!({ "caller": under(condition), "context": context }));
    let then = json!({ "DateLessThan": { "aws:CurrentTime": "2001-01-01T00:00:00Z" } });
    let keys = json!({ "ForAllValues:StringEquals": { "kms:EncryptionContextKeys": ["a", "b"] } });
    let tag = json!({ "StringEquals": { "aws:PrincipalTag/Team": "red" } });
    check(
        PROGRAM,
        &[
            (of(then.clone(), json!({ "aws:CurrentTime": "2000-06-01T00:00:00Z" })), "allow"),
            (of(then, json!({})), "implicit-deny"),
            (of(json!({ "Null": { "AWS:username": "true" } }), json!({ "aws:username": null })), "allow"),
            (of(keys.clone(), json!({ "kms:EncryptionContextKeys": ["a"] })), "allow"),
            (of(keys.clone(), json!({ "kms:EncryptionContextKeys": ["a", "c"] })), "implicit-deny"),
            (of(keys, json!({ "kms:EncryptionContextKeys": [] })), "allow"),
            (of(tag.clone(), json!({ "aws:PrincipalTag/Team": "red" })), "allow"),
            (of(tag, json!({ "aws:PrincipalTag/Team": "blue" })), "implicit-deny"),
        ],
    );
}

#[test]
fn what_it_has_no_place_for_is_unsupported() {
    let grant = json!({ "id": "G", "grantee": ALICE, "operations": ["Decrypt"] });
    let twins = json!({ "kms:EncryptionContext:a": "1", "kms:EncryptionContext:A": "2" });
    let endpoint = json!({ "id": "vpce-1", "vpc": "vpc-1", "policy": all() });
    let path = "arn:aws:iam::111122223333:role/team/App";
    check(
        PROGRAM,
        &[
            (asked(json!({ "context": null })), "derives-context"),
            (asked(json!({ "resource": { "grants": [grant] } })), "grants"),
            (asked(json!({ "resource": { "rcps": [[all()]] } })), "rcps"),
            (asked(json!({ "endpoint": endpoint })), "endpoint-policies"),
            (asked(json!({ "caller": { "kind": "root", "arn": ROOT } })), "root-users"),
            (asked(json!({ "caller": { "kind": "federated-user" } })), "federated-users"),
            (asked(json!({ "caller": { "scps": [[all(), other()]] } })), "scp-levels"),
            (asked(json!({ "caller": { "scps": [[all()], []] } })), "scp-levels"),
            (asked(json!({ "context": twins })), "context-key-case"),
            (of_session(json!({ "caller": { "issuer": path } })), "role-paths"),
            (document("key-policy", delegates()), "key-policy-validation"),
        ],
    );
}

#[test]
fn documents_are_accepted_or_refused() {
    check(
        PROGRAM,
        &[
            (document("identity", all()), "accepted"),
            (document("boundary", all()), "accepted"),
            (document("identity", policy(json!({ "Effect": "allow" }))), "rejected"),
            (document("identity", json!("{")), "rejected"),
        ],
    );
}
