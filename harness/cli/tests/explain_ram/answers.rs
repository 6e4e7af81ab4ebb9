//! Which statement of which file decided, and what becomes of the options.

use std::fs;

use serde_json::Value;

use super::{ALICE, APP, OTHER_KEY, answered, explain, folder, question};

#[test]
fn an_answer_names_the_statements_that_decided_in_their_files() {
    let by_key = "because of statement 0 `AliceDecrypts` of key.json:4:5";
    for (test, options, answer, because) in [
        ("key", "--operation Decrypt --key-policy key.json", "allow", by_key),
        (
            "identity",
            "--operation Decrypt --identity-policy all.json",
            "allow",
            "because of statement 0 of all.json:1:33",
        ),
        (
            "tag",
            "--operation Decrypt --key-policy key.json --identity-policy no-production.json --tag Stage=production",
            "explicit-deny",
            "because of statement 1 of no-production.json:5:5",
        ),
        (
            "control",
            "--operation Decrypt --key-policy key.json --control-policy list.json",
            "implicit-deny",
            "control policy, level 0 list.json",
        ),
        (
            "both-levels",
            "--operation Decrypt --key-policy key.json --control-policy all.json --control-policy list.json",
            "implicit-deny",
            "control policy, level 1 list.json",
        ),
        (
            "container",
            "--operation CreateKey --identity-policy all.json",
            "allow",
            "identity policy of user/alice all.json",
        ),
    ] {
        let (code, out, err) = explain(test, &format!("--caller {ALICE} {options}"));
        assert_eq!(code, 0, "{options}: {err}");
        assert_eq!(out.lines().next(), Some(format!("answer {answer}").as_str()), "{options}: {out}");
        assert!(out.lines().any(|line| line.trim() == because), "{options}: `{because}` is not in\n{out}");
    }
}

#[test]
fn an_implicit_deny_says_what_was_missing() {
    answered(
        "missing",
        &format!("--caller {ALICE} --operation DescribeKey --key-policy key.json"),
        &[
            "answer implicit-deny",
            "  1 Allow `AccountDescribes` applies: everything matches; of the caller it names the account only",
            "  the resource's policy names the account only, and no identity policy allows",
        ],
    );
    answered(
        "session",
        &format!("--caller {APP} --operation Decrypt --identity-policy all.json --session-policy list.json"),
        &["answer implicit-deny", "session policy list.json", "identity policy of role/App all.json"],
    );
}

#[test]
fn callers_without_policies_are_answered() {
    for (caller, answer) in [
        ("acs:ram::1234567890123456:root", "answer allow"),
        ("acs:ram::6543210987654321:root", "answer implicit-deny"),
        ("service:ecs.aliyuncs.com", "answer implicit-deny"),
        ("anonymous --dialect ram", "answer implicit-deny"),
    ] {
        let key = "acs:kms:cn-hangzhou:1234567890123456:key/1234abcd-12ab-34cd-56ef-1234567890ab";
        answered("others", &format!("--caller {caller} --operation Decrypt --key {key}"), &[answer]);
    }
}

#[test]
fn a_secret_and_its_key_have_a_policy_each() {
    let key = "acs:kms:cn-hangzhou:1234567890123456:key/k";
    let asked =
        format!("--caller {ALICE} --operation GetSecretValue --secret db --secret-policy secret.json");
    answered("secret", &asked, &["answer allow", "  because of statement 0 `AliceReads` of secret.json:4:5"]);
    answered(
        "secret-and-key",
        &format!("{asked} --secret-key {key}"),
        &["answer implicit-deny", "  authorization 1: nothing allows"],
    );
    answered(
        "secret-and-key-policy",
        &format!("{asked} --secret-key {key} --key-policy key.json"),
        &[
            "answer allow",
            "  because of statement 0 `AliceReads` of secret.json:4:5",
            "  because of statement 0 `AliceDecrypts` of key.json:4:5",
            "secret policy secret.json",
            "key policy key.json",
        ],
    );
    let created =
        question("create-secret", &format!("--caller {ALICE} --operation CreateSecret --secret-key {key}"));
    assert_eq!(created["operation"]["parameters"]["EncryptionKeyId"], key);
    let secret = "acs:kms:cn-beijing:6543210987654321:secret/db";
    let tagged =
        question("tag-secret", &format!("--caller {ALICE} --operation TagResource --secret {secret}"));
    let resource = &tagged["authorizations"][0]["resource"];
    assert_eq!(resource["arn"], secret);
    assert_eq!((&tagged["region"], &resource["account"]), (&"cn-beijing".into(), &"6543210987654321".into()));
}

