//! Decides which policies have a say in a request, and collects the statements that apply: RAM User Guide, "Policy
//! evaluation process"; Resource Directory Guide, "Overview of control policies".

use std::sync::Arc;

use kms_model::policy::Effect;
use kms_model::question::{Attached, Caller, CallerKind, Organization, PolicyType};
use kms_model::{Answer, Because, Document};

use super::compile::Compiled;
use super::principal::Reach;
use super::request::Request;
use super::trace::Witness;
use crate::told::refused;

/// A policy that has a say.
#[derive(Debug)]
pub struct Layer<'a> {
    /// Where it stands in the question.
    pub place: Place<'a>,
    /// What it is to be.
    pub policy_type: PolicyType,
    /// The document.
    document: &'a Document,
    /// Its compiled form.
    pub compiled: Arc<Compiled>,
}

/// Where a policy stands in a question.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Place<'a> {
    /// The caller's policy with that index, and where it has it from.
    Caller(usize, &'a str),
    /// A control policy of the owner's account: level and index.
    Control(usize, usize),
    /// The policy of the resource.
    Resource,
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

/// The layers of a request, in the order in which they are walked.
pub fn layers<'a>(request: &Request<'a>) -> Vec<Layer<'a>> {
    let (caller, resource) = (request.caller, request.resource);
    let mut layers = Vec::with_capacity(caller.policies.len() + 1);
    for (level, documents) in control_policies(request).iter().enumerate() {
        for (index, document) in documents.iter().enumerate() {
            layers.push(Layer::new(Place::Control(level, index), PolicyType::Control, document));
        }
    }
    for (index, document) in session_policies(caller).iter().enumerate() {
        layers.push(Layer::new(Place::Session(index), PolicyType::Session, document));
    }
    for (index, attached) in caller.policies.iter().enumerate() {
        if has_a_say(attached, request) {
            layers.push(Layer::new(
                Place::Caller(index, &attached.from),
                PolicyType::Identity,
                &attached.document,
            ));
        }
    }
    if let (Some(policy_type), Some(document)) = (resource_policy_type(request), &resource.policy) {
        layers.push(Layer::new(Place::Resource, policy_type, document));
    }
    layers
}

/// The control policies of the account that owns the resource, level by level; none where there are none at any. They
/// bind users and roles, but not the accounts themselves, nor services and roles linked to them, nor who belongs to the
/// account that manages the directory. Whether they bind who comes from an identity provider is not said: so they do.
pub fn control_policies<'a>(request: &Request<'a>) -> &'a [Vec<Document>] {
    let (caller, owner) = (request.caller, &request.resource.organization);
    let is_there = |of: &Organization| owner.as_ref().is_none_or(|owner| owner.id == of.id);
    let manages = caller.organization.as_ref().is_some_and(|of| of.management && is_there(of));
    let is_free = matches!(caller.kind, CallerKind::Root | CallerKind::Service) || is_service_linked(caller);
    let levels = request.resource.control_policies.as_deref().unwrap_or_default();
    match manages || is_free || levels.iter().all(Vec::is_empty) {
        true => &[],
        false => levels,
    }
}

/// Whether the caller is a session of a role that a service has made for itself: `role/aliyunserviceroleforkms`.
fn is_service_linked(caller: &Caller) -> bool {
    const PREFIX: &str = "aliyunservicerolefor";
    let role = caller.issuer.as_deref().and_then(|issuer| issuer.split_once(":role/"));
    role.and_then(|(_, name)| name.get(..PREFIX.len())).is_some_and(|name| name.eq_ignore_ascii_case(PREFIX))
}

/// The policy that was given when the role was assumed; only sessions of a role have one. Of several, which STS does not
/// take, each must allow.
pub fn session_policies(caller: &Caller) -> &[Document] {
    let session = caller.kind == CallerKind::RoleSession;
    caller.session_policies.as_deref().filter(|_| session).unwrap_or_default()
}

/// Whether a policy of the caller's has a say in the request. Policies are attached to users, groups and roles, and
/// roles are in no group.
///
/// One that is attached for a resource group is about the resources in it; KMS has no resource groups (KMS Developer
/// Guide, "Authorization information"). Policies for the whole account are judged first, and by the page of 2021 an
/// allow there ends it; that of 2026 has every deny win, and so it does here.
fn has_a_say(attached: &Attached, request: &Request<'_>) -> bool {
    let from_group = attached.from.starts_with("group/");
    match request.caller.kind {
        CallerKind::RoleSession if from_group => return false,
        CallerKind::RoleSession | CallerKind::User => {}
        _ => return false,
    }
    match &attached.resource_group {
        None => true,
        group => !request.is_on_kms() && *group == request.resource.resource_group,
    }
}

/// What the policy of the resource is to be; `None` for resources that have none. The trust policy of a role decides
/// who assumes it, and nothing else.
fn resource_policy_type(request: &Request<'_>) -> Option<PolicyType> {
    match request.resource.kind.as_str() {
        _ if request.is_assuming() => Some(PolicyType::TrustPolicy),
        "kms:key" => Some(PolicyType::KeyPolicy),
        "kms:secret" => Some(PolicyType::SecretPolicy),
        "ram:role" => None,
        kind if kind.starts_with("kms:") => None,
        _ => Some(PolicyType::ResourcePolicy),
    }
}

impl<'a> Layer<'a> {
    fn new(place: Place<'a>, policy_type: PolicyType, document: &'a Document) -> Self {
        Self { place, policy_type, document, compiled: Compiled::of(document) }
    }

    /// What people call it.
    pub fn name(&self) -> String {
        match (self.place, self.policy_type) {
            (Place::Caller(_, from), _) => format!("identity policy of {from}"),
            (Place::Control(level, _), _) => format!("control policy, level {level}"),
            (Place::Session(_), _) => "session policy".to_owned(),
            (Place::Resource, PolicyType::KeyPolicy) => "key policy".to_owned(),
            (Place::Resource, PolicyType::SecretPolicy) => "secret policy".to_owned(),
            (Place::Resource, PolicyType::TrustPolicy) => "trust policy".to_owned(),
            (Place::Resource, _) => "resource policy".to_owned(),
        }
    }

    /// The answer if the document is refused as what it is to be.
    pub fn refusal(&self) -> Option<Answer> {
        let refusals = self.compiled.refusals(self.document, self.policy_type);
        (!refusals.is_empty()).then(|| refused(&self.place.pointer(), self.document, refusals))
    }

    /// Adds the statements that apply to `applied`, and tells the witness of each.
    pub fn collect(&self, request: &Request<'_>, applied: &mut Vec<Applied<'a>>, witness: &mut impl Witness) {
        witness.layer(self);
        for (index, statement) in self.compiled.statements.iter().enumerate() {
            let found = statement.applies(request, self.policy_type);
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
    /// The JSON pointer to it.
    pub fn pointer(self) -> String {
        match self {
            Self::Caller(index, _) => format!("/caller/policies/{index}"),
            Self::Control(level, index) => {
                format!("/authorizations/0/resource/control-policies/{level}/{index}")
            }
            Self::Resource => "/authorizations/0/resource/policy".to_owned(),
            Self::Session(index) => format!("/caller/session-policies/{index}"),
        }
    }
}

impl Applied<'_> {
    /// The statement as answers name it.
    pub fn because(&self) -> Because {
        Because::new(self.place.pointer(), self.statement)
    }
}
