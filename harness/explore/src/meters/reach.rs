//! Decides which constructs a question holds, and which there are: operators, elements, layers, features, callers,
//! operations and condition keys.

use std::fmt;

use kms_model::policy::{Effect, PrincipalKind, Version};
use kms_model::question::{Ask, CallerKind, PolicyType};
use kms_model::ram::policy::{RamPolicy, RamPrincipalKind};
use kms_model::{Dialect, Document, Feature, Question, keys, operations, ram};

use super::visit;

/// A construct of the language, or of the world around it.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Construct {
    /// What kind of construct it is: `operator`.
    pub group: &'static str,
    /// Its name: `StringLike`.
    pub name: &'static str,
}

impl fmt::Display for Construct {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.group, self.name)
    }
}

/// The operators that both dialects have.
const OPERATORS: &[&str] = &[
    "Bool",
    "DateEquals",
    "DateGreaterThan",
    "DateGreaterThanEquals",
    "DateLessThan",
    "DateLessThanEquals",
    "DateNotEquals",
    "IpAddress",
    "NotIpAddress",
    "NumericEquals",
    "NumericGreaterThan",
    "NumericGreaterThanEquals",
    "NumericLessThan",
    "NumericLessThanEquals",
    "NumericNotEquals",
    "StringEquals",
    "StringEqualsIgnoreCase",
    "StringLike",
    "StringNotEquals",
    "StringNotEqualsIgnoreCase",
    "StringNotLike",
];
const AWS_OPERATORS: &[&str] = &[
    "ArnEquals",
    "ArnLike",
    "ArnNotEquals",
    "ArnNotLike",
    "BinaryEquals",
    "ForAllValues:",
    "ForAnyValue:",
    "Null",
    "…IfExists",
];
const ELEMENTS: &[&str] = &[
    "Action",
    "Allow",
    "Condition",
    "Deny",
    "NotAction",
    "Principal",
    "Resource",
    "Sid",
    "action *",
    "action with wildcard",
    "resource *",
    "resource with wildcard",
    "several values",
];
const AWS_ELEMENTS: &[&str] = &[
    "Id",
    "NotPrincipal",
    "NotResource",
    "Version 2008-10-17",
    "Version 2012-10-17",
    "no Version",
    "principal \"*\"",
    "principal AWS",
    "principal CanonicalUser",
    "principal Federated",
    "principal Service",
    "variable",
    "variable with default",
];
const RAM_ELEMENTS: &[&str] = &["principal Federated", "principal RAM", "principal Service"];
const AWS_LAYERS: &[&str] = &[
    "boundary",
    "endpoint",
    "grant",
    "grant with constraints",
    "group",
    "identity",
    "key-policy",
    "rcp",
    "resource-policy",
    "scp",
    "session",
];
const RAM_LAYERS: &[&str] = &[
    "control",
    "group",
    "identity",
    "key-policy",
    "resource group",
    "resource-policy",
    "secret-policy",
    "session",
    "trust-policy",
];
const AWS_DOCUMENTS: &[PolicyType] = &[
    PolicyType::Boundary,
    PolicyType::Endpoint,
    PolicyType::GrantRequest,
    PolicyType::Identity,
    PolicyType::KeyPolicy,
    PolicyType::Rcp,
    PolicyType::ResourcePolicy,
    PolicyType::Scp,
    PolicyType::Session,
];
const RAM_DOCUMENTS: &[PolicyType] = &[
    PolicyType::Control,
    PolicyType::Identity,
    PolicyType::KeyPolicy,
    PolicyType::ResourcePolicy,
    PolicyType::SecretPolicy,
    PolicyType::Session,
    PolicyType::TrustPolicy,
];
/// What only the other dialect has a place for. No evaluator knows all principals that exist.
const NOT_AWS: &[Feature] = &[Feature::ControlPolicies, Feature::PrincipalInventory, Feature::ResourceGroups];
const NOT_RAM: &[Feature] = &[
    Feature::AwsManagedKeys,
    Feature::Boundaries,
    Feature::EndpointPolicies,
    Feature::GrantRequests,
    Feature::Grants,
    Feature::LockoutSafetyCheck,
    Feature::PrincipalInventory,
    Feature::Rcps,
    Feature::Scps,
];

