//! Decides which facts and parameters a generated request of the AWS dialect has: those that the conditions of its
//! policies ask for, where they do not contradict each other.

use std::collections::BTreeMap;

use kms_model::Feature;
use kms_model::json::{Node, Value};
use kms_model::keys::{self, From};
use kms_model::question::{ContextValue, Organization};

use super::grants::object;
use super::world::World;

/// A name and its value.
pub type Pair = (&'static str, &'static str);

/// What a request is like.
#[derive(Debug, Default)]
pub struct Facts {
    /// `time`
    pub time: &'static str,
    /// `source-ip`
    pub source_ip: Option<&'static str>,
    /// The endpoint: its id and its VPC.
    pub endpoint: Option<Pair>,
    /// `via`
    pub via: Vec<String>,
    /// The caller's organization: id and path.
    pub organization: Option<Pair>,
    /// The owner's.
    pub owner: Option<Pair>,
    /// The caller's tags.
    pub caller_tags: BTreeMap<String, String>,
    /// The resource's tags.
    pub resource_tags: BTreeMap<String, String>,
    /// Condition keys that only the context of a question gives.
    pub given: Vec<(&'static str, &'static str, ContextValue)>,
    /// The parameters of the operation.
    pub parameters: Vec<(&'static str, Node)>,
    pairs: Vec<Pair>,
    request_tags: Vec<Pair>,
    source_arn: Option<&'static str>,
    constraint: Option<&'static str>,
    /// Keys that are settled.
    settled: Vec<&'static str>,
}

/// The address that requests come from.
pub const IP: &str = "203.0.113.10";
/// The endpoint that requests come through: its id and its VPC.
pub const ENDPOINT: Pair = ("vpce-1a2b3c4d", "vpc-11aa22bb");
const ORGANIZATION: Pair = ("o-exampleorg1", "o-exampleorg1/r-ab12/ou-ab12-11111111/");
const OTHER_ORGANIZATION: Pair = ("o-exampleorg2", "o-exampleorg2/r-cd34/");

/// An organization of that id and path.
pub fn organization((id, path): Pair, management: bool) -> Organization {
    Organization::new(id, path, management)
}

impl World<'_> {
    /// The facts of the request. `through` says that it comes through an endpoint, `organized` that the accounts of caller
    /// and resource are in an organization.
    pub fn facts(&mut self, through: bool, organized: [bool; 2]) -> Facts {
        let mut facts = Facts { time: "2026-01-15T12:00:00Z", source_ip: Some(IP), ..Facts::default() };
        if through {
            facts.endpoint = Some(ENDPOINT);
            facts.settled.push("endpoint");
        }
        let [of_caller, of_owner] = organized;
        facts.organization = of_caller.then_some(ORGANIZATION);
        facts.owner = of_owner.then_some(ORGANIZATION);
        for at in 0..self.wishes.len() {
            let Some(wish) = self.wishes.get(at).copied() else { break };
            if !facts.settled.contains(&wish.name) {
                facts.settled.push(wish.name);
                self.meet(wish.key, wish.name, wish.value, &mut facts);
            }
        }
        self.stray_facts(&mut facts);
        if facts.endpoint.is_some() {
            facts.source_ip = None;
        }
        self.parameters(&mut facts);
        facts
    }

