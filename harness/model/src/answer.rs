//! Decides what an evaluator can answer, and how an answer is written.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What an evaluator answers to a question.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Answer {
    /// The answer itself.
    #[serde(flatten)]
    pub outcome: Outcome,
    /// The statements that decided, where the evaluator tells.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub because: Vec<Because>,
    /// Anything the evaluator wants to say to people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// How the answer came about, where the evaluator was asked to explain.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trace: Option<Trace>,
}

/// The kinds of answer.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(tag = "answer", rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Outcome {
    /// The document is accepted.
    Accepted,
    /// The request is authorized.
    Allow,
    /// The evaluator ended, or could not be started again. Made by the harness, never by an evaluator: an answer that
    /// says so is refused when it is read.
    #[serde(skip_deserializing)]
    Crash {
        /// How it ended.
        error: String,
    },
    /// The request is refused; the evaluator does not tell which kind of refusal it is.
    Deny,
    /// The evaluator failed at this question.
    Error {
        /// What went wrong.
        #[serde(default)]
        error: String,
    },
    /// A statement that denies applies.
    ExplicitDeny,
    /// Nothing allows the request.
    ImplicitDeny,
    /// A document of the question is refused.
    Rejected {
        /// JSON pointer to the document in the question.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        policy: Option<String>,
    },
    /// The evaluator did not answer in time. Made by the harness, never by an evaluator: an answer that says so is
    /// refused when it is read.
    #[serde(skip_deserializing)]
    Timeout {
        /// How long the harness waited.
        error: String,
    },
    /// The evaluator has no place for a part of the question.
    Unsupported {
        /// The feature that it lacks.
        #[serde(default)]
        feature: String,
    },
}

/// A statement that decided.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Because {
    /// JSON pointer to the policy in the question.
    pub policy: String,
    /// Index of the statement, from 0.
    pub statement: usize,
}

/// How an answer came about: every layer, every statement.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Trace {
    /// The policies looked at, in their order.
    pub layers: Vec<Layer>,
    /// The steps from the layers to the answer, as sentences.
    pub steps: Vec<String>,
}

/// A policy and what its statements did.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Layer {
    /// JSON pointer to the policy in the question.
    pub policy: String,
    /// What the policy is: `key policy`, `identity policy of user/alice`.
    pub name: String,
    /// Its statements.
    pub statements: Vec<StatementTrace>,
}

/// A statement and what became of it.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct StatementTrace {
    /// Index of the statement, from 0.
    pub statement: usize,
    /// Its `Sid`, if it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sid: Option<String>,
    /// `Allow` or `Deny`.
    pub effect: String,
    /// Whether it applies to the request.
    pub applies: bool,
    /// Why it applies or does not.
    pub reason: String,
}

impl Outcome {
    /// The word for this kind of answer.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Allow => "allow",
            Self::Crash { .. } => "crash",
            Self::Deny => "deny",
            Self::Error { .. } => "error",
            Self::ExplicitDeny => "explicit-deny",
            Self::ImplicitDeny => "implicit-deny",
            Self::Rejected { .. } => "rejected",
            Self::Timeout { .. } => "timeout",
            Self::Unsupported { .. } => "unsupported",
        }
    }

    /// Whether this refuses a request, in whichever kind.
    pub fn is_deny(&self) -> bool {
        matches!(self, Self::Deny | Self::ExplicitDeny | Self::ImplicitDeny)
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())?;
        match self {
            Self::Crash { error } | Self::Error { error } | Self::Timeout { error } => {
                write!(f, " ({error})")
            }
            Self::Rejected { policy: Some(policy) } => write!(f, " ({policy})"),
            Self::Unsupported { feature } => write!(f, " ({feature})"),
            _ => Ok(()),
        }
    }
}

impl From<Outcome> for Answer {
    fn from(outcome: Outcome) -> Self {
        Self { outcome, because: Vec::new(), message: None, trace: None }
    }
}

impl Answer {
    /// An answer `error` with this text.
    pub fn error(error: impl Into<String>) -> Self {
        Outcome::Error { error: error.into() }.into()
    }

    /// This answer with the statements that decided.
    #[must_use]
    pub fn because(mut self, because: Vec<Because>) -> Self {
        self.because = because;
        self
    }

    /// This answer with words for people.
    #[must_use]
    pub fn message(mut self, message: impl Into<String>) -> Self {
        self.message = Some(message.into());
        self
    }

    /// This answer with its trace.
    #[must_use]
    pub fn trace(mut self, trace: Trace) -> Self {
        self.trace = Some(trace);
        self
    }
}

impl Because {
    /// Statement `statement` of the policy at `policy`.
    pub fn new(policy: impl Into<String>, statement: usize) -> Self {
        Self { policy: policy.into(), statement }
    }
}

impl Layer {
    /// A layer without statements so far.
    pub fn new(policy: impl Into<String>, name: impl Into<String>) -> Self {
        Self { policy: policy.into(), name: name.into(), statements: Vec::new() }
    }
}

impl StatementTrace {
    /// What became of statement `statement`.
    pub fn new(statement: usize, effect: &str, applies: bool, reason: impl Into<String>) -> Self {
        Self { statement, sid: None, effect: effect.to_owned(), applies, reason: reason.into() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn written_as_the_contract_says() {
        let answer = Answer::from(Outcome::ExplicitDeny).because(vec![Because::new("/caller/policies/0", 1)]);
        let text = serde_json::to_string(&answer).unwrap();
        assert_eq!(
            text,
            r#"{"answer":"explicit-deny","because":[{"policy":"/caller/policies/0","statement":1}]}"#
        );
        for text in [
            r#"{"answer":"allow"}"#,
            r#"{"answer":"rejected","policy":"/document"}"#,
            r#"{"answer":"unsupported","feature":"grants"}"#,
            r#"{"answer":"error","error":"boom"}"#,
        ] {
            let answer: Answer = serde_json::from_str(text).unwrap();
            assert_eq!(serde_json::to_string(&answer).unwrap(), text);
        }
        assert!(serde_json::from_str::<Answer>(r#"{"answer":"maybe"}"#).is_err());
    }

    #[test]
    fn crash_and_timeout_are_written_but_never_read() {
        let error = "boom".to_owned();
        for (outcome, text) in [
            (Outcome::Crash { error: error.clone() }, r#"{"answer":"crash","error":"boom"}"#),
            (Outcome::Timeout { error }, r#"{"answer":"timeout","error":"boom"}"#),
        ] {
            assert_eq!(serde_json::to_string(&Answer::from(outcome.clone())).unwrap(), text);
            assert_eq!(outcome.to_string(), format!("{} (boom)", outcome.word()));
            assert!(serde_json::from_str::<Answer>(text).is_err(), "{text}");
        }
    }
}
