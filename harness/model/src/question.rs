//! Decides what a question holds: everything that the answer may depend on, and nothing to look up elsewhere.
//!
//! The JSON form is the public contract; [`shape`] is its table, [`Question::read`] and [`Question::to_node`] go
//! from one to the other.

mod context;
mod features;
mod read;
pub mod shape;
mod write;

use std::collections::BTreeMap;

pub(crate) use context::fold;
pub use context::{Context, ContextValue, KeyName};

use crate::json::Node;
use crate::{Dialect, Document};

/// A self-contained question.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Question {
    /// The dialect of its policies.
    pub dialect: Dialect,
    /// The Region of the request, or in which a document is set.
    pub region: String,
    /// What is asked.
    pub ask: Ask,
}

/// The two kinds of question.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Ask {
    /// Is this request authorized?
    Authorize(Box<Authorize>),
    /// Is this document accepted?
    Validate(Box<Validate>),
}

/// A request.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Authorize {
    /// When it is made, RFC 3339.
    pub time: String,
    /// Who makes it.
    pub caller: Caller,
    /// The address it comes from, unless it comes through an endpoint.
    pub source_ip: Option<String>,
    /// The VPC endpoint it comes through.
    pub endpoint: Option<Endpoint>,
    /// The services that call for the caller, first to last.
    pub via: Vec<String>,
    /// The API operation.
    pub operation: Option<Operation>,
    /// What must be authorized; all of it.
    pub authorizations: Vec<Authorization>,
    /// The type of each context key that is not a string: `arn`, `bool`, `date`, `ip-address`, `numeric`, `binary`.
    pub context_types: BTreeMap<String, String>,
}

/// A document to accept or reject.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Validate {
    /// What the document is to be.
    pub policy_type: PolicyType,
    /// The document.
    pub document: Document,
    /// The operation that sets it: `PutKeyPolicy`.
    pub purpose: Option<String>,
    /// Who sets it, if the answer is to depend on that.
    pub caller: Option<Caller>,
    /// What it is set on.
    pub resource: Option<Resource>,
    /// The parameters of the operation that sets it.
    pub parameters: Option<Node>,
    /// The ARNs of all principals that exist, if the answer is to depend on that.
    pub principals: Option<Vec<String>>,
}

/// The kinds of policy.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub enum PolicyType {
    /// A permissions boundary.
    Boundary,
    /// A control policy of an Alibaba Cloud resource directory.
    Control,
    /// The policy of a VPC endpoint.
    Endpoint,
    /// The parameters of `CreateGrant`.
    GrantRequest,
    /// A policy of a user, group or role.
    Identity,
    /// The policy of a KMS key.
    KeyPolicy,
    /// A resource control policy.
    Rcp,
    /// The policy of a resource of another service.
    ResourcePolicy,
    /// A service control policy.
    Scp,
    /// The policy of a secret in an Alibaba Cloud KMS instance.
    SecretPolicy,
    /// A session policy.
    Session,
    /// The trust policy of an Alibaba Cloud RAM role.
    TrustPolicy,
}

/// Who makes a request.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Caller {
    /// What kind of principal it is.
    pub kind: CallerKind,
    /// Its ARN; none for services and anonymous callers. For a role session, the session's.
    pub arn: Option<String>,
    /// Its account; none for services and anonymous callers.
    pub account: Option<String>,
    /// The ARN of the role (role session) or user (federated user) that the session was made from.
    pub issuer: Option<String>,
    /// The service principal: `ec2.amazonaws.com`.
    pub service: Option<String>,
    /// Its identity policies: its own, its groups', its role's.
    pub policies: Vec<Attached>,
    /// Its permissions boundary.
    pub boundary: Option<Document>,
    /// Its session policies; `None` where the session was made without.
    pub session_policies: Option<Vec<Document>>,
    /// The service control policies of its account, level by level, root first; `None` outside an organization.
    pub scps: Option<Vec<Vec<Document>>>,
    /// Its tags: those of user, role and session.
    pub tags: BTreeMap<String, String>,
    /// The organization of its account.
    pub organization: Option<Organization>,
}

/// The kinds of caller.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub enum CallerKind {
    /// No credentials.
    #[default]
    Anonymous,
    /// Credentials of GetFederationToken.
    FederatedUser,
    /// A session of a role.
    RoleSession,
    /// The root user of an account.
    Root,
    /// A service calling for itself.
    Service,
    /// An IAM user.
    User,
}

/// An identity policy and where the caller has it from.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Attached {
    /// `user/alice`, `group/Developers`, `role/App`
    pub from: String,
    /// The document.
    pub document: Document,
    /// The resource group that it is attached for; otherwise it is attached for the whole account. RAM only.
    pub resource_group: Option<String>,
}

/// The organization that an account belongs to.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Organization {
    /// `o-exampleorgid`
    pub id: String,
    /// `o-exampleorgid/r-ab12/ou-ab12-11111111/`
    pub path: String,
    /// Whether the account is the management account.
    pub management: bool,
}

/// A VPC endpoint.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Endpoint {
    /// `vpce-1a2b3c4d`
    pub id: String,
    /// `vpc-11aa22bb`
    pub vpc: String,
    /// Its policy; none stands for the default policy, which allows everything.
    pub policy: Option<Document>,
}

