//! Decides whether a document is accepted as what it is to be: the shared grammar, then what the policy type demands.

mod elements;
mod rules;

use kms_model::question::{PolicyType, Validate};
use kms_model::ram::policy::RamPolicy;
use kms_model::shape::Problem;
use kms_model::{Answer, Outcome};

use super::compile::Compiled;
use super::trace::Witness;
use crate::told::refused;
use rules::Rules;

/// Where a document to accept or reject stands in its question.
const POINTER: &str = "/document";

/// What is wrong with a document as a policy of that type. `unreadable` is what is wrong with it as any.
pub fn refusals(
    text: &str,
    policy: &Result<RamPolicy, Vec<Problem>>,
    unreadable: &[Problem],
    policy_type: PolicyType,
) -> Vec<Problem> {
    let mut problems = Vec::new();
    let rules = Rules::of(policy_type);
    if let Some(rules) = &rules {
        rules.check_text(text, &mut problems);
    }
    match (policy, &rules) {
        (Err(grammar), _) => problems.extend_from_slice(grammar),
        (Ok(policy), Some(rules)) => {
            problems.extend_from_slice(unreadable);
            rules.check(policy, &mut problems);
        }
        (Ok(_), None) => problems.extend_from_slice(unreadable),
    }
    problems
}

/// Accepts or rejects the document of a question.
pub fn answer(validate: &Validate, witness: &mut impl Witness) -> Answer {
    let policy_type = validate.policy_type;
    if Rules::of(policy_type).is_none() {
        return Answer::error(format!("there is no `{}` in RAM", policy_type.word()));
    }
    let document = &validate.document;
    let compiled = Compiled::of(document);
    let refusals = compiled.refusals(document, policy_type);
    if !refusals.is_empty() {
        witness.step(|| "the document is refused for what it says".to_owned());
        return refused(POINTER, document, refusals);
    }
    if let Some(name) = other_policy_name(validate) {
        let message = format!("the only policy that can be set is `default`, not `{name}`");
        return Answer::from(Outcome::Rejected { policy: Some(POINTER.to_owned()) }).message(message);
    }
    witness.step(|| "nothing is wrong with the document".to_owned());
    Outcome::Accepted.into()
}

/// The name under which the policy of a key or secret is to be set, if it is not the only one there is: KMS API
/// Reference, SetKeyPolicy, SetSecretPolicy.
fn other_policy_name(validate: &Validate) -> Option<&str> {
    let is_named = matches!(validate.policy_type, PolicyType::KeyPolicy | PolicyType::SecretPolicy);
    let name = validate.parameters.as_ref().filter(|_| is_named)?.get("PolicyName")?.as_str()?;
    (name != "default").then_some(name)
}

#[cfg(test)]
mod tests;
