//! Decides the faults about which requests to make a grant are accepted.

use kms_model::json::{Limits, Node, Value, compact, parse};
use kms_model::question::{Ask, PolicyType, Validate};
use kms_model::{Document, Question};

use crate::edit::{elements_mut, member_mut, remove, set};
use crate::faults::{Change, Fault};

/// The faults.
pub const TABLE: &[Fault] = &[
    Fault::new(
        "aws-grants-take-both-context-constraints",
        "kms.grant.equals-xor-subset",
        "a grant may have EncryptionContextEquals and EncryptionContextSubset",
        Change::Question(|question| {
            grant_request(question, |node, _| {
                let Some(both) = member_mut(node, "Constraints") else { return false };
                both.get("EncryptionContextEquals").is_some() && remove(both, "EncryptionContextSubset")
            })
        }),
    ),
    Fault::new(
        "aws-grants-take-two-grantees",
        "kms.grant.exactly-one-grantee",
        "of a grantee principal and a grantee service the principal is read",
        Change::Question(|question| {
            grant_request(question, |node, _| {
                node.get("GranteePrincipal").is_some() && remove(node, "GranteeServicePrincipal")
            })
        }),
    ),
    Fault::new(
        "aws-groups-are-grantees",
        "kms.grant.grantee-kinds",
        "a group or an organization may be grantee",
        Change::Question(|question| {
            grant_request(question, |node, _| {
                let other =
                    |text: &str| [":group/", ":organization/", ":ou/"].iter().any(|kind| text.contains(kind));
                let found = node.get("GranteePrincipal").and_then(Node::as_str).is_some_and(other);
                if found {
                    set(node, "GranteePrincipal", "arn:aws:iam::111122223333:root");
                }
                found
            })
        }),
    ),
    Fault::new(
        "aws-unknown-operations-of-grants-are-skipped",
        "kms.grant.operations-list",
        "operations that cannot be granted are skipped",
        Change::Question(|question| operations(question, |name, _| !is_grantable(name))),
    ),
    Fault::new(
        "aws-grants-take-operations-of-other-keys",
        "kms.grant.operation-must-fit-key",
        "a grant may hold operations of signing and MACs whatever its key can do",
        Change::Question(|question| {
            operations(question, |name, ask| {
                let usage = ask.resource.as_ref().map_or("ENCRYPT_DECRYPT", |one| one.key.usage.as_str());
                match name {
                    "Sign" | "Verify" => usage != "SIGN_VERIFY",
                    "GenerateMac" | "VerifyMac" => usage != "GENERATE_VERIFY_MAC",
                    _ => false,
                }
            })
        }),
    ),
    Fault::new(
        "aws-grants-take-no-operations",
        "kms.cond.grantoperations-empty",
        "a grant may be made without operations",
        Change::Question(|question| {
            grant_request(question, |node, _| {
                let none =
                    node.get("Operations").is_none_or(|list| list.elements().is_some_and(<[Node]>::is_empty));
                if none {
                    set(node, "Operations", Node::from_iter([Node::from("DescribeKey")]));
                }
                none
            })
        }),
    ),
    Fault::new(
        "aws-context-constraints-are-of-any-size",
        "kms.grant.constraint-limits",
        "an encryption context constraint may have any number of pairs",
        Change::Question(|question| {
            grant_request(question, |node, _| {
                let Some(both) = member_mut(node, "Constraints") else { return false };
                let mut found = false;
                for kind in ["EncryptionContextEquals", "EncryptionContextSubset"] {
                    let pairs = member_mut(both, kind).map(|node| &mut node.value);
                    if let Some(Value::Object(pairs)) = pairs.filter(|pairs| is_long(pairs)) {
                        pairs.truncate(8);
                        found = true;
                    }
                }
                found
            })
        }),
    ),
    Fault::new(
        "aws-grants-to-services-need-no-source",
        "kms.grant.grantee-service-needs-sourcearn",
        "a grant to a service needs no SourceArn constraint",
        Change::Question(|question| {
            grant_request(question, |node, _| {
                let service = node.get("GranteeServicePrincipal").is_some();
                let lacks = node.get("Constraints").and_then(|node| node.get("SourceArn")).is_none();
                if service && lacks {
                    let arn = Node::from("arn:aws:sns:us-west-2:111122223333:topic");
                    match member_mut(node, "Constraints") {
                        Some(constraints) => set(constraints, "SourceArn", arn),
                        None => set(node, "Constraints", Node::from_iter([("SourceArn", arn)])),
                    }
                }
                service && lacks
            })
        }),
    ),
];

fn grant_request(question: &Question, edit: impl FnOnce(&mut Node, &Validate) -> bool) -> Option<Question> {
    let Ask::Validate(asked) = &question.ask else { return None };
    if asked.policy_type != PolicyType::GrantRequest {
        return None;
    }
    let mut node = parse(asked.document.text(), Limits::default()).ok()?;
    if !edit(&mut node, asked) {
        return None;
    }
    let mut changed = question.clone();
    if let Ask::Validate(ask) = &mut changed.ask {
        ask.document = Document::new(compact(&node));
    }
    Some(changed)
}

/// The request without the operations that `lost` says; one is left.
fn operations(question: &Question, lost: fn(&str, &Validate) -> bool) -> Option<Question> {
    grant_request(question, |node, asked| {
        let Some(list) = member_mut(node, "Operations").and_then(elements_mut) else { return false };
        let count = list.len();
        list.retain(|one| one.as_str().is_some_and(|name| !lost(name, asked)));
        let fewer = list.len() < count;
        if list.is_empty() && fewer {
            list.push("DescribeKey".into());
        }
        fewer
    })
}

fn is_grantable(name: &str) -> bool {
    let action = format!("kms:{name}");
    let mut known = kms_model::operations::all().iter().filter(|one| one.grantable);
    known.any(|one| one.authorizations.iter().any(|(granted, _)| *granted == action))
}

fn is_long(pairs: &Value) -> bool {
    matches!(pairs, Value::Object(pairs) if pairs.len() > 8)
}
