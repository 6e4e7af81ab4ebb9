//! Decides how a question is written: members that do not exist are absent, the order is that of the contract.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::{
    Ask, Authorization, Authorize, Caller, Context, ContextValue, Grant, Key, Organization, Question,
    Resource, Validate,
};
use crate::Document;
use crate::json::{Limits, Node, parse, write_node, write_string};

/// An object that is being written.
struct Members<'a> {
    out: &'a mut String,
    any: bool,
}

impl Members<'_> {
    /// The member of that name, whose value `write` writes.
    fn put(&mut self, name: &str, write: impl FnOnce(&mut String)) {
        if self.any {
            self.out.push(',');
        }
        self.any = true;
        write_string(name, self.out);
        self.out.push(':');
        write(self.out);
    }

    fn put_some<T>(&mut self, name: &str, value: Option<T>, write: impl FnOnce(T, &mut String)) {
        if let Some(value) = value {
            self.put(name, |out| write(value, out));
        }
    }

    fn put_text(&mut self, name: &str, text: &str) {
        self.put(name, |out| write_string(text, out));
    }

    fn put_some_text(&mut self, name: &str, text: Option<&str>) {
        self.put_some(name, text, write_string);
    }

    /// A list, unless it is empty.
    fn put_list<T>(&mut self, name: &str, values: &[T], write: impl Fn(&T, &mut String)) {
        if !values.is_empty() {
            self.put(name, |out| list(values, out, write));
        }
    }

    /// Freely named members, unless there are none.
    fn put_map(&mut self, name: &str, map: &BTreeMap<String, String>) {
        if !map.is_empty() {
            self.put(name, |out| {
                object(out, |members| map.iter().for_each(|(key, value)| members.put_text(key, value)))
            });
        }
    }
}

fn object(out: &mut String, write: impl FnOnce(&mut Members<'_>)) {
    out.push('{');
    write(&mut Members { out, any: false });
    out.push('}');
}

fn list<T>(values: &[T], out: &mut String, write: impl Fn(&T, &mut String)) {
    out.push('[');
    for (index, value) in values.iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        write(value, out);
    }
    out.push(']');
}

impl Question {
    /// The question as a JSON value.
    pub fn to_node(&self) -> Node {
        // INVARIANT: what was just written is JSON; it may nest a little deeper than what is read from others.
        parse(&self.to_line(), Limits { depth: 1 << 10, bytes: usize::MAX }).unwrap_or_default()
    }

    /// The question as one line of JSON: the bytes by which two questions are the same.
    pub fn to_line(&self) -> String {
        let mut out = String::with_capacity(2048);
        self.write(&mut out);
        out
    }

    /// Appends the question as one line of JSON.
    pub(crate) fn write(&self, out: &mut String) {
        object(out, |members| {
            let kind = if matches!(self.ask, Ask::Authorize(_)) { "authorize" } else { "validate" };
            members.put_text("kind", kind);
            members.put_text("dialect", self.dialect.word());
            members.put_text("region", &self.region);
            match &self.ask {
                Ask::Authorize(ask) => authorize(ask, members),
                Ask::Validate(ask) => validate(ask, members),
            }
        });
    }
}

fn authorize(ask: &Authorize, members: &mut Members<'_>) {
    members.put_text("time", &ask.time);
    members.put("caller", |out| caller(&ask.caller, out));
    members.put_some_text("source-ip", ask.source_ip.as_deref());
    members.put_some("endpoint", ask.endpoint.as_ref(), |endpoint, out| {
        object(out, |members| {
            members.put_text("id", &endpoint.id);
            members.put_text("vpc", &endpoint.vpc);
            members.put_some("policy", endpoint.policy.as_ref(), Document::write);
        });
    });
    members.put_list("via", &ask.via, text);
    members.put_some("operation", ask.operation.as_ref(), |operation, out| {
        object(out, |members| {
            members.put_text("name", &operation.name);
            let parameters = Some(&operation.parameters);
            let given = |node: &&Node| node.members().is_some_and(|members| !members.is_empty());
            members.put_some("parameters", parameters.filter(given), write_node);
        });
    });
    members.put("authorizations", |out| list(&ask.authorizations, out, authorization));
    members.put_map("context-types", &ask.context_types);
}

