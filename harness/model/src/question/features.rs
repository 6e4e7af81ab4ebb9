//! Decides which features a question needs: from its members, by one table.

use std::collections::BTreeSet;

use super::{
    Ask, Authorization, Authorize, Caller, CallerKind, Context, ContextValue, PolicyType, Question, Resource,
    Validate,
};
use crate::arn::partition;
use crate::derive::derive_in;
use crate::{Description, Dialect, Document, Feature};

type Needs<T> = (Feature, fn(&T) -> bool);

/// A service that there is not, and that stands in the catalogue for any with keys of every type.
const NO_SERVICE: &str = "someservice:";

/// The condition keys that say who calls, when, and whose resource it is: what evaluators make themselves of caller,
/// clock and ARN. Those of RAM are the same but for their prefix.
const OF_CALLER: &[&str] = &[
    "CurrentTime",
    "EpochTime",
    "PrincipalAccount",
    "PrincipalArn",
    "PrincipalType",
    "ResourceAccount",
    "SecureTransport",
    "userid",
    "username",
];

/// What in a request needs which feature. The context stands apart, since it is compared with what the facts give.
const AUTHORIZE: &[Needs<Authorize>] = &[
    (Feature::Anonymous, |ask| ask.caller.kind == CallerKind::Anonymous),
    (Feature::AwsManagedKeys, |ask| {
        let managed = |one: &Authorization| one.resource.rcps.is_some() && one.resource.key.manager == "aws";
        ask.authorizations.iter().any(managed)
    }),
    (Feature::Boundaries, |ask| ask.caller.boundary.is_some()),
    (Feature::ContextKeyCase, |ask| {
        ask.authorizations.iter().filter_map(|one| one.context.as_ref()).any(Context::differs_in_case)
    }),
    (Feature::ControlPolicies, |ask| {
        ask.authorizations.iter().any(|one| one.resource.control_policies.is_some())
    }),
    (Feature::DerivesContext, |ask| ask.authorizations.iter().any(|one| one.context.is_none())),
    (Feature::EndpointPolicies, |ask| {
        ask.endpoint.as_ref().is_some_and(|endpoint| endpoint.policy.is_some())
    }),
    (Feature::ExactText, |ask| ask.documents().any(|document| !document.is_object())),
    (Feature::FederatedUsers, |ask| ask.caller.kind == CallerKind::FederatedUser),
    (Feature::Grants, |ask| ask.authorizations.iter().any(|one| !one.resource.grants.is_empty())),
    (Feature::Groups, |ask| ask.caller.policies.iter().any(|policy| policy.from.starts_with("group/"))),
    (Feature::ManagementAccounts, |ask| {
        let guarded =
            |one: &&Authorization| one.resource.rcps.is_some() || one.resource.control_policies.is_some();
        let of_resources = ask.authorizations.iter().filter(guarded);
        let guarded = of_resources.map(|one| &one.resource.organization);
        let bound = ask.caller.scps.is_some()
            || ask.authorizations.iter().any(|one| one.resource.control_policies.is_some());
        let mut guarded = guarded.chain(bound.then_some(&ask.caller.organization));
        guarded.any(|organization| organization.as_ref().is_some_and(|organization| organization.management))
    }),
    (Feature::MultivaluedKeys, |ask| {
        let contexts = ask.authorizations.iter().filter_map(|one| one.context.as_ref());
        let several =
            contexts.flat_map(Context::iter).filter(|(_, value)| matches!(value, ContextValue::Many(_)));
        several.map(|(key, _)| key).any(|key| ask.documents().any(|document| names(document, key)))
    }),
    (Feature::Operations, |ask| ask.authorizations.len() > 1),
    (Feature::OtherServices, |ask| {
        ask.authorizations.iter().any(|one| !one.resource.kind.starts_with("kms:"))
    }),
    (Feature::Rcps, |ask| ask.authorizations.iter().any(|one| one.resource.rcps.is_some())),
    (Feature::RequestsWithoutResource, |ask| ask.authorizations.iter().any(|one| one.resource.arn == "*")),
    (Feature::ResourceGroups, |ask| ask.caller.policies.iter().any(|policy| policy.resource_group.is_some())),
    (Feature::ResourcePolicies, |ask| {
        let other = |one: &Authorization| !one.resource.kind.starts_with("kms:");
        ask.authorizations.iter().any(|one| other(one) && one.resource.policy.is_some())
    }),
    (Feature::RolePaths, |ask| {
        let issuer = ask.caller.issuer.as_deref().filter(|_| ask.caller.kind == CallerKind::RoleSession);
        issuer.is_some_and(|role| role.split('/').count() > 2)
    }),
    (Feature::RootUsers, |ask| ask.caller.kind == CallerKind::Root),
    (Feature::ScpLevels, |ask| ask.caller.scps.iter().flatten().any(|level| level.len() != 1)),
    (Feature::Scps, |ask| ask.caller.scps.is_some()),
    (Feature::ServicePrincipals, |ask| ask.caller.kind == CallerKind::Service),
    (Feature::SessionArns, |ask| {
        let named = |document: &Document| document.text().contains(":assumed-role/");
        ask.caller.kind == CallerKind::RoleSession && ask.documents().any(named)
    }),
    (Feature::SessionPolicies, |ask| ask.caller.session_policies.is_some()),
    (Feature::SeveralSessionPolicies, |ask| {
        ask.caller.session_policies.as_ref().is_some_and(|policies| policies.len() > 1)
    }),
    (Feature::UnknownServices, |ask| ask.authorizations.iter().any(|one| one.action.starts_with(NO_SERVICE))),
];

