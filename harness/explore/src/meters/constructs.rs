//! Decides which constructs there are for questions to reach: those of the language, and of the world around it.

use std::fmt;

use kms_model::question::{CallerKind, PolicyType};
use kms_model::{Dialect, Feature, keys, operations, ram};

use super::forms;
use crate::generate::size::{LIMITS, Limit};

/// A construct of the language, or of the world around it.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Construct {
    /// What kind of construct it is: `operator`.
    pub group: &'static str,
    /// Its name: `StringLike`.
    pub name: &'static str,
}

impl fmt::Display for Construct {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.group, self.name)
    }
}

/// The operators that both dialects have.
pub const OPERATORS: &[&str] = &[
    "Bool",
    "DateEquals",
    "DateGreaterThan",
    "DateGreaterThanEquals",
    "DateLessThan",
    "DateLessThanEquals",
    "DateNotEquals",
    "IpAddress",
    "NotIpAddress",
    "NumericEquals",
    "NumericGreaterThan",
    "NumericGreaterThanEquals",
    "NumericLessThan",
    "NumericLessThanEquals",
    "NumericNotEquals",
    "StringEquals",
    "StringEqualsIgnoreCase",
    "StringLike",
    "StringNotEquals",
    "StringNotEqualsIgnoreCase",
    "StringNotLike",
];
/// Those of AWS alone, and what operators are made of there.
pub const AWS_OPERATORS: &[&str] = &[
    "ArnEquals",
    "ArnLike",
    "ArnNotEquals",
    "ArnNotLike",
    "BinaryEquals",
    "ForAllValues:",
    "ForAnyValue:",
    "Null",
    "…IfExists",
];
const ELEMENTS: &[&str] = &[
    "Action",
    "Allow",
    "Condition",
    "Deny",
    "NotAction",
    "Principal",
    "Resource",
    "Sid",
    "action *",
    "action with wildcard",
    "resource *",
    "resource with wildcard",
    "several values",
];
const AWS_ELEMENTS: &[&str] = &[
    "Id",
    "NotPrincipal",
    "NotResource",
    "Version 2008-10-17",
    "Version 2012-10-17",
    "no Version",
    "principal \"*\"",
    "principal AWS",
    "principal CanonicalUser",
    "principal Federated",
    "principal Service",
    "variable",
    "variable with default",
];
const RAM_ELEMENTS: &[&str] = &["principal Federated", "principal RAM", "principal Service"];
const AWS_LAYERS: &[&str] = &[
    "boundary",
    "endpoint",
    "grant",
    "grant with constraints",
    "group",
    "identity",
    "key-policy",
    "rcp",
    "resource-policy",
    "scp",
    "session",
];
const RAM_LAYERS: &[&str] = &[
    "control",
    "group",
    "identity",
    "key-policy",
    "resource group",
    "resource-policy",
    "secret-policy",
    "session",
    "trust-policy",
];
const AWS_DOCUMENTS: &[PolicyType] = &[
    PolicyType::Boundary,
    PolicyType::Endpoint,
    PolicyType::GrantRequest,
    PolicyType::Identity,
    PolicyType::KeyPolicy,
    PolicyType::Rcp,
    PolicyType::ResourcePolicy,
    PolicyType::Scp,
    PolicyType::Session,
];
const RAM_DOCUMENTS: &[PolicyType] = &[
    PolicyType::Control,
    PolicyType::Identity,
    PolicyType::KeyPolicy,
    PolicyType::ResourcePolicy,
    PolicyType::SecretPolicy,
    PolicyType::Session,
    PolicyType::TrustPolicy,
];
/// What only the other dialect has a place for, or the generator makes no questions of. No evaluator knows all principals
/// that exist.
const NOT_AWS: &[Feature] = &[
    Feature::CallerContext,
    Feature::ContextKeyCase,
    Feature::ControlPolicies,
    Feature::ControlValidation,
    Feature::PrincipalInventory,
    Feature::ResourceGroups,
    Feature::SecretPolicyValidation,
    Feature::TrustPolicyValidation,
    Feature::UnknownServices,
];
const NOT_RAM: &[Feature] = &[
    Feature::AwsManagedKeys,
    Feature::Boundaries,
    Feature::BoundaryValidation,
    Feature::ContextKeyCase,
    Feature::DocumentRequests,
    Feature::EndpointPolicies,
    Feature::EndpointValidation,
    Feature::GrantRequests,
    Feature::Grants,
    Feature::LockoutSafetyCheck,
    Feature::MultivaluedKeys,
    Feature::PrincipalInventory,
    Feature::RcpValidation,
    Feature::Rcps,
    Feature::RolePaths,
    Feature::ScpLevels,
    Feature::ScpValidation,
    Feature::Scps,
    Feature::SessionArns,
    Feature::SeveralSessionPolicies,
    Feature::UnknownServices,
];

