//! aws/alias-conditions/resource-aliases-policies-and-quota/quota#fifty-one (kms.cond.resourcealiases-quota)
//! A key that has more aliases than the quota, 50, gets no access from a condition on them.
//! Source: AWS KMS Developer Guide, conditions-kms
//! Run: cargo run --release --manifest-path harness/adapters/rust/Cargo.toml --features iam-rs --example iam-rs-more-than-fifty-aliases
use iam_rs::{Arn, Context, ContextValue, Decision, IAMPolicy, IAMRequest, PolicyEvaluator, Principal, PrincipalId};
use std::collections::HashMap;
use std::process::ExitCode;

const IDENTITY: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"kms:Decrypt","Resource":"*",
     "Condition":{"ForAnyValue:StringEquals":{"kms:ResourceAliases":"alias/app-01"}}}]}"#;

fn decide() -> Result<Decision, Box<dyn std::error::Error>> {
    let policies = [IDENTITY].map(IAMPolicy::from_json).into_iter().collect::<Result<_, _>>()?;
    let caller = Principal::Aws(PrincipalId::String("arn:aws:iam::111122223333:user/alice".to_owned()));
    let resource = Arn::parse("arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab")?;
    let context = Context::with_data(HashMap::from([(
        "kms:ResourceAliases".to_owned(),
        ContextValue::StringList((1..=51).map(|n| format!("alias/app-{n:02}")).collect()),
    )]));
    let request = IAMRequest::new_with_context(caller, "kms:Decrypt", resource, context);
    Ok(PolicyEvaluator::with_policies(policies).evaluate(&request)?.decision)
}

fn main() -> ExitCode {
    let decision = decide();
    println!("{decision:?}");
    u8::from(matches!(decision, Ok(Decision::Allow))).into()
}
