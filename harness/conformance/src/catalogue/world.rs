//! Decides what a merged world holds under a name: callers, keys, aliases and other resources, as a question has them.

use std::collections::BTreeMap;
use std::path::Path;

use kms_model::Document;
use kms_model::arn::partition;
use kms_model::json::{Node, Span, Value};
use kms_model::question::{Attached, Caller, CallerKind, Endpoint, Grant, Key, Organization, Resource};
use kms_model::shape::Problem;

use super::shape::SPECIAL_CALLERS;
use super::suite::{text, texts};

/// The named policies that `{ "use": … }` reaches and the folder that `{ "file": … }` reaches.
pub struct Library<'a> {
    /// The suite's own policies.
    pub suite: Option<&'a Node>,
    /// The fixtures' policies.
    pub fixtures: Option<&'a Node>,
    /// The folder of the suite.
    pub folder: Option<&'a Path>,
}

/// A merged world and the problems found while looking things up in it.
pub struct World<'a> {
    pub node: &'a Node,
    pub library: &'a Library<'a>,
    pub problems: Vec<Problem>,
}

/// A place in the world: what a check is about.
pub type Found<T> = Option<T>;

impl<'a> World<'a> {
    fn problem<T>(&mut self, span: Span, message: impl Into<String>) -> Found<T> {
        self.problems.push(Problem::new(span, message));
        None
    }

    /// The Region of the request.
    pub fn region(&self) -> String {
        text(self.node, "region").unwrap_or_else(|| "us-west-2".to_owned())
    }

    /// The time of the request.
    pub fn time(&self) -> String {
        text(self.node, "time").unwrap_or_default()
    }

