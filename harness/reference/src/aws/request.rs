//! Decides what a statement can see of a request: who calls, what for, on what, under which condition keys.

use kms_model::json::Node;
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
    /// The parameters of the operation.
    pub parameters: Option<&'a Node>,
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
            parameters: ask.operation.as_ref().map(|operation| &operation.parameters),
        }
    }

    /// Whether the caller belongs to the account that owns the resource. Services and anonymous callers belong to none.
    pub fn is_same_account(&self) -> bool {
        self.caller.account.as_deref() == Some(&self.resource.account)
    }

    /// Whether caller and resource are known to be in different partitions, between which nothing can be permitted:
    /// IAM User Guide, "AWS JSON policy elements: Principal".
    pub fn crosses_partitions(&self) -> bool {
        match (partition_of_caller(self.caller), partition_of(&self.resource.arn)) {
            (Some(caller), Some(resource)) => caller != resource,
            _ => false,
        }
    }

    /// Whether the caller has an account, and so can have permissions there.
    pub fn has_account(&self) -> bool {
        !matches!(self.caller.kind, CallerKind::Anonymous | CallerKind::Service)
    }
}

/// The partition of the caller's ARN; none for services and anonymous callers.
pub fn partition_of_caller(caller: &Caller) -> Option<&str> {
    partition_of(caller.arn.as_deref()?)
}

/// The partition of an ARN.
pub fn partition_of(arn: &str) -> Option<&str> {
    arn.strip_prefix("arn:")?.split(':').next()
}
