//! aws/iam-cross-account/callers-and-partitions/everybody-named#another-partition (iam.eval.cross-account.partition)
//! There is no delegation across partitions: everybody is everybody of this one. Bob is of a China Region.
//! Source: AWS IAM User Guide, access_policies-cross-account-resource-access
//! Run: cargo run --release --manifest-path harness/adapters/rust/Cargo.toml --features scratchstack-aspen --example scratchstack-aspen-principal-of-another-partition
use scratchstack_aspen::{Context, Decision, PolicySet, PolicySource};
use scratchstack_aws_principal::{Principal, PrincipalIdentity, SessionData};
use std::process::ExitCode;

const IDENTITY: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}"#;
const HELD: &str =
    r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::examplebucket/ledger.csv"}]}"#;

fn decide() -> Result<Decision, Box<dyn std::error::Error>> {
    let mut set = PolicySet::new();
    set.add_policy(PolicySource::new_entity_inline("arn:aws-cn:iam::444455556666:user/bob", "", "identity"), IDENTITY.parse()?);
    set.add_policy(PolicySource::new_resource("arn:aws:s3:::examplebucket/ledger.csv", None::<&str>), HELD.parse()?);
    let caller = Principal::new(vec![PrincipalIdentity::parse_arn("arn:aws-cn:iam::444455556666:user/bob")?]);
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
