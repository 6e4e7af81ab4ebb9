//! aws/iam-operators/binary/case#lower-case (iam.op.binary.case-sensitive)
//! Binary values are Base64, where case counts: these are two different values.
//! Source: AWS IAM User Guide, reference_policies_elements_condition_operators
//! Run: cargo run --release --manifest-path harness/adapters/rust/Cargo.toml --features iam-rs --example iam-rs-case-of-binary-values
use iam_rs::{Arn, Context, Decision, IAMPolicy, IAMRequest, PolicyEvaluator, Principal, PrincipalId};
use std::process::ExitCode;

const IDENTITY: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"someservice:GetItem","Resource":"*",
     "Condition":{"BinaryEquals":{"someservice:Token":"QUJDREVG"}}}]}"#;

fn decide() -> Result<Decision, Box<dyn std::error::Error>> {
    let policies = [IDENTITY].map(IAMPolicy::from_json).into_iter().collect::<Result<_, _>>()?;
    let caller = Principal::Aws(PrincipalId::String("arn:aws:iam::111122223333:user/alice".to_owned()));
    let resource = Arn::parse("arn:aws:someservice:us-west-2:111122223333:item/1")?;
    let context = Context::new().with_string("someservice:Token", "qujdrevg");
    let request = IAMRequest::new_with_context(caller, "someservice:GetItem", resource, context);
    Ok(PolicyEvaluator::with_policies(policies).evaluate(&request)?.decision)
}

fn main() -> ExitCode {
    let decision = decide();
    println!("{decision:?}");
    u8::from(matches!(decision, Ok(Decision::Allow))).into()
}
