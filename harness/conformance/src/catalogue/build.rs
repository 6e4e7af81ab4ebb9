//! Decides which question a check asks.

use kms_model::arn::{Arn, partition};
use kms_model::derive::{context_types, derive};
use kms_model::json::{Node, Span};
use kms_model::operations::{self, KmsOperation, Target};
use kms_model::question::{
    Ask, Authorization, Authorize, Caller, ContextValue, Operation, PolicyType, Resource, Validate,
};
use kms_model::{Dialect, Question};

use super::suite::{text, texts};
use super::world::{World, empty};

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
    if known.name == "CreateKey" && on.parameter("Tags").is_some() {
        authorizations.push(on.tagging(world));
    }
    let mut parameters = check.get("parameters").cloned().unwrap_or_else(empty);
    if let Some(alias) = text(check, "on").filter(|name| name.starts_with("alias/"))
        && parameters.get("KeyId").is_none()
        && !known.authorizations.iter().any(|(_, target)| *target == Target::Alias)
    {
        parameters = super::expand::merge(&parameters, &Node::from_iter([("KeyId", alias.into())]));
    }
    let mut ask = Authorize::new(world.time(), caller.clone(), authorizations);
    ask.operation = Some(Operation::new(known.name, parameters));
    finish(dialect, region.unwrap_or_else(|| world.region()), check, ask, world)
}

/// What an operation is done to, as the check says it.
struct On<'a> {
    check: &'a Node,
    known: &'static KmsOperation,
    caller: &'a Caller,
}

