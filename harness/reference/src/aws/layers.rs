//! Decides which policies have a say in a request, and collects the statements that apply: IAM User Guide, "Policy
//! evaluation logic".

use std::sync::Arc;

use kms_model::arn::partition;
use kms_model::json::Position;
use kms_model::policy::Effect;
use kms_model::question::{Attached, Caller, CallerKind, PolicyType, Resource};
use kms_model::shape::Problem;
use kms_model::{Answer, Because, Document, Outcome};

use super::compile::Compiled;
use super::principal::Reach;
use super::request::{Request, partition_of};
use super::statement::Side;
use super::trace::Witness;

/// A policy that has a say.
#[derive(Debug)]
pub struct Layer<'a> {
    /// Where it stands in the question.
    pub place: Place<'a>,
    /// What it is to be.
    policy_type: PolicyType,
    /// The document.
    pub document: &'a Document,
    /// Its compiled form.
    compiled: Arc<Compiled>,
}

/// Where a policy stands in a question.
#[derive(Clone, Copy, Debug)]
pub enum Place<'a> {
    /// The caller's policy with that index, and where it has it from.
    Caller(usize, &'a str),
    /// The policy of the resource.
    Resource,
}

/// A statement that applies to the request.
#[derive(Clone, Copy, Debug)]
pub struct Applied<'a> {
    /// Where its policy stands.
    pub place: Place<'a>,
    /// Its index.
    pub statement: usize,
    /// What it does.
    pub effect: Effect,
    /// How it reaches the caller.
    pub reach: Reach,
}

/// The layers of a request by `caller` on `resource`, the resource's first.
pub fn layers<'a>(caller: &'a Caller, resource: &'a Resource) -> Vec<Layer<'a>> {
    let mut layers = Vec::with_capacity(caller.policies.len() + 1);
    let policy_type = match resource.kind.as_str() {
        "kms:key" => Some(PolicyType::KeyPolicy),
        // Aliases have no policies, nor has the account.
        kind if kind.starts_with("kms:") => None,
        _ => Some(PolicyType::ResourcePolicy),
    };
    if let (Some(policy_type), Some(document)) = (policy_type, &resource.policy) {
        layers.push(Layer::new(Place::Resource, policy_type, document));
    }
    for (index, Attached { from, document, .. }) in caller.policies.iter().enumerate() {
        // Roles are in no group.
        if caller.kind != CallerKind::RoleSession || !from.starts_with("group/") {
            layers.push(Layer::new(Place::Caller(index, from), PolicyType::Identity, document));
        }
    }
    layers
}

impl<'a> Layer<'a> {
    fn new(place: Place<'a>, policy_type: PolicyType, document: &'a Document) -> Self {
        Self { place, policy_type, document, compiled: Compiled::of(document) }
    }

    /// Whether it is the policy of a KMS key.
    pub fn is_key_policy(&self) -> bool {
        self.policy_type == PolicyType::KeyPolicy
    }

    /// What people call it.
    pub fn name(&self) -> String {
        match self.place {
            Place::Caller(_, from) => format!("identity policy of {from}"),
            Place::Resource if self.is_key_policy() => "key policy".to_owned(),
            Place::Resource => "resource policy".to_owned(),
        }
    }

    /// The answer if the document is refused as what it is to be; `resource` and `region` tell its partition.
    pub fn refusal(&self, resource: &Resource, region: &str) -> Option<Answer> {
        let refusals = self.compiled.refusals(self.document, self.policy_type);
        if !refusals.is_empty() {
            return Some(refused(&self.place.pointer(), self.document, refusals));
        }
        if !self.is_key_policy() {
            return None;
        }
        let problem =
            self.compiled.foreign_principal(partition_of(&resource.arn).unwrap_or(partition(region)))?;
        Some(refused(&self.place.pointer(), self.document, &[problem]))
    }

    /// Adds the statements that apply to `applied`, and tells the witness of each.
    pub fn collect(&self, request: &Request<'_>, applied: &mut Vec<Applied<'a>>, witness: &mut impl Witness) {
        witness.layer(self);
        for (index, statement) in self.compiled.statements.iter().enumerate() {
            let found = statement.applies(request, self.place.side());
            witness.statement(self, index, found, request);
            if let Ok(reach) = found {
                applied.push(Applied {
                    place: self.place,
                    statement: index,
                    effect: statement.effect,
                    reach,
                });
            }
        }
    }
}

impl Place<'_> {
    /// Whose policy stands there.
    pub fn side(self) -> Side {
        match self {
            Self::Caller(..) => Side::Identity,
            Self::Resource => Side::Resource,
        }
    }

    /// The JSON pointer to it.
    pub fn pointer(self) -> String {
        match self {
            Self::Caller(index, _) => format!("/caller/policies/{index}"),
            Self::Resource => "/authorizations/0/resource/policy".to_owned(),
        }
    }
}

impl Applied<'_> {
    /// The statement as answers name it.
    pub fn because(&self) -> Because {
        Because::new(self.place.pointer(), self.statement)
    }
}

/// The answer that refuses a document, every problem with its line and column.
pub fn refused(pointer: &str, document: &Document, problems: &[Problem]) -> Answer {
    let told = |problem: &Problem| {
        format!("{}: {}", Position::of(document.text(), problem.span.start), problem.message)
    };
    let message = problems.iter().map(told).collect::<Vec<_>>().join("; ");
    Answer::from(Outcome::Rejected { policy: Some(pointer.to_owned()) }).message(message)
}
