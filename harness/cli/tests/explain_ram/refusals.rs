//! What is said of facts that make no question, and of evaluators that cannot be asked.

use std::fs;
use std::process::Command;

use super::{ALICE, APP, explain, folder};

/// Holds that the facts make no question, and what is said of them.
fn refused(test: &str, words: &str, messages: &[&str]) {
    let (code, out, err) = explain(test, words);
    assert_eq!((code, out.as_str()), (2, ""), "{words}: {err}");
    for message in messages {
        assert!(err.contains(message), "{words}: `{message}` is not in\n{err}");
    }
}

#[test]
fn options_of_the_other_dialect_are_refused() {
    let of_aws = "is of the aws dialect, and the request of the ram dialect";
    for option in [
        "--boundary all.json",
        "--role-path /eng/",
        "--scp all.json",
        "--rcp all.json",
        "--endpoint-policy all.json",
        "--grant all.json",
        "--encryption-context a=b",
        "--via ec2.amazonaws.com",
    ] {
        let name = option.split(' ').next().unwrap();
        let words = format!("--caller {ALICE} --operation Decrypt {option}");
        refused("of-aws", &words, &[&format!("`{name}` {of_aws}")]);
    }
    let aws = "--caller arn:aws:iam::111122223333:user/alice --operation Decrypt --key-policy key.json";
    for option in [
        "--control-policy all.json",
        "--secret db",
        "--secret-policy all.json",
        "--secret-key acs:kms:a:b:key/c",
    ] {
        let name = option.split(' ').next().unwrap();
        let message = format!("`{name}` is of the ram dialect, and the request of the aws dialect");
        refused("of-ram", &format!("{aws} {option}"), &[&message]);
    }
    let both = "--scp all.json --rcp all.json";
    let messages = [
        &format!("`--scp` {of_aws}: give control policies by `--control-policy`"),
        &format!("`--rcp` {of_aws}"),
    ];
    refused("both", &format!("--caller {ALICE} --operation Decrypt {both}"), &messages.map(String::as_str));
    refused(
        "said",
        &format!("{aws} --dialect ram"),
        &["`--dialect` is `ram`, but the caller", "of the aws dialect"],
    );
    refused("file", "question.json --dialect ram", &["cannot be used with"]);
}

#[test]
fn callers_and_operations_need_what_belongs_to_them() {
    for (caller, options, messages) in [
        (
            "acs:ram::1234567890123456:role/App",
            "--operation Decrypt",
            &["a role does not call", "acs:ram::1234567890123456:assumed-role/App/session"][..],
        ),
        ("acs:ram::111122223333:user/alice", "--operation Decrypt", &["16 digits"]),
        (
            ALICE,
            "--operation Decript",
            &["no KMS operation `Decript` of the ram dialect; did you mean `Decrypt`"],
        ),
        (ALICE, "--operation CreateGrant", &["`CreateGrant` of the ram dialect, but one of the aws dialect"]),
        (ALICE, "--operation ReEncrypt", &["more than one key", "write a suite"]),
        (ALICE, "--operation GetCertificate", &["done to a certificate", "write a suite"]),
        (
            ALICE,
            "--operation ListKeys --key-policy key.json --tag a=b --secret db",
            &[
                "`ListKeys` is done to no key: leave out `--key-policy`",
                "leave out `--tag`",
                "`ListKeys` is done to no secret that there is: leave out `--secret`",
            ],
        ),
        (
            ALICE,
            "--operation GetSecretValue",
            &["`GetSecretValue` is done to a secret: give it by `--secret`"],
        ),
        (
            ALICE,
            "--operation GetSecretValue --secret db --key-policy key.json",
            &["only where `--secret-key` gives it: leave out `--key-policy`"],
        ),
        (
            ALICE,
            "--operation DescribeSecret --secret db --secret-key acs:kms:cn-hangzhou:1234567890123456:key/k",
            &["needs nothing of the key that a secret is under: leave out `--secret-key`"],
        ),
        (
            ALICE,
            "--operation GetSecretValue --secret db --secret-key acs:kms:cn-hangzhou:6543210987654321:key/k",
            &["the secret is of account 1234567890123456 in cn-hangzhou and its key is not"],
        ),
        (
            ALICE,
            "--operation CreateSecret --parameters {\"EncryptionKeyId\":\"k\"}",
            &["give the key by `--secret-key`"],
        ),
        (ALICE, "--operation DeleteAlias", &["give it by `--alias`"]),
        (
            ALICE,
            "--operation Decrypt --session-policy all.json",
            &["only sessions of a role have a session policy"],
        ),
        (
            APP,
            "--operation Decrypt --session-policy all.json --session-policy list.json",
            &["`--session-policy` once"],
        ),
        (
            "service:ecs.aliyuncs.com",
            "--operation Decrypt --identity-policy all.json",
            &["leave out `--identity-policy`"],
        ),
        (
            ALICE,
            "--operation Decrypt --key arn:aws:kms:us-west-2:111122223333:key/k",
            &["expected the ARN of a key, `acs:kms:"],
        ),
        (
            ALICE,
            "--operation Decrypt --key acs:kms:cn-hangzhou:1234567890123456:alias/x",
            &["the alias by `--alias`"],
        ),
        (
            ALICE,
            "--operation Decrypt --region cn-beijing --key acs:kms:cn-hangzhou:1234567890123456:key/k",
            &["`--region` is `cn-beijing`"],
        ),
        (
            ALICE,
            "--operation Decrypt --context acs:SourceIp=a --context acs:SourceIp=b",
            &["`acs:SourceIp` twice"],
        ),
    ] {
        refused("bad", &format!("--caller {caller} {options}"), messages);
    }
}

#[test]
fn an_evaluator_of_the_other_dialect_ends_with_3() {
    let hello = r#"{"protocol":1,"name":"mine","version":"1","dialects":["aws"],"features":[]}"#;
    let script = folder("evaluator").join("mine.sh");
    fs::write(&script, format!("read line\necho '{hello}'\nread line\n")).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_kms-conformance"))
        .args(["explain", "--caller", ALICE, "--operation", "Decrypt", "--evaluator"])
        .arg(format!("process:sh {}", script.display()))
        .env("NO_COLOR", "1")
        .output()
        .unwrap();
    let err = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(3), "{err}");
    assert!(err.contains("mine does not speak the ram dialect"), "{err}");
}
