//! Decides the faults about principals that are services, or of kinds that have no ARNs.

use kms_model::Question;

use crate::edit::has_effect;
use crate::faults::reading::{by_arn, caller, principals};
use crate::faults::{Change, Fault};
use crate::relations::build::request;

const ONE: &[&str] = &["Principal"];

/// The faults.
pub const TABLE: &[Fault] = &[
    Fault::new(
        "aws-services-are-beginnings",
        "iam.principal.service.exact",
        "a service is matched by the first word of its name",
        Change::Question(|question| {
            services(question, |value, service| value.split('.').next() == service.split('.').next())
        }),
    ),
    Fault::new(
        "aws-services-have-no-regions",
        "iam.principal.service.opt-in-region-name",
        "the Region in the name of a service principal is not compared",
        Change::Question(|question| {
            services(question, |value, service| {
                let parts: Vec<&str> = service.split('.').collect();
                parts.len() == 4 && value.split('.').next() == service.split('.').next()
            })
        }),
    ),
    Fault::new(
        "aws-calls-of-services-are-by-the-service",
        "iam.principal.service.not-role-of-service",
        "what a service does for a principal is done by the service principal",
        Change::Question(|question| {
            principals(question, ONE, &["Service"], |kind, value, statement, at| {
                let via = request(at.question)?.via.iter().any(|service| service == value);
                let roles = caller(at)?.issuer.as_deref().is_some_and(|role| role.contains(":role/"));
                let mine = kind == "Service" && has_effect(statement, "Allow") && (via || roles);
                mine.then(|| by_arn(caller(at)?.arn.as_deref()?))?
            })
        }),
    ),
    Fault::new(
        "aws-canonical-users-are-everybody",
        "iam.principal.canonical-user.limited",
        "a principal of a kind that is not known matches everybody",
        Change::Question(|question| {
            principals(question, ONE, &["CanonicalUser"], |kind, _, _, _| {
                (kind == "CanonicalUser").then(|| vec![("AWS".to_owned(), "*".to_owned())])
            })
        }),
    ),
];

fn services(question: &Question, same: fn(&str, &str) -> bool) -> Option<Question> {
    principals(question, ONE, &["Service"], |kind, value, _, at| {
        let service = caller(at)?.service.as_deref()?;
        let mine = kind == "Service" && value != service && same(value, service);
        mine.then(|| vec![("Service".to_owned(), service.to_owned())])
    })
}
