//! Decides what an answer is worth: expectation against answer.

use kms_model::{Answer, Description, Detail, Feature, Outcome};
use serde::Serialize;

use crate::catalogue::{Check, Expectation, Expected};
use crate::known::{KnownDifference, against_known};

/// A check and what became of it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Verdict {
    /// The id of the check.
    pub id: String,
    /// The requirements that it shows.
    pub requirements: Vec<String>,
    /// What became of it.
    pub judgement: Judgement,
    /// What was expected.
    pub expectation: Expectation,
    /// The answer, if there was one.
    pub got: Option<Answer>,
}

/// What became of a check.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Judgement {
    /// The evaluator ended or panicked at this question.
    Crash,
    /// The evaluator said that it failed at this question, or lacks what it declares.
    Error,
    /// The answer is wrong.
    Fail(FailKind),
    /// The answer is wrong as the known differences say.
    Known(String),
    /// The documentation leaves the answer open.
    Observation,
    /// The answer is right.
    Pass,
    /// The evaluator was not asked: it does not declare this feature, or this dialect.
    Skip(String),
    /// The known differences say otherwise: this answer was right, or wrong in another way.
    StaleKnown(String),
    /// The evaluator did not answer in time.
    Timeout,
}

/// The ways in which an answer is wrong, worst first.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum FailKind {
    /// A request is authorized that must be refused.
    FalseAllow,
    /// A request is refused that must be authorized.
    FalseDeny,
    /// A refusal of the wrong kind.
    WrongDenyKind,
    /// A document is accepted that must be refused, or the other way round.
    WrongValidation,
}

impl FailKind {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::FalseAllow => "false-allow",
            Self::FalseDeny => "false-deny",
            Self::WrongDenyKind => "wrong-deny-kind",
            Self::WrongValidation => "wrong-validation",
        }
    }
}

impl Judgement {
    /// The word for it.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Crash => "crash",
            Self::Error => "error",
            Self::Fail(_) => "fail",
            Self::Known(_) => "known",
            Self::Observation => "observation",
            Self::Pass => "pass",
            Self::Skip(_) => "skip",
            Self::StaleKnown(_) => "stale-known",
            Self::Timeout => "timeout",
        }
    }

    /// The kind of failure, the feature that is missing, or what makes a known difference stale.
    pub fn kind(&self) -> Option<&str> {
        match self {
            Self::Fail(kind) => Some(kind.word()),
            Self::Known(text) | Self::Skip(text) | Self::StaleKnown(text) => Some(text),
            _ => None,
        }
    }

    /// How bad it is: a false allow is 0 and stands above all else, what fails nothing comes last.
    pub fn severity(&self) -> u8 {
        match self {
            Self::Fail(kind) => *kind as u8,
            Self::Crash => 10,
            Self::Timeout => 11,
            Self::Error => 12,
            Self::StaleKnown(_) => 13,
            _ => 14,
        }
    }

    /// Whether this fails the run.
    pub fn fails(&self) -> bool {
        matches!(self, Self::Crash | Self::Error | Self::Fail(_) | Self::StaleKnown(_) | Self::Timeout)
    }
}

/// Why an evaluator with this description is not asked a check, if it is not.
pub fn skip(check: &Check, description: &Description) -> Option<String> {
    if !description.dialects.contains(&check.question.dialect) {
        return Some(check.question.dialect.word().to_owned());
    }
    // The harness asks the parts of an operation one by one and combines the answers.
    let combined = |feature: Feature| feature == Feature::Operations && check.ability.is_none();
    let missing = |feature: &&Feature| !description.has(**feature) && !combined(**feature);
    check.features.iter().find(missing).map(|feature| feature.word().to_owned())
}

/// Judges an answer to a check that the evaluator was asked.
pub fn judge(
    check: &Check,
    answer: Answer,
    description: &Description,
    known: Option<&KnownDifference>,
) -> Verdict {
    let judgement = match &check.expectation {
        Expectation::Observe(_) => observe(&answer.outcome),
        Expectation::Expect(expected) => against(expected, &answer.outcome, description.detail),
    };
    let judgement = match known {
        Some(known) => against_known(judgement, &answer.outcome, known),
        None => judgement,
    };
    Verdict {
        id: check.id.clone(),
        requirements: check.requirements.clone(),
        judgement,
        expectation: check.expectation.clone(),
        got: Some(answer),
    }
}

/// The verdict on a check that the evaluator was not asked.
pub fn skipped(check: &Check, feature: String) -> Verdict {
    Verdict {
        id: check.id.clone(),
        requirements: check.requirements.clone(),
        judgement: Judgement::Skip(feature),
        expectation: check.expectation.clone(),
        got: None,
    }
}

