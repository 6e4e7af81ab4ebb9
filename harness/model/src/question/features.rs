//! Decides which features a question needs: from its members, by one table.

use std::collections::BTreeSet;

use super::{Ask, Authorize, CallerKind, Question, Validate};
use crate::derive::derive;
use crate::{Dialect, Feature};

type Needs<T> = (Feature, fn(&T) -> bool);

/// What in a request needs which feature. `Context` stands apart, since it compares with what the facts give.
const AUTHORIZE: &[Needs<Authorize>] = &[
    (Feature::Anonymous, |ask| ask.caller.kind == CallerKind::Anonymous),
    (Feature::Boundaries, |ask| ask.caller.boundary.is_some()),
    (Feature::DerivesContext, |ask| ask.authorizations.iter().any(|one| one.context.is_none())),
    (Feature::EndpointPolicies, |ask| ask.endpoint.as_ref().is_some_and(|endpoint| endpoint.policy.is_some())),
    (Feature::FederatedUsers, |ask| ask.caller.kind == CallerKind::FederatedUser),
    (Feature::Grants, |ask| ask.authorizations.iter().any(|one| !one.resource.grants.is_empty())),
    (Feature::Groups, |ask| ask.caller.policies.iter().any(|policy| policy.from.starts_with("group/"))),
    (Feature::Operations, |ask| ask.authorizations.len() > 1),
    (Feature::OtherServices, |ask| {
        ask.authorizations.iter().any(|one| !one.resource.kind.starts_with("kms:"))
    }),
    (Feature::Rcps, |ask| ask.authorizations.iter().any(|one| one.resource.rcps.is_some())),
    (Feature::RootUsers, |ask| ask.caller.kind == CallerKind::Root),
    (Feature::Scps, |ask| ask.caller.scps.is_some()),
    (Feature::ServicePrincipals, |ask| ask.caller.kind == CallerKind::Service),
    (Feature::SessionPolicies, |ask| ask.caller.session_policies.is_some()),
];

/// What in a question about a document needs which feature.
const VALIDATE: &[Needs<Validate>] = &[
    (Feature::LockoutSafetyCheck, |ask| ask.caller.is_some()),
    (Feature::PrincipalInventory, |ask| ask.principals.is_some()),
    (Feature::Validation, |_| true),
];

impl Question {
    /// The features that an evaluator must have to be asked this.
    pub fn features(&self) -> BTreeSet<Feature> {
        match &self.ask {
            Ask::Authorize(ask) => {
                let mut features = needed(AUTHORIZE, ask);
                if self.dialect == Dialect::Aws && changes_context(self, ask) {
                    features.insert(Feature::Context);
                }
                features
            }
            Ask::Validate(ask) => needed(VALIDATE, ask),
        }
    }
}

fn needed<T>(table: &[Needs<T>], ask: &T) -> BTreeSet<Feature> {
    table.iter().filter(|(_, needs)| needs(ask)).map(|(feature, _)| *feature).collect()
}

/// Whether a context says something else than the facts.
fn changes_context(question: &Question, ask: &Authorize) -> bool {
    ask.authorizations.iter().any(|one| match &one.context {
        Some(context) => *context != derive(&question.region, ask, one),
        None => false,
    })
}
