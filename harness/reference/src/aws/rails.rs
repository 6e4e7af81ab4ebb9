//! Decides which guard rails a request meets, and whether they let it pass: policies that allow nothing by themselves and
//! without whose allow nothing else allows. IAM User Guide, "Policy evaluation logic", "Permissions boundaries for IAM
//! entities", "Session policies"; Organizations User Guide, "SCP evaluation", "RCP evaluation"; PrivateLink Guide, "Control
//! access to VPC endpoints using endpoint policies".

use kms_model::Document;
use kms_model::policy::Effect;
use kms_model::question::{Caller, CallerKind, Resource};

use super::layers::{Applied, Place};

/// Who asks for what, through what.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// Who asks.
    pub caller: &'a Caller,
    /// On what.
    pub resource: &'a Resource,
    /// The policy of the endpoint that the request came through, if that has one of its own.
    pub passage: Option<&'a Document>,
}

/// The permissions boundary. Only users and roles have one.
pub fn boundary(caller: &Caller) -> Option<&Document> {
    caller.boundary.as_ref().filter(|_| caller.kind != CallerKind::Root)
}

/// The session policies, if the caller is a session that was made with some.
pub fn session_policies(caller: &Caller) -> Option<&[Document]> {
    let session = matches!(caller.kind, CallerKind::FederatedUser | CallerKind::RoleSession);
    caller.session_policies.as_deref().filter(|_| session)
}

/// The service control policies of the caller's account, level by level. They bind neither the management account nor
/// service-linked roles.
pub fn scps(caller: &Caller) -> Option<&[Vec<Document>]> {
    let manages = caller.organization.as_ref().is_some_and(|organization| organization.management);
    caller.scps.as_deref().filter(|_| !manages && !is_service_linked(caller))
}

/// The resource control policies of the owner's account, level by level. They reach neither resources of the management
/// account, nor keys that AWS manages, nor service-linked roles.
pub fn rcps<'a>(caller: &Caller, resource: &'a Resource) -> Option<&'a [Vec<Document>]> {
    let manages = resource.organization.as_ref().is_some_and(|organization| organization.management);
    let exempt = manages || resource.key.manager == "aws" || is_service_linked(caller);
    resource.rcps.as_deref().filter(|_| !exempt)
}

fn is_service_linked(caller: &Caller) -> bool {
    caller.issuer.as_ref().is_some_and(|role| role.contains(":role/aws-service-role/"))
}

/// Which guard rail lacks an allow that everybody needs, whatever allows the request. Resource control policies are not
/// among them: the one that allows everything is always attached.
pub fn closed(asked: &Asked<'_>, applied: &[Applied<'_>]) -> Option<&'static str> {
    let levels = scps(asked.caller).map_or(0, <[_]>::len);
    if (0..levels).any(|level| !allows(applied, |place| matches!(place, Place::Scp(at, _) if at == level))) {
        return Some("a level of the service control policies does not allow it");
    }
    if asked.passage.is_some() && !allows(applied, |place| place == Place::Endpoint) {
        return Some("the endpoint policy does not allow it");
    }
    None
}

/// Which limit of the caller lacks an allow: its boundary or its session policies. What a resource's policy gives to a user
/// or session by its own name is not held to them.
pub fn limit(caller: &Caller, applied: &[Applied<'_>]) -> Option<&'static str> {
    if boundary(caller).is_some() && !allows(applied, |place| place == Place::Boundary) {
        return Some("the permissions boundary does not allow it");
    }
    if session_policies(caller).is_some() && !allows(applied, |place| matches!(place, Place::Session(_))) {
        return Some("the session policies do not allow it");
    }
    None
}

fn allows(applied: &[Applied<'_>], is_there: impl Fn(Place<'_>) -> bool) -> bool {
    applied.iter().any(|statement| statement.effect == Effect::Allow && is_there(statement.place))
}
