//! Decides what the statements and documents say that relations add: as each policy type of each dialect takes them.

use kms_model::derive::derive_in;
use kms_model::json::{Node, compact};
use kms_model::question::{Ask, Authorize, Caller, CallerKind, PolicyType};
use kms_model::{Dialect, Document, Question};

use crate::Choices;
use crate::edit::{At, pick};

/// An action that no question about keys asks for.
pub const FOREIGN_ACTION: &str = "ecs:DescribeInstances";

/// An object with these members.
pub fn object<const N: usize>(members: [(&str, Node); N]) -> Node {
    Node::from_iter(members)
}

/// The request of a question about one.
pub fn request(question: &Question) -> Option<&Authorize> {
    match &question.ask {
        Ask::Authorize(ask) => Some(ask),
        _ => None,
    }
}

/// The request of a question that is to be varied.
pub fn request_mut(question: &mut Question) -> Option<&mut Authorize> {
    match &mut question.ask {
        Ask::Authorize(ask) => Some(ask),
        _ => None,
    }
}

/// The question with the condition keys of each authorization written out, as its facts give them.
pub fn with_context(question: &Question) -> Option<Question> {
    let ask = request(question)?;
    let mut given = question.clone();
    for (one, of) in request_mut(&mut given)?.authorizations.iter_mut().zip(&ask.authorizations) {
        one.context.get_or_insert_with(|| derive_in(question.dialect, &question.region, ask, of));
    }
    Some(given)
}

/// A statement, its elements but for `Effect`.
#[derive(Clone, Debug)]
pub struct Says {
    /// Whom it is about, in a policy that says so.
    pub principal: Option<Node>,
    /// `Action`
    pub action: Node,
    /// `Resource`
    pub resource: Option<Node>,
    /// `Condition`
    pub condition: Option<Node>,
}

impl Says {
    /// The statement.
    pub fn with(self, effect: &str) -> Node {
        let elements = [
            ("Effect", Some(Node::from(effect))),
            ("Principal", self.principal),
            ("Action", Some(self.action)),
            ("Resource", self.resource),
            ("Condition", self.condition),
        ];
        elements.into_iter().filter_map(|(name, node)| Some((name, node?))).collect()
    }
}

/// Whether a policy of that type says whom it is about.
pub fn names_principals(policy_type: PolicyType) -> bool {
    use PolicyType::{Endpoint, KeyPolicy, Rcp, ResourcePolicy, SecretPolicy, TrustPolicy};
    matches!(policy_type, Endpoint | KeyPolicy | Rcp | ResourcePolicy | SecretPolicy | TrustPolicy)
}

/// A principal element that reaches the caller, if one can stand in such a policy.
pub fn reaching(at: At<'_>, choices: &mut dyn Choices) -> Option<Node> {
    let ask = request(at.question)?;
    let caller = &ask.caller;
    if at.question.dialect == Dialect::Ram {
        return pick(ram_names(caller, at.policy_type), choices);
    }
    let mut names = vec![Node::from("*")];
    if at.policy_type != PolicyType::Rcp && partition(caller.arn.as_deref()) == partition_at(at) {
        let kinds = ["user/", "role/", "assumed-role/", "federated-user/", "root"];
        let arns = [&caller.arn, &caller.issuer].into_iter().flatten().filter(|arn| is_of(arn, &kinds));
        names.extend(arns.map(|arn| object([("AWS", Node::from(arn.as_str()))])));
        names.extend(caller.account.as_ref().map(|id| object([("AWS", Node::from(id.as_str()))])));
    }
    pick(names, choices)
}

/// Whether an ARN names one of these kinds of thing: a policy that names anything else as principal is refused.
fn is_of(arn: &str, kinds: &[&str]) -> bool {
    let rest = ["arn:aws:iam::", "arn:aws:sts::", "arn:aws-cn:iam::", "arn:aws-cn:sts::", "acs:ram::"]
        .into_iter()
        .find_map(|start| arn.strip_prefix(start));
    let Some((account, resource)) = rest.and_then(|rest| rest.split_once(':')) else { return false };
    let plain = |character: char| character.is_ascii_alphanumeric() || "+=,.@_/-".contains(character);
    account.bytes().all(|byte| byte.is_ascii_digit())
        && resource.chars().all(plain)
        && kinds.iter().any(|kind| resource.starts_with(kind))
}

/// The ARN, if it names that kind of thing.
fn named<'a>(arn: &'a Option<String>, kind: &str) -> impl Iterator<Item = &'a String> {
    arn.iter().filter(move |arn| is_of(arn, &[kind]))
}

/// The principal elements of RAM that reach the caller.
fn ram_names(caller: &Caller, policy_type: PolicyType) -> Vec<Node> {
    let of_kms = matches!(policy_type, PolicyType::KeyPolicy | PolicyType::SecretPolicy);
    let one = |kind: &str, name: &str| object([(kind, Node::from_iter([Node::from(name)]))]);
    let account = caller.account.as_ref().map(|id| one("RAM", &format!("acs:ram::{id}:root")));
    match caller.kind {
        CallerKind::User => named(&caller.arn, "user/").map(|arn| one("RAM", arn)).chain(account).collect(),
        CallerKind::RoleSession => {
            named(&caller.issuer, "role/").map(|arn| one("RAM", arn)).chain(account).collect()
        }
        CallerKind::Root => account.into_iter().collect(),
        CallerKind::Service if !of_kms => caller.service.iter().map(|name| one("Service", name)).collect(),
        CallerKind::FederatedUser if !of_kms => {
            named(&caller.arn, "saml-provider/").map(|arn| one("Federated", arn)).collect()
        }
        _ => Vec::new(),
    }
}

