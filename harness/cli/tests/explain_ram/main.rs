//! `explain` with the facts of a request of the ram dialect: the files that all tests have, and how they are asked.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;

mod answers;
mod refusals;

/// A key policy that lets alice decrypt and leaves DescribeKey to the account.
const KEY: &str = r#"{
  "Version": "1",
  "Statement": [
    { "Sid": "AliceDecrypts", "Effect": "Allow", "Principal": { "RAM": ["acs:ram::1234567890123456:user/alice"] },
      "Action": ["kms:Decrypt"], "Resource": ["*"] },
    { "Sid": "AccountDescribes", "Effect": "Allow", "Principal": { "RAM": ["acs:ram::1234567890123456:*"] },
      "Action": ["kms:DescribeKey"], "Resource": ["*"] }
  ]
}
"#;

const SECRET: &str = r#"{
  "Version": "1",
  "Statement": [
    { "Sid": "AliceReads", "Effect": "Allow", "Principal": { "RAM": ["acs:ram::1234567890123456:user/alice"] },
      "Action": ["kms:GetSecretValue"], "Resource": ["*"] }
  ]
}
"#;

const NO_PRODUCTION: &str = r#"{
  "Version": "1",
  "Statement": [
    { "Effect": "Allow", "Action": "kms:*", "Resource": "*" },
    { "Effect": "Deny", "Action": "kms:Decrypt", "Resource": "*", "Condition": { "StringEquals": { "kms:tag/Stage": "production" } } }
  ]
}
"#;

const FILES: [(&str, &str); 6] = [
    ("key.json", KEY),
    ("secret.json", SECRET),
    ("no-production.json", NO_PRODUCTION),
    (
        "all.json",
        r#"{ "Version": "1", "Statement": [{ "Effect": "Allow", "Action": "kms:*", "Resource": "*" }] }"#,
    ),
    (
        "list.json",
        r#"{ "Version": "1", "Statement": [{ "Effect": "Allow", "Action": "kms:List*", "Resource": "*" }] }"#,
    ),
    (
        "malformed.json",
        "{\n  \"Version\": \"1\",\n  \"Statement\": [{ \"Effect\": \"Permit\", \"Action\": \"kms:*\", \"Resource\": \"*\" }]\n}\n",
    ),
];

const ALICE: &str = "acs:ram::1234567890123456:user/alice";
const APP: &str = "acs:ram::1234567890123456:assumed-role/App/s1";
const OTHER_KEY: &str = "acs:kms:cn-shanghai:6543210987654321:key/key-hzz65f1a2b3c";

/// A folder for one test with the files.
fn folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("explain-ram-{name}"));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    for (name, text) in FILES {
        fs::write(folder.join(name), text).unwrap();
    }
    folder
}

/// Exit code, output and errors of `explain` in a folder with the files; `words` are told apart by blanks.
fn explain(test: &str, words: &str) -> (i32, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_kms-conformance"))
        .arg("explain")
        .args(words.split_whitespace())
        .current_dir(folder(test))
        .env("NO_COLOR", "1")
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

/// Holds that the question is answered, and that the answer's lines are there.
fn answered(test: &str, words: &str, lines: &[&str]) {
    let (code, out, err) = explain(test, words);
    assert_eq!(code, 0, "{words}: {err}");
    for line in lines {
        assert!(out.lines().any(|found| found == *line), "{words}: `{line}` is not in\n{out}");
    }
}

/// The question that the options make.
fn question(test: &str, words: &str) -> Value {
    let (code, out, err) = explain(test, &format!("{words} --print-question"));
    assert_eq!(code, 0, "{words}: {err}");
    serde_json::from_str(&out).unwrap()
}
