//! Decides whether a key policy would lock its setter out: KMS API Reference, PutKeyPolicy, CreateKey, ReplicateKey. A
//! policy is refused that would leave the caller unable to set it again, unless the request bypasses the check.

use kms_model::arn::partition;
use kms_model::derive::derive;
use kms_model::json::{Node, Value};
use kms_model::question::{Authorization, Authorize, Caller, Operation, Resource, Validate};
use kms_model::{Answer, Outcome};

use super::decide::decide;
use super::trace::Witness;
use super::validate::POINTER;

/// Accepts or rejects a key policy in which nothing else is wrong.
pub fn answer(region: &str, validate: &Validate, witness: &mut impl Witness) -> Answer {
    let Some(caller) = &validate.caller else {
        witness.step(|| "nothing is wrong with the document".to_owned());
        return Outcome::Accepted.into();
    };
    if is_bypassed(validate) {
        witness.step(|| {
            "nothing is wrong with the document, and the lockout safety check is bypassed".to_owned()
        });
        return Outcome::Accepted.into();
    }
    let mut key = validate.resource.clone().unwrap_or_else(|| key_to_be(region, caller));
    key.policy = Some(validate.document.clone());
    let authorization = Authorization::new("kms:PutKeyPolicy", key);
    let ask = put_key_policy(caller, &authorization);
    let mut context = derive(region, &ask, &authorization);
    // When the policy will be set again, nobody knows.
    context.remove("aws:CurrentTime");
    let answer = decide(region, &ask, &authorization, &context, witness);
    match answer.outcome {
        Outcome::Allow => Outcome::Accepted.into(),
        Outcome::ExplicitDeny | Outcome::ImplicitDeny => {
            let message =
                "the caller could not set the key policy again: `kms:PutKeyPolicy` would not be allowed";
            Answer::from(Outcome::Rejected { policy: Some(POINTER.to_owned()) }).message(message)
        }
        _ => answer,
    }
}

fn is_bypassed(validate: &Validate) -> bool {
    let bypass = validate.parameters.as_ref().and_then(|node| node.get("BypassPolicyLockoutSafetyCheck"));
    matches!(bypass.map(|node| &node.value), Some(Value::Bool(true)))
}

/// The request to set the policy again, once the document is the policy of the key.
fn put_key_policy(caller: &Caller, authorization: &Authorization) -> Authorize {
    let mut ask = Authorize::new("", caller.clone(), vec![authorization.clone()]);
    ask.operation = Some(Operation::new("PutKeyPolicy", Node::from_iter([] as [(&str, Node); 0])));
    ask
}

/// A key that has no ARN yet, as under CreateKey.
fn key_to_be(region: &str, caller: &Caller) -> Resource {
    let account = caller.account.clone().unwrap_or_default();
    let mut key = Resource::default();
    key.arn =
        format!("arn:{}:kms:{region}:{account}:key/00000000-0000-0000-0000-000000000000", partition(region));
    key.account = account;
    key.kind = "kms:key".to_owned();
    key
}
