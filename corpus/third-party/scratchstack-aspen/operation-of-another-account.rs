//! aws/cross-account/operations/each-operation#delete-imported-key-material (kms.cross-account.allowed-operations)
//! DeleteImportedKeyMaterial does not work on a key of another account, whatever both sides allow.
//! Source: AWS KMS Developer Guide, key-policy-modifying-external-accounts
//! Run: cargo run --release --manifest-path harness/adapters/rust/Cargo.toml --features scratchstack-aspen --example scratchstack-aspen-operation-of-another-account
use scratchstack_aspen::{Context, Decision, PolicySet, PolicySource};
use scratchstack_aws_principal::{Principal, PrincipalIdentity, SessionData};
use std::process::ExitCode;

const IDENTITY: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"kms:DeleteImportedKeyMaterial","Resource":"*"}]}"#;
const HELD: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::444455556666:root"},"Action":"kms:DeleteImportedKeyMaterial","Resource":"*"}]}"#;

fn decide() -> Result<Decision, Box<dyn std::error::Error>> {
    let mut set = PolicySet::new();
    set.add_policy(PolicySource::new_entity_inline("arn:aws:iam::444455556666:user/bob", "", "identity"), IDENTITY.parse()?);
    set.add_policy(PolicySource::new_resource("arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab", None::<&str>), HELD.parse()?);
    let caller = Principal::new(vec![PrincipalIdentity::parse_arn("arn:aws:iam::444455556666:user/bob")?]);
    let data = SessionData::new();
    let mut asked = Context::builder();
    asked.service("kms").api("DeleteImportedKeyMaterial").actor(caller).session_data(data);
    asked.resources(vec!["arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab".parse()?]);
    Ok(set.evaluate_all(&asked.build()?)?.0)
}

fn main() -> ExitCode {
    let decision = decide();
    println!("{decision:?}");
    u8::from(matches!(decision, Ok(Decision::Allow))).into()
}
