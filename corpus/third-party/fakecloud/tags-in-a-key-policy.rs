//! aws/condition-keys/global-keys/resource-tag#key-policy (kms.global.resourcetag-iam-only)
//! Tags of a key count in IAM policies alone: a condition on them in a key policy gives nothing.
//! Source: AWS KMS Developer Guide, tag-authorization
//! Run: cargo run --release --manifest-path harness/adapters/rust/Cargo.toml --features fakecloud --example fakecloud-tags-in-a-key-policy
use fakecloud_core::auth::{ConditionContext, Principal, PrincipalType};
use fakecloud_iam::evaluator::{Decision, EvalRequest, PolicyDocument, evaluate_with_resource_policy_and_gates_and_scps as evaluate};
use std::collections::HashMap;
use std::process::ExitCode;

const HELD: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:user/alice"},"Action":"kms:Decrypt","Resource":"*",
     "Condition":{"StringEquals":{"aws:ResourceTag/Project":"Alpha"}}}]}"#;

fn main() -> ExitCode {
    let arn = "arn:aws:iam::111122223333:user/alice".to_owned();
    let (account_id, principal_type) = ("111122223333".to_owned(), PrincipalType::User);
    let principal = Principal { arn, user_id: String::new(), account_id, principal_type, source_identity: None, tags: None };
    let resource = "arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab".to_owned();
    let context = ConditionContext { resource_tags: Some(HashMap::from([("Project".to_owned(), "Alpha".to_owned())])), ..Default::default() };
    let request = EvalRequest { principal: &principal, action: "kms:Decrypt".to_owned(), resource, context };
    let decision = evaluate(&[], None, None, None, Some(&PolicyDocument::parse(HELD)), &request, "111122223333");
    println!("{decision:?}");
    u8::from(decision == Decision::Allow).into()
}
