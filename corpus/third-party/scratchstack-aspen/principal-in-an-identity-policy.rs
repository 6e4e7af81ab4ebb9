//! aws/iam-principals/not-principal-places/identity-policy#with (iam.notprincipal.forbidden-places)
//! An identity policy has no NotPrincipal: whom it is for is where it is attached.
//! Source: AWS IAM User Guide, reference_policies_elements_notprincipal
//! Run: cargo run --release --manifest-path harness/adapters/rust/Cargo.toml --features scratchstack-aspen --example scratchstack-aspen-principal-in-an-identity-policy
use scratchstack_aspen::{Context, Decision, PolicySet, PolicySource};
use scratchstack_aws_principal::{Principal, PrincipalIdentity, SessionData};
use std::process::ExitCode;

const IDENTITY: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","NotPrincipal":{"AWS":"arn:aws:iam::111122223333:user/carol"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::examplebucket/*"}]}"#;

fn decide() -> Result<Decision, Box<dyn std::error::Error>> {
    let mut set = PolicySet::new();
    set.add_policy(PolicySource::new_entity_inline("arn:aws:iam::111122223333:user/alice", "", "identity"), IDENTITY.parse()?);
    let caller = Principal::new(vec![PrincipalIdentity::parse_arn("arn:aws:iam::111122223333:user/alice")?]);
    let data = SessionData::new();
    let mut asked = Context::builder();
    asked.service("s3").api("GetObject").actor(caller).session_data(data);
    asked.resources(vec!["arn:aws:s3:::examplebucket/ledger.csv".parse()?]);
    Ok(set.evaluate_all(&asked.build()?)?.0)
}

fn main() -> ExitCode {
    let decision = decide();
    println!("{decision:?}");
    u8::from(matches!(decision, Ok(Decision::Allow))).into()
}