/// The operators of a dialect, without what can stand before and after them.
pub fn operators(dialect: Dialect) -> Vec<&'static str> {
    let own = AWS_OPERATORS.iter().filter(|_| dialect == Dialect::Aws);
    let plain = |name: &&&'static str| !name.starts_with('…') && !name.ends_with(':');
    OPERATORS.iter().chain(own).filter(plain).copied().collect()
}

/// The layers of a dialect whose documents have statements, each once.
pub fn layers(dialect: Dialect) -> Vec<&'static str> {
    let layers = if dialect == Dialect::Aws { AWS_LAYERS } else { RAM_LAYERS };
    layers.iter().filter(|name| PolicyType::from_word(name).is_some()).copied().collect()
}

/// The constructs of a dialect, group by group.
pub fn constructs(dialect: Dialect) -> Vec<Construct> {
    let is_aws = dialect == Dialect::Aws;
    let mut all = Vec::new();
    let mut add = |group, names: &[&'static str]| {
        all.extend(names.iter().map(|name| Construct { group, name }));
    };
    add("operator", OPERATORS);
    add("operator", if is_aws { AWS_OPERATORS } else { &[] });
    add("element", ELEMENTS);
    add("element", if is_aws { AWS_ELEMENTS } else { RAM_ELEMENTS });
    add("layer", if is_aws { AWS_LAYERS } else { RAM_LAYERS });
    let documents = if is_aws { AWS_DOCUMENTS } else { RAM_DOCUMENTS };
    add("document", &documents.iter().map(|kind| kind.word()).collect::<Vec<_>>());
    let foreign = if is_aws { NOT_AWS } else { NOT_RAM };
    let features = Feature::ALL.iter().filter(|feature| !foreign.contains(feature));
    add("feature", &features.map(|feature| feature.word()).collect::<Vec<_>>());
    add("caller", CallerKind::WORDS);
    let operations: Vec<_> = match is_aws {
        true => operations::all().iter().map(|operation| operation.name).collect(),
        false => ram::operations::all().iter().map(|operation| operation.name).collect(),
    };
    add("operation", &operations);
    let keys: Vec<_> = match is_aws {
        true => keys::all().iter().map(|key| key.name).collect(),
        false => ram::keys::all().iter().map(|key| key.name).collect(),
    };
    add("condition key", &keys);
    add("partition", if is_aws { &["aws", "aws-cn", "aws-us-gov"] } else { &[] });
    add("key", if is_aws { &["more aliases than count"] } else { &[] });
    all.extend(forms::of_dialect(dialect));
    let limits = || LIMITS.iter().filter(|limit| limit.dialect == dialect);
    all.extend(limits().map(at_limit).chain(limits().map(over_limit)));
    all
}

/// A document that is as long as its type may be.
pub fn at_limit(limit: &Limit) -> Construct {
    Construct { group: "as long as may be", name: limit.kind.word() }
}

/// One that is longer.
pub fn over_limit(limit: &Limit) -> Construct {
    Construct { group: "too long", name: limit.kind.word() }
}
