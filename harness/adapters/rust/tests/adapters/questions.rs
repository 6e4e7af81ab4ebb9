//! Decides what the tests' questions look like: one plain question, and ways to change it; and how a program is asked.

use std::io::Write;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

pub const ALICE: &str = "arn:aws:iam::111122223333:user/alice";
pub const APP: &str = "arn:aws:iam::111122223333:role/App";
pub const BOB: &str = "arn:aws:iam::444455556666:user/bob";
pub const KEY: &str = "arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
pub const ROOT: &str = "arn:aws:iam::111122223333:root";
pub const SESSION: &str = "arn:aws:sts::111122223333:assumed-role/App/s1";

/// A policy of one statement, which allows all of KMS unless `changes` say otherwise; `null` removes.
pub fn policy(changes: Value) -> Value {
    let mut statement = json!({ "Effect": "Allow", "Action": "kms:*", "Resource": "*" });
    merge(&mut statement, changes);
    json!({ "Version": "2012-10-17", "Statement": [statement] })
}

/// A policy that allows all of KMS.
pub fn all() -> Value {
    policy(json!({}))
}

/// A policy that allows only another action than the one asked for.
pub fn other() -> Value {
    policy(json!({ "Action": "kms:Encrypt" }))
}

/// The key policy that gives the account the say.
pub fn delegates() -> Value {
    policy(json!({ "Principal": { "AWS": ROOT } }))
}

/// The key policy that gives a principal the say.
pub fn names(arn: &str) -> Value {
    policy(json!({ "Principal": { "AWS": arn } }))
}

/// A key policy under which nothing that the tests ask for is granted.
pub fn silent() -> Value {
    policy(json!({ "Principal": { "AWS": ROOT }, "Action": "kms:ListAliases" }))
}

/// Policies that the caller has from `from`.
pub fn attached(from: &str, documents: &[Value]) -> Value {
    documents.iter().map(|document| json!({ "from": from, "document": document })).collect()
}

/// Alice's own policy, under a condition.
pub fn under(condition: Value) -> Value {
    json!({ "policies": attached("user/alice", &[policy(json!({ "Condition": condition }))]) })
}

/// Alice decrypts with a key whose policy delegates; her own policy allows it. `caller`, `resource` and `context` change
/// these, other members the question; `null` removes.
pub fn asked(changes: Value) -> Value {
    let mut question = json!({
        "kind": "authorize", "dialect": "aws", "region": "us-west-2", "time": "2026-01-15T12:00:00Z",
        "caller": {
            "kind": "user", "arn": ALICE, "account": "111122223333",
            "policies": attached("user/alice", &[all()]),
        },
        "authorizations": [{
            "action": "kms:Decrypt",
            "resource": { "arn": KEY, "account": "111122223333", "type": "kms:key", "policy": delegates() },
            "context": {
                "aws:CurrentTime": "2026-01-15T12:00:00Z", "aws:EpochTime": "1768478400",
                "aws:PrincipalArn": ALICE, "aws:SecureTransport": "true", "aws:SourceIp": "203.0.113.10",
                "aws:username": "alice",
            },
        }],
        "context-types": {
            "aws:CurrentTime": "date", "aws:EpochTime": "date", "aws:MultiFactorAuthAge": "numeric",
            "aws:PrincipalArn": "arn", "aws:SecureTransport": "bool", "aws:SourceIp": "ip-address",
        },
    });
    let Value::Object(changes) = changes else { panic!("changes are an object") };
    for (member, change) in changes {
        match member.as_str() {
            "action" | "context" | "resource" => {
                merge(&mut question["authorizations"][0], json!({ member: change }));
            }
            _ => merge(&mut question, json!({ member: change })),
        }
    }
    question
}

/// The same, asked by a session of the role App.
pub fn of_session(changes: Value) -> Value {
    let policies = attached("role/App", &[all()]);
    let mut question = json!({
        "caller": { "kind": "role-session", "arn": SESSION, "issuer": APP, "policies": policies },
        "context": { "aws:PrincipalArn": APP, "aws:username": null },
    });
    overlay(&mut question, changes);
    asked(question)
}

/// The same, asked by a service for itself.
pub fn of_service(changes: Value) -> Value {
    let service = "logs.us-west-2.amazonaws.com";
    let mut question = json!({
        "caller": { "kind": "service", "service": service, "arn": null, "account": null, "policies": null },
        "context": { "aws:PrincipalArn": null, "aws:username": null, "aws:SourceIp": null },
    });
    overlay(&mut question, changes);
    asked(question)
}

/// Bob decrypts with a key of another account.
pub fn across_accounts(key_policy: Value, documents: &[Value]) -> Value {
    let policies = attached("user/bob", documents);
    asked(json!({
        "caller": { "arn": BOB, "account": "444455556666", "policies": policies },
        "resource": { "policy": key_policy },
        "context": { "aws:PrincipalArn": BOB, "aws:username": "bob" },
    }))
}

/// A document to accept or reject.
pub fn document(policy_type: &str, value: Value) -> Value {
    json!({ "kind": "validate", "dialect": "aws", "region": "us-west-2", "policy-type": policy_type, "document": value })
}

/// Changes a value member by member; `null` removes a member.
fn merge(value: &mut Value, changes: Value) {
    let (Value::Object(members), Value::Object(changes)) = (&mut *value, &changes) else {
        *value = changes;
        return;
    };
    for (name, change) in changes {
        if change.is_null() {
            members.remove(name);
        } else {
            merge(members.entry(name.clone()).or_insert(Value::Null), change.clone());
        }
    }
}

/// Joins two sets of changes: a `null` that removes stays one.
fn overlay(value: &mut Value, changes: Value) {
    let (Value::Object(members), Value::Object(changes)) = (&mut *value, &changes) else {
        *value = changes;
        return;
    };
    for (name, change) in changes {
        overlay(members.entry(name.clone()).or_insert(Value::Null), change.clone());
    }
}

/// The replies of a program to these lines.
pub fn converse(program: &str, lines: &[String]) -> Vec<Value> {
    let mut child = Command::new(program).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    let text = lines.join("\n") + "\n";
    let writer = std::thread::spawn(move || input.write_all(text.as_bytes()).unwrap());
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    assert!(output.status.success(), "{output:?}");
    let replies = String::from_utf8(output.stdout).unwrap();
    replies.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// What a program says of itself.
pub fn welcome(program: &str) -> Value {
    converse(program, &[r#"{"hello":{"protocol":[1],"catalogue":"0.1.0"}}"#.to_owned()]).remove(0)
}

/// Holds a program to the answer, or the feature that it lacks, for each question.
pub fn check(program: &str, rows: &[(Value, &str)]) {
    let ask =
        |(id, (question, _)): (usize, &(Value, &str))| json!({ "ask": { "id": id, "question": question } });
    let lines: Vec<_> = rows.iter().enumerate().map(|row| ask(row).to_string()).collect();
    let replies = converse(program, &lines);
    assert_eq!(replies.len(), rows.len());
    for (id, (reply, (question, expected))) in replies.iter().zip(rows).enumerate() {
        assert_eq!(reply["id"], id);
        let got = reply["answer"].get("feature").unwrap_or(&reply["answer"]["answer"]);
        assert_eq!(got, expected, "{reply} to {question}");
    }
}
