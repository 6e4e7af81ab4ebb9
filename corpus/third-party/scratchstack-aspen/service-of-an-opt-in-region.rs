//! aws/iam-principals/services-and-others/opt-in-region#from-there-plain-named (iam.principal.service.opt-in-region-name)
//! A service that calls from an opt-in Region into another has a principal with the name of its Region; the plain name does
//! not match it.
//! Source: AWS IAM User Guide, reference_policies_elements_principal
//! Run: cargo run --release --manifest-path harness/adapters/rust/Cargo.toml --features scratchstack-aspen --example scratchstack-aspen-service-of-an-opt-in-region
use scratchstack_aspen::{Context, Decision, PolicySet, PolicySource};
use scratchstack_aws_principal::{Principal, PrincipalIdentity, Service, SessionData};
use std::process::ExitCode;

const HELD: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"s3.amazonaws.com"},"Action":"kms:GenerateDataKeyWithoutPlaintext","Resource":"*"}]}"#;

fn decide() -> Result<Decision, Box<dyn std::error::Error>> {
    let mut set = PolicySet::new();
    set.add_policy(PolicySource::new_resource("arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab", None::<&str>), HELD.parse()?);
    let caller = Principal::new(vec![PrincipalIdentity::from(Service::new("s3", Some("ap-east-1".to_owned()), "amazonaws.com")?)]);
    let data = SessionData::new();
    let mut asked = Context::builder();
    asked.service("kms").api("GenerateDataKeyWithoutPlaintext").actor(caller).session_data(data);
    asked.resources(vec!["arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab".parse()?]);
    Ok(set.evaluate_all(&asked.build()?)?.0)
}

fn main() -> ExitCode {
    let decision = decide();
    println!("{decision:?}");
    u8::from(matches!(decision, Ok(Decision::Allow))).into()
}
