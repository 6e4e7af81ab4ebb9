//! aws/iam-principals/not-principal/boundary#allows-everything.user (iam.notprincipal.deny-with-boundary-always-denies)
//! A Deny with NotPrincipal hits every user and role that has a permissions boundary, whoever is listed.
//! Source: AWS IAM User Guide, reference_policies_elements_notprincipal
//! Run: cargo run --release --manifest-path harness/adapters/rust/Cargo.toml --features fakecloud --example fakecloud-not-principal-and-boundary
use fakecloud_core::auth::{ConditionContext, Principal, PrincipalType};
use fakecloud_iam::evaluator::{Decision, EvalRequest, PolicyDocument, evaluate_with_resource_policy_and_gates_and_scps as evaluate};
use std::process::ExitCode;

const BOUNDARY: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#;
const HELD: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:user/alice"},"Action":"s3:*","Resource":"*"},
    {"Effect":"Deny","NotPrincipal":{"AWS":["arn:aws:iam::111122223333:user/alice","arn:aws:iam::111122223333:root"]},"Action":"s3:*","Resource":"*"}]}"#;

fn main() -> ExitCode {
    let arn = "arn:aws:iam::111122223333:user/alice".to_owned();
    let (account_id, principal_type) = ("111122223333".to_owned(), PrincipalType::User);
    let principal = Principal { arn, user_id: String::new(), account_id, principal_type, source_identity: None, tags: None };
    let resource = "arn:aws:s3:::examplebucket/ledger.csv".to_owned();
    let context = ConditionContext::default();
    let request = EvalRequest { principal: &principal, action: "s3:GetObject".to_owned(), resource, context };
    let decision = evaluate(&[], Some(&[PolicyDocument::parse(BOUNDARY)]), None, None, Some(&PolicyDocument::parse(HELD)), &request, "111122223333");
    println!("{decision:?}");
    u8::from(decision == Decision::Allow).into()
}