/// An observation fails only where there is nothing to observe.
fn observe(outcome: &Outcome) -> Judgement {
    match outcome {
        Outcome::Crash { .. } => Judgement::Crash,
        Outcome::Error { .. } => Judgement::Error,
        Outcome::Timeout { .. } => Judgement::Timeout,
        _ => Judgement::Observation,
    }
}

fn against(expected: &[Expected], outcome: &Outcome, detail: Detail) -> Judgement {
    if expected.iter().any(|expected| expected.is(outcome)) {
        return Judgement::Pass;
    }
    let deny = expected.iter().any(|expected| expected.is_deny());
    let document = !deny && !expected.contains(&Expected::Allow) && expected != [Expected::Rejected];
    match outcome {
        Outcome::Crash { .. } => Judgement::Crash,
        Outcome::Timeout { .. } => Judgement::Timeout,
        Outcome::Deny if deny && detail == Detail::Decision => Judgement::Pass,
        Outcome::Rejected { .. } | Outcome::Accepted => Judgement::Fail(FailKind::WrongValidation),
        Outcome::Allow if !document => Judgement::Fail(FailKind::FalseAllow),
        Outcome::Deny | Outcome::ExplicitDeny | Outcome::ImplicitDeny if deny => {
            Judgement::Fail(FailKind::WrongDenyKind)
        }
        Outcome::Deny | Outcome::ExplicitDeny | Outcome::ImplicitDeny
            if expected.contains(&Expected::Allow) =>
        {
            Judgement::Fail(FailKind::FalseDeny)
        }
        Outcome::Deny | Outcome::ExplicitDeny | Outcome::ImplicitDeny if !document => {
            Judgement::Fail(FailKind::WrongValidation)
        }
        // An answer to a request where a document was asked about, a feature lacking that the description
        // declares, or an error that the evaluator reports.
        _ => Judgement::Error,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_answer_has_its_worth() {
        use Expected as E;
        let (fail, detail) = (Judgement::Fail, Detail::DenyKind);
        let rejected = || Outcome::Rejected { policy: None };
        let unsupported = || Outcome::Unsupported { feature: "grants".to_owned() };
        for (expected, outcome, detail, judgement) in [
            (&[E::Allow][..], Outcome::Allow, detail, Judgement::Pass),
            (&[E::Allow], Outcome::ImplicitDeny, detail, fail(FailKind::FalseDeny)),
            (&[E::Allow], Outcome::Deny, detail, fail(FailKind::FalseDeny)),
            (&[E::Allow], rejected(), detail, fail(FailKind::WrongValidation)),
            (&[E::ImplicitDeny], Outcome::Allow, detail, fail(FailKind::FalseAllow)),
            (&[E::ImplicitDeny], Outcome::ExplicitDeny, detail, fail(FailKind::WrongDenyKind)),
            (&[E::ExplicitDeny], Outcome::ImplicitDeny, Detail::Decision, fail(FailKind::WrongDenyKind)),
            (&[E::ExplicitDeny], Outcome::Deny, Detail::Decision, Judgement::Pass),
            (&[E::ExplicitDeny], Outcome::Deny, detail, fail(FailKind::WrongDenyKind)),
            (&[E::ImplicitDeny, E::Rejected], rejected(), detail, Judgement::Pass),
            (&[E::ImplicitDeny], rejected(), detail, fail(FailKind::WrongValidation)),
            (&[E::Rejected], Outcome::Accepted, detail, fail(FailKind::WrongValidation)),
            (&[E::Rejected], Outcome::Allow, detail, fail(FailKind::FalseAllow)),
            (&[E::Rejected], Outcome::ImplicitDeny, detail, fail(FailKind::WrongValidation)),
            (&[E::Accepted], rejected(), detail, fail(FailKind::WrongValidation)),
            (&[E::Accepted], Outcome::Allow, detail, Judgement::Error),
            (&[E::Allow], unsupported(), detail, Judgement::Error),
            (&[E::Allow], Outcome::Error { error: String::new() }, detail, Judgement::Error),
            (&[E::Allow], Outcome::Timeout { error: String::new() }, detail, Judgement::Timeout),
            (&[E::Allow], Outcome::Crash { error: String::new() }, detail, Judgement::Crash),
        ] {
            assert_eq!(against(expected, &outcome, detail), judgement, "{expected:?} {outcome:?} {detail:?}");
        }
    }
}
