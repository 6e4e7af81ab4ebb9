//! aws/iam-operators/date-formats/far-from-short-form#days-after.in-deny (iam.op.date.date-only-is-midnight)
//! A date may be written without a time. Whichever instant of the day it is, the request is two weeks later.
//! Source: AWS IAM User Guide, reference_policies_elements_condition_operators
//! Run: cargo run --release --manifest-path harness/adapters/rust/Cargo.toml --features fakecloud --example fakecloud-date-without-time-in-deny
use fakecloud_core::auth::{ConditionContext, Principal, PrincipalType};
use fakecloud_iam::evaluator::{Decision, EvalRequest, PolicyDocument, evaluate_with_resource_policy_and_gates_and_scps as evaluate};
use std::collections::BTreeMap;
use std::process::ExitCode;

const IDENTITY: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"kms:*","Resource":"*"},
    {"Effect":"Deny","Action":"kms:*","Resource":"*",
     "Condition":{"DateGreaterThanEquals":{"aws:CurrentTime":"2026-01-01"}}}]}"#;
const HELD: &str =
    r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":"kms:*","Resource":"*"}]}"#;

fn main() -> ExitCode {
    let arn = "arn:aws:iam::111122223333:user/alice".to_owned();
    let (account_id, principal_type) = ("111122223333".to_owned(), PrincipalType::User);
    let principal = Principal { arn, user_id: String::new(), account_id, principal_type, source_identity: None, tags: None };
    let resource = "arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab".to_owned();
    let context =
        ConditionContext { service_keys: BTreeMap::from([("aws:CurrentTime".to_owned(), vec!["2026-01-15T12:00:00Z".to_owned()])]), ..Default::default() };
    let request = EvalRequest { principal: &principal, action: "kms:Decrypt".to_owned(), resource, context };
    let decision = evaluate(&[PolicyDocument::parse(IDENTITY)], None, None, None, Some(&PolicyDocument::parse(HELD)), &request, "111122223333");
    println!("{decision:?}");
    u8::from(decision == Decision::Allow).into()
}
