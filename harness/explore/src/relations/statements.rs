//! Decides how statements come, go, repeat and change, so that the effect on the answer is known.

use kms_model::json::{Node, Value, compact};
use kms_model::question::{CallerKind, PolicyType};
use kms_model::{Dialect, Question};

use super::build::{
    FOREIGN_ACTION, Says, actions, everybody, has_policies, names_principals, nobody, object, on_action,
    partition, rail, reaching, request, request_mut, wide_action, with_context,
};
use super::{Variation, compare, grants};
use crate::Choices;
use crate::edit::{
    At, edited, has_effect, is_request, member_mut, members_mut, pick, remove, statement_list, statements,
    statements_mut, strings,
};

/// Whether a statement with that effect can be added without the document being refused for it: a resource control
/// policy only denies, but for the one that AWS makes, which stands alone.
fn may_add(root: &Node, at: At<'_>, effect: &str) -> bool {
    at.policy_type != PolicyType::Rcp
        || (effect == "Deny" && statements(root).iter().all(|one| has_effect(one, "Deny")))
}

fn add(root: &mut Node, statement: Node, choices: &mut dyn Choices) -> bool {
    if !takes_action(root, strings_of(&statement, "Action")) {
        return false;
    }
    let Some(list) = statement_list(root) else { return false };
    let at = choices.below(list.len() + 1);
    list.insert(at, statement);
    true
}

/// Whether a document can come to speak of these actions: in RAM, one that tells apart from which VPC a call comes speaks
/// of actions of KMS only.
fn takes_action<'a>(root: &'a Node, mut actions: Vec<&'a str>) -> bool {
    if !compact(root).contains("acs:SourceVpc") {
        return true;
    }
    actions.extend(statements(root).iter().flat_map(|one| strings_of(one, "Action")));
    let negated = statements(root).iter().any(|one| one.get("NotAction").is_some());
    !negated && actions.iter().all(|action| action.starts_with("kms:"))
}

/// The strings of an element of a statement.
fn strings_of<'a>(statement: &'a Node, name: &str) -> Vec<&'a str> {
    statement.get(name).map(strings).unwrap_or_default()
}

/// A statement on an action that is asked for, or on more; in RAM always of its service.
fn asked_for(at: At<'_>, principal: Option<Node>, choices: &mut dyn Choices) -> Option<Says> {
    let action = choices.pick(&actions(at)).copied()?;
    let action = match choices.below(3) {
        0 => wide_action(at, action),
        _ => action.to_owned(),
    };
    Some(on_action(at, principal, action))
}

/// A document that has a Deny more: one of what is asked for, or a copy of one of its statements, turned round.
pub fn add_deny(question: &Question, choices: &mut dyn Choices) -> Option<Variation> {
    if !is_request(question) {
        return None;
    }
    let varied = edited(question, choices, |root, at, choices| {
        if !may_add(root, at, "Deny") {
            return false;
        }
        if choices.chance(30)
            && let Some(mut copy) = choices.pick(statements(root)).cloned()
        {
            remove(&mut copy, "Sid");
            let Some(effect) = member_mut(&mut copy, "Effect") else { return false };
            *effect = Node::from("Deny");
            return add(root, copy, choices);
        }
        let principal = match choices.below(4) {
            0 => Some(nobody(at)).filter(|_| at.policy_type != PolicyType::Rcp),
            1 => reaching(at, choices),
            _ => everybody(at, choices),
        };
        if principal.is_none() && names_principals(at.policy_type) {
            return false;
        }
        let statement = asked_for(at, principal, choices);
        statement.is_some_and(|statement| add(root, statement.with("Deny"), choices))
    })?;
    Some(Variation { questions: vec![varied], holds: compare::denies_more })
}

