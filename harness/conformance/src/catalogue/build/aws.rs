//! Decides what an operation of the aws dialect is done to: the resource of each of its authorizations, as the check and
//! its world say.

use kms_model::arn::partition;
use kms_model::json::{Node, Span};
use kms_model::operations::{KmsOperation, Target};
use kms_model::question::{Authorization, Caller, Resource};

use super::{needed, refuse};
use crate::catalogue::suite::text;
use crate::catalogue::world::World;

/// What an operation is done to, as the check says it.
pub struct On<'a> {
    pub check: &'a Node,
    pub known: &'static KmsOperation,
    pub caller: &'a Caller,
}

impl On<'_> {
    pub fn parameter(&self, name: &str) -> Option<&Node> {
        self.check.get("parameters")?.get(name)
    }

    /// The resource of one authorization, and the Region it is in.
    pub fn resource(&self, target: Target, world: &mut World<'_>) -> Option<(Resource, Option<String>)> {
        match target {
            Target::None => Some((self.no_resource(world)?, None)),
            Target::Alias => self.alias(world),
            Target::Key("new-key") => self.named_key("TargetKeyId", world),
            Target::Key("destination-key") => self.named_key("DestinationKeyId", world),
            Target::Key("replica-key") => self.replica(world),
            Target::Key(_) => {
                let (name, span) = needed(self.check, "on", world)?;
                self.used_key(name, span, world)
            }
        }
    }

    /// The key of that name, or that an alias of that name stands for; it must have a policy.
    fn used_key(&self, name: &str, span: Span, world: &mut World<'_>) -> Option<(Resource, Option<String>)> {
        let name = match name.starts_with("alias/") {
            true => match world.key_of_alias(name) {
                Some(key) => key,
                None => return refuse(world, span, format!("no alias `{name}` in this world")),
            },
            false => name.to_owned(),
        };
        let (resource, region) = world.key(&name, span)?;
        if resource.policy.is_none() {
            return refuse(world, span, format!("key `{name}` has no policy in this world"));
        }
        Some((resource, Some(region)))
    }

    /// A key that a parameter names, by its name in the world, its ARN or an alias.
    fn named_key(&self, parameter: &str, world: &mut World<'_>) -> Option<(Resource, Option<String>)> {
        let Some(node) = self.parameter(parameter).cloned() else {
            return match text(self.check, "on").filter(|name| !name.starts_with("alias/")) {
                Some(on) => self.used_key(&on, self.check.span, world),
                None => refuse(
                    world,
                    self.check.span,
                    format!("{} needs the parameter `{parameter}`", self.known.name),
                ),
            };
        };
        let wanted = node.as_str().unwrap_or_default();
        let alias = wanted.rsplit(':').next().filter(|name| name.starts_with("alias/"));
        if let Some(alias) = alias {
            return self.used_key(alias, node.span, world);
        }
        let name = world.key_names().into_iter().find(|name| {
            name == wanted || world.key(name, node.span).is_some_and(|(resource, _)| resource.arn == wanted)
        });
        match name {
            Some(name) => self.used_key(&name, node.span, world),
            None => refuse(world, node.span, format!("no key `{wanted}` in this world")),
        }
    }

    /// The key of the same id in the Region that is to become the primary one.
    fn replica(&self, world: &mut World<'_>) -> Option<(Resource, Option<String>)> {
        let (name, span) = needed(self.check, "on", world)?;
        let (primary, _) = world.key(name, span)?;
        let wanted = self.parameter("PrimaryRegion").and_then(Node::as_str).unwrap_or_default().to_owned();
        let id = |arn: &str| arn.rsplit_once('/').map(|(_, id)| id.to_owned());
        let replica = world.key_names().into_iter().find(|name| {
            let found = world.key(name, span);
            found.is_some_and(|(key, region)| region == wanted && id(&key.arn) == id(&primary.arn))
        });
        match replica {
            Some(name) => self.used_key(&name, span, world),
            None => refuse(world, span, format!("no replica of `{name}` in Region `{wanted}` in this world")),
        }
    }

    fn alias(&self, world: &mut World<'_>) -> Option<(Resource, Option<String>)> {
        let (on, span) = needed(self.check, "on", world)?;
        let alias = match on.starts_with("alias/") {
            true => Some(on.to_owned()),
            false => self.parameter("AliasName").and_then(Node::as_str).map(str::to_owned),
        };
        let Some(alias) = alias else {
            return refuse(world, span, format!("{} needs the parameter `AliasName`", self.known.name));
        };
        let key = world.key_of_alias(&alias).or_else(|| (!on.starts_with("alias/")).then(|| on.to_owned()));
        let Some(key) = key else { return refuse(world, span, format!("no alias `{alias}` in this world")) };
        let (key, region) = world.key(&key, span)?;
        let mut resource = Resource::default();
        resource.arn = format!("arn:{}:kms:{region}:{}:{alias}", partition(&region), key.account);
        resource.account = key.account;
        resource.kind = "kms:alias".to_owned();
        resource.rcps = key.rcps;
        resource.organization = key.organization;
        Some((resource, Some(region)))
    }

    fn no_resource(&self, world: &mut World<'_>) -> Option<Resource> {
        let mut resource = Resource::default();
        resource.arn = "*".to_owned();
        resource.kind = "kms:account".to_owned();
        let needs_key = self.known.authorizations.len() > 1;
        match self.check.get("on").filter(|_| !needs_key).and_then(|node| Some((node.as_str()?, node.span))) {
            Some((name, span)) => {
                let id = world.account_id(name, span)?;
                world.owned(&mut resource, name, id);
            }
            None => match &self.caller.account {
                Some(id) => {
                    let name = world.account_of_id(id);
                    world.owned(&mut resource, &name, id.clone());
                }
                None => {
                    let id = world.account_id("A", self.check.span)?;
                    world.owned(&mut resource, "A", id);
                }
            },
        }
        Some(resource)
    }

    /// Tags at creation need a permission on the key that does not exist yet.
    pub fn tagging(&self, world: &World<'_>) -> Authorization {
        let replica = self.parameter("ReplicaRegion").and_then(Node::as_str).map(str::to_owned);
        let region = replica.unwrap_or_else(|| world.region());
        let account = self.caller.account.clone().unwrap_or_default();
        let mut resource = Resource::default();
        let id = "00000000-0000-0000-0000-000000000000";
        resource.arn = format!("arn:{}:kms:{region}:{account}:key/{id}", partition(&region));
        resource.account = account;
        resource.kind = "kms:new-key".to_owned();
        Authorization::new("kms:TagResource", resource)
    }
}