fn validate(ask: &Validate, members: &mut Members<'_>) {
    members.put_text("policy-type", ask.policy_type.word());
    members.put("document", |out| ask.document.write(out));
    members.put_some_text("for", ask.purpose.as_deref());
    members.put_some("caller", ask.caller.as_ref(), caller);
    members.put_some("resource", ask.resource.as_ref(), resource);
    members.put_some("parameters", ask.parameters.as_ref(), write_node);
    members.put_some("principals", ask.principals.as_deref(), |arns, out| list(arns, out, text));
}

fn caller(caller: &Caller, out: &mut String) {
    object(out, |members| {
        members.put_text("kind", caller.kind.word());
        members.put_some_text("arn", caller.arn.as_deref());
        members.put_some_text("account", caller.account.as_deref());
        members.put_some_text("issuer", caller.issuer.as_deref());
        members.put_some_text("service", caller.service.as_deref());
        members.put_list("policies", &caller.policies, |policy, out| {
            object(out, |members| {
                members.put_text("from", &policy.from);
                members.put("document", |out| policy.document.write(out));
                members.put_some_text("resource-group", policy.resource_group.as_deref());
            });
        });
        members.put_some("boundary", caller.boundary.as_ref(), Document::write);
        members.put_some("session-policies", caller.session_policies.as_ref(), documents);
        members.put_some("scps", caller.scps.as_deref(), levels);
        members.put_map("tags", &caller.tags);
        members.put_some("organization", caller.organization.as_ref(), organization);
    });
}

fn authorization(authorization: &Authorization, out: &mut String) {
    object(out, |members| {
        members.put_text("action", &authorization.action);
        members.put("resource", |out| resource(&authorization.resource, out));
        members.put_some("context", authorization.context.as_ref(), context);
    });
}

fn context(context: &Context, out: &mut String) {
    object(out, |members| {
        for (key, value) in context.iter() {
            members.put(key, |out| match value {
                ContextValue::One(value) => write_string(value, out),
                ContextValue::Many(values) => list(values, out, text),
            });
        }
    });
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
            Self::Many(values) => values.iter().map(|value| Node::from(value.as_str())).collect(),
        }
    }
}

fn resource(resource: &Resource, out: &mut String) {
    object(out, |members| {
        members.put_text("arn", &resource.arn);
        members.put_text("account", &resource.account);
        members.put_text("type", &resource.kind);
        members.put_some("policy", resource.policy.as_ref(), Document::write);
        members.put_list("grants", &resource.grants, grant);
        members.put_some("rcps", resource.rcps.as_deref(), levels);
        members.put_some("control-policies", resource.control_policies.as_deref(), levels);
        members.put_some_text("resource-group", resource.resource_group.as_deref());
        members.put_map("tags", &resource.tags);
        members.put_list("aliases", &resource.aliases, text);
        key(&resource.key, members);
        members.put_some("organization", resource.organization.as_ref(), organization);
    });
}

/// The facts that differ from the default, unless there are none.
fn key(key: &Key, members: &mut Members<'_>) {
    static DEFAULT: LazyLock<Key> = LazyLock::new(Key::default);
    let default = &*DEFAULT;
    if key == default {
        return;
    }
    members.put("key", |out| {
        object(out, |members| {
            for (name, value, default) in [
                ("spec", &key.spec, &default.spec),
                ("usage", &key.usage, &default.usage),
                ("origin", &key.origin, &default.origin),
            ] {
                members.put_some_text(name, (value != default).then_some(value.as_str()));
            }
            members.put_some_text("multi-region", key.multi_region.as_deref());
            members
                .put_some_text("manager", (key.manager != default.manager).then_some(key.manager.as_str()));
        });
    });
}

fn grant(grant: &Grant, out: &mut String) {
    object(out, |members| {
        members.put_text("id", &grant.id);
        members.put_text("grantee", &grant.grantee);
        members.put_some_text("retiring", grant.retiring.as_deref());
        members.put_some_text("issuer", grant.issuer.as_deref());
        members.put("operations", |out| list(&grant.operations, out, text));
        members.put_some("constraints", grant.constraints.as_ref(), write_node);
    });
}

fn organization(organization: &Organization, out: &mut String) {
    object(out, |members| {
        members.put_text("id", &organization.id);
        members.put_text("path", &organization.path);
        if organization.management {
            members.put("management", |out| out.push_str("true"));
        }
    });
}

fn text(text: &impl AsRef<str>, out: &mut String) {
    write_string(text.as_ref(), out);
}

fn documents(documents: &impl AsRef<[Document]>, out: &mut String) {
    list(documents.as_ref(), out, Document::write);
}

fn levels(levels: &[Vec<Document>], out: &mut String) {
    list(levels, out, documents);
}
