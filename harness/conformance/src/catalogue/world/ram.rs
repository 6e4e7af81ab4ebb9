//! Decides what a world of the ram dialect holds under a name: callers, keys, secrets and certificates, as a question has
//! them.

use kms_model::json::{Node, Span};
use kms_model::question::{Attached, Caller, CallerKind, Resource};

use super::{Found, World, tags};
use crate::catalogue::shape::SPECIAL_CALLERS;
use crate::catalogue::suite::{text, texts};

impl World<'_> {
    /// The caller that a check of the ram dialect names.
    pub fn ram_caller(&mut self, name: &str, span: Span) -> Found<Caller> {
        let mut caller = Caller::default();
        if name == "anonymous" {
            return Some(caller);
        }
        for (prefix, kind) in SPECIAL_CALLERS {
            let Some(rest) = name.strip_prefix(prefix) else { continue };
            caller.kind = kind;
            if kind == CallerKind::Service {
                caller.service = Some(rest.to_owned());
                return Some(caller);
            }
            let id = self.account_id(rest, span)?;
            caller.arn = Some(format!("acs:ram::{id}:root"));
            self.ram_belongs(&mut caller, rest, id);
            return Some(caller);
        }
        // Who signs in through an identity provider has no identity at Alibaba Cloud before it has assumed a role.
        if let Some((account, provider)) = name.strip_prefix("saml:").and_then(|rest| rest.split_once('/')) {
            let id = self.account_id(account, span)?;
            caller.kind = CallerKind::FederatedUser;
            caller.arn = Some(format!("acs:ram::{id}:saml-provider/{provider}"));
            return Some(caller);
        }
        match name.split_once('/') {
            Some((role, session)) => self.ram_session(role, session, span),
            None => self.ram_user(name, span),
        }
    }

    fn ram_user(&mut self, name: &str, span: Span) -> Found<Caller> {
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
        let mut caller = Caller::default();
        caller.kind = CallerKind::User;
        caller.arn = Some(format!("acs:ram::{id}:user/{name}"));
        caller.policies = self.ram_attached(user, &format!("user/{name}"));
        for (group, span) in texts(user, "groups") {
            match self.thing("groups", group) {
                Some(node) if Self::account_name(node) == account => {
                    caller.policies.extend(self.ram_attached(node, &format!("group/{group}")));
                }
                Some(_) => {
                    return self
                        .problem(span, format!("group `{group}` is of another account than `{name}`"));
                }
                None => return self.problem(span, format!("no group `{group}` in this world")),
            }
        }
        self.ram_belongs(&mut caller, &account, id);
        Some(caller)
    }

    fn ram_session(&mut self, role_name: &str, session_name: &str, span: Span) -> Found<Caller> {
        let Some(role) = self.thing("roles", role_name) else {
            return self.problem(span, format!("no role `{role_name}` in this world"));
        };
        let account = Self::account_name(role);
        let id = self.account_id(&account, span)?;
        let mut caller = Caller::default();
        caller.kind = CallerKind::RoleSession;
        caller.arn = Some(format!("acs:ram::{id}:assumed-role/{role_name}/{session_name}"));
        caller.issuer = Some(format!("acs:ram::{id}:role/{role_name}"));
        caller.policies = self.ram_attached(role, &format!("role/{role_name}"));
        if let Some(policy) = self
            .thing("sessions", &format!("{role_name}/{session_name}"))
            .and_then(|session| session.get("policy"))
        {
            caller.session_policies = Some(vec![self.document(policy)?]);
        }
        self.ram_belongs(&mut caller, &account, id);
        Some(caller)
    }

    /// The policies for the whole account, then those for resource groups.
    fn ram_attached(&mut self, node: &Node, from: &str) -> Vec<Attached> {
        let mut attached = self.attached(node, from);
        let groups = node.get("resource-group-policies").and_then(Node::members).unwrap_or_default();
        for group in groups {
            for policy in group.node.elements().unwrap_or_default() {
                let Some(document) = self.document(policy) else { continue };
                let mut policy = Attached::new(from, document);
                policy.resource_group = Some(group.name.clone());
                attached.push(policy);
            }
        }
        attached
    }

    fn ram_belongs(&mut self, caller: &mut Caller, account: &str, id: String) {
        caller.account = Some(id);
        caller.organization = self.organization(account);
    }

    /// The key of that name as a resource, and its Region.
    pub fn ram_key(&mut self, name: &str, span: Span) -> Found<(Resource, String)> {
        let aliases = self.aliases_of(name);
        let (mut key, region) = self.ram_thing("keys", "key", name, span)?;
        key.aliases = aliases;
        Some((key, region))
    }

    /// The key, secret or certificate of that name as a resource, and its Region.
    pub fn ram_thing(&mut self, kind: &str, word: &str, name: &str, span: Span) -> Found<(Resource, String)> {
        let Some(node) = self.thing(kind, name) else {
            return self.problem(span, format!("no {word} `{name}` in this world"));
        };
        let id = match kind {
            "secrets" => text(node, "name").unwrap_or_else(|| name.to_owned()),
            _ => match text(node, "id") {
                Some(id) => id,
                None => return self.problem(span, format!("{word} `{name}` has no `id`")),
            },
        };
        let account = Self::account_name(node);
        let region = text(node, "region").unwrap_or_else(|| self.region());
        let owner = self.account_id(&account, span)?;
        let mut resource = Resource::default();
        resource.arn = format!("acs:kms:{region}:{owner}:{word}/{id}");
        resource.kind = format!("kms:{word}");
        if let Some(policy) = node.get("policy") {
            resource.policy = Some(self.document(policy)?);
        }
        resource.tags = tags(node);
        self.owned(&mut resource, &account, owner);
        Some((resource, region))
    }
}
