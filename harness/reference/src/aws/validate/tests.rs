//! Whole documents, each as a policy of some type.

use kms_model::{Evaluator, Outcome, Question};

use crate::AwsReference;

const KEY_STATEMENT: &str =
    r#"{"Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"kms:*","Resource":"*"}"#;

/// The message with which the document is rejected; `None` if it is accepted.
fn refusal(policy_type: &str, document: &str) -> Option<String> {
    refusal_of(policy_type, document, "")
}

fn refusal_of(policy_type: &str, document: &str, members: &str) -> Option<String> {
    let document = kms_model::json::compact(&document.into());
    let text = format!(
        r#"{{"kind":"validate","dialect":"aws","region":"us-west-2","policy-type":"{policy_type}","document":{document}{members}}}"#
    );
    let answer = AwsReference::new().answer(&Question::parse(&text).unwrap());
    match answer.outcome {
        Outcome::Accepted => None,
        Outcome::Rejected { policy } => {
            assert_eq!(policy.as_deref(), Some("/document"));
            Some(answer.message.unwrap())
        }
        outcome => panic!("{outcome}: {text}"),
    }
}

/// The problems of a message, without line and column.
fn without_places(message: &str) -> String {
    let problems = message.split("; ").map(|problem| problem.split_once(": ").unwrap().1);
    problems.collect::<Vec<_>>().join("; ")
}

