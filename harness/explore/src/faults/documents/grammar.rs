//! Decides the faults about the elements that documents and statements have: which there are, and of which type.

use kms_model::Question;
use kms_model::json::{Node, Value};
use kms_model::question::PolicyType;

use crate::edit::place::Place;
use crate::edit::{At, member_mut, remove, set, statement_list};
use crate::faults::reading::{documents, statements, values};
use crate::faults::{Change, Fault};

const ELEMENTS: &[&str] = &[
    "Sid",
    "Effect",
    "Principal",
    "NotPrincipal",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Condition",
];

/// The faults.
pub const TABLE: &[Fault] = &[
    Fault::new(
        "aws-effects-are-read-in-any-case",
        "iam.doc.effect.values-case-sensitive",
        "the Effect may be written in any case",
        Change::Question(|question| {
            effect(question, |node| {
                let text = node.as_str()?;
                ["Allow", "Deny"]
                    .into_iter()
                    .find(|effect| text != *effect && text.eq_ignore_ascii_case(effect))
            })
        }),
    ),
    Fault::new(
        "aws-unknown-effects-deny",
        "kms.key-policy.format.effect-allow-or-deny",
        "an Effect that is not Allow is Deny",
        Change::Question(|question| {
            effect(question, |node| (!matches!(node.as_str(), Some("Allow" | "Deny"))).then_some("Deny"))
        }),
    ),
    Fault::new(
        "aws-effect-is-allow-where-it-is-missing",
        "iam.doc.effect.required",
        "a statement without Effect allows",
        Change::Question(|question| {
            documents(question, &["Statement"], |root, _| {
                each(root, |statement| adding(statement, "Effect", "Allow"))
            })
        }),
    ),
    Fault::new(
        "aws-lists-of-one-effect-are-read",
        "iam.doc.effect.single-string",
        "an Effect may stand in a list",
        Change::Question(|question| {
            statements(question, &["\"Effect\":[", "\"Effect\": ["], |statement, _| {
                let Some(node) = member_mut(statement, "Effect") else { return false };
                let first = node.elements().and_then(<[Node]>::first).cloned();
                first.map(|first| *node = first).is_some()
            })
        }),
    ),
    Fault::new(
        "aws-unknown-elements-of-statements-are-skipped",
        "iam.doc.element-unknown.statement",
        "members of a statement that there are not are skipped",
        Change::Question(|question| {
            documents(question, &["Statement"], |root, _| {
                each(root, |statement| drop_unknown(statement, ELEMENTS))
            })
        }),
    ),
    Fault::new(
        "aws-unknown-elements-of-policies-are-skipped",
        "iam.doc.element-unknown.top-level",
        "members of a policy that there are not are skipped",
        Change::Question(|question| {
            documents(question, &["{"], |root, _| drop_unknown(root, &["Version", "Id", "Statement"]))
        }),
    ),
    Fault::new(
        "aws-unknown-versions-are-the-newest",
        "iam.doc.version.allowed-values",
        "a Version that there is not is that of the newer language",
        Change::Question(|question| {
            version(question, |node| {
                node.as_str().is_some_and(|text| !matches!(text, "2012-10-17" | "2008-10-17"))
            })
        }),
    ),
    Fault::new(
        "aws-versions-are-of-any-type",
        "iam.doc.version.must-be-string",
        "a Version that is no string is not looked at",
        Change::Question(|question| version(question, |node| node.as_str().is_none())),
    ),
    Fault::new(
        "aws-policies-need-a-version",
        "iam.doc.version.optional",
        "a policy without Version is refused",
        Change::Question(|question| {
            documents(question, &["Statement"], |root, _| adding(root, "Version", "missing"))
        }),
    ),
    Fault::new(
        "aws-resource-policies-have-no-id",
        "iam.doc.id.resource-policy-optional",
        "the element Id is unknown",
        Change::Question(|question| {
            documents(question, &["\"Id\""], |root, _| remove(root, "Id") && adding(root, "UnknownId", "x"))
        }),
    ),
    Fault::new(
        "aws-ids-are-of-any-type",
        "iam.doc.id.type-string",
        "an Id that is no string is not looked at",
        Change::Question(|question| {
            documents(question, &["\"Id\""], |root, _| {
                root.get("Id").is_some_and(|id| id.as_str().is_none()) && remove(root, "Id")
            })
        }),
    ),
    Fault::new(
        "aws-sids-hold-anything",
        "iam.doc.sid.charset-identity",
        "the Sid of an IAM policy may have any characters",
        Change::Question(|question| {
            values(question, &["Sid"], &["\"Sid\""], |_, value, _| {
                (!value.bytes().all(|byte| byte.is_ascii_alphanumeric())).then(Vec::new)
            })
            .and_then(|changed| {
                statements(&changed, &["\"Sid\":[]"], |statement, _| remove(statement, "Sid"))
            })
        }),
    ),
    Fault::new(
        "aws-sids-may-be-the-same",
        "iam.doc.sid.unique-identity",
        "two statements of an IAM policy may have the same Sid",
        Change::Question(|question| {
            documents(question, &["\"Sid\""], |root, at| {
                at.policy_type != PolicyType::KeyPolicy && unique_sids(root)
            })
        }),
    ),
    Fault::new(
        "aws-sids-of-key-policies-are-letters-and-digits",
        "kms.key-policy.format.sid-may-have-spaces",
        "a key policy is set only if its Sids consist of letters and digits, as those of IAM policies do",
        Change::Question(|question| {
            documents(question, &["\"Sid\""], |root, at| {
                let set = at.policy_type == PolicyType::KeyPolicy && at.place == Place::Validated;
                set && each(root, |statement| {
                    let sid = statement.get("Sid").and_then(Node::as_str).unwrap_or_default();
                    sid.contains(' ') && adding(statement, "UnknownSid", "x")
                })
            })
        }),
    ),
    Fault::new(
        "aws-sids-are-of-any-type",
        "iam.doc.sid.type-string",
        "a Sid that is no string is not looked at",
        Change::Question(|question| {
            statements(question, &["\"Sid\""], |statement, _| {
                statement.get("Sid").is_some_and(|sid| sid.as_str().is_none()) && remove(statement, "Sid")
            })
        }),
    ),
    Fault::new(
        "aws-a-statement-alone-is-not-read",
        "iam.doc.statement.single-object",
        "an object in place of the list of statements is refused",
        Change::Question(|question| {
            documents(question, &["\"Statement\":{"], |root, _| {
                set(root, "Statement", "missing");
                true
            })
        }),
    ),
    Fault::new(
        "aws-policies-need-no-statement",
        "iam.doc.statement.required",
        "a policy without Statement allows nothing, and is accepted",
        Change::Question(|question| {
            documents(question, &["{"], |root, at| {
                root.get("Statement").is_none() && {
                    set(root, "Statement", Node::from_iter([idle(at)]));
                    true
                }
            })
        }),
    ),
    Fault::new(
        "aws-key-policies-may-be-empty",
        "kms.key-policy.format.at-least-one-statement",
        "a key policy may have an empty list of statements",
        Change::Question(|question| {
            documents(question, &["\"Statement\":[]"], |root, at| {
                set(root, "Statement", Node::from_iter([idle(at)]));
                at.policy_type == PolicyType::KeyPolicy
            })
        }),
    ),
    Fault::new(
        "aws-what-is-no-statement-is-skipped",
        "iam.doc.statement.array-element-type",
        "elements of Statement that are no objects are skipped",
        Change::Question(|question| {
            documents(question, &["Statement"], |root, at| {
                let Some(list) = statement_list(root) else { return false };
                let count = list.len();
                list.retain(|one| one.members().is_some());
                let fewer = list.len() < count;
                if list.is_empty() && fewer {
                    list.push(idle(at));
                }
                fewer
            })
        }),
    ),
];

