//! Decides how the conditions of a statement are turned: one more on what the request has or lacks, in nearly its words, a
//! value compared with the key itself, a value in another form.

use kms_model::Dialect;
use kms_model::json::Node;
use kms_model::question::{Context, ContextValue, PolicyType};
use kms_model::{keys, ram};

use super::entries::add;
use super::{Spot, Turn, forms, replace};
use crate::Choices;
use crate::aws::words::{self, WORDS};
use crate::edit::{condition_values, pick, strings_mut};
use crate::ram::conditions as of_ram;

/// The turns. Most are conditions on what the request has.
pub const TURNS: &[Turn] =
    &[of_request, of_request, of_request, of_request, of_request, with_itself, with_itself, other_form];

/// A condition key and a value for it.
#[derive(Clone, Debug)]
struct Asked {
    name: String,
    /// `arn`, `bool`, `date`, `ip-address`, `numeric`, `string`
    kind: &'static str,
    /// Whether a request may have several.
    is_multivalued: bool,
    /// What the request has, or else could have.
    value: String,
}

/// A condition on a key that the request has, or on another.
fn of_request(statement: &mut Node, spot: Spot<'_>, choices: &mut dyn Choices) -> bool {
    let Some(context) = spot.context() else { return false };
    let found = match choices.weighted(&[58, 22, 20]) {
        0 => had(&context, spot, choices),
        1 => known(&context, spot, choices),
        _ => alike(&context, spot, choices),
    };
    found.is_some_and(|asked| on(asked, false, &context, statement, spot, choices))
}

/// A condition on that key.
pub fn on_key(name: &str, statement: &mut Node, spot: Spot<'_>, choices: &mut dyn Choices) -> bool {
    let Some(context) = spot.context() else { return false };
    let asked = match context.get(name) {
        Some(value) => asked(spot, name, value, choices),
        None => WORDS.iter().find(|word| word.key.name == name).and_then(|word| of_word(word, choices)),
    };
    // What the key is for mostly shows where the request has just that value.
    let is_exact = choices.chance(50);
    asked.is_some_and(|asked| on(asked, is_exact, &context, statement, spot, choices))
}

/// A key that the request has. There are many that every request has, and few of each sort that matters.
fn had(context: &Context, spot: Spot<'_>, choices: &mut dyn Choices) -> Option<Asked> {
    const KINDS: &[&str] = &["arn", "arn", "bool", "date", "date", "ip-address", "numeric"];
    let all: Vec<_> = context.iter().collect();
    let kind = choices.pick(KINDS).copied().unwrap_or("date");
    let other = spot.context_of_another();
    let sort = choices.weighted(&[24, 28, 26, 16, 6]);
    let is_wanted = |(name, value): &&(&str, &ContextValue)| match sort {
        1 => name.starts_with("kms:"),
        2 => kind_of(spot, name).0 == kind,
        3 => matches!(value, ContextValue::Many(_)),
        // The parts of an operation differ in few.
        4 => other.as_ref().is_some_and(|other| other.get(name) != Some(value)),
        _ => true,
    };
    let wanted: Vec<_> = all.iter().filter(is_wanted).copied().collect();
    let (name, value) = *choices.pick(if wanted.is_empty() { &all } else { &wanted })?;
    asked(spot, name, value, choices)
}

/// A key that the request lacks, though it has one of its values under another.
fn alike(context: &Context, spot: Spot<'_>, choices: &mut dyn Choices) -> Option<Asked> {
    if spot.is_ram() {
        return known(context, spot, choices);
    }
    let has = |text: &str| context.iter().any(|(_, value)| value.values().iter().any(|one| one == text));
    let lacking = |word: &&words::Word| {
        word.key.kind != "bool" && word.names.iter().all(|name| context.get(name).is_none())
    };
    let alike = WORDS.iter().filter(lacking).flat_map(|word| {
        word.values.iter().filter(|value| has(value.text)).map(move |value| (word, value.text))
    });
    let (word, value) = pick(alike.collect(), choices)?;
    Some(Asked { value: value.to_owned(), ..of_word(word, choices)? })
}

fn asked(spot: Spot<'_>, name: &str, value: &ContextValue, choices: &mut dyn Choices) -> Option<Asked> {
    let (kind, is_multivalued) = kind_of(spot, name);
    let value = choices.pick(value.values()).cloned().unwrap_or_else(|| "none".to_owned());
    Some(Asked { name: name.to_owned(), kind, is_multivalued, value })
}

