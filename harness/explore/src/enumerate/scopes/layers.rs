//! Decides what all layers come to together: boundary, session policy, service and resource control policy and endpoint
//! policy, each over every key policy and identity policy of a few statements.

use kms_model::Dialect;

use super::super::axis::{ACROSS, Axis, DELEGATES, DENIES_ALL, Part, Place, SAME_ACCOUNT};
use super::super::scope::Scope;
use super::words::{A, ASKED, B, EVERY, OTHER, Says, Who, decrypts, named, rail, role, root};

const EVERYBODY: &str = r#""*""#;

pub fn all(name: &'static str) -> Result<Scope, &'static str> {
    scope(
        (
            name,
            "Boundary, session policy, control policies and endpoint policy of up to two statements, over key policies and \
             identity policies of up to two.",
        ),
        2,
    )
}

pub fn small(name: &'static str) -> Result<Scope, &'static str> {
    scope((name, "The same with one statement a document."), 1)
}

fn scope(told: (&'static str, &'static str), most: usize) -> Result<Scope, &'static str> {
    let small = most == 1;
    let says: &[_] =
        if small { &[("*", false), (OTHER, false)] } else { &[("*", false), (OTHER, false), (ASKED, true)] };
    let rails = |principal, place| Axis::distinct(Dialect::Aws, place, rail(principal, says), 0..=most);
    let rcps = rail(Some(EVERYBODY), &[("*", false), (ASKED, true), (OTHER, true)]);
    let identity = rail(None, &[(EVERY, false), (OTHER, false), (ASKED, true)]);
    let axes = vec![
        Axis::documents(Dialect::Aws, Place::Key, key_statements(small), 1..=most),
        Axis::documents(Dialect::Aws, Place::Rcp, rcps, 0..=1),
        rails(Some(EVERYBODY), Place::Endpoint),
        rails(None, Place::Scp),
        rails(None, Place::Boundary),
        rails(None, Place::Session),
        Axis::distinct(Dialect::Aws, Place::Identity, identity, 0..=most),
    ];
    let callers = [Who::Alice, Who::Session, Who::Root, Who::Bob];
    let frames = callers.map(|who| {
        let account = if who == Who::Bob { ACROSS } else { SAME_ACCOUNT };
        decrypts(who, &[], true, account)
    });
    Scope::new(told, Dialect::Aws, frames.into(), axes, &[])
}

/// An Allow for every way to name a caller, and a Deny for some.
fn key_statements(small: bool) -> Vec<Part> {
    let all =
        [root(A), Who::Alice.arn(), role(), Who::Session.arn(), "*".to_owned(), root(B), Who::Bob.arn()];
    let mut says = all.map(|arn| (false, arn, ASKED)).to_vec();
    says.push((true, "*".to_owned(), EVERY));
    if !small {
        says.extend([(false, root(A), OTHER), (true, role(), ASKED), (true, "*".to_owned(), OTHER)]);
    }
    let part = |(denies, arn, action): &(bool, String, &str)| {
        let principal = named(arn);
        let mut part = Says { denies: *denies, principal: Some(&principal), action, condition: None }.part();
        let delegates = !denies && *arn == root(A);
        part.facts = if delegates { DELEGATES } else { 0 }
            | if part.denies && *action == EVERY { DENIES_ALL } else { 0 };
        part
    };
    says.iter().map(part).collect()
}
