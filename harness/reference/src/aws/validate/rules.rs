//! Decides what each policy type demands of a document beyond the shared grammar; one table.

use kms_model::policy::Policy;
use kms_model::question::PolicyType;
use kms_model::shape::Problem;

use super::{characters, elements, passage, principals};

/// What a policy type demands.
#[derive(Clone, Copy, Debug)]
pub struct Rules {
    /// Whether `Action` and `Resource` may be missing. A key policy is accepted without them; the statement does
    /// nothing (KMS API Reference, PutKeyPolicy).
    pub incomplete_statements: bool,
    /// Whether it holds characters of Basic Latin and Latin-1 Supplement only, as KMS, IAM and STS demand.
    pub latin_1: bool,
    /// Whether this is the policy of an endpoint.
    pub endpoint: bool,
    /// The most bytes.
    pub max_bytes: Option<usize>,
    /// The most characters besides white space; the largest of the quotas, since a question does not tell what the policy
    /// is attached to: IAM User Guide, "IAM and AWS STS quotas".
    pub max_characters: Option<usize>,
    /// Whether ForAllValues on the pairs of a request is refused in an Allow: KMS Developer Guide, "Condition keys for
    /// AWS KMS", OverlyPermissiveCondition.
    pub no_loose_sets: bool,
    /// Who may be named.
    pub principals: Principals,
    /// Which resources may be named.
    pub resources: Resources,
    /// Whether `Sid` is letters and digits, once each. Otherwise it is free text.
    pub strict_sid: bool,
    /// Whether this is a resource control policy, which only denies: Organizations User Guide, "RCP syntax".
    pub control_of_resources: bool,
}

/// Who may be named in `Principal`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Principals {
    /// Anyone; the element must be there.
    Any,
    /// Nobody: the element must not be there.
    Forbidden,
    /// Whom KMS knows; at least one.
    Kms,
    /// Everybody.
    Star,
}

/// What may be named in `Resource`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Resources {
    /// Anything. KMS documents `*` for key policies and shows an ARN; what else it takes is not said.
    Any,
    /// An ARN, or its beginning, or `*`.
    Arn,
    /// An ARN with all six parts, or `*`.
    CompleteArn,
}

impl Rules {
    /// The rules of a policy type.
    pub fn of(policy_type: PolicyType) -> Self {
        let base = Self {
            incomplete_statements: false,
            latin_1: false,
            endpoint: false,
            max_bytes: None,
            max_characters: None,
            no_loose_sets: false,
            principals: Principals::Forbidden,
            resources: Resources::Arn,
            strict_sid: false,
            control_of_resources: false,
        };
        match policy_type {
            PolicyType::Boundary => Self { latin_1: true, strict_sid: true, ..base },
            PolicyType::Identity => {
                Self { latin_1: true, max_characters: Some(10_240), strict_sid: true, ..base }
            }
            PolicyType::KeyPolicy => Self {
                incomplete_statements: true,
                latin_1: true,
                max_bytes: Some(32_768),
                no_loose_sets: true,
                principals: Principals::Kms,
                resources: Resources::Any,
                ..base
            },
            PolicyType::Rcp => Self { principals: Principals::Star, control_of_resources: true, ..base },
            PolicyType::Session => {
                Self { latin_1: true, resources: Resources::CompleteArn, strict_sid: true, ..base }
            }
            PolicyType::Endpoint => Self { endpoint: true, principals: Principals::Any, ..base },
            PolicyType::ResourcePolicy => Self { principals: Principals::Any, ..base },
            _ => base,
        }
    }

    /// Reports what is wrong with the text, whatever it says.
    pub fn check_text(&self, text: &str, problems: &mut Vec<Problem>) {
        if let Some(most) = self.max_bytes {
            characters::check_size(text, most, problems);
        }
        if let Some(most) = self.max_characters {
            characters::check_count(text, most, problems);
        }
        if self.latin_1 {
            characters::check(text, problems);
        }
    }

    /// Reports what is wrong with a policy that keeps the shared grammar.
    pub fn check(&self, policy: &Policy, problems: &mut Vec<Problem>) {
        if policy.statements.is_empty() {
            problems.push(Problem::new(Default::default(), "a policy needs at least one statement"));
        }
        if self.strict_sid {
            elements::check_sids(&policy.statements, problems);
        }
        for statement in &policy.statements {
            principals::check(self.principals, statement, problems);
            elements::check(self, policy.version, statement, problems);
            if self.endpoint {
                passage::check(statement, problems);
            }
        }
    }
}
