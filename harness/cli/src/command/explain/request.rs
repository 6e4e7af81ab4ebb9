//! Decides what a request says, and how the suite of one check is written so that a problem in it is told where the person
//! wrote what is wrong.

use kms_conformance::catalogue::SuiteProblem;
use kms_conformance::model::keys;
use kms_conformance::model::operations::KmsOperation;
use kms_conformance::model::shape::Shape;
use serde_json::{Map, Value, json};

use crate::arguments::FactsArguments;
use crate::command::files::Source;
use crate::command::near_name;
use crate::style;

/// The request's parameters: those of `--parameters`, and the encryption context.
pub fn parameters(
    facts: &FactsArguments,
    operation: &KmsOperation,
    problems: &mut Vec<String>,
) -> Map<String, Value> {
    let mut parameters = Map::new();
    if let Some(text) = &facts.parameters {
        match Source::new("--parameters", text.as_bytes()) {
            Ok(source) => {
                let mut found = Vec::new();
                Shape::Map(&Shape::Any).check(&source.node, "--parameters", &mut found);
                problems.extend(found.iter().map(|one| source.at(one.span.start, &one.message)));
                parameters = serde_json::from_str(text).unwrap_or_default();
            }
            Err(problem) => problems.push(problem),
        }
    }
    if facts.encryption_context.is_empty() {
        return parameters;
    }
    // In a request for a grant, the pairs are those of its constraint.
    let takes = operation.supplies("kms:EncryptionContext:*") && !operation.name.ends_with("Grant");
    if !takes {
        problems.push(format!("`{}` takes no encryption context", operation.name));
    }
    if parameters.contains_key("EncryptionContext") {
        problems
            .push("`--encryption-context` and `--parameters` both give the encryption context".to_owned());
    }
    let pairs = pairs("--encryption-context", &facts.encryption_context, problems);
    parameters.insert("EncryptionContext".to_owned(), Value::Object(pairs));
    parameters
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
pub fn context(facts: &FactsArguments, problems: &mut Vec<String>) -> Map<String, Value> {
    let mut given: Vec<(&str, Vec<&str>)> = Vec::new();
    for (name, value) in &facts.context {
        match given.iter_mut().find(|(known, _)| is_same(known, name)) {
            Some((_, values)) => values.push(value),
            None => given.push((name, vec![value])),
        }
    }
    let mut context = Map::new();
    for (name, values) in given {
        let known = keys::by_name(name);
        if known.is_none() {
            let near = near_name(name, keys::all().iter().map(|key| key.name));
            let message = format!("the documentation names no condition key `{name}`{near}");
            anstream::eprintln!("{}", style::warning(&message));
        }
        let value = match (values.as_slice(), known.map(|key| key.multivalued)) {
            ([_, _, ..], Some(false)) => {
                problems
                    .push(format!("`--context` gives `{name}` twice, and a request has one value for it"));
                continue;
            }
            ([value], Some(false) | None) => json!(value),
            (values, _) => json!(values),
        };
        context.insert(name.to_owned(), value);
    }
    context
}

/// Whether two names are of one condition key: names of an encryption context distinguish case, others do not.
fn is_same(a: &str, b: &str) -> bool {
    a == b || (a.eq_ignore_ascii_case(b) && !a.to_ascii_lowercase().starts_with("kms:encryptioncontext:"))
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
    pub fn suite(self) -> (String, Places) {
        let [world, check] = [self.world, self.check].map(|object| Value::Object(object).to_string());
        let check = check.strip_suffix('}').unwrap_or(&check);
        let mut text = format!(
            r#"{{"title":"explain","cases":[{{"name":"explain","world":{world},"checks":[{check},"world":{{"keys":{{"K":{{"grants":{{"#
        );
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
