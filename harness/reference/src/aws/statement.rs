//! Decides whether a statement applies to a request: all of principal, action, resource and conditions must match
//! (IAM User Guide, "Policy evaluation logic").

use kms_model::policy::{self, Effect, Version};
use kms_model::shape::Problem;

use super::action::Actions;
use super::condition::Condition;
use super::principal::{Principals, Reach};
use super::request::Request;
use super::resource::Resources;

/// A statement in the form in which it is evaluated.
#[derive(Debug)]
pub struct Statement {
    /// What it does where it applies.
    pub effect: Effect,
    principals: Option<Principals>,
    actions: Option<Actions>,
    resources: Option<Resources>,
    conditions: Vec<Condition>,
}

/// What kind of say the policy of a statement has.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Side {
    /// It can allow: a policy of the caller's. It names no principal, it is about its owner.
    Identity,
    /// It only limits, and names principals: the policy of an endpoint, a resource control policy.
    Passage,
    /// It only limits the caller, and names no principal: a boundary, a session policy, a service control policy.
    Rail,
    /// It can allow: the policy of the resource.
    Resource,
}

impl Side {
    /// Whether such a policy belongs to the caller, and keeps the grammar of identity policies.
    fn is_of_caller(self) -> bool {
        matches!(self, Self::Identity | Self::Rail)
    }
}

/// The first element because of which a statement does not apply.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Mismatch {
    /// `Action` or `NotAction`.
    Action,
    /// The condition with this index.
    Condition(usize),
    /// There is no action element: a key policy may lack it, and then the statement does nothing (KMS API Reference,
    /// PutKeyPolicy).
    NoAction,
    /// There is no resource element: likewise.
    NoResource,
    /// `Principal` or `NotPrincipal`.
    Principal,
    /// `Resource` or `NotResource`.
    Resource,
}

impl Statement {
    /// The statement of a document of that version. What cannot be read is added to `problems`; the document is then
    /// refused and the statement never evaluated.
    pub fn new(statement: &policy::Statement, version: Version, problems: &mut Vec<Problem>) -> Self {
        let resources = statement.resource.as_ref().map(|element| {
            Resources::new(element, version, |index, malformed| {
                let span = element.values.get(index).map_or(element.span, |value| value.span);
                problems.push(Problem::new(span, malformed));
            })
        });
        let conditions = statement.conditions.iter();
        Self {
            effect: statement.effect,
            principals: statement.principal.as_ref().map(Principals::new),
            actions: statement.action.as_ref().map(Actions::new),
            resources,
            conditions: conditions
                .filter_map(|condition| Condition::new(condition, version, problems))
                .collect(),
        }
    }

    /// Whether the statement applies, and how it reaches the caller.
    ///
    /// # Errors
    /// The first element that does not match.
    pub fn applies(&self, request: &Request<'_>, side: Side) -> Result<Reach, Mismatch> {
        let reach = match (side, &self.principals) {
            (Side::Identity | Side::Rail, _) => Reach::Itself,
            (Side::Passage | Side::Resource, None) => return Err(Mismatch::Principal),
            (Side::Passage | Side::Resource, Some(principals)) => {
                principals.reach(request.caller, self.effect).ok_or(Mismatch::Principal)?
            }
        };
        let actions = self.actions.as_ref().ok_or(Mismatch::NoAction)?;
        if !actions.cover(&request.folded_action) {
            return Err(Mismatch::Action);
        }
        let resources = self.resources.as_ref().ok_or(Mismatch::NoResource)?;
        if !resources.cover(&request.resource.arn, request.context, side.is_of_caller()) {
            return Err(Mismatch::Resource);
        }
        let in_key_policy = side == Side::Resource && request.resource.kind == "kms:key";
        let holds = |condition: &Condition| condition.holds(request.context, self.effect, in_key_policy);
        match self.conditions.iter().position(|condition| !holds(condition)) {
            Some(index) => Err(Mismatch::Condition(index)),
            None => Ok(reach),
        }
    }
}
