//! Decides which question a JSON value is.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::{
    Ask, Attached, Authorization, Authorize, Caller, CallerKind, Context, ContextValue, Endpoint, Grant, Key,
    Operation, Organization, PolicyType, Question, Resource, Validate, shape,
};
use crate::json::{Json, Kind, Limits, Node, Span, Tape};
use crate::shape::{Path, Problem};
use crate::{Dialect, Document, Documents};

impl Question {
    /// Reads a question from text.
    ///
    /// # Errors
    /// Every place where the text departs from the contract.
    pub fn parse(text: &str) -> Result<Self, Vec<Problem>> {
        let tape = Tape::read(text, Limits::default()).map_err(|error| {
            vec![Problem::new(Span { start: error.offset, end: error.offset }, error.message)]
        })?;
        Self::of(tape.root(), &mut Documents::new(0))
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
        Self::of(node, documents)
    }

    /// The same for a value that is kept in whichever way.
    pub(crate) fn of<'a>(value: impl Json<'a>, documents: &mut Documents) -> Result<Self, Vec<Problem>> {
        let mut problems = Vec::new();
        shape::QUESTION.check_at(value, &Path::Root(""), &mut problems);
        let kind = value.get("kind").map(text).unwrap_or_default();
        let needed: &[&str] = match &*kind {
            "authorize" => &["time", "caller", "authorizations"],
            _ => &["policy-type", "document"],
        };
        for name in needed.iter().filter(|name| value.get(name).is_none()) {
            problems.push(Problem::new(value.span(), format!("a question of kind `{kind}` needs `{name}`")));
        }
        if value.get("authorizations").is_some_and(is_empty_list) {
            problems.push(Problem::new(value.span(), "`authorizations` must hold at least one"));
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        let ram = value.get("dialect").is_some_and(|dialect| text(dialect) == "ram");
        let ask = match &*kind {
            "authorize" => Ask::Authorize(Box::new(authorize(value, documents))),
            _ => Ask::Validate(Box::new(validate(value, documents))),
        };
        let region = value.get("region").map(string).unwrap_or_default();
        Ok(Self { dialect: if ram { Dialect::Ram } else { Dialect::Aws }, region, ask })
    }
}

// Those below read objects whose form is known to be right: what must be there is there, and nothing twice.

fn authorize<'a>(value: impl Json<'a>, kept: &mut Documents) -> Authorize {
    let mut ask = Authorize::new("", Caller::default(), Vec::new());
    for (name, value) in value.members() {
        match &*name.text {
            "time" => ask.time = string(value),
            "caller" => ask.caller = caller(value, kept),
            "source-ip" => ask.source_ip = Some(string(value)),
            "endpoint" => ask.endpoint = Some(endpoint(value, kept)),
            "via" => ask.via = strings(value),
            "operation" => ask.operation = Some(operation(value)),
            "authorizations" => {
                ask.authorizations = value.elements().map(|value| authorization(value, kept)).collect();
            }
            "context-types" => ask.context_types = map(value),
            _ => {}
        }
    }
    ask
}

fn validate<'a>(value: impl Json<'a>, kept: &mut Documents) -> Validate {
    let document = value.get("document").and_then(|value| kept.of(value));
    let mut ask = Validate::new(PolicyType::Identity, document.unwrap_or_else(|| Document::new("")));
    for (name, value) in value.members() {
        match &*name.text {
            "policy-type" => {
                ask.policy_type = PolicyType::from_word(&text(value)).unwrap_or(ask.policy_type);
            }
            "for" => ask.purpose = Some(string(value)),
            "caller" => ask.caller = Some(caller(value, kept)),
            "resource" => ask.resource = Some(resource(value, kept)),
            "parameters" => ask.parameters = Some(value.to_node()),
            "principals" => ask.principals = Some(strings(value)),
            _ => {}
        }
    }
    ask
}

fn caller<'a>(value: impl Json<'a>, kept: &mut Documents) -> Caller {
    let mut caller = Caller::default();
    for (name, value) in value.members() {
        match &*name.text {
            "kind" => caller.kind = CallerKind::from_word(&text(value)).unwrap_or_default(),
            "arn" => caller.arn = Some(string(value)),
            "account" => caller.account = Some(string(value)),
            "issuer" => caller.issuer = Some(string(value)),
            "service" => caller.service = Some(string(value)),
            "policies" => caller.policies = value.elements().map(|value| attached(value, kept)).collect(),
            "boundary" => caller.boundary = kept.of(value),
            "session-policies" => caller.session_policies = Some(documents(value, kept)),
            "scps" => caller.scps = Some(levels(value, kept)),
            "tags" => caller.tags = map(value),
            "organization" => caller.organization = Some(organization(value)),
            _ => {}
        }
    }
    caller
}