/// A document that has an Allow more.
pub fn add_allow(question: &Question, choices: &mut dyn Choices) -> Option<Variation> {
    if !is_request(question) {
        return None;
    }
    let varied = edited(question, choices, |root, at, choices| {
        let principal = reaching(at, choices);
        if !may_add(root, at, "Allow") || (principal.is_none() && names_principals(at.policy_type)) {
            return false;
        }
        let statement = asked_for(at, principal, choices);
        statement.is_some_and(|statement| add(root, statement.with("Allow"), choices))
    })?;
    Some(Variation { questions: vec![varied], holds: compare::grows })
}

/// A Deny of everything for everybody in the policy of a resource, once alone and once beside whatever could allow.
pub fn deny_all(question: &Question, choices: &mut dyn Choices) -> Option<Variation> {
    let ask = request(question)?;
    // The owner of a resource in RAM is bound by no policy, and a caller that cannot be named is not reached.
    let is_bound = question.dialect == Dialect::Aws || has_policies(&ask.caller);
    let outside =
        |action: &str| ["kms:retiregrant", "kms:describeregions"].contains(&action.to_lowercase().as_str());
    if !is_bound || ask.authorizations.iter().any(|one| outside(&one.action)) {
        return None;
    }
    let varied = edited(question, choices, |root, at, choices| {
        let has_say = match at.policy_type {
            PolicyType::KeyPolicy | PolicyType::SecretPolicy => true,
            PolicyType::ResourcePolicy => {
                let Some(of) = at.place.authorization() else { return false };
                ask.authorizations.get(of).is_some_and(|one| !is_without_policy(&one.resource.kind))
            }
            _ => false,
        };
        let Some(action) = choices.pick(&actions(at)).copied().filter(|_| has_say) else { return false };
        let Some(principal) = everybody(at, choices) else { return false };
        add(root, on_action(at, Some(principal), wide_action(at, action)).with("Deny"), choices)
    })?;
    let mut helped = varied.clone();
    // Not every evaluator has a place for grants, and all must hold the rest.
    if question.dialect == Dialect::Aws && choices.below(2) == 1 {
        grants::add_for_caller(&mut helped);
    }
    if let Some(policy) = request_mut(&mut helped).and_then(|ask| ask.caller.policies.first_mut()) {
        policy.document = rail(question.dialect, &[("Allow", "*")]);
    }
    Some(Variation { questions: vec![varied, helped], holds: compare::denied })
}

/// Resources of KMS that have no policy, and roles, whose trust policy is about assuming them only.
fn is_without_policy(kind: &str) -> bool {
    kind == "ram:role" || (kind.starts_with("kms:") && !matches!(kind, "kms:key" | "kms:secret"))
}

/// A statement that does not speak of the request: of another action, somebody else, or with a condition on a key that
/// the request lacks.
pub fn unmatched(question: &Question, choices: &mut dyn Choices) -> Option<Variation> {
    if !is_request(question) {
        return None;
    }
    let varied = edited(question, choices, |root, at, choices| {
        let effect = if choices.chance(60) { "Deny" } else { "Allow" };
        if !may_add(root, at, effect) {
            return false;
        }
        let Some(statement) = unmatched_statement(at, effect, choices) else { return false };
        add(root, statement.with(effect), choices)
    })?;
    Some(Variation { questions: vec![varied], holds: compare::same_if_accepted })
}

