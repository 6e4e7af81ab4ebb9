//! Decides the faults about which principals, actions and resources a statement may name, and how.

use kms_model::Question;
use kms_model::json::Node;
use kms_model::question::PolicyType;

use crate::edit::{elements_mut, member_mut, remove, set, strings};
use crate::faults::reading::{NOTHING, statements, values};
use crate::faults::{Change, Fault};

/// The faults.
pub const TABLE: &[Fault] = &[
    Fault::new(
        "aws-not-action-beside-action-is-not-read",
        "iam.doc.mutually-exclusive.action",
        "where a statement has Action, its NotAction is not read",
        Change::Question(|question| beside(question, "Action", "NotAction")),
    ),
    Fault::new(
        "aws-not-resource-beside-resource-is-not-read",
        "iam.doc.mutually-exclusive.resource",
        "where a statement has Resource, its NotResource is not read",
        Change::Question(|question| beside(question, "Resource", "NotResource")),
    ),
    Fault::new(
        "aws-not-principal-beside-principal-is-not-read",
        "iam.doc.mutually-exclusive.principal",
        "where a statement has Principal, its NotPrincipal is not read",
        Change::Question(|question| beside(question, "Principal", "NotPrincipal")),
    ),
    Fault::new(
        "aws-lists-in-lists-are-read",
        "iam.doc.scalar-or-array.action",
        "a list of actions may hold lists",
        Change::Question(|question| flat(question, &["Action", "NotAction"])),
    ),
    Fault::new(
        "aws-lists-of-resources-in-lists-are-read",
        "iam.doc.scalar-or-array.resource",
        "a list of resources may hold lists",
        Change::Question(|question| flat(question, &["Resource", "NotResource"])),
    ),
    Fault::new(
        "aws-no-actions-are-all-actions",
        "iam.doc.empty-array.action",
        "an empty list of actions matches every action",
        Change::Question(|question| filled(question, "Action")),
    ),
    Fault::new(
        "aws-no-resources-are-all-resources",
        "iam.doc.empty-array.resource",
        "an empty list of resources matches every resource",
        Change::Question(|question| filled(question, "Resource")),
    ),
    Fault::new(
        "aws-no-principals-are-everybody",
        "iam.doc.empty-array.principal",
        "an empty Principal matches everybody",
        Change::Question(|question| {
            statements(question, &["\"Principal\":{"], |statement, _| {
                let Some(node) = statement.get("Principal") else { return false };
                let members = node.members();
                let none = members.is_some_and(|all| all.iter().all(|one| strings(&one.node).is_empty()));
                if none {
                    set(statement, "Principal", "*");
                }
                none
            })
        }),
    ),
    Fault::new(
        "aws-actions-need-no-service",
        "iam.action.requires-service-prefix",
        "an action without a service prefix is one of KMS",
        Change::Question(|question| {
            values(question, &["Action", "NotAction"], &["ction\""], |_, value, _| {
                let bare = !value.contains(':') && value != "*" && !value.is_empty();
                bare.then(|| vec![format!("kms:{value}")])
            })
        }),
    ),
    Fault::new(
        "aws-variables-in-actions-are-text",
        "iam.action.no-variables",
        "what looks like a policy variable in an action is text",
        Change::Question(|question| {
            values(question, &["Action", "NotAction"], &["${"], |_, value, _| {
                value.contains("${").then(|| vec!["kms:NoSuchAction".to_owned()])
            })
        }),
    ),
    Fault::new(
        "aws-resources-that-are-no-arns-match-nothing",
        "iam.resource.must-be-arn-or-star",
        "what is no ARN may stand in Resource, and matches nothing",
        Change::Question(|question| {
            values(question, &["Resource", "NotResource"], &["esource\""], |_, value, at| {
                let other =
                    !value.starts_with("arn:") && value != "*" && at.policy_type != PolicyType::KeyPolicy;
                other.then(|| vec![NOTHING.to_owned()])
            })
        }),
    ),
    Fault::new(
        "aws-session-policies-take-short-arns",
        "iam.resource.incomplete-arn-session-policy",
        "incomplete ARNs may stand in session policies",
        Change::Question(|question| {
            values(question, &["Resource", "NotResource"], &["arn:"], |_, value, at| {
                let colons = value.matches(':').count();
                let short = at.policy_type == PolicyType::Session && value.starts_with("arn:") && colons < 5;
                short.then(|| vec![format!("{value}{}", ":*".repeat(5 - colons))])
            })
        }),
    ),
];

fn beside(question: &Question, element: &str, opposite: &str) -> Option<Question> {
    statements(question, &[opposite], |statement, _| {
        statement.get(element).is_some() && remove(statement, opposite)
    })
}

fn flat(question: &Question, names: &[&str]) -> Option<Question> {
    statements(question, &["[["], |statement, _| {
        names.iter().fold(false, |changed, name| {
            let Some(list) = member_mut(statement, name).and_then(elements_mut) else { return changed };
            let inner: Vec<Node> = list.iter().filter_map(Node::elements).flatten().cloned().collect();
            let found = !inner.is_empty();
            list.retain(|one| one.elements().is_none());
            list.extend(inner);
            changed | found
        })
    })
}

fn filled(question: &Question, name: &str) -> Option<Question> {
    statements(question, &["[]"], |statement, _| {
        let empty = statement.get(name).and_then(Node::elements).is_some_and(<[Node]>::is_empty);
        if empty {
            set(statement, name, "*");
        }
        empty
    })
}
