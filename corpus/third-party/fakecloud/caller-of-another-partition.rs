//! aws/iam-cross-account/callers-and-partitions/everybody-named#another-partition (iam.eval.cross-account.partition)
//! There is no access across partitions, whoever is named. The caller is of China, the object is not.
//! Source: AWS IAM User Guide, access_policies-cross-account-resource-access
//! Run: cargo run --release --manifest-path harness/adapters/rust/Cargo.toml --features fakecloud --example fakecloud-caller-of-another-partition
use fakecloud_core::auth::{ConditionContext, Principal, PrincipalType};
use fakecloud_iam::evaluator::{Decision, EvalRequest, PolicyDocument, evaluate_with_resource_policy_and_gates_and_scps as evaluate};
use std::process::ExitCode;

const IDENTITY: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}"#;
const HELD: &str =
    r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::examplebucket/*"}]}"#;

fn main() -> ExitCode {
    let arn = "arn:aws-cn:iam::444455556666:user/bob".to_owned();
    let (account_id, principal_type) = ("444455556666".to_owned(), PrincipalType::User);
    let principal = Principal { arn, user_id: String::new(), account_id, principal_type, source_identity: None, tags: None };
    let resource = "arn:aws:s3:::examplebucket/ledger.csv".to_owned();
    let context = ConditionContext::default();
    let request = EvalRequest { principal: &principal, action: "s3:GetObject".to_owned(), resource, context };
    let decision = evaluate(&[PolicyDocument::parse(IDENTITY)], None, None, None, Some(&PolicyDocument::parse(HELD)), &request, "111122223333");
    println!("{decision:?}");
    u8::from(decision == Decision::Allow).into()
}
