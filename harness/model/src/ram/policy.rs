//! Decides which policy a text says, by the grammar that all RAM policy types share.
//!
//! What only one policy type forbids (a `Principal` in an identity policy, a `Resource` other than `*` in a key policy)
//! is an evaluator's matter; here stands what no RAM policy document may be: RAM User Guide, "Policy structure and
//! syntax", "Policy elements". The grammar is taken as printed: a version that is exactly `"1"`, a list of one or more
//! statements, no element that it does not show, every value in double quotes, no empty list. The pages do not show
//! what a document that departs from it is answered; one that is not accepted grants nothing.

mod read;

use crate::json::Span;
use crate::policy::{Condition, Effect, Element, Text};

/// A RAM policy document.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct RamPolicy {
    /// The statements in their order; at least one.
    pub statements: Vec<RamStatement>,
}

/// A statement. `None` means that the element is absent.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct RamStatement {
    /// Where it stands.
    pub span: Span,
    /// `Sid`. Key policies show it; that identity policies may have it is not said, and harmless.
    pub sid: Option<Text>,
    /// `Effect`
    pub effect: Effect,
    /// `Principal`
    pub principal: Option<RamPrincipal>,
    /// `Action` or `NotAction`
    pub action: Element,
    /// `Resource`; trust policies have none.
    pub resource: Option<Element>,
    /// `Condition`, an entry for each key of each operator.
    pub conditions: Vec<Condition>,
}

/// `Principal`.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct RamPrincipal {
    /// Where the value stands.
    pub span: Span,
    /// The principals; at least one.
    pub values: Vec<(RamPrincipalKind, Text)>,
}

/// The member of `Principal` that a value stands under.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum RamPrincipalKind {
    /// `Federated`: an identity provider.
    Federated,
    /// `RAM`: accounts, users and roles.
    Ram,
    /// `Service`: a service of Alibaba Cloud.
    Service,
}

crate::words! { RamPrincipalKind:
    Federated "Federated", Ram "RAM", Service "Service",
}