impl On<'_> {
    fn parameter(&self, name: &str) -> Option<&Node> {
        self.check.get("parameters")?.get(name)
    }

    /// The resource of one authorization, and the Region it is in.
    fn resource(&self, target: Target, world: &mut World<'_>) -> Option<(Resource, Option<String>)> {
        match target {
            Target::None => Some((self.no_resource(world)?, None)),
            Target::Alias => self.alias(world),
            Target::Key("new-key") => self.named_key("TargetKeyId", world),
            Target::Key("destination-key") => self.named_key("DestinationKeyId", world),
            Target::Key("replica-key") => self.replica(world),
            Target::Key(_) => {
                let (name, span) = needed(self.check, "on", world)?;
                self.used_key(name, span, world)
            }
        }
    }

    /// The key of that name, or that an alias of that name stands for; it must have a policy.
    fn used_key(&self, name: &str, span: Span, world: &mut World<'_>) -> Option<(Resource, Option<String>)> {
        let name = match name.starts_with("alias/") {
            true => match world.key_of_alias(name) {
                Some(key) => key,
                None => return refuse(world, span, format!("no alias `{name}` in this world")),
            },
            false => name.to_owned(),
        };
        let (resource, region) = world.key(&name, span)?;
        if resource.policy.is_none() {
            return refuse(world, span, format!("key `{name}` has no policy in this world"));
        }
        Some((resource, Some(region)))
    }

    /// A key that a parameter names, by its name in the world or by its ARN.
    fn named_key(&self, parameter: &str, world: &mut World<'_>) -> Option<(Resource, Option<String>)> {
        let Some(node) = self.parameter(parameter).cloned() else {
            return match text(self.check, "on").filter(|name| !name.starts_with("alias/")) {
                Some(on) => self.used_key(&on, self.check.span, world),
                None => refuse(
                    world,
                    self.check.span,
                    format!("{} needs the parameter `{parameter}`", self.known.name),
                ),
            };
        };
        let wanted = node.as_str().unwrap_or_default();
        let name = key_names(world).into_iter().find(|name| {
            name == wanted || world.key(name, node.span).is_some_and(|(resource, _)| resource.arn == wanted)
        });
        match name {
            Some(name) => self.used_key(&name, node.span, world),
            None => refuse(world, node.span, format!("no key `{wanted}` in this world")),
        }
    }

    /// The key of the same id in the Region that is to become the primary one.
    fn replica(&self, world: &mut World<'_>) -> Option<(Resource, Option<String>)> {
        let (name, span) = needed(self.check, "on", world)?;
        let (primary, _) = world.key(name, span)?;
        let wanted = self.parameter("PrimaryRegion").and_then(Node::as_str).unwrap_or_default().to_owned();
        let id = |arn: &str| arn.rsplit_once('/').map(|(_, id)| id.to_owned());
        let replica = key_names(world).into_iter().find(|name| {
            let found = world.key(name, span);
            found.is_some_and(|(key, region)| region == wanted && id(&key.arn) == id(&primary.arn))
        });
        match replica {
            Some(name) => self.used_key(&name, span, world),
            None => refuse(world, span, format!("no replica of `{name}` in Region `{wanted}` in this world")),
        }
    }

    fn alias(&self, world: &mut World<'_>) -> Option<(Resource, Option<String>)> {
        let (on, span) = needed(self.check, "on", world)?;
        let alias = match on.starts_with("alias/") {
            true => Some(on.to_owned()),
            false => self.parameter("AliasName").and_then(Node::as_str).map(str::to_owned),
        };
        let Some(alias) = alias else {
            return refuse(world, span, format!("{} needs the parameter `AliasName`", self.known.name));
        };
        let key = world.key_of_alias(&alias).or_else(|| (!on.starts_with("alias/")).then(|| on.to_owned()));
        let Some(key) = key else { return refuse(world, span, format!("no alias `{alias}` in this world")) };
        let (key, region) = world.key(&key, span)?;
        let mut resource = Resource::default();
        resource.arn = format!("arn:{}:kms:{region}:{}:{alias}", partition(&region), key.account);
        resource.account = key.account;
        resource.kind = "kms:alias".to_owned();
        resource.rcps = key.rcps;
        resource.organization = key.organization;
        Some((resource, Some(region)))
    }

    fn no_resource(&self, world: &mut World<'_>) -> Option<Resource> {
        let mut resource = Resource::default();
        resource.arn = "*".to_owned();
        resource.kind = "kms:account".to_owned();
        let needs_key = self.known.authorizations.len() > 1;
        match self.check.get("on").filter(|_| !needs_key).and_then(|node| Some((node.as_str()?, node.span))) {
            Some((name, span)) => {
                let id = world.account_id(name, span)?;
                world.owned(&mut resource, name, id);
            }
            None => match &self.caller.account {
                Some(id) => {
                    let name = account_name(world, id);
                    world.owned(&mut resource, &name, id.clone());
                }
                None => {
                    let id = world.account_id("A", self.check.span)?;
                    world.owned(&mut resource, "A", id);
                }
            },
        }
        Some(resource)
    }

    /// Tags at creation need a permission on the key that does not exist yet.
    fn tagging(&self, world: &World<'_>) -> Authorization {
        let region = world.region();
        let account = self.caller.account.clone().unwrap_or_default();
        let mut resource = Resource::default();
        let id = "00000000-0000-0000-0000-000000000000";
        resource.arn = format!("arn:{}:kms:{region}:{account}:key/{id}", partition(&region));
        resource.account = account;
        resource.kind = "kms:new-key".to_owned();
        Authorization::new("kms:TagResource", resource)
    }
}

fn key_names(world: &World<'_>) -> Vec<String> {
    let keys = world.node.get("keys").and_then(Node::members).unwrap_or_default();
    keys.iter().map(|key| key.name.clone()).collect()
}

fn account_name(world: &World<'_>, id: &str) -> String {
    let accounts = world.node.get("accounts").and_then(Node::members).unwrap_or_default();
    let of_id = |account: &&kms_model::json::Member| text(&account.node, "id").as_deref() == Some(id);
    accounts.iter().find(of_id).map(|account| account.name.clone()).unwrap_or_default()
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
            let name = account_name(world, &id);
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
    let derived: Vec<_> = ask.authorizations.iter().map(|one| derive(&region, &ask, one)).collect();
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
    ask.context_types = context_types(ask.authorizations.iter().filter_map(|one| one.context.as_ref()));
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
        let (mut resource, of) = world.key(name, span)?;
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