/// A key of the tables, which the request may lack.
fn known(context: &Context, spot: Spot<'_>, choices: &mut dyn Choices) -> Option<Asked> {
    if spot.is_ram() {
        let (key, name) = of_ram::any_key(choices)?;
        let value = (*choices.pick(of_ram::values(key))?).to_owned();
        return Some(Asked { name: name.to_owned(), kind: key.kind, is_multivalued: false, value });
    }
    if choices.chance(6) {
        let (kind, value) = ("string", "x".to_owned());
        return Some(Asked { name: "kms:NoSuchKey".to_owned(), kind, is_multivalued: false, value });
    }
    let own = choices.chance(60);
    let lacking = |word: &&words::Word| {
        word.names.iter().all(|name| context.get(name).is_none())
            && (!own || word.key.name.starts_with("kms:"))
    };
    let word = pick(WORDS.iter().filter(lacking).collect(), choices)?;
    of_word(word, choices)
}

fn of_word(word: &words::Word, choices: &mut dyn Choices) -> Option<Asked> {
    let name = choices.pick(&word.names)?.clone();
    let value = choices.pick(&word.values)?.text.to_owned();
    Some(Asked { name, kind: word.key.kind, is_multivalued: word.key.multivalued, value })
}

/// The type of a key, and whether a request may have several values.
fn kind_of(spot: Spot<'_>, name: &str) -> (&'static str, bool) {
    match spot.at.question.dialect {
        Dialect::Ram => (ram::keys::by_name(name).map_or("string", |key| key.kind), false),
        _ => keys::by_name(name).map_or(("string", false), |key| (key.kind, key.multivalued)),
    }
}

/// Adds a condition, and perhaps another under the same operator or on the same key.
fn on(
    asked: Asked,
    is_exact: bool,
    context: &Context,
    statement: &mut Node,
    spot: Spot<'_>,
    choices: &mut dyn Choices,
) -> bool {
    let is_ram = spot.is_ram();
    let Some(base) = operator(&asked, is_ram, choices) else { return false };
    let name = respelled(&asked.name, is_ram, choices);
    let prefix = if is_ram { 0 } else { prefix(&asked, base, spot, choices) };
    let if_exists = !is_ram && base != "Null" && choices.chance(8);
    let operator = words::operator(base, prefix, if_exists);
    let value = match (base, choices.below(12)) {
        ("Null", _) => Some(if choices.chance(50) { "true" } else { "false" }.to_owned()),
        (_, 0..4) => Some(asked.value.clone()),
        _ if is_exact => Some(asked.value.clone()),
        (_, 4) if spot.has_variables => Some(format!("${{aws:PrincipalTag/none, '{}'}}", asked.value)),
        _ => forms::of(base, &asked.value, context, choices),
    };
    let Some(value) = value.filter(|value| may_stand(value, spot)) else { return false };
    if !add(statement, operator, &name, Node::from(value)) {
        return false;
    }
    if !is_ram && base != "Null" && choices.chance(12) {
        add(statement, "Null", &name, Node::from(if choices.chance(50) { "true" } else { "false" }));
    }
    if choices.chance(12)
        && let Some(other) = had(context, spot, choices).filter(|other| other.name != asked.name)
    {
        let value = if choices.chance(50) { other.value } else { "another".to_owned() };
        add(statement, operator, &other.name, Node::from(value));
    }
    true
}

/// An operator of the type of the key, mostly.
fn operator(asked: &Asked, is_ram: bool, choices: &mut dyn Choices) -> Option<&'static str> {
    let numeric =
        asked.kind == "numeric" || asked.name.eq_ignore_ascii_case("aws:EpochTime") && choices.chance(50);
    let strings = if is_ram { of_ram::STRING } else { words::STRING };
    let bytes =
        asked.value.len().is_multiple_of(4) && asked.value.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let operators = match asked.kind {
        _ if !is_ram && choices.chance(if asked.kind == "bool" { 30 } else { 6 }) => return Some("Null"),
        _ if !is_ram && bytes && choices.chance(20) => return Some("BinaryEquals"),
        _ if numeric && choices.chance(30) => return Some("NumericEquals"),
        _ if numeric => words::NUMERIC,
        "arn" if !is_ram && choices.chance(25) => return Some("StringLike"),
        "arn" if !is_ram => words::ARN,
        "bool" => return Some("Bool"),
        "date" => words::DATE,
        "ip-address" => words::IP,
        _ if !is_ram && choices.chance(3) => words::ARN,
        _ => strings,
    };
    choices.pick(operators).copied()
}

