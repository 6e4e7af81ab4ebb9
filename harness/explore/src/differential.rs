//! Decides whether evaluators agree on a question: all that can answer it are asked, and their answers held together.
//!
//! They are incomparable where one has no place for an input, does not tell the kind of its refusals, or where the
//! documentation leaves the answer open.

use std::collections::BTreeSet;
use std::fmt;

use kms_model::{Answer, Description, Dialect, Evaluator, Feature, Outcome, Question};

/// What the answers of several evaluators come to.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Comparison {
    /// All gave this answer.
    Agree(&'static str),
    /// The words of their answers, in the order of the evaluators.
    Disagree(Vec<&'static str>),
    /// Their answers cannot be held together.
    Incomparable(Why),
}

/// Why answers cannot be held together.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub enum Why {
    /// All refuse, and one does not tell the kind of its refusal.
    DenyKind,
    /// One does not speak the dialect.
    Dialect(Dialect),
    /// One has no place for an input.
    Feature(Feature),
    /// The documentation leaves the answer open; the requirement that says so.
    Silent(String),
    /// One lacks something that is no feature known here.
    Unsupported(String),
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::DenyKind => f.write_str("the kind of a refusal is not told"),
            Self::Dialect(dialect) => write!(f, "the dialect {} is not spoken", dialect.word()),
            Self::Feature(feature) => write!(f, "no place for {feature}"),
            Self::Silent(requirement) => write!(f, "left open: {requirement}"),
            Self::Unsupported(feature) => write!(f, "unsupported: {feature}"),
        }
    }
}

/// Which of the evaluators can be asked what.
#[derive(Clone, Debug)]
pub struct Abilities {
    dialects: Vec<Dialect>,
    /// The features that at least one of them does not declare.
    missing: BTreeSet<Feature>,
}

impl Abilities {
    /// What all the evaluators can do. Operations need not be declared: who does not know them is asked part by part.
    pub fn of<'a>(descriptions: impl Iterator<Item = &'a Description> + Clone) -> Self {
        let lacks = |feature: &Feature| descriptions.clone().any(|one| !one.has(*feature));
        let missing = Feature::ALL.iter().copied().filter(|feature| *feature != Feature::Operations);
        let spoken = |dialect: &Dialect| descriptions.clone().all(|one| one.dialects.contains(dialect));
        Self {
            dialects: [Dialect::Aws, Dialect::Ram].into_iter().filter(spoken).collect(),
            missing: missing.filter(lacks).collect(),
        }
    }

    /// The dialects that all of them speak.
    pub fn dialects(&self) -> &[Dialect] {
        &self.dialects
    }

    /// Why not all of them can be asked this, if so.
    pub fn refuse(&self, question: &Question) -> Option<Why> {
        if !self.dialects.contains(&question.dialect) {
            return Some(Why::Dialect(question.dialect));
        }
        if self.missing.is_empty() {
            return None;
        }
        let lacking = question.features_among(|feature| self.missing.contains(&feature));
        lacking.first().copied().map(Why::Feature)
    }
}

/// Asks one evaluator, part by part if it does not know operations.
pub fn ask(evaluator: &mut dyn Evaluator, question: &Question) -> Answer {
    let parts = match evaluator.description().has(Feature::Operations) {
        true => None,
        false => question.parts(),
    };
    match parts {
        Some(parts) => Answer::of_parts(parts.iter().map(|part| evaluator.answer(part)).collect()),
        None => evaluator.answer(question),
    }
}

/// Asks all evaluators and holds their answers together.
pub fn compare(evaluators: &mut [Box<dyn Evaluator>], question: &Question) -> Comparison {
    let abilities = Abilities::of(evaluators.iter().map(|one| one.description()));
    if let Some(why) = abilities.refuse(question) {
        return Comparison::Incomparable(why);
    }
    let answers: Vec<_> =
        evaluators.iter_mut().map(|evaluator| ask(evaluator.as_mut(), question).outcome).collect();
    let descriptions = evaluators.iter().map(|one| one.description());
    held_together(answers.iter().zip(descriptions))
}

