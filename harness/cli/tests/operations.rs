//! `operations`: the tables of operations and condition keys, whole and in part.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::process::Command;

use serde_json::Value;

/// What the command prints when it succeeds, or its error when it ends with 2.
fn operations(arguments: &[&str]) -> Result<String, String> {
    let output = Command::new(env!("CARGO_BIN_EXE_kms-conformance"))
        .arg("operations")
        .args(arguments)
        .env("NO_COLOR", "1")
        .output()
        .unwrap();
    match output.status.code() {
        Some(0) => Ok(String::from_utf8(output.stdout).unwrap()),
        code => {
            assert_eq!(code, Some(2));
            Err(String::from_utf8(output.stderr).unwrap())
        }
    }
}

/// The names of the operations that a filter lets through.
fn names(arguments: &[&str]) -> Vec<String> {
    let lines = operations(&[arguments, &["--format", "jsonl"]].concat()).unwrap();
    let name = |line: &str| {
        let row: Value = serde_json::from_str(line).unwrap();
        row.get("name").unwrap().as_str().unwrap().to_owned()
    };
    lines.lines().map(name).collect()
}

/// The cells of a table's line.
fn cells(line: &str) -> Vec<&str> {
    line.split("  ").map(str::trim).filter(|cell| !cell.is_empty()).collect()
}

#[test]
fn the_table_has_a_line_for_each_authorization_and_ends_with_its_source() {
    let text = operations(&[]).unwrap();
    let lines: Vec<_> = text.lines().map(cells).collect();
    for line in [
        ["Decrypt", "kms:Decrypt", "key", "key-policy iam grant", "yes", "yes"],
        ["PutKeyPolicy", "kms:PutKeyPolicy", "key", "key-policy iam", "no", "no"],
        ["CreateKey", "kms:CreateKey", "none", "iam", "no", "no"],
        ["CreateAlias", "kms:CreateAlias", "alias", "iam", "no", "no"],
        ["CreateAlias", "kms:CreateAlias", "key", "key-policy iam", "no", "no"],
        ["ReEncrypt", "kms:ReEncryptTo", "destination-key", "key-policy iam grant", "yes", "yes"],
    ] {
        assert!(lines.contains(&line.to_vec()), "{line:?} is not in\n{text}");
    }
    assert!(text.lines().last().unwrap().starts_with("source: AWS KMS Developer Guide"), "{text}");
}

#[test]
fn filters_are_combined() {
    let all = names(&[]);
    let both = |name: &str| [names(&["--cross-account", name]).len(), all.len()];
    assert_eq!(both("yes")[0] + both("no")[0], all.len());
    assert_eq!(names(&["--condition-key", "KMS:signingalgorithm"]), ["Sign", "Verify"]);
    assert_eq!(names(&["--condition-key", "aws:PrincipalArn"]), all);
    let no = names(&["--condition-key", "kms:EncryptionContextKeys", "--cross-account", "yes"]);
    assert_eq!(no, names(&["--condition-key", "kms:EncryptionContext:AppName"]));
}

#[test]
fn policy_kinds_part_the_operations() {
    let grant = names(&["--policy-kind", "grant"]);
    assert!(grant.contains(&"Decrypt".to_owned()) && !grant.contains(&"PutKeyPolicy".to_owned()));
    let key = names(&["--policy-kind", "key-policy"]);
    for (name, by_key_policy) in
        [("Decrypt", true), ("CreateAlias", true), ("CreateKey", false), ("RetireGrant", false)]
    {
        assert_eq!(key.iter().any(|found| found == name), by_key_policy, "{name}");
    }
    assert_eq!(names(&["--policy-kind", "iam"]), names(&[]));
}

#[test]
fn one_operation_is_shown_with_its_condition_keys() {
    for name in ["Decrypt", "decrypt", "kms:Decrypt"] {
        let text = operations(&[name]).unwrap();
        assert!(text.starts_with("Decrypt\n  kms:Decrypt on key: the key policy, an IAM policy"), "{text}");
        let key = text.lines().find(|line| line.contains("kms:EncryptionAlgorithm")).unwrap();
        let expected = [
            "kms:EncryptionAlgorithm",
            "string",
            "single",
            "any",
            "parameter EncryptionAlgorithm, SYMMETRIC_DEFAULT by default",
        ];
        assert_eq!(cells(key), expected);
        assert!(!text.contains("kms:SigningAlgorithm"), "{text}");
    }
    assert!(operations(&["CreateAlias"]).unwrap().contains("kms:CreateAlias on alias: an IAM policy\n"));
}

#[test]
fn condition_keys_are_shown_with_type_origin_and_operations() {
    let text = operations(&["--condition-keys"]).unwrap();
    let lines: Vec<_> = text.lines().map(cells).collect();
    for line in [
        ["aws:PrincipalArn", "arn", "single", "any", "fact", "every request"],
        ["kms:GrantOperations", "string", "multi", "any", "parameter Operations", "CreateGrant"],
        [
            "kms:MessageType",
            "string",
            "single",
            "any",
            "parameter MessageType, RAW by default",
            "Sign Verify",
        ],
        ["aws:ResourceTag/*", "string", "single", "iam", "fact", "47 operations"],
        ["aws:SourceIdentity", "string", "single", "any", "context only", "every request"],
    ] {
        assert!(lines.contains(&line.to_vec()), "{line:?} is not in\n{text}");
    }
}

#[test]
fn json_fits_its_schema() {
    for (arguments, schema) in [
        (&["--format", "json"][..], kms_conformance::schema::operations()),
        (&["Decrypt", "--format", "json"], kms_conformance::schema::operations()),
        (&["--condition-keys", "--format", "json"], kms_conformance::schema::condition_keys()),
    ] {
        let value: Value = serde_json::from_str(&operations(arguments).unwrap()).unwrap();
        let validator = jsonschema::validator_for(&schema).unwrap();
        let errors: Vec<_> = validator.iter_errors(&value).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{arguments:?}: {errors:?}");
    }
}

#[test]
fn unknown_names_are_told_with_the_nearest() {
    for (arguments, message) in [
        (&["Decript"][..], "no KMS operation `Decript`; did you mean `Decrypt`"),
        (&["frobnicate"], "no KMS operation `frobnicate`\n"),
        (
            &["--condition-key", "kms:ViaServices"],
            "no condition key `kms:ViaServices`; did you mean `kms:ViaService`",
        ),
        (&["--policy-kind", "scp"], "invalid value 'scp'"),
        (&["--cross-account", "maybe"], "invalid value 'maybe'"),
        (&["Decrypt", "--cross-account", "yes"], "cannot be used with"),
        (&["--condition-keys", "--policy-kind", "iam"], "cannot be used with"),
        (
            &["--condition-key", "kms:ViaService", "--policy-kind", "grant", "--cross-account", "no"],
            "no operation fits",
        ),
    ] {
        let error = operations(arguments).unwrap_err();
        assert!(error.contains(message), "{arguments:?}: {error}");
    }
}
