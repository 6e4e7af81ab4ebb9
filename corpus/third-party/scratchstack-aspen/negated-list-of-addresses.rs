//! aws/iam-conditions/several-values/negated-operators#address-first (iam.condition.values-nor-negated)
//! Several values under a negated operator mean none of them. The request has one of them.
//! Source: AWS IAM User Guide, reference_policies_condition-logic-multiple-context-keys-or-values
//! Run: cargo run --release --manifest-path harness/adapters/rust/Cargo.toml --features scratchstack-aspen --example scratchstack-aspen-negated-list-of-addresses
use scratchstack_aspen::{Context, Decision, PolicySet, PolicySource};
use scratchstack_aws_principal::{Principal, PrincipalIdentity, SessionData, SessionValue};
use std::process::ExitCode;

const IDENTITY: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"kms:EnableKeyRotation","Resource":"*",
     "Condition":{"NotIpAddress":{"aws:SourceIp":["203.0.113.0/24","198.51.100.0/24"]}}}]}"#;

fn decide() -> Result<Decision, Box<dyn std::error::Error>> {
    let mut set = PolicySet::new();
    set.add_policy(PolicySource::new_entity_inline("arn:aws:iam::111122223333:user/alice", "", "identity"), IDENTITY.parse()?);
    let caller = Principal::new(vec![PrincipalIdentity::parse_arn("arn:aws:iam::111122223333:user/alice")?]);
    let data = SessionData::from([("aws:SourceIp", SessionValue::from(std::net::Ipv4Addr::new(203, 0, 113, 10)))]);
    let mut asked = Context::builder();
    asked.service("kms").api("EnableKeyRotation").actor(caller).session_data(data);
    asked.resources(vec!["arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab".parse()?]);
    Ok(set.evaluate_all(&asked.build()?)?.0)
}

fn main() -> ExitCode {
    let decision = decide();
    println!("{decision:?}");
    u8::from(matches!(decision, Ok(Decision::Allow))).into()
}
