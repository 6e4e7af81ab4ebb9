//! Decides how well each requirement is shown: by checks that grant, that refuse, and by a pair of both that differs in
//! next to nothing.

use std::collections::BTreeMap;

use kms_model::json::{Node, Value};
use kms_model::shape::{Object, Shape, required};
use serde::Serialize;

use crate::catalogue::{Catalogue, Check, Expectation, Requirement, Strength};

/// The most JSON leaves in which the questions of a contrasting pair differ.
pub const CONTRAST: usize = 4;

/// How a catalogue covers its requirements.
#[derive(Clone, Debug, Serialize)]
pub struct Coverage {
    /// The counts.
    pub summary: CoverageSummary,
    /// Each requirement, sorted by id.
    pub requirements: Vec<Covered>,
}

/// The counts of a coverage.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize)]
pub struct CoverageSummary {
    /// All requirements.
    pub requirements: usize,
    /// Shown as their strength demands.
    pub covered: usize,
    /// Observed only.
    pub observed: usize,
    /// Said to be untestable, with a reason.
    pub untested: usize,
    /// None of these.
    pub uncovered: usize,
}

/// How one requirement is covered.
#[derive(Clone, Debug, Serialize)]
pub struct Covered {
    /// Its id.
    pub id: String,
    /// How firmly the documentation says it.
    pub strength: &'static str,
    /// Checks that grant.
    pub grants: usize,
    /// Checks that refuse.
    pub refuses: usize,
    /// Checks that observe.
    pub observes: usize,
    /// Whether a check that grants and one that refuses differ in at most [`CONTRAST`] leaves.
    pub contrast: bool,
    /// Why it has one polarity only, if it says so.
    #[serde(rename = "one-sided")]
    pub one_sided: Option<String>,
    /// Why it is not tested, if it says so.
    pub untested: Option<String>,
    /// The folder of the suite that defines it: `aws/core`.
    #[serde(skip)]
    pub topic: String,
}

/// Where a requirement stands.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Standing {
    /// Shown as its strength demands.
    Covered,
    /// Observed only, where the documentation is open.
    Observed,
    /// None of these.
    Uncovered,
    /// Said to be untestable.
    Untested,
}

impl Covered {
    /// Where the requirement stands. What the documentation states or shows needs both polarities and a contrasting pair,
    /// or a reason for having one only; anything else needs a check.
    pub fn standing(&self) -> Standing {
        let stated = self.strength == Strength::Must.word() || self.strength == Strength::Example.word();
        let asserted = self.grants + self.refuses > 0;
        match (&self.untested, &self.one_sided) {
            (Some(_), _) => Standing::Untested,
            (None, None) if stated && self.contrast => Standing::Covered,
            (None, Some(_)) if stated && asserted => Standing::Covered,
            _ if !stated && asserted => Standing::Covered,
            _ if !stated && self.observes > 0 => Standing::Observed,
            _ => Standing::Uncovered,
        }
    }
}

/// Measures the coverage of a catalogue.
pub fn coverage(catalogue: &Catalogue) -> Coverage {
    let mut checks: BTreeMap<&str, Vec<&Check>> = BTreeMap::new();
    for check in catalogue.checks() {
        for id in &check.requirements {
            checks.entry(id).or_default().push(check);
        }
    }
    let mut questions = BTreeMap::new();
    let mut summary = CoverageSummary::default();
    let mut requirements = Vec::new();
    for requirement in catalogue.requirements() {
        let own = checks.get(requirement.id.as_str()).map_or(&[][..], Vec::as_slice);
        let covered = measure(requirement, own, &mut questions);
        summary.requirements += 1;
        *match covered.standing() {
            Standing::Covered => &mut summary.covered,
            Standing::Observed => &mut summary.observed,
            Standing::Uncovered => &mut summary.uncovered,
            Standing::Untested => &mut summary.untested,
        } += 1;
        requirements.push(covered);
    }
    Coverage { summary, requirements }
}

/// Whether a check grants; `None` for an observation.
fn grants(check: &Check) -> Option<bool> {
    match &check.expectation {
        Expectation::Expect(answers) => Some(answers.iter().all(|answer| answer.grants())),
        Expectation::Observe(_) => None,
    }
}

fn measure<'a>(
    requirement: &Requirement,
    checks: &[&'a Check],
    questions: &mut BTreeMap<&'a str, Node>,
) -> Covered {
    let of = |polarity: Option<bool>| checks.iter().filter(|check| grants(check) == polarity).count();
    for check in checks {
        questions.entry(&check.id).or_insert_with(|| check.question.to_node());
    }
    let those = |polarity: bool| {
        let chosen = checks.iter().filter(move |check| grants(check) == Some(polarity));
        chosen.filter_map(|check| questions.get(check.id.as_str()))
    };
    let contrast = those(true)
        .any(|granted| those(false).any(|refused| difference(granted, refused, CONTRAST).is_some()));
    Covered {
        id: requirement.id.clone(),
        strength: requirement.strength.word(),
        grants: of(Some(true)),
        refuses: of(Some(false)),
        observes: of(None),
        contrast,
        one_sided: requirement.one_sided.clone(),
        untested: requirement.untested.clone(),
        topic: requirement.suite.rsplit_once('/').map_or("", |(topic, _)| topic).to_owned(),
    }
}

