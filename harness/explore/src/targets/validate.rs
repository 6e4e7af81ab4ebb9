//! Decides whether an evaluator tells of every document whether it is accepted.

use kms_model::question::{Ask, Authorize, PolicyType, Validate};
use kms_model::{Document, Evaluator, Question};

use crate::Settings;

use super::{asked, read};

/// Asks whether each document of a question is accepted as what it is there: twice, the same each time.
///
/// # Errors
/// What does not hold.
pub fn validate(bytes: &[u8], settings: &Settings, evaluator: &mut dyn Evaluator) -> Result<(), String> {
    let Some(question) = read(None, bytes, settings) else { return Ok(()) };
    match &question.ask {
        Ask::Authorize(ask) => {
            for (policy_type, document) in documents(ask) {
                let validate = Validate::new(policy_type, document.clone());
                asked::ask(
                    evaluator,
                    &Question::validate(question.dialect, question.region.clone(), validate),
                )?;
            }
        }
        _ => drop(asked::ask(evaluator, &question)?),
    }
    Ok(())
}

/// The documents of a request and what each of them is.
pub(super) fn documents(ask: &Authorize) -> Vec<(PolicyType, &Document)> {
    let caller = &ask.caller;
    let mut found: Vec<_> = caller.policies.iter().map(|one| (PolicyType::Identity, &one.document)).collect();
    found.extend(caller.boundary.iter().map(|one| (PolicyType::Boundary, one)));
    found.extend(caller.session_policies.iter().flatten().map(|one| (PolicyType::Session, one)));
    found.extend(caller.scps.iter().flatten().flatten().map(|one| (PolicyType::Scp, one)));
    let endpoint = ask.endpoint.as_ref().and_then(|endpoint| endpoint.policy.as_ref());
    found.extend(endpoint.map(|one| (PolicyType::Endpoint, one)));
    for resource in ask.authorizations.iter().map(|authorization| &authorization.resource) {
        let own = match resource.kind.as_str() {
            "kms:key" => PolicyType::KeyPolicy,
            "kms:secret" => PolicyType::SecretPolicy,
            _ => PolicyType::ResourcePolicy,
        };
        found.extend(resource.policy.iter().map(|one| (own, one)));
        found.extend(resource.rcps.iter().flatten().flatten().map(|one| (PolicyType::Rcp, one)));
        let control = resource.control_policies.iter().flatten().flatten();
        found.extend(control.map(|one| (PolicyType::Control, one)));
    }
    found
}
