//! Decides what a check may expect: answers that fit the question, one polarity, a reason where the documentation is open.

use kms_model::json::Node;

use super::problem::{Place, Problems};
use super::{Expectation, Expected, Requirement, Strength};

/// Reads the expectation of a check that cites these requirements.
pub fn read(
    check: &Node,
    requirements: &[&Requirement],
    place: Place<'_>,
    problems: &mut Problems,
) -> Option<Expectation> {
    let expectation = match (check.get("expect"), check.get("observe")) {
        (Some(node), None) => {
            let elements = node.elements().unwrap_or(std::slice::from_ref(node));
            Expectation::Expect(
                elements.iter().filter_map(Node::as_str).filter_map(Expected::from_word).collect(),
            )
        }
        (None, Some(node)) => observed(node, place, problems),
        _ => {
            problems.at(place, check.span, "a check has exactly one of `expect` and `observe`");
            return None;
        }
    };
    fit(&expectation, check, place, problems);
    if let Expectation::Expect(answers) = &expectation {
        let grants = answers.iter().filter(|answer| answer.grants()).count();
        if grants > 0 && grants < answers.len() {
            let message = "one expectation cannot both grant and refuse: write `observe`";
            problems.at(place, check.span, message);
        }
        let open = |rule: &&Requirement| matches!(rule.strength, Strength::Silent | Strength::Contradictory);
        if !requirements.is_empty() && requirements.iter().all(open) && check.get("because").is_none() {
            let message = "all requirements are silent or contradictory: write `observe`, or say in `because` what \
                           makes this half safe";
            problems.at(place, check.span, message);
        }
    }
    Some(expectation)
}

fn observed(node: &Node, place: Place<'_>, problems: &mut Problems) -> Expectation {
    let mut readings = Vec::new();
    for member in node.members().unwrap_or_default() {
        match Expected::from_word(&member.name) {
            Some(answer) => readings.push((answer, member.node.as_str().unwrap_or_default().to_owned())),
            None => problems.at(place, member.name_span, format!("no answer `{}`", member.name)),
        }
    }
    Expectation::Observe(readings)
}

/// A document is accepted or rejected, a request is anything but accepted.
fn fit(expectation: &Expectation, check: &Node, place: Place<'_>, problems: &mut Problems) {
    let answers: Vec<Expected> = match expectation {
        Expectation::Expect(answers) => answers.clone(),
        Expectation::Observe(readings) => readings.iter().map(|(answer, _)| *answer).collect(),
    };
    let named = [check.get("expect"), check.get("observe")].into_iter().flatten();
    let is_empty = |node: &Node| {
        node.elements().is_some_and(<[Node]>::is_empty) || node.members().is_some_and(<[_]>::is_empty)
    };
    if named.into_iter().any(is_empty) {
        problems.at(place, check.span, "at least one answer must be named");
    }
    let request = check.get("validate").is_none();
    let fits = |answer: &&Expected| match answer {
        Expected::Accepted => !request,
        Expected::Rejected => true,
        _ => request,
    };
    if let Some(answer) = answers.iter().find(|answer| !fits(answer)) {
        let asked = if request { "a request" } else { "a document" };
        problems.at(place, check.span, format!("`{}` is no answer to {asked}", answer.word()));
    }
}
