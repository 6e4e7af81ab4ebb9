//! Decides what else is asked about a world of the AWS dialect: the request that its policies were made for, by another
//! caller, for another action or resource, or with another fact. Each is a step or two away from that request.

use kms_model::derive::{context_types, derive, refresh};
use kms_model::keys::{self, ConditionKey};
use kms_model::operations::Target as About;
use kms_model::question::{Ask, Authorize, CallerKind, Context, ContextValue, Operation};
use kms_model::{Dialect, Question};

use super::actions::{self, COMMON, GENERAL_KEYS, OPERATIONS, OTHERS};
use super::deviate::{Deviation, GROUPS};
use super::names::{A, B, CALLING_SERVICES, LINKED, Person, ROOTS, SESSIONS, THINGS, USERS};
use super::words::{WORDS, Word};
use super::world::{Target, Wish, World};
use crate::{Choices, Settings};

/// What is known of a world from how it was made.
#[derive(Debug)]
pub struct Series {
    caller: &'static Person,
    operation: Option<&'static actions::Operation>,
    targets: Vec<Target>,
    /// What its conditions ask for.
    wishes: Vec<(Wish, &'static Word)>,
    /// The request that the policies were made for.
    first: Box<Authorize>,
    /// Whether it was moved to another partition: only its facts are changed then, since all names are other ones there.
    elsewhere: bool,
    changed: Changed,
}

/// What a request has other than the first one.
#[derive(Debug, Default)]
pub struct Changed {
    caller: bool,
    request: bool,
    /// Facts that conditions ask for.
    pub facts: bool,
    /// Parameters of the operation.
    pub parameters: bool,
    /// The condition keys that follow from what was changed.
    pub keys: Vec<&'static ConditionKey>,
    /// Condition keys that only the context gives.
    pub given: Vec<(&'static str, Option<ContextValue>)>,
}

impl Series {
    /// That of a request that was just made.
    pub fn new(world: World<'_>, question: &Question) -> Option<Self> {
        let Ask::Authorize(first) = &question.ask else { return None };
        let word = |wish: Wish| Some((wish, WORDS.iter().find(|word| word.key.name == wish.key)?));
        Some(Self {
            caller: world.caller,
            operation: world.operation,
            targets: world.targets,
            wishes: world.wishes.into_iter().filter_map(word).collect(),
            first: first.clone(),
            elsewhere: false,
            changed: Changed::default(),
        })
    }

    /// The same for a request that was moved to another partition.
    pub fn elsewhere(world: World<'_>, question: &Question) -> Option<Self> {
        Some(Self { elsewhere: true, ..Self::new(world, question)? })
    }

    /// Makes a request of this world another one, whatever it was.
    pub fn again(&mut self, question: &mut Question, choices: &mut dyn Choices, settings: &Settings) {
        let Ask::Authorize(ask) = &mut question.ask else { return };
        let stale = self.restore(ask);
        let weights = &settings.weights;
        let kinds = match self.elsewhere {
            true => [weights.other_fact, 0, 0, 0],
            false => [weights.other_fact, weights.other_caller, weights.other_action, weights.other_resource],
        };
        for _ in 0..=choices.weighted(&[100, weights.another_change]) {
            let done = match choices.weighted(&kinds) {
                1 => self.call_by_another(ask, choices),
                2 => self.ask_for_another_action(ask, choices),
                3 => self.ask_for_another_resource(ask, choices),
                _ => false,
            };
            let _ = done || (0..3).any(|_| self.change_a_fact(ask, choices, settings));
        }
        self.give_context(&question.region, ask, &stale);
    }

