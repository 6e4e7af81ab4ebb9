//! Decides the faults about what each policy type demands: principals, resources, and what only some of them may say.

use kms_model::Question;
use kms_model::json::Node;
use kms_model::question::PolicyType;

use crate::edit::{At, member_mut, remove, set, statement_list, strings};
use crate::faults::reading::{NOTHING, Name, documents, principals, somebody_else, statements, values};
use crate::faults::{Change, Fault};

/// The faults.
pub const TABLE: &[Fault] = &[
    Fault::new(
        "aws-principals-of-identity-policies-are-skipped",
        "iam.doc.principal.forbidden-identity",
        "Principal in an identity policy is not looked at",
        Change::Question(|question| without_principal(question, PolicyType::Identity)),
    ),
    Fault::new(
        "aws-principals-of-boundaries-are-skipped",
        "iam.eval.boundary.no-principal",
        "Principal in a permissions boundary is not looked at",
        Change::Question(|question| without_principal(question, PolicyType::Boundary)),
    ),
    Fault::new(
        "aws-principals-of-session-policies-are-skipped",
        "iam.eval.session.grammar",
        "Principal in a session policy is not looked at",
        Change::Question(|question| without_principal(question, PolicyType::Session)),
    ),
    Fault::new(
        "aws-principals-of-scps-are-skipped",
        "iam.scp.no-principal",
        "Principal in a service control policy is not looked at",
        Change::Question(|question| without_principal(question, PolicyType::Scp)),
    ),
    Fault::new(
        "aws-key-policy-without-principal-is-for-everybody",
        "kms.key-policy.format.principal-required",
        "a statement of a key policy without Principal is about everybody",
        Change::Question(|question| adding_principal(question, PolicyType::KeyPolicy)),
    ),
    Fault::new(
        "aws-resource-policy-without-principal-is-for-everybody",
        "iam.doc.principal.required-resource-policy",
        "a statement of a resource policy without Principal is about everybody",
        Change::Question(|question| adding_principal(question, PolicyType::ResourcePolicy)),
    ),
    Fault::new(
        "aws-endpoint-policy-without-principal-is-for-everybody",
        "iam.eval.vpce.principal-required",
        "a statement of an endpoint policy without Principal is about everybody",
        Change::Question(|question| adding_principal(question, PolicyType::Endpoint)),
    ),
    Fault::new(
        "aws-arns-stand-in-principal-without-a-map",
        "iam.principal.bare-string-only-star",
        "an account or ARN as the string form of Principal is read as { \"AWS\": … }",
        Change::Question(|question| {
            principals(question, &["Principal", "NotPrincipal"], &["rincipal\":\""], |kind, value, _, _| {
                (kind == "*" && value != "*").then(|| vec![("AWS".to_owned(), value.to_owned())])
            })
        }),
    ),
    Fault::new(
        "aws-unknown-kinds-of-principals-are-skipped",
        "iam.principal.map-keys",
        "members of Principal that there are not are skipped",
        Change::Question(|question| {
            principals(question, &["Principal", "NotPrincipal"], &["Principal"], |kind, _, _, at| {
                let known = matches!(kind, "*" | "AWS" | "Service" | "Federated" | "CanonicalUser");
                (!known).then(|| somebody_else(at))?
            })
        }),
    ),
    Fault::new(
        "aws-groups-are-principals-in-key-policies",
        "kms.key-policy.format.group-principal-invalid",
        "a key policy may name a group, which matches nobody",
        Change::Question(|question| groups(question, |at| at.policy_type == PolicyType::KeyPolicy)),
    ),
    Fault::new(
        "aws-groups-are-principals",
        "iam.principal.aws.group-invalid",
        "a resource policy may name a group, which matches nobody",
        Change::Question(|question| groups(question, |_| true)),
    ),
    Fault::new(
        "aws-stars-in-principals-of-key-policies-are-text",
        "kms.key-policy.user-principal-no-partial-wildcard",
        "a key policy may name principals with wildcards, which match nobody",
        Change::Question(|question| {
            principals(question, &["Principal"], &["Principal"], |kind, value, _, at| {
                let key_policy = at.policy_type == PolicyType::KeyPolicy;
                let wild = kind == "AWS" && value != "*" && value.contains(['*', '?']);
                (key_policy && wild).then(|| somebody_else(at))?
            })
        }),
    ),
    Fault::new(
        "aws-variables-in-principals-are-text",
        "iam.variable.not-in-principal",
        "what looks like a policy variable in Principal is text",
        Change::Question(|question| {
            principals(question, &["Principal"], &["${"], |_, value, _, at| {
                value.contains("${").then(|| somebody_else(at))?
            })
        }),
    ),
    Fault::new(
        "aws-key-policies-name-principals-of-any-partition",
        "kms.key-policy.format.partition-must-match",
        "a key policy may name principals of another partition",
        Change::Question(|question| {
            let china = |at: At<'_>| at.question.region.starts_with("cn-");
            principals(question, &["Principal"], &["arn:aws"], |_, value, _, at| {
                let there = value.starts_with("arn:aws-cn:");
                let here = china(at);
                let other =
                    value.starts_with("arn:aws") && there != here && at.policy_type == PolicyType::KeyPolicy;
                let arn =
                    if here { "arn:aws-cn:iam::999988887777:root" } else { "arn:aws:iam::999988887777:root" };
                other.then(|| vec![("AWS".to_owned(), arn.to_owned())])
            })
        }),
    ),
    Fault::new(
        "aws-statements-need-no-action",
        "iam.doc.action.required",
        "a statement of an IAM policy without Action does nothing, and is accepted",
        Change::Question(|question| {
            incomplete(
                question,
                |at| at.policy_type != PolicyType::KeyPolicy,
                "Action",
                "NotAction",
                "ecs:NoSuchAction",
            )
        }),
    ),
    Fault::new(
        "aws-statements-need-no-resource",
        "iam.doc.resource.required-identity",
        "a statement of an identity policy without Resource is about everything",
        Change::Question(|question| {
            incomplete(question, |at| at.policy_type == PolicyType::Identity, "Resource", "NotResource", "*")
        }),
    ),
    Fault::new(
        "aws-scps-need-no-resource",
        "iam.scp.resource-required",
        "a statement of a service control policy without Resource is about everything",
        Change::Question(|question| {
            incomplete(question, |at| at.policy_type == PolicyType::Scp, "Resource", "NotResource", "*")
        }),
    ),
    Fault::new(
        "aws-key-policy-without-resource-is-for-its-key",
        "kms.key-policy.format.missing-resource-ineffective",
        "a statement of a key policy without Resource is about the key",
        Change::Question(|question| {
            incomplete(question, |at| at.policy_type == PolicyType::KeyPolicy, "Resource", "NotResource", "*")
        }),
    ),
    Fault::new(
        "aws-key-policy-without-action-is-for-all-actions",
        "kms.key-policy.format.missing-action-ineffective",
        "a statement of a key policy without Action is about every action",
        Change::Question(|question| {
            incomplete(question, |at| at.policy_type == PolicyType::KeyPolicy, "Action", "NotAction", "kms:*")
        }),
    ),
    Fault::new(
        "aws-endpoint-policies-need-no-resource",
        "kms.vpce.statement-needs-principal-action-resource",
        "a statement of an endpoint policy without Resource is about everything",
        Change::Question(|question| {
            incomplete(question, |at| at.policy_type == PolicyType::Endpoint, "Resource", "NotResource", "*")
        }),
    ),
    Fault::new(
        "aws-endpoint-policies-take-short-patterns",
        "iam.eval.vpce.restrictions",
        "wildcards in endpoint policies need no characters beside them",
        Change::Question(short_patterns),
    ),
    Fault::new(
        "aws-rcps-may-allow",
        "iam.rcp.effect-deny-only",
        "an Allow in a resource control policy is skipped",
        Change::Question(|question| {
            documents(question, &["\"Allow\""], |root, at| {
                let Some(list) = statement_list(root).filter(|_| at.policy_type == PolicyType::Rcp) else {
                    return false;
                };
                let mut changed = false;
                for statement in list.iter_mut().filter(|one| crate::edit::has_effect(one, "Allow")) {
                    // What is attached by AWS itself is no misreading.
                    let full = statement.get("Action").and_then(Node::as_str) == Some("*");
                    if !full {
                        set(statement, "Effect", "Deny");
                        set(statement, "Action", "kms:NoSuchAction");
                        changed = true;
                    }
                }
                changed
            })
        }),
    ),
    Fault::new(
        "aws-rcps-take-a-star-for-actions",
        "iam.rcp.action-needs-service",
        "the Action of a resource control policy may be *",
        Change::Question(|question| {
            values(question, &["Action"], &["\"*\""], |_, value, at| {
                (at.policy_type == PolicyType::Rcp && value == "*").then(|| vec!["kms:*".to_owned()])
            })
        }),
    ),
    Fault::new(
        "aws-rcps-name-principals",
        "iam.rcp.principal-star-only",
        "a resource control policy may name principals",
        Change::Question(|question| {
            statements(question, &["Principal"], |statement, at| {
                let named = at.policy_type == PolicyType::Rcp
                    && statement.get("Principal").is_some_and(|one| one.as_str() != Some("*"));
                if named {
                    set(statement, "Principal", "*");
                }
                named
            })
        }),
    ),
    Fault::new(
        "aws-rcps-take-not-action",
        "iam.rcp.no-notprincipal-notaction",
        "a resource control policy may have NotAction",
        Change::Question(|question| {
            statements(question, &["NotAction"], |statement, at| {
                let found = at.policy_type == PolicyType::Rcp && remove(statement, "NotAction");
                if found {
                    set(statement, "Action", "kms:NoSuchAction");
                }
                found
            })
        }),
    ),
    Fault::new(
        "aws-not-principal-in-iam-policies-is-skipped",
        "iam.notprincipal.forbidden-places",
        "NotPrincipal in a policy that has no principals is not looked at",
        Change::Question(|question| {
            statements(question, &["NotPrincipal"], |statement, at| {
                !crate::relations::build::names_principals(at.policy_type)
                    && remove(statement, "NotPrincipal")
            })
        }),
    ),
];

