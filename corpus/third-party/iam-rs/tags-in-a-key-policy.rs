//! aws/condition-keys/global-keys/resource-tag#key-policy (kms.global.resourcetag-iam-only)
//! Tags of a key count in IAM policies alone: a condition on them in a key policy gives nothing.
//! Source: AWS KMS Developer Guide, tag-authorization
//! Run: cargo run --release --manifest-path harness/adapters/rust/Cargo.toml --features iam-rs --example iam-rs-tags-in-a-key-policy
use iam_rs::{Arn, Context, Decision, IAMPolicy, IAMRequest, PolicyEvaluator, Principal, PrincipalId};
use std::process::ExitCode;

const HELD: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:user/alice"},"Action":"kms:Decrypt","Resource":"*",
     "Condition":{"StringEquals":{"aws:ResourceTag/Project":"Alpha"}}}]}"#;

fn decide() -> Result<Decision, Box<dyn std::error::Error>> {
    let policies = [HELD].map(IAMPolicy::from_json).into_iter().collect::<Result<_, _>>()?;
    let caller = Principal::Aws(PrincipalId::String("arn:aws:iam::111122223333:user/alice".to_owned()));
    let resource = Arn::parse("arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab")?;
    let context = Context::new().with_string("aws:ResourceTag/Project", "Alpha");
    let request = IAMRequest::new_with_context(caller, "kms:Decrypt", resource, context);
    Ok(PolicyEvaluator::with_policies(policies).evaluate(&request)?.decision)
}

fn main() -> ExitCode {
    let decision = decide();
    println!("{decision:?}");
    u8::from(matches!(decision, Ok(Decision::Allow))).into()
}
