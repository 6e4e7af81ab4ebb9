//! Decides which condition keys a RAM request to KMS has, from the facts of its question.
//!
//! Sources: RAM User Guide, "Policy elements"; KMS Developer Guide, "Policy condition keys".

use super::{keys, operations};
use crate::question::{Authorization, Authorize, Context, ContextValue};

/// The context of one authorization.
pub fn derive(ask: &Authorize, authorization: &Authorization) -> Context {
    let mut context = Context::default();
    for key in keys::all() {
        let value = match key.fact {
            Some("secure-transport") => Some("true".to_owned()),
            // The public address: who comes through a VPC has none.
            Some("source-ip") => ask.source_ip.clone().filter(|_| ask.endpoint.is_none()),
            Some("source-vpc") => ask.endpoint.as_ref().map(|endpoint| endpoint.vpc.clone()),
            Some("time") => Some(ask.time.clone()),
            Some("key-tags") => {
                add_tags(key.name.trim_end_matches('*'), ask, authorization, &mut context);
                None
            }
            _ => None,
        };
        if let Some(value) = value {
            context.set(key.name, ContextValue::One(value));
        }
    }
    context
}

/// The tags of the key, where the operation is one of those whose requests have them.
fn add_tags(prefix: &str, ask: &Authorize, authorization: &Authorization, context: &mut Context) {
    let operation = ask.operation.as_ref().and_then(|operation| operations::by_name(&operation.name));
    if !operation.is_some_and(|operation| operation.tags) || authorization.resource.kind != "kms:key" {
        return;
    }
    for (name, value) in &authorization.resource.tags {
        context.set(format!("{prefix}{name}"), ContextValue::One(value.clone()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Question;
    use crate::question::Ask;

    #[test]
    fn tags_of_the_key_belong_to_listed_calls_and_addresses_to_public_ones() {
        let context = |operation: &str, endpoint: &str| {
            let text = format!(
                r#"{{"kind":"authorize","dialect":"ram","region":"cn-hangzhou","time":"2026-01-15T12:00:00Z",
                "caller":{{"kind":"user","account":"1234567890123456"}},"source-ip":"203.0.113.10"{endpoint},
                "operation":{{"name":"{operation}"}},"authorizations":[{{"action":"kms:{operation}","resource":{{
                "arn":"acs:kms:cn-hangzhou:1234567890123456:key/k","account":"1234567890123456","type":"kms:key",
                "tags":{{"Project":"Apollo"}}}}}}]}}"#
            );
            let question = Question::parse(&text).unwrap();
            let Ask::Authorize(ask) = &question.ask else { unreachable!() };
            let context = derive(ask, &ask.authorizations[0]);
            ["kms:tag/Project", "acs:SourceIp", "acs:SourceVpc", "acs:SecureTransport"]
                .map(|key| context.get(key).map(|value| value.values().join(",")))
        };
        let some = |text: &str| Some(text.to_owned());
        let secure = some("true");
        let tag = some("Apollo");
        assert_eq!(context("Encrypt", ""), [tag.clone(), some("203.0.113.10"), None, secure.clone()]);
        assert_eq!(context("GenerateMac", ""), [None, some("203.0.113.10"), None, secure.clone()]);
        let endpoint = r#","endpoint":{"id":"e","vpc":"vpc-1"}"#;
        assert_eq!(context("Encrypt", endpoint), [tag, None, some("vpc-1"), secure]);
    }
}