    /// Makes the request the first one again; gives the condition keys that it brought back.
    fn restore(&mut self, ask: &mut Authorize) -> Vec<&'static ConditionKey> {
        let first = &*self.first;
        let changed = std::mem::take(&mut self.changed);
        if changed.caller {
            ask.caller.arn.clone_from(&first.caller.arn);
            ask.caller.account.clone_from(&first.caller.account);
            ask.caller.issuer.clone_from(&first.caller.issuer);
            ask.caller.service.clone_from(&first.caller.service);
            for (own, first) in ask.caller.policies.iter_mut().zip(&first.caller.policies) {
                own.from.clone_from(&first.from);
            }
        }
        if changed.facts {
            ask.time.clone_from(&first.time);
            ask.source_ip.clone_from(&first.source_ip);
            ask.endpoint.clone_from(&first.endpoint);
            ask.via.clone_from(&first.via);
            ask.caller.tags.clone_from(&first.caller.tags);
            ask.caller.organization.clone_from(&first.caller.organization);
            for (one, first) in ask.authorizations.iter_mut().zip(&first.authorizations) {
                one.resource.tags.clone_from(&first.resource.tags);
                one.resource.organization.clone_from(&first.resource.organization);
            }
        }
        if changed.parameters || changed.request {
            ask.operation.clone_from(&first.operation);
        }
        if changed.request {
            for (one, first) in ask.authorizations.iter_mut().zip(&first.authorizations) {
                one.action.clone_from(&first.action);
                one.resource.arn.clone_from(&first.resource.arn);
                one.resource.account.clone_from(&first.resource.account);
                one.resource.aliases.clone_from(&first.resource.aliases);
            }
        }
        if changed.request {
            ask.context_types.clone_from(&first.context_types);
        }
        for (one, first) in ask.authorizations.iter_mut().zip(&first.authorizations) {
            let (Some(context), Some(known)) = (&mut one.context, &first.context) else { continue };
            if changed.request {
                context.clone_from(known);
                continue;
            }
            for key in &changed.keys {
                context.copy_known(key, known);
            }
            for (name, _) in &changed.given {
                context.copy_exactly(name, known);
            }
        }
        if changed.request {
            return Vec::new();
        }
        let mut keys = changed.keys;
        keys.extend(changed.given.iter().filter_map(|(name, _)| keys::by_name(name)));
        keys
    }

    fn call_by_another(&mut self, ask: &mut Authorize, choices: &mut dyn Choices) -> bool {
        let alike: &'static [Person] = match self.caller.kind {
            CallerKind::User => USERS,
            CallerKind::RoleSession if choices.chance(10) => LINKED,
            CallerKind::RoleSession => SESSIONS,
            CallerKind::Root => ROOTS,
            CallerKind::Service => CALLING_SERVICES,
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
            (&mut caller.service, person.service),
        ] {
            *to = (!from.is_empty()).then(|| from.to_owned());
        }
        for own in caller.policies.iter_mut().filter(|own| !own.from.starts_with("group/")) {
            person.from.clone_into(&mut own.from);
        }
        self.changed.caller = true;
        self.changed.keys.extend_from_slice(&GROUPS.caller);
        true
    }

    fn ask_for_another_action(&mut self, ask: &mut Authorize, choices: &mut dyn Choices) -> bool {
        let [target] = self.targets.as_slice() else { return false };
        let name = match self.operation {
            None => {
                let fits = |name: &str| name.split(':').next() == target.action.name.split(':').next();
                choices.pick(&OTHERS).map(|action| action.name.as_str()).filter(|name| fits(name))
            }
            Some(_) => {
                let of_key = target.thing.kind == "kms:key" && is_symmetric(target);
                let other = choices.pick(&COMMON).and_then(|at| OPERATIONS.get(*at)).filter(|_| of_key);
                // Whose parameters are more than a key and an encryption context stays out.
                let plain =
                    |name: &str| !matches!(name, "CreateGrant" | "RetireGrant" | "Sign" | "TagResource");
                let fits = |one: &&actions::Operation| {
                    matches!(one.actions.as_slice(), [(_, About::Key(_))]) && plain(one.known.name)
                };
                let other = other.filter(fits);
                if let (Some(other), Some(operation)) = (other, &mut ask.operation) {
                    let pairs = operation.parameters.get("EncryptionContext").cloned();
                    let pairs = pairs.filter(|_| other.known.supplies("kms:EncryptionContext:*"));
                    let parameters = pairs.into_iter().map(|pairs| ("EncryptionContext", pairs)).collect();
                    *operation = Operation::new(other.known.name, parameters);
                }
                other.and_then(|other| Some(other.actions.first()?.0.name.as_str()))
            }
        };
        let (Some(name), [one]) = (name, ask.authorizations.as_mut_slice()) else { return false };
        name.clone_into(&mut one.action);
        self.changed.request = true;
        true
    }

