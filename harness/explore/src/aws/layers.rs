//! Decides which policies a generated request of the AWS dialect meets, and which of them allow it and which deny it.

use std::sync::LazyLock;

use kms_model::question::{Attached, CallerKind, Grant, PolicyType};
use kms_model::{Document, Feature, Question};

use super::names::Thing;
use super::policies::{Aim, Whom};
use super::world::World;

/// The policy that everyone starts with: a service control policy that allows everything.
static FULL_ACCESS: LazyLock<Document> = LazyLock::new(|| {
    Document::new(r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#)
});
/// The resource control policy that is always attached.
static FULL_RCP: LazyLock<Document> = LazyLock::new(|| {
    Document::new(
        r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}]}"#,
    )
});
/// The key policy that leaves it to the account.
static DEFAULT_KEY_POLICY: LazyLock<Document> = LazyLock::new(|| {
    Document::new(
        r#"{"Version":"2012-10-17","Statement":[{"Sid":"Enable IAM User Permissions","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":"kms:*","Resource":"*"}]}"#,
    )
});

/// By what the request is to be allowed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Way {
    Both,
    Delegation,
    Direct,
    Grant,
    Identity,
}

/// The policies of a request.
#[derive(Debug, Default)]
pub struct Policies {
    /// The caller's own.
    pub own: Vec<Attached>,
    /// The caller's permissions boundary.
    pub boundary: Option<Document>,
    /// Those of the session.
    pub session: Option<Vec<Document>>,
    /// Service control policies, level by level.
    pub scps: Option<Vec<Vec<Document>>>,
    /// Resource control policies, level by level.
    pub rcps: Option<Vec<Vec<Document>>>,
    /// That of the endpoint.
    pub endpoint: Option<Document>,
    /// Those of the resources, and the grants on them, target by target.
    pub resources: Vec<(Option<Document>, Vec<Grant>)>,
}

/// A question about a request.
pub fn question(world: &mut World<'_>) -> Question {
    world.spoils = world.chance(world.settings.weights.flaw);
    let way = world.way();
    let mut policies = Policies::default();
    let through = world.draw(way, &mut policies);
    let organized = [policies.scps.is_some(), policies.rcps.is_some()];
    let facts = world.facts(through, organized);
    world.ask(policies, facts)
}