/// What in a question about a document needs which feature.
const VALIDATE: &[Needs<Validate>] = &[
    (Feature::DocumentRequests, |ask| {
        ask.parameters.as_ref().is_some_and(|parameters| parameters.get("PolicyName").is_some())
    }),
    (Feature::ExactText, |ask| !ask.document.is_object()),
    (Feature::LockoutSafetyCheck, |ask| ask.caller.is_some()),
    (Feature::PrincipalInventory, |ask| ask.principals.is_some()),
];

impl PolicyType {
    /// The feature that a question about a document of this type needs.
    pub fn validation(self) -> Feature {
        match self {
            Self::Boundary => Feature::BoundaryValidation,
            Self::Control => Feature::ControlValidation,
            Self::Endpoint => Feature::EndpointValidation,
            Self::GrantRequest => Feature::GrantRequests,
            Self::Identity => Feature::IdentityValidation,
            Self::KeyPolicy => Feature::KeyPolicyValidation,
            Self::Rcp => Feature::RcpValidation,
            Self::ResourcePolicy => Feature::ResourcePolicyValidation,
            Self::Scp => Feature::ScpValidation,
            Self::SecretPolicy => Feature::SecretPolicyValidation,
            Self::Session => Feature::SessionValidation,
            Self::TrustPolicy => Feature::TrustPolicyValidation,
        }
    }
}

impl Question {
    /// The features that an evaluator must have to be asked this.
    pub fn features(&self) -> BTreeSet<Feature> {
        self.features_among(|_| true)
    }

    /// Those that an evaluator of this description lacks.
    pub fn lacking(&self, description: &Description) -> BTreeSet<Feature> {
        self.features_among(|feature| !description.has(feature))
    }

    /// Those that count; what does not count is not looked for, which some features make worth while.
    pub fn features_among(&self, counts: impl Fn(Feature) -> bool) -> BTreeSet<Feature> {
        match &self.ask {
            Ask::Authorize(ask) => {
                let mut features = needed(AUTHORIZE, ask, &counts);
                if counts(Feature::Context) || counts(Feature::CallerContext) {
                    features.extend(self.of_context(ask).filter(|feature| counts(*feature)));
                }
                features
            }
            Ask::Validate(ask) => {
                let mut features = needed(VALIDATE, ask, &counts);
                features.extend(Some(ask.policy_type.validation()).filter(|feature| counts(*feature)));
                if counts(Feature::DocumentRequests) && names_another_partition(ask, &self.region) {
                    features.insert(Feature::DocumentRequests);
                }
                features
            }
        }
    }

