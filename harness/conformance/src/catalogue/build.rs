//! Decides which question a check asks.

mod aws;
mod ram;

use kms_model::arn::Arn;
use kms_model::derive::{context_types, derive_in};
use kms_model::json::{Node, Span};
use kms_model::operations::{self, Target};
use kms_model::question::{
    Ask, Authorization, Authorize, ContextValue, Operation, PolicyType, Resource, Validate,
};
use kms_model::{Dialect, Question};

use super::suite::{text, texts};
use super::world::{World, empty};
use aws::On;

/// The address that requests come from unless the check says otherwise.
const SOURCE_IP: &str = "203.0.113.10";

/// A question, and whether the check gave it a context that its facts would not.
pub struct Built {
    pub question: Question,
    pub changes_context: bool,
}

/// Builds the question of a filled-in check in its world. Problems go to the world.
pub fn question(dialect: Dialect, check: &Node, world: &mut World<'_>) -> Option<Built> {
    let forms: Vec<_> = ["operation", "action", "validate"]
        .into_iter()
        .filter_map(|name| Some((name, check.get(name)?)))
        .collect();
    match forms.as_slice() {
        [("operation", node)] if dialect == Dialect::Ram => ram::operation(check, node, world),
        [("operation", node)] => operation(dialect, check, node, world),
        [("action", node)] => other_service(dialect, check, node, world),
        [("validate", node)] => validate(dialect, check, node, world),
        _ => refuse(world, check.span, "a check has exactly one of `operation`, `action` and `validate`"),
    }
}

fn refuse<T>(world: &mut World<'_>, span: Span, message: impl Into<String>) -> Option<T> {
    world.problems.push(kms_model::shape::Problem::new(span, message));
    None
}

fn needed<'a>(check: &'a Node, name: &str, world: &mut World<'_>) -> Option<(&'a str, Span)> {
    match check.get(name) {
        Some(node) => Some((node.as_str()?, node.span)),
        None => refuse(world, check.span, format!("the check needs `{name}`")),
    }
}

/// What stands in the check must belong to its form.
fn only(check: &Node, members: &[&str], world: &mut World<'_>) {
    const FORMS: &[&str] = &[
        "action",
        "caller",
        "context",
        "derived",
        "for",
        "from",
        "on",
        "operation",
        "parameters",
        "policy",
        "resource",
        "validate",
        "via",
    ];
    for member in check.members().unwrap_or_default() {
        let name = member.name.as_str();
        if FORMS.contains(&name) && !members.contains(&name) {
            let message = format!("`{}` does not belong in this form of check", member.name);
            world.problems.push(kms_model::shape::Problem::new(member.name_span, message));
        }
    }
}

fn operation(dialect: Dialect, check: &Node, name: &Node, world: &mut World<'_>) -> Option<Built> {
    let members = ["operation", "caller", "on", "parameters", "from", "via", "context", "derived"];
    only(check, &members, world);
    let wanted = name.as_str()?;
    let Some(known) = operations::by_name(wanted) else {
        return refuse(world, name.span, format!("no KMS operation `{wanted}`"));
    };
    let (caller_name, caller_span) = needed(check, "caller", world)?;
    let caller = world.caller(caller_name, caller_span)?;
    let on = On { check, known, caller: &caller };
    let mut region = None;
    let mut authorizations = Vec::new();
    for (action, target) in &known.authorizations {
        let (resource, of) = on.resource(*target, world)?;
        region = region.or(of);
        authorizations.push(Authorization::new(*action, resource));
    }
    if ["CreateKey", "ReplicateKey"].contains(&known.name) && on.parameter("Tags").is_some() {
        authorizations.push(on.tagging(world));
    }
    let mut parameters = parameters(check, world);
    let key_id = if known.name == "ReEncrypt" { "SourceKeyId" } else { "KeyId" };
    if let Some(alias) = text(check, "on").filter(|name| name.starts_with("alias/"))
        && parameters.get(key_id).is_none()
        && !known.authorizations.iter().any(|(_, target)| *target == Target::Alias)
    {
        parameters = super::expand::merge(&parameters, &Node::from_iter([(key_id, alias.into())]));
    }
    let mut ask = Authorize::new(world.time(), caller.clone(), authorizations);
    ask.operation = Some(Operation::new(known.name, parameters));
    finish(dialect, region.unwrap_or_else(|| world.region()), check, ask, world)
}

