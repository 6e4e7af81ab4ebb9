//! Decides how the parts of an operation on several resources are turned: each permission by itself, on its own resource or
//! on that of another part.

use kms_model::Question;
use kms_model::json::Node;

use crate::Choices;
use crate::edit::place::Place;
use crate::edit::{edited, pick, set, statement_list};
use crate::relations::build::request;

use super::is_about;

/// The question with one of the caller's statements taken apart.
pub fn turned(question: &Question, choices: &mut dyn Choices) -> Option<Question> {
    let asked = &request(question)?.authorizations;
    if asked.len() < 2 {
        return None;
    }
    let moved = usize::from(choices.chance(60));
    edited(question, choices, |root, at, choices| {
        let Some(list) = statement_list(root).filter(|_| matches!(at.place, Place::Caller(_))) else {
            return false;
        };
        let about = (0..list.len()).filter(|place| list.get(*place).is_some_and(|one| is_about(one, at)));
        let about: Vec<usize> = about.filter(|place| list.get(*place).is_some_and(has_both)).collect();
        let Some(place) = pick(about, choices) else { return false };
        let whole = list.remove(place);
        for (of, one) in asked.iter().enumerate() {
            let Some(other) = asked.get((of + moved) % asked.len()) else { continue };
            let mut part = whole.clone();
            set(&mut part, "Action", one.action.as_str());
            set(&mut part, "Resource", other.resource.arn.as_str());
            // A name is for one statement.
            crate::edit::remove(&mut part, "Sid");
            list.push(part);
        }
        true
    })
}

fn has_both(statement: &Node) -> bool {
    statement.get("Action").is_some() && statement.get("Resource").is_some()
}
