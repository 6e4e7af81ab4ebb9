//! Decides how a request of the AWS dialect comes to have another value of a condition key, or none: by which fact or
//! parameter, and which keys follow from it.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use kms_model::Feature;
use kms_model::json::{Member, Node, Span, Value};
use kms_model::keys::{self, ConditionKey, From};
use kms_model::question::{Authorize, ContextValue, Endpoint, Organization};

use super::actions::Operation;
use super::grants::object;
use super::request::{ENDPOINT, IP, instant, node, organization_of, service_of};
use super::series::Changed;
use crate::Settings;

/// Condition keys that follow from the same facts.
#[derive(Debug)]
pub struct Groups {
    /// Who calls.
    pub caller: Vec<&'static ConditionKey>,
    caller_tags: Vec<&'static ConditionKey>,
    network: Vec<&'static ConditionKey>,
    of_caller: Vec<&'static ConditionKey>,
    of_owner: Vec<&'static ConditionKey>,
    pairs: Vec<&'static ConditionKey>,
    request_alias: Vec<&'static ConditionKey>,
    request_tags: Vec<&'static ConditionKey>,
    resource_tags: Vec<&'static ConditionKey>,
    time: Vec<&'static ConditionKey>,
    via: Vec<&'static ConditionKey>,
}

/// The groups.
pub static GROUPS: LazyLock<Groups> = LazyLock::new(|| {
    let of = |facts: &[&str]| {
        let follows = |key: &&ConditionKey| matches!(key.from, From::Fact(fact) if facts.contains(&fact));
        keys::all().iter().filter(follows).collect()
    };
    Groups {
        caller: of(&[
            "caller-account",
            "principal-account",
            "principal-arn",
            "principal-is-service",
            "principal-service",
            "principal-type",
            "user-id",
            "user-name",
        ]),
        caller_tags: of(&["principal-tags"]),
        network: of(&["source-ip", "source-vpc", "source-vpce"]),
        of_caller: of(&["principal-org-id", "principal-org-paths"]),
        of_owner: of(&["resource-org-id", "resource-org-paths"]),
        pairs: of(&["encryption-context", "encryption-context-keys", "grant-constraint-type"]),
        request_alias: of(&["request-alias"]),
        request_tags: of(&["request-tags", "tag-keys"]),
        resource_tags: of(&["resource-tags"]),
        time: of(&["epoch-time", "time"]),
        via: of(&[
            "grant-is-for-service",
            "is-via",
            "source-vpc",
            "source-vpce",
            "via",
            "via-first",
            "via-last",
            "via-service",
        ]),
    }
});

/// A condition key that is to have another value.
#[derive(Clone, Copy, Debug)]
pub struct Deviation<'a> {
    /// The whole name: `kms:EncryptionContext:Department`.
    pub name: &'static str,
    /// What the tables say of it.
    pub key: &'static ConditionKey,
    /// The value; `None` for a key that is not there.
    pub value: Option<&'static str>,
    /// The operation that the policies were made for.
    pub operation: Option<&'static Operation>,
    /// How often what is chosen.
    pub settings: &'a Settings,
}

