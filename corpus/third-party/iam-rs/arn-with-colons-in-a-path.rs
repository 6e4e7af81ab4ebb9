//! aws/iam-operators/arn-parts/colons-in-path#arn-like (iam.op.arn.six-segments)
//! ArnLike compares the six parts of an ARN each on its own. This user's path imitates a user of another account.
//! Source: AWS IAM User Guide, reference_policies_elements_condition_operators
//! Run: cargo run --release --manifest-path harness/adapters/rust/Cargo.toml --features iam-rs --example iam-rs-arn-with-colons-in-a-path
use iam_rs::{Arn, Context, Decision, IAMPolicy, IAMRequest, PolicyEvaluator, Principal, PrincipalId};
use std::process::ExitCode;

const IDENTITY: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"kms:*","Resource":"*",
     "Condition":{"ArnLike":{"aws:PrincipalArn":"arn:aws:iam:*:444455556666:user/*"}}}]}"#;

fn decide() -> Result<Decision, Box<dyn std::error::Error>> {
    let policies = [IDENTITY].map(IAMPolicy::from_json).into_iter().collect::<Result<_, _>>()?;
    let caller = Principal::Aws(PrincipalId::String("arn:aws:iam::111122223333:user/x:444455556666:user/mallory".to_owned()));
    let resource = Arn::parse("arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab")?;
    let context = Context::new().with_string("aws:PrincipalArn", "arn:aws:iam::111122223333:user/x:444455556666:user/mallory");
    let request = IAMRequest::new_with_context(caller, "kms:Decrypt", resource, context);
    Ok(PolicyEvaluator::with_policies(policies).evaluate(&request)?.decision)
}

fn main() -> ExitCode {
    let decision = decide();
    println!("{decision:?}");
    u8::from(matches!(decision, Ok(Decision::Allow))).into()
}