/// The parameters of the operation, where keys that are named as in the world go by their ARNs: a question holds nothing to
/// look up.
fn parameters(check: &Node, world: &mut World<'_>) -> Node {
    let mut parameters = check.get("parameters").cloned().unwrap_or_else(empty);
    for name in ["DestinationKeyId", "EncryptionKeyId", "KeyId", "SourceKeyId", "TargetKeyId"] {
        let Some(node) = parameters.get(name).filter(|node| world.has_key(node.as_str().unwrap_or_default()))
        else {
            continue;
        };
        if let Some((key, _)) = world.key(node.as_str().unwrap_or_default(), node.span) {
            let arn = Node { span: node.span, ..Node::from(key.arn.as_str()) };
            parameters = super::expand::merge(&parameters, &Node::from_iter([(name, arn)]));
        }
    }
    parameters
}

fn other_service(dialect: Dialect, check: &Node, action: &Node, world: &mut World<'_>) -> Option<Built> {
    only(check, &["action", "caller", "resource", "on", "from", "via", "context", "derived"], world);
    let action = action.as_str()?.to_owned();
    let (caller_name, caller_span) = needed(check, "caller", world)?;
    let caller = world.caller(caller_name, caller_span)?;
    let service = action.split(':').next().unwrap_or_default().to_owned();
    if service == "kms" {
        return refuse(world, check.span, "a KMS request is asked by `operation`");
    }
    let mut resource = match check.get("on").and_then(|node| Some((node.as_str()?, node.span))) {
        Some((name, span)) => world.resource(name, span)?,
        None => {
            let mut resource = Resource::default();
            let wanted = text(check, "resource").unwrap_or_default();
            let own = caller.account.clone().unwrap_or_default();
            let owner = Arn::parse(&wanted).map(|arn| arn.account.to_owned()).filter(|id| !id.is_empty());
            let id = owner.unwrap_or(own);
            let name = world.account_of_id(&id);
            world.owned(&mut resource, &name, id);
            resource
        }
    };
    if let Some(arn) = text(check, "resource") {
        resource.arn = arn;
    }
    if resource.arn.is_empty() {
        return refuse(
            world,
            check.span,
            "the check needs `resource`, or an `on` whose resource has an `arn`",
        );
    }
    if resource.kind.is_empty() {
        resource.kind = format!("{service}:resource");
    }
    let ask = Authorize::new(world.time(), caller, vec![Authorization::new(action, resource)]);
    finish(dialect, world.region(), check, ask, world)
}

/// Where the request comes from, and its context.
fn finish(
    dialect: Dialect,
    region: String,
    check: &Node,
    mut ask: Authorize,
    world: &mut World<'_>,
) -> Option<Built> {
    match check.get("from").and_then(|node| Some((node.as_str()?, node.span))) {
        None => ask.source_ip = Some(SOURCE_IP.to_owned()),
        Some((from, _)) if from.parse::<std::net::IpAddr>().is_ok() => ask.source_ip = Some(from.to_owned()),
        Some((from, span)) => ask.endpoint = Some(world.endpoint(from, span)?),
    }
    ask.via = match check.get("via").and_then(Node::as_str) {
        Some(service) => vec![service.to_owned()],
        None => texts(check, "via").into_iter().map(|(text, _)| text.to_owned()).collect(),
    };
    let derived: Vec<_> =
        ask.authorizations.iter().map(|one| derive_in(dialect, &region, &ask, one)).collect();
    compare(check, &derived, world);
    let mut changes_context = false;
    for (authorization, mut context) in ask.authorizations.iter_mut().zip(derived) {
        let given = check.get("context").is_some().then(|| context.clone());
        for member in check.get("context").and_then(Node::members).unwrap_or_default() {
            if !member.name.to_ascii_lowercase().starts_with("kms:encryptioncontext:")
                || member.node.is_null()
            {
                context.remove(&member.name);
            }
            if let Some(value) = value(&member.node) {
                context.set(member.name.clone(), value);
            }
        }
        changes_context |= given.is_some_and(|given| given != context);
        authorization.context = Some(context);
    }
    ask.context_types =
        context_types(dialect, ask.authorizations.iter().filter_map(|one| one.context.as_ref()));
    Some(Built { question: Question::authorize(dialect, region, ask), changes_context })
}

