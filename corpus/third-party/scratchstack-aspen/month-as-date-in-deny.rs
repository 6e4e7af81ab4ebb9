//! aws/iam-operators/date-formats/forms-in-deny#month-later (iam.op.date.iso-profile)
//! A date may be written as year and month. The request is later, so the Deny applies.
//! Source: AWS IAM User Guide, reference_policies_elements_condition_operators
//! Run: cargo run --release --manifest-path harness/adapters/rust/Cargo.toml --features scratchstack-aspen --example scratchstack-aspen-month-as-date-in-deny
use scratchstack_aspen::{Context, Decision, PolicySet, PolicySource};
use scratchstack_aws_principal::{Principal, PrincipalIdentity, SessionData, SessionValue};
use std::process::ExitCode;

const IDENTITY: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"kms:Decrypt","Resource":"*","Condition":{"DateGreaterThan":{"aws:CurrentTime":"2026-01"}}},
    {"Effect":"Allow","Action":"kms:Decrypt","Resource":"*"}]}"#;

fn decide() -> Result<Decision, Box<dyn std::error::Error>> {
    let mut set = PolicySet::new();
    set.add_policy(PolicySource::new_entity_inline("arn:aws:iam::111122223333:user/alice", "", "identity"), IDENTITY.parse()?);
    let caller = Principal::new(vec![PrincipalIdentity::parse_arn("arn:aws:iam::111122223333:user/alice")?]);
    let data = SessionData::from([("aws:CurrentTime", SessionValue::from("2026-03-01T09:00:00Z"))]);
    let mut asked = Context::builder();
    asked.service("kms").api("Decrypt").actor(caller).session_data(data);
    asked.resources(vec!["arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab".parse()?]);
    Ok(set.evaluate_all(&asked.build()?)?.0)
}

fn main() -> ExitCode {
    let decision = decide();
    println!("{decision:?}");
    u8::from(matches!(decision, Ok(Decision::Allow))).into()
}
