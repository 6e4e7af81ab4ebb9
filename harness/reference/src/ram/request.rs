//! Decides what a statement can see of a request, and which requests are of a kind of their own.

use kms_model::question::{Authorization, Authorize, Caller, CallerKind, Context, Resource};

/// One thing that a request must be authorized for.
#[derive(Debug)]
pub struct Request<'a> {
    /// Who calls.
    pub caller: &'a Caller,
    /// The action as the question spells it.
    pub action: &'a str,
    /// The action in lower case, the form in which actions are compared.
    pub folded_action: String,
    /// What is acted on.
    pub resource: &'a Resource,
    /// The condition keys.
    pub context: &'a Context,
}

impl<'a> Request<'a> {
    /// The part of `ask` that is about `authorization`, under the condition keys of `context`.
    pub fn new(ask: &'a Authorize, authorization: &'a Authorization, context: &'a Context) -> Self {
        Self {
            caller: &ask.caller,
            action: &authorization.action,
            folded_action: authorization.action.to_ascii_lowercase(),
            resource: &authorization.resource,
            context,
        }
    }

    /// Whether the caller belongs to the account that owns the resource.
    pub fn is_same_account(&self) -> bool {
        self.caller.account.as_deref() == Some(&self.resource.account)
    }

    /// Whether a role is to be assumed, which is decided apart: RAM User Guide, "Policy evaluation process of assuming
    /// a RAM role".
    pub fn is_assuming(&self) -> bool {
        self.folded_action.starts_with("sts:assumerole")
    }

    /// Whether this is DescribeRegions, which RAM has no say in: KMS Developer Guide, "Use RAM for KMS resource
    /// authorization" (2018).
    pub fn is_outside_ram(&self) -> bool {
        self.resource.kind == "kms:account" && self.folded_action == "kms:describeregions"
    }

    /// Whether the caller is the account that owns the resource, which may do everything with it: KMS Developer Guide,
    /// "Use RAM to control access to KMS resources". To assume a role is no use of one's own resource: identity policy
    /// and trust policy must both allow that, and an account has no identity policy.
    pub fn is_by_owner(&self) -> bool {
        self.caller.kind == CallerKind::Root && self.is_same_account() && !self.is_assuming()
    }

    /// Whether the resource is of KMS.
    pub fn is_on_kms(&self) -> bool {
        self.resource.kind.starts_with("kms:")
    }
}
