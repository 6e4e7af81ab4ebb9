//! Decides how a document is spelled otherwise without saying anything else: scalars and lists, letter case, accounts,
//! quotation marks, white space, `Sid`; and how a resource is spelled to mean something else.

use kms_model::arn::{Arn, is_account};
use kms_model::json::{Node, Value, compact, pretty};
use kms_model::question::PolicyType;
use kms_model::{Dialect, Document, Question};

use super::build::{partition, request};
use super::{Variation, compare};
use crate::Choices;
use crate::edit::{
    condition_values, edited, is_request, member_mut, members_mut, pick, remove, rewritten, set, statements,
    statements_mut, strings_mut,
};

fn same(question: Question) -> Variation {
    Variation { questions: vec![question], holds: compare::same }
}

/// A scalar becomes a list of one, a list of one a scalar.
pub fn scalars(question: &Question, choices: &mut dyn Choices) -> Option<Variation> {
    let varied = edited(question, choices, |root, _, choices| {
        // RAM writes `Statement` as a list, and does not say that it may stand alone.
        let statements = statements(root);
        let is_one = statements.len() == 1 && statements.iter().all(|one| one.members().is_some());
        let alone = is_one && question.dialect == Dialect::Aws;
        if alone && choices.chance(20) {
            return member_mut(root, "Statement").is_some_and(toggle);
        }
        let mut values = Vec::new();
        for statement in statements_mut(root) {
            for member in members_mut(statement) {
                match member.name.as_str() {
                    "Action" | "NotAction" | "Resource" | "NotResource" => values.push(&mut member.node),
                    // `"*"` cannot stand in a list; under a type of principal it can.
                    "Principal" | "NotPrincipal" => {
                        values
                            .extend(members_mut(&mut member.node).iter_mut().map(|member| &mut member.node));
                    }
                    "Condition" => {
                        let operators = members_mut(&mut member.node).iter_mut();
                        values.extend(
                            operators
                                .flat_map(|o| members_mut(&mut o.node).iter_mut().map(|key| &mut key.node)),
                        );
                    }
                    _ => {}
                }
            }
        }
        // Only a value can stand alone.
        let is_value = |node: &Node| node.elements().is_none() && node.members().is_none();
        values.retain(|value| match value.elements() {
            Some(elements) => elements.len() == 1 && elements.iter().all(is_value),
            None => is_value(value),
        });
        pick(values, choices).is_some_and(toggle)
    })?;
    Some(same(varied))
}

fn toggle(node: &mut Node) -> bool {
    match &mut node.value {
        Value::Array(elements) if elements.len() == 1 => {
            let Some(only) = elements.pop() else { return false };
            *node = only;
        }
        Value::Array(_) => return false,
        _ => {
            let alone = std::mem::take(node);
            *node = Node::from_iter([alone]);
        }
    }
    true
}

/// Another case for some letters; `false` if there is none to change.
fn change_case(text: &str, from: usize, choices: &mut dyn Choices) -> Option<String> {
    let (head, tail) = text.split_at_checked(from)?;
    let swap = |c: char| if c.is_ascii_uppercase() { c.to_ascii_lowercase() } else { c.to_ascii_uppercase() };
    let changed: String = match choices.below(3) {
        0 => tail.to_ascii_uppercase(),
        1 => tail.to_ascii_lowercase(),
        _ => tail.chars().map(swap).collect(),
    };
    let changed = if changed == tail { tail.chars().map(swap).collect() } else { changed };
    (changed != tail).then(|| format!("{head}{changed}"))
}

/// An action in another case. The name of the service keeps its own in RAM, where it is written `kms:`.
pub fn action_case(question: &Question, choices: &mut dyn Choices) -> Option<Variation> {
    let varied = edited(question, choices, |root, at, choices| {
        let elements = statements_mut(root).into_iter().flat_map(members_mut);
        let elements = elements.filter(|member| matches!(member.name.as_str(), "Action" | "NotAction"));
        let actions = elements.flat_map(|member| strings_mut(&mut member.node)).collect();
        let Some(action) = pick::<&mut String>(actions, choices) else { return false };
        let from = match at.question.dialect {
            Dialect::Aws => 0,
            _ => action.find(':').unwrap_or_default(),
        };
        change_case(action, from, choices).map(|changed| *action = changed).is_some()
    })?;
    Some(same(varied))
}

