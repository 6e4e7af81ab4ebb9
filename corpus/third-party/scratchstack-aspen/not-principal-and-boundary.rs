//! aws/iam-principals/not-principal/boundary#allows-everything.user (iam.notprincipal.deny-with-boundary-always-denies)
//! NotPrincipal with Deny denies every user and role that has a permissions boundary, whoever is listed.
//! Source: AWS IAM User Guide, reference_policies_elements_notprincipal
//! Run: cargo run --release --manifest-path harness/adapters/rust/Cargo.toml --features scratchstack-aspen --example scratchstack-aspen-not-principal-and-boundary
use scratchstack_aspen::{Context, Decision, PolicySet, PolicySource};
use scratchstack_aws_principal::{Principal, PrincipalIdentity, SessionData};
use std::process::ExitCode;

const BOUNDARY: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#;
const HELD: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Deny","NotPrincipal":{"AWS":["arn:aws:iam::111122223333:user/alice","arn:aws:iam::111122223333:root"]},"Action":"s3:GetObject","Resource":"arn:aws:s3:::examplebucket/*"},
    {"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:user/alice"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::examplebucket/*"}]}"#;

fn decide() -> Result<Decision, Box<dyn std::error::Error>> {
    let mut set = PolicySet::new();
    set.add_policy(PolicySource::new_permission_boundary("boundary", "boundary", "v1"), BOUNDARY.parse()?);
    set.add_policy(PolicySource::new_resource("arn:aws:s3:::examplebucket/ledger.csv", None::<&str>), HELD.parse()?);
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
