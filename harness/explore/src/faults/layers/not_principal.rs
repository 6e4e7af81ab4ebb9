//! Decides the faults about `NotPrincipal`.

use kms_model::Question;
use kms_model::json::{Node, Value};

use super::super::change::statements;
use super::super::parts::{idle, listed, mentions, without};
use super::super::{Change, Fault};
use crate::edit::has_effect;
use crate::relations::build::request;

/// The faults.
pub const TABLE: &[Fault] = &[
    Fault::new(
        "aws-notprincipal-spares-who-has-a-boundary",
        "iam.notprincipal.deny-with-boundary-always-denies",
        "NotPrincipal with Deny excepts who is listed, boundary or no boundary",
        Change::Question(boundary_is_nothing),
    ),
    Fault::new(
        "aws-notprincipal-is-principal",
        "iam.notprincipal.deny-all-except",
        "NotPrincipal is read as Principal",
        Change::Question(as_principal),
    ),
    Fault::new(
        "aws-deny-with-notprincipal-is-not-read",
        "iam.notprincipal.deny-all-except",
        "statements with NotPrincipal are left out",
        Change::Question(not_read),
    ),
];

fn is_deny(statement: &Node) -> bool {
    statement.get("NotPrincipal").is_some() && has_effect(statement, "Deny")
}

/// Whether `NotPrincipal` lists the caller, or the role that its session is of.
fn lists_caller(question: &Question, statement: &Node) -> bool {
    let Some(ask) = request(question) else { return false };
    let own = [&ask.caller.arn, &ask.caller.issuer];
    listed(statement, "NotPrincipal").iter().any(|(_, name)| own.into_iter().flatten().any(|arn| arn == name))
}

fn boundary_is_nothing(question: &Question) -> Option<Question> {
    request(question)?.caller.boundary.as_ref()?;
    if !mentions(question, "NotPrincipal") {
        return None;
    }
    without(question, |statement, _| is_deny(statement) && lists_caller(question, statement))
}

fn as_principal(question: &Question) -> Option<Question> {
    if !mentions(question, "NotPrincipal") {
        return None;
    }
    statements(question, |statement, _| {
        let Value::Object(members) = &mut statement.value else { return false };
        match members.iter_mut().find(|member| member.name == "NotPrincipal") {
            Some(member) => {
                member.name = "Principal".to_owned();
                true
            }
            None => false,
        }
    })
}

fn not_read(question: &Question) -> Option<Question> {
    if !mentions(question, "NotPrincipal") {
        return None;
    }
    statements(question, |statement, _| {
        let found = is_deny(statement);
        if found {
            idle(statement);
        }
        found
    })
}