/// The place of none, ForAnyValue or ForAllValues: mostly none where there is one value.
fn prefix(asked: &Asked, base: &str, spot: Spot<'_>, choices: &mut dyn Choices) -> usize {
    let prefix = match asked.is_multivalued {
        _ if base == "Null" => choices.weighted(&[80, 10, 10]),
        true => choices.weighted(&[1, 5, 5]),
        false => choices.weighted(&[80, 10, 10]),
    };
    // Of pairs and tags of the request KMS takes no ForAllValues in an Allow.
    let name = asked.name.to_ascii_lowercase();
    let refused = name.starts_with("kms:encryptioncontext:") || name.starts_with("aws:requesttag/");
    if refused && spot.at.policy_type == PolicyType::KeyPolicy { prefix.min(1) } else { prefix }
}

/// The key in another spelling now and then; in RAM with the prefix of the other vendor.
fn respelled(name: &str, is_ram: bool, choices: &mut dyn Choices) -> String {
    match name.split_once(':') {
        Some(("acs", rest)) if is_ram && choices.chance(15) => format!("aws:{rest}"),
        Some((service, rest)) if choices.chance(5) => format!("{}:{rest}", service.to_uppercase()),
        Some(_) if !is_ram && choices.chance(5) => name.to_lowercase(),
        _ => name.to_owned(),
    }
}

/// Whether a value can stand in a policy of that type: endpoint policies have few wildcards.
fn may_stand(value: &str, spot: Spot<'_>) -> bool {
    spot.at.policy_type != PolicyType::Endpoint || !value.contains(['*', '?'])
}

/// A key compared with the variable of its own name, or of another, which the request may lack.
fn with_itself(statement: &mut Node, spot: Spot<'_>, choices: &mut dyn Choices) -> bool {
    let Some(context) = spot.context() else { return false };
    let is_ram = spot.is_ram();
    let Some(asked) = had(&context, spot, choices) else { return false };
    let Some(base) = operator(&asked, is_ram, choices).filter(|base| *base != "Null") else { return false };
    let variable = match choices.below(8) {
        0 | 1 => asked.name.to_lowercase(),
        2 => asked.name.to_uppercase(),
        3 => "aws:PrincipalTag/none".to_owned(),
        4 => format!("{}, '{}'", asked.name, asked.value),
        _ => asked.name.clone(),
    };
    let prefix = if is_ram { 0 } else { prefix(&asked, base, spot, choices) };
    // Mostly without a prefix: a text with a variable is one value.
    let prefix = if choices.chance(70) { 0 } else { prefix };
    let operator = words::operator(base, prefix, false);
    let value = format!("${{{variable}}}");
    // A key of several values fills no variable; beside it a key of one is compared.
    let name = match asked.is_multivalued && choices.chance(50) {
        true => pick(single(&context, &asked.value), choices).unwrap_or(asked.name),
        false => asked.name,
    };
    add(statement, operator, &name, Node::from(value))
}

/// The keys that have that one value.
fn single(context: &Context, value: &str) -> Vec<String> {
    let has =
        |(_, known): &(&str, &ContextValue)| matches!(known, ContextValue::One(known) if known == value);
    context.iter().filter(has).map(|(name, _)| name.to_owned()).collect()
}

/// A value of one of the conditions in another form.
fn other_form(statement: &mut Node, spot: Spot<'_>, choices: &mut dyn Choices) -> bool {
    let Some(context) = spot.context() else { return false };
    let mut found: Vec<(String, &mut String)> = Vec::new();
    for (operator, _, values) in condition_values(statement) {
        let base = operator.rsplit(':').next().unwrap_or(operator);
        let base = base.strip_suffix("IfExists").unwrap_or(base).to_owned();
        if base != "Null" {
            found.extend(strings_mut(values).into_iter().map(|text| (base.clone(), text)));
        }
    }
    let Some((base, text)) = pick(found, choices) else { return false };
    let other = forms::of(&base, text, &context, choices).filter(|other| may_stand(other, spot));
    replace(text, other)
}
