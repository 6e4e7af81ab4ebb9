//! Decides which constructs a question holds: operators, elements, layers, features, callers, operations, condition keys,
//! partitions and sizes.

use kms_model::policy::{Effect, PrincipalKind, Version};
use kms_model::question::{Ask, Authorize};
use kms_model::ram::policy::{RamPolicy, RamPrincipalKind};
use kms_model::{Dialect, Document, Question, arn, keys, operations, ram};

use super::constructs::{AWS_OPERATORS, Construct, OPERATORS, at_limit, over_limit};
use super::{forms, visit};
use crate::aws::MOST_ALIASES;
use crate::generate::size::Limit;

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
        Ask::Validate(ask) => {
            see(Construct { group: "document", name: ask.policy_type.word() });
            if let Some(limit) = Limit::of(question.dialect, ask.policy_type) {
                match limit.count(ask.document.text()) {
                    count if count == limit.most => see(at_limit(limit)),
                    count if count > limit.most => see(over_limit(limit)),
                    _ => {}
                }
            }
        }
        _ => {}
    }
    if question.dialect == Dialect::Aws {
        see(Construct { group: "partition", name: arn::partition(&question.region) });
    }
    forms::of_request(question, see);
    let has_many_aliases = matches!(&question.ask, Ask::Authorize(ask) if has_many_aliases(ask));
    let is_request = matches!(question.ask, Ask::Authorize(_));
    let dialect = question.dialect;
    visit::documents(&mut question.clone(), &mut |kind, document| {
        if is_request {
            see(Construct { group: "layer", name: kind.word() });
        }
        forms::of_text(dialect, document.text(), see);
        match dialect {
            Dialect::Ram => of_ram(document, see),
            _ => {
                of_aws(document, see);
                if has_many_aliases && mentions_aliases(document) {
                    see(Construct { group: "key", name: "more aliases than count" });
                }
            }
        }
    });
}

/// Whether a key has so many aliases that they do not count.
fn has_many_aliases(ask: &Authorize) -> bool {
    ask.authorizations.iter().any(|one| one.resource.aliases.len() > MOST_ALIASES)
}

/// Whether a condition is about the aliases of a key.
fn mentions_aliases(document: &Document) -> bool {
    let is_it = |key: &str| key.eq_ignore_ascii_case("kms:ResourceAliases");
    document.policy().is_ok_and(|policy| {
        let conditions = policy.statements.iter().flat_map(|statement| &statement.conditions);
        conditions.into_iter().any(|condition| is_it(&condition.key.text))
    })
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
