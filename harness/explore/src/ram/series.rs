//! Decides what else is asked about a world of the RAM dialect: the request that its policies were made for, by another
//! caller, for another action or resource, or with another fact. Each is a step or two away from that request.

use kms_model::question::{Ask, Authorize, CallerKind, Endpoint};
use kms_model::{Feature, Question};

use super::conditions::{any_key, values};
use super::layers::give_context;
use super::names::{COMMON, LINKED, OPERATIONS, Operation, Person, ROOTS, SESSIONS, THINGS, USERS};
use super::world::{Target, Wish, World};
use crate::{Choices, Settings};

/// What is known of a world from how it was made.
#[derive(Debug)]
pub struct Series {
    caller: &'static Person,
    operation: Option<&'static Operation>,
    targets: Vec<Target>,
    /// What its conditions ask for.
    wishes: Vec<Wish>,
    /// The condition keys that only the context of the first request gives.
    given: Vec<(&'static str, &'static str)>,
    /// The request that the policies were made for.
    first: Box<Authorize>,
}

impl Series {
    /// That of a request that was just made.
    pub fn new(world: World<'_>, question: &Question) -> Option<Self> {
        let Ask::Authorize(first) = &question.ask else { return None };
        let context = first.authorizations.first().and_then(|one| one.context.as_ref());
        let is_given = |wish: &&Wish| {
            wish.key.fact.is_none() && context.is_some_and(|context| context.get(wish.name).is_some())
        };
        let mut given: Vec<(&'static str, &'static str)> = Vec::new();
        for wish in world.wishes.iter().filter(is_given) {
            if !given.iter().any(|(name, _)| *name == wish.name) {
                given.push((wish.name, wish.value));
            }
        }
        Some(Self {
            caller: world.caller,
            operation: world.operation,
            targets: world.targets,
            wishes: world.wishes,
            given,
            first: first.clone(),
        })
    }

    /// Makes a request of this world another one, whatever it was.
    pub fn again(&mut self, question: &mut Question, choices: &mut dyn Choices, settings: &Settings) {
        let Ask::Authorize(ask) = &mut question.ask else { return };
        self.restore(ask);
        let weights = &settings.weights;
        let kinds = [weights.other_fact, weights.other_caller, weights.other_action, weights.other_resource];
        let mut given = self.given.clone();
        for _ in 0..=choices.weighted(&[100, weights.another_change]) {
            let done = match choices.weighted(&kinds) {
                1 => self.call_by_another(ask, choices),
                2 => self.ask_for_another_action(ask, choices),
                3 => self.ask_for_another_resource(ask, choices),
                _ => false,
            };
            let _ = done || (0..3).any(|_| self.change_a_fact(ask, &mut given, choices, settings));
        }
        if self.first.authorizations.first().is_some_and(|one| one.context.is_some()) {
            ask.context_types.clear();
            give_context(ask, &given);
        }
    }

    /// Makes the facts of the request those of the first one again.
    fn restore(&self, ask: &mut Authorize) {
        let first = &*self.first;
        ask.time.clone_from(&first.time);
        ask.source_ip.clone_from(&first.source_ip);
        ask.endpoint.clone_from(&first.endpoint);
        ask.operation.clone_from(&first.operation);
        ask.caller.arn.clone_from(&first.caller.arn);
        ask.caller.account.clone_from(&first.caller.account);
        ask.caller.issuer.clone_from(&first.caller.issuer);
        for (own, first) in ask.caller.policies.iter_mut().zip(&first.caller.policies) {
            own.from.clone_from(&first.from);
        }
        for (one, first) in ask.authorizations.iter_mut().zip(&first.authorizations) {
            one.action.clone_from(&first.action);
            one.resource.arn.clone_from(&first.resource.arn);
            one.resource.account.clone_from(&first.resource.account);
            one.resource.tags.clone_from(&first.resource.tags);
        }
    }

