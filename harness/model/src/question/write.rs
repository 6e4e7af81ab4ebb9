//! Decides how a question is written: members that do not exist are absent, the order is that of the contract.

use std::collections::BTreeMap;

use super::{
    Ask, Authorization, Authorize, Caller, Context, ContextValue, Grant, Key, Organization, Question,
    Resource, Validate,
};
use crate::Document;
use crate::json::{Node, compact};

/// The members written so far.
#[derive(Default)]
struct Members(Vec<(&'static str, Node)>);

impl Members {
    fn put(&mut self, name: &'static str, node: impl Into<Node>) {
        self.0.push((name, node.into()));
    }

    fn put_some(&mut self, name: &'static str, node: Option<impl Into<Node>>) {
        if let Some(node) = node {
            self.put(name, node);
        }
    }

    fn put_list(&mut self, name: &'static str, nodes: Vec<Node>) {
        if !nodes.is_empty() {
            self.put(name, Node::from_iter(nodes));
        }
    }

    fn put_map(&mut self, name: &'static str, map: &BTreeMap<String, String>) {
        if !map.is_empty() {
            self.put(
                name,
                map.iter().map(|(key, value)| (key.clone(), value.clone().into())).collect::<Node>(),
            );
        }
    }

    fn finish(self) -> Node {
        self.0.into_iter().collect()
    }
}

impl Question {
    /// The question as a JSON value.
    pub fn to_node(&self) -> Node {
        let mut members = Members::default();
        members.put("kind", if matches!(self.ask, Ask::Authorize(_)) { "authorize" } else { "validate" });
        members.put("dialect", self.dialect.word());
        members.put("region", self.region.as_str());
        match &self.ask {
            Ask::Authorize(ask) => authorize(ask, &mut members),
            Ask::Validate(ask) => validate(ask, &mut members),
        }
        members.finish()
    }

    /// The question as one line of JSON: the bytes by which two questions are the same.
    pub fn to_line(&self) -> String {
        compact(&self.to_node())
    }
}

fn authorize(ask: &Authorize, members: &mut Members) {
    members.put("time", ask.time.as_str());
    members.put("caller", caller(&ask.caller));
    members.put_some("source-ip", ask.source_ip.as_deref());
    members.put_some(
        "endpoint",
        ask.endpoint.as_ref().map(|endpoint| {
            let mut members = Members::default();
            members.put("id", endpoint.id.as_str());
            members.put("vpc", endpoint.vpc.as_str());
            members.put_some("policy", endpoint.policy.as_ref().map(Document::to_node));
            members.finish()
        }),
    );
    members.put_list("via", texts(&ask.via));
    members.put_some(
        "operation",
        ask.operation.as_ref().map(|operation| {
            let mut members = Members::default();
            members.put("name", operation.name.as_str());
            if operation.parameters.members().is_some_and(|members| !members.is_empty()) {
                members.put("parameters", operation.parameters.clone());
            }
            members.finish()
        }),
    );
    members.put("authorizations", ask.authorizations.iter().map(authorization).collect::<Node>());
    members.put_map("context-types", &ask.context_types);
}

fn validate(ask: &Validate, members: &mut Members) {
    members.put("policy-type", ask.policy_type.word());
    members.put("document", ask.document.to_node());
    members.put_some("for", ask.purpose.as_deref());
    members.put_some("caller", ask.caller.as_ref().map(caller));
    members.put_some("resource", ask.resource.as_ref().map(resource));
    members.put_some("parameters", ask.parameters.clone());
    members.put_some("principals", ask.principals.as_ref().map(|arns| Node::from_iter(texts(arns))));
}

fn caller(caller: &Caller) -> Node {
    let mut members = Members::default();
    members.put("kind", caller.kind.word());
    members.put_some("arn", caller.arn.as_deref());
    members.put_some("account", caller.account.as_deref());
    members.put_some("issuer", caller.issuer.as_deref());
    members.put_some("service", caller.service.as_deref());
    let attached = |policy: &super::Attached| {
        let mut members = Members::default();
        members.put("from", policy.from.as_str());
        members.put("document", policy.document.to_node());
        members.put_some("resource-group", policy.resource_group.as_deref());
        members.finish()
    };
    members.put_list("policies", caller.policies.iter().map(attached).collect());
    members.put_some("boundary", caller.boundary.as_ref().map(Document::to_node));
    members.put_some("session-policies", caller.session_policies.as_deref().map(documents));
    members.put_some("scps", caller.scps.as_deref().map(levels));
    members.put_map("tags", &caller.tags);
    members.put_some("organization", caller.organization.as_ref().map(organization));
    members.finish()
}

fn authorization(authorization: &Authorization) -> Node {
    let mut members = Members::default();
    members.put("action", authorization.action.as_str());
    members.put("resource", resource(&authorization.resource));
    members.put_some("context", authorization.context.as_ref().map(Context::to_node));
    members.finish()
}

impl Context {
    /// The context as a JSON object.
    pub fn to_node(&self) -> Node {
        self.iter().map(|(key, value)| (key, value.to_node())).collect()
    }
}

impl ContextValue {
    /// The value as JSON: a string, or a list of strings.
    pub fn to_node(&self) -> Node {
        match self {
            Self::One(value) => value.as_str().into(),
            Self::Many(values) => Node::from_iter(texts(values)),
        }
    }
}

fn resource(resource: &Resource) -> Node {
    let mut members = Members::default();
    members.put("arn", resource.arn.as_str());
    members.put("account", resource.account.as_str());
    members.put("type", resource.kind.as_str());
    members.put_some("policy", resource.policy.as_ref().map(Document::to_node));
    members.put_list("grants", resource.grants.iter().map(grant).collect());
    members.put_some("rcps", resource.rcps.as_deref().map(levels));
    members.put_some("control-policies", resource.control_policies.as_deref().map(levels));
    members.put_some("resource-group", resource.resource_group.as_deref());
    members.put_map("tags", &resource.tags);
    members.put_list("aliases", texts(&resource.aliases));
    members.put_some("key", key(&resource.key));
    members.put_some("organization", resource.organization.as_ref().map(organization));
    members.finish()
}

/// The facts that differ from the default; `None` where all are the default.
fn key(key: &Key) -> Option<Node> {
    let default = Key::default();
    let mut members = Members::default();
    for (name, value, default) in [
        ("spec", &key.spec, &default.spec),
        ("usage", &key.usage, &default.usage),
        ("origin", &key.origin, &default.origin),
    ] {
        members.put_some(name, (value != default).then_some(value.as_str()));
    }
    members.put_some("multi-region", key.multi_region.as_deref());
    members.put_some("manager", (key.manager != default.manager).then_some(key.manager.as_str()));
    (!members.0.is_empty()).then(|| members.finish())
}

fn grant(grant: &Grant) -> Node {
    let mut members = Members::default();
    members.put("id", grant.id.as_str());
    members.put("grantee", grant.grantee.as_str());
    members.put_some("retiring", grant.retiring.as_deref());
    members.put_some("issuer", grant.issuer.as_deref());
    members.put("operations", Node::from_iter(texts(&grant.operations)));
    members.put_some("constraints", grant.constraints.clone());
    members.finish()
}

fn organization(organization: &Organization) -> Node {
    let mut members = Members::default();
    members.put("id", organization.id.as_str());
    members.put("path", organization.path.as_str());
    if organization.management {
        members.put("management", true);
    }
    members.finish()
}

fn texts(texts: &[String]) -> Vec<Node> {
    texts.iter().map(|text| text.as_str().into()).collect()
}

fn documents(documents: &[Document]) -> Node {
    documents.iter().map(Document::to_node).collect()
}

fn levels(levels: &[Vec<Document>]) -> Node {
    levels.iter().map(|level| documents(level)).collect()
}