impl World<'_> {
    fn way(&mut self) -> Way {
        let caller = self.caller;
        let on_key = self.targets.iter().all(|target| target.thing.kind == "kms:key");
        let grants = self.settings.allows(Feature::Grants)
            && on_key
            && self.operation.is_some_and(|operation| operation.known.grantable);
        let retiring = self.operation.is_some_and(|operation| operation.known.name == "RetireGrant");
        let any_key = self.targets.iter().any(|target| target.thing.kind == "kms:key");
        let other = self.operation.is_none();
        if grants && !caller.arn.is_empty() && self.chance(if retiring { 60 } else { 18 }) {
            return Way::Grant;
        }
        match caller.kind {
            CallerKind::Anonymous | CallerKind::Service => Way::Direct,
            _ if !any_key && !other => Way::Identity,
            _ if self.crosses_accounts() => Way::Both,
            _ if other => {
                if self.chance(50) {
                    Way::Direct
                } else {
                    Way::Identity
                }
            }
            _ if on_key && self.chance(50) => Way::Direct,
            _ => Way::Delegation,
        }
    }

    /// Draws the policies; tells whether the request comes through an endpoint.
    fn draw(&mut self, way: Way, policies: &mut Policies) -> bool {
        let settings = self.settings;
        let weights = &settings.weights;
        let caller = self.caller;
        let is_person = caller.has_policies();
        let needs_own = matches!(way, Way::Both | Way::Delegation | Way::Identity);
        let own = is_person && (needs_own || self.chance(25));
        let session = matches!(caller.kind, CallerKind::RoleSession | CallerKind::FederatedUser)
            && settings.allows(Feature::SessionPolicies)
            && self.chance(if caller.kind == CallerKind::FederatedUser {
                85
            } else {
                weights.session_policy
            });
        let boundary = matches!(caller.kind, CallerKind::RoleSession | CallerKind::User)
            && settings.allows(Feature::Boundaries)
            && self.chance(weights.boundary);
        let scps = !caller.account.is_empty() && settings.allows(Feature::Scps) && self.chance(weights.scp);
        let rcps = settings.allows(Feature::Rcps) && self.chance(weights.rcp);
        let through = self.chance(weights.endpoint);
        let endpoint =
            through && settings.allows(Feature::EndpointPolicies) && self.chance(weights.endpoint_policy);
        // Keys and resources of other services have policies.
        let others = settings.allows(Feature::ResourcePolicies);
        let has_policy =
            |thing: &Thing| thing.kind == "kms:key" || (others && !thing.kind.starts_with("kms:"));
        let with_policy = self.targets.iter().position(|target| has_policy(target.thing));
        let mut places: Vec<PolicyType> = Vec::with_capacity(8);
        let present = [
            (own, PolicyType::Identity),
            (own, PolicyType::Identity),
            (with_policy.is_some(), PolicyType::KeyPolicy),
            (with_policy.is_some(), PolicyType::KeyPolicy),
            (boundary, PolicyType::Boundary),
            (session, PolicyType::Session),
            (scps, PolicyType::Scp),
            (rcps, PolicyType::Rcp),
            (endpoint, PolicyType::Endpoint),
        ];
        places.extend(present.iter().filter(|(there, _)| *there).map(|(_, kind)| *kind));
        let planted = self.chance(weights.planted_deny);
        let denied = self.choices.pick(&places).copied().filter(|_| planted);
        let denied = |kind| denied == Some(kind);

        for at in 0..self.targets.len() {
            let entry =
                self.of_resource(at, way, with_policy == Some(at) && denied(PolicyType::KeyPolicy), policies);
            policies.resources.push(entry);
        }
        let rail = |world: &mut Self, kind| {
            let aim = Aim { kind, allows: Some(Whom::Itself), denies: denied(kind), target: None };
            world.document(aim)
        };
        if boundary {
            policies.boundary = Some(rail(self, PolicyType::Boundary));
        }
        if session {
            let mut documents = vec![rail(self, PolicyType::Session)];
            if settings.allows(Feature::SeveralSessionPolicies) && self.chance(15) {
                let aim = Aim { kind: PolicyType::Session, allows: None, denies: false, target: None };
                documents.push(self.document(aim));
            }
            policies.session = Some(documents);
        }
        if endpoint {
            policies.endpoint = Some(rail(self, PolicyType::Endpoint));
        }
        if scps {
            policies.scps = Some(self.levels(PolicyType::Scp, denied(PolicyType::Scp)));
        }
        if rcps {
            policies.rcps = Some(self.levels(PolicyType::Rcp, denied(PolicyType::Rcp)));
        }
        if own {
            self.own_policies(needs_own, denied(PolicyType::Identity), policies);
        }
        through
    }

    fn own_policies(&mut self, allows: bool, denies: bool, policies: &mut Policies) {
        let aim =
            Aim { kind: PolicyType::Identity, allows: allows.then_some(Whom::Itself), denies, target: None };
        let document = self.document(aim);
        let of_group = self.caller.kind == CallerKind::User
            && self.settings.allows(Feature::Groups)
            && self.chance(self.settings.weights.group);
        let from = if of_group { "group/Developers" } else { self.caller.from };
        policies.own.push(Attached::new(from, document));
        if self.chance(12) {
            let stray = Aim { kind: PolicyType::Identity, allows: None, denies: false, target: None };
            policies.own.push(Attached::new(self.caller.from, self.document(stray)));
        }
    }

    /// The policy of one resource and the grants on it.
    fn of_resource(
        &mut self,
        at: usize,
        way: Way,
        denies: bool,
        policies: &Policies,
    ) -> (Option<Document>, Vec<Grant>) {
        let Some(target) = self.targets.get(at).copied() else { return (None, Vec::new()) };
        let thing = target.thing;
        let is_key = thing.kind == "kms:key";
        if !is_key && thing.kind.starts_with("kms:") {
            return (None, Vec::new());
        }
        // One key is in one state.
        let same = self.targets.iter().take(at).position(|other| std::ptr::eq(other.thing, thing));
        if let Some(known) = same.and_then(|at| policies.resources.get(at)) {
            return known.clone();
        }
        let whom = match way {
            Way::Both => Some(if self.chance(50) { Whom::Account } else { Whom::Itself }),
            Way::Delegation => Some(Whom::Account),
            Way::Direct => Some(Whom::Itself),
            Way::Grant | Way::Identity => None,
        };
        if whom == Some(Whom::Account)
            && !denies
            && thing.account == super::names::A
            && self.caller.account == thing.account
            && self.chance(20)
        {
            return (Some(DEFAULT_KEY_POLICY.clone()), self.grants(at, way, is_key));
        }
        if !is_key && whom.is_none() && !denies && self.chance(60) {
            return (None, Vec::new());
        }
        let kind = if is_key { PolicyType::KeyPolicy } else { PolicyType::ResourcePolicy };
        let document = self.document(Aim { kind, allows: whom, denies, target: Some(at) });
        (Some(document), self.grants(at, way, is_key))
    }

    fn grants(&mut self, at: usize, way: Way, is_key: bool) -> Vec<Grant> {
        let mut grants = Vec::new();
        if !is_key || !self.settings.allows(Feature::Grants) {
            return grants;
        }
        let weights = &self.settings.weights;
        if way == Way::Grant {
            grants.push(self.grant(at, weights.hit));
        }
        // What is to be retired is there.
        let retires = self.operation.is_some_and(|operation| operation.known.name == "RetireGrant");
        if self.chance(if retires && way != Way::Grant { 80 } else { weights.stray_grant }) {
            grants.push(self.grant(at, weights.stray_hit));
        }
        grants
    }

    /// Control policies, level by level.
    fn levels(&mut self, kind: PolicyType, denies: bool) -> Vec<Vec<Document>> {
        let count = 1 + self.choices.weighted(&[6, 3, 1]);
        let mut levels = Vec::with_capacity(count);
        let full = if kind == PolicyType::Rcp { &FULL_RCP } else { &FULL_ACCESS };
        let denied = self.choices.below(count);
        for level in 0..count {
            let denies = denies && level == denied;
            let mut documents = Vec::with_capacity(2);
            let allows = kind == PolicyType::Scp && self.chance(60);
            if !allows {
                documents.push(Document::clone(full));
            }
            if allows || denies || self.chance(10) {
                let allows = allows.then_some(Whom::Itself);
                documents.push(self.document(Aim { kind, allows, denies, target: None }));
            }
            levels.push(documents);
        }
        levels
    }
}