impl Deviation<'_> {
    /// Changes the request; `false` where it cannot have that value.
    pub fn apply(self, ask: &mut Authorize, changed: &mut Changed) -> bool {
        let ending = self.name.get(self.key.name.len().saturating_sub(1)..).unwrap_or_default();
        let keys = match (self.key.name, self.value) {
            ("aws:CurrentTime", Some(value)) => {
                value.clone_into(&mut ask.time);
                &GROUPS.time
            }
            ("aws:EpochTime", Some(value)) => {
                let Some(time) = instant(value) else { return false };
                time.clone_into(&mut ask.time);
                &GROUPS.time
            }
            ("aws:SourceIp", Some(value)) => {
                (ask.source_ip, ask.endpoint) = (Some(value.to_owned()), None);
                &GROUPS.network
            }
            ("aws:SourceIp", None) => {
                come_through(ask, |_| ());
                &GROUPS.network
            }
            ("aws:SourceVpc", Some(value)) => {
                come_through(ask, |endpoint| value.clone_into(&mut endpoint.vpc));
                &GROUPS.network
            }
            ("aws:SourceVpce", Some(value)) => {
                come_through(ask, |endpoint| value.clone_into(&mut endpoint.id));
                &GROUPS.network
            }
            ("aws:SourceVpc" | "aws:SourceVpce", None) => {
                (ask.source_ip, ask.endpoint) = (Some(IP.to_owned()), None);
                &GROUPS.network
            }
            (
                "aws:CalledVia"
                | "aws:CalledViaFirst"
                | "aws:CalledViaLast"
                | "aws:ViaAWSService"
                | "kms:GrantIsForAWSResource"
                | "kms:ViaService",
                value,
            ) => {
                ask.via.clear();
                ask.via.extend(value.and_then(service_of).map(str::to_owned));
                &GROUPS.via
            }
            ("aws:PrincipalTag/*", value) if !ask.caller.policies.is_empty() => {
                set_tag(&mut ask.caller.tags, ending, value);
                &GROUPS.caller_tags
            }
            ("aws:ResourceTag/*", value) => {
                let is_tagged = |kind: &str| kind == "kms:key" || self.operation.is_none();
                for one in ask.authorizations.iter_mut().filter(|one| is_tagged(&one.resource.kind)) {
                    set_tag(&mut one.resource.tags, ending, value);
                }
                &GROUPS.resource_tags
            }
            ("aws:PrincipalOrgID" | "aws:PrincipalOrgPaths", value) if ask.caller.account.is_some() => {
                if !join(&mut ask.caller.organization, value, ask.caller.scps.is_some()) {
                    return false;
                }
                &GROUPS.of_caller
            }
            ("aws:ResourceOrgID" | "aws:ResourceOrgPaths", value) => {
                for one in &mut ask.authorizations {
                    if !join(&mut one.resource.organization, value, one.resource.rcps.is_some()) {
                        return false;
                    }
                }
                &GROUPS.of_owner
            }
            _ => return self.apply_to_request(ending, ask, changed),
        };
        changed.facts = true;
        changed.keys.extend_from_slice(keys);
        true
    }

    /// Changes what the operation is given.
    fn apply_to_request(self, ending: &'static str, ask: &mut Authorize, changed: &mut Changed) -> bool {
        let is_key = |at: &usize| keys::all().get(*at).is_some_and(|key| std::ptr::eq(key, self.key));
        let supplied = self.operation.is_some_and(|operation| operation.keys.iter().any(is_key));
        if self.key.from == From::Given {
            if !self.settings.allows(Feature::Context) || !(supplied || self.name.starts_with("aws:")) {
                return false;
            }
            let value = self.value.map(|value| match self.key.multivalued {
                true => ContextValue::Many(vec![value.to_owned()]),
                false => ContextValue::One(value.to_owned()),
            });
            changed.given.push((self.name, value));
            return true;
        }
        let Some(operation) = ask.operation.as_mut().filter(|_| supplied) else { return false };
        let parameters = &mut operation.parameters;
        let (single, several);
        let keys: &[&'static ConditionKey] = match (self.key.name, self.key.from, self.value) {
            ("kms:EncryptionContext:*", _, value) => {
                set_pair(&operation.name, parameters, ending, value);
                &GROUPS.pairs
            }
            ("kms:EncryptionContextKeys", _, value) => {
                let pair = value.map_or(("Department", None), |name| (name, Some("Finance")));
                set_pair(&operation.name, parameters, pair.0, pair.1);
                &GROUPS.pairs
            }
            ("aws:RequestTag/*", _, value) if tags_keys(&operation.name) => {
                set_request_tag(parameters, ending, value);
                &GROUPS.request_tags
            }
            ("aws:TagKeys", _, value) if tags_keys(&operation.name) => {
                let tag = value.map_or(("team", None), |name| (name, Some("red-team")));
                set_request_tag(parameters, tag.0, tag.1);
                &GROUPS.request_tags
            }
            ("kms:RequestAlias", _, value) => {
                set_member(parameters, "KeyId", value.map(Node::from));
                &GROUPS.request_alias
            }
            ("kms:GrantOperations", _, Some(value)) => {
                set_member(parameters, "Operations", Some(std::iter::once(Node::from(value)).collect()));
                single = [self.key];
                &single
            }
            // Where a replica is made says what Region its creation is asked of.
            (_, From::Parameter(name, _), value) if !matches!(name, "Operations" | "ReplicaRegion") => {
                set_member(parameters, name, value.map(|value| node(self.key.kind, value)));
                let follows = |key: &&ConditionKey| matches!(key.from, From::Parameter(of, _) if of == name);
                several = keys::all().iter().filter(follows).collect::<Vec<_>>();
                &several
            }
            _ => return false,
        };
        changed.parameters = true;
        changed.keys.extend_from_slice(keys);
        true
    }
}

