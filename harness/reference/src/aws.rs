//! Decides which questions of the `aws` dialect can be answered, and has them answered.
//!
//! To read it from the decision down: `decide` finds the way by which a request is allowed, `layers` the policies that
//! have a say, `statement` whether a statement applies; `principal`, `action`, `resource` and `condition` are its
//! elements, `variable` and `pattern` the texts in them. `validate` and `lockout` are about documents.

mod action;
mod compile;
mod condition;
mod decide;
mod layers;
mod lockout;
mod pattern;
mod principal;
mod rails;
mod request;
mod resource;
mod statement;
mod trace;
mod validate;
mod variable;

use kms_model::derive::derive;
use kms_model::question::{Ask, Authorize, PolicyType};
use kms_model::{Answer, Description, Dialect, Evaluator, Feature, Outcome, Question, Trace};

use trace::Witness;

/// The inputs that the evaluator has a place for.
const FEATURES: &[Feature] = &[
    Feature::Anonymous,
    Feature::AwsManagedKeys,
    Feature::Boundaries,
    Feature::Context,
    Feature::DerivesContext,
    Feature::EndpointPolicies,
    Feature::FederatedUsers,
    Feature::Groups,
    Feature::LockoutSafetyCheck,
    Feature::ManagementAccounts,
    Feature::OtherServices,
    Feature::Rcps,
    Feature::RootUsers,
    Feature::Scps,
    Feature::ServicePrincipals,
    Feature::SessionPolicies,
    Feature::Validation,
];

/// The reference evaluator of the `aws` dialect.
#[derive(Clone, Debug)]
pub struct AwsReference {
    description: Description,
}

impl Default for AwsReference {
    fn default() -> Self {
        Self::new()
    }
}

impl AwsReference {
    /// A reference evaluator. It keeps no state; documents keep their own compiled form.
    pub fn new() -> Self {
        let description = Description::new("kms-reference", env!("CARGO_PKG_VERSION"), Dialect::Aws);
        Self { description: description.with(FEATURES) }
    }
}

impl Evaluator for AwsReference {
    fn description(&self) -> &Description {
        &self.description
    }

    fn answer(&mut self, question: &Question) -> Answer {
        answer(question, &mut ())
    }

    fn explain(&mut self, question: &Question) -> Answer {
        let mut trace = Trace::default();
        answer(question, &mut trace).trace(trace)
    }
}

fn answer(question: &Question, witness: &mut impl Witness) -> Answer {
    let unsupported_as = |feature: &str| Answer::from(Outcome::Unsupported { feature: feature.to_owned() });
    if question.dialect != Dialect::Aws {
        return unsupported_as(question.dialect.word());
    }
    match &question.ask {
        Ask::Authorize(ask) => {
            if let Some(feature) = unsupported(ask) {
                return unsupported_as(feature.word());
            }
            let [authorization] = ask.authorizations.as_slice() else {
                return unsupported_as(Feature::Operations.word());
            };
            let derived;
            let context = match &authorization.context {
                Some(context) => context,
                None => {
                    derived = derive(&question.region, ask, authorization);
                    &derived
                }
            };
            // What a service sends on does not come through the caller's endpoint.
            let endpoint = ask.endpoint.as_ref().filter(|_| ask.via.is_empty());
            let passage = endpoint.and_then(|endpoint| endpoint.policy.as_ref());
            decide::decide(&question.region, &ask.caller, passage, authorization, context, witness)
        }
        Ask::Validate(validate) if validate.principals.is_some() => {
            unsupported_as(Feature::PrincipalInventory.word())
        }
        Ask::Validate(validate) if validate.policy_type == PolicyType::GrantRequest => {
            unsupported_as(Feature::GrantRequests.word())
        }
        Ask::Validate(validate) => validate::answer(&question.region, validate, witness),
        _ => Answer::error("a kind of question that this evaluator does not know"),
    }
}

/// The first feature that a request needs and the evaluator lacks.
fn unsupported(ask: &Authorize) -> Option<Feature> {
    let grants = ask.authorizations.iter().any(|authorization| !authorization.resource.grants.is_empty());
    grants.then_some(Feature::Grants)
}
