//! aws/iam-principals/services-and-others/name-under-aws#service (iam.principal.service.exact)
//! A service is named under Service. Under AWS stand accounts and ARNs, which this is not.
//! Source: AWS IAM User Guide, reference_policies_elements_principal
//! Run: cargo run --release --manifest-path harness/adapters/rust/Cargo.toml --features fakecloud --example fakecloud-service-under-aws
use fakecloud_core::auth::{ConditionContext, Principal, PrincipalType};
use fakecloud_iam::evaluator::{Decision, EvalRequest, PolicyDocument, evaluate_resource_policy_only};
use std::process::ExitCode;

const HELD: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"s3.amazonaws.com"},"Action":"kms:*","Resource":"*"}]}"#;

fn main() -> ExitCode {
    let arn = "s3.amazonaws.com".to_owned();
    let (account_id, principal_type) = (String::new(), PrincipalType::Service);
    let principal = Principal { arn, user_id: String::new(), account_id, principal_type, source_identity: None, tags: None };
    let resource = "arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab".to_owned();
    let context = ConditionContext::default();
    let request = EvalRequest { principal: &principal, action: "kms:GenerateDataKeyWithoutPlaintext".to_owned(), resource, context };
    let decision = evaluate_resource_policy_only(&PolicyDocument::parse(HELD), &request);
    println!("{decision:?}");
    u8::from(decision == Decision::Allow).into()
}
