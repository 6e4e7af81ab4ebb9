//! Decides the faults about what KMS alone has: grants, encryption contexts, aliases.

use kms_model::Question;

use super::change::request;
use super::{Change, Fault};

/// The faults.
pub const TABLE: &[Fault] = &[Fault::new(
    "aws-grant-constraints-are-not-read",
    "kms.grant.constraint-equals",
    "a grant allows its operations whatever the encryption context of the request",
    Change::Question(without_constraints),
)];

fn without_constraints(question: &Question) -> Option<Question> {
    request(question, |ask| {
        let grants = ask.authorizations.iter_mut().flat_map(|one| &mut one.resource.grants);
        grants.filter_map(|grant| grant.constraints.take()).count() > 0
    })
}
