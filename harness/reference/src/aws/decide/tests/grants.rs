//! Grants on the key, and operations of several authorizations.

use kms_model::json::{Limits, parse};
use kms_model::question::{Ask as Asked, Grant, Operation};
use kms_model::{Evaluator, Question};

use super::{ALICE, Ask, B, ROOT, ask};
use crate::AwsReference;

const APP: &str = "arn:aws:iam::111122223333:role/App";
const BOB: &str = "arn:aws:iam::444455556666:user/bob";

fn grant(grantee: &str, operations: &[&str], constraints: &str) -> Grant {
    let mut grant = Grant::default();
    grant.id = "g".to_owned();
    grant.grantee = grantee.to_owned();
    grant.issuer = Some("111122223333".to_owned());
    grant.operations = operations.iter().map(|name| (*name).to_owned()).collect();
    grant.constraints = (!constraints.is_empty()).then(|| parse(constraints, Limits::default()).unwrap());
    grant
}

/// The question with a grant on its key and parameters of its operation.
fn with(ask: &Ask, grant: &Grant, parameters: &str) -> Question {
    let mut question = ask.question();
    let Asked::Authorize(request) = &mut question.ask else { unreachable!() };
    let name = ask.action.trim_start_matches("kms:");
    request.operation = Some(Operation::new(name, parse(parameters, Limits::default()).unwrap()));
    request.authorizations[0].resource.grants = vec![grant.clone()];
    question
}

fn answer(question: &Question) -> String {
    let answer = AwsReference::new().answer(question);
    let because: Vec<_> = answer.because.iter().map(|b| format!(" {}", b.policy)).collect();
    format!("{}{}", answer.outcome.word(), because.concat())
}

const BY_GRANT: &str = "allow /authorizations/0/resource/grants/0";

#[test]
fn a_grant_gives_its_grantee_what_it_lists_and_nothing_beats_a_deny() {
    let decrypt = grant(ALICE, &["Decrypt"], "");
    let app = grant(APP, &["Decrypt"], "");
    for (ask, grant, expected) in [
        (ask("alice", "kms:Decrypt"), &decrypt, BY_GRANT),
        (ask("alice", "kms:Encrypt"), &decrypt, "implicit-deny"),
        (ask("carol", "kms:Decrypt"), &decrypt, "implicit-deny"),
        (ask("session", "kms:Decrypt"), &app, BY_GRANT),
        (
            ask("service:sns.amazonaws.com", "kms:Decrypt"),
            &grant("sns.amazonaws.com", &["Decrypt"], ""),
            BY_GRANT,
        ),
        (ask("bob", "kms:Decrypt"), &grant(BOB, &["Decrypt"], ""), BY_GRANT),
        (ask("alice", "kms:ListGrants"), &grant(ALICE, &["ListGrants"], ""), "implicit-deny"),
        (ask("alice", "kms:Decrypt").with("Deny", "*", "*"), &decrypt, "explicit-deny /caller/policies/0"),
        (
            ask("alice", "kms:Decrypt").by("Deny", ALICE, "*"),
            &decrypt,
            "explicit-deny /authorizations/0/resource/policy",
        ),
    ] {
        assert_eq!(answer(&with(&ask, grant, "{}")), expected, "{} {grant:?}", ask.caller);
    }
    let account = grant(&format!("arn:aws:iam::{B}:root"), &["Decrypt"], "");
    assert_eq!(answer(&with(&ask("bob", "kms:Decrypt"), &account, "{}")), "implicit-deny");
    let allowed = ask("bob", "kms:Decrypt").with("Allow", "*", "*");
    assert_eq!(answer(&with(&allowed, &account, "{}")), format!("{BY_GRANT} /caller/policies/0"));
}

#[test]
fn an_allow_by_a_grant_names_that_grant_and_each_grant_is_told() {
    // The identity policy is none of the way: the first grant names the caller itself.
    let allowed = ask("bob", "kms:Decrypt").with("Allow", "*", "*");
    let mut question = with(&allowed, &grant(BOB, &["Decrypt"], ""), "{}");
    let Asked::Authorize(request) = &mut question.ask else { unreachable!() };
    let account = format!("arn:aws:iam::{B}:root");
    request.authorizations[0].resource.grants.push(grant(&account, &["Decrypt"], ""));
    request.authorizations[0].resource.grants.push(grant(APP, &["Decrypt"], ""));
    assert_eq!(answer(&question), BY_GRANT);
    let trace = AwsReference::new().explain(&question).trace.unwrap();
    let told: Vec<_> = trace.layers.iter().filter(|layer| layer.name == "grant g").collect();
    let reasons: Vec<_> = told.iter().map(|layer| layer.statements[0].reason.as_str()).collect();
    assert_eq!(reasons, ["everything matches", "everything matches", "the caller is not its grantee"]);
    assert_eq!(told[2].policy, "/authorizations/0/resource/grants/2");
}

