//! Decides how a generated request of the AWS dialect and its policies become a question: who holds what, and whether
//! the condition keys are told or to be derived.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use kms_model::derive::derive;
use kms_model::question::{Authorization, Authorize, Caller, Context, Endpoint, Key, Operation, Resource};
use kms_model::{Dialect, Feature, Question, keys};

use super::layers::Policies;
use super::names::{REGION, Thing};
use super::request::{Facts, organization};
use super::world::World;

/// One more than the aliases that a key may have for its aliases to count, with what it has besides.
static MANY_ALIASES: LazyLock<Vec<String>> =
    LazyLock::new(|| (0..MOST_ALIASES).map(|number| format!("alias/one-of-many-{number}")).collect());

/// The most aliases by which access to a key can be controlled (kms.cond.resourcealiases-quota).
pub const MOST_ALIASES: usize = 50;

impl World<'_> {
    /// The question of the request under these policies.
    pub fn ask(&mut self, policies: Policies, facts: Facts) -> Question {
        let person = self.caller;
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let manages = |world: &mut Self| {
            world.settings.allows(Feature::ManagementAccounts)
                && world.chance(world.settings.weights.management)
        };
        let mut caller = Caller::default();
        caller.kind = person.kind;
        caller.arn = some(person.arn);
        caller.account = some(person.account);
        caller.issuer = some(person.issuer);
        caller.service = some(person.service);
        caller.policies = policies.own;
        caller.boundary = policies.boundary;
        caller.session_policies = policies.session;
        caller.scps = policies.scps;
        if person.has_policies() {
            caller.tags = facts.caller_tags;
        }
        if !person.account.is_empty() {
            caller.organization = facts.organization.map(|of| organization(of, manages(self)));
        }
        let owner = facts.owner.map(|of| organization(of, manages(self)));
        // Their number matters where a condition asks for them.
        let asked_for = self.wishes.iter().any(|wish| wish.key == "kms:ResourceAliases");
        let many_aliases = asked_for && self.chance(self.settings.weights.many_aliases);
        let mut authorizations = Vec::with_capacity(self.targets.len());
        for (target, (policy, grants)) in self.targets.iter().zip(policies.resources) {
            let mut resource = resource(target.thing);
            if !resource.aliases.is_empty() && many_aliases {
                resource.aliases.extend_from_slice(&MANY_ALIASES);
            }
            resource.policy = policy;
            resource.grants = grants;
            resource.rcps.clone_from(&policies.rcps);
            resource.organization.clone_from(&owner);
            if target.thing.kind == "kms:key" || self.operation.is_none() {
                resource.tags.clone_from(&facts.resource_tags);
            }
            authorizations.push(Authorization::new(target.action.name.as_str(), resource));
        }
        let mut ask = Authorize::new(facts.time, caller, authorizations);
        ask.source_ip = facts.source_ip.map(str::to_owned);
        ask.endpoint = facts.endpoint.map(|(id, vpc)| {
            let mut endpoint = Endpoint::default();
            endpoint.id = id.to_owned();
            endpoint.vpc = vpc.to_owned();
            endpoint.policy = policies.endpoint;
            endpoint
        });
        ask.via = facts.via;
        ask.operation = self
            .operation
            .map(|operation| Operation::new(operation.known.name, facts.parameters.into_iter().collect()));
        let underived = facts.given.is_empty()
            && self.settings.allows(Feature::DerivesContext)
            && self.chance(self.settings.weights.underived);
        if !underived {
            give_context(&mut ask, &facts.given);
        }
        Question::authorize(Dialect::Aws, REGION, ask)
    }
}

/// Sets the condition keys of each authorization, and their types.
fn give_context(
    ask: &mut Authorize,
    given: &[(&'static str, &'static str, kms_model::question::ContextValue)],
) {
    let of = |one: &Authorization| {
        let mut context = derive(REGION, ask, one);
        for (_, name, value) in given {
            context.set(*name, value.clone());
        }
        context
    };
    let contexts: Vec<Context> = ask.authorizations.iter().map(of).collect();
    ask.context_types = types(&contexts);
    for (one, context) in ask.authorizations.iter_mut().zip(contexts) {
        one.context = Some(context);
    }
}

/// The keys that are not of type string, and their types, by the length of their names: there are few of each.
static TYPES: LazyLock<Vec<Vec<(&'static str, &'static str)>>> = LazyLock::new(|| {
    let mut types: Vec<Vec<(&str, &str)>> = Vec::new();
    for key in keys::all().iter().filter(|key| key.kind != "string") {
        types.resize_with(types.len().max(key.name.len() + 1), Vec::new);
        if let Some(of_length) = types.get_mut(key.name.len()) {
            of_length.push((key.name, key.kind));
        }
    }
    types
});

/// The same as [`kms_model::derive::context_types`] where every key is spelled as the table spells it.
fn types(contexts: &[Context]) -> BTreeMap<String, String> {
    let mut types = BTreeMap::new();
    for (name, _) in contexts.iter().flat_map(Context::iter) {
        let mut of_length = TYPES.get(name.len()).into_iter().flatten();
        if let Some((_, kind)) = of_length.find(|(known, _)| *known == name) {
            types.insert(name.to_owned(), (*kind).to_owned());
        }
    }
    types
}

/// A resource without policies.
pub fn resource(thing: &Thing) -> Resource {
    let mut resource = Resource::default();
    resource.arn = thing.arn.clone();
    resource.account = thing.account.to_owned();
    resource.kind = thing.kind.to_owned();
    if let Some(key) = &thing.key {
        resource.aliases = key.aliases.iter().map(|alias| (*alias).to_owned()).collect();
        let mut facts = Key::default();
        facts.spec = key.spec.to_owned();
        facts.usage = key.usage.to_owned();
        facts.manager = key.manager.to_owned();
        facts.multi_region = (!key.multi_region.is_empty()).then(|| key.multi_region.to_owned());
        resource.key = facts;
    }
    resource
}
