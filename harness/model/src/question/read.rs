//! Decides which question a JSON value is.

use std::collections::BTreeMap;

use super::{
    Ask, Attached, Authorization, Authorize, Caller, CallerKind, Context, ContextValue, Endpoint, Grant, Key,
    Operation, Organization, PolicyType, Question, Resource, Validate, shape,
};
use crate::json::{Limits, Node, Span, parse};
use crate::shape::Problem;
use crate::{Dialect, Document, Documents};

impl Question {
    /// Reads a question from text.
    ///
    /// # Errors
    /// Every place where the text departs from the contract.
    pub fn parse(text: &str) -> Result<Self, Vec<Problem>> {
        let node = parse(text, Limits::default()).map_err(|error| {
            vec![Problem::new(Span { start: error.offset, end: error.offset }, error.message)]
        })?;
        Self::read(&node)
    }

    /// Reads a question from a JSON value.
    ///
    /// # Errors
    /// Every place where the value departs from the contract.
    pub fn read(node: &Node) -> Result<Self, Vec<Problem>> {
        Self::read_sharing(node, &mut Documents::new(0))
    }

    /// The same for one of many questions, which share the documents that occur in several.
    ///
    /// # Errors
    /// Every place where the value departs from the contract.
    pub fn read_sharing(node: &Node, documents: &mut Documents) -> Result<Self, Vec<Problem>> {
        let mut problems = Vec::new();
        shape::QUESTION.check(node, "", &mut problems);
        let kind = text(node, "kind");
        let needed: &[&str] = match kind.as_str() {
            "authorize" => &["time", "caller", "authorizations"],
            _ => &["policy-type", "document"],
        };
        for name in needed.iter().filter(|name| node.get(name).is_none()) {
            problems.push(Problem::new(node.span, format!("a question of kind `{kind}` needs `{name}`")));
        }
        if node.get("authorizations").and_then(Node::elements).is_some_and(<[Node]>::is_empty) {
            problems.push(Problem::new(node.span, "`authorizations` must hold at least one"));
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        let dialect = if text(node, "dialect") == "ram" { Dialect::Ram } else { Dialect::Aws };
        let ask = match kind.as_str() {
            "authorize" => Ask::Authorize(Box::new(authorize(node, documents))),
            _ => Ask::Validate(Box::new(validate(node, documents))),
        };
        Ok(Self { dialect, region: text(node, "region"), ask })
    }
}

fn authorize(node: &Node, kept: &mut Documents) -> Authorize {
    let mut authorize = Authorize::new(
        text(node, "time"),
        node.get("caller").map(|node| caller(node, kept)).unwrap_or_default(),
        list(node, "authorizations", |node| authorization(node, kept)),
    );
    authorize.source_ip = optional(node, "source-ip");
    authorize.endpoint = node.get("endpoint").map(|node| Endpoint {
        id: text(node, "id"),
        vpc: text(node, "vpc"),
        policy: document(node, "policy", kept),
    });
    authorize.via = list(node, "via", string);
    authorize.operation = node.get("operation").map(|node| Operation {
        name: text(node, "name"),
        parameters: node
            .get("parameters")
            .cloned()
            .unwrap_or_else(|| Node::from_iter([] as [(&str, Node); 0])),
    });
    authorize.context_types = map(node, "context-types");
    authorize
}

fn validate(node: &Node, kept: &mut Documents) -> Validate {
    let policy_type = PolicyType::from_word(&text(node, "policy-type")).unwrap_or(PolicyType::Identity);
    let mut validate =
        Validate::new(policy_type, document(node, "document", kept).unwrap_or_else(|| Document::new("")));
    validate.purpose = optional(node, "for");
    validate.caller = node.get("caller").map(|node| caller(node, kept));
    validate.resource = node.get("resource").map(|node| resource(node, kept));
    validate.parameters = node.get("parameters").cloned();
    validate.principals = node.get("principals").map(|_| list(node, "principals", string));
    validate
}

fn caller(node: &Node, kept: &mut Documents) -> Caller {
    Caller {
        kind: CallerKind::from_word(&text(node, "kind")).unwrap_or_default(),
        arn: optional(node, "arn"),
        account: optional(node, "account"),
        issuer: optional(node, "issuer"),
        service: optional(node, "service"),
        policies: list(node, "policies", |node| {
            let document = document(node, "document", kept).unwrap_or_else(|| Document::new(""));
            Attached { from: text(node, "from"), document, resource_group: optional(node, "resource-group") }
        }),
        boundary: document(node, "boundary", kept),
        session_policies: node.get("session-policies").map(|node| documents(node, kept)),
        scps: node.get("scps").map(|node| levels(node, kept)),
        tags: map(node, "tags"),
        organization: node.get("organization").map(organization),
    }
}

fn authorization(node: &Node, kept: &mut Documents) -> Authorization {
    Authorization {
        action: text(node, "action"),
        resource: node.get("resource").map(|node| resource(node, kept)).unwrap_or_default(),
        context: node.get("context").map(context),
    }
}

fn context(node: &Node) -> Context {
    let mut context = Context::default();
    for member in node.members().unwrap_or_default() {
        let value = match member.node.elements() {
            Some(elements) => ContextValue::Many(elements.iter().map(string).collect()),
            None => ContextValue::One(string(&member.node)),
        };
        context.set(member.name.clone(), value);
    }
    context
}

fn resource(node: &Node, kept: &mut Documents) -> Resource {
    Resource {
        arn: text(node, "arn"),
        account: text(node, "account"),
        kind: text(node, "type"),
        policy: document(node, "policy", kept),
        grants: list(node, "grants", grant),
        rcps: node.get("rcps").map(|node| levels(node, kept)),
        control_policies: node.get("control-policies").map(|node| levels(node, kept)),
        resource_group: optional(node, "resource-group"),
        tags: map(node, "tags"),
        aliases: list(node, "aliases", string),
        key: node.get("key").map(key).unwrap_or_default(),
        organization: node.get("organization").map(organization),
    }
}

fn key(node: &Node) -> Key {
    let default = Key::default();
    Key {
        spec: optional(node, "spec").unwrap_or(default.spec),
        usage: optional(node, "usage").unwrap_or(default.usage),
        origin: optional(node, "origin").unwrap_or(default.origin),
        multi_region: optional(node, "multi-region"),
        manager: optional(node, "manager").unwrap_or(default.manager),
    }
}

fn grant(node: &Node) -> Grant {
    Grant {
        id: text(node, "id"),
        grantee: text(node, "grantee"),
        retiring: optional(node, "retiring"),
        issuer: optional(node, "issuer"),
        operations: list(node, "operations", string),
        constraints: node.get("constraints").cloned(),
    }
}

fn organization(node: &Node) -> Organization {
    Organization {
        id: text(node, "id"),
        path: text(node, "path"),
        management: node.get("management").and_then(Node::as_bool).unwrap_or(false),
    }
}

fn levels(node: &Node, kept: &mut Documents) -> Vec<Vec<Document>> {
    node.elements().unwrap_or_default().iter().map(|node| documents(node, kept)).collect()
}

fn documents(node: &Node, kept: &mut Documents) -> Vec<Document> {
    node.elements().unwrap_or_default().iter().filter_map(|node| kept.read(node)).collect()
}

fn document(node: &Node, name: &str, kept: &mut Documents) -> Option<Document> {
    node.get(name).and_then(|node| kept.read(node))
}

fn string(node: &Node) -> String {
    node.as_str().unwrap_or_default().to_owned()
}

fn optional(node: &Node, name: &str) -> Option<String> {
    node.get(name).map(string)
}

fn text(node: &Node, name: &str) -> String {
    optional(node, name).unwrap_or_default()
}

fn list<T>(node: &Node, name: &str, read: impl FnMut(&Node) -> T) -> Vec<T> {
    node.get(name).and_then(Node::elements).unwrap_or_default().iter().map(read).collect()
}

fn map(node: &Node, name: &str) -> BTreeMap<String, String> {
    let members = node.get(name).and_then(Node::members).unwrap_or_default();
    members.iter().map(|member| (member.name.clone(), string(&member.node))).collect()
}
