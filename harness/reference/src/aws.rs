//! Decides which questions of the `aws` dialect can be answered, and has them answered.
//!
//! To read it from the decision down: `decide` finds the way by which a request is allowed, `layers` the policies that
//! have a say, `statement` whether a statement applies; `principal`, `action`, `resource` and `condition` are its
//! elements, `variable` the texts in them. `validate` and `lockout` are about documents.

mod action;
mod compile;
mod condition;
mod decide;
mod grants;
mod layers;
mod lockout;
mod principal;
mod rails;
mod request;
mod resource;
mod statement;
mod trace;
mod validate;
mod variable;

use kms_model::derive::derive;
use kms_model::question::{Ask, Authorization, Authorize};
use kms_model::{Answer, Description, Dialect, Evaluator, Feature, Outcome, Question, Trace};

use trace::Witness;

/// The inputs that the evaluator has a place for.
pub(crate) const FEATURES: &[Feature] = &[
    Feature::Anonymous,
    Feature::AwsManagedKeys,
    Feature::Boundaries,
    Feature::BoundaryValidation,
    Feature::CallerContext,
    Feature::Context,
    Feature::ContextKeyCase,
    Feature::DerivesContext,
    Feature::DocumentRequests,
    Feature::EndpointPolicies,
    Feature::EndpointValidation,
    Feature::ExactText,
    Feature::FederatedUsers,
    Feature::GrantRequests,
    Feature::Grants,
    Feature::Groups,
    Feature::IdentityValidation,
    Feature::KeyPolicyValidation,
    Feature::LockoutSafetyCheck,
    Feature::ManagementAccounts,
    Feature::MultivaluedKeys,
    Feature::Operations,
    Feature::OtherServices,
    Feature::RcpValidation,
    Feature::Rcps,
    Feature::RequestsWithoutResource,
    Feature::ResourcePolicies,
    Feature::ResourcePolicyValidation,
    Feature::RolePaths,
    Feature::RootUsers,
    Feature::ScpLevels,
    Feature::ScpValidation,
    Feature::Scps,
    Feature::ServicePrincipals,
    Feature::SessionArns,
    Feature::SessionPolicies,
    Feature::SessionValidation,
    Feature::SeveralSessionPolicies,
    Feature::UnknownServices,
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
        answer::<()>(question)
    }

    fn explain(&mut self, question: &Question) -> Answer {
        answer::<Trace>(question)
    }
}

fn answer<W: Witness>(question: &Question) -> Answer {
    let unsupported_as = |feature: &str| Answer::from(Outcome::Unsupported { feature: feature.to_owned() });
    if question.dialect != Dialect::Aws {
        return unsupported_as(question.dialect.word());
    }
    match &question.ask {
        Ask::Authorize(ask) => {
            if let [authorization] = ask.authorizations.as_slice() {
                return part::<W>(&question.region, ask, authorization);
            }
            let parts = ask.authorizations.iter();
            Answer::of_parts(parts.map(|one| part::<W>(&question.region, ask, one)).collect())
        }
        Ask::Validate(validate) if validate.principals.is_some() => {
            unsupported_as(Feature::PrincipalInventory.word())
        }
        Ask::Validate(validate) => {
            let mut witness = W::default();
            let answer = validate::answer(&question.region, validate, &mut witness);
            witness.told(answer)
        }
        _ => Answer::error("a kind of question that this evaluator does not know"),
    }
}

/// The answer for one of the authorizations that a request needs.
fn part<W: Witness>(region: &str, ask: &Authorize, authorization: &Authorization) -> Answer {
    let derived;
    let context = match &authorization.context {
        Some(context) => context,
        None => {
            derived = derive(region, ask, authorization);
            &derived
        }
    };
    let mut witness = W::default();
    let answer = decide::decide(region, ask, authorization, context, &mut witness);
    witness.told(answer)
}
