//! aws/iam-documents/older-language/variables-in-resources#older-own (iam.doc.version.2008-literal-variables)
//! In the language 2008-10-17 a variable is literal text, which matches no object of this name.
//! Source: AWS IAM User Guide, reference_policies_elements_version
//! Run: cargo run --release --manifest-path harness/adapters/rust/Cargo.toml --features iam-rs --example iam-rs-variable-in-an-older-policy
use iam_rs::{Arn, Context, Decision, IAMPolicy, IAMRequest, PolicyEvaluator, Principal, PrincipalId};
use std::process::ExitCode;

const IDENTITY: &str =
    r#"{"Version":"2008-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::examplebucket/home/${aws:username}/*"}]}"#;

fn decide() -> Result<Decision, Box<dyn std::error::Error>> {
    let policies = [IDENTITY].map(IAMPolicy::from_json).into_iter().collect::<Result<_, _>>()?;
    let caller = Principal::Aws(PrincipalId::String("arn:aws:iam::111122223333:user/alice".to_owned()));
    let resource = Arn::parse("arn:aws:s3:::examplebucket/home/alice/report.csv")?;
    let context = Context::new().with_string("aws:username", "alice");
    let request = IAMRequest::new_with_context(caller, "s3:GetObject", resource, context);
    Ok(PolicyEvaluator::with_policies(policies).evaluate(&request)?.decision)
}

fn main() -> ExitCode {
    let decision = decide();
    println!("{decision:?}");
    u8::from(matches!(decision, Ok(Decision::Allow))).into()
}
