//! aws/key-policy-principals/account/deny#user-by-iam-policy (kms.key-policy.deny-on-account-principal)
//! A Deny that names an account is at least a Deny of what its IAM policies give. It hits no user here.
//! Source: AWS KMS Developer Guide, key-policy-overview
//! Run: cargo run --release --manifest-path harness/adapters/rust/Cargo.toml --features iam-rs --example iam-rs-deny-of-an-account
use iam_rs::{Arn, Context, Decision, IAMPolicy, IAMRequest, PolicyEvaluator, Principal, PrincipalId};
use std::process::ExitCode;

const IDENTITY: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"kms:*","Resource":"*"}]}"#;
const HELD: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":"kms:*","Resource":"*"},
    {"Effect":"Deny","Principal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":"kms:Encrypt","Resource":"*"}]}"#;

fn decide() -> Result<Decision, Box<dyn std::error::Error>> {
    let policies = [IDENTITY, HELD].map(IAMPolicy::from_json).into_iter().collect::<Result<_, _>>()?;
    let caller = Principal::Aws(PrincipalId::String("arn:aws:iam::111122223333:user/alice".to_owned()));
    let resource = Arn::parse("arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab")?;
    let context = Context::new();
    let request = IAMRequest::new_with_context(caller, "kms:Encrypt", resource, context);
    Ok(PolicyEvaluator::with_policies(policies).evaluate(&request)?.decision)
}

fn main() -> ExitCode {
    let decision = decide();
    println!("{decision:?}");
    u8::from(matches!(decision, Ok(Decision::Allow))).into()
}