    /// What it needs since a context says something else than the facts.
    fn of_context(&self, ask: &Authorize) -> impl Iterator<Item = Feature> {
        ask.authorizations.iter().flat_map(|one| {
            let given = one.context.as_ref().map(|_| derive_in(self.dialect, &self.region, ask, one));
            let changed =
                one.context.as_ref().zip(given.as_ref()).filter(|(context, given)| context != given);
            let of_caller = changed.filter(|(context, given)| {
                OF_CALLER.iter().any(|name| differ_at(self.dialect, name, context, given))
            });
            let context = changed.map(|_| Feature::Context);
            context.into_iter().chain(of_caller.map(|_| Feature::CallerContext))
        })
    }
}

impl Authorize {
    /// Every policy of the request.
    fn documents(&self) -> impl Iterator<Item = &Document> {
        let Caller { policies, boundary, session_policies, scps, .. } = &self.caller;
        let of_resource = |resource| {
            let Resource { policy, rcps, control_policies, .. }: &Resource = resource;
            let levels = [rcps, control_policies];
            policy.iter().chain(levels.into_iter().flatten().flatten().flatten())
        };
        let own = policies.iter().map(|attached| &attached.document).chain(boundary);
        let given = session_policies.iter().flatten().chain(scps.iter().flatten().flatten());
        let endpoint = self.endpoint.as_ref().and_then(|endpoint| endpoint.policy.as_ref());
        let resources = self.authorizations.iter().map(|one| &one.resource);
        own.chain(given).chain(endpoint).chain(resources.flat_map(of_resource))
    }
}

fn needed<T>(table: &[Needs<T>], ask: &T, counts: impl Fn(Feature) -> bool) -> BTreeSet<Feature> {
    let needed = table.iter().filter(|(feature, needs)| counts(*feature) && needs(ask));
    needed.map(|(feature, _)| *feature).collect()
}

/// Whether a document has the key somewhere in its text, in any case.
fn names(document: &Document, key: &str) -> bool {
    let text = document.text().as_bytes().windows(key.len());
    text.into_iter().any(|part| part.eq_ignore_ascii_case(key.as_bytes()))
}

/// Whether a key policy names something of a partition in which its Region is not.
fn names_another_partition(ask: &Validate, region: &str) -> bool {
    let own = partition(region);
    let named = ask.document.text().split("arn:aws").skip(1).filter_map(|after| after.split_once(':'));
    let mut others =
        named.map(|(partition, _)| partition).filter(|known| ["", "-cn", "-us-gov"].contains(known));
    ask.policy_type == PolicyType::KeyPolicy && others.any(|other| own.strip_prefix("aws") != Some(other))
}

