//! Decides what grants come to: up to two, beside key policies, identity policies and a service control policy.

use kms_model::Dialect;
use kms_model::json::{Limits, Node, parse};
use kms_model::question::Grant;

use super::super::axis::{ACROSS, Axis, DELEGATES, DENIES_ALL, Part, Place, SAME_ACCOUNT};
use super::super::scope::Scope;
use super::words::{A, ASKED, EVERY, OTHER, Says, Who, decrypts, named, rail, role, root, user};

const CONSTRAINTS: [Option<&str>; 3] = [
    None,
    Some(r#"{"EncryptionContextEquals":{"Department":"IT"}}"#),
    Some(r#"{"EncryptionContextSubset":{"Department":"IT"}}"#),
];
/// Two users of the key's account who never ask.
const STRANGERS: (&str, &str) = ("user/carol", "user/dave");

pub fn all(name: &'static str) -> Result<Scope, &'static str> {
    scope((name, "Up to two grants, beside key policies of up to two statements, and identity policies."), 2)
}

pub fn small(name: &'static str) -> Result<Scope, &'static str> {
    scope((name, "The same with one grant, and one statement a document."), 1)
}

fn scope(told: (&'static str, &'static str), most: usize) -> Result<Scope, &'static str> {
    let identity = rail(None, &[(ASKED, false), (OTHER, false), (ASKED, true)]);
    let scps = rail(None, &[("*", false), (OTHER, false)]);
    let axes = vec![
        Axis::grants(grants(), most, |index, part| grant(index, &part.text).unwrap_or_default()),
        Axis::documents(Dialect::Aws, Place::Key, key_statements(), 1..=most),
        Axis::documents(Dialect::Aws, Place::Scp, scps, 0..=1),
        Axis::documents(Dialect::Aws, Place::Identity, identity, 0..=1),
    ];
    let contexts: [&[_]; 4] =
        [&[], &[("Department", "IT")], &[("Department", "HR")], &[("Department", "IT"), ("Purpose", "Test")]];
    let mut frames = Vec::new();
    for who in [Who::Alice, Who::Session, Who::Root, Who::Bob] {
        let account = if who == Who::Bob { ACROSS } else { SAME_ACCOUNT };
        frames.extend(contexts.map(|pairs| decrypts(who, pairs, false, account)));
    }
    Scope::new(told, Dialect::Aws, frames, axes, &[STRANGERS])
}

fn grants() -> Vec<Part> {
    let grantees = [
        root(A),
        Who::Alice.arn(),
        role(),
        Who::Session.arn(),
        Who::Bob.arn(),
        user(A, "carol"),
        user(A, "dave"),
    ];
    let mut parts = Vec::new();
    for grantee in &grantees {
        for operations in [r#"["Decrypt"]"#, r#"["Encrypt"]"#] {
            for constraints in CONSTRAINTS {
                let constraints =
                    constraints.map_or_else(String::new, |object| format!(r#","Constraints":{object}"#));
                parts.push(Part {
                    text: format!(
                        r#"{{"GranteePrincipal":"{grantee}","Operations":{operations}{constraints}}}"#
                    ),
                    asked: operations.contains("Decrypt"),
                    // A grant for an account is read as a delegation.
                    facts: if *grantee == root(A) { DELEGATES } else { 0 },
                    of_others: grantee.ends_with(STRANGERS.0) || grantee.ends_with(STRANGERS.1),
                    ..Part::default()
                });
            }
        }
    }
    parts
}

/// The grant that is written so.
fn grant(index: usize, text: &str) -> Option<Grant> {
    let node = parse(text, Limits::default()).ok()?;
    let mut grant = Grant::default();
    grant.id = format!("{index:064}");
    grant.grantee = node.get("GranteePrincipal")?.as_str()?.to_owned();
    grant.issuer = Some(A.to_owned());
    let operations = node.get("Operations")?.elements()?.iter();
    grant.operations = operations.filter_map(Node::as_str).map(str::to_owned).collect();
    grant.constraints = node.get("Constraints").cloned();
    Some(grant)
}

fn key_statements() -> Vec<Part> {
    let says = [
        (false, root(A), EVERY),
        (false, Who::Alice.arn(), OTHER),
        (true, "*".to_owned(), EVERY),
        (true, Who::Alice.arn(), ASKED),
    ];
    let part = |(denies, arn, action): &(bool, String, &str)| {
        let principal = named(arn);
        let mut part = Says { denies: *denies, principal: Some(&principal), action, condition: None }.part();
        part.facts = match (denies, *action) {
            (false, EVERY) => DELEGATES,
            (true, EVERY) => DENIES_ALL,
            _ => 0,
        };
        part
    };
    says.iter().map(part).collect()
}
