//! Decides what an evaluator says of itself: which dialects it speaks and which inputs it has a place for.

use serde::{Deserialize, Serialize};

/// A dialect of policies.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Dialect {
    /// AWS KMS with IAM.
    Aws,
    /// Alibaba Cloud RAM.
    Ram,
}

impl Dialect {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Aws => "aws",
            Self::Ram => "ram",
        }
    }
}

/// How much an evaluator's refusals tell.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Detail {
    /// Only that the request is refused: `deny` meets any deny that is expected.
    Decision,
    /// Whether a refusal is explicit or implicit.
    #[default]
    DenyKind,
}

macro_rules! features {
    ($( $variant:ident, $word:literal, $about:literal; )*) => {
        /// An input that an evaluator may have no place for. A question that needs a feature which the evaluator does
        /// not declare is never sent to it.
        #[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
        #[serde(rename_all = "kebab-case")]
        #[non_exhaustive]
        pub enum Feature {
            $( #[doc = $about] $variant, )*
        }

        impl Feature {
            /// Every feature, sorted by its word.
            pub const ALL: &[Self] = &[$( Self::$variant, )*];

            /// The word for it.
            pub fn word(self) -> &'static str {
                match self { $( Self::$variant => $word, )* }
            }

            /// What input it is.
            pub fn about(self) -> &'static str {
                match self { $( Self::$variant => $about, )* }
            }
        }
    };
}

features! {
    Anonymous, "anonymous", "a caller without credentials";
    AwsManagedKeys, "aws-managed-keys", "resource control policies on a key that AWS manages, which they do not reach";
    Boundaries, "boundaries", "the caller's permissions boundary";
    BoundaryValidation, "boundary-validation", "permissions boundaries to accept or reject";
    CallerContext, "caller-context", "condition keys that say who calls, when or whose resource it is, withheld or other than the facts give";
    Context, "context", "condition keys that the question's facts alone would not give";
    ContextKeyCase, "context-key-case", "condition keys of one request that differ in case alone";
    ControlPolicies, "control-policies", "the control policies of the account that owns the resource";
    ControlValidation, "control-validation", "control policies to accept or reject";
    DerivesContext, "derives-context", "a question without context: the evaluator derives the condition keys from its facts";
    DocumentRequests, "document-requests", "a document to accept or reject by more than itself: the name of the policy in the request, the partition of its Region";
    EndpointPolicies, "endpoint-policies", "the policy of the VPC endpoint that the request came through";
    EndpointValidation, "endpoint-validation", "VPC endpoint policies to accept or reject";
    ExactText, "exact-text", "documents of which an object would lose something: a member given twice, a text that is no document";
    FederatedUsers, "federated-users", "a caller with credentials of GetFederationToken";
    GrantRequests, "grant-requests", "the parameters of CreateGrant, to accept or reject";
    Grants, "grants", "grants on the key";
    Groups, "groups", "policies that the caller has from a group";
    IdentityValidation, "identity-validation", "policies of users, groups and roles to accept or reject";
    KeyPolicyValidation, "key-policy-validation", "key policies to accept or reject";
    LockoutSafetyCheck, "lockout-safety-check", "who sets a key policy, so that it must leave them able to set it again";
    ManagementAccounts, "management-accounts", "an account that manages its organization, which guard rails do not bind";
    MultivaluedKeys, "multivalued-keys", "condition keys with several values, where a policy names them";
    Operations, "operations", "the operation: which authorizations it needs, and what several of them come to";
    OtherServices, "other-services", "resources that are not KMS's";
    PrincipalInventory, "principal-inventory", "the principals that exist, so that a document naming others is refused";
    RcpValidation, "rcp-validation", "resource control policies to accept or reject";
    Rcps, "rcps", "resource control policies on the owner of the resource";
    RequestsWithoutResource, "requests-without-resource", "requests for no resource in particular, `*`";
    ResourceGroups, "resource-groups", "policies that are attached for a resource group";
    ResourcePolicies, "resource-policies", "policies on resources that are not KMS's";
    ResourcePolicyValidation, "resource-policy-validation", "policies on resources that are not KMS's to accept or reject";
    RolePaths, "role-paths", "a session of a role with a path, which the ARN of the session lacks";
    RootUsers, "root-users", "a caller who is the root user of an account";
    ScpLevels, "scp-levels", "levels of service control policies that hold several, or none";
    ScpValidation, "scp-validation", "service control policies to accept or reject";
    Scps, "scps", "service control policies on the caller's account";
    SecretPolicyValidation, "secret-policy-validation", "policies of secrets to accept or reject";
    ServicePrincipals, "service-principals", "a caller that is a service calling for itself";
    SessionArns, "session-arns", "policies that name sessions of roles, asked about by such a session";
    SessionPolicies, "session-policies", "policies given when the caller's session was made";
    SessionValidation, "session-validation", "session policies to accept or reject";
    SeveralSessionPolicies, "several-session-policies", "more than one session policy";
    TrustPolicyValidation, "trust-policy-validation", "trust policies of roles to accept or reject";
    UnknownServices, "unknown-services", "actions of a service that there is not";
}

impl std::fmt::Display for Feature {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.word())
    }
}

/// What an evaluator says of itself.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Description {
    /// Its name.
    pub name: String,
    /// Its version.
    #[serde(default)]
    pub version: String,
    /// The dialects it speaks.
    pub dialects: Vec<Dialect>,
    /// The inputs it has a place for, as words: a word that this harness does not know is kept, and warned of.
    #[serde(default)]
    pub features: Vec<String>,
    /// How much its refusals tell.
    #[serde(default)]
    pub detail: Detail,
}

impl Description {
    /// An evaluator of one dialect without any features, which tells the kind of each refusal.
    pub fn new(name: impl Into<String>, version: impl Into<String>, dialect: Dialect) -> Self {
        Self {
            name: name.into(),
            version: version.into(),
            dialects: vec![dialect],
            features: Vec::new(),
            detail: Detail::DenyKind,
        }
    }

    /// This description with these features as well.
    #[must_use]
    pub fn with(mut self, features: &[Feature]) -> Self {
        self.features.extend(features.iter().map(|feature| feature.word().to_owned()));
        self
    }

    /// Whether it declares the feature.
    pub fn has(&self, feature: Feature) -> bool {
        self.features.iter().any(|word| word == feature.word())
    }

    /// The declared features that this harness does not know.
    pub fn unknown_features(&self) -> Vec<&str> {
        let known = |word: &str| Feature::ALL.iter().any(|feature| feature.word() == word);
        self.features.iter().map(String::as_str).filter(|word| !known(word)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_those_of_the_contract() {
        let words: Vec<_> = Feature::ALL.iter().map(|feature| feature.word()).collect();
        assert!(words.is_sorted(), "{words:?}");
        for feature in Feature::ALL {
            assert_eq!(serde_json::to_string(feature).unwrap(), format!("\"{feature}\""));
        }
    }

    #[test]
    fn a_feature_from_the_future_is_kept() {
        let text = r#"{"name":"x","dialects":["aws"],"features":["grants","time-travel"]}"#;
        let description: Description = serde_json::from_str(text).unwrap();
        assert!(description.has(Feature::Grants) && !description.has(Feature::Scps));
        assert_eq!(description.unknown_features(), ["time-travel"]);
    }
}
