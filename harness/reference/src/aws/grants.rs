//! Decides what the grants on a key allow: KMS Developer Guide, "Grants in AWS KMS", "Creating grants", "Retiring and
//! revoking grants"; KMS API Reference, CreateGrant, GrantConstraints, RetireGrant.

use kms_model::json::Node;
use kms_model::operations;
use kms_model::question::{Caller, Grant};

use super::principal::{Name, Reach};
use super::request::Request;
use super::trace::Witness;

/// A grant that allows the request.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Allowing {
    /// Its place among the grants on the key.
    pub index: usize,
    /// How its grantee, or who may retire it, is the caller.
    pub reach: Reach,
}

/// Why a grant does not allow the request.
type Lack = &'static str;

/// The prefix of the condition keys that hold a request's encryption context.
const PAIR: &str = "kms:EncryptionContext:";

/// The grants that allow the request. RetireGrant is allowed by the grants that it may retire.
pub fn allowing(request: &Request<'_>, witness: &mut impl Witness) -> Vec<Allowing> {
    let mut allowing = Vec::new();
    for (index, grant) in request.resource.grants.iter().enumerate() {
        let found = match is_retire_grant(request) {
            true => retires(grant, request),
            false => allows(grant, request),
        };
        witness.grant(index, grant, found.err());
        if let Ok(reach) = found {
            allowing.push(Allowing { index, reach });
        }
    }
    allowing
}

/// The JSON pointer to a grant; as a policy it has one statement.
pub fn pointer(index: usize) -> String {
    format!("/authorizations/0/resource/grants/{index}")
}

/// Whether this is about retiring a grant, which follows rules of its own.
pub fn is_retire_grant(request: &Request<'_>) -> bool {
    request.resource.kind == "kms:key" && request.folded_action == "kms:retiregrant"
}

/// Whether one of the grants to be retired was made in this account, or the account owns the key: it may let its own
/// principals retire it by `kms:RetireGrant` in their policies. That the owner may where another account made the grant is
/// our reading of two sentences that do not agree.
pub fn may_delegate_retiring(request: &Request<'_>) -> bool {
    let Some(account) = request.caller.account.as_ref().filter(|_| request.has_account()) else {
        return false;
    };
    let of_account = |grant: &Grant| grant.issuer.as_ref() == Some(account) || request.is_same_account();
    request.resource.grants.iter().any(|grant| is_meant(grant, request) && of_account(grant))
}

/// How a principal that a grant names is the caller, if it is.
fn reach(named: &str, caller: &Caller) -> Option<Reach> {
    Name::of_grant(named).reaches(caller)
}

fn allows(grant: &Grant, request: &Request<'_>) -> Result<Reach, Lack> {
    let reach = reach(&grant.grantee, request.caller).ok_or("the caller is not its grantee")?;
    let operation = operations::by_action(request.action).filter(|operation| operation.grantable);
    let operation = operation.ok_or("no grant can allow the operation")?;
    let listed = |name: &String| {
        request.action.get(.."kms:".len()).is_some_and(|prefix| prefix.eq_ignore_ascii_case("kms:"))
            && request.action.get("kms:".len()..).is_some_and(|action| action.eq_ignore_ascii_case(name))
    };
    if !grant.operations.iter().any(listed) {
        return Err("it does not list the operation");
    }
    if let Some(arn) = constraint(grant, "SourceArn").and_then(Node::as_str) {
        let source = request.context.get("aws:SourceArn");
        if !source.is_some_and(|value| value.values().iter().any(|value| value == arn)) {
            return Err("the request is not made on behalf of its SourceArn");
        }
    }
    match operation.name {
        "CreateGrant" => is_as_strict(grant, request)?,
        _ if operation.supplies("kms:EncryptionContext:*") => fits_context(grant, request)?,
        _ => {}
    }
    Ok(reach)
}

