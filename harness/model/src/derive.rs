//! Decides which condition keys an AWS request has, from the facts of its question: the table of [`crate::keys`]
//! names the facts, and here is how each is read off.
//!
//! Sources: IAM User Guide, "AWS global condition context keys"; KMS Developer Guide, "AWS KMS condition keys".

mod possible;

use std::collections::BTreeMap;

use crate::arn::Arn;
use crate::json::{Node, Value};
use crate::keys::{self, ConditionKey, From};
use crate::question::{Authorization, Authorize, CallerKind, Context, ContextValue};
use crate::{Dialect, ram};

/// The context of one authorization of a request in `region`, as the dialect has it.
pub fn derive_in(dialect: Dialect, region: &str, ask: &Authorize, authorization: &Authorization) -> Context {
    match dialect {
        Dialect::Aws => derive(region, ask, authorization),
        Dialect::Ram => ram::derive::derive(ask, authorization),
    }
}

/// The context of one authorization of a request in `region`.
///
/// An operation of several authorizations has the keys of each apart: ReplicateKey makes a key in another Region, and
/// what KMS says of CreateKey holds there (KMS Developer Guide, "kms:ReplicaRegion").
pub fn derive(region: &str, ask: &Authorize, authorization: &Authorization) -> Context {
    let (facts, possible) = Facts::new(region, ask, authorization);
    let mut context = Context::with_capacity(possible.len());
    for key in possible {
        facts.add(key, &mut context);
    }
    context
}

/// Brings some keys of a context up to date whose facts are others now; the rest of it stays as it is.
pub fn refresh(
    region: &str,
    ask: &Authorize,
    authorization: &Authorization,
    keys: &[&'static ConditionKey],
    context: &mut Context,
) {
    let (facts, possible) = Facts::new(region, ask, authorization);
    for key in keys {
        let may_be_there = possible.iter().any(|known| std::ptr::eq(*known, *key));
        if key.name.ends_with('*') {
            context.remove_exactly(key.name);
        }
        if !(may_be_there && facts.add(key, context)) {
            context.remove_known(key);
        }
    }
}

/// The type of each key of the contexts that is not a string, as the dialect has it.
pub fn context_types<'a>(
    dialect: Dialect,
    contexts: impl Iterator<Item = &'a Context>,
) -> BTreeMap<String, String> {
    let kind = |name: &str| match dialect {
        Dialect::Aws => keys::by_name(name).map(|key| key.kind),
        Dialect::Ram => ram::keys::by_name(name).map(|key| key.kind),
    };
    let mut types = BTreeMap::new();
    for (name, _) in contexts.flat_map(Context::iter) {
        if let Some(kind) = kind(name).filter(|kind| *kind != "string") {
            types.insert(name.to_owned(), kind.to_owned());
        }
    }
    types
}

struct Facts<'a> {
    region: &'a str,
    ask: &'a Authorize,
    authorization: &'a Authorization,
}

fn one(value: impl Into<String>) -> Option<ContextValue> {
    Some(ContextValue::One(value.into()))
}