fn differ_at(dialect: Dialect, name: &str, context: &Context, given: &Context) -> bool {
    let prefix = match dialect {
        Dialect::Aws => "aws",
        Dialect::Ram => "acs",
    };
    let key = format!("{prefix}:{name}");
    context.get(&key) != given.get(&key)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn features(ask: &str, resource: &str, context: &str) -> Vec<&'static str> {
        let text = format!(
            r#"{{"kind":"authorize","dialect":"aws","region":"us-west-2","time":"2026-01-15T12:00:00Z",{ask},
                "authorizations":[{{"action":"s3:GetObject","resource":{{"arn":"arn:aws:s3:::b/o","account":"111122223333",
                "type":"s3:object"{resource}}}{context}}}]}}"#
        );
        Question::parse(&text).unwrap().features().into_iter().map(Feature::word).collect()
    }

    #[test]
    fn each_member_needs_its_feature() {
        let user =
            r#""caller":{"kind":"user","arn":"arn:aws:iam::111122223333:user/a","account":"111122223333""#;
        let user = |more: &str| format!("{user}{more}}}");
        let session = |role: &str, more: &str| {
            format!(
                r#""caller":{{"kind":"role-session","arn":"arn:aws:sts::111122223333:assumed-role/App/s1",
                    "account":"111122223333","issuer":"arn:aws:iam::111122223333:role/{role}"{more}}}"#
            )
        };
        let rest = ["derives-context", "other-services"];
        for (ask, resource, needed) in [
            (user(""), "", &[][..]),
            (user(r#","boundary":{}"#), "", &["boundaries"]),
            (user(r#","session-policies":[]"#), "", &["session-policies"]),
            (user(r#","scps":[[{}],[]]"#), "", &["scp-levels", "scps"]),
            (user(r#","scps":[[{}],[{}]]"#), "", &["scps"]),
            (
                user(r#","scps":[],"organization":{"id":"o-1","management":true}"#),
                "",
                &["management-accounts", "scps"],
            ),
            (user(r#","organization":{"id":"o-1","management":true}"#), "", &[]),
            (user(r#","policies":[{"from":"group/G","document":{}}]"#), "", &["groups"]),
            (
                format!(r#"{},"endpoint":{{"id":"e","vpc":"v","policy":{{}}}}"#, user("")),
                "",
                &["endpoint-policies"],
            ),
            (user(r#","session-policies":[{},{}]"#), "", &["session-policies", "several-session-policies"]),
            (user(r#","boundary":" {}""#), "", &["boundaries", "exact-text"]),
            (user(r#","scps":[["{\"a\":1,\"a\":2}"]]"#), "", &["exact-text", "scps"]),
            (user(""), r#","policy":{}"#, &["resource-policies"]),
            (
                user(""),
                r#","policy":{"AWS":"arn:aws:sts::111122223333:assumed-role/App/s1"}"#,
                &["resource-policies"],
            ),
            (
                session("App", ""),
                r#","policy":{"AWS":"arn:aws:sts::111122223333:assumed-role/App/s1"}"#,
                &["resource-policies", "session-arns"],
            ),
            (session("App", r#","scps":[[{"AWS":":assumed-role/"}]]"#), "", &["scps", "session-arns"]),
            (session("path/App", ""), "", &["role-paths"]),
            (user(""), r#","rcps":[[]]"#, &["rcps"]),
            (user(""), r#","grants":[{"id":"g","grantee":"x","operations":[]}]"#, &["grants"]),
            (user(""), r#","key":{"manager":"aws"}"#, &[]),
            (user(""), r#","rcps":[],"key":{"manager":"aws"}"#, &["aws-managed-keys", "rcps"]),
            (r#""caller":{"kind":"anonymous"}"#.to_owned(), "", &["anonymous"]),
            (r#""caller":{"kind":"root"}"#.to_owned(), "", &["root-users"]),
            (r#""caller":{"kind":"service"}"#.to_owned(), "", &["service-principals"]),
            (r#""caller":{"kind":"federated-user"}"#.to_owned(), "", &["federated-users"]),
        ] {
            let mut expected: Vec<_> = needed.iter().chain(&rest).copied().collect();
            expected.sort_unstable();
            assert_eq!(features(&ask, resource, ""), expected, "{ask} {resource}");
        }
    }

    #[test]
    fn a_context_that_the_facts_do_not_give_needs_context() {
        let text = r#"{"kind":"authorize","dialect":"aws","region":"us-west-2","time":"2026-01-15T12:00:00Z",
            "caller":{"kind":"user","arn":"arn:aws:iam::111122223333:user/a","account":"111122223333"},
            "authorizations":[{"action":"kms:DescribeKey","resource":{"account":"111122223333","type":"kms:key",
            "arn":"arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"}}]}"#;
        let asked = |change: &dyn Fn(&mut Context)| {
            let mut question = Question::parse(text).unwrap();
            let Ask::Authorize(ask) = &mut question.ask else { unreachable!() };
            let mut context = derive_in(question.dialect, &question.region, ask, &ask.authorizations[0]);
            change(&mut context);
            ask.authorizations[0].context = Some(context);
            question.features().into_iter().map(Feature::word).collect::<Vec<_>>()
        };
        let one = |text: &str| ContextValue::One(text.to_owned());
        assert_eq!(asked(&|_| {}), [""; 0]);
        assert_eq!(asked(&|context| context.set("aws:SourceIp", one("203.0.113.9"))), ["context"]);
        assert_eq!(asked(&|context| context.remove("aws:RequestedRegion")), ["context"]);
        assert_eq!(asked(&|context| context.remove("aws:username")), ["caller-context", "context"]);
        assert_eq!(asked(&|context| context.set("aws:userid", one("x"))), ["caller-context", "context"]);
        let twins = |context: &mut Context| {
            context.set("kms:EncryptionContext:A", one("1"));
            context.set("kms:EncryptionContext:a", one("1"));
        };
        assert_eq!(asked(&twins), ["context", "context-key-case"]);
    }

    #[test]
    fn a_key_with_several_values_needs_its_feature_where_a_policy_names_it() {
        for (document, needed) in
            [(r#"{"a":"AWS:tagkeys"}"#, true), (r#"{"a":"aws:TagKey"}"#, false), ("{}", false)]
        {
            let text = format!(
                r#"{{"kind":"authorize","dialect":"aws","region":"us-west-2","time":"2026-01-15T12:00:00Z",
                    "caller":{{"kind":"user","boundary":{document}}},"authorizations":[{{"action":"kms:TagResource",
                    "context":{{"aws:TagKeys":["a"]}},"resource":{{"arn":"*","account":"1","type":"kms:account"}}}}]}}"#
            );
            let features = Question::parse(&text).unwrap().features();
            assert_eq!(features.contains(&Feature::MultivaluedKeys), needed, "{document}");
            assert!(features.contains(&Feature::RequestsWithoutResource));
        }
    }

    #[test]
    fn a_service_that_there_is_not_needs_its_feature() {
        let text = r#"{"kind":"authorize","dialect":"aws","region":"us-west-2","time":"2026-01-15T12:00:00Z",
            "caller":{"kind":"user"},"authorizations":[{"action":"someservice:Get","context":{},
            "resource":{"arn":"*","account":"111122223333","type":"kms:account"}}]}"#;
        assert!(Question::parse(text).unwrap().features().contains(&Feature::UnknownServices));
    }

    #[test]
    fn a_document_needs_the_feature_of_its_type() {
        for (policy_type, document, needed) in [
            ("key-policy", "{}", &["key-policy-validation"][..]),
            ("scp", "{}", &["scp-validation"]),
            ("grant-request", "{}", &["grant-requests"]),
            ("identity", r#""{""#, &["exact-text", "identity-validation"]),
            (
                "key-policy",
                r#"{},"parameters":{"PolicyName":"a"}"#,
                &["document-requests", "key-policy-validation"],
            ),
            ("key-policy", r#"{},"parameters":{"Other":"a"}"#, &["key-policy-validation"]),
            (
                "key-policy",
                r#"{"AWS":"arn:aws-cn:iam::1:root"}"#,
                &["document-requests", "key-policy-validation"],
            ),
            ("key-policy", r#"{"AWS":["arn:aws:iam::1:root","arn:aws*:iam"]}"#, &["key-policy-validation"]),
            ("scp", r#"{"Resource":"arn:aws-cn:s3:::b"}"#, &["scp-validation"]),
        ] {
            let text = format!(
                r#"{{"kind":"validate","dialect":"aws","region":"us-west-2","policy-type":"{policy_type}","document":{document}}}"#
            );
            let features = Question::parse(&text).unwrap().features();
            assert_eq!(features.into_iter().map(Feature::word).collect::<Vec<_>>(), needed, "{text}");
        }
    }
}