fn without_principal(question: &Question, policy_type: PolicyType) -> Option<Question> {
    statements(question, &["Principal\""], |statement, at| {
        at.policy_type == policy_type && (remove(statement, "Principal") | remove(statement, "NotPrincipal"))
    })
}

fn adding_principal(question: &Question, policy_type: PolicyType) -> Option<Question> {
    statements(question, &["Statement"], |statement, at| {
        let none = statement.get("Principal").is_none() && statement.get("NotPrincipal").is_none();
        let mine = at.policy_type == policy_type && none;
        if mine {
            set(statement, "Principal", "*");
        }
        mine
    })
}

fn groups(question: &Question, wanted: fn(At<'_>) -> bool) -> Option<Question> {
    principals(question, &["Principal"], &[":group/"], |_, value, _, at| -> Option<Vec<Name>> {
        (wanted(at) && value.contains(":group/")).then(|| somebody_else(at))?
    })
}

/// The statements of policies that `wanted` wants, with an element that they lack.
fn incomplete(
    question: &Question,
    wanted: fn(At<'_>) -> bool,
    element: &str,
    opposite: &str,
    value: &str,
) -> Option<Question> {
    statements(question, &["Statement"], |statement, at| {
        let lacks = statement.get(element).is_none() && statement.get(opposite).is_none();
        let mine = lacks && wanted(at);
        if mine {
            set(statement, element, value);
        }
        mine
    })
}

/// Endpoint policies without the values and ARNs that such policies must not have.
fn short_patterns(question: &Question) -> Option<Question> {
    statements(question, &["*", "?"], |statement, at| {
        if at.policy_type != PolicyType::Endpoint {
            return false;
        }
        let mut changed = false;
        if let Some(element) = member_mut(statement, "Resource") {
            let mixed = |value: &str| {
                let account = value.split(':').nth(4).unwrap_or_default();
                account != "*" && account.contains(['*', '?'])
            };
            if strings(element).into_iter().any(mixed) {
                *element = NOTHING.into();
                changed = true;
            }
        }
        for (_, _, values) in crate::edit::condition_values(statement) {
            for text in crate::edit::strings_mut(values) {
                if text.contains(['*', '?']) {
                    *text = text.replace(['*', '?'], "x");
                    changed = true;
                }
            }
        }
        changed
    })
}
