//! Decides where in a question documents stand, and puts others there.

use kms_model::question::{Ask, PolicyType, Resource};
use kms_model::{Dialect, Document, Question};

/// Where a document stands.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Place {
    /// The caller's boundary.
    Boundary,
    /// The caller's policy with that index.
    Caller(usize),
    /// A control policy: authorization, level and index.
    Control(usize, usize, usize),
    /// The policy of the endpoint.
    Endpoint,
    /// A resource control policy: authorization, level and index.
    Rcp(usize, usize, usize),
    /// The policy of the resource of that authorization.
    Resource(usize),
    /// A service control policy: level and index.
    Scp(usize, usize),
    /// The session policy with that index.
    Session(usize),
    /// The document to accept or reject.
    Validated,
}

/// Every place of a question that has a document.
pub fn places(question: &Question) -> Vec<Place> {
    let ask = match &question.ask {
        Ask::Authorize(ask) => ask,
        Ask::Validate(ask) if ask.policy_type != PolicyType::GrantRequest => return vec![Place::Validated],
        _ => return Vec::new(),
    };
    let caller = &ask.caller;
    let mut places: Vec<Place> = (0..caller.policies.len()).map(Place::Caller).collect();
    places.extend(caller.boundary.as_ref().map(|_| Place::Boundary));
    places.extend((0..caller.session_policies.as_ref().map_or(0, Vec::len)).map(Place::Session));
    let passage = ask.endpoint.as_ref().and_then(|endpoint| endpoint.policy.as_ref());
    places.extend(passage.map(|_| Place::Endpoint));
    add_levels(caller.scps.as_deref(), &mut places, Place::Scp);
    for (index, one) in ask.authorizations.iter().enumerate() {
        places.extend(one.resource.policy.as_ref().map(|_| Place::Resource(index)));
        add_levels(one.resource.rcps.as_deref(), &mut places, |level, at| Place::Rcp(index, level, at));
        let controls = one.resource.control_policies.as_deref();
        add_levels(controls, &mut places, |level, at| Place::Control(index, level, at));
    }
    places
}

fn add_levels(levels: Option<&[Vec<Document>]>, places: &mut Vec<Place>, of: impl Fn(usize, usize) -> Place) {
    for (level, documents) in levels.unwrap_or_default().iter().enumerate() {
        places.extend((0..documents.len()).map(|at| of(level, at)));
    }
}

impl Place {
    /// The document that stands there.
    pub fn document(self, question: &Question) -> Option<&Document> {
        let ask = match (&question.ask, self) {
            (Ask::Validate(ask), Self::Validated) => return Some(&ask.document),
            (Ask::Authorize(ask), _) => ask,
            _ => return None,
        };
        let resource = |of: usize| ask.authorizations.get(of).map(|one| &one.resource);
        match self {
            Self::Boundary => ask.caller.boundary.as_ref(),
            Self::Caller(at) => ask.caller.policies.get(at).map(|policy| &policy.document),
            Self::Control(of, level, at) => resource(of)?.control_policies.as_ref()?.get(level)?.get(at),
            Self::Endpoint => ask.endpoint.as_ref()?.policy.as_ref(),
            Self::Rcp(of, level, at) => resource(of)?.rcps.as_ref()?.get(level)?.get(at),
            Self::Resource(of) => resource(of)?.policy.as_ref(),
            Self::Scp(level, at) => ask.caller.scps.as_ref()?.get(level)?.get(at),
            Self::Session(at) => ask.caller.session_policies.as_ref()?.get(at),
            Self::Validated => None,
        }
    }

    fn slot(self, question: &mut Question) -> Option<&mut Document> {
        let ask = match (&mut question.ask, self) {
            (Ask::Validate(ask), Self::Validated) => return Some(&mut ask.document),
            (Ask::Authorize(ask), _) => ask,
            _ => return None,
        };
        let caller = &mut ask.caller;
        let resource = self.authorization().and_then(|of| ask.authorizations.get_mut(of));
        let resource = resource.map(|one| &mut one.resource);
        match self {
            Self::Boundary => caller.boundary.as_mut(),
            Self::Caller(at) => caller.policies.get_mut(at).map(|policy| &mut policy.document),
            Self::Control(_, level, at) => resource?.control_policies.as_mut()?.get_mut(level)?.get_mut(at),
            Self::Endpoint => ask.endpoint.as_mut()?.policy.as_mut(),
            Self::Rcp(_, level, at) => resource?.rcps.as_mut()?.get_mut(level)?.get_mut(at),
            Self::Resource(_) => resource?.policy.as_mut(),
            Self::Scp(level, at) => caller.scps.as_mut()?.get_mut(level)?.get_mut(at),
            Self::Session(at) => caller.session_policies.as_mut()?.get_mut(at),
            Self::Validated => None,
        }
    }

