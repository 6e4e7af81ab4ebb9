//! Decides whether a document is accepted as what it is to be: the shared grammar, then what the policy type demands.

mod characters;
mod elements;
mod grant_request;
mod passage;
mod principals;
mod rules;

use kms_model::Document;
use kms_model::arn::partition;
use kms_model::question::{PolicyType, Validate};
use kms_model::shape::Problem;
use kms_model::{Answer, Outcome};

use super::compile::Compiled;
use super::lockout;
use super::request::partition_of;
use super::trace::Witness;
use crate::told::refused;
use rules::Rules;

/// Where a document to accept or reject stands in its question.
pub const POINTER: &str = "/document";

/// What is wrong with a document as a policy of that type. `unreadable` is what is wrong with it as any.
pub fn refusals(document: &Document, unreadable: &[Problem], policy_type: PolicyType) -> Vec<Problem> {
    let rules = Rules::of(policy_type);
    let mut problems = Vec::new();
    rules.check_text(document.text(), &mut problems);
    match document.policy() {
        Err(grammar) => problems.extend_from_slice(grammar),
        Ok(policy) => {
            problems.extend_from_slice(unreadable);
            rules.check(policy, &mut problems);
        }
    }
    problems
}

/// Accepts or rejects the document of a question about a request in `region`.
pub fn answer(region: &str, validate: &Validate, witness: &mut impl Witness) -> Answer {
    let document = &validate.document;
    if validate.policy_type == PolicyType::GrantRequest {
        let problems = grant_request::problems(region, validate);
        if !problems.is_empty() {
            witness.step(|| "the grant cannot be made as asked for".to_owned());
            return refused(POINTER, document, &problems);
        }
        witness.step(|| "nothing is wrong with the grant asked for".to_owned());
        return Outcome::Accepted.into();
    }
    let compiled = Compiled::of(document);
    let refusals = compiled.refusals(document, validate.policy_type);
    if !refusals.is_empty() {
        witness.step(|| "the document is refused for what it says".to_owned());
        return refused(POINTER, document, refusals);
    }
    if validate.policy_type != PolicyType::KeyPolicy {
        witness.step(|| "nothing is wrong with the document".to_owned());
        return Outcome::Accepted.into();
    }
    let of_key = validate.resource.as_ref().and_then(|resource| partition_of(&resource.arn));
    if let Some(problem) = compiled.foreign_principal(of_key.unwrap_or(partition(region))) {
        witness.step(|| "the document names a principal that cannot exist".to_owned());
        return refused(POINTER, document, &[problem]);
    }
    if let Some(name) = other_policy_name(validate) {
        let message = format!("the only policy of a key that can be set is `default`, not `{name}`");
        return Answer::from(Outcome::Rejected { policy: Some(POINTER.to_owned()) }).message(message);
    }
    lockout::answer(region, validate, witness)
}

/// The name under which the policy is to be set, if it is not the only one there is: KMS API Reference, PutKeyPolicy.
fn other_policy_name(validate: &Validate) -> Option<&str> {
    let name = validate.parameters.as_ref()?.get("PolicyName")?.as_str()?;
    (name != "default").then_some(name)
}

#[cfg(test)]
mod tests;