    /// Makes the request what one condition asks for.
    fn meet(&self, key: &'static str, name: &'static str, value: Option<&'static str>, facts: &mut Facts) {
        let ending = || name.get(key.len().saturating_sub(1)..).unwrap_or_default();
        match (key, value) {
            ("kms:EncryptionContext:*", Some(value)) => facts.pair(ending(), value),
            ("kms:EncryptionContextKeys", Some(value)) => facts.pair(value, "Finance"),
            ("aws:PrincipalTag/*", Some(value)) => {
                facts.caller_tags.insert(ending().to_owned(), value.to_owned());
            }
            ("aws:ResourceTag/*", Some(value)) => {
                facts.resource_tags.insert(ending().to_owned(), value.to_owned());
            }
            ("aws:RequestTag/*", Some(value)) => facts.request_tag(ending(), value),
            ("aws:TagKeys", Some(value)) => facts.request_tag(value, "red-team"),
            ("aws:SourceIp", Some(value)) if facts.endpoint.is_none() => {
                facts.source_ip = Some(value);
                facts.settled.push("endpoint");
            }
            ("aws:SourceVpc", Some(value)) => facts.come_through(|(id, _)| (id, value)),
            ("aws:SourceVpce", Some(value)) => facts.come_through(|(_, vpc)| (value, vpc)),
            ("aws:CalledVia" | "aws:CalledViaFirst" | "aws:CalledViaLast", Some(value)) => {
                facts.come_via(value)
            }
            ("kms:ViaService", Some(value)) => {
                facts.come_via(service_of(value).unwrap_or("ec2.amazonaws.com"));
            }
            ("aws:ViaAWSService" | "kms:GrantIsForAWSResource", Some("true")) => {
                facts.come_via("ec2.amazonaws.com")
            }
            ("aws:PrincipalOrgID" | "aws:PrincipalOrgPaths", Some(value)) => {
                facts.organization = Some(organization_of(value));
            }
            ("aws:ResourceOrgID" | "aws:ResourceOrgPaths", Some(value)) => {
                facts.owner = Some(organization_of(value))
            }
            ("aws:CurrentTime", Some(value)) => facts.time = value,
            ("aws:EpochTime", Some(value)) => facts.time = instant(value).unwrap_or(facts.time),
            ("kms:RequestAlias", Some(value)) => add_parameter(&mut facts.parameters, "KeyId", value.into()),
            ("kms:GrantConstraintType", Some(value)) => {
                facts.constraint = Some(value);
                facts.pair("Department", "Finance");
            }
            ("kms:GrantConstraintSourceArn", Some(value)) => facts.source_arn = Some(value),
            (_, Some(value)) => self.meet_by_table(key, name, value, facts),
            (_, None) => {}
        }
    }

    /// Keys of the table that parameters give, or nothing but the context.
    fn meet_by_table(&self, key: &'static str, name: &'static str, value: &'static str, facts: &mut Facts) {
        let Some(known) = keys::by_name(key) else { return };
        let supplied = self.operation.is_some_and(|operation| operation.known.may_have(known));
        match known.from {
            From::Parameter(parameter, _) if supplied && key != "kms:GrantOperations" => {
                add_parameter(&mut facts.parameters, parameter, node(known.kind, value));
            }
            From::Parameter("Operations", _) if supplied => {
                add_parameter(
                    &mut facts.parameters,
                    "Operations",
                    std::iter::once(Node::from(value)).collect(),
                );
            }
            From::Given if supplied || key.starts_with("aws:") => {
                let value = match known.multivalued {
                    true => ContextValue::Many(vec![value.to_owned()]),
                    false => ContextValue::One(value.to_owned()),
                };
                if self.settings.allows(Feature::Context) {
                    facts.given.push((key, name, value));
                }
            }
            From::Fact(_) if self.operation.is_some_and(|operation| operation.known.name == "CreateKey") => {
                let parameter = match key {
                    "kms:KeySpec" | "kms:CustomerMasterKeySpec" => "KeySpec",
                    "kms:KeyUsage" | "kms:CustomerMasterKeyUsage" => "KeyUsage",
                    "kms:KeyOrigin" => "Origin",
                    "kms:MultiRegion" => "MultiRegion",
                    _ => return,
                };
                add_parameter(&mut facts.parameters, parameter, node(known.kind, value));
            }
            _ => {}
        }
    }

