//! Decides what a generated question of the RAM dialect holds.

use kms_model::question::{Attached, Authorization, Authorize, Caller, CallerKind, Resource};
use kms_model::{Dialect, Document, Question, ram};

use crate::{Choices, Settings};

/// A question of the RAM dialect.
pub fn question(choices: &mut dyn Choices, _settings: &Settings) -> Question {
    let effect = choices.pick(&["Allow", "Deny"]).copied().unwrap_or_default();
    let mut caller = Caller::default();
    caller.kind = CallerKind::User;
    caller.arn = Some("acs:ram::1234567890123456:user/alice".to_owned());
    caller.account = Some("1234567890123456".to_owned());
    caller.policies = vec![Attached::new(
        "user/alice",
        Document::new(format!(
            r#"{{"Version":"1","Statement":[{{"Effect":"{effect}","Action":"kms:*","Resource":"*"}}]}}"#
        )),
    )];
    let mut resource = Resource::default();
    resource.arn = "acs:kms:cn-hangzhou:1234567890123456:key/k".to_owned();
    resource.account = "1234567890123456".to_owned();
    resource.kind = "kms:key".to_owned();
    let mut ask =
        Authorize::new("2026-01-15T12:00:00Z", caller, vec![Authorization::new("kms:Decrypt", resource)]);
    let context = ask.authorizations.first().map(|one| ram::derive::derive(&ask, one));
    for one in &mut ask.authorizations {
        one.context.clone_from(&context);
    }
    Question::authorize(Dialect::Ram, "cn-hangzhou", ask)
}