fn unmatched_statement(at: At<'_>, effect: &str, choices: &mut dyn Choices) -> Option<Says> {
    const NO_TAG: &str = "no-such-tag";
    const ACTIONS: &[&str] = &["kms:UntagResource", "kms:TagResource", "kms:GetPublicKey", "kms:ListAliases"];
    let ask = request(at.question)?;
    let reached =
        reaching(at, choices).or_else(|| (!names_principals(at.policy_type)).then(|| Node::from("*")))?;
    let action = actions(at).first().copied()?;
    match choices.below(3) {
        0 if names_principals(at.policy_type) && at.policy_type != PolicyType::Rcp => {
            Some(on_action(at, Some(nobody(at)), wide_action(at, action)))
        }
        // Conditions may not stand in an Allow of every kind of guard rail.
        1 if effect == "Deny" || !matches!(at.policy_type, PolicyType::Scp | PolicyType::Rcp) => {
            let tagged = |name: &str| name.to_lowercase().ends_with(NO_TAG);
            let given = with_context(at.question)?;
            let mut keys = request(&given)?
                .authorizations
                .iter()
                .flat_map(|one| &one.context)
                .flat_map(|one| one.iter());
            if keys.any(|(name, _)| tagged(name)) {
                return None;
            }
            let key = if at.question.dialect == Dialect::Aws { "aws:PrincipalTag/" } else { "kms:tag/" };
            let mut says = on_action(at, Some(reached), action);
            let test = object([(&format!("{key}{NO_TAG}"), Node::from("x"))]);
            says.condition = Some(object([("StringEquals", test)]));
            Some(says)
        }
        _ => {
            let asked =
                |name: &str| ask.authorizations.iter().any(|one| one.action.eq_ignore_ascii_case(name));
            let others: Vec<&str> = ACTIONS.iter().copied().filter(|name| !asked(name)).collect();
            Some(on_action(at, Some(reached), choices.pick(&others).copied()?))
        }
    }
}

/// A statement is repeated, without its `Sid`.
pub fn repeat(question: &Question, choices: &mut dyn Choices) -> Option<Variation> {
    let varied = edited(question, choices, |root, at, choices| {
        let Some(mut copy) = choices.pick(statements(root)).cloned() else { return false };
        // The one resource control policy that allows has one statement.
        if at.policy_type == PolicyType::Rcp && has_effect(&copy, "Allow") {
            return false;
        }
        remove(&mut copy, "Sid");
        add(root, copy, choices)
    })?;
    Some(Variation { questions: vec![varied], holds: compare::same_if_accepted })
}

/// A statement loses a condition: its effect then reaches further.
fn drop_condition(question: &Question, effect: &'static str, choices: &mut dyn Choices) -> Option<Question> {
    if !is_request(question) {
        return None;
    }
    edited(question, choices, |root, at, choices| {
        let mut wanted = statements_mut(root);
        wanted.retain(|one| has_effect(one, effect) && one.get("Condition").is_some());
        let Some(statement) = pick(wanted, choices) else { return false };
        let Some(condition) = member_mut(statement, "Condition") else { return false };
        // What one statement says of where calls come from binds the whole document in RAM.
        if at.policy_type == PolicyType::Rcp && effect == "Allow" {
            return false;
        }
        let Value::Object(operators) = &mut condition.value else { return false };
        if operators.is_empty() {
            return false;
        }
        let at = choices.below(operators.len());
        let Some(operator) = operators.get_mut(at) else { return false };
        let Value::Object(keys) = &mut operator.node.value else { return false };
        if keys.len() > 1 {
            keys.remove(choices.below(keys.len()));
        } else {
            operators.remove(at);
        }
        if operators.is_empty() {
            remove(statement, "Condition");
        }
        true
    })
}

pub fn drop_condition_of_allow(question: &Question, choices: &mut dyn Choices) -> Option<Variation> {
    let varied = drop_condition(question, "Allow", choices)?;
    Some(Variation { questions: vec![varied], holds: compare::grows })
}

pub fn drop_condition_of_deny(question: &Question, choices: &mut dyn Choices) -> Option<Variation> {
    let varied = drop_condition(question, "Deny", choices)?;
    Some(Variation { questions: vec![varied], holds: compare::denies_more })
}

