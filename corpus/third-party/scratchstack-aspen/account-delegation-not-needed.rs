//! aws/core/ways-to-allow/iam-allow#not-delegated (kms.core.iam-allow-needs-key-policy-delegation)
//! An IAM policy counts for a key only if the key policy lets the account use IAM policies. This one does not.
//! Source: AWS KMS Developer Guide, key-policies and iam-policies
//! Run: cargo run --release --manifest-path harness/adapters/rust/Cargo.toml --features scratchstack-aspen --example scratchstack-aspen-account-delegation-not-needed
use scratchstack_aspen::{Context, Decision, PolicySet, PolicySource};
use scratchstack_aws_principal::{Principal, PrincipalIdentity, SessionData};
use std::process::ExitCode;

const IDENTITY: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"kms:*","Resource":"*"}]}"#;
const HELD: &str =
    r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:role/App"},"Action":"kms:*","Resource":"*"}]}"#;

fn decide() -> Result<Decision, Box<dyn std::error::Error>> {
    let mut set = PolicySet::new();
    set.add_policy(PolicySource::new_entity_inline("arn:aws:iam::111122223333:user/alice", "", "identity"), IDENTITY.parse()?);
    set.add_policy(PolicySource::new_resource("arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab", None::<&str>), HELD.parse()?);
    let caller = Principal::new(vec![PrincipalIdentity::parse_arn("arn:aws:iam::111122223333:user/alice")?]);
    let data = SessionData::new();
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