/// What the check says of the derived context must be so.
fn compare(check: &Node, derived: &[kms_model::question::Context], world: &mut World<'_>) {
    for member in check.get("derived").and_then(Node::members).unwrap_or_default() {
        let expected = value(&member.node);
        let found: Vec<_> = derived.iter().map(|context| context.get(&member.name)).collect();
        let met = match &expected {
            Some(expected) => found.contains(&Some(expected)),
            None => found.iter().all(Option::is_none),
        };
        if !met {
            let shown = found.iter().flatten().next().map_or_else(
                || "it is absent".to_owned(),
                |value| format!("it is {}", kms_model::json::compact(&value.to_node())),
            );
            let message = format!("the request's `{}` is not as `derived` says: {shown}", member.name);
            world.problems.push(kms_model::shape::Problem::new(member.node.span, message));
        }
    }
}

fn value(node: &Node) -> Option<ContextValue> {
    match node.elements() {
        Some(elements) => {
            Some(ContextValue::Many(elements.iter().filter_map(|e| e.as_str().map(str::to_owned)).collect()))
        }
        None => node.as_str().map(|text| ContextValue::One(text.to_owned())),
    }
}

fn validate(dialect: Dialect, check: &Node, policy_type: &Node, world: &mut World<'_>) -> Option<Built> {
    only(check, &["validate", "policy", "for", "caller", "on", "parameters"], world);
    let policy_type = PolicyType::from_word(policy_type.as_str()?)?;
    let Some(policy) = check.get("policy") else {
        return refuse(world, check.span, "the check needs `policy`");
    };
    let mut validate = Validate::new(policy_type, world.document(policy)?);
    let mut region = world.region();
    validate.purpose = text(check, "for");
    if let Some((name, span)) = check.get("caller").and_then(|node| Some((node.as_str()?, node.span))) {
        validate.caller = Some(world.caller(name, span)?);
    }
    if let Some((name, span)) = check.get("on").and_then(|node| Some((node.as_str()?, node.span))) {
        let (mut resource, of) = match name.strip_prefix("secret:") {
            Some(secret) if dialect == Dialect::Ram => world.ram_thing("secrets", "secret", secret, span)?,
            _ => world.key(name, span)?,
        };
        // The document is about to replace what the key has.
        resource.policy = None;
        validate.resource = Some(resource);
        region = of;
    }
    validate.parameters = check.get("parameters").cloned();
    Some(Built { question: Question::validate(dialect, region, validate), changes_context: false })
}

/// Whether the question holds a key policy longer than KMS takes.
pub fn oversize(question: &Question) -> bool {
    const LIMIT: usize = 32_768;
    match &question.ask {
        Ask::Authorize(ask) => ask.authorizations.iter().any(|one| {
            let policy = one.resource.policy.as_ref().filter(|_| one.resource.kind == "kms:key");
            policy.is_some_and(|policy| policy.text().len() > LIMIT)
        }),
        Ask::Validate(ask) => ask.policy_type == PolicyType::KeyPolicy && ask.document.text().len() > LIMIT,
        _ => false,
    }
}
