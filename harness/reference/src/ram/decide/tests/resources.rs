//! Policies of keys, secrets, roles and resources of other services.

use super::*;

#[test]
fn one_allow_is_enough_in_the_owners_account() {
    let encrypt = |caller| ask(caller, "kms:Encrypt");
    check(&[
        (encrypt("alice").by("Allow", ALICE, "kms:Encrypt"), "allow rp#0"), // ram.kms.keypolicy.same-account-either
        (encrypt("alice").by("Allow", BOB, "kms:*").with("Allow", "kms:*"), "allow id0#0"),
        (encrypt("alice").by("Allow", ALICE, "kms:*").with("Allow", "kms:*"), "allow id0#0 rp#0"),
        (encrypt("carol").by("Allow", ALICE, "kms:*"), "implicit-deny"), // ram.kms.keypolicy.principal-match
        (encrypt("alice").by("Deny", ALICE, "kms:*").with("Allow", "kms:*"), "explicit-deny rp#0"), // ram.kms.keypolicy.deny-either-side
        (encrypt("alice").by("Allow", ALICE, "kms:*").with("Deny", "kms:*"), "explicit-deny id0#0"),
        (encrypt("alice").by("Deny", ALL_OF_A, "kms:*").with("Allow", "kms:*"), "explicit-deny rp#0"),
        // ram.kms.keypolicy.default-account-wildcard
        (encrypt("alice").by("Allow", ALL_OF_A, "kms:*").with("Allow", "kms:*"), "allow id0#0"),
        (encrypt("alice").by("Allow", ALL_OF_A, "kms:*"), "implicit-deny"),
        (ask("alice", "kms:DescribeSecret").on("kms:secret").by("Allow", ALICE, "kms:*"), "allow rp#0"), // ram.kms.secretpolicy.combination
        (
            ask("alice", "kms:ListAliases").on("kms:alias-container").by("Allow", ALICE, "kms:*"),
            "implicit-deny",
        ),
    ]);
}

