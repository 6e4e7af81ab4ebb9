//! Decides which questions of the `ram` dialect can be answered, and has them answered.
//!
//! To read it from the decision down: `decide` walks the layers in their order, `layers` says which policies have a
//! say, `statement` whether a statement applies; `principal`, `condition` and `resource_actions` are its elements.
//! `validate` is about documents.

mod compile;
mod condition;
mod decide;
mod layers;
mod principal;
mod request;
mod resource_actions;
mod statement;
mod trace;
mod validate;

use kms_model::question::{Ask, Authorization, Authorize};
use kms_model::ram::derive::derive;
use kms_model::{Answer, Description, Dialect, Evaluator, Feature, Outcome, Question, Trace};

use trace::Witness;

/// The inputs that the evaluator has a place for.
pub(crate) const FEATURES: &[Feature] = &[
    Feature::Anonymous,
    Feature::CallerContext,
    Feature::Context,
    Feature::ContextKeyCase,
    Feature::ControlPolicies,
    Feature::ControlValidation,
    Feature::DerivesContext,
    Feature::DocumentRequests,
    Feature::ExactText,
    Feature::FederatedUsers,
    Feature::Groups,
    Feature::IdentityValidation,
    Feature::KeyPolicyValidation,
    Feature::ManagementAccounts,
    Feature::MultivaluedKeys,
    Feature::Operations,
    Feature::OtherServices,
    Feature::RequestsWithoutResource,
    Feature::ResourceGroups,
    Feature::ResourcePolicies,
    Feature::ResourcePolicyValidation,
    Feature::RolePaths,
    Feature::RootUsers,
    Feature::SecretPolicyValidation,
    Feature::ServicePrincipals,
    Feature::SessionArns,
    Feature::SessionPolicies,
    Feature::SessionValidation,
    Feature::SeveralSessionPolicies,
    Feature::TrustPolicyValidation,
    Feature::UnknownServices,
];

/// The reference evaluator of the `ram` dialect.
#[derive(Clone, Debug)]
pub struct RamReference {
    description: Description,
}

impl Default for RamReference {
    fn default() -> Self {
        Self::new()
    }
}

impl RamReference {
    /// A reference evaluator. It keeps no state; documents keep their own compiled form.
    pub fn new() -> Self {
        let description = Description::new("kms-reference", env!("CARGO_PKG_VERSION"), Dialect::Ram);
        Self { description: description.with(FEATURES) }
    }
}

impl Evaluator for RamReference {
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
    if question.dialect != Dialect::Ram {
        return unsupported(question.dialect.word());
    }
    match &question.ask {
        Ask::Authorize(ask) => {
            if let [authorization] = ask.authorizations.as_slice() {
                return part::<W>(ask, authorization);
            }
            let parts = ask.authorizations.iter();
            Answer::of_parts(parts.map(|one| part::<W>(ask, one)).collect())
        }
        Ask::Validate(validate) if validate.principals.is_some() => {
            unsupported(Feature::PrincipalInventory.word())
        }
        Ask::Validate(validate) if validate.caller.is_some() => {
            unsupported(Feature::LockoutSafetyCheck.word())
        }
        Ask::Validate(validate) => {
            let mut witness = W::default();
            let answer = validate::answer(validate, &mut witness);
            witness.told(answer)
        }
        _ => Answer::error("a kind of question that this evaluator does not know"),
    }
}

/// The answer for one of the authorizations that a request needs.
fn part<W: Witness>(ask: &Authorize, authorization: &Authorization) -> Answer {
    if let Some(feature) = foreign(ask, authorization) {
        return unsupported(feature.word());
    }
    let derived;
    let context = match &authorization.context {
        Some(context) => context,
        None => {
            derived = derive(ask, authorization);
            &derived
        }
    };
    let mut witness = W::default();
    let answer = decide::decide(ask, authorization, context, &mut witness);
    witness.told(answer)
}

/// What a question holds that there is nothing of in RAM.
fn foreign(ask: &Authorize, authorization: &Authorization) -> Option<Feature> {
    let Authorize { caller, endpoint, .. } = ask;
    let resource = &authorization.resource;
    let passage = endpoint.as_ref().and_then(|endpoint| endpoint.policy.as_ref());
    let found = [
        (Feature::Boundaries, caller.boundary.is_some()),
        (Feature::EndpointPolicies, passage.is_some()),
        (Feature::Grants, !resource.grants.is_empty()),
        (Feature::Rcps, resource.rcps.is_some()),
        (Feature::Scps, caller.scps.is_some()),
    ];
    found.into_iter().find(|(_, there)| *there).map(|(feature, _)| feature)
}

fn unsupported(feature: &str) -> Answer {
    Outcome::Unsupported { feature: feature.to_owned() }.into()
}