    fn stray_facts(&mut self, facts: &mut Facts) {
        let weights = &self.settings.weights;
        let stray = |world: &mut Self, name: &'static str| {
            !facts.settled.contains(&name) && world.chance(weights.stray_fact)
        };
        let pair = stray(self, "kms:EncryptionContext:Department");
        let tag = stray(self, "aws:PrincipalTag/team");
        let of_resource = stray(self, "aws:ResourceTag/team");
        if pair {
            facts.pair("Department", "Finance");
        }
        if !facts.pairs.is_empty() && self.chance(weights.stray_fact / 2) {
            facts.pair("Purpose", "Research");
        }
        if tag {
            facts.caller_tags.entry("team".to_owned()).or_insert_with(|| "red-team".to_owned());
        }
        if of_resource {
            facts.resource_tags.entry("team".to_owned()).or_insert_with(|| "red-team".to_owned());
        }
        if facts.via.is_empty() && self.chance(weights.via) {
            facts.come_via("ec2.amazonaws.com");
        }
        if facts.endpoint.is_none()
            && !facts.settled.contains(&"endpoint")
            && self.chance(weights.endpoint / 3)
        {
            facts.endpoint = Some(ENDPOINT);
        }
    }

    fn parameters(&mut self, facts: &mut Facts) {
        let Some(operation) = self.operation else { return };
        let known = operation.known;
        let parameters = &mut facts.parameters;
        let mut add = |name: &'static str, node: Node| add_parameter(parameters, name, node);
        let pairs =
            || -> Node { facts.pairs.iter().map(|(name, value)| (*name, Node::from(*value))).collect() };
        match known.name {
            "CreateGrant" => {
                add("GranteePrincipal", "arn:aws:iam::111122223333:role/App".into());
                let listed = self.listed_operations();
                add("Operations", listed);
                let mut constraints = Vec::new();
                if !facts.pairs.is_empty() {
                    let kind = facts.constraint.unwrap_or(if self.chance(50) {
                        "EncryptionContextEquals"
                    } else {
                        "EncryptionContextSubset"
                    });
                    constraints.push((kind, pairs()));
                }
                constraints.extend(facts.source_arn.map(|arn| ("SourceArn", arn.into())));
                if !constraints.is_empty() {
                    add("Constraints", object(constraints));
                }
            }
            "RetireGrant" => add("GrantId", if self.chance(90) { "g1" } else { "g2" }.into()),
            "ReEncrypt" if !facts.pairs.is_empty() => {
                add("SourceEncryptionContext", pairs());
                if self.chance(85) {
                    add("DestinationEncryptionContext", pairs());
                }
            }
            "ReplicateKey" => add("ReplicaRegion", "eu-west-1".into()),
            "UpdatePrimaryRegion" => add("PrimaryRegion", "eu-west-1".into()),
            "CreateAlias" | "UpdateAlias" | "DeleteAlias" => {
                let alias = self.targets.iter().find(|target| target.thing.kind == "kms:alias");
                let name = alias
                    .and_then(|alias| alias.thing.arn.rsplit_once(':'))
                    .map_or("alias/app", |(_, name)| name);
                add("AliasName", name.into());
            }
            _ if known.supplies("kms:EncryptionContext:*") && !facts.pairs.is_empty() => {
                add("EncryptionContext", pairs());
            }
            _ => {}
        }
        if matches!(known.name, "TagResource" | "CreateKey" | "ReplicateKey")
            && !facts.request_tags.is_empty()
        {
            let tag = |(name, value): &Pair| {
                object(vec![("TagKey", Node::from(*name)), ("TagValue", Node::from(*value))])
            };
            add("Tags", facts.request_tags.iter().map(tag).collect());
        }
        if known.name == "UntagResource" && !facts.request_tags.is_empty() {
            add("TagKeys", facts.request_tags.iter().map(|(name, _)| Node::from(*name)).collect());
        }
    }
}

/// Adds a parameter, unless a condition has asked for another value of it before.
fn add_parameter(parameters: &mut Vec<(&'static str, Node)>, name: &'static str, node: Node) {
    if !parameters.iter().any(|(known, _)| *known == name) {
        parameters.push((name, node));
    }
}

impl Facts {
    fn pair(&mut self, name: &'static str, value: &'static str) {
        if !self.pairs.iter().any(|(known, _)| *known == name) {
            self.pairs.push((name, value));
        }
    }

    fn request_tag(&mut self, name: &'static str, value: &'static str) {
        if !self.request_tags.iter().any(|(known, _)| *known == name) {
            self.request_tags.push((name, value));
        }
    }

    fn come_through(&mut self, change: impl Fn(Pair) -> Pair) {
        // Who is known to come from an address does not come through an endpoint.
        if self.endpoint.is_some() || !self.settled.contains(&"endpoint") {
            self.endpoint = Some(change(self.endpoint.unwrap_or(ENDPOINT)));
        }
    }

    fn come_via(&mut self, service: &str) {
        if self.via.is_empty() {
            self.via.push(service.to_owned());
        }
    }
}

/// The organization of an id or a path.
pub fn organization_of(value: &str) -> Pair {
    if value.starts_with(ORGANIZATION.0) { ORGANIZATION } else { OTHER_ORGANIZATION }
}

/// The instant that is so many seconds after the beginning of 1970, of those that conditions name.
pub fn instant(seconds: &str) -> Option<&'static str> {
    match seconds {
        "1767225600" => Some("2026-01-01T00:00:00Z"),
        "1798761600" => Some("2027-01-01T00:00:00Z"),
        _ => None,
    }
}

/// The service that calls where a condition key about that has this value.
pub fn service_of(value: &str) -> Option<&'static str> {
    match value {
        "false" => None,
        value if value.starts_with("s3") => Some("s3.amazonaws.com"),
        _ => Some("ec2.amazonaws.com"),
    }
}

/// A parameter of that type.
pub fn node(kind: &str, value: &'static str) -> Node {
    match kind {
        "bool" => (value == "true").into(),
        "numeric" if value.parse::<u32>().is_ok() => Value::Number(value.to_owned()).into(),
        _ => value.into(),
    }
}