/// The operators of a dialect, without what can stand before and after them.
pub fn operators(dialect: Dialect) -> Vec<&'static str> {
    let own = AWS_OPERATORS.iter().filter(|_| dialect == Dialect::Aws);
    let plain = |name: &&&'static str| !name.starts_with('…') && !name.ends_with(':');
    OPERATORS.iter().chain(own).filter(plain).copied().collect()
}

/// The layers of a dialect whose documents have statements, each once.
pub fn layers(dialect: Dialect) -> Vec<&'static str> {
    let layers = if dialect == Dialect::Aws { AWS_LAYERS } else { RAM_LAYERS };
    layers.iter().filter(|name| PolicyType::from_word(name).is_some()).copied().collect()
}

/// The constructs of a dialect, group by group.
pub fn constructs(dialect: Dialect) -> Vec<Construct> {
    let is_aws = dialect == Dialect::Aws;
    let mut all = Vec::new();
    let mut add = |group, names: &[&'static str]| {
        all.extend(names.iter().map(|name| Construct { group, name }));
    };
    add("operator", OPERATORS);
    add("operator", if is_aws { AWS_OPERATORS } else { &[] });
    add("element", ELEMENTS);
    add("element", if is_aws { AWS_ELEMENTS } else { RAM_ELEMENTS });
    add("layer", if is_aws { AWS_LAYERS } else { RAM_LAYERS });
    let documents = if is_aws { AWS_DOCUMENTS } else { RAM_DOCUMENTS };
    add("document", &documents.iter().map(|kind| kind.word()).collect::<Vec<_>>());
    let foreign = if is_aws { NOT_AWS } else { NOT_RAM };
    let features = Feature::ALL.iter().filter(|feature| !foreign.contains(feature));
    add("feature", &features.map(|feature| feature.word()).collect::<Vec<_>>());
    add("caller", CallerKind::WORDS);
    let operations: Vec<_> = match is_aws {
        true => operations::all().iter().map(|operation| operation.name).collect(),
        false => ram::operations::all().iter().map(|operation| operation.name).collect(),
    };
    add("operation", &operations);
    let keys: Vec<_> = match is_aws {
        true => keys::all().iter().map(|key| key.name).collect(),
        false => ram::keys::all().iter().map(|key| key.name).collect(),
    };
    add("condition key", &keys);
    all
}

/// Calls `see` with each construct of the question, once or more.
pub fn of(question: &Question, see: &mut dyn FnMut(Construct)) {
    for feature in question.features() {
        see(Construct { group: "feature", name: feature.word() });
    }
    match &question.ask {
        Ask::Authorize(ask) => {
            see(Construct { group: "caller", name: ask.caller.kind.word() });
            if let Some(operation) = &ask.operation {
                let name = match question.dialect {
                    Dialect::Ram => ram::operations::by_name(&operation.name).map(|known| known.name),
                    _ => operations::by_name(&operation.name).map(|known| known.name),
                };
                name.into_iter().for_each(|name| see(Construct { group: "operation", name }));
            }
            let grants = ask.authorizations.iter().flat_map(|one| &one.resource.grants);
            for grant in grants {
                let name = if grant.constraints.is_some() { "grant with constraints" } else { "grant" };
                see(Construct { group: "layer", name });
            }
            for attached in &ask.caller.policies {
                if attached.from.starts_with("group/") {
                    see(Construct { group: "layer", name: "group" });
                }
                if attached.resource_group.is_some() {
                    see(Construct { group: "layer", name: "resource group" });
                }
            }
        }
        Ask::Validate(ask) => see(Construct { group: "document", name: ask.policy_type.word() }),
        _ => {}
    }
    let is_request = matches!(question.ask, Ask::Authorize(_));
    let dialect = question.dialect;
    visit::documents(&mut question.clone(), &mut |kind, document| {
        if is_request {
            see(Construct { group: "layer", name: kind.word() });
        }
        match dialect {
            Dialect::Ram => of_ram(document, see),
            _ => of_aws(document, see),
        }
    });
}