    /// The thing of that kind and name.
    pub fn thing(&self, kind: &str, name: &str) -> Found<&'a Node> {
        self.node.get(kind)?.get(name)
    }

    fn account_name(node: &Node) -> String {
        text(node, "account").unwrap_or_else(|| "A".to_owned())
    }

    /// The id of the account of that name.
    pub fn account_id(&mut self, name: &str, span: Span) -> Found<String> {
        match self.thing("accounts", name).and_then(|account| text(account, "id")) {
            Some(id) => Some(id),
            None => self.problem(span, format!("no account `{name}` with an `id` in this world")),
        }
    }

    /// The document at a policy position.
    pub fn document(&mut self, node: &Node) -> Found<Document> {
        let only = match node.members() {
            Some([member]) => Some((member.name.as_str(), &member.node)),
            _ => None,
        };
        match only {
            Some(("use", name)) => {
                let wanted = name.as_str().unwrap_or_default();
                let named = [self.library.suite, self.library.fixtures].into_iter().flatten();
                match named.filter_map(|policies| policies.get(wanted)).next() {
                    Some(found) => self.document(&found.clone()),
                    None => self.problem(
                        name.span,
                        format!("no policy named `{wanted}` in this suite or the fixtures"),
                    ),
                }
            }
            Some(("file", name)) => {
                let wanted = name.as_str().unwrap_or_default();
                let Some(folder) = self.library.folder else {
                    return self
                        .problem(name.span, "a suite of the built-in catalogue cannot refer to a file");
                };
                let path = folder.join(wanted);
                match std::fs::read(&path).map(String::from_utf8) {
                    Ok(Ok(text)) => Some(Document::new(text)),
                    Ok(Err(_)) => self.problem(name.span, format!("`{wanted}` is not UTF-8 text")),
                    Err(error) => self.problem(name.span, format!("`{wanted}` cannot be read: {error}")),
                }
            }
            _ => match Document::from_node(node) {
                Some(document) => Some(document),
                None => self.problem(node.span, "a policy must be an object or a string"),
            },
        }
    }

    fn documents(&mut self, node: &Node, name: &str) -> Vec<Document> {
        let elements = node.get(name).and_then(Node::elements).unwrap_or_default();
        elements.iter().filter_map(|element| self.document(element)).collect()
    }

    fn levels(&mut self, account: &str, name: &str) -> Option<Vec<Vec<Document>>> {
        let levels = self.thing("accounts", account)?.get(name)?;
        let level = |level: &Node| {
            level.elements().unwrap_or_default().iter().filter_map(|node| self.document(node)).collect()
        };
        Some(levels.elements().unwrap_or_default().iter().map(level).collect())
    }

    fn organization(&self, account: &str) -> Option<Organization> {
        let node = self.thing("accounts", account)?.get("organization")?;
        let management = node.get("management").and_then(Node::as_bool).unwrap_or(false);
        Some(Organization::new(text(node, "id")?, text(node, "path").unwrap_or_default(), management))
    }

    /// The caller that a check names.
    pub fn caller(&mut self, name: &str, span: Span) -> Found<Caller> {
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

    fn attached(&mut self, node: &Node, from: &str) -> Vec<Attached> {
        self.documents(node, "policies").into_iter().map(|document| Attached::new(from, document)).collect()
    }

    /// What a caller has from its account.
    fn belongs(&mut self, caller: &mut Caller, account: &str, id: String) {
        caller.account = Some(id);
        caller.scps = self.levels(account, "scps");
        caller.organization = self.organization(account);
    }

    /// The key of that name as a resource, and its Region.
    pub fn key(&mut self, name: &str, span: Span) -> Found<(Resource, String)> {
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

    /// The name of the key that an alias stands for.
    pub fn key_of_alias(&self, alias: &str) -> Option<String> {
        text(self.thing("aliases", alias)?, "key")
    }

    fn aliases_of(&self, key: &str) -> Vec<String> {
        let aliases = self.node.get("aliases").and_then(Node::members).unwrap_or_default();
        let of_key = |alias: &&kms_model::json::Member| text(&alias.node, "key").as_deref() == Some(key);
        aliases.iter().filter(of_key).map(|alias| alias.name.clone()).collect()
    }

    /// What a resource has from the account that owns it.
    pub fn owned(&mut self, resource: &mut Resource, account: &str, id: String) {
        resource.account = id;
        resource.rcps = self.levels(account, "rcps");
        resource.organization = self.organization(account);
    }

    /// The resource of another service of that name.
    pub fn resource(&mut self, name: &str, span: Span) -> Found<Resource> {
        let Some(node) = self.thing("resources", name) else {
            return self.problem(span, format!("no resource `{name}` in this world"));
        };
        let account = Self::account_name(node);
        let owner = self.account_id(&account, span)?;
        let mut resource = Resource::default();
        resource.arn = text(node, "arn").unwrap_or_default();
        resource.kind = text(node, "type").unwrap_or_default();
        resource.policy = node.get("policy").and_then(|node| self.document(node));
        resource.tags = tags(node);
        self.owned(&mut resource, &account, owner);
        Some(resource)
    }

    /// The endpoint of that name.
    pub fn endpoint(&mut self, name: &str, span: Span) -> Found<Endpoint> {
        let Some(node) = self.thing("endpoints", name) else {
            return self
                .problem(span, format!("`{name}` is neither an IP address nor an endpoint of this world"));
        };
        let mut endpoint = Endpoint::default();
        endpoint.id = text(node, "id").unwrap_or_default();
        endpoint.vpc = text(node, "vpc").unwrap_or_default();
        endpoint.policy = node.get("policy").and_then(|node| self.document(node));
        if endpoint.id.is_empty() || endpoint.vpc.is_empty() {
            return self.problem(span, format!("endpoint `{name}` needs `id` and `vpc`"));
        }
        Some(endpoint)
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

fn tags(node: &Node) -> BTreeMap<String, String> {
    let members = node.get("tags").and_then(Node::members).unwrap_or_default();
    members.iter().filter_map(|tag| Some((tag.name.clone(), tag.node.as_str()?.to_owned()))).collect()
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

/// An object without members.
pub fn empty() -> Node {
    Value::Object(Vec::new()).into()
}