/// A principal element that reaches everybody, as far as the dialect has one.
pub fn everybody(at: At<'_>, choices: &mut dyn Choices) -> Option<Node> {
    match at.question.dialect {
        Dialect::Aws => Some(Node::from("*")),
        _ => reaching(at, choices),
    }
}

/// A principal element that reaches nobody of the question.
pub fn nobody(at: At<'_>) -> Node {
    match at.question.dialect {
        Dialect::Aws => {
            let arn = format!("arn:{}:iam::999988887777:user/nobody-else", partition_at(at).unwrap_or("aws"));
            object([("AWS", Node::from(arn))])
        }
        _ => object([("RAM", Node::from_iter([Node::from("acs:ram::9999888877776666:user/nobody-else")]))]),
    }
}

/// The partition of an ARN.
pub fn partition(arn: Option<&str>) -> Option<&str> {
    arn?.strip_prefix("arn:")?.split(':').next()
}

/// The partition in which the document is.
fn partition_at(at: At<'_>) -> Option<&str> {
    let ask = request(at.question)?;
    let one = ask.authorizations.get(at.place.authorization().unwrap_or_default())?;
    match partition(Some(&one.resource.arn)) {
        None => partition(ask.caller.arn.as_deref()),
        partition => partition,
    }
}

/// The actions that are asked for where the document has a say.
pub fn actions<'a>(at: At<'a>) -> Vec<&'a str> {
    let Some(ask) = request(at.question) else { return Vec::new() };
    match at.place.authorization() {
        Some(of) => ask.authorizations.get(of).map(|one| one.action.as_str()).into_iter().collect(),
        None => ask.authorizations.iter().map(|one| one.action.as_str()).collect(),
    }
}

/// The widest `Action` that covers an action and can stand in a policy of that type.
pub fn wide_action(at: At<'_>, action: &str) -> String {
    let service = action.split(':').next().unwrap_or_default();
    match (at.question.dialect, at.policy_type) {
        (Dialect::Aws, PolicyType::Rcp) => format!("{service}:*"),
        (Dialect::Aws, _) => "*".to_owned(),
        // Policies of KMS, and those that tell apart where a call comes from, want the service named.
        _ => format!("{service}:*"),
    }
}

/// `Resource`, for everything that the document can be about.
pub fn any_resource(at: At<'_>) -> Option<Node> {
    (at.policy_type != PolicyType::TrustPolicy).then(|| Node::from("*"))
}

/// A statement on an action and everything, about `principal` in a policy that names some.
pub fn on_action(at: At<'_>, principal: Option<Node>, action: impl Into<Node>) -> Says {
    Says {
        principal: principal.filter(|_| names_principals(at.policy_type)),
        action: action.into(),
        resource: any_resource(at),
        condition: None,
    }
}

/// The text of a document with these statements.
pub fn text(dialect: Dialect, statements: Vec<Node>) -> String {
    let version = if dialect == Dialect::Ram { "1" } else { "2012-10-17" };
    compact(&object([("Version", Node::from(version)), ("Statement", Node::from_iter(statements))]))
}

/// A document of a guard rail or of the caller's with one statement: `effect` on `action` and everything.
pub fn rail(dialect: Dialect, statements: &[(&str, &str)]) -> Document {
    let statement = |(effect, action): &(&str, &str)| {
        object([
            ("Effect", Node::from(*effect)),
            ("Action", Node::from(*action)),
            ("Resource", Node::from("*")),
        ])
    };
    Document::new(text(dialect, statements.iter().map(statement).collect()))
}

/// The document at a place, but with nothing to say: an Allow of an action that no one asks for.
pub fn silent(at: At<'_>) -> String {
    let action = match at.policy_type {
        PolicyType::KeyPolicy | PolicyType::SecretPolicy => "kms:NoSuchAction",
        _ => FOREIGN_ACTION,
    };
    text(at.question.dialect, vec![on_action(at, Some(nobody(at)), action).with("Allow")])
}

/// Whether a caller is a user or a session of a role: who has identity policies.
pub fn has_policies(caller: &Caller) -> bool {
    matches!(caller.kind, CallerKind::RoleSession | CallerKind::User)
}

/// Whether the caller is a session of a role that a service has made for itself, which guard rails do not bind.
pub fn is_service_linked(caller: &Caller) -> bool {
    let issuer = caller.issuer.as_deref().unwrap_or_default().to_ascii_lowercase();
    issuer.contains(":role/aws-service-role/") || issuer.contains(":role/aliyunservicerolefor")
}

/// Whether the caller belongs to the account that manages the organization.
pub fn is_managing(caller: &Caller) -> bool {
    caller.organization.as_ref().is_some_and(|organization| organization.management)
}