fn of_aws(document: &Document, see: &mut dyn FnMut(Construct)) {
    let Ok(policy) = document.policy() else { return };
    let mut element = |name| see(Construct { group: "element", name });
    element(match policy.version {
        Some(Version::V2012) => "Version 2012-10-17",
        Some(Version::V2008) => "Version 2008-10-17",
        None => "no Version",
    });
    if policy.id.is_some() {
        element("Id");
    }
    for statement in &policy.statements {
        let principals = statement.principal.iter().flat_map(|principal| &principal.values);
        for (kind, _) in principals {
            element(match kind {
                PrincipalKind::Aws => "principal AWS",
                PrincipalKind::CanonicalUser => "principal CanonicalUser",
                PrincipalKind::Everyone => "principal \"*\"",
                PrincipalKind::Federated => "principal Federated",
                PrincipalKind::Service => "principal Service",
            });
        }
        if let Some(principal) = &statement.principal {
            element(if principal.negated { "NotPrincipal" } else { "Principal" });
        }
        statement.sid.iter().for_each(|_| element("Sid"));
        element(if statement.effect == Effect::Allow { "Allow" } else { "Deny" });
        if let Some(action) = &statement.action {
            element(if action.negated { "NotAction" } else { "Action" });
            texts(&action.values, ["action *", "action with wildcard"], &mut element);
        }
        if let Some(resource) = &statement.resource {
            element(if resource.negated { "NotResource" } else { "Resource" });
            texts(&resource.values, ["resource *", "resource with wildcard"], &mut element);
        }
    }
    for condition in policy.statements.iter().flat_map(|statement| &statement.conditions) {
        see(Construct { group: "element", name: "Condition" });
        let name = condition.operator.text.as_str();
        let (prefix, name) = name.split_once(':').map_or(("", name), |(_, rest)| (name, rest));
        let parts = [
            if prefix.starts_with("ForAll") { "ForAllValues:" } else { prefix.get(..12).unwrap_or_default() },
            name.strip_suffix("IfExists").map_or("", |_| "…IfExists"),
            name.strip_suffix("IfExists").unwrap_or(name),
        ];
        let known = OPERATORS.iter().chain(AWS_OPERATORS).filter(|known| parts.contains(known));
        known.for_each(|name| see(Construct { group: "operator", name }));
        keys::by_name(&condition.key.text)
            .into_iter()
            .for_each(|key| see(Construct { group: "condition key", name: key.name }));
        texts(&condition.values, ["several values"; 2], &mut |name| {
            if name.starts_with("variable") {
                see(Construct { group: "element", name });
            }
        });
        if condition.values.len() > 1 {
            see(Construct { group: "element", name: "several values" });
        }
    }
}

fn of_ram(document: &Document, see: &mut dyn FnMut(Construct)) {
    let Ok(policy) = RamPolicy::read(document.text()) else { return };
    let mut element = |name| see(Construct { group: "element", name });
    for statement in &policy.statements {
        for (kind, _) in statement.principal.iter().flat_map(|principal| &principal.values) {
            element("Principal");
            element(match kind {
                RamPrincipalKind::Federated => "principal Federated",
                RamPrincipalKind::Ram => "principal RAM",
                RamPrincipalKind::Service => "principal Service",
            });
        }
        statement.sid.iter().for_each(|_| element("Sid"));
        element(if statement.effect == Effect::Allow { "Allow" } else { "Deny" });
        element(if statement.action.negated { "NotAction" } else { "Action" });
        texts(&statement.action.values, ["action *", "action with wildcard"], &mut element);
        if let Some(resource) = &statement.resource {
            element("Resource");
            texts(&resource.values, ["resource *", "resource with wildcard"], &mut element);
        }
    }
    for condition in policy.statements.iter().flat_map(|statement| &statement.conditions) {
        see(Construct { group: "element", name: "Condition" });
        let operator = OPERATORS.iter().find(|known| **known == condition.operator.text);
        operator.into_iter().for_each(|name| see(Construct { group: "operator", name }));
        ram::keys::by_name(&condition.key.text)
            .into_iter()
            .for_each(|key| see(Construct { group: "condition key", name: key.name }));
        if condition.values.len() > 1 {
            see(Construct { group: "element", name: "several values" });
        }
    }
}

/// The forms of the values of an element; `names` are for `*` alone and for other wildcards.
fn texts(
    values: &[kms_model::policy::Text],
    [star, wildcard]: [&'static str; 2],
    element: &mut dyn FnMut(&'static str),
) {
    if values.len() > 1 {
        element("several values");
    }
    for value in values {
        match value.text.as_str() {
            "*" => element(star),
            text if text.contains("${") => {
                element(if text.contains(", '") { "variable with default" } else { "variable" });
            }
            text if text.contains(['*', '?']) => element(wildcard),
            _ => {}
        }
    }
}
