//! aws/folklore/own-account/a-deny-of-a-role-spares-its-sessions#session (kms.key-policy.deny-on-role-covers-sessions)
//! A Deny that names a role hits its sessions. To the crate a session has no role: only its own ARN reaches it.
//! Source: AWS KMS Developer Guide, conditions-kms
//! Run: cargo run --release --manifest-path harness/adapters/rust/Cargo.toml --features scratchstack-aspen --example scratchstack-aspen-deny-of-a-role
use scratchstack_aspen::{Context, Decision, PolicySet, PolicySource};
use scratchstack_aws_principal::{Principal, PrincipalIdentity, SessionData};
use std::process::ExitCode;

const IDENTITY: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"kms:Decrypt","Resource":"arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"}]}"#;
const HELD: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":{"AWS":"arn:aws:iam::111122223333:role/App"},"Action":"kms:Decrypt","Resource":"*"},
    {"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":"kms:*","Resource":"*"}]}"#;

fn decide() -> Result<Decision, Box<dyn std::error::Error>> {
    let mut set = PolicySet::new();
    set.add_policy(PolicySource::new_entity_inline("arn:aws:sts::111122223333:assumed-role/App/s1", "", "identity"), IDENTITY.parse()?);
    set.add_policy(PolicySource::new_resource("arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab", None::<&str>), HELD.parse()?);
    let caller = Principal::new(vec![PrincipalIdentity::parse_arn("arn:aws:sts::111122223333:assumed-role/App/s1")?]);
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
