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

/// The names of the operations that a filter lets through, all of one dialect.
fn names_of(dialect: &str, arguments: &[&str]) -> Vec<String> {
    let lines = operations(&[arguments, &["--format", "jsonl"]].concat()).unwrap();
    let name = |line: &str| {
        let row: Value = serde_json::from_str(line).unwrap();
        assert_eq!(row.get("dialect").unwrap(), dialect, "{line}");
        row.get("name").unwrap().as_str().unwrap().to_owned()
    };
    lines.lines().map(name).collect()
}

/// The names of the AWS operations that a filter lets through.
fn names(arguments: &[&str]) -> Vec<String> {
    names_of("aws", &[arguments, &["--dialect", "aws"]].concat())
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
    for line in [
        ["Decrypt", "kms:Decrypt", "key", "yes"],
        ["CreateKey", "kms:CreateKey", "key-container", "no"],
        ["GetSecretValue", "kms:Decrypt", "secret-key, if any", "no"],
        ["ReEncrypt", "kms:ReEncryptTo", "destination-key", "yes"],
        ["DescribeRegions", "kms:DescribeRegions", "account", "no"],
    ] {
        assert!(lines.contains(&line.to_vec()), "{line:?} is not in\n{text}");
    }
    let ends: Vec<_> = text.lines().filter(|line| line.starts_with("source: ")).collect();
    let [aws, ram] = ends.as_slice() else { panic!("{text}") };
    assert!(aws.starts_with("source: AWS KMS Developer Guide"), "{text}");
    assert!(ram.starts_with("source: KMS Developer Guide, \"Use RAM"), "{text}");
}

#[test]
fn each_dialect_has_its_heading_and_only_if_it_is_asked_for() {
    let headings = |arguments: &[&str]| -> Vec<String> {
        let text = operations(arguments).unwrap();
        text.lines().filter(|line| line.contains(" KMS (")).map(str::to_owned).collect()
    };
    let (aws, ram) = ("AWS KMS (aws)", "Alibaba Cloud KMS (ram)");
    for (arguments, expected) in [
        (&[][..], &[aws, ram][..]),
        (&["--dialect", "aws"], &[aws]),
        (&["--dialect", "ram"], &[ram]),
        (&["Decrypt"], &[aws, ram]),
        (&["Decrypt", "--dialect", "ram"], &[ram]),
        (&["GetSecretValue"], &[ram]),
        (&["CreateGrant"], &[aws]),
        (&["--condition-keys"], &[aws, ram]),
        (&["--condition-keys", "--dialect", "ram"], &[ram]),
        (&["--condition-key", "kms:tag/Project"], &[ram]),
        (&["--condition-key", "kms:ViaService"], &[aws]),
        (&["--policy-kind", "grant"], &[aws]),
        (&["--cross-account", "yes"], &[aws]),
    ] {
        assert_eq!(headings(arguments), expected, "{arguments:?}");
    }
}

#[test]
fn operations_of_ram_are_found_by_the_condition_keys_that_they_may_have() {
    let ram = |arguments: &[&str]| names_of("ram", &[arguments, &["--dialect", "ram"]].concat());
    let all = ram(&[]);
    assert_eq!(ram(&["--condition-key", "acs:SourceIp"]), all);
    let tagged = ram(&["--condition-key", "kms:tag/Project"]);
    for (name, has_tags) in
        [("Decrypt", true), ("DisableKey", true), ("GenerateMac", false), ("GetSecretValue", false)]
    {
        assert_eq!(
            (all.contains(&name.to_owned()), tagged.contains(&name.to_owned())),
            (true, has_tags),
            "{name}"
        );
    }
    // The documentation tells the operations of AWS, and not those of RAM.
    assert_eq!(
        names_of("aws", &["--condition-key", "kms:EncryptionContext:a"]),
        names(&["--condition-key", "kms:EncryptionContextKeys"])
    );
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
        let text = operations(&[name, "--dialect", "aws"]).unwrap();
        assert!(
            text.starts_with("AWS KMS (aws)\nDecrypt\n  kms:Decrypt on key: the key policy, an IAM policy"),
            "{text}"
        );
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
    for (name, lines) in [
        ("kms:decrypt", &["Decrypt", "  kms:Decrypt on key"][..]),
        ("ListKeys", &["ListKeys", "  kms:ListKeys on the key container of an account in a Region"]),
        (
            "kms:ReEncryptFrom",
            &["ReEncrypt", "  kms:ReEncryptFrom on source key", "  kms:ReEncryptTo on destination key"],
        ),
        (
            "GetSecretValue",
            &[
                "GetSecretValue",
                "  kms:GetSecretValue on secret",
                "  kms:Decrypt on the customer's key of the secret, if it is under one",
            ],
        ),
    ] {
        let text = operations(&[name, "--dialect", "ram"]).unwrap();
        let shown: Vec<_> = text.lines().skip(1).take(lines.len()).collect();
        assert_eq!(shown, lines, "{text}");
        assert_eq!(text.contains("kms:tag/*"), !["ListKeys", "GetSecretValue"].contains(&name), "{text}");
    }
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
    for line in [
        ["acs:SourceIp", "ip-address", "single", "fact", "every request"],
        ["acs:MFAPresent", "bool", "single", "context only", "every request"],
        ["kms:RecoveryWindowInDays", "numeric", "single", "context only", "not told"],
        ["kms:tag/*", "string", "single", "fact", "26 operations"],
    ] {
        assert!(lines.contains(&line.to_vec()), "{line:?} is not in\n{text}");
    }
}

#[test]
fn json_fits_its_schema() {
    for (arguments, schema) in [
        (&["--format", "json"][..], kms_conformance::schema::operations()),
        (&["Decrypt", "--format", "json"], kms_conformance::schema::operations()),
        (&["--dialect", "ram", "--format", "json"], kms_conformance::schema::operations()),
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
        (
            &["CreateGrant", "--dialect", "ram"],
            "no KMS operation `CreateGrant` of the ram dialect, but one of the aws",
        ),
        (
            &["--condition-key", "acs:SourceIP"],
            "no condition key `acs:SourceIP`; did you mean `acs:SourceIp`",
        ),
        (&["--condition-key", "aws:SourceIp", "--dialect", "ram"], "no condition key `aws:SourceIp`"),
        (&["--condition-key", "kms:RecoveryWindowInDays"], "the documentation does not say which operations"),
        (
            &["--policy-kind", "iam", "--dialect", "ram"],
            "`--policy-kind` is told of operations of the aws dialect only",
        ),
        (
            &["--cross-account", "no", "--dialect", "ram"],
            "`--cross-account` is told of operations of the aws",
        ),
        (&["--dialect", "gcp"], "invalid value 'gcp'"),
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