impl<'a> Facts<'a> {
    /// The facts, and the keys that requests of this kind may have.
    fn new(
        region: &'a str,
        ask: &'a Authorize,
        authorization: &'a Authorization,
    ) -> (Self, &'static [&'static ConditionKey]) {
        let possible = possible::of(&authorization.action, &authorization.resource.kind);
        let mut facts = Facts { region, ask, authorization };
        if let Some(of_resource) = facts.region_of_resource() {
            facts.region = of_resource;
        }
        (facts, possible)
    }

    /// Sets a key; `false` where the request does not have it.
    fn add(&self, key: &'static ConditionKey, context: &mut Context) -> bool {
        let set = |context: &mut Context, value: Option<ContextValue>| match value {
            Some(value) => {
                context.set_known(key, value);
                true
            }
            None => false,
        };
        let pairs = match key.from {
            From::Given => return false,
            From::Parameter(name, default) => {
                let value = self.parameter(name).map(|node| value_of(node, key.multivalued));
                return set(
                    context,
                    value.or_else(|| default.map(|text| ContextValue::One(text.to_owned()))),
                );
            }
            From::Fact("encryption-context") => self.encryption_context(),
            From::Fact("principal-tags") => pairs_of(&self.ask.caller.tags),
            From::Fact("request-tags") => self.request_tags(),
            From::Fact("resource-tags") => pairs_of(&self.authorization.resource.tags),
            From::Fact(fact) => return set(context, self.fact(fact)),
        };
        let prefix = key.name.trim_end_matches('*');
        for (name, value) in pairs {
            context.set(format!("{prefix}{name}"), ContextValue::One(value));
        }
        true
    }

    fn fact(&self, fact: &str) -> Option<ContextValue> {
        let Self { region, ask, authorization, .. } = self;
        let (caller, resource) = (&ask.caller, &authorization.resource);
        let direct_endpoint = ask.endpoint.as_ref().filter(|_| ask.via.is_empty());
        let is_key = resource.kind == "kms:key";
        match fact {
            "caller-account" => caller.account.clone().and_then(one),
            "encryption-context-keys" => {
                let keys: Vec<_> = self.encryption_context().into_iter().map(|(name, _)| name).collect();
                (!keys.is_empty()).then_some(ContextValue::Many(keys))
            }
            "epoch-time" => {
                ask.time.parse::<jiff::Timestamp>().ok().and_then(|t| one(t.as_second().to_string()))
            }
            "grant-constraint-type" => {
                let constraint =
                    self.constraints()?.members()?.iter().find(|m| m.name.starts_with("Encryption"))?;
                one(constraint.name.clone())
            }
            "grant-is-for-service" => (!ask.via.is_empty()).then(|| ContextValue::One("true".to_owned())),
            "grant-source-arn" => self.constraints()?.get("SourceArn").map(|node| value_of(node, false)),
            "is-via" => one((!ask.via.is_empty()).to_string()),
            "key-origin" if is_key => one(resource.key.origin.clone()),
            "key-origin" => self.of_new_key("Origin", "AWS_KMS"),
            "key-spec" if is_key => one(resource.key.spec.clone()),
            "key-spec" => self.of_new_key("KeySpec", "SYMMETRIC_DEFAULT"),
            "key-usage" if is_key => one(resource.key.usage.clone()),
            "key-usage" => self.of_new_key("KeyUsage", "ENCRYPT_DECRYPT"),
            "multi-region" if is_key => one(resource.key.multi_region.is_some().to_string()),
            "multi-region" => self.of_new_key("MultiRegion", "false"),
            "multi-region-type" if is_key => {
                resource.key.multi_region.as_ref().and_then(|t| one(t.to_uppercase()))
            }
            "principal-account" => match caller.kind {
                CallerKind::Anonymous => one("anonymous"),
                _ => caller.account.clone().and_then(one),
            },
            "principal-arn" => match caller.kind {
                CallerKind::RoleSession => caller.issuer.clone().and_then(one),
                _ => caller.arn.clone().and_then(one),
            },
            "principal-is-service" if caller.kind == CallerKind::Anonymous => None,
            "principal-is-service" => one((caller.kind == CallerKind::Service).to_string()),
            "principal-org-id" => caller.organization.as_ref().and_then(|org| one(org.id.clone())),
            "principal-org-paths" => {
                caller.organization.as_ref().map(|o| ContextValue::Many(vec![o.path.clone()]))
            }
            "principal-service" => caller.service.clone().and_then(one),
            "principal-type" => match caller.kind {
                CallerKind::Anonymous => one("Anonymous"),
                CallerKind::FederatedUser => one("FederatedUser"),
                CallerKind::RoleSession => one("AssumedRole"),
                CallerKind::Root => one("Account"),
                CallerKind::User => one("User"),
                CallerKind::Service => None,
            },
            "re-encrypt-same-key" => {
                let [source, destination] = ask.authorizations.as_slice() else { return None };
                one((source.resource.arn == destination.resource.arn).to_string())
            }
            "region" => one(*region),
            "request-alias" => {
                let id = self.parameter("KeyId")?.as_str()?;
                let name = id.rsplit_once(':').map_or(id, |(_, name)| name);
                name.starts_with("alias/").then(|| ContextValue::One(name.to_owned()))
            }
            "resource-account" => one(resource.account.clone()),
            "resource-aliases" => {
                (is_key && !resource.aliases.is_empty()).then(|| ContextValue::Many(resource.aliases.clone()))
            }
            "resource-org-id" => resource.organization.as_ref().and_then(|org| one(org.id.clone())),
            "resource-org-paths" => {
                resource.organization.as_ref().map(|o| ContextValue::Many(vec![o.path.clone()]))
            }
            "secure-transport" => one("true"),
            "source-ip" => ask.source_ip.clone().filter(|_| ask.endpoint.is_none()).and_then(one),
            "source-vpc" => direct_endpoint.and_then(|endpoint| one(endpoint.vpc.clone())),
            "source-vpce" => direct_endpoint.and_then(|endpoint| one(endpoint.id.clone())),
            "tag-keys" => {
                let keys: Vec<_> = self.tag_keys();
                (!keys.is_empty()).then_some(ContextValue::Many(keys))
            }
            "time" => one(ask.time.clone()),
            "user-id" => match caller.kind {
                CallerKind::Anonymous => one("anonymous"),
                CallerKind::FederatedUser => {
                    let (_, name) = caller.arn.as_deref()?.rsplit_once('/')?;
                    one(format!("{}:{name}", caller.account.as_deref()?))
                }
                CallerKind::Root => caller.account.clone().and_then(one),
                _ => None,
            },
            "user-name" if caller.kind == CallerKind::User => {
                caller.arn.as_deref()?.rsplit_once('/').and_then(|(_, name)| one(name))
            }
            "via" => (!ask.via.is_empty()).then(|| ContextValue::Many(ask.via.clone())),
            "via-first" => ask.via.first().cloned().and_then(one),
            "via-last" => ask.via.last().cloned().and_then(one),
            "via-service" => {
                let service = ask.via.last()?.split('.').next()?;
                one(format!("{service}.{region}.amazonaws.com"))
            }
            _ => None,
        }
    }

    /// The Region in which the resource is or is to be, if that can be told.
    fn region_of_resource(&self) -> Option<&'a str> {
        let resource = &self.authorization.resource;
        match resource.kind.as_str() {
            "kms:account" if self.authorization.action == "kms:CreateKey" => {
                self.parameter("ReplicaRegion")?.as_str()
            }
            "kms:alias" | "kms:key" | "kms:new-key" => Some(Arn::parse(&resource.arn)?.region),
            _ => None,
        }
        .filter(|region| !region.is_empty())
    }

    /// A parameter; ReEncrypt has those of the source and those of the destination apart.
    fn parameter(&self, name: &str) -> Option<&'a Node> {
        let side = match self.authorization.action.as_str() {
            "kms:ReEncryptFrom" => "Source",
            "kms:ReEncryptTo" => "Destination",
            _ => "",
        };
        self.ask.operation.as_ref()?.parameters.get(&format!("{side}{name}"))
    }

    fn constraints(&self) -> Option<&Node> {
        self.parameter("Constraints")
    }

    /// A property of the key that CreateKey is to make.
    fn of_new_key(&self, parameter: &str, default: &str) -> Option<ContextValue> {
        self.ask.operation.as_ref().filter(|operation| operation.name == "CreateKey")?;
        Some(
            self.parameter(parameter)
                .map_or_else(|| ContextValue::One(default.to_owned()), |node| value_of(node, false)),
        )
    }

    /// The pairs of the request's encryption context; for CreateGrant, of the constraint.
    fn encryption_context(&self) -> Vec<(String, String)> {
        let pairs = self.parameter("EncryptionContext").or_else(|| {
            let constraints = self.constraints()?;
            constraints.get("EncryptionContextEquals").or_else(|| constraints.get("EncryptionContextSubset"))
        });
        let members = pairs.and_then(Node::members).unwrap_or_default();
        members.iter().map(|member| (member.name.clone(), text_of(&member.node))).collect()
    }

    fn request_tags(&self) -> Vec<(String, String)> {
        let tags = self.parameter("Tags").and_then(Node::elements).unwrap_or_default();
        let of = |tag: &Node, name: &str| tag.get(name).map(text_of);
        tags.iter().filter_map(|tag| Some((of(tag, "TagKey")?, of(tag, "TagValue")?))).collect()
    }

    fn tag_keys(&self) -> Vec<String> {
        match self.parameter("TagKeys").and_then(Node::elements) {
            Some(keys) => keys.iter().map(text_of).collect(),
            None => self.request_tags().into_iter().map(|(key, _)| key).collect(),
        }
    }
}