fn each(root: &mut Node, mut edit: impl FnMut(&mut Node) -> bool) -> bool {
    crate::edit::statements_mut(root).into_iter().fold(false, |changed, one| edit(one) | changed)
}

fn adding(node: &mut Node, name: &str, value: &str) -> bool {
    let missing = node.get(name).is_none();
    if missing {
        set(node, name, value);
    }
    missing
}

fn effect(question: &Question, read: fn(&Node) -> Option<&'static str>) -> Option<Question> {
    statements(question, &["\"Effect\""], |statement, _| {
        let Some(node) = member_mut(statement, "Effect") else { return false };
        read(node).map(|effect| *node = effect.into()).is_some()
    })
}

fn version(question: &Question, wrong: fn(&Node) -> bool) -> Option<Question> {
    documents(question, &["\"Version\""], |root, _| {
        let found = root.get("Version").is_some_and(wrong);
        if found {
            set(root, "Version", "2012-10-17");
        }
        found
    })
}

fn drop_unknown(node: &mut Node, names: &[&str]) -> bool {
    let Value::Object(members) = &mut node.value else { return false };
    let count = members.len();
    members.retain(|member| names.contains(&member.name.as_str()));
    members.len() < count
}

fn unique_sids(root: &mut Node) -> bool {
    let mut seen: Vec<String> = Vec::new();
    each(root, |statement| {
        let sid = statement.get("Sid").and_then(Node::as_str).unwrap_or_default().to_owned();
        let again = seen.contains(&sid);
        seen.push(sid);
        again && remove(statement, "Sid")
    })
}

/// A statement that does nothing.
fn idle(at: At<'_>) -> Node {
    use crate::relations::build::{FOREIGN_ACTION, nobody, on_action};
    let action = if at.policy_type == PolicyType::KeyPolicy { "kms:NoSuchAction" } else { FOREIGN_ACTION };
    let nobody = match at.policy_type {
        PolicyType::Rcp => Node::from("*"),
        _ if at.question.dialect == kms_model::Dialect::Aws
            && matches!(at.question.ask, kms_model::question::Ask::Validate(_)) =>
        {
            Node::from("*")
        }
        _ => nobody(at),
    };
    on_action(at, Some(nobody), action).with("Deny")
}
