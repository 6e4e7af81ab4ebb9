//! Which statements apply, and from which policies.

use super::*;

#[test]
fn identity_policies_are_united() {
    let decrypt = |caller| ask(caller, "kms:Decrypt").by("Allow", ROOT, "kms:*");
    check(&[
        (
            // iam.eval.identity.union-of-policies
            decrypt("alice")
                .with("Allow", "s3:*", "*")
                .with("Allow", "kms:Encrypt", "*")
                .with("Allow", "kms:*", K),
            "allow rp#0 id2#0",
        ),
        (
            // iam.eval.core.deny-order-independent
            decrypt("alice").with("Allow", "kms:*", "*").with("Deny", "kms:Decrypt", K),
            "explicit-deny id1#0",
        ),
        (
            // iam.eval.core.deny-not-applicable-ignored
            decrypt("alice").with("Allow", "kms:*", "*").with("Deny", "kms:Encrypt", K),
            "allow rp#0 id0#0",
        ),
        (decrypt("alice").with_from("group/Developers", "Allow", "kms:*", "*"), "allow rp#0 id0#0"), // iam.eval.identity.group-policies
        (decrypt("session").with_from("group/Developers", "Allow", "kms:*", "*"), "implicit-deny"), // iam.eval.identity.group-only-for-users
        (decrypt("session").with_from("role/App", "Allow", "kms:*", "*"), "allow rp#0 id0#0"),
    ]);
}

#[test]
fn a_short_arn_is_completed_in_identity_policies_only() {
    // iam.resource.incomplete-arn-completed
    let short = r#"{"Effect":"Allow","Principal":"*","Action":"*","Resource":"arn:aws:kms"}"#;
    check(&[
        (
            ask("alice", "kms:Decrypt").by("Allow", ROOT, "kms:*").with("Allow", "kms:*", "arn:aws:kms"),
            "allow rp#0 id0#0",
        ),
        (ask("alice", "kms:Decrypt").statement(short), "implicit-deny"),
    ]);
}

#[test]
fn tags_of_the_key_do_not_count_in_key_policies() {
    // kms.global.resourcetag-iam-only
    let tagged = |effect: &str| {
        format!(
            r#"{{"Effect":"{effect}","Principal":"*","Action":"*","Resource":"*",
                "Condition":{{"StringEquals":{{"aws:ResourceTag/a":"b"}}}}}}"#
        )
    };
    let decrypt = || ask("alice", "kms:Decrypt").context(r#"{"aws:ResourceTag/a":"b"}"#);
    let mut in_identity_policy = decrypt().by("Allow", ROOT, "kms:*");
    let statement = tagged("Allow").replace(r#""Principal":"*","#, "");
    in_identity_policy.identity_policies.push(("user/alice", statement));
    check(&[
        (decrypt().statement(&tagged("Allow")), "implicit-deny"),
        (decrypt().by("Allow", "*", "kms:*").statement(&tagged("Deny")), "explicit-deny rp#1"),
        (in_identity_policy, "allow rp#0 id0#0"),
        (decrypt().on("s3:object").statement(&tagged("Allow")), "allow rp#0"),
    ]);
}

#[test]
fn conditions_and_missing_elements_decide_about_statements() {
    let allow = |rest: &str| {
        let statement = format!(r#"{{"Effect":"Allow","Principal":"*",{rest}}}"#);
        ask("alice", "kms:Decrypt").statement(&statement)
    };
    let vpc = r#""Action":"kms:*","Resource":"*","Condition":{"StringEquals":{"aws:SourceVpc":"vpc-1"}}"#;
    check(&[
        (allow(vpc).context(r#"{"AWS:sourcevpc":"vpc-1"}"#), "allow rp#0"), // iam.condition.key-name-case-insensitive
        (allow(vpc).context(r#"{"aws:SourceVpc":"vpc-2"}"#), "implicit-deny"),
        (allow(vpc), "implicit-deny"),
        (allow(r#""Action":"kms:*""#), "implicit-deny"), // kms.key-policy.format.missing-resource-ineffective
        (allow(r#""Resource":"*""#), "implicit-deny"),   // kms.key-policy.format.missing-action-ineffective
        (allow(r#""Action":[],"Resource":"*""#), "implicit-deny"), // iam.doc.empty-array.action
        (
            // kms.china.accepted-answer-reconstructed-void
            allow(
                r#""Action":"kms:*","Resource":"*","Condition":{"Bool":{"kms:AWSAccountId":"111122223333"}}"#,
            ),
            "implicit-deny",
        ),
    ]);
}

#[test]
fn key_policies_do_not_touch_retiring_a_grant() {
    // kms.grant.retire-not-in-key-policy
    let retire = || ask("alice", "kms:RetireGrant");
    check(&[
        (retire().by("Allow", "*", "kms:*").with("Allow", "kms:*", "*"), "implicit-deny"),
        (retire().by("Deny", "*", "kms:*"), "implicit-deny"),
        (retire().by("Allow", "*", "kms:*").with("Deny", "kms:*", "*"), "explicit-deny id0#0"),
    ]);
}
