//! Decides on which conditions the answer to a request hangs, and which levels each of them has.

use kms_model::derive::derive_in;
use kms_model::json::{Limits, Member, Node, Value, compact, parse};
use kms_model::keys;
use kms_model::question::{Ask, Context, KeyName, PolicyType};
use kms_model::{Dialect, Document, Evaluator, Outcome, Question};

use super::super::visit;
use super::space::{Dimension, Level, Space};

/// The levels of each condition of the question on which its answer hangs, in the order of the dimensions.
///
/// A request of several authorizations is looked at one by one: a condition counts for one of them if all others are
/// granted, for otherwise the request is refused however the condition is judged.
pub fn conditions(question: &Question, space: &Space, evaluator: &mut dyn Evaluator) -> Vec<Vec<Level>> {
    let Ask::Authorize(ask) = &question.ask else { return Vec::new() };
    let parts: Vec<_> = ask
        .authorizations
        .iter()
        .map(|of| {
            let context = of.context.clone();
            let context = context.unwrap_or_else(|| derive_in(question.dialect, &question.region, ask, of));
            let mut part = question.clone();
            if let Ask::Authorize(own) = &mut part.ask {
                let mut of = of.clone();
                of.context = Some(context.clone());
                own.authorizations = vec![of];
            }
            (part, context)
        })
        .collect();
    let grants: Vec<_> = parts.iter().map(|(part, _)| granted(part, evaluator) == Some(true)).collect();
    let mut found = Vec::new();
    for (at, (part, context)) in parts.iter().enumerate() {
        if grants.iter().enumerate().all(|(other, granted)| other == at || *granted) {
            of_part(part, context, space, evaluator, &mut found);
        }
    }
    found
}

/// Whether the request is granted; `None` where the evaluator decides nothing.
fn granted(question: &Question, evaluator: &mut dyn Evaluator) -> Option<bool> {
    match evaluator.answer(question).outcome {
        Outcome::Allow => Some(true),
        Outcome::Deny | Outcome::ExplicitDeny | Outcome::ImplicitDeny => Some(false),
        _ => None,
    }
}

fn of_part(
    part: &Question,
    context: &Context,
    space: &Space,
    evaluator: &mut dyn Evaluator,
    found: &mut Vec<Vec<Level>>,
) {
    let mut documents = Vec::new();
    visit::documents(&mut part.clone(), &mut |kind, document| documents.push((kind, document.clone())));
    for (place, (kind, document)) in documents.iter().enumerate() {
        let Ok(root) = parse(document.text(), Limits::default()) else { continue };
        for entry in entries(&root) {
            let Some(levels) = levels(&entry, *kind, context, space) else { continue };
            let mut with = |change: &dyn Fn(&mut Node, &Entry<'_>)| {
                let mut changed = root.clone();
                if let Some(statement) = statements_mut(&mut changed).into_iter().nth(entry.statement) {
                    change(statement, &entry);
                }
                granted(&replaced(part, place, &changed), evaluator)
            };
            let held = with(&|statement, entry| take_out(statement, entry));
            let failed = with(&|statement, _| visit::make_idle(statement));
            if let (Some(held), Some(failed)) = (held, failed)
                && held != failed
            {
                found.push(levels);
            }
        }
    }
}

/// A key under an operator of a statement's `Condition`.
struct Entry<'a> {
    statement: usize,
    effect: &'a str,
    operator: &'a str,
    key: &'a str,
}

fn entries(root: &Node) -> Vec<Entry<'_>> {
    let Some(statements) = root.get("Statement") else { return Vec::new() };
    let statements = statements.elements().unwrap_or(std::slice::from_ref(statements));
    let mut found = Vec::new();
    for (at, statement) in statements.iter().enumerate() {
        let Some(effect) = statement.get("Effect").and_then(Node::as_str) else { continue };
        let operators = statement.get("Condition").and_then(Node::members).unwrap_or_default();
        for operator in operators {
            let keys = operator.node.members().unwrap_or_default();
            found.extend(keys.iter().map(|key| Entry {
                statement: at,
                effect,
                operator: &operator.name,
                key: &key.name,
            }));
        }
    }
    found
}

fn statements_mut(root: &mut Node) -> Vec<&mut Node> {
    let Value::Object(members) = &mut root.value else { return Vec::new() };
    let Some(member) = members.iter_mut().find(|member| member.name == "Statement") else {
        return Vec::new();
    };
    match &mut member.node {
        Node { value: Value::Array(elements), .. } => elements.iter_mut().collect(),
        one => vec![one],
    }
}

/// Takes a condition out of its statement, as if it held. An operator without keys, and a `Condition` without operators,
/// go with it: what those mean is disputed.
fn take_out(statement: &mut Node, entry: &Entry<'_>) {
    fn without(members: &mut Vec<Member>, path: &[&str]) {
        let Some((name, rest)) = path.split_first() else { return };
        members.retain_mut(|member| match &mut member.node.value {
            _ if member.name != *name => true,
            Value::Object(inner) if !rest.is_empty() => {
                without(inner, rest);
                !inner.is_empty()
            }
            _ => false,
        });
    }
    if let Value::Object(members) = &mut statement.value {
        without(members, &["Condition", entry.operator, entry.key]);
    }
}

/// The question with another document in place of one.
fn replaced(question: &Question, place: usize, root: &Node) -> Question {
    let mut changed = question.clone();
    let mut at = 0;
    visit::documents(&mut changed, &mut |_, document| {
        if at == place {
            *document = Document::new(compact(root));
        }
        at += 1;
    });
    changed
}

/// The levels of a condition in a request; `None` if it has a level that is none of the space's.
fn levels(entry: &Entry<'_>, kind: PolicyType, context: &Context, space: &Space) -> Option<Vec<Level>> {
    let in_key_policy = space.dialect == Dialect::Aws && kind == PolicyType::KeyPolicy;
    // KMS does not take the key into account here, so that the request's value for it means nothing.
    if in_key_policy && keys::by_name(entry.key).is_some_and(|key| key.identity_only) {
        return None;
    }
    let mut levels = Vec::new();
    if space.has(Dimension::Qualifier) {
        let (qualifier, rest) = entry.operator.split_once(':').unwrap_or(("none", entry.operator));
        let plain = rest.strip_suffix("IfExists");
        levels.push(space.level(Dimension::Operator, plain.unwrap_or(rest))?);
        levels.push(space.level(Dimension::Qualifier, qualifier)?);
        levels.push(space.level(Dimension::IfExists, if plain.is_some() { "yes" } else { "no" })?);
    } else {
        levels.push(space.level(Dimension::Operator, entry.operator)?);
    }
    let name = KeyName::new(entry.key);
    let mut values = context.get_all(&name).map(|value| value.values().len());
    let presence = match values.next() {
        None => "absent",
        Some(first) => match first + values.sum::<usize>() {
            0 => return None,
            1 => "single",
            _ => "multiple",
        },
    };
    levels.push(space.level(Dimension::Key, presence)?);
    levels.push(space.level(Dimension::Effect, entry.effect)?);
    levels.push(space.layer(kind)?);
    Some(levels)
}