/// The name of a condition key in another case.
pub fn condition_key_case(question: &Question, choices: &mut dyn Choices) -> Option<Variation> {
    let varied = edited(question, choices, |root, _, choices| {
        let mut names = Vec::new();
        for statement in statements_mut(root) {
            let Some(condition) = member_mut(statement, "Condition") else { continue };
            let operators = members_mut(condition).iter_mut();
            names
                .extend(operators.flat_map(|o| members_mut(&mut o.node).iter_mut().map(|key| &mut key.name)));
        }
        let Some(name) = pick::<&mut String>(names, choices) else { return false };
        change_case(name, 0, choices).map(|changed| *name = changed).is_some()
    })?;
    Some(same(varied))
}

/// A resource in another case, and one that is surely another: the statement says the same of both, since it speaks of
/// neither.
pub fn resource_case(question: &Question, choices: &mut dyn Choices) -> Option<Variation> {
    let ask = request(question)?;
    let mut other = None;
    let cased = rewritten(question, choices, |root, at, choices| {
        let elements = statements_mut(root).into_iter().flat_map(members_mut);
        let elements = elements.filter(|member| matches!(member.name.as_str(), "Resource" | "NotResource"));
        let mut texts: Vec<_> = elements.flat_map(|member| strings_mut(&mut member.node)).collect();
        let asked = |text: &str| ask.authorizations.iter().any(|one| one.resource.arn == text);
        texts.retain(|text| asked(text) && name_of(text).is_some());
        let text = pick(texts, choices)?;
        let whole = text.clone();
        let changed = change_case(&whole, name_of(&whole)?, choices)?;
        if asked(&changed) {
            return None;
        }
        *text = format!("{whole}-of-nobody");
        let unlike = compact(root);
        other = Some((at.place, unlike));
        let mut strings: Vec<_> = statements_mut(root).into_iter().flat_map(members_mut).collect();
        let texts = strings.iter_mut().flat_map(|member| strings_mut(&mut member.node));
        let marked = format!("{whole}-of-nobody");
        texts.filter(|text| **text == marked).for_each(|text| text.clone_from(&changed));
        Some(compact(root))
    })?;
    let (place, unlike) = other?;
    let mut varied = question.clone();
    place.put(&mut varied, Document::new(unlike));
    Some(Variation { questions: vec![cased, varied], holds: compare::agree_after })
}

/// Where the name begins in the ARN of a resource without wildcards and variables, if it has letters.
fn name_of(text: &str) -> Option<usize> {
    let parts = if text.starts_with("acs:") { 4 } else { 5 };
    let (at, _) = text.match_indices(':').nth(parts - 1)?;
    let name = text.get(at..)?;
    let plain = !text.contains(['*', '?', '$']) && name.bytes().any(|byte| byte.is_ascii_alphabetic());
    plain.then_some(at)
}

/// In `Principal`, the id of an account becomes its ARN, the ARN its id.
pub fn accounts(question: &Question, choices: &mut dyn Choices) -> Option<Variation> {
    let ask = request(question)?;
    let here =
        partition(ask.authorizations.iter().map(|one| one.resource.arn.as_str()).find(|arn| *arn != "*"))?;
    // Between partitions the two differ: an id names the account of any.
    if partition(ask.caller.arn.as_deref()).is_some_and(|of_caller| of_caller != here) {
        return None;
    }
    let varied = edited(question, choices, |root, _, choices| {
        let elements = statements_mut(root).into_iter().filter_map(|one| member_mut(one, "Principal"));
        let named = elements.filter_map(|element| member_mut(element, "AWS")).flat_map(strings_mut);
        let mut names: Vec<(&mut String, String)> = Vec::new();
        for name in named {
            let other = match Arn::parse(name) {
                Some(Arn { service: "iam", region: "", resource: "root", partition, account })
                    if partition == here && is_account(account) =>
                {
                    account.to_owned()
                }
                None if is_account(name) => format!("arn:{here}:iam::{name}:root"),
                _ => continue,
            };
            names.push((name, other));
        }
        pick(names, choices).map(|(name, other)| *name = other).is_some()
    })?;
    Some(same(varied))
}