/// Lets the request come through an endpoint: the one that it comes through, or a usual one.
fn come_through(ask: &mut Authorize, change: impl Fn(&mut Endpoint)) {
    let endpoint = ask.endpoint.get_or_insert_with(|| {
        let mut endpoint = Endpoint::default();
        (endpoint.id, endpoint.vpc) = (ENDPOINT.0.to_owned(), ENDPOINT.1.to_owned());
        endpoint
    });
    change(endpoint);
    ask.source_ip = None;
}

fn set_tag(tags: &mut BTreeMap<String, String>, name: &str, value: Option<&'static str>) {
    match value {
        Some(value) => drop(tags.insert(name.to_owned(), value.to_owned())),
        None => drop(tags.remove(name)),
    }
}

/// Puts an account into another organization; `false` where it must be in one, and would be in none.
fn join(organization: &mut Option<Organization>, value: Option<&'static str>, is_bound: bool) -> bool {
    let Some(value) = value else {
        if !is_bound {
            *organization = None;
        }
        return !is_bound;
    };
    let (id, path) = organization_of(value);
    let management = organization.as_ref().is_some_and(|known| known.management);
    *organization = Some(Organization::new(id, path, management));
    true
}

/// Whether an operation gives tags to a key.
fn tags_keys(operation: &str) -> bool {
    matches!(operation, "CreateKey" | "ReplicateKey" | "TagResource")
}

/// Changes a pair of the encryption context: of both of them for ReEncrypt, of the constraint for CreateGrant.
fn set_pair(operation: &str, parameters: &mut Node, name: &'static str, value: Option<&'static str>) {
    let set = |parameters: &mut Node, context: &'static str| {
        let mut pairs = take_member(parameters, context).unwrap_or_else(|| object(Vec::new()));
        set_member(&mut pairs, name, value.map(Node::from));
        let left = pairs.members().is_some_and(|members| !members.is_empty());
        set_member(parameters, context, left.then_some(pairs));
    };
    match operation {
        "ReEncrypt" => {
            set(parameters, "SourceEncryptionContext");
            set(parameters, "DestinationEncryptionContext");
        }
        "CreateGrant" => {
            let mut constraints =
                take_member(parameters, "Constraints").unwrap_or_else(|| object(Vec::new()));
            let subset = constraints.get("EncryptionContextSubset").is_some();
            set(&mut constraints, if subset { "EncryptionContextSubset" } else { "EncryptionContextEquals" });
            let left = constraints.members().is_some_and(|members| !members.is_empty());
            set_member(parameters, "Constraints", left.then_some(constraints));
        }
        _ => set(parameters, "EncryptionContext"),
    }
}

fn set_request_tag(parameters: &mut Node, name: &'static str, value: Option<&'static str>) {
    let tags = take_member(parameters, "Tags");
    let mut tags = match tags.map(|tags| tags.value) {
        Some(Value::Array(tags)) => tags,
        _ => Vec::new(),
    };
    tags.retain(|tag| tag.get("TagKey").and_then(Node::as_str) != Some(name));
    let tag = |value: &'static str| object(vec![("TagKey", name.into()), ("TagValue", value.into())]);
    tags.extend(value.map(tag));
    set_member(parameters, "Tags", (!tags.is_empty()).then(|| Value::Array(tags).into()));
}

/// Sets a member of an object, or removes it.
fn set_member(node: &mut Node, name: &'static str, value: Option<Node>) {
    let _ = take_member(node, name);
    if let (Value::Object(members), Some(node)) = (&mut node.value, value) {
        members.push(Member { name: name.to_owned(), name_span: Span::default(), node });
    }
}

fn take_member(node: &mut Node, name: &str) -> Option<Node> {
    let Value::Object(members) = &mut node.value else { return None };
    let at = members.iter().position(|member| member.name == name)?;
    Some(members.remove(at).node)
}