    fn call_by_another(&self, ask: &mut Authorize, choices: &mut dyn Choices) -> bool {
        let alike: &'static [Person] = match self.caller.kind {
            CallerKind::User => USERS,
            CallerKind::RoleSession if choices.chance(10) => LINKED,
            CallerKind::RoleSession => SESSIONS,
            CallerKind::Root => ROOTS,
            _ => return false,
        };
        let Some(person) = choices.pick(alike).filter(|person| !std::ptr::eq(*person, self.caller)) else {
            return false;
        };
        let caller = &mut ask.caller;
        for (to, from) in [
            (&mut caller.arn, person.arn),
            (&mut caller.account, person.account),
            (&mut caller.issuer, person.issuer),
        ] {
            *to = (!from.is_empty()).then(|| from.to_owned());
        }
        for own in caller.policies.iter_mut().filter(|own| !own.from.starts_with("group/")) {
            person.from.clone_into(&mut own.from);
        }
        true
    }

    fn ask_for_another_action(&self, ask: &mut Authorize, choices: &mut dyn Choices) -> bool {
        let Some(operation) = self.operation else { return false };
        let other = choices.pick(&COMMON).and_then(|at| OPERATIONS.get(*at));
        // One of the same kind of thing.
        let about = |one: &Operation| one.known.authorizations.first().map(|(_, target)| *target);
        let fits = |other: &&Operation| other.actions.len() == 1 && about(other) == about(operation);
        let action = other.filter(fits).and_then(|other| Some((other, other.actions.first()?)));
        let (Some((other, action)), [one]) = (action, ask.authorizations.as_mut_slice()) else {
            return false;
        };
        one.action.clone_from(&action.name);
        if let Some(operation) = &mut ask.operation {
            other.known.name.clone_into(&mut operation.name);
        }
        true
    }

    fn ask_for_another_resource(&self, ask: &mut Authorize, choices: &mut dyn Choices) -> bool {
        let at = choices.below(self.targets.len().max(1));
        let Some(target) = self.targets.get(at) else { return false };
        let thing = choices.pick(&THINGS).filter(|thing| thing.kind == target.thing.kind);
        let known = |arn: &str| ask.authorizations.iter().any(|one| one.resource.arn == arn);
        let Some(thing) = thing.filter(|thing| !known(&thing.arn)) else { return false };
        if let Some(one) = ask.authorizations.get_mut(at) {
            one.resource.arn.clone_from(&thing.arn);
            thing.account.clone_into(&mut one.resource.account);
        }
        true
    }

    /// Gives the request another value of a condition key, or none; `false` where it has that already, or cannot have it.
    fn change_a_fact(
        &self,
        ask: &mut Authorize,
        given: &mut Vec<(&'static str, &'static str)>,
        choices: &mut dyn Choices,
        settings: &Settings,
    ) -> bool {
        let wish = if choices.chance(80) { choices.pick(&self.wishes) } else { None };
        let wish = wish.map(|wish| (wish.key, wish.name, Some(wish.value)));
        let Some((key, name, wished)) =
            wish.or_else(|| any_key(choices).map(|(key, name)| (key, name, None)))
        else {
            return false;
        };
        let value = match choices.weighted(&[65, 30, 5]) {
            0 => choices.pick(values(key)).copied(),
            1 => None,
            _ => wished,
        };
        if self.has(name, value) {
            return false;
        }
        match (key.fact, value) {
            (Some("time"), Some(value)) => value.clone_into(&mut ask.time),
            (Some("source-ip"), Some(value)) => {
                (ask.source_ip, ask.endpoint) = (Some(value.to_owned()), None);
            }
            (Some("source-ip"), None) => come_through(ask, "vpc-one"),
            (Some("source-vpc"), Some(value)) => come_through(ask, value),
            (Some("source-vpc"), None) => {
                (ask.source_ip, ask.endpoint) = (Some("203.0.113.10".to_owned()), None);
            }
            (Some("key-tags"), value) => {
                let tag = name.strip_prefix("kms:tag/").unwrap_or(name);
                for one in ask.authorizations.iter_mut().filter(|one| one.resource.kind == "kms:key") {
                    match value {
                        Some(value) => drop(one.resource.tags.insert(tag.to_owned(), value.to_owned())),
                        None => drop(one.resource.tags.remove(tag)),
                    }
                }
            }
            (None, value) if settings.allows(Feature::Context) => {
                given.retain(|(known, _)| *known != name);
                given.extend(value.map(|value| (name, value)));
            }
            _ => return false,
        }
        true
    }

    /// Whether the first request has that value of a condition key already.
    fn has(&self, name: &str, value: Option<&str>) -> bool {
        let contexts = self.first.authorizations.iter().filter_map(|one| one.context.as_ref());
        let known = contexts.map(|context| context.get(name)).reduce(Option::or).unwrap_or_default();
        match (known, value) {
            (Some(known), Some(value)) => known.values() == [value],
            (known, value) => known.is_none() && value.is_none(),
        }
    }
}

/// Lets the request come through an endpoint in that VPC.
fn come_through(ask: &mut Authorize, vpc: &str) {
    let endpoint = ask.endpoint.get_or_insert_with(|| {
        let mut endpoint = Endpoint::default();
        endpoint.id = "ep-one".to_owned();
        endpoint
    });
    vpc.clone_into(&mut endpoint.vpc);
    ask.source_ip = None;
}