#[test]
fn constraints_hold_for_requests_with_an_encryption_context() {
    let of = |kind: &str| grant(ALICE, &["Decrypt", "DescribeKey"], &format!(r#"{{"{kind}":{{"D":"IT"}}}}"#));
    let (equals, subset) = (of("EncryptionContextEquals"), of("EncryptionContextSubset"));
    for (context, by_equals, by_subset) in [
        (r#"{"D":"IT"}"#, true, true),
        (r#"{"P":"x","D":"IT"}"#, false, true),
        (r#"{"D":"it"}"#, false, false),
        ("{}", false, false),
    ] {
        let parameters = format!(r#"{{"EncryptionContext":{context}}}"#);
        for (grant, allowed) in [(&equals, by_equals), (&subset, by_subset)] {
            let answer = answer(&with(&ask("alice", "kms:Decrypt"), grant, &parameters));
            assert_eq!(answer == BY_GRANT, allowed, "{context} {grant:?}");
        }
    }
    assert_eq!(answer(&with(&ask("alice", "kms:DescribeKey"), &equals, "{}")), BY_GRANT);
    let source =
        grant("sns.amazonaws.com", &["Decrypt"], r#"{"SourceArn":"arn:aws:sns:us-west-2:111122223333:t"}"#);
    let service =
        |context| with(&ask("service:sns.amazonaws.com", "kms:Decrypt").context(context), &source, "{}");
    assert_eq!(answer(&service(r#"{"aws:SourceArn":"arn:aws:sns:us-west-2:111122223333:t"}"#)), BY_GRANT);
    assert_eq!(
        answer(&service(r#"{"aws:SourceArn":"arn:aws:sns:us-west-2:111122223333:u"}"#)),
        "implicit-deny"
    );
}

#[test]
fn a_grantee_makes_grants_within_its_own() {
    let subset = r#"{"EncryptionContextSubset":{"D":"IT"}}"#;
    let parent = grant(ALICE, &["Decrypt", "CreateGrant"], subset);
    for (operations, constraints, allowed) in [
        (r#"["Decrypt"]"#, subset, true),
        (r#"["Decrypt"]"#, r#"{"EncryptionContextSubset":{"D":"IT","P":"x"}}"#, true),
        (r#"["Decrypt","CreateGrant"]"#, r#"{"EncryptionContextEquals":{"D":"IT"}}"#, true),
        (r#"["Encrypt"]"#, subset, false),
        (r#"["Decrypt"]"#, r#"{"EncryptionContextSubset":{"P":"x"}}"#, false),
        (r#"["Decrypt"]"#, "{}", false),
        ("[]", subset, false),
    ] {
        let parameters = format!(r#"{{"Operations":{operations},"Constraints":{constraints}}}"#);
        let create = ask("alice", "kms:CreateGrant");
        assert_eq!(answer(&with(&create, &parent, &parameters)) == BY_GRANT, allowed, "{parameters}");
        let by_policy = answer(&with(&create.by("Allow", ALICE, "kms:CreateGrant"), &parent, &parameters));
        assert!(by_policy.starts_with("allow"), "{parameters}");
    }
    let equals = grant(ALICE, &["Decrypt", "CreateGrant"], r#"{"EncryptionContextEquals":{"D":"IT"}}"#);
    let parameters = format!(r#"{{"Operations":["Decrypt"],"Constraints":{subset}}}"#);
    assert_eq!(answer(&with(&ask("alice", "kms:CreateGrant"), &equals, &parameters)), "implicit-deny");
}

#[test]
fn retiring_is_a_matter_of_the_grant() {
    let mut kept = grant(ALICE, &["Decrypt"], "");
    kept.retiring = Some(BOB.to_owned());
    let own = grant(ALICE, &["Decrypt", "RetireGrant"], r#"{"EncryptionContextEquals":{"D":"IT"}}"#);
    let retire = |caller| ask(caller, "kms:RetireGrant");
    for (ask, grant, id, expected) in [
        (retire("bob"), &kept, "g", BY_GRANT),
        (retire("bob"), &kept, "another", "implicit-deny"),
        (retire("alice"), &kept, "g", "implicit-deny"),
        (retire("alice"), &own, "g", BY_GRANT),
        (retire("root:111122223333"), &kept, "g", "allow"),
        (retire("root:444455556666"), &own, "g", "implicit-deny"),
        (retire("carol").with("Allow", "kms:RetireGrant", "*"), &kept, "g", "allow /caller/policies/0"),
        (retire("carol").by("Allow", "*", "*").by("Allow", ROOT, "*"), &kept, "g", "implicit-deny"),
        (retire("bob").by("Deny", "*", "*"), &kept, "g", BY_GRANT),
        (retire("bob").with("Deny", "kms:*", "*"), &kept, "g", "explicit-deny /caller/policies/0"),
        (retire("bob").with("Allow", "kms:*", "*"), &own, "g", "implicit-deny"),
    ] {
        let question = with(&ask, grant, &format!(r#"{{"GrantId":"{id}"}}"#));
        assert_eq!(answer(&question), expected, "{} {grant:?}", question.to_line());
    }
}

#[test]
fn every_authorization_of_an_operation_must_be_allowed() {
    let question = |second: &str| {
        let mut question =
            ask("alice", "kms:ReEncryptFrom").by("Allow", ALICE, "kms:ReEncryptFrom").question();
        let Asked::Authorize(request) = &mut question.ask else { unreachable!() };
        let Asked::Authorize(other) =
            ask("alice", "kms:ReEncryptTo").by(second, ALICE, "kms:*").question().ask
        else {
            unreachable!()
        };
        request.authorizations.extend(other.authorizations);
        question
    };
    let both = "allow /authorizations/0/resource/policy /authorizations/1/resource/policy";
    assert_eq!(answer(&question("Allow")), both);
    assert_eq!(answer(&question("Deny")), "explicit-deny /authorizations/1/resource/policy");
    let mut half = question("Allow");
    let Asked::Authorize(request) = &mut half.ask else { unreachable!() };
    request.authorizations[1].resource.policy = None;
    assert_eq!(answer(&half), "implicit-deny");
    let trace = AwsReference::new().explain(&half).trace.unwrap();
    assert!(trace.steps[1].starts_with("authorization 1: "), "{:?}", trace.steps);
}