/// In how many leaves two values differ, if in at most `most`: leaves changed, added or removed.
pub fn difference(a: &Node, b: &Node, most: usize) -> Option<usize> {
    let count = match (&a.value, &b.value) {
        (Value::Object(left), Value::Object(right)) => {
            let mut sum = 0;
            for member in left {
                sum += match right.iter().find(|other| other.name == member.name) {
                    Some(other) => difference(&member.node, &other.node, most.checked_sub(sum)?)?,
                    None => member.node.leaves(),
                };
            }
            let added = right.iter().filter(|other| !left.iter().any(|member| member.name == other.name));
            sum + added.map(|member| member.node.leaves()).sum::<usize>()
        }
        (Value::Array(left), Value::Array(right)) => lists(left, right, most)?,
        _ if a == b => 0,
        _ => a.leaves().max(b.leaves()),
    };
    (count <= most).then_some(count)
}

/// The cheapest way from one list to the other by changing, adding and removing elements.
fn lists(left: &[Node], right: &[Node], most: usize) -> Option<usize> {
    let same = left.iter().zip(right).take_while(|(a, b)| a == b).count();
    let (left, right) = (left.get(same..)?, right.get(same..)?);
    let same = left.iter().rev().zip(right.iter().rev()).take_while(|(a, b)| a == b).count();
    let (left, right) = (left.get(..left.len() - same)?, right.get(..right.len() - same)?);
    if left.len().abs_diff(right.len()) > most {
        return None;
    }
    // Costs of turning a prefix of `left` into each prefix of `right`.
    let mut costs: Vec<usize> = std::iter::once(0)
        .chain(right.iter().scan(0, |sum, node| {
            *sum += node.leaves();
            Some(*sum)
        }))
        .collect();
    for from in left {
        let mut next = vec![costs.first().copied()? + from.leaves()];
        for (to, window) in right.iter().zip(costs.windows(2)) {
            let [diagonal, above] = window else { return None };
            let changed = difference(from, to, most).map(|change| diagonal + change);
            let removed = above + from.leaves();
            let added = next.last().copied()? + to.leaves();
            next.push(changed.unwrap_or(usize::MAX).min(removed).min(added));
        }
        costs = next;
    }
    costs.last().copied().filter(|cost| *cost <= most)
}

const COUNT: Shape = Shape::Integer;
const REASON: Shape = Shape::Either(&[Shape::Text, Shape::Null]);

/// The form of a coverage as JSON.
pub const COVERAGE: Shape = Shape::Object(&COVERAGE_OBJECT);

static COVERAGE_OBJECT: Object = Object {
    name: "coverage",
    about: "How a catalogue covers its requirements.",
    members: &[
        required("summary", Shape::Object(&SUMMARY), "The counts."),
        required("requirements", Shape::List(&Shape::Object(&COVERED)), "Each requirement."),
    ],
    open: false,
};

static SUMMARY: Object = Object {
    name: "summary",
    about: "The counts of a coverage.",
    members: &[
        required("requirements", COUNT, "All requirements."),
        required("covered", COUNT, "Shown as their strength demands."),
        required("observed", COUNT, "Observed only."),
        required("untested", COUNT, "Said to be untestable, with a reason."),
        required("uncovered", COUNT, "None of these."),
    ],
    open: false,
};

static COVERED: Object = Object {
    name: "covered",
    about: "How one requirement is covered.",
    members: &[
        required("id", Shape::Text, "Its id."),
        required("strength", Shape::Word(Strength::WORDS), "How firmly the documentation says it."),
        required("grants", COUNT, "Checks that grant."),
        required("refuses", COUNT, "Checks that refuse."),
        required("observes", COUNT, "Checks that observe."),
        required(
            "contrast",
            Shape::Boolean,
            "Whether a check that grants and one that refuses differ in at most four leaves.",
        ),
        required("one-sided", REASON, "Why it has one polarity only."),
        required("untested", REASON, "Why it is not tested."),
    ],
    open: false,
};

#[cfg(test)]
mod tests {
    use super::*;
    use kms_model::json::{Limits, parse};

    #[test]
    fn differences_are_counted_in_leaves() {
        for (a, b, expected) in [
            (r#"{"a":1}"#, r#"{"a":1}"#, Some(0)),
            (r#"{"a":1}"#, r#"{"a":2}"#, Some(1)),
            (r#"{"a":{"b":1,"c":2}}"#, r#"{}"#, Some(2)),
            (r#"{"a":[1,2,3]}"#, r#"{"a":[1,3]}"#, Some(1)),
            (r#"[{"x":1,"y":2},5]"#, r#"[5]"#, Some(2)),
            (r#"[1,2,3,4,5]"#, r#"[]"#, None),
            (r#"[{"x":1,"y":2}]"#, r#"[{"x":1,"y":3}]"#, Some(1)),
            (r#"{"a":[],"b":"x"}"#, r#"{"a":["k"],"b":"y"}"#, Some(2)),
            (r#"["a","b"]"#, r#"["b","a"]"#, Some(2)),
            (r#"{"a":1,"b":1,"c":1}"#, r#"{"a":2,"b":2,"c":2,"d":1,"e":1}"#, None),
        ] {
            let [a_node, b_node] = [a, b].map(|text| parse(text, Limits::default()).unwrap());
            assert_eq!(difference(&a_node, &b_node, CONTRAST), expected, "{a} {b}");
            assert_eq!(difference(&b_node, &a_node, CONTRAST), expected, "{b} {a}");
        }
    }
}