    /// Puts another document there, and wherever else the same document of the same resource stands: an operation may
    /// need several authorizations on one key.
    pub fn put(self, question: &mut Question, document: Document) {
        let before = self.document(question).cloned();
        let arn = |question: &Question, of: usize| match &question.ask {
            Ask::Authorize(ask) => ask.authorizations.get(of).map(|one| one.resource.arn.clone()),
            _ => None,
        };
        for place in self.twins(question) {
            let same = match (self, place) {
                (Self::Resource(a), Self::Resource(b)) => arn(question, a) == arn(question, b),
                _ => true,
            };
            if same
                && place.document(question) == before.as_ref()
                && let Some(slot) = place.slot(question)
            {
                slot.clone_from(&document);
            }
        }
    }

    /// This place, and the same place of the other authorizations.
    fn twins(self, question: &Question) -> Vec<Self> {
        let authorizations = match &question.ask {
            Ask::Authorize(ask) => 0..ask.authorizations.len(),
            _ => 0..0,
        };
        match self {
            Self::Control(_, level, at) => authorizations.map(|of| Self::Control(of, level, at)).collect(),
            Self::Rcp(_, level, at) => authorizations.map(|of| Self::Rcp(of, level, at)).collect(),
            Self::Resource(_) => authorizations.map(Self::Resource).collect(),
            place => vec![place],
        }
    }

    /// What the document is to be.
    pub fn policy_type(self, question: &Question) -> Option<PolicyType> {
        Some(match self {
            Self::Boundary => PolicyType::Boundary,
            Self::Caller(_) => PolicyType::Identity,
            Self::Control(..) => PolicyType::Control,
            Self::Endpoint => PolicyType::Endpoint,
            Self::Rcp(..) => PolicyType::Rcp,
            Self::Resource(of) => {
                let Ask::Authorize(ask) = &question.ask else { return None };
                let one = ask.authorizations.get(of)?;
                of_resource(question.dialect, &one.resource, &one.action)
            }
            Self::Scp(..) => PolicyType::Scp,
            Self::Session(_) => PolicyType::Session,
            Self::Validated => match &question.ask {
                Ask::Validate(ask) => ask.policy_type,
                _ => return None,
            },
        })
    }

    /// The authorization whose resource the document belongs to, for those that belong to one.
    pub fn authorization(self) -> Option<usize> {
        match self {
            Self::Control(of, ..) | Self::Rcp(of, ..) | Self::Resource(of) => Some(of),
            _ => None,
        }
    }

    /// The JSON pointer to the document.
    pub fn pointer(self) -> String {
        match self {
            Self::Boundary => "/caller/boundary".to_owned(),
            Self::Caller(at) => format!("/caller/policies/{at}"),
            Self::Control(of, level, at) => {
                format!("/authorizations/{of}/resource/control-policies/{level}/{at}")
            }
            Self::Endpoint => "/endpoint/policy".to_owned(),
            Self::Rcp(of, level, at) => format!("/authorizations/{of}/resource/rcps/{level}/{at}"),
            Self::Resource(of) => format!("/authorizations/{of}/resource/policy"),
            Self::Scp(level, at) => format!("/caller/scps/{level}/{at}"),
            Self::Session(at) => format!("/caller/session-policies/{at}"),
            Self::Validated => "/document".to_owned(),
        }
    }
}

/// What the policy of a resource is to be.
fn of_resource(dialect: Dialect, resource: &Resource, action: &str) -> PolicyType {
    let assumes =
        action.get(.."sts:assumerole".len()).is_some_and(|it| it.eq_ignore_ascii_case("sts:assumerole"));
    match resource.kind.as_str() {
        _ if dialect == Dialect::Ram && assumes => PolicyType::TrustPolicy,
        "kms:key" => PolicyType::KeyPolicy,
        "kms:secret" => PolicyType::SecretPolicy,
        _ => PolicyType::ResourcePolicy,
    }
}
