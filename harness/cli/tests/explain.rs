//! `explain` with the facts of a request: which statement of which file decided, what the others lacked, and what is said
//! when the facts make no question.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;

/// A key policy that lets App decrypt, leaves DescribeKey to the account and denies Sign.
const KEY: &str = r#"{
  "Version": "2012-10-17",
  "Statement": [
    { "Sid": "AppMayDecrypt", "Effect": "Allow", "Principal": { "AWS": "arn:aws:iam::111122223333:role/App" },
      "Action": "kms:Decrypt", "Resource": "*" },
    { "Sid": "AccountMayDescribe", "Effect": "Allow", "Principal": { "AWS": "arn:aws:iam::111122223333:root" },
      "Action": "kms:DescribeKey", "Resource": "*" },
    { "Sid": "NobodySigns", "Effect": "Deny", "Principal": "*", "Action": "kms:Sign", "Resource": "*" }
  ]
}
"#;

const ALL: &str = r#"{
  "Version": "2012-10-17",
  "Statement": { "Sid": "All", "Effect": "Allow", "Action": "kms:*", "Resource": "*" }
}
"#;

const NO_DESCRIBE: &str = r#"{
  "Version": "2012-10-17",
  "Statement": [
    { "Effect": "Allow", "Action": "*", "Resource": "*" },
    { "Sid": "NoDescribe", "Effect": "Deny", "Action": "kms:Describe*", "Resource": "*" }
  ]
}
"#;

