//! `promote`: makes the skeleton of a suite of a finding. What it cannot know stands in it as notes: the documented rule,
//! and the answer that follows from it.

mod world;

use std::process::ExitCode;

use kms_conformance::catalogue::{Catalogue, Expected};
use kms_conformance::model::json::{Limits, Node, compact, parse, pretty};
use kms_conformance::model::question::{Ask, Context};
use kms_conformance::model::{Dialect, Question};
use kms_explore::finding::Finding;
use serde_json::{Map, Value, json};

use super::files::Source;
use super::print;
use crate::arguments::PromoteArguments;
use crate::{Stop, style};

/// Prints the skeleton, and says on standard error whether its check asks the question of the finding.
pub fn exec(arguments: &PromoteArguments) -> Result<ExitCode, Stop> {
    let source = Source::file(&arguments.file).map_err(Stop::input)?;
    let problems = |problems: Vec<kms_conformance::model::shape::Problem>| {
        let lines: Vec<_> =
            problems.iter().map(|problem| source.at(problem.span.start, &problem.message)).collect();
        Stop::input(lines.join("\n"))
    };
    let (question, finding) = match source.node.get("finding") {
        Some(_) => {
            let finding = Finding::read(&source.node).map_err(problems)?;
            (finding.question.clone(), Some(finding))
        }
        None => (Question::read(&source.node).map_err(problems)?, None),
    };
    let guess = finding.as_ref().and_then(|finding| finding.requirement.clone());
    let requirement = arguments.requirement.clone().or(guess);
    let mut suite = skeleton(&question, finding.as_ref(), requirement.as_deref(), &arguments.name);
    let dialect = question.dialect.word();
    let path = format!("{dialect}/found.json");
    let asked = |suite: &Value| {
        let loaded = Catalogue::from_text(&path, &suite.to_string())?;
        Ok(loaded.checks().first().map(|check| check.question.clone()))
    };
    let mut asks = asked(&suite);
    if let Ok(Some(made)) = &asks
        && let Some(changes) = context_changes(&question, made)
        && let Some(check) = suite.pointer_mut("/cases/0/checks/0").and_then(Value::as_object_mut)
    {
        check.insert("context".to_owned(), changes);
        asks = asked(&suite);
    }
    let text = suite.to_string();
    let node: Node = parse(&text, Limits::default()).map_err(|error| Stop::input(error.message))?;
    print(&pretty(&node, 110));
    match asks {
        Ok(Some(made)) => {
            let places = differences(&question.to_node(), &made.to_node(), "");
            if !places.is_empty() {
                warn(&format!("the case does not ask the question yet: it differs at {}", places.join(", ")));
            }
        }
        Ok(None) => warn("the case holds no check"),
        Err::<_, kms_conformance::LoadError>(error) => {
            warn(&format!("the case cannot be loaded yet\n{error}"))
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn warn(message: &str) {
    anstream::eprintln!("{}", style::warning(message));
}

/// A suite of one case with one check.
fn skeleton(question: &Question, finding: Option<&Finding>, requirement: Option<&str>, name: &str) -> Value {
    let (world, mut check) = world::of(question);
    let answers = finding.map(|finding| finding.signature.answers.as_slice()).unwrap_or_default();
    // The last is the one that the evaluator was held against.
    let words = || answers.iter().rev().chain(answers.first());
    let expected = words().find(|word| Expected::from_word(word).is_some());
    let told = match finding {
        Some(finding) => format!("{}: {}", finding.name(), answers.join(", ")),
        None => "a question".to_owned(),
    };
    let mut case = json!({ "name": name });
    if let Some(case) = case.as_object_mut() {
        if let Some(id) = requirement {
            case.insert("requirements".to_owned(), json!([id]));
        }
        let note = format!("From {told}. Cite the requirement, and expect what the documentation says.");
        case.insert("note".to_owned(), json!(note));
        if !world.is_empty() {
            case.insert("world".to_owned(), Value::Object(world));
        }
        let default = match &question.ask {
            Ask::Validate(_) => "rejected",
            _ => "implicit-deny",
        };
        check.insert("name".to_owned(), json!("asked"));
        check.insert("expect".to_owned(), json!(expected.map_or(default, String::as_str)));
        case.insert("checks".to_owned(), json!([check]));
    }
    let mut suite = json!({ "title": "Found by exploring", "cases": [case] });
    if let (Dialect::Ram, Some(suite)) = (question.dialect, suite.as_object_mut()) {
        suite.insert("dialect".to_owned(), json!("ram"));
    }
    suite
}

/// What a check must say of the context, so that it is the question's; `None` where it is already.
fn context_changes(question: &Question, made: &Question) -> Option<Value> {
    let context = |question: &Question| match &question.ask {
        Ask::Authorize(ask) => ask.authorizations.first().and_then(|one| one.context.clone()),
        _ => None,
    };
    let (wanted, made): (Context, Context) = (context(question)?, context(made)?);
    let mut changes = Map::new();
    for (key, value) in wanted.iter().filter(|(key, value)| made.get(key) != Some(*value)) {
        changes.insert(key.to_owned(), serde_json::from_str(&compact(&value.to_node())).ok()?);
    }
    for (key, _) in made.iter().filter(|(key, _)| wanted.get(key).is_none()) {
        changes.insert(key.to_owned(), Value::Null);
    }
    (!changes.is_empty()).then_some(Value::Object(changes))
}

/// The places at which two values differ, as JSON pointers.
fn differences(a: &Node, b: &Node, at: &str) -> Vec<String> {
    if a == b {
        return Vec::new();
    }
    let (Some(left), Some(right)) = (a.members(), b.members()) else {
        return match (a.elements(), b.elements()) {
            (Some(left), Some(right)) if left.len() == right.len() => {
                let pairs = left.iter().zip(right).enumerate();
                pairs.flat_map(|(index, (a, b))| differences(a, b, &format!("{at}/{index}"))).collect()
            }
            _ => vec![at.to_owned()],
        };
    };
    let absent = Node::default();
    let mut found = Vec::new();
    for member in left {
        let other = b.get(&member.name).unwrap_or(&absent);
        found.extend(differences(&member.node, other, &format!("{at}/{}", member.name)));
    }
    let added = right.iter().filter(|member| a.get(&member.name).is_none());
    found.extend(added.map(|member| format!("{at}/{}", member.name)));
    found
}
