//! aws/condition-keys/import-expiry/later-expiry-denied#a-second-after (kms.cond.validto)
//! kms:ValidTo is a number of seconds and works with numeric and with date operators. The crate has a type for either; whichever
//! it is handed, one of two Denies that apply does not see it.
//! Source: Service Authorization Reference, AWS Key Management Service
//! Run: cargo run --release --manifest-path harness/adapters/rust/Cargo.toml --features scratchstack-aspen --example scratchstack-aspen-seconds-as-date-in-deny
use scratchstack_aspen::{Context, Decision, PolicySet, PolicySource};
use scratchstack_aws_principal::{Principal, PrincipalIdentity, SessionData, SessionValue};
use std::process::ExitCode;

fn allows(operator: &str, value: SessionValue) -> Result<bool, Box<dyn std::error::Error>> {
    let policy = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"kms:ImportKeyMaterial","Resource":"*",
         "Condition":{"OPERATOR":{"kms:ValidTo":"1782863999"}}},{"Effect":"Allow","Action":"kms:*","Resource":"*"}]}"#;
    let mut set = PolicySet::new();
    set.add_policy(PolicySource::new_entity_inline("arn:aws:iam::111122223333:user/alice", "", "identity"), policy.replace("OPERATOR", operator).parse()?);
    let caller = Principal::new(vec![PrincipalIdentity::parse_arn("arn:aws:iam::111122223333:user/alice")?]);
    let mut asked = Context::builder();
    asked.service("kms").api("ImportKeyMaterial").actor(caller).session_data(SessionData::from([("kms:ValidTo", value)]));
    Ok(matches!(set.evaluate_all(&asked.build()?)?.0, Decision::Allow))
}

fn main() -> ExitCode {
    let time = chrono::DateTime::from_timestamp(1_782_864_000, 0).map_or(SessionValue::Null, SessionValue::from);
    let allowed = [SessionValue::from(1_782_864_000), SessionValue::from("1782864000"), time].map(|value| {
        let either = ["NumericGreaterThan", "DateGreaterThan"].map(|operator| allows(operator, value.clone()).is_ok_and(|allowed| allowed));
        println!("{value:?}: {either:?}");
        either.contains(&true)
    });
    u8::from(allowed == [true; 3]).into()
}