/// A list of a statement gains a value: where the list is negated the statement reaches less far, else further.
fn gain(
    question: &Question,
    effect: &'static str,
    negated: bool,
    choices: &mut dyn Choices,
) -> Option<Question> {
    if !is_request(question) {
        return None;
    }
    let names: &[&str] = if negated { &["NotAction", "NotResource"] } else { &["Action", "Resource"] };
    edited(question, choices, |root, at, choices| {
        let Some(ask) = request(at.question) else { return false };
        if !takes_action(root, actions(at)) {
            return false;
        }
        let mut lists = Vec::new();
        for statement in statements_mut(root).into_iter().filter(|one| has_effect(one, effect)) {
            lists.extend(members_mut(statement).iter_mut().filter(|one| names.contains(&one.name.as_str())));
        }
        if at.policy_type == PolicyType::Rcp && effect == "Allow" {
            return false;
        }
        let Some(member) = pick(lists, choices) else { return false };
        let of = at.place.authorization().unwrap_or_default();
        let Some(one) = ask.authorizations.get(of) else { return false };
        let value = match member.name.as_str() {
            "Action" | "NotAction" => one.action.as_str(),
            // Policies of keys and secrets are on `*` only, and so are Allows of guard rails.
            _ if names_principals(at.policy_type) || at.policy_type == PolicyType::Scp => "*",
            _ => one.resource.arn.as_str(),
        };
        let mut values = match member.node.elements() {
            Some(elements) => elements.to_vec(),
            None => vec![member.node.clone()],
        };
        values.push(Node::from(value));
        member.node = Node::from_iter(values);
        true
    })
}

pub fn gain_in_allow(question: &Question, choices: &mut dyn Choices) -> Option<Variation> {
    let varied = gain(question, "Allow", false, choices)?;
    Some(Variation { questions: vec![varied], holds: compare::grows })
}

pub fn gain_in_deny(question: &Question, choices: &mut dyn Choices) -> Option<Variation> {
    let varied = gain(question, "Deny", false, choices)?;
    Some(Variation { questions: vec![varied], holds: compare::denies_more })
}

pub fn gain_in_negated_allow(question: &Question, choices: &mut dyn Choices) -> Option<Variation> {
    let varied = gain(question, "Allow", true, choices)?;
    Some(Variation { questions: vec![varied], holds: compare::allows_less })
}

pub fn gain_in_negated_deny(question: &Question, choices: &mut dyn Choices) -> Option<Variation> {
    let varied = gain(question, "Deny", true, choices)?;
    Some(Variation { questions: vec![varied], holds: compare::widens })
}

/// A Deny for everybody becomes one for the caller alone.
pub fn name_the_caller(question: &Question, choices: &mut dyn Choices) -> Option<Variation> {
    let ask = request(question)?;
    let kind = ask.caller.kind;
    let arn = ask
        .caller
        .arn
        .as_deref()
        .filter(|_| has_policies(&ask.caller) || kind == CallerKind::FederatedUser)?;
    let here =
        ask.authorizations.iter().all(|one| partition(Some(&one.resource.arn)) == partition(Some(arn)));
    if !here {
        return None;
    }
    let varied = edited(question, choices, |root, at, choices| {
        if at.policy_type == PolicyType::Rcp {
            return false;
        }
        let mut wanted = statements_mut(root);
        wanted.retain(|one| {
            let star = |node: &Node| node.as_str() == Some("*");
            let named = one.get("Principal");
            has_effect(one, "Deny")
                && named.is_some_and(|node| star(node) || node.get("AWS").is_some_and(star))
        });
        let statement = pick(wanted, choices);
        let Some(principal) = statement.and_then(|one| member_mut(one, "Principal")) else { return false };
        *principal = object([("AWS", Node::from(arn))]);
        true
    })?;
    Some(Variation { questions: vec![varied], holds: compare::same_if_accepted })
}

/// A condition key that no document speaks of comes into the context.
pub fn unmentioned_key(question: &Question, _: &mut dyn Choices) -> Option<Variation> {
    const TAG: &str = "unmentioned-tag";
    if question.to_line().to_lowercase().contains(TAG) {
        return None;
    }
    let mut varied = with_context(question)?;
    let ask = request_mut(&mut varied)?;
    let prefix = if question.dialect == Dialect::Aws { "aws:PrincipalTag/" } else { "kms:tag/" };
    for one in &mut ask.authorizations {
        let value = kms_model::question::ContextValue::One(FOREIGN_ACTION.to_owned());
        one.context.as_mut()?.set(format!("{prefix}{TAG}"), value);
    }
    Some(Variation { questions: vec![varied], holds: compare::same })
}