/// An API operation.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Operation {
    /// `Decrypt`
    pub name: String,
    /// Its parameters, an object with the API's names.
    pub parameters: Node,
}

/// One thing that must be authorized.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Authorization {
    /// `kms:Decrypt`
    pub action: String,
    /// What it is done to.
    pub resource: Resource,
    /// The condition keys of the request; `None` asks the evaluator to derive them.
    pub context: Option<Context>,
}

/// What something is done to.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Resource {
    /// Its ARN; `*` for operations without a resource.
    pub arn: String,
    /// The account that owns it.
    pub account: String,
    /// `kms:key`, `kms:alias`, `kms:account` (operations without a resource), `s3:object`, …
    pub kind: String,
    /// Its resource-based policy.
    pub policy: Option<Document>,
    /// The grants on it.
    pub grants: Vec<Grant>,
    /// The resource control policies of its account, level by level, root first; `None` outside an organization.
    pub rcps: Option<Vec<Vec<Document>>>,
    /// The control policies of its account, level by level, root first; `None` outside a resource directory. RAM only.
    pub control_policies: Option<Vec<Vec<Document>>>,
    /// The resource group it is in. RAM only.
    pub resource_group: Option<String>,
    /// Its tags.
    pub tags: BTreeMap<String, String>,
    /// The names of its aliases.
    pub aliases: Vec<String>,
    /// What kind of key it is.
    pub key: Key,
    /// The organization of its account.
    pub organization: Option<Organization>,
}

/// The facts of a KMS key that condition keys tell of.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Key {
    /// `KeySpec`
    pub spec: String,
    /// `KeyUsage`
    pub usage: String,
    /// `Origin`
    pub origin: String,
    /// `primary` or `replica`, for a multi-Region key.
    pub multi_region: Option<String>,
    /// `customer` or `aws`
    pub manager: String,
}

impl Default for Key {
    /// A symmetric encryption key of a customer, with key material by KMS, in one Region.
    fn default() -> Self {
        Self {
            spec: "SYMMETRIC_DEFAULT".to_owned(),
            usage: "ENCRYPT_DECRYPT".to_owned(),
            origin: "AWS_KMS".to_owned(),
            multi_region: None,
            manager: "customer".to_owned(),
        }
    }
}

/// A grant on a key.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Grant {
    /// Its id.
    pub id: String,
    /// The ARN of the principal that may use it, or a service principal.
    pub grantee: String,
    /// The ARN of the principal that may retire it.
    pub retiring: Option<String>,
    /// The account in which it was made.
    pub issuer: Option<String>,
    /// The operations it allows.
    pub operations: Vec<String>,
    /// Its constraints, an object with the API's names.
    pub constraints: Option<Node>,
}

crate::words! { CallerKind:
    Anonymous "anonymous", FederatedUser "federated-user", RoleSession "role-session", Root "root",
    Service "service", User "user",
}

crate::words! { PolicyType:
    Boundary "boundary", Control "control", Endpoint "endpoint", GrantRequest "grant-request",
    Identity "identity", KeyPolicy "key-policy", Rcp "rcp", ResourcePolicy "resource-policy", Scp "scp",
    SecretPolicy "secret-policy", Session "session", TrustPolicy "trust-policy",
}

impl Question {
    /// A question about a request.
    pub fn authorize(dialect: Dialect, region: impl Into<String>, authorize: Authorize) -> Self {
        Self { dialect, region: region.into(), ask: Ask::Authorize(Box::new(authorize)) }
    }

    /// A question about a document.
    pub fn validate(dialect: Dialect, region: impl Into<String>, validate: Validate) -> Self {
        Self { dialect, region: region.into(), ask: Ask::Validate(Box::new(validate)) }
    }
}

impl Authorize {
    /// A request by `caller` at `time` that needs these authorizations.
    pub fn new(time: impl Into<String>, caller: Caller, authorizations: Vec<Authorization>) -> Self {
        Self {
            time: time.into(),
            caller,
            source_ip: None,
            endpoint: None,
            via: Vec::new(),
            operation: None,
            authorizations,
            context_types: BTreeMap::new(),
        }
    }
}

impl Authorization {
    /// `action` on `resource`, the condition keys to be derived.
    pub fn new(action: impl Into<String>, resource: Resource) -> Self {
        Self { action: action.into(), resource, context: None }
    }
}

impl Attached {
    /// `document` that the caller has from `from`.
    pub fn new(from: impl Into<String>, document: Document) -> Self {
        Self { from: from.into(), document, resource_group: None }
    }
}

impl Operation {
    /// The operation `name` with these parameters.
    pub fn new(name: impl Into<String>, parameters: Node) -> Self {
        Self { name: name.into(), parameters }
    }
}

impl Validate {
    /// Whether `document` is acceptable as a `policy_type`.
    pub fn new(policy_type: PolicyType, document: Document) -> Self {
        Self {
            policy_type,
            document,
            purpose: None,
            caller: None,
            resource: None,
            parameters: None,
            principals: None,
        }
    }
}

impl Organization {
    /// The organization `id`; the account sits at `path`.
    pub fn new(id: impl Into<String>, path: impl Into<String>, management: bool) -> Self {
        Self { id: id.into(), path: path.into(), management }
    }
}
