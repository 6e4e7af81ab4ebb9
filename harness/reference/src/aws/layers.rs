//! Decides which policies have a say in a request, and collects the statements that apply: IAM User Guide, "Policy
//! evaluation logic".

use std::sync::Arc;

use kms_model::arn::partition;
use kms_model::policy::{self, Effect};
use kms_model::question::{Attached, CallerKind, PolicyType, Resource};
use kms_model::{Answer, Because, Document};

use super::compile::Compiled;
use super::principal::Reach;
use super::rails::{self, Asked};
use super::request::{Request, partition_of};
use super::statement::Side;
use super::trace::Witness;
use crate::told::refused;

/// A policy that has a say.
#[derive(Debug)]
pub struct Layer<'a> {
    /// Where it stands in the question.
    pub place: Place<'a>,
    /// What it is to be.
    policy_type: PolicyType,
    /// The document.
    pub document: &'a Document,
    /// Its compiled form.
    compiled: Arc<Compiled>,
}

/// Where a policy stands in a question.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Place<'a> {
    /// The caller's permissions boundary.
    Boundary,
    /// The caller's policy with that index, and where it has it from.
    Caller(usize, &'a str),
    /// The policy of the endpoint that the request came through.
    Endpoint,
    /// A resource control policy: level and index.
    Rcp(usize, usize),
    /// The policy of the resource.
    Resource,
    /// A service control policy: level and index.
    Scp(usize, usize),
    /// The session policy with that index.
    Session(usize),
}

/// A statement that applies to the request.
#[derive(Clone, Copy, Debug)]
pub struct Applied<'a> {
    /// Where its policy stands.
    pub place: Place<'a>,
    /// Its index.
    pub statement: usize,
    /// What it does.
    pub effect: Effect,
    /// How it reaches the caller.
    pub reach: Reach,
}

/// The layers of a request, the resource's first: what can allow, then what limits.
pub fn layers<'a>(asked: &Asked<'a>) -> Vec<Layer<'a>> {
    let Asked { caller, resource, passage } = *asked;
    let mut layers = Vec::with_capacity(caller.policies.len() + 1);
    let policy_type = match resource.kind.as_str() {
        "kms:key" => Some(PolicyType::KeyPolicy),
        // Aliases have no policies, nor has the account.
        kind if kind.starts_with("kms:") => None,
        _ => Some(PolicyType::ResourcePolicy),
    };
    if let (Some(policy_type), Some(document)) = (policy_type, &resource.policy) {
        layers.push(Layer::new(Place::Resource, policy_type, document));
    }
    for (index, Attached { from, document, .. }) in caller.policies.iter().enumerate() {
        // Roles are in no group.
        if caller.kind != CallerKind::RoleSession || !from.starts_with("group/") {
            layers.push(Layer::new(Place::Caller(index, from), PolicyType::Identity, document));
        }
    }
    if let Some(document) = rails::boundary(caller) {
        layers.push(Layer::new(Place::Boundary, PolicyType::Boundary, document));
    }
    for (index, document) in
        rails::session_policies(caller).iter().flat_map(|policies| policies.iter()).enumerate()
    {
        layers.push(Layer::new(Place::Session(index), PolicyType::Session, document));
    }
    for (level, index, document) in numbered(rails::scps(caller)) {
        layers.push(Layer::new(Place::Scp(level, index), PolicyType::Scp, document));
    }
    for (level, index, document) in numbered(rails::rcps(caller, resource)) {
        layers.push(Layer::new(Place::Rcp(level, index), PolicyType::Rcp, document));
    }
    if let Some(document) = passage {
        layers.push(Layer::new(Place::Endpoint, PolicyType::Endpoint, document));
    }
    layers
}

/// The documents of all levels, each with its level and its index there.
fn numbered(levels: Option<&[Vec<Document>]>) -> impl Iterator<Item = (usize, usize, &Document)> {
    let levels = levels.unwrap_or_default().iter().enumerate();
    levels.flat_map(|(level, documents)| {
        documents.iter().enumerate().map(move |(index, document)| (level, index, document))
    })
}

impl<'a> Layer<'a> {
    fn new(place: Place<'a>, policy_type: PolicyType, document: &'a Document) -> Self {
        Self { place, policy_type, document, compiled: Compiled::of(document) }
    }

