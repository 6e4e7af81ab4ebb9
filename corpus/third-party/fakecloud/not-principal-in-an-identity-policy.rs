//! aws/iam-principals/not-principal-places/identity-policy#with (iam.notprincipal.forbidden-places)
//! NotPrincipal cannot be used in an identity policy. Its validation accepts it, and it allows.
//! Source: AWS IAM User Guide, reference_policies_elements_notprincipal
//! Run: cargo run --release --manifest-path harness/adapters/rust/Cargo.toml --features fakecloud --example fakecloud-not-principal-in-an-identity-policy
use fakecloud_core::auth::{ConditionContext, Principal, PrincipalType};
use fakecloud_iam::evaluator::{Decision, EvalRequest, PolicyDocument, evaluate_with_resource_policy_and_gates_and_scps as evaluate};
use std::process::ExitCode;

const IDENTITY: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","NotPrincipal":{"AWS":"arn:aws:iam::111122223333:user/carol"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::examplebucket/*"}]}"#;

fn main() -> ExitCode {
    let arn = "arn:aws:iam::111122223333:user/alice".to_owned();
    let (account_id, principal_type) = ("111122223333".to_owned(), PrincipalType::User);
    let principal = Principal { arn, user_id: String::new(), account_id, principal_type, source_identity: None, tags: None };
    let resource = "arn:aws:s3:::examplebucket/ledger.csv".to_owned();
    let context = ConditionContext::default();
    let request = EvalRequest { principal: &principal, action: "s3:GetObject".to_owned(), resource, context };
    let decision = evaluate(&[PolicyDocument::parse(IDENTITY)], None, None, None, None, &request, "111122223333");
    println!("{decision:?}");
    u8::from(decision == Decision::Allow).into()
}
