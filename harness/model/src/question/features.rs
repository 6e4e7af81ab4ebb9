//! Decides which features a question needs: from its members, by one table.

use std::collections::BTreeSet;

use super::{Ask, Authorization, Authorize, CallerKind, PolicyType, Question, Validate};
use crate::Feature;
use crate::derive::derive_in;

type Needs<T> = (Feature, fn(&T) -> bool);

/// What in a request needs which feature. `Context` stands apart, since it compares with what the facts give.
const AUTHORIZE: &[Needs<Authorize>] = &[
    (Feature::Anonymous, |ask| ask.caller.kind == CallerKind::Anonymous),
    (Feature::AwsManagedKeys, |ask| {
        let managed = |one: &Authorization| one.resource.rcps.is_some() && one.resource.key.manager == "aws";
        ask.authorizations.iter().any(managed)
    }),
    (Feature::Boundaries, |ask| ask.caller.boundary.is_some()),
    (Feature::ControlPolicies, |ask| {
        ask.authorizations.iter().any(|one| one.resource.control_policies.is_some())
    }),
    (Feature::DerivesContext, |ask| ask.authorizations.iter().any(|one| one.context.is_none())),
    (Feature::EndpointPolicies, |ask| {
        ask.endpoint.as_ref().is_some_and(|endpoint| endpoint.policy.is_some())
    }),
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
    (Feature::Operations, |ask| ask.authorizations.len() > 1),
    (Feature::OtherServices, |ask| {
        ask.authorizations.iter().any(|one| !one.resource.kind.starts_with("kms:"))
    }),
    (Feature::Rcps, |ask| ask.authorizations.iter().any(|one| one.resource.rcps.is_some())),
    (Feature::ResourceGroups, |ask| ask.caller.policies.iter().any(|policy| policy.resource_group.is_some())),
    (Feature::RootUsers, |ask| ask.caller.kind == CallerKind::Root),
    (Feature::Scps, |ask| ask.caller.scps.is_some()),
    (Feature::ServicePrincipals, |ask| ask.caller.kind == CallerKind::Service),
    (Feature::SessionPolicies, |ask| ask.caller.session_policies.is_some()),
];

/// What in a question about a document needs which feature.
const VALIDATE: &[Needs<Validate>] = &[
    (Feature::GrantRequests, |ask| ask.policy_type == PolicyType::GrantRequest),
    (Feature::LockoutSafetyCheck, |ask| ask.caller.is_some()),
    (Feature::PrincipalInventory, |ask| ask.principals.is_some()),
    (Feature::Validation, |_| true),
];

impl Question {
    /// The features that an evaluator must have to be asked this.
    pub fn features(&self) -> BTreeSet<Feature> {
        let changed = match &self.ask {
            Ask::Authorize(ask) => changes_context(self, ask),
            Ask::Validate(_) => false,
        };
        self.features_of(changed)
    }

    /// The same, where it is known whether the context says something else than the facts.
    pub fn features_of(&self, changed_context: bool) -> BTreeSet<Feature> {
        let mut features = match &self.ask {
            Ask::Authorize(ask) => needed(AUTHORIZE, ask),
            Ask::Validate(ask) => needed(VALIDATE, ask),
        };
        if changed_context {
            features.insert(Feature::Context);
        }
        features
    }
}

fn needed<T>(table: &[Needs<T>], ask: &T) -> BTreeSet<Feature> {
    table.iter().filter(|(_, needs)| needs(ask)).map(|(feature, _)| *feature).collect()
}

/// Whether a context says something else than the facts.
fn changes_context(question: &Question, ask: &Authorize) -> bool {
    ask.authorizations.iter().any(|one| match &one.context {
        Some(context) => *context != derive_in(question.dialect, &question.region, ask, one),
        None => false,
    })
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
        let rest = ["derives-context", "other-services"];
        for (ask, resource, needed) in [
            (user(""), "", &[][..]),
            (user(r#","boundary":{}"#), "", &["boundaries"]),
            (user(r#","session-policies":[]"#), "", &["session-policies"]),
            (user(r#","scps":[[]]"#), "", &["scps"]),
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
        let anonymous = r#""caller":{"kind":"anonymous"}"#;
        let made_up = features(anonymous, "", r#","context":{"aws:SourceIp":"203.0.113.9"}"#);
        assert_eq!(made_up, ["anonymous", "context", "other-services"]);
    }
}
