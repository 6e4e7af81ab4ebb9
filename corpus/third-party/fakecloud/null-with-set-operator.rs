//! aws/iam-null-and-ifexists/null-combined/with-foranyvalue#true-absent (iam.op.null.with-foranyvalue)
//! ForAnyValue:Null never holds, and ForAllValues:Null always. The prefix is ignored.
//! Source: AWS IAM User Guide, access-analyzer-reference-policy-checks
//! Run: cargo run --release --manifest-path harness/adapters/rust/Cargo.toml --features fakecloud --example fakecloud-null-with-set-operator
use fakecloud_core::auth::{ConditionContext, Principal, PrincipalType};
use fakecloud_iam::evaluator::{Decision, EvalRequest, PolicyDocument, evaluate_with_resource_policy_and_gates_and_scps as evaluate};
use std::process::ExitCode;

const IDENTITY: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"kms:Decrypt","Resource":"*",
     "Condition":{"ForAnyValue:Null":{"aws:PrincipalTag/team":"true"}}}]}"#;
const HELD: &str =
    r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":"kms:*","Resource":"*"}]}"#;

fn main() -> ExitCode {
    let arn = "arn:aws:iam::111122223333:user/alice".to_owned();
    let (account_id, principal_type) = ("111122223333".to_owned(), PrincipalType::User);
    let principal = Principal { arn, user_id: String::new(), account_id, principal_type, source_identity: None, tags: None };
    let resource = "arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab".to_owned();
    let context = ConditionContext::default();
    let request = EvalRequest { principal: &principal, action: "kms:Decrypt".to_owned(), resource, context };
    let decision = evaluate(&[PolicyDocument::parse(IDENTITY)], None, None, None, Some(&PolicyDocument::parse(HELD)), &request, "111122223333");
    println!("{decision:?}");
    u8::from(decision == Decision::Allow).into()
}
