//! aws/iam-variables/names/several-values#list-of-one (iam.variable.single-valued-only)
//! A key that can have several values cannot be a variable, even where it has one.
//! Source: AWS IAM User Guide, reference_policies_variables
//! Run: cargo run --release --manifest-path harness/adapters/rust/Cargo.toml --features fakecloud --example fakecloud-variable-of-several-values
use fakecloud_core::auth::{ConditionContext, Principal, PrincipalType};
use fakecloud_iam::evaluator::{Decision, EvalRequest, PolicyDocument, evaluate_with_resource_policy_and_gates_and_scps as evaluate};
use std::collections::HashMap;
use std::process::ExitCode;

const IDENTITY: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"kms:TagResource","Resource":"*",
     "Condition":{"StringEquals":{"aws:RequestTag/Project":"${aws:TagKeys}"}}}]}"#;
const HELD: &str =
    r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":"kms:*","Resource":"*"}]}"#;

fn main() -> ExitCode {
    let arn = "arn:aws:iam::111122223333:user/alice".to_owned();
    let (account_id, principal_type) = ("111122223333".to_owned(), PrincipalType::User);
    let principal = Principal { arn, user_id: String::new(), account_id, principal_type, source_identity: None, tags: None };
    let resource = "arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab".to_owned();
    let context = ConditionContext { request_tags: Some(HashMap::from([("Project".to_owned(), "Project".to_owned())])), ..Default::default() };
    let request = EvalRequest { principal: &principal, action: "kms:TagResource".to_owned(), resource, context };
    let decision = evaluate(&[PolicyDocument::parse(IDENTITY)], None, None, None, Some(&PolicyDocument::parse(HELD)), &request, "111122223333");
    println!("{decision:?}");
    u8::from(decision == Decision::Allow).into()
}
