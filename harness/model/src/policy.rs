//! Decides which policy a text says, by the grammar that all AWS policy types share.
//!
//! What only one policy type forbids (a `Principal` in an identity policy, a group in a key policy) is an
//! evaluator's matter; here stands what no AWS policy document may be: IAM User Guide, "Grammar of the IAM
//! JSON policy language" and the pages of the elements.

mod read;

use crate::json::Span;

/// A policy document.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Policy {
    /// The language version; absent means the old one.
    pub version: Option<Version>,
    /// The document's `Id`.
    pub id: Option<Text>,
    /// The statements in their order.
    pub statements: Vec<Statement>,
}

/// A version of the policy language.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Version {
    /// `2008-10-17`: no policy variables.
    V2008,
    /// `2012-10-17`.
    V2012,
}

/// A statement. `None` means that the element is absent.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Statement {
    /// Where it stands.
    pub span: Span,
    /// `Sid`
    pub sid: Option<Text>,
    /// `Effect`
    pub effect: Effect,
    /// `Principal` or `NotPrincipal`
    pub principal: Option<Principal>,
    /// `Action` or `NotAction`
    pub action: Option<Element>,
    /// `Resource` or `NotResource`
    pub resource: Option<Element>,
    /// `Condition`, an entry for each key of each operator.
    pub conditions: Vec<Condition>,
}

/// What a statement does where it applies.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Effect {
    /// `Allow`
    Allow,
    /// `Deny`
    Deny,
}

/// A string and its place.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Text {
    /// Where it stands.
    pub span: Span,
    /// What it says.
    pub text: String,
}

/// `Principal` or `NotPrincipal`.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Principal {
    /// Where the value stands.
    pub span: Span,
    /// Whether this is `NotPrincipal`.
    pub negated: bool,
    /// The principals; those of the string form `"*"` are one of kind [`PrincipalKind::Everyone`].
    pub values: Vec<(PrincipalKind, Text)>,
}

/// The member of `Principal` that a value stands under.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum PrincipalKind {
    /// `AWS`
    Aws,
    /// `CanonicalUser`
    CanonicalUser,
    /// The string form `"*"`.
    Everyone,
    /// `Federated`
    Federated,
    /// `Service`
    Service,
}

/// `Action`, `NotAction`, `Resource` or `NotResource`.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Element {
    /// Where the value stands.
    pub span: Span,
    /// Whether this is the `Not…` form.
    pub negated: bool,
    /// The values; one for the scalar form.
    pub values: Vec<Text>,
}

/// A key under an operator of `Condition`, with its values.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Condition {
    /// The operator as written: `ForAnyValue:StringLike`.
    pub operator: Text,
    /// The condition key as written.
    pub key: Text,
    /// The values; numbers and booleans in their JSON spelling.
    pub values: Vec<Text>,
}