    /// Whether it is the policy of a KMS key.
    pub fn is_key_policy(&self) -> bool {
        self.policy_type == PolicyType::KeyPolicy
    }

    /// What people call it.
    pub fn name(&self) -> String {
        match self.place {
            Place::Boundary => "permissions boundary".to_owned(),
            Place::Caller(_, from) => format!("identity policy of {from}"),
            Place::Endpoint => "endpoint policy".to_owned(),
            Place::Rcp(level, _) => format!("resource control policy, level {level}"),
            Place::Scp(level, _) => format!("service control policy, level {level}"),
            Place::Session(_) => "session policy".to_owned(),
            Place::Resource if self.is_key_policy() => "key policy".to_owned(),
            Place::Resource => "resource policy".to_owned(),
        }
    }

    /// The answer if the document is refused as what it is to be; `resource` and `region` tell its partition.
    pub fn refusal(&self, resource: &Resource, region: &str) -> Option<Answer> {
        let refusals = self.compiled.refusals(self.document, self.policy_type);
        if !refusals.is_empty() && !self.is_made_by_aws() {
            return Some(refused(&self.place.pointer(), self.document, refusals));
        }
        if !self.is_key_policy() {
            return None;
        }
        let problem =
            self.compiled.foreign_principal(partition_of(&resource.arn).unwrap_or(partition(region)))?;
        Some(refused(&self.place.pointer(), self.document, &[problem]))
    }

    /// Whether this is RCPFullAWSAccess, the one resource control policy that allows: nobody can write such a one, and
    /// nobody can take it off (Organizations User Guide, "Resource control policies").
    fn is_made_by_aws(&self) -> bool {
        let full = || match self.document.policy().map(|policy| policy.statements.as_slice()) {
            Ok([statement]) => {
                let all = |element: &Option<policy::Element>| {
                    let element = element.as_ref().filter(|element| !element.negated);
                    element.is_some_and(|element| element.values.iter().map(|v| v.text.as_str()).eq(["*"]))
                };
                let everybody = statement.principal.as_ref().filter(|principal| !principal.negated);
                statement.effect == Effect::Allow
                    && all(&statement.action)
                    && all(&statement.resource)
                    && statement.conditions.is_empty()
                    && everybody.is_some_and(|p| matches!(p.values.as_slice(), [(_, v)] if v.text == "*"))
            }
            _ => false,
        };
        self.policy_type == PolicyType::Rcp && full()
    }

    /// Adds the statements that apply to `applied`, and tells the witness of each.
    pub fn collect(&self, request: &Request<'_>, applied: &mut Vec<Applied<'a>>, witness: &mut impl Witness) {
        witness.layer(self);
        for (index, statement) in self.compiled.statements.iter().enumerate() {
            let found = statement.applies(request, self.place.side());
            witness.statement(self, index, found, request);
            if let Ok(reach) = found {
                applied.push(Applied {
                    place: self.place,
                    statement: index,
                    effect: statement.effect,
                    reach,
                });
            }
        }
    }
}

impl Place<'_> {
    /// Whose policy stands there.
    pub fn side(self) -> Side {
        match self {
            Self::Boundary | Self::Scp(..) | Self::Session(_) => Side::Rail,
            Self::Caller(..) => Side::Identity,
            Self::Endpoint | Self::Rcp(..) => Side::Passage,
            Self::Resource => Side::Resource,
        }
    }

    /// The JSON pointer to it.
    pub fn pointer(self) -> String {
        match self {
            Self::Boundary => "/caller/boundary".to_owned(),
            Self::Caller(index, _) => format!("/caller/policies/{index}"),
            Self::Endpoint => "/endpoint/policy".to_owned(),
            Self::Rcp(level, index) => format!("/authorizations/0/resource/rcps/{level}/{index}"),
            Self::Scp(level, index) => format!("/caller/scps/{level}/{index}"),
            Self::Session(index) => format!("/caller/session-policies/{index}"),
            Self::Resource => "/authorizations/0/resource/policy".to_owned(),
        }
    }
}

impl Applied<'_> {
    /// The statement as answers name it.
    pub fn because(&self) -> Because {
        Because::new(self.place.pointer(), self.statement)
    }
}
