//! Decides what a request says, and how the suite of one check is written so that a problem in it is told where the person
//! wrote what is wrong.

use kms_conformance::catalogue::SuiteProblem;
use kms_conformance::model::Dialect;
use kms_conformance::model::keys;
use kms_conformance::model::operations::KmsOperation;
use kms_conformance::model::ram::keys as ram_keys;
use kms_conformance::model::shape::Shape;
use serde_json::{Map, Value, json};

use super::facts::Told;
use crate::command::files::Source;
use crate::command::near_name;
use crate::style;

/// The members of the check that requests of both dialects have; what it is asked on is apart.
pub fn check(
    told: &mut Told<'_>,
    caller: &str,
    operation: &str,
    parameters: Map<String, Value>,
) -> Map<String, Value> {
    let mut members = vec![
        ("name", json!("explain")),
        ("caller", json!(caller)),
        ("operation", json!(operation)),
        ("parameters", Value::Object(parameters)),
        ("context", Value::Object(context(told))),
        ("observe", json!({ "allow": "the question is all that is wanted" })),
    ];
    if let Some(address) = told.facts.from {
        members.push(("from", json!(address.to_string())));
    }
    members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// The request's parameters that `--parameters` gives.
pub fn parameters(told: &mut Told<'_>) -> Map<String, Value> {
    let Some(text) = &told.facts.parameters else { return Map::new() };
    match Source::new("--parameters", text.as_bytes()) {
        Ok(source) => {
            let mut found = Vec::new();
            Shape::Map(&Shape::Any).check(&source.node, "--parameters", &mut found);
            told.problems.extend(found.iter().map(|one| source.at(one.span.start, &one.message)));
            serde_json::from_str(text).unwrap_or_default()
        }
        Err(problem) => {
            told.problem(problem);
            Map::new()
        }
    }
}

/// Adds the encryption context to the parameters.
pub fn encryption_context(
    told: &mut Told<'_>,
    operation: &KmsOperation,
    parameters: &mut Map<String, Value>,
) {
    let facts = told.facts;
    if facts.encryption_context.is_empty() {
        return;
    }
    // In a request for a grant, the pairs are those of its constraint.
    let takes = operation.supplies("kms:EncryptionContext:*") && !operation.name.ends_with("Grant");
    if !takes {
        told.problem(format!("`{}` takes no encryption context", operation.name));
    }
    if parameters.contains_key("EncryptionContext") {
        told.problem("`--encryption-context` and `--parameters` both give the encryption context");
    }
    let pairs = pairs("--encryption-context", &facts.encryption_context, &mut told.problems);
    parameters.insert("EncryptionContext".to_owned(), Value::Object(pairs));
}

/// What a check about the key `K` is asked on, and the aliases that the key has: not the one that is about to be made.
pub fn on<'a>(
    told: &mut Told<'a>,
    operation: &str,
    of_alias: bool,
    parameters: &mut Map<String, Value>,
) -> (Value, &'a [String]) {
    let aliases = told.facts.alias.as_slice();
    let makes_alias = of_alias && operation == "CreateAlias";
    match aliases {
        _ if !of_alias => (json!("K"), aliases),
        _ if makes_alias && parameters.contains_key("AliasName") => (json!("K"), aliases),
        [alias] if makes_alias => {
            parameters.insert("AliasName".to_owned(), json!(alias));
            (json!("K"), &[])
        }
        [alias] => (json!(alias), aliases),
        _ => {
            told.problem(format!("`{operation}` is about one alias: give it by `--alias`"));
            (json!("K"), aliases)
        }
    }
}

/// What an option that gives a name and a value gives in all.
pub fn pairs(option: &str, given: &[(String, String)], problems: &mut Vec<String>) -> Map<String, Value> {
    let mut pairs = Map::new();
    for (name, value) in given {
        if pairs.insert(name.clone(), json!(value)).is_some() {
            problems.push(format!("`{option}` gives `{name}` twice"));
        }
    }
    pairs
}

