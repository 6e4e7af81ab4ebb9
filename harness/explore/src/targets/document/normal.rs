//! Decides when two policies say the same: their normal form, every element that may be a list a list.

use kms_model::json::{Node, Span, Value};
use kms_model::policy::{Condition, Effect, Element, Policy, PrincipalKind, Text, Version};
use kms_model::ram::policy::RamPolicy;
use serde_json::{Map, Value as Json};

/// The normal form of a policy, and every text that it was read from with its place.
#[derive(Default)]
pub struct Normal {
    pub document: Json,
    pub said: Vec<(Span, String)>,
}

impl Normal {
    pub fn of_aws(policy: &Policy) -> Self {
        let mut normal = Self::default();
        let mut document = Map::new();
        if let Some(version) = policy.version {
            let version = if version == Version::V2012 { "2012-10-17" } else { "2008-10-17" };
            document.insert("Version".to_owned(), version.into());
        }
        normal.text(&mut document, "Id", policy.id.as_ref());
        let mut statements = Vec::new();
        for statement in &policy.statements {
            let mut members = Map::new();
            normal.text(&mut members, "Sid", statement.sid.as_ref());
            effect(&mut members, statement.effect);
            if let Some(principal) = &statement.principal {
                let name = if principal.negated { "NotPrincipal" } else { "Principal" };
                let kinds = principal.values.iter().map(|(kind, text)| (word(*kind), text));
                let value = match principal.values.first() {
                    Some((PrincipalKind::Everyone, text)) => normal.say(text),
                    _ => normal.kinds(kinds),
                };
                members.insert(name.to_owned(), value);
            }
            normal.element(&mut members, "Action", statement.action.as_ref());
            normal.element(&mut members, "Resource", statement.resource.as_ref());
            normal.conditions(&mut members, &statement.conditions);
            statements.push(Json::Object(members));
        }
        document.insert("Statement".to_owned(), statements.into());
        normal.document = document.into();
        normal
    }

    pub fn of_ram(policy: &RamPolicy) -> Self {
        let mut normal = Self::default();
        let mut statements = Vec::new();
        for statement in &policy.statements {
            let mut members = Map::new();
            normal.text(&mut members, "Sid", statement.sid.as_ref());
            effect(&mut members, statement.effect);
            if let Some(principal) = &statement.principal {
                let kinds = principal.values.iter().map(|(kind, text)| (kind.word(), text));
                let value = normal.kinds(kinds);
                members.insert("Principal".to_owned(), value);
            }
            normal.element(&mut members, "Action", Some(&statement.action));
            normal.element(&mut members, "Resource", statement.resource.as_ref());
            normal.conditions(&mut members, &statement.conditions);
            statements.push(Json::Object(members));
        }
        normal.document = serde_json::json!({ "Version": "1", "Statement": statements });
        normal
    }

    fn say(&mut self, text: &Text) -> Json {
        self.said.push((text.span, text.text.clone()));
        text.text.as_str().into()
    }

    fn text(&mut self, members: &mut Map<String, Json>, name: &str, text: Option<&Text>) {
        if let Some(text) = text {
            members.insert(name.to_owned(), self.say(text));
        }
    }

    fn texts(&mut self, texts: &[Text]) -> Json {
        texts.iter().map(|text| self.say(text)).collect()
    }

    fn element(&mut self, members: &mut Map<String, Json>, name: &str, element: Option<&Element>) {
        if let Some(element) = element {
            let name = if element.negated { format!("Not{name}") } else { name.to_owned() };
            members.insert(name, self.texts(&element.values));
        }
    }

    fn kinds<'a>(&mut self, values: impl Iterator<Item = (&'a str, &'a Text)>) -> Json {
        let mut kinds: Map<String, Json> = Map::new();
        for (kind, text) in values {
            let text = self.say(text);
            if let Json::Array(values) = kinds.entry(kind).or_insert_with(|| Json::Array(Vec::new())) {
                values.push(text);
            }
        }
        kinds.into()
    }

    fn conditions(&mut self, members: &mut Map<String, Json>, conditions: &[Condition]) {
        let mut operators: Map<String, Json> = Map::new();
        for condition in conditions {
            self.say(&condition.operator);
            self.say(&condition.key);
            let values = self.texts(&condition.values);
            let operator = operators.entry(condition.operator.text.as_str());
            if let Json::Object(keys) = operator.or_insert_with(|| Map::new().into()) {
                keys.insert(condition.key.text.clone(), values);
            }
        }
        if !operators.is_empty() {
            members.insert("Condition".to_owned(), operators.into());
        }
    }
}

/// The normal form of the document that a JSON value is, by its JSON alone. What says nothing is left out: an operator
/// without keys, a kind of principal without values.
pub fn of_json(node: &Node) -> Json {
    object(node, |name, node| match name {
        "Statement" => Some(listed(node).iter().map(statement).collect()),
        _ => Some(scalar(node)),
    })
}

fn statement(node: &Node) -> Json {
    object(node, |name, node| match name {
        "Action" | "NotAction" | "Resource" | "NotResource" => Some(list(node)),
        "Principal" | "NotPrincipal" if node.members().is_some() => {
            Some(object(node, |_, node| Some(list(node)).filter(is_filled)))
        }
        "Condition" => {
            let keys = |node: &Node| object(node, |_, node| Some(list(node)));
            Some(object(node, |_, node| Some(keys(node)).filter(is_filled))).filter(is_filled)
        }
        _ => Some(scalar(node)),
    })
}

fn object(node: &Node, value: impl Fn(&str, &Node) -> Option<Json>) -> Json {
    let members = node.members().unwrap_or_default().iter();
    members.filter_map(|member| Some((member.name.clone(), value(&member.name, &member.node)?))).collect()
}

fn list(node: &Node) -> Json {
    listed(node).iter().map(scalar).collect()
}

fn listed(node: &Node) -> &[Node] {
    node.elements().unwrap_or(std::slice::from_ref(node))
}

/// Numbers and booleans are held as texts, in their JSON spelling.
fn scalar(node: &Node) -> Json {
    match &node.value {
        Value::String(text) | Value::Number(text) => text.as_str().into(),
        Value::Bool(value) => value.to_string().into(),
        _ => Json::Null,
    }
}

fn is_filled(value: &Json) -> bool {
    value.as_array().is_none_or(|list| !list.is_empty())
        && value.as_object().is_none_or(|map| !map.is_empty())
}

fn effect(members: &mut Map<String, Json>, effect: Effect) {
    let word = if effect == Effect::Allow { "Allow" } else { "Deny" };
    members.insert("Effect".to_owned(), word.into());
}

fn word(kind: PrincipalKind) -> &'static str {
    match kind {
        PrincipalKind::Aws => "AWS",
        PrincipalKind::CanonicalUser => "CanonicalUser",
        PrincipalKind::Everyone => "*",
        PrincipalKind::Federated => "Federated",
        PrincipalKind::Service => "Service",
    }
}
