//! Decides which policies a generated request of the RAM dialect meets, which of them allow it and which deny it, and
//! which facts it has.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use kms_model::json::Node;
use kms_model::question::{
    Attached, Authorization, Authorize, Caller, CallerKind, Context, ContextValue, Endpoint, Operation,
    Organization, PolicyType, Resource,
};
use kms_model::{Dialect, Document, Feature, Question, ram};

use super::names::REGION;
use super::policies::Aim;
use super::world::World;

/// The control policy that everyone starts with.
static FULL_ACCESS: LazyLock<Document> = LazyLock::new(|| {
    Document::new(r#"{"Version":"1","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#)
});

/// A question about a request.
pub fn question(world: &mut World<'_>) -> Question {
    world.spoils = world.chance(world.settings.weights.flaw);
    let mut caller = world.person();
    let mut resources = world.things();
    world.policies(&mut caller, &mut resources);
    world.ask(caller, resources)
}

impl World<'_> {
    fn person(&self) -> Caller {
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let mut caller = Caller::default();
        caller.kind = self.caller.kind;
        caller.arn = some(self.caller.arn);
        caller.account = some(self.caller.account);
        caller.issuer = some(self.caller.issuer);
        caller.service = some(self.caller.service);
        caller
    }

    fn things(&self) -> Vec<Resource> {
        let resource = |target: &super::world::Target| {
            let mut resource = Resource::default();
            resource.arn = target.thing.arn.clone();
            resource.account = target.thing.account.to_owned();
            resource.kind = target.thing.kind.to_owned();
            if resource.kind == "kms:key" && resource.arn.contains("/1234abcd") {
                resource.aliases.push("alias/app".to_owned());
            }
            resource
        };
        self.targets.iter().map(resource).collect()
    }

    fn policies(&mut self, caller: &mut Caller, resources: &mut [Resource]) {
        let settings = self.settings;
        let weights = &settings.weights;
        let person = self.caller;
        let owned = resources.iter().position(|resource| policy_type(&resource.kind).is_some());
        let crosses = self.crosses_accounts();
        let both = crosses || self.assumes();
        // In one account either suffices; elsewhere both are needed.
        let by_resource = owned.is_some() && (both || person.from.is_empty() || self.chance(25));
        let by_own = !person.from.is_empty() && (both || !by_resource || resources.len() > 1);
        let own = !person.from.is_empty() && (by_own || self.chance(30));
        let session = person.kind == CallerKind::RoleSession
            && settings.allows(Feature::SessionPolicies)
            && self.chance(weights.session_policy);
        let control = settings.allows(Feature::ControlPolicies) && self.chance(weights.rcp * 2);
        let planted = self.chance(weights.planted_deny);
        let mut places = Vec::with_capacity(4);
        let present = [
            (own, PolicyType::Identity),
            (by_resource, PolicyType::KeyPolicy),
            (session, PolicyType::Session),
            (control, PolicyType::Control),
        ];
        places.extend(present.iter().filter(|(there, _)| *there).map(|(_, kind)| *kind));
        let denied = self.choices.pick(&places).copied().filter(|_| planted);
        let denied = |kind| denied == Some(kind);

        for (at, resource) in resources.iter_mut().enumerate() {
            let Some(kind) = policy_type(&resource.kind) else { continue };
            if !resource.kind.starts_with("kms:") && !settings.allows(Feature::ResourcePolicies) {
                continue;
            }
            if by_resource || self.chance(15) {
                let denies = owned == Some(at) && denied(PolicyType::KeyPolicy);
                let aim = Aim { kind, allows: by_resource, denies, target: Some(at) };
                resource.policy = Some(self.document(aim));
            }
        }
        // One resource is in one state.
        let policies: Vec<_> = resources.iter().map(|one| (one.arn.clone(), one.policy.clone())).collect();
        for resource in resources.iter_mut() {
            let first = policies.iter().find(|(arn, _)| *arn == resource.arn);
            resource.policy = first.and_then(|(_, policy)| policy.clone());
        }
        if session {
            let aim = Aim {
                kind: PolicyType::Session,
                allows: true,
                denies: denied(PolicyType::Session),
                target: None,
            };
            caller.session_policies = Some(vec![self.document(aim)]);
        }
        if control {
            let levels = self.levels(denied(PolicyType::Control));
            let manages = settings.allows(Feature::ManagementAccounts) && self.chance(weights.management);
            if self.chance(60) && !person.account.is_empty() {
                caller.organization = Some(Organization::new("rd-one", "rd-one/r-1/", manages));
            }
            for resource in resources.iter_mut() {
                resource.control_policies = Some(levels.clone());
                resource.organization = Some(Organization::new("rd-one", "rd-one/r-1/fd-1/", false));
            }
        }
        if own {
            self.own_policies(by_own, denied(PolicyType::Identity), caller, resources);
        }
    }

    fn own_policies(&mut self, allows: bool, denies: bool, caller: &mut Caller, resources: &mut [Resource]) {
        let aim = Aim { kind: PolicyType::Identity, allows, denies, target: None };
        let of_group = self.caller.kind == CallerKind::User
            && self.settings.allows(Feature::Groups)
            && self.chance(self.settings.weights.group);
        let from = if of_group { "group/Developers" } else { self.caller.from };
        let mut attached = Attached::new(from, self.document(aim));
        let other = self.operation.is_none();
        if self.settings.allows(Feature::ResourceGroups) && self.chance(if other { 40 } else { 3 }) {
            attached.resource_group = Some("rg-one".to_owned());
            for resource in resources.iter_mut() {
                resource.resource_group = Some(if self.chance(75) { "rg-one" } else { "rg-two" }.to_owned());
            }
        }
        caller.policies.push(attached);
        if self.chance(12) {
            let stray = Aim { kind: PolicyType::Identity, allows: false, denies: false, target: None };
            caller.policies.push(Attached::new(self.caller.from, self.document(stray)));
        }
    }

    /// Control policies, level by level.
    fn levels(&mut self, denies: bool) -> Vec<Vec<Document>> {
        let count = 1 + self.choices.weighted(&[6, 3, 1]);
        let denied = self.choices.below(count);
        let mut levels = Vec::with_capacity(count);
        for level in 0..count {
            let denies = denies && level == denied;
            let allows = self.chance(50);
            let mut documents = Vec::with_capacity(2);
            if !allows {
                documents.push(FULL_ACCESS.clone());
            }
            if allows || denies {
                documents.push(self.document(Aim {
                    kind: PolicyType::Control,
                    allows,
                    denies,
                    target: None,
                }));
            }
            levels.push(documents);
        }
        levels
    }

    /// The question of the request, its facts those that conditions ask for.
    fn ask(&mut self, caller: Caller, resources: Vec<Resource>) -> Question {
        let authorization = |(resource, target): (Resource, &super::world::Target)| {
            Authorization::new(target.action.name.as_str(), resource)
        };
        let authorizations = resources.into_iter().zip(&self.targets).map(authorization).collect();
        let mut ask = Authorize::new("2026-01-15T12:00:00Z", caller, authorizations);
        ask.source_ip = Some("203.0.113.10".to_owned());
        let mut vpc = self.chance(self.settings.weights.endpoint / 2).then_some("vpc-one");
        let mut settled: Vec<&'static str> = Vec::new();
        let mut given: Vec<(&'static str, &'static str)> = Vec::new();
        let mut tags: BTreeMap<String, String> = BTreeMap::new();
        for wish in &self.wishes {
            if settled.contains(&wish.name) {
                continue;
            }
            settled.push(wish.name);
            match wish.key.fact {
                Some("time") => ask.time = wish.value.to_owned(),
                Some("source-ip") => ask.source_ip = Some(wish.value.to_owned()),
                Some("source-vpc") if !settled.contains(&"acs:SourceIp") => vpc = Some(wish.value),
                Some("key-tags") => {
                    let name = wish.name.strip_prefix("kms:tag/").unwrap_or(wish.name);
                    tags.insert(name.to_owned(), wish.value.to_owned());
                }
                None if self.settings.allows(Feature::Context) => given.push((wish.name, wish.value)),
                _ => {}
            }
        }
        if tags.is_empty() && self.chance(self.settings.weights.stray_fact) {
            tags.insert("Project".to_owned(), "Apollo".to_owned());
        }
        if let Some(vpc) = vpc {
            let mut endpoint = Endpoint::default();
            endpoint.id = "ep-one".to_owned();
            endpoint.vpc = vpc.to_owned();
            ask.endpoint = Some(endpoint);
            ask.source_ip = None;
        }
        for one in ask.authorizations.iter_mut().filter(|one| one.resource.kind == "kms:key") {
            one.resource.tags.clone_from(&tags);
        }
        let parameters = std::iter::empty::<(&str, Node)>();
        ask.operation = self.operation.map(|one| Operation::new(one.known.name, parameters.collect()));
        let underived = given.is_empty()
            && self.settings.allows(Feature::DerivesContext)
            && self.chance(self.settings.weights.underived);
        if !underived {
            give_context(&mut ask, &given);
        }
        Question::authorize(Dialect::Ram, REGION, ask)
    }
}

/// What the policy of a resource of that type is to be, if it can have one.
fn policy_type(kind: &str) -> Option<PolicyType> {
    match kind {
        "kms:key" => Some(PolicyType::KeyPolicy),
        "kms:secret" => Some(PolicyType::SecretPolicy),
        "ram:role" => Some(PolicyType::TrustPolicy),
        "oss:object" => Some(PolicyType::ResourcePolicy),
        _ => None,
    }
}

/// Sets the condition keys of each authorization, and their types.
pub fn give_context(ask: &mut Authorize, given: &[(&'static str, &'static str)]) {
    let of = |one: &Authorization| {
        let mut context = ram::derive::derive(ask, one);
        for (name, value) in given {
            context.set(*name, ContextValue::One((*value).to_owned()));
        }
        context
    };
    let contexts: Vec<Context> = ask.authorizations.iter().map(of).collect();
    for (name, _) in contexts.iter().flat_map(Context::iter) {
        if let Some(key) = ram::keys::by_name(name).filter(|key| key.kind != "string") {
            ask.context_types.insert(name.to_owned(), key.kind.to_owned());
        }
    }
    for (one, context) in ask.authorizations.iter_mut().zip(contexts) {
        one.context = Some(context);
    }
}
