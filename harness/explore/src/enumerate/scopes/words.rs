//! Decides how requests and statements of scopes are written: the few identifiers that there are, and the texts made of them.

use kms_model::derive::{context_types, derive_in};
use kms_model::json::Node;
use kms_model::question::{Authorization, Authorize, Caller, CallerKind, Endpoint, Operation, Resource};
use kms_model::{Dialect, Question};

use super::super::axis::{Facts, Part, Place};
use super::super::scope::Frame;

/// The account of the key.
pub const A: &str = "111122223333";
/// Another account, that of some callers.
pub const B: &str = "444455556666";
/// A third account, of nobody who asks.
pub const C: &str = "777788889999";
/// The action that is asked for.
pub const ASKED: &str = "kms:Decrypt";
/// An action that is not.
pub const OTHER: &str = "kms:Encrypt";
/// All actions of the service.
pub const EVERY: &str = "kms:*";

/// A caller of AWS.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Who {
    /// The user alice of the key's account.
    Alice,
    /// The user bob of another account.
    Bob,
    /// The root user of the key's account.
    Root,
    /// A session of the role App of the key's account.
    Session,
}

impl Who {
    /// Its ARN.
    pub fn arn(self) -> String {
        match self {
            Self::Alice => user(A, "alice"),
            Self::Bob => user(B, "bob"),
            Self::Root => root(A),
            Self::Session => format!("arn:aws:sts::{A}:assumed-role/App/s1"),
        }
    }

    fn caller(self) -> Caller {
        let mut caller = Caller::default();
        caller.arn = Some(self.arn());
        caller.account = Some(if self == Self::Bob { B } else { A }.to_owned());
        caller.issuer = (self == Self::Session).then(role);
        caller.kind = match self {
            Self::Alice | Self::Bob => CallerKind::User,
            Self::Root => CallerKind::Root,
            Self::Session => CallerKind::RoleSession,
        };
        caller
    }

    /// The places where it can have nothing.
    pub fn without(self) -> Vec<Place> {
        match self {
            Self::Alice | Self::Bob => vec![Place::Session],
            Self::Root => vec![Place::Boundary, Place::Identity, Place::Session],
            Self::Session => Vec::new(),
        }
    }
}

/// The principal of an account.
pub fn root(account: &str) -> String {
    format!("arn:aws:iam::{account}:root")
}

/// A user.
pub fn user(account: &str, name: &str) -> String {
    format!("arn:aws:iam::{account}:user/{name}")
}

/// The role App.
pub fn role() -> String {
    format!("arn:aws:iam::{A}:role/App")
}

/// A request of AWS to decrypt with the key, with that encryption context.
pub fn decrypts(who: Who, pairs: &[(&str, &str)], endpoint: bool, facts: Facts) -> Frame {
    let mut resource = Resource::default();
    resource.arn = format!("arn:aws:kms:us-west-2:{A}:key/1234abcd-12ab-34cd-56ef-1234567890ab");
    resource.account = A.to_owned();
    resource.kind = "kms:key".to_owned();
    let mut ask =
        Authorize::new("2026-01-15T12:00:00Z", who.caller(), vec![Authorization::new(ASKED, resource)]);
    let context: Node = pairs.iter().map(|(key, value)| (*key, Node::from(*value))).collect();
    let parameters = match pairs.is_empty() {
        true => Node::from_iter(Vec::<(&str, Node)>::new()),
        false => Node::from_iter([("EncryptionContext", context)]),
    };
    ask.operation = Some(Operation::new("Decrypt", parameters));
    if endpoint {
        let mut through = Endpoint::default();
        (through.id, through.vpc) = ("vpce-1a2b3c4d".to_owned(), "vpc-11aa22bb".to_owned());
        ask.endpoint = Some(through);
    } else {
        ask.source_ip = Some("203.0.113.10".to_owned());
    }
    Frame { question: given(Dialect::Aws, "us-west-2", ask), facts, without: who.without() }
}

/// The question with the condition keys that follow from its facts.
pub fn given(dialect: Dialect, region: &str, mut ask: Authorize) -> Question {
    let derive = |ask: &Authorize, one: &Authorization| derive_in(dialect, region, ask, one);
    let contexts: Vec<_> = ask.authorizations.iter().map(|one| derive(&ask, one)).collect();
    ask.context_types = context_types(dialect, contexts.iter());
    for (one, context) in ask.authorizations.iter_mut().zip(contexts) {
        one.context = Some(context);
    }
    Question::authorize(dialect, region, ask)
}

/// A statement.
#[derive(Clone, Copy, Debug)]
pub struct Says<'a> {
    /// Whether it denies.
    pub denies: bool,
    /// The value of `Principal`, if it has one.
    pub principal: Option<&'a str>,
    /// The action.
    pub action: &'a str,
    /// Its condition, an object with operator, key and value.
    pub condition: Option<&'a str>,
}

impl Says<'_> {
    /// Its text.
    pub fn text(&self) -> String {
        let effect = if self.denies { "Deny" } else { "Allow" };
        let principal = self.principal.map_or_else(String::new, |name| format!(r#""Principal":{name},"#));
        let condition = self.condition.map_or_else(String::new, |test| format!(r#","Condition":{test}"#));
        let action = self.action;
        format!(r#"{{"Effect":"{effect}",{principal}"Action":"{action}","Resource":"*"{condition}}}"#)
    }

    /// The part of an alphabet that it is.
    pub fn part(&self) -> Part {
        Part {
            text: self.text(),
            denies: self.denies,
            asked: [ASKED, EVERY, "*"].contains(&self.action),
            opens: !self.denies && self.action == "*" && self.condition.is_none(),
            ..Part::default()
        }
    }
}

/// A principal of AWS as a statement names it.
pub fn named(arn: &str) -> String {
    match arn {
        "*" => r#""*""#.to_owned(),
        arn => format!(r#"{{"AWS":"{arn}"}}"#),
    }
}

/// The statements of a guard rail on the actions of these, each with its effect.
pub fn rail(principal: Option<&str>, says: &[(&str, bool)]) -> Vec<Part> {
    let part =
        |(action, denies): &(&str, bool)| Says { denies: *denies, principal, action, condition: None }.part();
    says.iter().map(part).collect()
}
