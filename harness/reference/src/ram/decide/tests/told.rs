//! What an answer tells beside its word.

use super::*;

#[test]
fn a_refused_document_is_named_with_its_place() {
    let refused = r#"{"Version":"1","Statement":[{"Effect":"Allow","Action":"kms:*"}]}"#;
    let encrypt = || ask("session:App", "kms:Encrypt").with("Allow", "*");
    for (ask, pointer) in [
        (encrypt().with_from("role/App", "", refused), "/caller/policies/1"),
        (encrypt().session(refused), "/caller/session-policies/0"),
        (encrypt().control(&format!("[[],[{refused}]]")), "/authorizations/0/resource/control-policies/1/0"),
        (encrypt().by("Allow", ALICE, "*"), "/authorizations/0/resource/policy"),
    ] {
        let answer = RamReference::new().answer(&ask.question());
        assert_eq!(answer.outcome, Outcome::Rejected { policy: Some(pointer.to_owned()) });
        assert!(answer.message.unwrap().starts_with("1:"));
    }
    // What has no say is not looked at.
    let regions = ask("alice", "kms:DescribeRegions").on("kms:account").with_from("user/alice", "", refused);
    assert_eq!(regions.answer(), "allow");
}

#[test]
fn an_explanation_says_of_every_statement_why() {
    let conditional = r#"{"Version":"1","Statement":[
        {"Sid":"tag","Effect":"Allow","Action":"kms:*","Resource":"*","Condition":{"StringEquals":{"kms:tag/Project":"Apollo"}}},
        {"Effect":"Allow","Action":"kms:*","Resource":"*","Condition":{"Bool":{"acs:SecureTransport":"false"}}},
        {"Effect":"Allow","NotAction":["ecs:*","KMS:*"],"Resource":"*"},
        {"Effect":"Allow","Action":"kms:*","Resource":["acs:kms:*:*:alias/*","acs:kms:*:*:key"]}]}"#;
    let ask = ask("bob", "kms:DisableKey")
        .with_from("user/bob", "", conditional)
        .by("Allow", ALICE, "kms:*")
        .by("Allow", BOB, "kms:*")
        .by("Allow", BOB, "kms:Encrypt");
    let trace = RamReference::new().explain(&ask.question()).trace.unwrap();
    let reasons: Vec<_> = trace
        .layers
        .iter()
        .flat_map(|layer| layer.statements.iter().map(|one| format!("{}: {}", layer.name, one.reason)))
        .collect();
    assert_eq!(
        reasons,
        [
            "identity policy of user/bob: condition StringEquals `kms:tag/Project` is not met: the request has no such key",
            "identity policy of user/bob: condition Bool `acs:SecureTransport` is not met: the request has `true`",
            "identity policy of user/bob: action `kms:DisableKey` is in NotAction `ecs:*`, `KMS:*`",
            "identity policy of user/bob: resource `acs:kms:cn-hangzhou:1234567890123456:key/k1` is not in \
             `acs:kms:*:*:alias/*`, `acs:kms:*:*:key`",
            "key policy: caller `acs:ram::6543210987654321:user/bob` is not in \
             `acs:ram::1234567890123456:user/alice`",
            "key policy: principals of other accounts can use a key, and `kms:DisableKey` is more than that",
            "key policy: action `kms:DisableKey` is not in `kms:Encrypt`",
        ]
    );
    assert_eq!(trace.layers[0].statements[0].sid.as_deref(), Some("tag"));
    let inert = self::ask("alice", "kms:ReEncryptTo").by("Allow", ALICE, "kms:ReEncrypt*");
    let trace = RamReference::new().explain(&inert.question()).trace.unwrap();
    assert_eq!(trace.layers[0].statements[0].reason, "a key policy has no effect on `kms:ReEncryptTo`");
}

#[test]
fn layers_are_told_in_the_order_of_the_walk() {
    let full = document("Allow", "*");
    let ask = ask("session:App", "kms:Encrypt")
        .with_from("role/App", "", &full)
        .session(&full)
        .control(&format!("[[{full}]]"))
        .by("Allow", ALL_OF_A, "kms:*");
    let trace = RamReference::new().explain(&ask.question()).trace.unwrap();
    let names: Vec<_> = trace.layers.iter().map(|layer| layer.name.as_str()).collect();
    assert_eq!(
        names,
        ["control policy, level 0", "session policy", "identity policy of role/App", "key policy"]
    );
    let reason = &trace.layers[3].statements[0].reason;
    assert_eq!(reason, "everything matches; of the caller it names the account only");
    for (kind, action, name) in [
        ("kms:secret", "kms:GetSecretValue", "secret policy"),
        ("ram:role", "sts:AssumeRole", "trust policy"),
        ("ecs:instance", "ecs:StopInstance", "resource policy"),
    ] {
        let ask = self::ask("alice", action).on(kind).by(
            "Allow",
            ALICE,
            if kind == "kms:secret" { "kms:*" } else { "*" },
        );
        let trace = RamReference::new().explain(&ask.question()).trace.unwrap();
        assert_eq!(trace.layers[0].name, name);
    }
}

#[test]
fn every_way_is_told() {
    let key = |caller| ask(caller, "kms:Encrypt");
    let role = |caller| ask(caller, "sts:AssumeRole").on("ram:role");
    let other = document("Allow", "ecs:*");
    for (ask, step) in [
        (
            ask("alice", "kms:DescribeRegions").on("kms:account"),
            "RAM has no say in DescribeRegions: whoever is authenticated may call it",
        ),
        (key("root:1234567890123456"), "the account owns the resource, and may do everything with it"),
        (key("alice").with("Deny", "*"), "a statement denies, and nothing outweighs that"),
        (
            key("alice").with("Allow", "*"),
            "a policy of the caller's or of the resource's allows, and one is enough in the account",
        ),
        (
            key("bob").with("Allow", "*").by("Allow", BOB, "kms:*"),
            "an identity policy and the resource's policy both allow",
        ),
        (
            role("service:ecs.aliyuncs.com").by("Allow", r#"{"Service":"ecs.aliyuncs.com"}"#, "sts:*"),
            "the trust policy allows, and there is no identity policy to ask",
        ),
        (key("alice"), "nothing allows"),
        (
            key("alice").by("Allow", ALL_OF_A, "kms:*"),
            "the resource's policy names the account only, and no identity policy allows",
        ),
        (
            key("alice").with("Allow", "*").control(&format!("[[{other}]]")),
            "a level of control policies does not allow, so nothing else can",
        ),
        (
            key("session:App").with("Allow", "*").session(&other),
            "the session policy does not allow, so nothing else can",
        ),
        (
            key("bob").with("Allow", "*"),
            "the caller's account allows, but nothing in the owner's account does",
        ),
        (
            key("bob").by("Allow", BOB, "kms:*"),
            "the owner's account allows, but nothing in the caller's account does",
        ),
        (key("bob"), "nothing allows"),
        (role("alice").with("Allow", "*"), "the trust policy of the role does not allow"),
        (role("alice").by("Allow", ALICE, "*"), "the trust policy allows, but no identity policy does"),
        (role("alice"), "nothing allows"),
    ] {
        let trace = RamReference::new().explain(&ask.question()).trace.unwrap();
        assert_eq!(trace.steps, [step], "{}", ask.question().to_line());
    }
}
