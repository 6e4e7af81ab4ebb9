//! Decides how a misreading evaluator leaves layers of a decision out, adds to them, or takes principals for others.

use kms_model::arn::Arn;
use kms_model::json::{Member, Node, Value};
use kms_model::question::{Attached, Authorization, Authorize, Caller, CallerKind};
use kms_model::{Answer, Dialect, Outcome, Question};

use super::Ask;
use super::change::statements;
use crate::edit::place::{Place, places};
use crate::edit::{At, has_effect, member_mut, remove, set, statement_list, strings};
use crate::relations::build::{object, rail, request, request_mut, with_context};

/// An action that nobody asks for.
const NO_ACTION: &str = "kms:NoSuchAction";

/// What becomes of a principal that a statement names.
pub enum Name {
    /// It reaches nobody.
    Drop,
    /// It stays as it is.
    Keep,
    /// It is another, of that member of `Principal`.
    Turn(&'static str, String),
}

/// Makes a statement be about an action that nobody asks for. A document may need its statements, so it stays.
pub fn idle(statement: &mut Node) {
    remove(statement, "NotAction");
    set(statement, "Action", NO_ACTION);
}

/// The question with those statements idle that `is_out` picks; `None` where it picks none.
pub fn without(question: &Question, mut is_out: impl FnMut(&Node, At<'_>) -> bool) -> Option<Question> {
    statements(question, |statement, at| {
        let out = is_out(statement, at);
        if out {
            idle(statement);
        }
        out
    })
}

/// The question without the Deny statements of the documents at those places.
pub fn without_denies(question: &Question, is_there: impl Fn(Place) -> bool) -> Option<Question> {
    let denies = |place: Place| {
        is_there(place) && place.document(question).is_some_and(|document| document.text().contains("Deny"))
    };
    if !places(question).into_iter().any(denies) {
        return None;
    }
    without(question, |statement, at| is_there(at.place) && has_effect(statement, "Deny"))
}

/// The question in which the policies of resources name others, in statements of that effect.
pub fn names(
    question: &Question,
    effect: &str,
    turn: impl Fn(At<'_>, &str, &str) -> Name,
) -> Option<Question> {
    let ask = request(question)?;
    ask.authorizations.iter().find(|one| one.resource.policy.is_some())?;
    statements(question, |statement, at| {
        matches!(at.place, Place::Resource(_))
            && has_effect(statement, effect)
            && renamed(statement, |kind, name| turn(at, kind, name))
    })
}

/// Whether other principals stand in a statement now.
pub fn renamed(statement: &mut Node, turn: impl Fn(&str, &str) -> Name) -> bool {
    let listed = listed(statement, "Principal");
    let mut changed = false;
    let mut kept: Vec<(String, String)> = Vec::new();
    for (kind, name) in listed {
        match turn(&kind, &name) {
            Name::Drop => changed = true,
            Name::Keep => kept.push((kind, name)),
            Name::Turn(kind, name) => {
                changed = true;
                kept.push((kind.to_owned(), name));
            }
        }
    }
    if changed && kept.is_empty() {
        idle(statement);
    } else if changed {
        set(statement, "Principal", element(kept));
    }
    changed
}

/// The principals of an element, each with its member; the asterisk by itself has the member `*`.
pub fn listed(statement: &Node, element: &str) -> Vec<(String, String)> {
    let Some(node) = statement.get(element) else { return Vec::new() };
    if let Some(text) = node.as_str() {
        return vec![("*".to_owned(), text.to_owned())];
    }
    let of = |member: &Member| {
        let names = strings(&member.node).into_iter().map(|name| (member.name.clone(), name.to_owned()));
        names.collect::<Vec<_>>()
    };
    node.members().unwrap_or_default().iter().flat_map(of).collect()
}

fn element(names: Vec<(String, String)>) -> Node {
    let mut element = Node::from(Value::Object(Vec::new()));
    for (kind, name) in names {
        if kind == "*" {
            return Node::from(name);
        }
        match member_mut(&mut element, &kind) {
            Some(Node { value: Value::Array(known), .. }) => known.push(Node::from(name)),
            _ => set(&mut element, &kind, Node::from_iter([Node::from(name)])),
        }
    }
    element
}

/// Whether an entry of `Principal` names that account.
pub fn is_account(name: &str, account: &str) -> bool {
    name == account || of_account(name) == Some(account)
}

/// The account that an ARN stands for as a whole.
fn of_account(name: &str) -> Option<&str> {
    let arn = Arn::parse(name)?;
    (arn.service == "iam" && arn.resource == "root").then_some(arn.account)
}

/// The question with its condition keys written out as its facts give them, and then other facts.
pub fn facts(question: &Question, edit: impl FnOnce(&mut Authorize)) -> Option<Question> {
    let mut changed = with_context(question)?;
    edit(request_mut(&mut changed)?);
    Some(changed)
}

/// Whether the caller is of another account than the resource.
pub fn is_outside(caller: &Caller, one: &Authorization) -> bool {
    caller.account.as_ref().is_some_and(|account| *account != one.resource.account)
}

/// Whether the caller is of another account than every resource.
pub fn is_foreign(ask: &Authorize) -> bool {
    ask.authorizations.iter().all(|one| is_outside(&ask.caller, one))
}

/// Whether the caller is a user, or a session made from a user or role.
pub fn is_identity(caller: &Caller) -> bool {
    matches!(caller.kind, CallerKind::FederatedUser | CallerKind::RoleSession | CallerKind::User)
}

/// A policy of the caller's that allows everything.
pub fn everything(dialect: Dialect) -> Attached {
    Attached::new("user/everything", rail(dialect, &[("Allow", "*")]))
}

/// An Allow of everything for a principal, as the policy of a resource of that kind takes it.
pub fn allow_to(dialect: Dialect, kind: &str, principal: &str) -> Node {
    let member = if dialect == Dialect::Ram { "RAM" } else { "AWS" };
    object([
        ("Effect", Node::from("Allow")),
        ("Principal", object([(member, Node::from_iter([Node::from(principal)]))])),
        ("Action", Node::from(if kind.starts_with("kms:") { "kms:*" } else { "*" })),
        ("Resource", Node::from("*")),
    ])
}

/// The question with a statement more in the policies of those resources that `of` gives one for.
pub fn with_statements(question: &Question, of: impl Fn(&Authorization) -> Option<Node>) -> Option<Question> {
    let ask = request(question)?;
    super::change::documents(question, |root, at| {
        let Place::Resource(index) = at.place else { return false };
        let Some(statement) = ask.authorizations.get(index).and_then(&of) else { return false };
        statement_list(root).map(|list| list.push(statement)).is_some()
    })
}

/// What limits a caller, or everybody.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Limit {
    /// The permissions boundary.
    Boundary,
    /// Resource control policies.
    Rcps,
    /// Service control policies.
    Scps,
    /// Session policies.
    Sessions,
}

/// The question whether one limit lets the request pass, where everything else allows it. The caller is nobody whom limits
/// spare.
pub fn alone(question: &Question, limit: Limit) -> Option<Question> {
    let retires = |one: &Authorization| one.action.eq_ignore_ascii_case("kms:RetireGrant");
    if request(question)?.authorizations.iter().any(retires) {
        return None;
    }
    facts(question, |ask| {
        let caller = &mut ask.caller;
        let account = caller.account.clone().unwrap_or_default();
        caller.policies = vec![everything(question.dialect)];
        if limit != Limit::Boundary {
            caller.boundary = None;
        }
        if limit != Limit::Sessions {
            caller.session_policies = None;
            if caller.kind == CallerKind::FederatedUser {
                caller.kind = CallerKind::User;
            }
        }
        if limit != Limit::Scps {
            caller.scps = None;
        }
        if let Some(role) = caller.issuer.as_mut().filter(|role| role.contains(":role/aws-service-role/")) {
            *role = role.replace(":role/aws-service-role/", ":role/");
        }
        ask.endpoint = None;
        for one in &mut ask.authorizations {
            let kind = one.resource.kind.clone();
            one.resource.account.clone_from(&account);
            one.resource.grants.clear();
            let open = Node::from_iter([allow_to(question.dialect, &kind, &account)]);
            let open = object([("Version", Node::from("2012-10-17")), ("Statement", open)]);
            let open = kms_model::Document::new(kms_model::json::compact(&open));
            one.resource.policy = one.resource.policy.is_some().then_some(open);
            if limit != Limit::Rcps {
                one.resource.rcps = None;
            }
        }
    })
}

/// The answer of an evaluator to which a limit refuses whatever it does not allow, by whomever the rest is allowed.
pub fn cut(question: &Question, ask: Ask<'_>, limit: Limit) -> Option<Answer> {
    let alone = alone(question, limit)?;
    if ask(question).outcome != Outcome::Allow {
        return None;
    }
    let limited = ask(&alone);
    (limited.outcome != Outcome::Allow).then_some(limited)
}

/// The answer Allow, where what is left of the question is allowed.
pub fn enough(ask: Ask<'_>, left: Option<Question>) -> Option<Answer> {
    let answer = ask(&left?);
    (answer.outcome == Outcome::Allow).then_some(answer)
}

/// Whether an authorization is of that operation.
pub fn is_of(one: &Authorization, operation: &str) -> bool {
    one.action.strip_prefix("kms:").is_some_and(|name| name.eq_ignore_ascii_case(operation))
}

/// The question with fewer authorizations; each keeps the condition keys that it has.
pub fn less(question: &Question, is_out: impl Fn(&Authorization, usize) -> bool) -> Option<Question> {
    let all = &request(question)?.authorizations;
    let out: Vec<bool> = all.iter().enumerate().map(|(at, one)| is_out(one, at)).collect();
    if !out.contains(&true) || !out.contains(&false) {
        return None;
    }
    let mut changed = with_context(question)?;
    let mut out = out.into_iter();
    request_mut(&mut changed)?.authorizations.retain(|_| !out.next().unwrap_or_default());
    Some(changed)
}

/// The answer of an evaluator to which one authorization of several is enough where nothing denies.
pub fn any_part(question: &Question, ask: Ask<'_>) -> Option<Answer> {
    let parts = request(question)?.authorizations.len();
    if parts < 2 || ask(question).outcome != Outcome::ImplicitDeny {
        return None;
    }
    (0..parts).find_map(|part| enough(ask, less(question, |_, at| at != part)))
}

/// Whether a document of the question says that, letter case aside.
pub fn mentions(question: &Question, text: &str) -> bool {
    let says = |document: &kms_model::Document| {
        let wanted = text.as_bytes();
        document.text().as_bytes().windows(wanted.len()).any(|part| part.eq_ignore_ascii_case(wanted))
    };
    places(question).into_iter().any(|place| place.document(question).is_some_and(says))
}