/// A number or boolean of a condition gains quotation marks; `"true"` and `"false"` under `Bool` lose them.
pub fn quotes(question: &Question, choices: &mut dyn Choices) -> Option<Variation> {
    let varied = edited(question, choices, |root, _, choices| {
        let mut values = Vec::new();
        for statement in statements_mut(root) {
            for (operator, _, value) in condition_values(statement) {
                let is_bool = operator.starts_with("Bool");
                let each = match value {
                    Node { value: Value::Array(elements), .. } => elements.iter_mut().collect(),
                    value => vec![value],
                };
                values.extend(each.into_iter().filter_map(|value| {
                    let other = match &value.value {
                        Value::Bool(said) => Node::from(said.to_string()),
                        Value::Number(said) => Node::from(said.as_str()),
                        Value::String(said) if is_bool && (said == "true" || said == "false") => {
                            Node::from(said == "true")
                        }
                        _ => return None,
                    };
                    Some((value, other))
                }));
            }
        }
        pick(values, choices).map(|(value, other)| *value = other).is_some()
    })?;
    Some(same(varied))
}

/// The document is written with white space, or with letters as escapes; or the whole question is written and read.
pub fn writing(question: &Question, choices: &mut dyn Choices) -> Option<Variation> {
    if choices.chance(20) {
        return Some(same(Question::parse(&question.to_line()).ok()?));
    }
    let varied = rewritten(question, choices, |root, _, choices| {
        Some(match choices.below(3) {
            0 => pretty(root, 40),
            1 => pretty(root, 1).replace('\n', "\r\n\t"),
            _ => escaped(&compact(root), choices),
        })
    })?;
    Some(same(varied))
}

/// A JSON text with some letters as escapes. Only ASCII letters outside of an escape: what a document may hold is judged
/// by its characters.
fn escaped(text: &str, choices: &mut dyn Choices) -> String {
    let wanted = char::from(b'a' + u8::try_from(choices.below(26)).unwrap_or_default());
    let mut out = String::with_capacity(text.len() + 16);
    let mut after_backslash = false;
    let mut in_string = false;
    for character in text.chars() {
        match character {
            '"' if !after_backslash => in_string = !in_string,
            _ => {}
        }
        if character == wanted && in_string && !after_backslash {
            out.push_str(&format!("\\u{:04x}", u32::from(character)));
        } else {
            out.push(character);
        }
        after_backslash = character == '\\' && !after_backslash;
    }
    out
}

/// A `Sid` goes, comes or becomes another; an `Id` comes where one may stand.
pub fn sids(question: &Question, choices: &mut dyn Choices) -> Option<Variation> {
    const SID: &str = "AnotherSidOfThisDocument";
    let varied = edited(question, choices, |root, at, choices| {
        let has_id = root.get("Id").is_some();
        let may_have_id = matches!(at.policy_type, PolicyType::KeyPolicy | PolicyType::ResourcePolicy);
        if question.dialect == Dialect::Aws && may_have_id && choices.chance(20) {
            match has_id {
                true => remove(root, "Id"),
                false => {
                    set(root, "Id", "an-id");
                    true
                }
            };
            return true;
        }
        // The grammar of RAM's identity policies has none.
        let may_have = question.dialect == Dialect::Aws
            || matches!(at.policy_type, PolicyType::KeyPolicy | PolicyType::SecretPolicy);
        let of_document = statements_mut(root);
        let wanted: Vec<_> =
            of_document.into_iter().filter(|one| may_have || one.get("Sid").is_some()).collect();
        let Some(statement) = pick(wanted, choices) else { return false };
        match statement.get("Sid").is_some() {
            true if choices.chance(50) => remove(statement, "Sid"),
            _ if may_have => {
                set(statement, "Sid", SID);
                true
            }
            _ => remove(statement, "Sid"),
        }
    })?;
    Some(Variation { questions: vec![varied], holds: compare::same_if_accepted })
}

/// An identity policy without variables loses its `Version`.
pub fn version(question: &Question, choices: &mut dyn Choices) -> Option<Variation> {
    if !is_request(question) {
        return None;
    }
    let varied = edited(question, choices, |root, at, _| {
        at.policy_type == PolicyType::Identity && !compact(root).contains("${") && remove(root, "Version")
    })?;
    Some(Variation { questions: vec![varied], holds: compare::same_if_accepted })
}
