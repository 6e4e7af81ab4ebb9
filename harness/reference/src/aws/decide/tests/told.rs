//! What an answer tells beside its word.

use super::*;

#[test]
fn a_refused_document_is_named_with_its_place() {
    let mut ask = ask("alice", "kms:Decrypt").by("Allow", ROOT, "kms:*");
    ask.identity_policies.push((
        "user/alice",
        r#"{"Effect":"Allow","Principal":"*","Action":"kms:*","Resource":"*"}"#.to_owned(),
    ));
    let answer = AwsReference::new().answer(&ask.question());
    assert_eq!(answer.outcome, Outcome::Rejected { policy: Some("/caller/policies/0".to_owned()) });
    assert_eq!(
        answer.message.unwrap(),
        "1:68: a policy of this type names no principal: it is about whom it is attached to"
    );
}

#[test]
fn an_explanation_says_of_every_statement_why() {
    let ask = ask("alice", "kms:Decrypt")
        .by("Allow", "arn:aws:iam::111122223333:role/App", "kms:*")
        .by("Allow", ROOT, "kms:Encrypt")
        .statement(
            r#"{"Sid":"via s3","Effect":"Allow","Principal":"*","Action":"kms:*","Resource":"*",
                "Condition":{"StringEquals":{"kms:ViaService":["a","b","c","d"]}}}"#,
        )
        .by("Allow", ROOT, "kms:*")
        .with("Allow", "kms:*", "arn:aws:kms:*:*:alias/*");
    let trace = AwsReference::new().explain(&ask.question()).trace.unwrap();
    let told: Vec<_> = trace
        .layers
        .iter()
        .flat_map(|layer| {
            layer
                .statements
                .iter()
                .map(|s| format!("{} {} {}: {}", layer.name, s.statement, s.applies, s.reason))
        })
        .collect();
    assert_eq!(
        told,
        [
            "key policy 0 false: caller `arn:aws:iam::111122223333:user/alice` is not in \
             `arn:aws:iam::111122223333:role/App`",
            "key policy 1 false: action `kms:Decrypt` is not in `kms:Encrypt`",
            "key policy 2 false: condition StringEquals `kms:ViaService` is not met: the request has no such key",
            "key policy 3 true: everything matches; of the caller it names the account only",
            "identity policy of user/x 0 false: resource \
             `arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab` is not in \
             `arn:aws:kms:*:*:alias/*`",
        ]
    );
    assert_eq!(trace.layers[0].statements[2].sid.as_deref(), Some("via s3"));
    assert_eq!(trace.steps, ["the key policy leaves it to the account's policies, and none allows"]);
}

#[test]
fn every_reason_is_a_sentence() {
    let statement = |rest: &str| format!(r#"{{"Effect":"Deny",{rest}}}"#);
    for (statement, reason) in [
        (
            statement(&format!(r#""NotPrincipal":{{"AWS":["{ALICE}","{A}"]}},"Action":"*","Resource":"*""#)),
            format!("caller `{ALICE}` is excepted by `{ALICE}`, `{A}`"),
        ),
        (
            statement(r#""Principal":"*","NotAction":["a:b","a:c","a:d","kms:*","a:e"],"Resource":"*""#),
            "action `kms:Decrypt` is in NotAction `a:b`, `a:c`, `a:d` and 2 more".to_owned(),
        ),
        (
            statement(r#""Principal":"*","Action":[],"Resource":"*""#),
            "action `kms:Decrypt` is not in an empty list".to_owned(),
        ),
        (statement(r#""Principal":"*","Resource":"*""#), "it has no Action, so it does nothing".to_owned()),
        (statement(r#""Principal":"*","Action":"*""#), "it has no Resource, so it does nothing".to_owned()),
        (
            statement(r#""Principal":"*","Action":"*","Resource":"*","Condition":{"StringLike":{"k":"c"}}"#),
            "condition StringLike `k` is not met: the request has `a`, `b`".to_owned(),
        ),
        (
            statement(r#""Principal":"*","Action":"*","Resource":"*","Condition":{"Null":{"none":"false"}}"#),
            "condition Null `none` is not met: the request has it without values".to_owned(),
        ),
        (
            r#"{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*",
                "Condition":{"Null":{"aws:ResourceTag/a":"true"}}}"#
                .to_owned(),
            "condition Null `aws:ResourceTag/a` is not met: KMS does not take the key into account here"
                .to_owned(),
        ),
    ] {
        let ask = ask("alice", "kms:Decrypt").statement(&statement).context(r#"{"k":["a","b"],"none":[]}"#);
        let trace = AwsReference::new().explain(&ask.question()).trace.unwrap();
        assert_eq!(trace.layers[0].statements[0].reason, reason, "{statement}");
    }
}

#[test]
fn every_way_is_told() {
    let key = |caller| ask(caller, "kms:Decrypt");
    let object = |caller| ask(caller, "s3:GetObject").on("s3:object");
    for (ask, step) in [
        (key("alice").by("Deny", "*", "*"), "a statement denies, and nothing outweighs that"),
        (
            key("alice").by("Allow", ALICE, "*"),
            "the resource's policy allows the caller, and nothing else is needed in its account",
        ),
        (
            key("alice").by("Allow", A, "*").with("Allow", "*", "*"),
            "the key policy leaves it to the account's policies, and an identity policy allows",
        ),
        (
            key("bob").by("Allow", B, "*").with("Allow", "*", "*"),
            "the owner's account and the caller's account both allow",
        ),
        (
            object("alice").with("Allow", "*", "*"),
            "an identity policy allows, and nothing else is needed in the account",
        ),
        (
            object("root:111122223333"),
            "the root user is allowed everything in its account that nothing denies",
        ),
        (object("alice"), "no identity policy allows"),
        (
            key("federated").by("Allow", ALICE, "*"),
            "a federated session has only what its session policies allow, and it has none",
        ),
        (
            object("federated").by("Allow", ALICE, "*"),
            "a federated session has only what its session policies allow, and it has none",
        ),
        (key("alice"), "nothing allows"),
        (
            key("alice").with("Allow", "*", "*"),
            "an identity policy allows, but the key policy does not let it decide",
        ),
        (
            key("bob").by("Allow", B, "*"),
            "the owner's account allows, but nothing in the caller's account does",
        ),
        (
            key("bob").with("Allow", "*", "*"),
            "the caller's account allows, but nothing in the owner's account does",
        ),
        (key("china").by("Allow", "*", "*"), "caller and resource are in different partitions"),
    ] {
        let trace = AwsReference::new().explain(&ask.question()).trace.unwrap();
        assert_eq!(trace.steps, [step], "{}", ask.question().to_line());
    }
    let layers =
        AwsReference::new().explain(&object("alice").by("Allow", "*", "*").question()).trace.unwrap().layers;
    assert_eq!(layers[0].name, "resource policy");
}