/// The retiring principal may retire a grant, and its grantee if it lists RetireGrant. Constraints do not matter here.
fn retires(grant: &Grant, request: &Request<'_>) -> Result<Reach, Lack> {
    if !is_meant(grant, request) {
        return Err("another grant is to be retired");
    }
    let retiring = grant.retiring.as_ref().and_then(|named| reach(named, request.caller));
    let lists = grant.operations.iter().any(|name| name == "RetireGrant");
    let grantee = reach(&grant.grantee, request.caller).filter(|_| lists);
    retiring
        .max(grantee)
        .ok_or("the caller is neither its retiring principal nor a grantee that may retire it")
}

/// Whether the request is to retire this grant.
fn is_meant(grant: &Grant, request: &Request<'_>) -> bool {
    let id = request.parameters.and_then(|parameters| parameters.get("GrantId")).and_then(Node::as_str);
    id.is_none_or(|id| id == grant.id)
}

fn constraint<'a>(grant: &'a Grant, name: &str) -> Option<&'a Node> {
    grant.constraints.as_ref()?.get(name)
}

/// The pairs of an encryption context constraint.
fn pairs(node: &Node) -> Vec<(&str, &str)> {
    let members = node.members().unwrap_or_default();
    members.iter().filter_map(|pair| Some((pair.name.as_str(), pair.node.as_str()?))).collect()
}

fn fits_context(grant: &Grant, request: &Request<'_>) -> Result<(), Lack> {
    let of_request: Vec<(&str, &str)> = request
        .context
        .iter()
        .filter_map(|(key, value)| {
            let start = key.get(..PAIR.len())?;
            let name = key.get(PAIR.len()..).filter(|_| start.eq_ignore_ascii_case(PAIR))?;
            Some((name, value.values().first()?.as_str()))
        })
        .collect();
    let has_all = |wanted: &[(&str, &str)]| wanted.iter().all(|pair| of_request.contains(pair));
    if let Some(wanted) = constraint(grant, "EncryptionContextEquals").map(pairs)
        && !(has_all(&wanted) && of_request.len() == wanted.len())
    {
        return Err("the encryption context is not exactly that of its EncryptionContextEquals");
    }
    if let Some(wanted) = constraint(grant, "EncryptionContextSubset").map(pairs)
        && !has_all(&wanted)
    {
        return Err("the encryption context lacks a pair of its EncryptionContextSubset");
    }
    Ok(())
}

/// Whether the grant to be made stays within this one: no other operation, no looser constraint.
fn is_as_strict(parent: &Grant, request: &Request<'_>) -> Result<(), Lack> {
    let parameter = |name: &str| request.parameters.and_then(|parameters| parameters.get(name));
    let operations = parameter("Operations").and_then(Node::elements).unwrap_or_default();
    let within = |name: &Node| parent.operations.iter().any(|known| Some(known.as_str()) == name.as_str());
    if operations.is_empty() || !operations.iter().all(within) {
        return Err("it does not list every operation of the grant to be made");
    }
    let child = |name: &str| parameter("Constraints").and_then(|constraints| constraints.get(name));
    let has_all = |given: &Node, wanted: &[(&str, &str)]| {
        let given = pairs(given);
        wanted.iter().all(|pair| given.contains(pair))
    };
    let looser = "the grant to be made would have a looser constraint";
    if let Some(wanted) = constraint(parent, "EncryptionContextEquals").map(pairs)
        // With another pair it would allow requests that this one does not.
        && !child("EncryptionContextEquals").is_some_and(|given| has_all(given, &wanted) && pairs(given).len() == wanted.len())
    {
        return Err(looser);
    }
    if let Some(wanted) = constraint(parent, "EncryptionContextSubset").map(pairs)
        && !["EncryptionContextEquals", "EncryptionContextSubset"]
            .into_iter()
            .filter_map(child)
            .any(|given| has_all(given, &wanted))
    {
        return Err(looser);
    }
    match constraint(parent, "SourceArn").and_then(Node::as_str) {
        Some(arn) if child("SourceArn").and_then(Node::as_str) != Some(arn) => Err(looser),
        _ => Ok(()),
    }
}
