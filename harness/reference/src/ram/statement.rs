//! Decides whether a statement applies to a request: all of principal, action, resource and conditions must match (RAM
//! User Guide, "Policy evaluation process", "Policy elements").
//!
//! Action names are compared without regard to case, as the page says of most; resources as they stand, of which it
//! says nothing. There are no variables: `${…}` stands for itself.

use kms_model::policy::{Effect, Element};
use kms_model::question::PolicyType;
use kms_model::ram::policy::RamStatement;
use kms_model::shape::Problem;

use super::condition::Condition;
use super::principal::{Principals, Reach};
use super::request::Request;
use super::resource_actions;
use crate::pattern::{Pattern, Piece};

/// A statement in the form in which it is evaluated.
#[derive(Debug)]
pub struct Statement {
    /// What it does where it applies.
    pub effect: Effect,
    principals: Option<Principals>,
    actions: Actions,
    resources: Option<Vec<Pattern>>,
    conditions: Vec<Condition>,
}

/// `Action` or `NotAction`.
#[derive(Clone, Debug)]
pub struct Actions {
    negated: bool,
    patterns: Vec<Pattern>,
}

/// The first thing because of which a statement does not apply.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Mismatch {
    /// `Action` or `NotAction`.
    Action,
    /// The condition with this index.
    Condition(usize),
    /// Principals of other accounts cannot be given the action.
    OtherAccount,
    /// `Principal`.
    Principal,
    /// `Resource`.
    Resource,
    /// Policies of that type have no effect on the action.
    WithoutEffect,
}

impl Statement {
    /// The statement in its form. What cannot be read is added to `problems`; the document is then refused and the
    /// statement never evaluated.
    pub fn new(statement: &RamStatement, problems: &mut Vec<Problem>) -> Self {
        let patterns =
            |element: &Element| element.values.iter().map(|value| Pattern::new(&value.text)).collect();
        let conditions = statement.conditions.iter();
        Self {
            effect: statement.effect,
            principals: statement.principal.as_ref().map(Principals::new),
            actions: Actions::new(&statement.action),
            resources: statement.resource.as_ref().map(patterns),
            conditions: conditions.filter_map(|condition| Condition::new(condition, problems)).collect(),
        }
    }

    /// Whether the statement, in a policy of that type, applies, and how it reaches the caller.
    ///
    /// # Errors
    /// The first thing that does not match.
    pub fn applies(&self, request: &Request<'_>, policy_type: PolicyType) -> Result<Reach, Mismatch> {
        let reach = match (policy_type, &self.principals) {
            // These are about whom they are attached to.
            (PolicyType::Control | PolicyType::Identity | PolicyType::Session, _) => Reach::Itself,
            (_, Some(principals)) => principals.reach(request.caller).ok_or(Mismatch::Principal)?,
            (_, None) => return Err(Mismatch::Principal),
        };
        if !self.actions.cover(&request.folded_action) {
            return Err(Mismatch::Action);
        }
        if let Some(mismatch) = resource_actions::mismatch(policy_type, self.effect, &self.actions, request) {
            return Err(mismatch);
        }
        let covers =
            |resources: &Vec<Pattern>| resources.iter().any(|one| one.matches(&request.resource.arn));
        // A trust policy is about its role, and says nothing of resources.
        if !self.resources.as_ref().map_or(policy_type == PolicyType::TrustPolicy, covers) {
            return Err(Mismatch::Resource);
        }
        match self.conditions.iter().position(|one| !one.holds(request.context, self.effect)) {
            Some(index) => Err(Mismatch::Condition(index)),
            None => Ok(reach),
        }
    }
}

impl Actions {
    fn new(element: &Element) -> Self {
        let pattern = |text: &str| Pattern::new(&text.to_ascii_lowercase());
        let patterns = element.values.iter().map(|value| pattern(&value.text)).collect();
        Self { negated: element.negated, patterns }
    }

    /// Whether the element covers an action, which is given in lower case.
    pub fn cover(&self, folded_action: &str) -> bool {
        self.patterns.iter().any(|pattern| pattern.matches(folded_action)) != self.negated
    }

    /// Whether it covers the action otherwise than by its own name.
    pub fn cover_loosely(&self, folded_action: &str) -> bool {
        let is_loose =
            |pattern: &Pattern| pattern.pieces().iter().any(|piece| !matches!(piece, Piece::Literal(_)));
        let loosely = |pattern: &Pattern| is_loose(pattern) && pattern.matches(folded_action);
        if self.negated { self.cover(folded_action) } else { self.patterns.iter().any(loosely) }
    }
}

#[cfg(test)]
mod tests;
