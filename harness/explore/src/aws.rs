//! Decides what a generated question of the AWS dialect holds.

use kms_model::derive::derive;
use kms_model::question::{Authorization, Authorize, Caller, CallerKind, Resource};
use kms_model::{Dialect, Document, Question};

use crate::{Choices, Settings};

/// A question of the AWS dialect.
pub fn question(choices: &mut dyn Choices, _settings: &Settings) -> Question {
    let effect = choices.pick(&["Allow", "Deny"]).copied().unwrap_or_default();
    let mut caller = Caller::default();
    caller.kind = CallerKind::User;
    caller.arn = Some("arn:aws:iam::111122223333:user/alice".to_owned());
    caller.account = Some("111122223333".to_owned());
    let mut resource = Resource::default();
    resource.arn = "arn:aws:kms:us-west-2:111122223333:key/k".to_owned();
    resource.account = "111122223333".to_owned();
    resource.kind = "kms:key".to_owned();
    resource.policy = Some(Document::new(format!(
        r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"{effect}","Principal":"*","Action":"kms:*","Resource":"*"}}]}}"#
    )));
    let mut ask =
        Authorize::new("2026-01-15T12:00:00Z", caller, vec![Authorization::new("kms:Decrypt", resource)]);
    let context = ask.authorizations.first().map(|one| derive("us-west-2", &ask, one));
    for one in &mut ask.authorizations {
        one.context.clone_from(&context);
    }
    Question::authorize(Dialect::Aws, "us-west-2", ask)
}