    fn ask_for_another_resource(&mut self, ask: &mut Authorize, choices: &mut dyn Choices) -> bool {
        let at = choices.below(self.targets.len().max(1));
        let Some(target) = self.targets.get(at).filter(|target| is_symmetric(target)) else { return false };
        let known = |arn: &str| ask.authorizations.iter().any(|one| one.resource.arn == arn);
        let account = match (target.thing.account, choices.chance(30)) {
            (A, true) => B,
            (_, true) => A,
            (account, false) => account,
        };
        let fits = |arn: &str, of: &str| of == account && !known(arn);
        let Some(other) = choices.pick(&THINGS.symmetric).filter(|one| fits(&one.arn, one.account)) else {
            return false;
        };
        if let Some(one) = ask.authorizations.get_mut(at) {
            one.resource.arn.clone_from(&other.arn);
            other.account.clone_into(&mut one.resource.account);
            let aliases = other.key.as_ref().map(|key| key.aliases).unwrap_or_default();
            one.resource.aliases = aliases.iter().map(|alias| (*alias).to_owned()).collect();
        }
        self.changed.request = true;
        true
    }

    fn change_a_fact(&mut self, ask: &mut Authorize, choices: &mut dyn Choices, settings: &Settings) -> bool {
        let wish = if choices.chance(80) { choices.pick(&self.wishes).copied() } else { None };
        let (name, word, wished) = match wish {
            Some((wish, word)) => (wish.name, word, wish.value),
            None => {
                let places = self.operation.map_or(GENERAL_KEYS.as_slice(), |operation| &operation.keys);
                let word = choices.pick(places).and_then(|place| WORDS.get(*place));
                let Some(word) = word else { return false };
                let name = choices.pick(&word.names).map_or(word.key.name, String::as_str);
                (name, word, None)
            }
        };
        let value = match choices.weighted(&[65, 30, 5]) {
            0 => choices.pick(&word.values).map(|value| value.text).filter(|value| Some(*value) != wished),
            1 => None,
            _ => wished,
        };
        if self.has(name, value) {
            return false;
        }
        let deviation = Deviation { name, key: word.key, value, operation: self.operation, settings };
        deviation.apply(ask, &mut self.changed)
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

    /// Brings the condition keys up to date.
    fn give_context(&self, region: &str, ask: &mut Authorize, stale: &[&'static ConditionKey]) {
        let changed = &self.changed;
        let mut contexts: Vec<Option<Context>> =
            ask.authorizations.iter_mut().map(|one| one.context.take()).collect();
        for (context, one) in contexts.iter_mut().zip(&ask.authorizations) {
            let Some(context) = context else { continue };
            if changed.request {
                *context = derive(region, ask, one);
                self.give_first(context);
            } else {
                refresh(region, ask, one, &changed.keys, context);
            }
            for (name, value) in &changed.given {
                match value {
                    Some(value) => context.set(*name, value.clone()),
                    None => context.remove_exactly(name),
                }
            }
        }
        if changed.request {
            ask.context_types = context_types(Dialect::Aws, contexts.iter().flatten());
        }
        for (one, context) in ask.authorizations.iter_mut().zip(contexts) {
            one.context = context;
        }
        if !changed.request {
            let given = changed.given.iter().filter_map(|(name, _)| keys::by_name(name));
            for key in stale.iter().chain(&changed.keys).copied().chain(given) {
                give_type(ask, key);
            }
        }
    }

    /// Sets the keys that only the context of the first request gives.
    fn give_first(&self, context: &mut Context) {
        let Some(first) = self.first.authorizations.first().and_then(|one| one.context.as_ref()) else {
            return;
        };
        for (wish, word) in &self.wishes {
            let of_every_request = wish.key.starts_with("aws:");
            if word.key.from == keys::From::Given && of_every_request {
                context.copy_exactly(wish.name, first);
            }
        }
    }
}

/// Says of which type a key is that may have come or gone.
fn give_type(ask: &mut Authorize, key: &ConditionKey) {
    if key.kind == "string" {
        return;
    }
    let contexts = || ask.authorizations.iter().filter_map(|one| one.context.as_ref());
    let is_there = contexts().any(|context| context.get(key.name).is_some());
    match (is_there, ask.context_types.contains_key(key.name)) {
        (true, false) => drop(ask.context_types.insert(key.name.to_owned(), key.kind.to_owned())),
        (false, true) => drop(ask.context_types.remove(key.name)),
        _ => {}
    }
}

fn is_symmetric(target: &Target) -> bool {
    THINGS.symmetric.iter().any(|thing| std::ptr::eq(thing, target.thing))
}