fn pairs_of(map: &BTreeMap<String, String>) -> Vec<(String, String)> {
    map.iter().map(|(key, value)| (key.clone(), value.clone())).collect()
}

fn value_of(node: &Node, multivalued: bool) -> ContextValue {
    match node.elements() {
        Some(elements) => ContextValue::Many(elements.iter().map(text_of).collect()),
        None if multivalued => ContextValue::Many(vec![text_of(node)]),
        None => ContextValue::One(text_of(node)),
    }
}

/// A parameter as condition keys hold it: always text.
fn text_of(node: &Node) -> String {
    match &node.value {
        Value::Bool(value) => value.to_string(),
        Value::Number(text) | Value::String(text) => text.clone(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Question;
    use crate::question::Ask;

    fn context(ask: &str, action: &str, resource: &str) -> Context {
        let text = format!(
            r#"{{"kind":"authorize","dialect":"aws","region":"us-west-2","time":"2026-01-15T12:00:00Z",{ask},
                "authorizations":[{{"action":"{action}","resource":{resource}}}]}}"#
        );
        let question = Question::parse(&text).unwrap();
        let Ask::Authorize(ask) = &question.ask else { unreachable!() };
        derive(&question.region, ask, &ask.authorizations[0])
    }

    const SESSION: &str = r#""caller":{"kind":"role-session","arn":"arn:aws:sts::111122223333:assumed-role/App/s1",
        "account":"111122223333","issuer":"arn:aws:iam::111122223333:role/App"}"#;
    const KEY: &str = r#"{"arn":"arn:aws:kms:us-west-2:111122223333:key/k","account":"111122223333","type":"kms:key",
        "tags":{"Project":"Alpha"},"aliases":["alias/app"]}"#;

    fn one_of(context: &Context, name: &str) -> Option<String> {
        context.get(name).map(|value| value.values().join(","))
    }

    #[test]
    fn facts_of_a_decrypt_by_a_session() {
        let operation = r#""source-ip":"203.0.113.10","operation":{"name":"Decrypt","parameters":
            {"KeyId":"alias/app","EncryptionContext":{"Dept":"IT","a":"1"}}}"#;
        let context = context(&format!("{SESSION},{operation}"), "kms:Decrypt", KEY);
        for (key, value) in [
            ("aws:PrincipalArn", Some("arn:aws:iam::111122223333:role/App")),
            ("aws:PrincipalType", Some("AssumedRole")),
            ("aws:username", None),
            ("aws:SourceIp", Some("203.0.113.10")),
            ("aws:SourceVpce", None),
            ("aws:EpochTime", Some("1768478400")),
            ("aws:ResourceTag/Project", Some("Alpha")),
            ("kms:EncryptionContext:Dept", Some("IT")),
            ("kms:EncryptionContextKeys", Some("Dept,a")),
            ("kms:EncryptionAlgorithm", Some("SYMMETRIC_DEFAULT")),
            ("kms:RequestAlias", Some("alias/app")),
            ("kms:ResourceAliases", Some("alias/app")),
            ("kms:CallerAccount", Some("111122223333")),
            ("kms:ViaService", None),
            ("kms:GrantIsForAWSResource", None),
            ("kms:MultiRegion", Some("false")),
        ] {
            assert_eq!(one_of(&context, key).as_deref(), value, "{key}");
        }
    }

    #[test]
    fn an_endpoint_and_a_forwarding_service_change_the_network_keys() {
        let endpoint = r#""source-ip":"203.0.113.10","endpoint":{"id":"vpce-1","vpc":"vpc-1"}"#;
        let operation = r#""operation":{"name":"CreateGrant"}"#;
        let direct = context(&format!("{SESSION},{endpoint},{operation}"), "kms:CreateGrant", KEY);
        assert_eq!(one_of(&direct, "aws:SourceVpce").as_deref(), Some("vpce-1"));
        assert_eq!(one_of(&direct, "aws:SourceIp"), None);
        let via = r#""via":["ec2.amazonaws.com"]"#;
        let via = context(&format!("{SESSION},{endpoint},{via},{operation}"), "kms:CreateGrant", KEY);
        assert_eq!(one_of(&via, "aws:SourceVpce"), None);
        assert_eq!(one_of(&via, "kms:ViaService").as_deref(), Some("ec2.us-west-2.amazonaws.com"));
        assert_eq!(one_of(&via, "kms:GrantIsForAWSResource").as_deref(), Some("true"));
        assert_eq!(one_of(&via, "aws:ViaAWSService").as_deref(), Some("true"));
    }

    #[test]
    fn operations_without_a_key_have_no_key_properties() {
        let none = r#"{"arn":"*","account":"111122223333","type":"kms:account"}"#;
        let list = context(&format!(r#"{SESSION},"operation":{{"name":"ListKeys"}}"#), "kms:ListKeys", none);
        assert_eq!(one_of(&list, "kms:KeySpec"), None);
        assert_eq!(one_of(&list, "kms:CallerAccount"), None);
        let create =
            format!(r#"{SESSION},"operation":{{"name":"CreateKey","parameters":{{"KeySpec":"RSA_2048"}}}}"#);
        let create = context(&create, "kms:CreateKey", none);
        assert_eq!(one_of(&create, "kms:KeySpec").as_deref(), Some("RSA_2048"));
        assert_eq!(one_of(&create, "kms:KeyOrigin").as_deref(), Some("AWS_KMS"));
    }

    #[test]
    fn the_authorizations_of_an_operation_have_keys_of_their_own() {
        let of = |operation: &str, parameters: &str, authorizations: &[(&str, &str)]| -> Vec<Context> {
            let resource = |kind: &str| match kind {
                "kms:account" => r#"{"arn":"*","account":"111122223333","type":"kms:account"}"#.to_owned(),
                key => format!(r#"{{"arn":"arn:aws:kms:{key}","account":"111122223333","type":"kms:key"}}"#),
            };
            let authorizations: Vec<_> = authorizations
                .iter()
                .map(|(action, of)| format!(r#"{{"action":"{action}","resource":{}}}"#, resource(of)))
                .collect();
            let text = format!(
                r#"{{"kind":"authorize","dialect":"aws","region":"us-west-2","time":"2026-01-15T12:00:00Z",{SESSION},
                    "operation":{{"name":"{operation}","parameters":{parameters}}},"authorizations":[{}]}}"#,
                authorizations.join(",")
            );
            let question = Question::parse(&text).unwrap();
            let Ask::Authorize(ask) = &question.ask else { unreachable!() };
            ask.authorizations.iter().map(|one| derive(&question.region, ask, one)).collect()
        };
        let key = "us-west-2:111122223333:key/k";
        let parameters = r#"{"SourceEncryptionContext":{"a":"1"},"DestinationEncryptionContext":{"b":"2"},
            "DestinationEncryptionAlgorithm":"RSAES_OAEP_SHA_1","SourceKeyId":"alias/app"}"#;
        let halves = [("kms:ReEncryptFrom", key), ("kms:ReEncryptTo", "us-west-2:111122223333:key/l")];
        let re_encrypt = of("ReEncrypt", parameters, &halves);
        let replicate = of(
            "ReplicateKey",
            r#"{"ReplicaRegion":"eu-west-1"}"#,
            &[("kms:ReplicateKey", key), ("kms:CreateKey", "kms:account")],
        );
        for (contexts, name, first, second) in [
            (&re_encrypt, "kms:EncryptionContext:a", Some("1"), None),
            (&re_encrypt, "kms:EncryptionContext:b", None, Some("2")),
            (&re_encrypt, "kms:EncryptionAlgorithm", Some("SYMMETRIC_DEFAULT"), Some("RSAES_OAEP_SHA_1")),
            (&re_encrypt, "kms:RequestAlias", Some("alias/app"), None),
            (&re_encrypt, "kms:ReEncryptOnSameKey", Some("false"), Some("false")),
            (&replicate, "kms:ReplicaRegion", Some("eu-west-1"), None),
            (&replicate, "aws:RequestedRegion", Some("us-west-2"), Some("eu-west-1")),
            (&replicate, "kms:KeySpec", Some("SYMMETRIC_DEFAULT"), None),
        ] {
            let found: Vec<_> = contexts.iter().map(|context| one_of(context, name)).collect();
            assert_eq!(found, [first.map(str::to_owned), second.map(str::to_owned)], "{name}");
        }
        let same = of("ReEncrypt", "{}", &[("kms:ReEncryptFrom", key), ("kms:ReEncryptTo", key)]);
        assert_eq!(one_of(&same[1], "kms:ReEncryptOnSameKey").as_deref(), Some("true"));
    }

    #[test]
    fn keys_are_brought_up_to_date_one_by_one() {
        let of = |caller: &str, tags: &str| {
            let text = format!(
                r#"{{"kind":"authorize","dialect":"aws","region":"us-west-2","time":"2026-01-15T12:00:00Z",
                    "caller":{{"kind":"user","arn":"arn:aws:iam::111122223333:user/{caller}","account":"111122223333",
                    "tags":{tags}}},"authorizations":[{{"action":"kms:Decrypt","resource":{KEY}}}]}}"#
            );
            Question::parse(&text).unwrap()
        };
        let (before, after) = (of("alice", r#"{"a":"1","b":"2"}"#), of("bob", r#"{"b":"3"}"#));
        let (Ask::Authorize(one), Ask::Authorize(other)) = (&before.ask, &after.ask) else { unreachable!() };
        let derived = |ask: &Authorize| derive("us-west-2", ask, &ask.authorizations[0]);
        let mut context = derived(one);
        let keys = ["aws:PrincipalArn", "aws:PrincipalTag/*", "aws:username", "aws:SourceVpc"];
        let keys = keys.map(|name| keys::by_name(name).unwrap());
        refresh("us-west-2", other, &other.authorizations[0], &keys, &mut context);
        assert_eq!(context, derived(other));
        assert_ne!(context, derived(one));
    }

    #[test]
    fn other_services_have_global_keys_only() {
        let object = r#"{"arn":"arn:aws:s3:::b/o","account":"111122223333","type":"s3:object"}"#;
        let context = context(SESSION, "s3:GetObject", object);
        assert!(context.iter().all(|(key, _)| key.starts_with("aws:")));
        assert_eq!(one_of(&context, "aws:ResourceAccount").as_deref(), Some("111122223333"));
    }

    #[test]
    fn types_are_told_of_keys_that_are_no_strings() {
        let mut context = Context::default();
        for key in ["AWS:principalarn", "aws:username", "aws:CurrentTime", "acs:CurrentTime", "x:none"] {
            context.set(key, ContextValue::One("v".to_owned()));
        }
        let types = |dialect| -> Vec<String> {
            let types = context_types(dialect, std::iter::once(&context));
            types.iter().map(|(key, kind)| format!("{key} {kind}")).collect()
        };
        assert_eq!(types(Dialect::Aws), ["AWS:principalarn arn", "aws:CurrentTime date"]);
        assert_eq!(types(Dialect::Ram), ["acs:CurrentTime date"]);
    }
}