const FILES: [(&str, &str); 9] = [
    ("key.json", KEY),
    ("all.json", ALL),
    ("no-describe.json", NO_DESCRIBE),
    (
        "list.json",
        r#"{ "Version": "2012-10-17", "Statement": [ { "Effect": "Allow", "Action": "kms:List*", "Resource": "*" } ] }"#,
    ),
    (
        "malformed.json",
        "{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": [ { \"Effect\": \"Permit\", \"Action\": \"kms:*\", \"Resource\": \"*\" } ]\n}\n",
    ),
    ("null.json", "null"),
    ("broken.json", "{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": [,]\n}\n"),
    ("grant.json", r#"{ "grantee": "arn:aws:iam::111122223333:user/alice", "operations": ["Decrypt"] }"#),
    (
        "wrong-grant.json",
        "{\n  \"grantee\": \"alice\",\n  \"operations\": [\"Decrypt\"],\n  \"until\": \"Friday\"\n}\n",
    ),
];

const ALICE: &str = "arn:aws:iam::111122223333:user/alice";
const APP: &str = "arn:aws:sts::111122223333:assumed-role/App/s1";

/// A folder for one test with the files.
fn folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("explain-facts-{name}"));
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

#[test]
fn an_allow_names_the_statements_of_both_files() {
    answered(
        "allow",
        &format!(
            "--caller {ALICE} --operation DescribeKey --key-policy key.json --identity-policy all.json --format text"
        ),
        &[
            "answer allow",
            "  because of statement 1 `AccountMayDescribe` of key.json:6:5",
            "  because of statement 0 `All` of all.json:3:16",
            "key policy key.json",
            "identity policy of user/alice all.json",
            "  0 Allow `AppMayDecrypt` does not apply: caller `arn:aws:iam::111122223333:user/alice` is not in \
             `arn:aws:iam::111122223333:role/App`",
        ],
    );
    answered(
        "session",
        &format!("--caller {APP} --operation Decrypt --key-policy key.json"),
        &["answer allow", "  because of statement 0 `AppMayDecrypt` of key.json:4:5"],
    );
    answered(
        "no-key",
        &format!("--caller {ALICE} --operation CreateKey --identity-policy all.json"),
        &["answer allow", "  because of statement 0 `All` of all.json:3:16"],
    );
}

#[test]
fn an_implicit_deny_says_what_was_missing() {
    answered(
        "implicit",
        &format!("--caller {ALICE} --operation Decrypt --key-policy key.json --identity-policy all.json"),
        &[
            "answer implicit-deny",
            "  1 Allow `AccountMayDescribe` does not apply: action `kms:Decrypt` is not in `kms:DescribeKey`",
            "  0 Allow `All` applies: everything matches",
            "  an identity policy allows, but the key policy does not let it decide",
        ],
    );
    let boundary = "--key-policy key.json --identity-policy all.json --boundary list.json";
    answered(
        "boundary",
        &format!("--caller {ALICE} --operation DescribeKey {boundary}"),
        &[
            "answer implicit-deny",
            "permissions boundary list.json",
            "  0 Allow does not apply: action `kms:DescribeKey` is not in `kms:List*`",
        ],
    );
}

#[test]
fn an_explicit_deny_names_its_statement_wherever_it_stands() {
    let asked = format!("--caller {ALICE} --operation DescribeKey --key-policy key.json");
    let because = "  because of statement 1 `NoDescribe` of no-describe.json:5:5";
    for (test, options) in [
        ("identity-deny", "--identity-policy all.json --identity-policy no-describe.json"),
        ("scp-deny", "--identity-policy all.json --scp all.json --scp no-describe.json"),
        ("boundary-deny", "--identity-policy all.json --boundary no-describe.json"),
    ] {
        answered(test, &format!("{asked} {options}"), &["answer explicit-deny", because]);
    }
    answered(
        "key-deny",
        &format!("--caller {ALICE} --operation Sign --key-policy key.json --identity-policy all.json"),
        &["answer explicit-deny", "  because of statement 2 `NobodySigns` of key.json:8:5"],
    );
}

#[test]
fn a_malformed_document_is_an_answer_with_its_place() {
    answered(
        "malformed",
        &format!(
            "--caller {ALICE} --operation DescribeKey --key-policy key.json --identity-policy malformed.json"
        ),
        &["answer rejected (malformed.json)", "  3:30: `Effect` must be `Allow` or `Deny`"],
    );
}

#[test]
fn json_names_the_files_beside_the_pointers() {
    let words = format!(
        "--caller {ALICE} --operation DescribeKey --key-policy key.json --identity-policy all.json --format json"
    );
    let (_, out, err) = explain("json", &words);
    let answer: Value = serde_json::from_str(&out).expect(&err);
    assert_eq!(answer["answer"], "allow");
    assert_eq!(answer["because"][0]["policy"], "/authorizations/0/resource/policy");
    assert_eq!(answer["because"][0]["file"], "key.json");
    assert_eq!(answer["because"][0]["sid"], "AccountMayDescribe");
    assert_eq!(answer["trace"]["layers"][1]["file"], "all.json");
    let validator = jsonschema::validator_for(&kms_conformance::schema::answer()).unwrap();
    assert!(validator.is_valid(&answer), "{answer}");
}

#[test]
fn a_printed_question_is_answered_alike() {
    let asked = format!("--caller {APP} --operation Decrypt --key-policy key.json --boundary list.json");
    let (code, question, err) = explain("print", &format!("{asked} --print-question"));
    assert_eq!(code, 0, "{err}");
    let file = folder("printed").join("printed.json");
    fs::write(&file, &question).unwrap();
    let (code, from_file, err) = explain("again", &format!("{} --format json", file.display()));
    assert_eq!(code, 0, "{err}");
    let (_, from_facts, _) = explain("facts", &format!("{asked} --format json"));
    let [from_file, from_facts] =
        [from_file, from_facts].map(|text| serde_json::from_str::<Value>(&text).unwrap());
    assert_eq!(from_file["because"][0]["statement"], from_facts["because"][0]["statement"]);
    assert_eq!(from_file["trace"]["steps"], from_facts["trace"]["steps"]);
}

#[test]
fn options_become_facts_of_the_question() {
    let key = "arn:aws:kms:eu-west-1:444455556666:key/mrk-1234abcd12ab34cd56ef1234567890ab";
    let words = format!(
        "--caller {APP} --role-path /eng/ --operation Decrypt --key {key} --key-policy key.json --identity-policy all.json \
         --session-policy all.json --scp all.json --scp list.json --rcp all.json --endpoint-policy all.json \
         --grant grant.json --encryption-context Department=IT --encryption-context a=b=c --via ec2.amazonaws.com \
         --context aws:SourceArn=arn:aws:s3:::b --context kms:ResourceAliases=alias/y --tag Project=Alpha \
         --alias alias/x --parameters {{\"KeyId\":\"alias/x\"}} --print-question"
    );
    let (code, out, err) = explain("options", &words);
    assert_eq!(code, 0, "{err}");
    let question: Value = serde_json::from_str(&out).unwrap();
    let resource = "/authorizations/0/resource";
    let context = "/authorizations/0/context";
    for (pointer, value) in [
        ("/region".to_owned(), "\"eu-west-1\""),
        ("/caller/arn".to_owned(), "\"arn:aws:sts::111122223333:assumed-role/App/s1\""),
        ("/caller/issuer".to_owned(), "\"arn:aws:iam::111122223333:role/eng/App\""),
        ("/caller/policies/0/document/Statement/Sid".to_owned(), "\"All\""),
        ("/caller/session-policies/0/Statement/Sid".to_owned(), "\"All\""),
        ("/caller/scps/1/0/Statement/0/Action".to_owned(), "\"kms:List*\""),
        ("/endpoint/policy/Statement/Sid".to_owned(), "\"All\""),
        ("/via".to_owned(), "[\"ec2.amazonaws.com\"]"),
        (format!("{resource}/arn"), &format!("\"{key}\"")),
        (format!("{resource}/account"), "\"444455556666\""),
        (format!("{resource}/rcps/0/0/Statement/Sid"), "\"All\""),
        (format!("{resource}/grants/0/id"), "\"grant-1\""),
        (format!("{resource}/tags"), "{\"Project\":\"Alpha\"}"),
        (format!("{resource}/aliases"), "[\"alias/x\"]"),
        (format!("{context}/kms:EncryptionContext:Department"), "\"IT\""),
        (format!("{context}/kms:EncryptionContext:a"), "\"b=c\""),
        (format!("{context}/kms:MultiRegion"), "\"true\""),
        (format!("{context}/kms:RequestAlias"), "\"alias/x\""),
        (format!("{context}/kms:ResourceAliases"), "[\"alias/y\"]"),
        (format!("{context}/aws:SourceArn"), "\"arn:aws:s3:::b\""),
    ] {
        let found = question.pointer(&pointer).map(Value::to_string);
        assert_eq!(found.as_deref(), Some(value), "{pointer} in\n{out}");
    }
}

#[test]
fn operations_on_an_alias_are_asked_with_it() {
    for (operation, aliases) in
        [("CreateAlias", Value::Null), ("DeleteAlias", serde_json::json!(["alias/x"]))]
    {
        let words = format!(
            "--caller {ALICE} --operation {operation} --key-policy key.json --alias alias/x --print-question"
        );
        let (code, out, err) = explain(operation, &words);
        assert_eq!(code, 0, "{err}");
        let question: Value = serde_json::from_str(&out).unwrap();
        let resource = |index: usize| &question["authorizations"][index]["resource"];
        assert_eq!(resource(0)["arn"], "arn:aws:kms:us-west-2:111122223333:alias/x");
        assert_eq!(resource(1)["aliases"], aliases, "{operation}");
    }
}

#[test]
fn the_usual_region_is_of_the_callers_partition() {
    for (caller, arn) in [
        (ALICE, "arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"),
        (
            "arn:aws-cn:iam::999988887777:root",
            "arn:aws-cn:kms:cn-north-1:999988887777:key/1234abcd-12ab-34cd-56ef-1234567890ab",
        ),
    ] {
        let words = format!("--caller {caller} --operation Decrypt --key-policy key.json --print-question");
        let (_, out, err) = explain("partition", &words);
        let question: Value = serde_json::from_str(&out).expect(&err);
        assert_eq!(question["authorizations"][0]["resource"]["arn"], arn);
    }
}

/// Holds that the facts make no question, and what is said of them.
fn refused(test: &str, words: &str, messages: &[&str]) {
    let (code, out, err) = explain(test, words);
    assert_eq!((code, out.as_str()), (2, ""), "{words}: {err}");
    for message in messages {
        assert!(err.contains(message), "{words}: `{message}` is not in\n{err}");
    }
}

#[test]
fn what_is_wrong_in_a_file_or_an_option_is_told_with_its_place() {
    for (options, messages) in [
        (
            "--key-policy broken.json --identity-policy no-such.json",
            &["broken.json:3:17: expected a value, found `,`", "no-such.json: No such file"][..],
        ),
        ("--grant grant.json --grant wrong-grant.json", &["wrong-grant.json:4:3: unknown member `until`"]),
        ("--grant null.json", &["null.json:1:1: a grant must be an object, not null"]),
        ("--parameters [1]", &["--parameters:1:1: `--parameters` must be an object, not a list"]),
        ("--parameters {", &["--parameters:1:2: "]),
        ("--tag a=1 --tag a=2", &["`--tag` gives `a` twice"]),
        ("--tag a", &["expected KEY=VALUE"]),
        ("--context aws:SourceArn=a --context AWS:sourcearn=b", &["`--context` gives `aws:SourceArn` twice"]),
        ("--key arn:aws:kms:us-west-2:111122223333:alias/x", &["give the key by `--key`"]),
        ("--region cn-north-1", &["no request goes from one to the other"]),
        ("--session-policy all.json", &["`--session-policy` is for a session of a role"]),
    ] {
        let policy = if options.contains("--key-policy") { "" } else { "--key-policy key.json" };
        refused("bad-option", &format!("--caller {ALICE} --operation Decrypt {policy} {options}"), messages);
    }
}

#[test]
fn callers_and_operations_need_what_belongs_to_them() {
    for (caller, options, messages) in [
        (
            "arn:aws:iam::111122223333:role/App",
            "--operation Decrypt --key-policy key.json",
            &["a role does not call, its sessions do", "arn:aws:sts::111122223333:assumed-role/App/session"]
                [..],
        ),
        (
            "service:ec2.amazonaws.com",
            "--operation Decrypt --key-policy key.json --boundary all.json --scp all.json",
            &["`--boundary` is for a user or a session of a role", "`--scp` is for a caller of an account"],
        ),
        (
            ALICE,
            "--operation Decript",
            &["no KMS operation `Decript` of the aws dialect; did you mean `Decrypt`"],
        ),
        (ALICE, "--operation Decrypt", &["`Decrypt` is done to a key, and a key has a policy"]),
        (ALICE, "--operation ReEncrypt --key-policy key.json", &["write a suite"]),
        (
            ALICE,
            "--operation CreateKey --key-policy key.json --tag a=b",
            &["`CreateKey` is done to no key: leave out `--key-policy`", "leave out `--tag`"],
        ),
        (ALICE, "--operation DeleteAlias --key-policy key.json", &["give it by `--alias`"]),
        (
            ALICE,
            "--operation Sign --key-policy key.json --encryption-context a=b",
            &["`Sign` takes no encryption context"],
        ),
        (ALICE, "question.json --operation Decrypt", &["cannot be used with"]),
        (ALICE, "", &["--operation"]),
    ] {
        refused("bad-caller", &format!("--caller {caller} {options}"), messages);
    }
}

#[test]
fn a_file_and_a_fact_exclude_each_other_in_two_lines() {
    for (options, told) in [
        ("question.json --operation Decrypt", "cannot be used with `--operation`"),
        ("--operation=Decrypt question.json", "cannot be used with `--operation`"),
        ("question.json --print-question --key x", "cannot be used with `--key`, `--print-question`"),
    ] {
        let (code, out, err) = explain("file-and-fact", options);
        assert_eq!((code, out.as_str()), (2, ""), "{err}");
        assert!(err.contains(told) && err.lines().count() <= 2, "{options}: {err}");
    }
}

#[test]
fn an_unknown_condition_key_is_taken_with_a_warning() {
    let asked = format!("--caller {APP} --operation Decrypt --key-policy key.json");
    let (code, _, err) = explain("unknown-key", &format!("{asked} --context kms:ViaServices=x"));
    assert_eq!(code, 0, "{err}");
    assert!(err.contains("names no condition key `kms:ViaServices`; did you mean `kms:ViaService`"), "{err}");
}

#[test]
fn an_evaluator_that_cannot_be_run_ends_with_3() {
    let words = format!(
        "--caller {ALICE} --operation Decrypt --key-policy key.json --evaluator process:no-such-program-anywhere"
    );
    let (code, _, err) = explain("evaluator", &words);
    assert_eq!(code, 3, "{err}");
}
