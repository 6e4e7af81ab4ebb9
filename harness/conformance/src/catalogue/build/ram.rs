//! Decides what an operation of the ram dialect is done to: the resource of each of its authorizations, as the check and
//! its world say.

use kms_model::Dialect;
use kms_model::json::{Node, Span};
use kms_model::question::{Authorization, Authorize, Caller, Operation, Resource};
use kms_model::ram::operations::{self, RamTarget};

use super::{Built, finish, needed, only, parameters, refuse};
use crate::catalogue::suite::text;
use crate::catalogue::world::World;

/// Builds the question of a check about an operation.
pub fn operation(check: &Node, name: &Node, world: &mut World<'_>) -> Option<Built> {
    only(check, &["operation", "caller", "on", "parameters", "from", "context", "derived"], world);
    let wanted = name.as_str()?;
    let Some(known) = operations::by_name(wanted) else {
        return refuse(world, name.span, format!("no operation `{wanted}` of Alibaba Cloud KMS"));
    };
    let (caller_name, caller_span) = needed(check, "caller", world)?;
    let caller = world.caller(caller_name, caller_span)?;
    let on = On { check, caller: &caller };
    let mut region = None;
    let mut authorizations = Vec::new();
    for (action, target) in &known.authorizations {
        if let Some((resource, of)) = on.resource(*target, world)? {
            region = region.or(of);
            authorizations.push(Authorization::new(*action, resource));
        }
    }
    let parameters = parameters(check, world);
    let mut ask = Authorize::new(world.time(), caller.clone(), authorizations);
    ask.operation = Some(Operation::new(known.name, parameters));
    finish(Dialect::Ram, region.unwrap_or_else(|| world.region()), check, ask, world)
}

/// A resource, and the Region it is in; `None` where this request has no such resource.
type Target = Option<(Resource, Option<String>)>;

/// What an operation is done to, as the check says it.
struct On<'a> {
    check: &'a Node,
    caller: &'a Caller,
}

