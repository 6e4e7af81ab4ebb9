//! Decides the faults about documents of RAM that are read as those of AWS are.

use kms_model::Question;
use kms_model::json::{Node, Value, compact};

use super::super::change::{documents, statements};
use super::super::parts::{listed, mentions};
use super::super::{Change, Fault};
use crate::edit::{condition_values, elements_mut, member_mut, remove, set};
use crate::relations::build::object;

/// The faults.
pub const TABLE: &[Fault] = &[
    Fault::new(
        "ram-version-of-aws",
        "ram.doc.version-only-1",
        "the versions of AWS are versions too",
        Change::Question(version_of_aws),
    ),
    Fault::new(
        "ram-version-has-a-default",
        "ram.doc.version-required",
        "a document without Version has the default one",
        Change::Question(default_version),
    ),
    Fault::new(
        "ram-bare-booleans",
        "ram.doc.values-quoted-boolean",
        "a Boolean as the value of a condition needs no quotation marks",
        Change::Question(bare_booleans),
    ),
    Fault::new(
        "ram-bare-numbers",
        "ram.doc.values-quoted-number",
        "a number as the value of a condition needs no quotation marks",
        Change::Question(bare_numbers),
    ),
    Fault::new(
        "ram-principals-of-aws",
        "ram.kms.keypolicy.principal-required",
        "principals stand under AWS as well as under RAM",
        Change::Question(principals_of_aws),
    ),
    Fault::new(
        "ram-key-policies-name-their-key",
        "ram.kms.keypolicy.resource-star-only",
        "the Resource of a key policy may be anything, since it is the key anyway",
        Change::Question(any_resource),
    ),
    Fault::new(
        "ram-key-policies-have-no-principal",
        "ram.kms.keypolicy.principal-required",
        "a statement of a key policy without Principal is about everybody of the account",
        Change::Question(without_principal),
    ),
];

fn version_of_aws(question: &Question) -> Option<Question> {
    if !mentions(question, "-10-17") {
        return None;
    }
    documents(question, |root, _| {
        let aws = matches!(root.get("Version").and_then(Node::as_str), Some("2012-10-17" | "2008-10-17"));
        if aws {
            set(root, "Version", "1");
        }
        aws
    })
}

fn default_version(question: &Question) -> Option<Question> {
    documents(question, |root, _| {
        let lacks = root.get("Version").is_none();
        if lacks {
            set(root, "Version", "1");
        }
        lacks
    })
}

fn bare_booleans(question: &Question) -> Option<Question> {
    quoted(question, |value| matches!(value, Value::Bool(_)))
}

fn bare_numbers(question: &Question) -> Option<Question> {
    quoted(question, |value| matches!(value, Value::Number(_)))
}

/// The question with quotation marks around those values of conditions.
fn quoted(question: &Question, is_bare: impl Fn(&Value) -> bool) -> Option<Question> {
    if !mentions(question, "Condition") {
        return None;
    }
    let quote = |node: &mut Node| {
        let bare = is_bare(&node.value);
        if bare {
            *node = Node::from(compact(node));
        }
        bare
    };
    statements(question, |statement, _| {
        let mut found = false;
        for (_, _, value) in condition_values(statement) {
            found |= match elements_mut(value) {
                Some(elements) => elements.iter_mut().map(quote).fold(false, |any, one| any | one),
                None => quote(value),
            };
        }
        found
    })
}

fn principals_of_aws(question: &Question) -> Option<Question> {
    if !mentions(question, "\"AWS\"") {
        return None;
    }
    statements(question, |statement, _| {
        let named = listed(statement, "Principal");
        let aws = named.iter().any(|(kind, _)| kind == "AWS");
        if aws {
            let names = named.into_iter().map(|(_, name)| match name.strip_prefix("arn:aws:iam::") {
                Some(rest) => Node::from(format!("acs:ram::{rest}")),
                None => Node::from(name),
            });
            set(statement, "Principal", object([("RAM", Node::from_iter(names))]));
        }
        aws
    })
}

fn any_resource(question: &Question) -> Option<Question> {
    statements(question, |statement, at| {
        use kms_model::question::PolicyType::{KeyPolicy, SecretPolicy};
        let of_key = matches!(at.policy_type, KeyPolicy | SecretPolicy);
        let other = of_key
            && statement
                .get("Resource")
                .is_some_and(|node| compact(node).trim_matches(['[', ']']) != "\"*\"");
        if other {
            set(statement, "Resource", "*");
        }
        other
    })
}

fn without_principal(question: &Question) -> Option<Question> {
    statements(question, |statement, at| {
        use kms_model::question::PolicyType::{KeyPolicy, SecretPolicy};
        let lacks =
            matches!(at.policy_type, KeyPolicy | SecretPolicy) && statement.get("Principal").is_none();
        if lacks {
            remove(statement, "NotPrincipal");
            let everybody = Node::from_iter([Node::from("acs:ram::1234567890123456:*")]);
            set(statement, "Principal", object([("RAM", everybody)]));
        }
        lacks && member_mut(statement, "Principal").is_some()
    })
}
