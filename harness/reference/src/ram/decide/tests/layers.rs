//! Control policies and session policies: what only limits.

use super::*;

fn full() -> String {
    document("Allow", "*")
}

#[test]
fn each_level_of_control_policies_must_allow() {
    let encrypt = || ask("alice", "kms:Encrypt").with("Allow", "kms:Encrypt");
    let (kms, ecs, deny) =
        (document("Allow", "kms:*"), document("Allow", "ecs:*"), document("Deny", "kms:Encrypt"));
    let full = full();
    check(&[
        (encrypt().control("[]"), "allow id0#0"), // ram.control.skipped-when-none
        (encrypt().control("[[],[]]"), "allow id0#0"),
        (encrypt().control(&format!("[[{full}],[{kms}]]")), "allow id0#0"), // ram.control.every-level
        (encrypt().control(&format!("[[{full}],[{ecs}]]")), "implicit-deny"), // ram.control.must-allow
        (encrypt().control(&format!("[[{ecs}],[{full}]]")), "implicit-deny"),
        (encrypt().control(&format!("[[{full}],[{ecs},{full}]]")), "allow id0#0"),
        (encrypt().control(&format!("[[{full}],[]]")), "implicit-deny"),
        (encrypt().control(&format!("[[{full}],[{full},{deny}]]")), "explicit-deny cp1/1#0"),
        // An explicit deny counts wherever it stands.
        (encrypt().control(&format!("[[{ecs}],[{deny}]]")), "explicit-deny cp1/0#0"),
        (ask("alice", "kms:Encrypt").control(&format!("[[{full}]]")), "implicit-deny"), // ram.control.guardrail-not-grant
        // ram.control.notaction
        (
            encrypt().control(&format!(
                "[[{full},{}]]",
                deny.replace(r#""Action":"kms:Encrypt""#, r#""NotAction":"kms:*""#)
            )),
            "allow id0#0",
        ),
        // ram.layers.order-hides-later-deny
        (encrypt().control(&format!("[[{ecs}]]")).with("Deny", "kms:*"), "explicit-deny id1#0"),
    ]);
}

#[test]
fn control_policies_bind_users_and_roles_of_members() {
    let denied = |ask: Ask| ask.with("Allow", "*").control(&format!("[[{}]]", document("Deny", "*")));
    let directory = |id: &str| format!(r#","organization":{{"id":"{id}","management":true}}"#);
    let linked = "session:AliyunServiceRoleForKMS";
    check(&[
        (denied(ask("alice", "kms:Encrypt")), "explicit-deny cp0/0#0"),
        (denied(ask("session:App", "kms:Encrypt")), "explicit-deny cp0/0#0"),
        (denied(ask(linked, "kms:Encrypt")), "allow id0#0"), // ram.control.not-on-account-owner
        (denied(ask("session:aliyunserviceroleforkms", "kms:Encrypt")), "allow id0#0"),
        (denied(ask("session:Service", "kms:Encrypt")), "explicit-deny cp0/0#0"),
        // ram.control.not-on-management-account
        (denied(ask("alice", "kms:Encrypt")).caller_has(&directory("rd-1")), "allow id0#0"),
        (
            denied(ask("alice", "kms:Encrypt"))
                .caller_has(&directory("rd-1"))
                .resource_has(r#","organization":{"id":"rd-2"}"#),
            "explicit-deny cp0/0#0",
        ),
        // ram.control.by-resource-owner
        (denied(ask("bob", "kms:Encrypt").by("Allow", BOB, "kms:*")), "explicit-deny cp0/0#0"),
    ]);
}

#[test]
fn a_session_has_no_more_than_its_policy_allows() {
    let encrypt = || ask("session:App", "kms:Encrypt");
    let app = r#"{"RAM":"acs:ram::1234567890123456:role/App"}"#;
    let (same, other) = (document("Allow", "kms:Encrypt"), document("Allow", "kms:Decrypt"));
    check(&[
        (encrypt().with("Allow", "kms:*").session(&same), "allow id0#0"), // ram.session.intersection
        (encrypt().with("Allow", "kms:*").session(&other), "implicit-deny"),
        (encrypt().session(&same), "implicit-deny"), // ram.session.cannot-widen
        (encrypt().with("Allow", "kms:*").session(&document("Deny", "*")), "explicit-deny sp0#0"), // ram.layers.deny-kind-kept
        (encrypt().with("Deny", "kms:*").session(&other), "explicit-deny id0#0"),
        (encrypt().by("Allow", app, "kms:*"), "allow rp#0"),
        (encrypt().by("Allow", app, "kms:*").session(&other), "implicit-deny"), // ram.session.implicit-deny-final
        (encrypt().by("Allow", app, "kms:*").session(&same), "allow rp#0"),
        (encrypt().with("Allow", "kms:*").caller_has(r#","session-policies":[]"#), "allow id0#0"),
        // ram.session.only-roles
        (ask("alice", "kms:Encrypt").with("Allow", "kms:*").session(&other), "allow id0#0"),
    ]);
}