#[test]
fn options_become_facts_of_the_question() {
    let words = format!(
        "--caller {APP} --operation Decrypt --key {OTHER_KEY} --key-policy key.json --identity-policy all.json \
         --session-policy all.json --control-policy all.json --control-policy list.json --context acs:MFAPresent=true \
         --context kms:EncryptionContext:a=b=c --tag Project=Apollo --alias alias/x --parameters {{\"CiphertextBlob\":\"x\"}} \
         --from 198.51.100.7"
    );
    let question = question("options", &words);
    let resource = "/authorizations/0/resource";
    let context = "/authorizations/0/context";
    for (pointer, value) in [
        ("/dialect".to_owned(), "\"ram\""),
        ("/region".to_owned(), "\"cn-shanghai\""),
        ("/source-ip".to_owned(), "\"198.51.100.7\""),
        ("/caller/arn".to_owned(), &format!("\"{APP}\"")),
        ("/caller/issuer".to_owned(), "\"acs:ram::1234567890123456:role/App\""),
        ("/caller/policies/0/document/Statement/0/Action".to_owned(), "\"kms:*\""),
        ("/caller/session-policies/0/Statement/0/Action".to_owned(), "\"kms:*\""),
        ("/operation/parameters/CiphertextBlob".to_owned(), "\"x\""),
        (format!("{resource}/arn"), &format!("\"{OTHER_KEY}\"")),
        (format!("{resource}/account"), "\"6543210987654321\""),
        (format!("{resource}/policy/Statement/0/Sid"), "\"AliceDecrypts\""),
        (format!("{resource}/control-policies/1/0/Statement/0/Action"), "\"kms:List*\""),
        (format!("{resource}/tags"), "{\"Project\":\"Apollo\"}"),
        (format!("{resource}/aliases"), "[\"alias/x\"]"),
        (format!("{context}/kms:tag~1Project"), "\"Apollo\""),
        (format!("{context}/kms:EncryptionContext:a"), "\"b=c\""),
        (format!("{context}/acs:MFAPresent"), "\"true\""),
        (format!("{context}/acs:SourceIp"), "\"198.51.100.7\""),
    ] {
        let found = question.pointer(&pointer).map(Value::to_string);
        assert_eq!(found.as_deref(), Some(value), "{pointer} in\n{question:#}");
    }
}

#[test]
fn the_usual_key_is_of_the_callers_account_and_has_no_policy() {
    for (caller, arn) in [
        (ALICE, "acs:kms:cn-hangzhou:1234567890123456:key/1234abcd-12ab-34cd-56ef-1234567890ab"),
        (
            "acs:ram::9999000099990000:user/alice",
            "acs:kms:cn-hangzhou:9999000099990000:key/1234abcd-12ab-34cd-56ef-1234567890ab",
        ),
    ] {
        let question = question("usual", &format!("--caller {caller} --operation Decrypt"));
        let resource = &question["authorizations"][0]["resource"];
        assert_eq!((&resource["arn"], resource.get("policy")), (&arn.into(), None));
    }
    let asked = format!("--caller {ALICE} --operation CreateAlias --alias alias/x --region eu-central-1");
    let resource = &question("alias", &asked)["authorizations"][0]["resource"];
    assert_eq!(resource["arn"], "acs:kms:eu-central-1:1234567890123456:alias/x");
}

#[test]
fn a_printed_question_is_answered_alike() {
    let asked =
        format!("--caller {APP} --operation Decrypt --identity-policy all.json --session-policy list.json");
    let file = folder("printed").join("printed.json");
    fs::write(&file, question("print", &asked).to_string()).unwrap();
    let answer = |test: &str, words: &str| -> Value {
        let (code, out, err) = explain(test, &format!("{words} --format json"));
        assert_eq!(code, 0, "{err}");
        serde_json::from_str(&out).unwrap()
    };
    let (from_file, from_facts) = (answer("again", &file.display().to_string()), answer("facts", &asked));
    assert_eq!(from_file["trace"]["steps"], from_facts["trace"]["steps"]);
    assert_eq!(from_facts["trace"]["layers"][0]["file"], "list.json");
}

#[test]
fn a_malformed_document_is_an_answer_with_its_place() {
    answered(
        "malformed",
        &format!("--caller {ALICE} --operation Decrypt --identity-policy malformed.json"),
        &["answer rejected (malformed.json)"],
    );
}

#[test]
fn an_unknown_condition_key_is_taken_with_a_warning() {
    let (code, _, err) = explain(
        "unknown-key",
        &format!("--caller {ALICE} --operation Decrypt --context acs:sourceIp=192.0.2.1"),
    );
    assert_eq!(code, 0, "{err}");
    assert!(err.contains("names no condition key `acs:sourceIp`; did you mean `acs:SourceIp`"), "{err}");
}