#[test]
fn both_must_allow_a_caller_of_another_account() {
    let encrypt = || ask("bob", "kms:Encrypt");
    check(&[
        (encrypt().by("Allow", BOB, "kms:*").with("Allow", "kms:*"), "allow id0#0 rp#0"), // ram.kms.keypolicy.cross-account-both
        (encrypt().by("Allow", BOB, "kms:*"), "implicit-deny"),
        (encrypt().with("Allow", "kms:*"), "implicit-deny"),
        (
            encrypt().by("Allow", r#"{"RAM":"acs:ram::6543210987654321:*"}"#, "kms:*").with("Allow", "*"),
            "allow id0#0 rp#0",
        ),
        (ask("bob", "kms:ListAliases").on("kms:alias-container").with("Allow", "*"), "implicit-deny"),
        // ram.kms.keypolicy.cross-account-user-only
        (ask("bob", "kms:DisableKey").by("Allow", BOB, "kms:*").with("Allow", "*"), "implicit-deny"),
        (ask("alice", "kms:DisableKey").by("Allow", ALICE, "kms:*"), "allow rp#0"),
        (
            ask("bob", "kms:DescribeSecret").on("kms:secret").by("Allow", BOB, "kms:*").with("Allow", "*"),
            "allow id0#0 rp#0",
        ),
    ]);
}

#[test]
fn actions_outside_the_list_have_no_effect_in_key_policies() {
    // ram.kms.keypolicy.unlisted-action-inert
    let on_key = |action| ask("alice", action);
    check(&[
        (on_key("kms:ReEncryptFrom").by("Allow", ALICE, "kms:ReEncryptFrom"), "implicit-deny"),
        (on_key("kms:ReEncryptFrom").by("Allow", ALICE, "kms:*"), "implicit-deny"),
        (
            on_key("kms:ReEncryptFrom").by("Deny", ALICE, "kms:reencryptfrom").with("Allow", "*"),
            "allow id0#0",
        ),
        (on_key("kms:ReEncryptFrom").by("Deny", ALICE, "kms:*").with("Allow", "*"), "explicit-deny rp#0"),
        (on_key("kms:GenerateDataKeyWithoutPlaintext").by("Allow", ALICE, "kms:*"), "implicit-deny"),
        (on_key("kms:GetPublicKey").by("Allow", ALICE, "kms:Get*"), "allow rp#0"),
        (on_key("kms:GenerateDataKey").by("Allow", ALICE, "kms:generatedatakey"), "allow rp#0"),
        (on_key("kms:GetSecretPolicy").on("kms:secret").by("Allow", ALICE, "kms:*"), "implicit-deny"),
        (on_key("kms:GetSecretValue").on("kms:secret").by("Allow", ALICE, "kms:*"), "allow rp#0"),
    ]);
}

#[test]
fn a_role_is_assumed_by_who_its_trust_policy_and_an_identity_policy_allow() {
    let assume = |caller| ask(caller, "sts:AssumeRole").on("ram:role");
    let provider = r#"{"Federated":"acs:ram::1234567890123456:saml-provider/idp"}"#;
    let root = r#"{"RAM":"acs:ram::1234567890123456:root"}"#;
    let ecs = r#"{"Service":"ecs.aliyuncs.com"}"#;
    check(&[
        (assume("alice").by("Allow", root, "sts:AssumeRole").with("Allow", "sts:*"), "allow id0#0 rp#0"), // ram.combine.assume-role-both
        (assume("alice").by("Allow", ALICE, "sts:AssumeRole").with("Allow", "sts:*"), "allow id0#0 rp#0"),
        (assume("alice").by("Allow", ALICE, "sts:AssumeRole"), "implicit-deny"),
        (assume("alice").by("Allow", BOB, "sts:AssumeRole").with("Allow", "sts:*"), "implicit-deny"),
        (assume("alice").with("Allow", "sts:*"), "implicit-deny"),
        (assume("alice").by("Allow", root, "sts:AssumeRole").with("Deny", "sts:*"), "explicit-deny id0#0"), // ram.combine.assume-role-deny
        (assume("alice").by("Deny", ALICE, "sts:*").with("Allow", "sts:*"), "explicit-deny rp#0"),
        (assume("bob").by("Allow", BOB, "sts:AssumeRole").with("Allow", "sts:*"), "allow id0#0 rp#0"),
        (assume("saml:idp").by("Allow", provider, "sts:AssumeRole"), "allow rp#0"), // ram.combine.assume-role-sso
        (assume("saml:other").by("Allow", provider, "sts:AssumeRole"), "implicit-deny"),
        (assume("saml:idp").by("Allow", root, "sts:AssumeRole"), "implicit-deny"),
        (assume("service:ecs.aliyuncs.com").by("Allow", ecs, "sts:AssumeRole"), "allow rp#0"),
        (assume("service:oss.aliyuncs.com").by("Allow", ecs, "sts:AssumeRole"), "implicit-deny"),
        (assume("root:1234567890123456").by("Allow", root, "sts:AssumeRole"), "implicit-deny"),
        // Of anything else that is done to a role its trust policy says nothing.
        (ask("alice", "ram:GetRole").on("ram:role").by("Allow", ALICE, "ram:*"), "implicit-deny"),
    ]);
}

#[test]
fn other_services_follow_the_general_combination() {
    let stop = |caller| ask(caller, "ecs:StopInstance").on("ecs:instance");
    check(&[
        (stop("alice").with("Allow", "ecs:*"), "allow id0#0"), // ram.resource-policy.skip-when-unsupported
        (stop("alice").by("Allow", ALICE, "ecs:*"), "allow rp#0"), // ram.combine.union-same-account
        (stop("alice").by("Allow", r#"{"RAM":"*"}"#, "ecs:*"), "allow rp#0"),
        (stop("alice").by("Deny", ALICE, "ecs:*").with("Allow", "ecs:*"), "explicit-deny rp#0"),
        (stop("bob").by("Allow", BOB, "ecs:*"), "implicit-deny"),
        (stop("bob").by("Allow", BOB, "ecs:*").with("Allow", "ecs:*"), "allow id0#0 rp#0"),
    ]);
}
