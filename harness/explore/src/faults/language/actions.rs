//! Decides the faults about `Action` and `NotAction`.

use kms_model::Question;
use kms_model::json::Node;

use crate::edit::{covers, fits, has_effect, member_mut, remove, set, strings};
use crate::faults::reading::{split, statements, values};
use crate::faults::{Change, Fault};
use crate::relations::build::actions;

/// The faults.
pub const TABLE: &[Fault] = &[
    Fault::new(
        "aws-actions-mind-case",
        "iam.action.case-insensitive",
        "actions compare with regard to case",
        Change::Question(|question| matched(question, "Action", fits)),
    ),
    Fault::new(
        "aws-not-actions-mind-case",
        "iam.action.notaction-case-insensitive",
        "the values of NotAction compare with regard to case",
        Change::Question(|question| matched(question, "NotAction", fits)),
    ),
    Fault::new(
        "aws-actions-are-beginnings",
        "iam.action.anchored",
        "an action stands for all whose names begin with it",
        Change::Question(|question| {
            matched(question, "Action", |value, action| covers(&format!("{value}*"), action))
        }),
    ),
    Fault::new(
        "aws-question-marks-in-actions-are-text",
        "iam.action.wildcard-single",
        "in an action ? is a character like others",
        Change::Question(|question| {
            matched(question, "Action", |value, action| !value.contains('?') && covers(value, action))
        }),
    ),
    Fault::new(
        "aws-stars-in-actions-stand-at-the-end",
        "iam.action.wildcard-multi",
        "in an action * is read at its end only",
        Change::Question(|question| {
            matched(question, "Action", |value, action| {
                let start = value.strip_suffix('*').unwrap_or(value);
                !start.contains('*') && covers(value, action)
            })
        }),
    ),
    Fault::new(
        "aws-one-star-in-an-action",
        "iam.action.wildcard-multiple",
        "of several wildcards in an action the first is read",
        Change::Question(|question| {
            matched(question, "Action", |value, action| {
                value.matches(['*', '?']).count() < 2 && covers(value, action)
            })
        }),
    ),
    Fault::new(
        "aws-stars-in-actions-need-a-character",
        "iam.action.wildcard-zero-length",
        "in an action * stands for one character at least",
        Change::Question(|question| {
            matched(question, "Action", |value, action| covers(&value.replace('*', "?*"), action))
        }),
    ),
    Fault::new(
        "aws-question-marks-in-actions-may-be-nothing",
        "iam.action.wildcard-zero-length",
        "in an action ? stands for one character or none",
        Change::Question(|question| {
            matched(question, "Action", |value, action| {
                covers(value, action) || covers(&value.replace('?', ""), action)
            })
        }),
    ),
    Fault::new(
        "aws-actions-are-regular-expressions",
        "iam.action.regex-metachar-literal",
        "characters that mean something in regular expressions mean it in actions",
        Change::Question(|question| {
            values(question, &["Action"], &["kms:"], |_, value, at| {
                let special = value.contains(['.', '|', '^', '$', '+', '[', '(', ',']);
                let known: Vec<String> = actions(at)
                    .into_iter()
                    .filter(|action| expressed(value, action))
                    .map(str::to_owned)
                    .collect();
                special.then_some(known).filter(|known| !known.is_empty())
            })
        }),
    ),
    Fault::new(
        "aws-first-action-of-a-list-is-read",
        "iam.action.list-or",
        "of several actions of a Deny the first is read",
        Change::Question(|question| {
            statements(question, &["["], |statement, _| {
                let denies = has_effect(statement, "Deny");
                let Some(element) = member_mut(statement, "Action").filter(|_| denies) else { return false };
                let first = strings(element).first().map(|value| Node::from(*value));
                let several = strings(element).len() > 1;
                *element = first.filter(|_| several).unwrap_or_else(|| element.clone());
                several
            })
        }),
    ),
    Fault::new(
        "aws-star-is-no-action",
        "iam.action.star-all",
        "an action needs a service: * alone covers none",
        Change::Question(|question| {
            matched(question, "Action", |value, action| value != "*" && covers(value, action))
        }),
    ),
    Fault::new(
        "aws-unknown-actions-void-their-list",
        "iam.action.unknown-action-name",
        "a statement with an action that there is not is not read",
        Change::Question(|question| {
            statements(question, &["kms:"], |statement, _| {
                let unknown = |value: &str| {
                    value
                        .strip_prefix("kms:")
                        .is_some_and(|name| !name.contains(['*', '?']) && !is_known(value))
                };
                let Some(element) = member_mut(statement, "Action") else { return false };
                let found = strings(element).into_iter().any(unknown) && strings(element).len() > 1;
                if found {
                    *element = "kms:NoSuchAction".into();
                }
                found
            })
        }),
    ),
    Fault::new(
        "aws-not-action-is-not-read-in-allow",
        "iam.notaction.matches-everything-else",
        "an Allow with NotAction allows nothing",
        Change::Question(|question| {
            statements(question, &["NotAction"], |statement, _| {
                has_effect(statement, "Allow") && idle_not(statement)
            })
        }),
    ),
    Fault::new(
        "aws-not-action-stays-in-the-services-it-lists",
        "iam.notaction.cross-service",
        "NotAction reaches the other actions of the services that it lists",
        Change::Question(|question| {
            statements(question, &["NotAction"], |statement, at| {
                let Some(element) = statement.get("NotAction") else { return false };
                let service = |text: &str| text.split(':').next().unwrap_or_default().to_ascii_lowercase();
                let listed: Vec<String> = strings(element).into_iter().map(service).collect();
                let reached = |action: &str| listed.iter().any(|one| covers(one, &service(action)));
                !actions(at).into_iter().any(reached) && idle_not(statement)
            })
        }),
    ),
    Fault::new(
        "aws-deny-with-not-action-allows-the-rest",
        "iam.notaction.deny-does-not-allow",
        "a Deny with NotAction allows what it lists",
        Change::Question(|question| {
            split(question, &["NotAction"], |statement, _| {
                let listed = statement.get("NotAction").filter(|_| has_effect(statement, "Deny"))?.clone();
                let mut allowing = statement.clone();
                set(&mut allowing, "Effect", "Allow");
                remove(&mut allowing, "NotAction");
                set(&mut allowing, "Action", listed);
                Some(vec![statement.clone(), allowing])
            })
        }),
    ),
    Fault::new(
        "aws-values-of-not-action-are-alternatives",
        "iam.notaction.list-nor",
        "with several values in NotAction every action matches, as it is never all of them",
        Change::Question(|question| {
            split(question, &["NotAction"], |statement, _| {
                let listed = strings(statement.get("NotAction")?);
                (listed.len() > 1).then(|| listed.into_iter().map(|one| with_not(statement, one)).collect())
            })
        }),
    ),
    Fault::new(
        "aws-not-action-star-is-everything",
        "iam.notaction.star-matches-nothing",
        "NotAction * matches what no other statement matches, that is all",
        Change::Question(|question| {
            values(question, &["NotAction"], &["NotAction"], |_, value, _| {
                (value == "*").then(|| vec!["kms:NoSuchAction".to_owned()])
            })
        }),
    ),
];

