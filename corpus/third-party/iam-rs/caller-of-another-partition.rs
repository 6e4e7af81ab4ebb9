//! aws/iam-cross-account/callers-and-partitions/everybody-named#another-partition (iam.eval.cross-account.partition)
//! There is no access across partitions, whoever is named. The caller is of China, the object is not.
//! Source: AWS IAM User Guide, access_policies-cross-account-resource-access
//! Run: cargo run --release --manifest-path harness/adapters/rust/Cargo.toml --features iam-rs --example iam-rs-caller-of-another-partition
use iam_rs::{Arn, Context, Decision, IAMPolicy, IAMRequest, PolicyEvaluator, Principal, PrincipalId};
use std::process::ExitCode;

const IDENTITY: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}"#;
const HELD: &str =
    r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::examplebucket/*"}]}"#;

fn decide() -> Result<Decision, Box<dyn std::error::Error>> {
    let policies = [IDENTITY, HELD].map(IAMPolicy::from_json).into_iter().collect::<Result<_, _>>()?;
    let caller = Principal::Aws(PrincipalId::String("arn:aws-cn:iam::444455556666:user/bob".to_owned()));
    let resource = Arn::parse("arn:aws:s3:::examplebucket/ledger.csv")?;
    let context = Context::new();
    let request = IAMRequest::new_with_context(caller, "s3:GetObject", resource, context);
    Ok(PolicyEvaluator::with_policies(policies).evaluate(&request)?.decision)
}

fn main() -> ExitCode {
    let decision = decide();
    println!("{decision:?}");
    u8::from(matches!(decision, Ok(Decision::Allow))).into()
}