/// A document of version 2012-10-17 with one statement.
fn one(statement: &str) -> String {
    format!(r#"{{"Version":"2012-10-17","Statement":[{statement}]}}"#)
}

#[test]
fn key_policies() {
    for (document, expected) in [
        (one(KEY_STATEMENT), None),
        (one(""), Some("a policy needs at least one statement")),
        (one(r#"{"Effect":"Allow","Principal":"*"}"#), None), // kms.key-policy.format.missing-action-ineffective
        (
            one(r#"{"Effect":"Allow","Action":"kms:*","Resource":"*"}"#),
            Some("a statement of a policy of this type needs `Principal`"),
        ),
        (
            one(r#"{"Effect":"Allow","Principal":{"AWS":[]},"Action":"kms:*","Resource":"*"}"#),
            Some("a statement names at least one principal"),
        ),
        (
            one(r#"{"Effect":"Allow","Principal":{"AWS":""},"Action":"kms:","Resource":"*"}"#),
            Some(
                "`` is no principal: expected `*`, an account, or the ARN of a user, role or session, spelled \
                 out; `kms:` is no action: expected `service:name` or `*`",
            ),
        ),
        (
            one(
                r#"{"Effect":"Allow","Principal":{"AWS":"arn:aws-cn:iam::111122223333:root"},"Action":"kms:*"}"#,
            ),
            Some("a principal of partition `aws-cn` in a key policy of partition `aws`"),
        ),
        (
            one(
                r#"{"Effect":"Allow","NotPrincipal":{"AWS":"111122223333"},"Action":"kms:*","Resource":"*"}"#,
            ),
            Some("`NotPrincipal` cannot be used with `Allow`"),
        ),
        (
            one(r#"{"Effect":"Allow","Principal":{"Federated":"x"},"Action":"kms:*","Resource":"*"}"#),
            Some("a key policy cannot name `x`, a federated or canonical user"),
        ),
        (
            one(
                r#"{"Effect":"Allow","Principal":"*","Condition":{"ForAllValues:StringLike":{"KMS:EncryptionContext:a":"b"}}}"#,
            ),
            Some("ForAllValues on `KMS:EncryptionContext:a` would allow requests without it"),
        ),
        (
            one(
                r#"{"Effect":"Deny","Principal":"*","Condition":{"ForAllValues:StringLike":{"aws:RequestTag/a":"b"}}}"#,
            ),
            None,
        ),
        (
            one(r#"{"Effect":"Deny","Principal":"*","Condition":{"StringLikes":{"k":"b"}}}"#),
            Some("unknown condition operator `StringLikes`"),
        ),
        (
            one(r#"{"Effect":"Deny","Principal":"*","Condition":{"StringLike":{"k":"${"}}}"#),
            Some("`${` is not closed by `}`"),
        ),
        (
            one(r#"{"Effect":"Deny","Principal":"*","Condition":{"ArnLike":{"k":"${}"}}}"#),
            Some("`${}` names no condition key"),
        ),
        (
            one(r#"{"Effect":"Allow","Principal":{"Service":"*"},"Action":"kms:*","Resource":"*"}"#),
            Some("`*` is no service principal"),
        ),
        // kms.key-policy.format.resource-arn-in-key-policy
        (one(r#"{"Effect":"Allow","Principal":"*","Action":"kms:*","Resource":"key/1"}"#), None),
        (format!(r#"{{"Statement":[{KEY_STATEMENT}]}}"#), None),
        (
            r#"{"Statement":[],}"#.to_owned(),
            Some("not well-formed JSON: expected a member name in quotes, found `}`"),
        ),
    ] {
        let told = refusal("key-policy", &document);
        let problems = told.as_ref().map(|told| without_places(told));
        assert_eq!(problems.as_deref(), expected, "{document}");
    }
}

#[test]
fn a_key_policy_has_at_most_32768_bytes() {
    let document =
        |bytes: usize| format!("{}{}", one(KEY_STATEMENT), " ".repeat(bytes - one(KEY_STATEMENT).len()));
    assert_eq!(refusal("key-policy", &document(32_768)), None);
    assert_eq!(
        refusal("key-policy", &document(32_769)).unwrap(),
        "1:32769: a policy of this type has at most 32768 bytes, not 32769"
    );
}

#[test]
fn only_the_default_policy_of_a_key_can_be_set() {
    // kms.key-policy.format.policy-name-default-only
    for (name, accepted) in [("default", true), ("AWS_RAM", false)] {
        let members = format!(r#","for":"PutKeyPolicy","parameters":{{"PolicyName":"{name}"}}"#);
        assert_eq!(refusal_of("key-policy", &one(KEY_STATEMENT), &members).is_none(), accepted, "{name}");
    }
}

#[test]
fn identity_policies() {
    let decrypt =
        |rest: &str| one(&format!(r#"{{"Effect":"Allow","Action":"kms:Decrypt","Resource":"*"{rest}}}"#));
    let resource =
        |text: &str| one(&format!(r#"{{"Effect":"Allow","Action":"kms:Decrypt","Resource":"{text}"}}"#));
    for (document, accepted) in [
        (decrypt(""), true),
        (decrypt(r#","Sid":"Allow1""#), true), // iam.doc.sid.charset-identity
        (decrypt(r#","Sid":"""#), true),       // iam.doc.sid.type-string
        (decrypt(r#","Sid":"allow-1""#), false),
        (decrypt(r#","Sid":"ä""#), false),
        (decrypt(r#","Principal":"*""#), false), // iam.doc.principal.forbidden-identity
        (one(r#"{"Effect":"Allow","Resource":"*"}"#), false), // iam.doc.action.required
        (one(r#"{"Effect":"Allow","Action":"kms:Decrypt"}"#), false), // iam.doc.resource.required-identity
        (one(r#"{"Effect":"Allow","NotAction":[],"Resource":"*"}"#), false),
        (one(r#"{"Effect":"Allow","Action":[],"Resource":[]}"#), true), // iam.doc.empty-array.action
        (
            one(r#"{"Sid":"a","Effect":"Allow","Action":"a:b","Resource":"*"},
                   {"Sid":"a","Effect":"Allow","Action":"a:b","Resource":"*"}"#),
            false, // iam.doc.sid.unique-identity
        ),
        (decrypt(r#","Condition":{"Bool":{"k":["true","false"]}}"#), false), // iam.op.bool.multiple-values
        (decrypt(r#","Condition":{"ForAnyValue:Bool":{"k":["true","false"]}}"#), true),
        (decrypt(r#","Condition":{"StringEquals":{"aws:ResourceTag":"x"}}"#), false), // iam.key.tag-key-required
        (decrypt(r#","Condition":{"ForAllValues:StringEquals":{"kms:EncryptionContext:a":"x"}}"#), true),
        (resource("arn:aws:kms:us-west-2:111122223333:key/${aws:username"), false), // iam.variable.missing-brace
        (resource("arn:aws:kms:us-west-2:111122223333:key/${aws:username, x}"), false), // iam.variable.default-needs-quotes
        (r#"{"Statement":{"Effect":"Allow","Action":"a:b","Resource":"arn:aws:s3:::${"}}"#.to_owned(), true),
        (r#"{"Id":"x","Statement":{"Effect":"Allow","Action":"a:b","Resource":"*"}}"#.to_owned(), true), // iam.doc.id.identity-policy-forbidden
    ] {
        assert_eq!(refusal("identity", &document).is_none(), accepted, "{document}");
    }
}

#[test]
fn every_type_has_its_own_demands() {
    let without = one(
        r#"{"Effect":"Deny","Action":"kms:Decrypt","Resource":"arn:aws:kms:us-west-2:111122223333:key/1"}"#,
    );
    let star = one(r#"{"Effect":"Deny","Principal":"*","Action":"kms:Decrypt","Resource":"*"}"#);
    let named =
        one(r#"{"Effect":"Deny","Principal":{"AWS":"111122223333"},"Action":"kms:Decrypt","Resource":"*"}"#);
    let allows = one(r#"{"Effect":"Allow","Principal":"*","Action":"kms:Decrypt","Resource":"*"}"#);
    let all_actions = one(r#"{"Effect":"Deny","Principal":"*","Action":"*","Resource":"*"}"#);
    let short = one(r#"{"Effect":"Allow","Action":"kms:Decrypt","Resource":"arn:aws:kms"}"#);
    let no_resource = one(r#"{"Effect":"Allow","Principal":"*","Action":"kms:Decrypt"}"#);
    let nobody = one(r#"{"Effect":"Deny","Principal":{},"Action":"a:b","Resource":"*"}"#);
    let federated = one(r#"{"Effect":"Deny","Principal":{"Federated":"x"},"Action":"a:b","Resource":"*"}"#);
    let unicode = one(r#"{"Effect":"Deny","Principal":"*","Action":"a:b","Resource":"arn:aws:s3:::\u653f"}"#);
    let unicode_identity = unicode.replace(r#""Principal":"*","#, "");
    let sid = one(r#"{"Sid":"a b","Effect":"Deny","Action":"kms:Decrypt","Resource":"*"}"#);
    for (document, types) in [
        (&without, &["identity", "boundary", "session", "scp"][..]), // iam.eval.boundary.no-principal, iam.scp.no-principal
        (&star, &["key-policy", "resource-policy", "rcp", "endpoint"]), // iam.eval.vpce.principal-required
        (&named, &["key-policy", "resource-policy", "endpoint"]),    // iam.rcp.principal-star-only
        (&allows, &["key-policy", "resource-policy", "endpoint"]),   // iam.rcp.effect-deny-only
        (&all_actions, &["key-policy", "resource-policy", "endpoint"]), // iam.rcp.action-needs-service
        (&short, &["identity", "boundary", "scp"]), // iam.resource.incomplete-arn-session-policy
        (&no_resource, &["key-policy"]),
        (&sid, &["scp"]),
        (&nobody, &["resource-policy", "endpoint"]), // iam.doc.empty-array.principal
        (&federated, &["resource-policy", "endpoint"]), // iam.principal.federated.trust-only
        (&unicode, &["resource-policy", "rcp", "endpoint"]),
        (&unicode_identity, &["scp"]), // kms.key-policy.format.charset
    ] {
        for policy_type in
            ["identity", "key-policy", "resource-policy", "boundary", "session", "scp", "rcp", "endpoint"]
        {
            let accepted = refusal(policy_type, document).is_none();
            assert_eq!(accepted, types.contains(&policy_type), "{document} as {policy_type}");
        }
    }
}

#[test]
fn the_setter_must_not_be_locked_out() {
    let alice = |policies: &str| {
        format!(
            r#","for":"PutKeyPolicy","caller":{{"kind":"user","arn":"arn:aws:iam::111122223333:user/alice",
               "account":"111122223333"{policies}}}"#
        )
    };
    let iam = alice(&format!(
        r#","policies":[{{"from":"user/alice","document":{}}}]"#,
        one(r#"{"Effect":"Allow","Action":"kms:PutKeyPolicy","Resource":"*"}"#)
    ));
    let by = |principal: &str, actions: &str| {
        one(&format!(
            r#"{{"Effect":"Allow","Principal":{{"AWS":"{principal}"}},"Action":"{actions}","Resource":"*"}}"#
        ))
    };
    let (named, app) = (
        by("arn:aws:iam::111122223333:user/alice", "kms:*"),
        by("arn:aws:iam::111122223333:role/App", "kms:*"),
    );
    let root = by("arn:aws:iam::111122223333:root", "kms:*");
    let bypass =
        |value: &str| format!(r#"{},"parameters":{{"BypassPolicyLockoutSafetyCheck":{value}}}"#, alice(""));
    for (document, members, accepted) in [
        (&named, alice(""), true), // kms.lockout.new-policy-must-allow-caller
        (&app, alice(""), false),
        (&app, String::new(), true),
        (&root, iam.clone(), true), // kms.lockout.delegated-iam-counts
        (&root, alice(""), false),
        (&app, iam, false),
        (&app, bypass("true"), true), // kms.lockout.bypass
        (&app, bypass("false"), false),
        (&app, bypass(r#""true""#), false),
        (&by("arn:aws:iam::111122223333:user/alice", "kms:Decrypt"), alice(""), false),
    ] {
        assert_eq!(refusal_of("key-policy", document, &members).is_none(), accepted, "{document} {members}");
    }
}

#[test]
fn what_there_is_no_place_for_is_said() {
    let text = format!(
        r#"{{"kind":"validate","dialect":"aws","region":"us-west-2","document":{},"policy-type":"key-policy",
            "principals":[]}}"#,
        one(KEY_STATEMENT)
    );
    let answer = AwsReference::new().answer(&Question::parse(&text).unwrap());
    assert_eq!(answer.outcome, Outcome::Unsupported { feature: "principal-inventory".to_owned() });
}