impl On<'_> {
    fn parameter(&self, name: &str) -> Option<&Node> {
        self.check.get("parameters")?.get(name)
    }

    /// The resource of one authorization.
    fn resource(&self, target: RamTarget, world: &mut World<'_>) -> Option<Target> {
        let found = match target {
            RamTarget::Account => (self.of_account("kms:account", |_, _| "*".to_owned(), world)?, None),
            RamTarget::None => (self.of_account("kms:none", |_, _| "*".to_owned(), world)?, None),
            RamTarget::Container(word) => {
                let arn = |region: &str, id: &str| format!("acs:kms:{region}:{id}:{word}");
                (self.of_account(&format!("kms:{word}-container"), arn, world)?, None)
            }
            RamTarget::Alias => self.alias(world)?,
            RamTarget::Certificate => self.named("certificates", "certificate", world)?,
            RamTarget::Secret => self.named("secrets", "secret", world)?,
            RamTarget::Tagged => match self.on(world)? {
                (on, _) if on.starts_with("secret:") => self.named("secrets", "secret", world)?,
                (on, _) if on.starts_with("certificate:") => {
                    self.named("certificates", "certificate", world)?
                }
                (on, span) => self.key(&on, span, world)?,
            },
            RamTarget::Key("new-key") => self.key_of_parameter("KeyId", world)?,
            RamTarget::Key("destination-key") => self.key_of_parameter("DestinationKeyId", world)?,
            RamTarget::Key(_) => {
                let (on, span) = self.on(world)?;
                self.key(&on, span, world)?
            }
            RamTarget::SecretKey => return self.key_of_secret(world),
        };
        Some(Some(found))
    }

    fn on(&self, world: &mut World<'_>) -> Option<(String, Span)> {
        let (on, span) = needed(self.check, "on", world)?;
        Some((on.to_owned(), span))
    }

    /// What belongs to the caller's account, or to the one that the check names.
    fn of_account(
        &self,
        kind: &str,
        arn: impl Fn(&str, &str) -> String,
        world: &mut World<'_>,
    ) -> Option<Resource> {
        let named = self.check.get("on").and_then(|node| Some((node.as_str()?.to_owned(), node.span)));
        let own = || world.account_of_id(self.caller.account.as_deref().unwrap_or_default());
        let (name, span) = named.unwrap_or_else(|| (own(), self.check.span));
        let name = if name.is_empty() { "A".to_owned() } else { name };
        let id = world.account_id(&name, span)?;
        let mut resource = Resource::default();
        resource.arn = arn(&world.region(), &id);
        resource.kind = kind.to_owned();
        world.owned(&mut resource, &name, id);
        Some(resource)
    }

    /// The key of that name, or that an alias of that name stands for.
    fn key(&self, name: &str, span: Span, world: &mut World<'_>) -> Option<(Resource, Option<String>)> {
        let name = match name.starts_with("alias/") {
            true => match world.key_of_alias(name) {
                Some(key) => key,
                None => return refuse(world, span, format!("no alias `{name}` in this world")),
            },
            false => name.to_owned(),
        };
        let (resource, region) = world.key(&name, span)?;
        Some((resource, Some(region)))
    }

    /// A key that a parameter names, by its name in the world or by its ARN.
    fn key_of_parameter(&self, parameter: &str, world: &mut World<'_>) -> Option<(Resource, Option<String>)> {
        let Some(node) = self.parameter(parameter).cloned() else {
            return refuse(
                world,
                self.check.span,
                format!("the operation needs the parameter `{parameter}`"),
            );
        };
        let wanted = node.as_str().unwrap_or_default();
        let is_it = |name: &String, world: &mut World<'_>| {
            name == wanted || world.key(name, node.span).is_some_and(|(key, _)| key.arn == wanted)
        };
        match world.key_names().into_iter().find(|name| is_it(name, world)) {
            Some(name) => self.key(&name, node.span, world),
            None => refuse(world, node.span, format!("no key `{wanted}` in this world")),
        }
    }

    /// The secret or certificate that the check names: `secret:db`.
    fn named(&self, kind: &str, word: &str, world: &mut World<'_>) -> Option<(Resource, Option<String>)> {
        let (on, span) = self.on(world)?;
        match on.strip_prefix(word).and_then(|rest| rest.strip_prefix(':')) {
            Some(name) => {
                let (resource, region) = world.ram_thing(kind, word, name, span)?;
                Some((resource, Some(region)))
            }
            None => refuse(world, span, format!("expected `{word}:name`, not `{on}`")),
        }
    }

    /// The customer's key that a generic secret is, or is to be, under. Others need no permission on a key.
    fn key_of_secret(&self, world: &mut World<'_>) -> Option<Target> {
        if self.parameter("EncryptionKeyId").is_some() {
            return self.key_of_parameter("EncryptionKeyId", world).map(Some);
        }
        let on = text(self.check, "on").unwrap_or_default();
        let Some(secret) = on.strip_prefix("secret:").and_then(|name| world.thing("secrets", name)) else {
            return Some(None);
        };
        if text(secret, "kind").is_some_and(|kind| kind != "generic") {
            return Some(None);
        }
        match secret.get("key").and_then(|key| Some((key.as_str()?.to_owned(), key.span))) {
            Some((key, span)) => self.key(&key, span, world).map(Some),
            None => Some(None),
        }
    }

    fn alias(&self, world: &mut World<'_>) -> Option<(Resource, Option<String>)> {
        let (on, span) = self.on(world)?;
        let of_parameter = || self.parameter("AliasName").and_then(Node::as_str).map(str::to_owned);
        let alias = if on.starts_with("alias/") { Some(on.clone()) } else { of_parameter() };
        let Some(alias) = alias else {
            return refuse(world, span, "the operation needs the parameter `AliasName`");
        };
        let key = if on.starts_with("alias/") { world.key_of_alias(&alias) } else { Some(on) };
        let Some(key) = key else { return refuse(world, span, format!("no alias `{alias}` in this world")) };
        let (key, region) = world.key(&key, span)?;
        let mut resource = Resource::default();
        resource.arn = format!("acs:kms:{region}:{}:{alias}", key.account);
        resource.account = key.account;
        resource.kind = "kms:alias".to_owned();
        resource.control_policies = key.control_policies;
        resource.organization = key.organization;
        Some((resource, Some(region)))
    }
}