/// What answers come to, each with the description of who gave it.
pub fn held_together<'a>(
    answers: impl Iterator<Item = (&'a Outcome, &'a Description)> + Clone,
) -> Comparison {
    for (outcome, description) in answers.clone() {
        // To lack what the description claims is a failure like any other.
        if let Outcome::Unsupported { feature } = outcome
            && !description.features.contains(feature)
        {
            return Comparison::Incomparable(Why::Unsupported(feature.clone()));
        }
    }
    let words = || answers.clone().map(|(outcome, _)| outcome.word());
    let Some(first) = words().next() else { return Comparison::Agree("") };
    if words().all(|word| word == first) {
        return Comparison::Agree(first);
    }
    let told: BTreeSet<_> =
        answers.clone().filter(|(outcome, _)| **outcome != Outcome::Deny).map(|(o, _)| o.word()).collect();
    if answers.clone().all(|(outcome, _)| outcome.is_deny()) && told.len() < 2 {
        return Comparison::Incomparable(Why::DenyKind);
    }
    Comparison::Disagree(words().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_held_together() {
        let description = Description::new("x", "", Dialect::Aws).with(&[Feature::Grants]);
        let unsupported = |feature: &str| Outcome::Unsupported { feature: feature.to_owned() };
        let deny_kind = || Comparison::Incomparable(Why::DenyKind);
        use Outcome as O;
        for (answers, comparison) in [
            (vec![O::Allow, O::Allow], Comparison::Agree("allow")),
            (vec![O::Deny, O::Deny], Comparison::Agree("deny")),
            (vec![O::Allow, O::Deny], Comparison::Disagree(vec!["allow", "deny"])),
            (vec![O::ExplicitDeny, O::Deny], deny_kind()),
            (
                vec![O::ExplicitDeny, O::Deny, O::ImplicitDeny],
                Comparison::Disagree(vec!["explicit-deny", "deny", "implicit-deny"]),
            ),
            (
                vec![O::Rejected { policy: None }, O::Rejected { policy: Some("/document".to_owned()) }],
                Comparison::Agree("rejected"),
            ),
            (vec![O::Rejected { policy: None }, O::Deny], Comparison::Disagree(vec!["rejected", "deny"])),
            (
                vec![O::Allow, unsupported("scps")],
                Comparison::Incomparable(Why::Unsupported("scps".to_owned())),
            ),
            (vec![O::Allow, unsupported("grants")], Comparison::Disagree(vec!["allow", "unsupported"])),
        ] {
            assert_eq!(held_together(answers.iter().map(|answer| (answer, &description))), comparison);
        }
    }

    #[test]
    fn who_lacks_a_feature_is_not_asked() {
        let all = Description::new("a", "", Dialect::Aws).with(Feature::ALL);
        let mut few = Description::new("b", "", Dialect::Aws).with(&[Feature::DerivesContext]);
        few.dialects.push(Dialect::Ram);
        let question = |more: &str| {
            let text = format!(
                r#"{{"kind":"authorize","dialect":"aws","region":"us-west-2","time":"2026-01-15T12:00:00Z",
                    "caller":{{"kind":"user"{more}}},"authorizations":[{{"action":"kms:Decrypt",
                    "resource":{{"arn":"arn:aws:kms:us-west-2:111122223333:key/k","account":"111122223333","type":"kms:key"}}}}]}}"#
            );
            Question::parse(&text).unwrap()
        };
        let abilities = Abilities::of([&all, &few].into_iter());
        assert_eq!(abilities.dialects(), [Dialect::Aws]);
        assert_eq!(abilities.refuse(&question("")), None);
        let bounded = question(r#","boundary":{}"#);
        assert_eq!(abilities.refuse(&bounded), Some(Why::Feature(Feature::Boundaries)));
        assert_eq!(Abilities::of([&all].into_iter()).refuse(&bounded), None);
        let mut ram = bounded;
        ram.dialect = Dialect::Ram;
        assert_eq!(abilities.refuse(&ram), Some(Why::Dialect(Dialect::Ram)));
    }
}
