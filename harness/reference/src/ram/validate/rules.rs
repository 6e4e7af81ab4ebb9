//! Decides what each policy type demands of a document beyond the shared grammar; one table.

use kms_model::json::Span;
use kms_model::question::PolicyType;
use kms_model::ram::policy::RamPolicy;
use kms_model::shape::Problem;

use super::elements;

/// What a policy type demands.
#[derive(Clone, Copy, Debug)]
pub struct Rules {
    /// Whether this is the policy of a key or secret: each statement lists actions of KMS in `Action`, and its `Sid` is
    /// short and plain (KMS API Reference, SetKeyPolicy, SetSecretPolicy).
    pub of_kms: bool,
    /// The most bytes.
    pub max_bytes: Option<usize>,
    /// The most characters.
    pub max_characters: Option<usize>,
    /// Who may be named.
    pub principals: Principals,
    /// Which resources may be named.
    pub resources: Resources,
}

/// Who may be named in `Principal`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Principals {
    /// Anyone; the element must be there.
    Any,
    /// Nobody: the element must not be there.
    Forbidden,
    /// Whom RAM knows.
    Known,
    /// An account, its users and its roles.
    Ram,
}

/// What may be named in `Resource`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Resources {
    /// Anything. What a text that is no ARN would be answered is not said; it matches nothing.
    Any,
    /// Anything, or nothing.
    Optional,
    /// `*`, which is the key or secret itself.
    Star,
}

impl Rules {
    /// The rules of a policy type; `None` for types that RAM does not have.
    pub fn of(policy_type: PolicyType) -> Option<Self> {
        let base = Self {
            of_kms: false,
            max_bytes: None,
            max_characters: None,
            principals: Principals::Forbidden,
            resources: Resources::Any,
        };
        Some(match policy_type {
            PolicyType::Control => Self { max_characters: Some(4_096), ..base },
            // The largest of the limits that the pages have had over time.
            PolicyType::Identity => Self { max_characters: Some(6_144), ..base },
            PolicyType::KeyPolicy | PolicyType::SecretPolicy => Self {
                of_kms: true,
                max_bytes: Some(32_768),
                principals: Principals::Ram,
                resources: Resources::Star,
                ..base
            },
            PolicyType::ResourcePolicy => Self { principals: Principals::Any, ..base },
            PolicyType::Session => Self { max_characters: Some(2_048), ..base },
            PolicyType::TrustPolicy => {
                Self { principals: Principals::Known, resources: Resources::Optional, ..base }
            }
            _ => return None,
        })
    }

    /// Reports what is wrong with the text, whatever it says. White space counts.
    pub fn check_text(&self, text: &str, problems: &mut Vec<Problem>) {
        for (most, found, unit) in
            [(self.max_bytes, text.len(), "bytes"), (self.max_characters, text.chars().count(), "characters")]
        {
            if let Some(most) = most.filter(|most| found > *most) {
                let span = Span { start: 0, end: text.len() };
                let message = format!("a policy of this type has at most {most} {unit}, not {found}");
                problems.push(Problem::new(span, message));
            }
        }
    }

    /// Reports what is wrong with a policy that keeps the shared grammar.
    pub fn check(&self, policy: &RamPolicy, problems: &mut Vec<Problem>) {
        for statement in &policy.statements {
            elements::check(self, statement, problems);
        }
        elements::check_source_vpc(&policy.statements, problems);
    }
}