/// The condition keys that the person gave, each with one value or a list.
fn context(told: &mut Told<'_>) -> Map<String, Value> {
    let dialect = told.dialect;
    let mut given: Vec<(&str, Vec<&str>)> = Vec::new();
    for (name, value) in &told.facts.context {
        match given.iter_mut().find(|(known, _)| is_same(dialect, known, name)) {
            Some((_, values)) => values.push(value),
            None => given.push((name, vec![value])),
        }
    }
    let mut context = Map::new();
    for (name, values) in given {
        let multivalued = match dialect {
            Dialect::Ram => ram_keys::by_name(name).map(|key| key.multivalued),
            _ => keys::by_name(name).map(|key| key.multivalued),
        };
        if multivalued.is_none() {
            let near = match dialect {
                Dialect::Ram => near_name(name, ram_keys::all().iter().map(|key| key.name)),
                _ => near_name(name, keys::all().iter().map(|key| key.name)),
            };
            let message = format!("the documentation names no condition key `{name}`{near}");
            anstream::eprintln!("{}", style::warning(&message));
        }
        let value = match (values.as_slice(), multivalued) {
            ([_, _, ..], Some(false)) => {
                told.problem(format!("`--context` gives `{name}` twice, and a request has one value for it"));
                continue;
            }
            ([value], Some(false) | None) => json!(value),
            (values, _) => json!(values),
        };
        context.insert(name.to_owned(), value);
    }
    context
}

/// Whether two names are of one condition key. In AWS, names of an encryption context distinguish case, others do not; in
/// RAM, a name that is spelled in another way is taken for another.
fn is_same(dialect: Dialect, a: &str, b: &str) -> bool {
    let of_context = || a.to_ascii_lowercase().starts_with("kms:encryptioncontext:");
    a == b || (dialect != Dialect::Ram && a.eq_ignore_ascii_case(b) && !of_context())
}

/// What the suite is written from.
pub struct Texts {
    /// The world of its case.
    pub world: Map<String, Value>,
    /// Its check.
    pub check: Map<String, Value>,
    /// The grants on the key, each in the person's own words.
    pub grants: Vec<Source>,
}

/// The lines of the suite that hold a person's own text, each with its first line.
pub struct Places(Vec<(usize, Source)>);

impl Texts {
    /// The suite. Each grant begins a line, so that a place in it is a place in its file.
    pub fn suite(self, dialect: Dialect) -> (String, Places) {
        let [world, check] = [self.world, self.check].map(|object| Value::Object(object).to_string());
        let check = check.strip_suffix('}').unwrap_or(&check);
        let dialect = dialect.word();
        let mut text = format!(
            r#"{{"title":"explain","dialect":"{dialect}","cases":[{{"name":"explain","world":{world},"checks":[{check}"#
        );
        if self.grants.is_empty() {
            text.push_str("}]}]}");
            return (text, Places(Vec::new()));
        }
        text.push_str(r#","world":{"keys":{"K":{"grants":{"#);
        let mut places = Vec::new();
        for (index, grant) in self.grants.into_iter().enumerate() {
            let comma = if index > 0 { "," } else { "" };
            text.push_str(&format!("{comma}\"grant-{}\":\n", index + 1));
            let line = text.matches('\n').count() + 1;
            text.push_str(&grant.text);
            text.push('\n');
            places.push((line, grant));
        }
        text.push_str("}}}}}]}]}");
        (text, Places(places))
    }
}

impl Places {
    /// A problem of the suite, told where the person wrote what is wrong.
    pub fn tell(&self, problem: &SuiteProblem) -> String {
        let message = problem.message.replace("world.keys.K.grants.", "");
        let line = problem.position.map_or(0, |position| position.line);
        let own = self.0.iter().rev().find(|(first, _)| *first <= line);
        match (own, problem.position) {
            (Some((first, source)), Some(position)) => {
                format!("{}:{}:{}: {message}", source.shown, line - first + 1, position.column)
            }
            _ => message,
        }
    }
}
