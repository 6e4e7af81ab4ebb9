//! aws/iam-variables/defaults-and-syntax/separator#comma-only (iam.variable.default-separator)
//! Name and default of a variable are separated by a comma and a space. Here the space is missing.
//! Source: AWS IAM User Guide, reference_policies_variables
//! Run: cargo run --release --manifest-path harness/adapters/rust/Cargo.toml --features iam-rs --example iam-rs-default-without-a-space
use iam_rs::{Arn, Context, Decision, IAMPolicy, IAMRequest, PolicyEvaluator, Principal, PrincipalId};
use std::process::ExitCode;

const IDENTITY: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"kms:Decrypt","Resource":"arn:aws:kms:us-west-2:111122223333:key/${aws:username,'1234abcd-12ab-34cd-56ef-1234567890ab'}"}]}"#;

fn decide() -> Result<Decision, Box<dyn std::error::Error>> {
    let policies = [IDENTITY].map(IAMPolicy::from_json).into_iter().collect::<Result<_, _>>()?;
    let caller = Principal::Aws(PrincipalId::String("arn:aws:iam::111122223333:role/App".to_owned()));
    let resource = Arn::parse("arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab")?;
    let context = Context::new();
    let request = IAMRequest::new_with_context(caller, "kms:Decrypt", resource, context);
    Ok(PolicyEvaluator::with_policies(policies).evaluate(&request)?.decision)
}

fn main() -> ExitCode {
    let decision = decide();
    println!("{decision:?}");
    u8::from(matches!(decision, Ok(Decision::Allow))).into()
}