/// The values of an element decided by `matches`, told a value and an action that is asked for.
fn matched(question: &Question, name: &str, matches: fn(&str, &str) -> bool) -> Option<Question> {
    values(question, &[name], &[name], |_, value, at| {
        let asked = actions(at);
        if asked.iter().all(|action| matches(value, action) == covers(value, action)) {
            return None;
        }
        let found: Vec<String> =
            asked.into_iter().filter(|action| matches(value, action)).map(str::to_owned).collect();
        Some(if found.is_empty() { vec!["kms:NoSuchAction".to_owned()] } else { found })
    })
}

/// Makes a statement with `NotAction` apply to no action of a request.
fn idle_not(statement: &mut Node) -> bool {
    let found = remove(statement, "NotAction");
    if found {
        set(statement, "Action", "kms:NoSuchAction");
    }
    found
}

fn with_not(statement: &Node, value: &str) -> Node {
    let mut part = statement.clone();
    set(&mut part, "NotAction", value);
    part
}

fn is_known(action: &str) -> bool {
    let name = action.strip_prefix("kms:").unwrap_or_default();
    kms_model::operations::all().iter().any(|operation| operation.name.eq_ignore_ascii_case(name))
        || name.to_ascii_lowercase().starts_with("reencrypt")
}

/// Whether an action is what a simple regular expression says: alternatives, `.`, `.*` and anchors.
fn expressed(expression: &str, action: &str) -> bool {
    let plain = expression.trim_start_matches('^').trim_end_matches('$').replace(['(', ')'], "");
    plain.split(['|', ',']).any(|one| {
        let pattern = one.replace(".*", "*").replace(".+", "?*").replace('.', "?");
        covers(&pattern, action) || covers(&format!("kms:{pattern}"), action)
    })
}