fn attached<'a>(value: impl Json<'a>, kept: &mut Documents) -> Attached {
    let document = value.get("document").and_then(|value| kept.of(value));
    let mut attached = Attached::new("", document.unwrap_or_else(|| Document::new("")));
    for (name, value) in value.members() {
        match &*name.text {
            "from" => attached.from = string(value),
            "resource-group" => attached.resource_group = Some(string(value)),
            _ => {}
        }
    }
    attached
}

fn endpoint<'a>(value: impl Json<'a>, kept: &mut Documents) -> Endpoint {
    let mut endpoint = Endpoint::default();
    for (name, value) in value.members() {
        match &*name.text {
            "id" => endpoint.id = string(value),
            "vpc" => endpoint.vpc = string(value),
            "policy" => endpoint.policy = kept.of(value),
            _ => {}
        }
    }
    endpoint
}

fn operation<'a>(value: impl Json<'a>) -> Operation {
    let mut operation = Operation::new("", Node::from_iter([] as [(&str, Node); 0]));
    for (name, value) in value.members() {
        match &*name.text {
            "name" => operation.name = string(value),
            "parameters" => operation.parameters = value.to_node(),
            _ => {}
        }
    }
    operation
}

fn authorization<'a>(value: impl Json<'a>, kept: &mut Documents) -> Authorization {
    let resource = value.get("resource").map(|value| resource(value, kept));
    let mut authorization = Authorization::new("", resource.unwrap_or_default());
    for (name, value) in value.members() {
        match &*name.text {
            "action" => authorization.action = string(value),
            "context" => authorization.context = Some(context(value)),
            _ => {}
        }
    }
    authorization
}

fn context<'a>(value: impl Json<'a>) -> Context {
    let mut context = Context::default();
    for (name, value) in value.members() {
        let value = match value.text() {
            Some(text) => ContextValue::One(text.into_owned()),
            None => ContextValue::Many(strings(value)),
        };
        context.set(name.text.into_owned(), value);
    }
    context
}

fn resource<'a>(value: impl Json<'a>, kept: &mut Documents) -> Resource {
    let mut resource = Resource::default();
    for (name, value) in value.members() {
        match &*name.text {
            "arn" => resource.arn = string(value),
            "account" => resource.account = string(value),
            "type" => resource.kind = string(value),
            "policy" => resource.policy = kept.of(value),
            "grants" => resource.grants = value.elements().map(grant).collect(),
            "rcps" => resource.rcps = Some(levels(value, kept)),
            "control-policies" => resource.control_policies = Some(levels(value, kept)),
            "resource-group" => resource.resource_group = Some(string(value)),
            "tags" => resource.tags = map(value),
            "aliases" => resource.aliases = strings(value),
            "key" => resource.key = key(value),
            "organization" => resource.organization = Some(organization(value)),
            _ => {}
        }
    }
    resource
}

fn key<'a>(value: impl Json<'a>) -> Key {
    let mut key = Key::default();
    for (name, value) in value.members() {
        match &*name.text {
            "spec" => key.spec = string(value),
            "usage" => key.usage = string(value),
            "origin" => key.origin = string(value),
            "multi-region" => key.multi_region = Some(string(value)),
            "manager" => key.manager = string(value),
            _ => {}
        }
    }
    key
}

fn grant<'a>(value: impl Json<'a>) -> Grant {
    let mut grant = Grant::default();
    for (name, value) in value.members() {
        match &*name.text {
            "id" => grant.id = string(value),
            "grantee" => grant.grantee = string(value),
            "retiring" => grant.retiring = Some(string(value)),
            "issuer" => grant.issuer = Some(string(value)),
            "operations" => grant.operations = strings(value),
            "constraints" => grant.constraints = Some(value.to_node()),
            _ => {}
        }
    }
    grant
}

fn organization<'a>(value: impl Json<'a>) -> Organization {
    let mut organization = Organization::default();
    for (name, value) in value.members() {
        match &*name.text {
            "id" => organization.id = string(value),
            "path" => organization.path = string(value),
            "management" => organization.management = value.is_true(),
            _ => {}
        }
    }
    organization
}

fn levels<'a>(value: impl Json<'a>, kept: &mut Documents) -> Vec<Vec<Document>> {
    value.elements().map(|value| documents(value, kept)).collect()
}

fn documents<'a>(value: impl Json<'a>, kept: &mut Documents) -> Vec<Document> {
    value.elements().filter_map(|value| kept.of(value)).collect()
}

fn is_empty_list<'a>(value: impl Json<'a>) -> bool {
    value.kind() == Kind::Array && value.elements().next().is_none()
}

fn text<'a>(value: impl Json<'a>) -> Cow<'a, str> {
    value.text().unwrap_or_default()
}

fn string<'a>(value: impl Json<'a>) -> String {
    text(value).into_owned()
}

fn strings<'a>(value: impl Json<'a>) -> Vec<String> {
    value.elements().map(string).collect()
}

fn map<'a>(value: impl Json<'a>) -> BTreeMap<String, String> {
    value.members().map(|(name, value)| (name.text.into_owned(), string(value))).collect()
}
