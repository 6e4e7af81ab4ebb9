//! aws/iam-principals/accounts/delegation-for-another-service#account.user (iam.principal.aws.account-delegates-only)
//! Naming an account delegates to it: its users still need a policy of their own. Alice has none.
//! Source: AWS IAM User Guide, reference_policies_elements_principal
//! Run: cargo run --release --manifest-path harness/adapters/rust/Cargo.toml --features fakecloud --example fakecloud-account-as-grant
use fakecloud_core::auth::{ConditionContext, Principal, PrincipalType};
use fakecloud_iam::evaluator::{Decision, EvalRequest, PolicyDocument, evaluate_with_resource_policy_and_gates_and_scps as evaluate};
use std::process::ExitCode;

const HELD: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::examplebucket/*"}]}"#;

fn main() -> ExitCode {
    let arn = "arn:aws:iam::111122223333:user/alice".to_owned();
    let (account_id, principal_type) = ("111122223333".to_owned(), PrincipalType::User);
    let principal = Principal { arn, user_id: String::new(), account_id, principal_type, source_identity: None, tags: None };
    let resource = "arn:aws:s3:::examplebucket/ledger.csv".to_owned();
    let context = ConditionContext::default();
    let request = EvalRequest { principal: &principal, action: "s3:GetObject".to_owned(), resource, context };
    let decision = evaluate(&[], None, None, None, Some(&PolicyDocument::parse(HELD)), &request, "111122223333");
    println!("{decision:?}");
    u8::from(decision == Decision::Allow).into()
}
