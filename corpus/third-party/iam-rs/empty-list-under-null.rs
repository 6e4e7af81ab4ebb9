//! aws/iam-null-and-ifexists/null/empty-list#false (iam.op.null.empty-value-is-null)
//! A key whose value is an empty list counts as null, so that it is not there.
//! Source: AWS IAM User Guide, reference_policies_elements_condition_operators
//! Run: cargo run --release --manifest-path harness/adapters/rust/Cargo.toml --features iam-rs --example iam-rs-empty-list-under-null
use iam_rs::{Arn, Context, ContextValue, Decision, IAMPolicy, IAMRequest, PolicyEvaluator, Principal, PrincipalId};
use std::collections::HashMap;
use std::process::ExitCode;

const IDENTITY: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"kms:UntagResource","Resource":"*",
     "Condition":{"Null":{"aws:TagKeys":"false"}}}]}"#;

fn decide() -> Result<Decision, Box<dyn std::error::Error>> {
    let policies = [IDENTITY].map(IAMPolicy::from_json).into_iter().collect::<Result<_, _>>()?;
    let caller = Principal::Aws(PrincipalId::String("arn:aws:iam::111122223333:user/alice".to_owned()));
    let resource = Arn::parse("arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab")?;
    let context = Context::with_data(HashMap::from([("aws:TagKeys".to_owned(), ContextValue::StringList(Vec::new()))]));
    let request = IAMRequest::new_with_context(caller, "kms:UntagResource", resource, context);
    Ok(PolicyEvaluator::with_policies(policies).evaluate(&request)?.decision)
}

fn main() -> ExitCode {
    let decision = decide();
    println!("{decision:?}");
    u8::from(matches!(decision, Ok(Decision::Allow))).into()
}
