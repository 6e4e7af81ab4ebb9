//! Decides what the layers of RAM come to together: identity policy, key policy, session policy and control policy.

use kms_model::Dialect;
use kms_model::json::Node;
use kms_model::question::{Authorization, Authorize, Caller, CallerKind, Operation, Resource};

use super::super::axis::{ACROSS, Axis, Facts, OWNER, Part, Place, SAME_ACCOUNT};
use super::super::scope::{Frame, Scope};
use super::delegation::without_condition;
use super::words::{ASKED, EVERY, OTHER, Says, given, rail};

const A: &str = "1234567890123456";
const B: &str = "6543210987654321";
const C: &str = "9999999999999999";
const TESTS: [Option<&str>; 3] = [
    None,
    Some(r#"{"IpAddress":{"acs:SourceIp":["203.0.113.0/24"]}}"#),
    Some(r#"{"NotIpAddress":{"acs:SourceIp":["203.0.113.0/24"]}}"#),
];
const REGION: &str = "cn-hangzhou";

pub fn all(name: &'static str) -> Result<Scope, &'static str> {
    scope(
        (
            name,
            "RAM: identity policies and key policies of up to two statements, with session policy and control policy.",
        ),
        2,
    )
}

pub fn small(name: &'static str) -> Result<Scope, &'static str> {
    scope((name, "The same with one statement a document."), 1)
}

fn scope(told: (&'static str, &'static str), most: usize) -> Result<Scope, &'static str> {
    let says: &[_] = &[("*", false), (OTHER, false), (ASKED, true)];
    let rails = |place| Axis::distinct(Dialect::Ram, place, rail(None, says), 0..=most);
    let axes = vec![
        Axis::documents(Dialect::Ram, Place::Key, key_statements(), 0..=most),
        rails(Place::Control),
        rails(Place::Session),
        Axis::documents(Dialect::Ram, Place::Identity, identity_statements(), 0..=most),
    ];
    let mut frames = Vec::new();
    for address in ["203.0.113.10", "198.51.100.7"] {
        frames.extend([
            frame(CallerKind::User, A, "user/alice", address, SAME_ACCOUNT),
            frame(CallerKind::RoleSession, A, "assumed-role/app/s1", address, SAME_ACCOUNT),
            frame(CallerKind::Root, A, "root", address, SAME_ACCOUNT | OWNER),
            frame(CallerKind::User, B, "user/bob", address, ACROSS),
        ]);
    }
    Scope::new(told, Dialect::Ram, frames, axes, &[(B, C)])
}

fn frame(kind: CallerKind, account: &str, name: &str, address: &str, facts: Facts) -> Frame {
    let mut caller = Caller::default();
    caller.kind = kind;
    caller.arn = Some(format!("acs:ram::{account}:{name}"));
    caller.account = Some(account.to_owned());
    caller.issuer = (kind == CallerKind::RoleSession).then(role);
    let mut resource = Resource::default();
    resource.arn = format!("acs:kms:{REGION}:{A}:key/1234abcd-12ab-34cd-56ef-1234567890ab");
    resource.account = A.to_owned();
    resource.kind = "kms:key".to_owned();
    let mut ask = Authorize::new("2026-01-15T12:00:00Z", caller, vec![Authorization::new(ASKED, resource)]);
    ask.operation = Some(Operation::new("Decrypt", Node::from_iter(Vec::<(&str, Node)>::new())));
    ask.source_ip = Some(address.to_owned());
    let without = match kind {
        CallerKind::Root => vec![Place::Session, Place::Identity],
        CallerKind::User => vec![Place::Session],
        _ => Vec::new(),
    };
    Frame { question: given(Dialect::Ram, REGION, ask), facts, without }
}

fn role() -> String {
    format!("acs:ram::{A}:role/app")
}

/// Every effect on every action for every principal.
fn key_statements() -> Vec<Part> {
    let principals = [
        format!("acs:ram::{A}:*"),
        format!("acs:ram::{A}:user/alice"),
        role(),
        format!("acs:ram::{B}:*"),
        format!("acs:ram::{C}:*"),
    ];
    let mut parts = Vec::new();
    for denies in [false, true] {
        for arn in &principals {
            let principal = format!(r#"{{"RAM":["{arn}"]}}"#);
            for action in [ASKED, OTHER, EVERY] {
                let says = Says { denies, principal: Some(&principal), action, condition: None };
                parts.push(Part { of_others: arn.contains(C), ..says.part() });
            }
        }
    }
    parts
}

fn identity_statements() -> Vec<Part> {
    let mut parts = Vec::new();
    for denies in [false, true] {
        for (action, condition) in [ASKED, OTHER, EVERY].into_iter().flat_map(|a| TESTS.map(|test| (a, test)))
        {
            let says = Says { denies, principal: None, action, condition };
            let mut part = says.part();
            part.becomes.extend(without_condition(says));
            parts.push(part);
        }
    }
    parts
}
