//! Decides what a world of the aws dialect holds under a name: callers and keys, as a question has them.

use kms_model::arn::partition;
use kms_model::json::{Node, Span};
use kms_model::question::{Caller, CallerKind, Grant, Key, Resource};

use super::{Found, World, tags};
use crate::catalogue::shape::SPECIAL_CALLERS;
use crate::catalogue::suite::{text, texts};

impl World<'_> {
    /// The caller that a check of the aws dialect names.
    pub fn aws_caller(&mut self, name: &str, span: Span) -> Found<Caller> {
        let mut caller = Caller::default();
        if name == "anonymous" {
            return Some(caller);
        }
        let partition = partition(&self.region());
        for (prefix, kind) in SPECIAL_CALLERS {
            let Some(rest) = name.strip_prefix(prefix) else { continue };
            caller.kind = kind;
            if kind == CallerKind::Service {
                caller.service = Some(rest.to_owned());
                return Some(caller);
            }
            let id = self.account_id(rest, span)?;
            caller.arn = Some(format!("arn:{partition}:iam::{id}:root"));
            self.belongs(&mut caller, rest, id);
            return Some(caller);
        }
        if let Some((user, session)) = name.strip_prefix("federated:").and_then(|rest| rest.split_once('/')) {
            return self.federated(user, session, span);
        }
        if let Some((role, session)) = name.split_once('/') {
            return self.session(role, session, span);
        }
        let Some(user) = self.thing("users", name) else {
            let message = match self.thing("roles", name) {
                Some(_) => format!(
                    "`{name}` is a role, and only sessions of a role call: write `{name}/session-name`"
                ),
                None => format!("no user `{name}` in this world"),
            };
            return self.problem(span, message);
        };
        let account = Self::account_name(user);
        let id = self.account_id(&account, span)?;
        let path = text(user, "path").unwrap_or_else(|| "/".to_owned());
        caller.kind = CallerKind::User;
        caller.arn = Some(format!("arn:{partition}:iam::{id}:user{path}{name}"));
        caller.policies = self.attached(user, &format!("user/{name}"));
        for (group, span) in texts(user, "groups") {
            match self.thing("groups", group) {
                Some(node) if Self::account_name(node) == account => {
                    caller.policies.extend(self.attached(node, &format!("group/{group}")));
                }
                Some(_) => {
                    return self
                        .problem(span, format!("group `{group}` is of another account than `{name}`"));
                }
                None => return self.problem(span, format!("no group `{group}` in this world")),
            }
        }
        caller.boundary = user.get("boundary").and_then(|node| self.document(node));
        caller.tags = tags(user);
        self.belongs(&mut caller, &account, id);
        Some(caller)
    }

    fn session(&mut self, role_name: &str, session_name: &str, span: Span) -> Found<Caller> {
        let Some(role) = self.thing("roles", role_name) else {
            return self.problem(span, format!("no role `{role_name}` in this world"));
        };
        let partition = partition(&self.region());
        let account = Self::account_name(role);
        let id = self.account_id(&account, span)?;
        let path = text(role, "path").unwrap_or_else(|| "/".to_owned());
        let mut caller = Caller::default();
        caller.kind = CallerKind::RoleSession;
        caller.arn = Some(format!("arn:{partition}:sts::{id}:assumed-role/{role_name}/{session_name}"));
        caller.issuer = Some(format!("arn:{partition}:iam::{id}:role{path}{role_name}"));
        caller.policies = self.attached(role, &format!("role/{role_name}"));
        caller.boundary = role.get("boundary").and_then(|node| self.document(node));
        caller.tags = tags(role);
        self.as_session(&mut caller, &format!("{role_name}/{session_name}"));
        self.belongs(&mut caller, &account, id);
        Some(caller)
    }

    /// The session that a user got by GetFederationToken: it has the user's policies and boundary, and its own policies.
    fn federated(&mut self, user: &str, session: &str, span: Span) -> Found<Caller> {
        let mut caller = self.caller(user, span)?;
        let account = caller.account.clone().unwrap_or_default();
        if caller.kind != CallerKind::User {
            return self.problem(span, format!("`{user}` is no user"));
        }
        let arn = format!("arn:{}:sts::{account}:federated-user/{session}", partition(&self.region()));
        caller.issuer = caller.arn.replace(arn);
        caller.kind = CallerKind::FederatedUser;
        self.as_session(&mut caller, &format!("federated:{user}/{session}"));
        Some(caller)
    }

    /// What a session has of its own.
    fn as_session(&mut self, caller: &mut Caller, name: &str) {
        if let Some(facts) = self.thing("sessions", name) {
            caller.session_policies = facts.get("policies").map(|_| self.documents(facts, "policies"));
            // A session tag takes the place of the role's tag of that name, whose case does not count.
            let own = tags(facts);
            caller.tags.retain(|name, _| !own.keys().any(|own| own.to_lowercase() == name.to_lowercase()));
            caller.tags.extend(own);
        }
    }

    /// What a caller has from its account.
    fn belongs(&mut self, caller: &mut Caller, account: &str, id: String) {
        caller.account = Some(id);
        caller.scps = self.levels(account, "scps");
        caller.organization = self.organization(account);
    }

    /// The key of that name as a resource, and its Region.
    pub fn aws_key(&mut self, name: &str, span: Span) -> Found<(Resource, String)> {
        let Some(key) = self.thing("keys", name) else {
            return self.problem(span, format!("no key `{name}` in this world"));
        };
        let account = Self::account_name(key);
        let region = text(key, "region").unwrap_or_else(|| self.region());
        let Some(id) = text(key, "id") else {
            return self.problem(span, format!("key `{name}` has no `id`"));
        };
        let owner = self.account_id(&account, span)?;
        let mut resource = Resource::default();
        resource.arn = format!("arn:{}:kms:{region}:{owner}:key/{id}", partition(&region));
        resource.kind = "kms:key".to_owned();
        if let Some(policy) = key.get("policy") {
            resource.policy = Some(self.document(policy)?);
        }
        resource.grants = self.grants(key, &owner);
        resource.tags = tags(key);
        resource.aliases = self.aliases_of(name);
        resource.key = facts(key);
        self.owned(&mut resource, &account, owner);
        Some((resource, region))
    }

    fn grants(&mut self, key: &Node, owner: &str) -> Vec<Grant> {
        let grants = key.get("grants").and_then(Node::members).unwrap_or_default();
        let mut found = Vec::new();
        for grant in grants {
            let node = &grant.node;
            let span = node.span;
            let mut read = Grant::default();
            read.id = grant.name.clone();
            let Some(grantee) = text(node, "grantee").and_then(|name| self.principal(&name, span)) else {
                continue;
            };
            read.grantee = grantee;
            read.retiring = text(node, "retiring").and_then(|name| self.principal(&name, span));
            read.issuer = match text(node, "issuer") {
                Some(name) => self.account_id(&name, span),
                None => Some(owner.to_owned()),
            };
            read.operations =
                texts(node, "operations").into_iter().map(|(text, _)| text.to_owned()).collect();
            read.constraints = node.get("constraints").cloned();
            found.push(read);
        }
        found
    }

    /// The ARN of a principal named as in a check; a role may be named, and an ARN is itself.
    fn principal(&mut self, name: &str, span: Span) -> Found<String> {
        if name.starts_with("arn:") || name.contains(".amazonaws.com") {
            return Some(name.trim_start_matches("service:").to_owned());
        }
        if self.thing("roles", name).is_some() {
            return self.session(name, "", span)?.issuer;
        }
        self.caller(name, span)?.arn
    }
}

fn facts(node: &Node) -> Key {
    let mut key = Key::default();
    for (name, place) in [
        ("spec", &mut key.spec),
        ("usage", &mut key.usage),
        ("origin", &mut key.origin),
        ("manager", &mut key.manager),
    ] {
        if let Some(value) = text(node, name) {
            *place = value;
        }
    }
    key.multi_region = text(node, "multi-region");
    key
}
