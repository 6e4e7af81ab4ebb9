//! Guard rails: what lacks their allow is refused, whatever else allows, but for what names the caller itself.

use super::*;

const ALL: &str = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#;
const S3: &str = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}"#;
const NONE: &str =
    r#"{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"kms:*","Resource":"*"}}"#;
const RCP_FULL: &str =
    r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}}"#;
const RCP_DENY: &str = r#"{"Version":"2012-10-17","Statement":{"Effect":"Deny","Principal":"*","Action":"kms:*","Resource":"*"}}"#;

/// Alice, or session s1 of App, calls with these members; K's policy names `principal`, and with `iam` an identity policy
/// allows everything.
fn outcome(caller: &str, members: &str, principal: &str, iam: bool, rest: &str, resource: &str) -> Outcome {
    let who = match caller {
        "alice" => format!(r#""kind":"user","arn":"{ALICE}","account":"{A}""#),
        "federated" => format!(
            r#""kind":"federated-user","arn":"arn:aws:sts::{A}:federated-user/f","account":"{A}","issuer":"{ALICE}""#
        ),
        "linked" => format!(
            r#""kind":"role-session","arn":"arn:aws:sts::{A}:assumed-role/L/s","account":"{A}",
               "issuer":"arn:aws:iam::{A}:role/aws-service-role/ec2.amazonaws.com/L""#
        ),
        _ => format!(
            r#""kind":"role-session","arn":"arn:aws:sts::{A}:assumed-role/App/s1","account":"{A}",
               "issuer":"arn:aws:iam::{A}:role/App""#
        ),
    };
    let policies =
        if iam { format!(r#","policies":[{{"from":"x","document":{ALL}}}]"#) } else { String::new() };
    let text = format!(
        r#"{{"kind":"authorize","dialect":"aws","region":"us-west-2","time":"2026-01-15T12:00:00Z",
            "caller":{{{who}{policies}{members}}},"operation":{{"name":"Decrypt"}}{rest},"authorizations":[
            {{"action":"kms:Decrypt","resource":{{"arn":"{K}","account":"{A}","type":"kms:key","policy":{{"Version":"2012-10-17",
            "Statement":{{"Effect":"Allow","Principal":{{"AWS":"{principal}"}},"Action":"kms:*","Resource":"*"}}}}{resource}}}}}]}}"#
    );
    AwsReference::new().answer(&Question::parse(&text).unwrap()).outcome
}

#[test]
fn boundaries_and_session_policies_limit_what_does_not_name_the_caller_itself() {
    const APP: &str = "arn:aws:iam::111122223333:role/App";
    const SESSION: &str = "arn:aws:sts::111122223333:assumed-role/App/s1";
    let boundary = |document: &str| format!(r#","boundary":{document}"#);
    let session = |document: &str| format!(r#","session-policies":[{document}]"#);
    let (allow, implicit, explicit) = (Outcome::Allow, Outcome::ImplicitDeny, Outcome::ExplicitDeny);
    for (caller, members, principal, iam, expected) in [
        ("alice", boundary(ALL), ROOT, true, &allow), // iam.eval.boundary.intersection
        ("alice", boundary(S3), ROOT, true, &implicit),
        ("alice", boundary(ALL), ROOT, false, &implicit), // iam.eval.boundary.never-grants
        ("alice", boundary(NONE), ALICE, false, &explicit), // iam.eval.boundary.explicit-deny
        ("alice", boundary(S3), ALICE, false, &allow), // iam.eval.same-account.rbp-user-arn-ignores-boundary-implicit
        ("App/s1", boundary(S3), APP, false, &implicit), // iam.eval.same-account.rbp-role-arn-limited-by-boundary
        ("App/s1", boundary(ALL), APP, false, &allow),
        ("App/s1", boundary(S3), SESSION, false, &allow), // iam.eval.same-account.rbp-session-arn-direct
        ("App/s1", session(S3), APP, false, &implicit), // iam.eval.same-account.rbp-role-arn-limited-by-session-policy
        ("App/s1", session(S3), SESSION, false, &allow),
        ("App/s1", session(NONE), SESSION, false, &explicit),
        ("App/s1", session(S3), ROOT, true, &implicit), // iam.eval.session.intersection
        ("App/s1", session(ALL), ROOT, true, &allow),
        ("App/s1", session(ALL), ROOT, false, &implicit), // iam.eval.session.never-grants
        ("App/s1", format!("{}{}", session(ALL), boundary(S3)), ROOT, true, &implicit), // iam.eval.session.three-way
        ("App/s1", format!(r#","session-policies":[{S3},{ALL}]"#), ROOT, true, &allow), // iam.eval.session.multiple-union
        ("alice", session(S3), ROOT, true, &allow), // iam.eval.session.ignored-for-long-term
        ("federated", session(ALL), ROOT, true, &allow),
        ("federated", session(ALL), ALICE, false, &allow), // iam.eval.same-account.federated-via-user-arn-limited
        ("federated", session(S3), ALICE, false, &implicit),
        ("federated", String::new(), ROOT, true, &implicit), // iam.eval.session.absent-federated-user
        ("federated", String::new(), "arn:aws:sts::111122223333:federated-user/f", false, &allow),
    ] {
        let found = outcome(caller, &members, principal, iam, "", "");
        assert_eq!(found, *expected, "{caller} {members} {principal} {iam}");
    }
}

#[test]
fn control_policies_and_endpoints_bind_whom_they_reach() {
    let scps = |levels: &str| format!(r#","organization":{{"id":"o-1"}},"scps":{levels}"#);
    let (allow, implicit, explicit) = (Outcome::Allow, Outcome::ImplicitDeny, Outcome::ExplicitDeny);
    let star = RCP_FULL;
    let endpoint =
        |document: &str| format!(r#","endpoint":{{"id":"vpce-1","vpc":"vpc-1","policy":{document}}}"#);
    let rcps = |levels: &str| format!(r#","organization":{{"id":"o-1"}},"rcps":{levels}"#);
    for (caller, members, rest, resource, expected) in [
        ("alice", scps(&format!("[[{ALL}],[{ALL}]]")), String::new(), String::new(), &allow),
        ("alice", scps(&format!("[[{ALL}],[{S3}]]")), String::new(), String::new(), &implicit), // iam.eval.scp.every-level
        ("alice", scps(&format!("[[{S3},{ALL}]]")), String::new(), String::new(), &allow), // iam.eval.scp.level-union
        ("alice", scps(&format!("[[{ALL}],[{ALL},{NONE}]]")), String::new(), String::new(), &explicit),
        ("alice", scps("[[]]"), String::new(), String::new(), &implicit),
        ("linked", scps(&format!("[[{NONE}]]")), String::new(), String::new(), &allow), // iam.eval.scp.service-linked-role-exempt
        (
            "alice",
            format!(r#","organization":{{"id":"o-1","management":true}},"scps":[[{NONE}]]"#),
            String::new(),
            String::new(),
            &allow, // iam.eval.scp.management-account-exempt
        ),
        ("alice", String::new(), String::new(), rcps(&format!("[[{RCP_FULL}]]")), &allow),
        (
            "alice",
            String::new(),
            String::new(),
            rcps(&format!("[[{RCP_FULL}],[{RCP_FULL},{RCP_DENY}]]")),
            &explicit,
        ),
        ("linked", String::new(), String::new(), rcps(&format!("[[{RCP_DENY}]]")), &allow),
        (
            "alice",
            String::new(),
            String::new(),
            format!(r#"{},"key":{{"manager":"aws"}}"#, rcps(&format!("[[{RCP_DENY}]]"))),
            &allow, // iam.eval.rcp.kms-exclusions
        ),
        ("alice", String::new(), endpoint(star), String::new(), &allow),
        ("alice", String::new(), endpoint(RCP_DENY), String::new(), &explicit), // iam.eval.vpce.explicit-deny
        (
            "alice",
            String::new(),
            endpoint(&star.replace("\"Action\":\"*\"", "\"Action\":\"s3:*\"")),
            String::new(),
            &implicit,
        ),
        (
            "alice",
            String::new(),
            endpoint(&star.replace("\"*\",\"Action", "{\"AWS\":\"444455556666\"},\"Action")),
            String::new(),
            &implicit,
        ),
        (
            "alice",
            String::new(),
            format!(r#"{},"via":["ec2.amazonaws.com"]"#, endpoint(RCP_DENY)),
            String::new(),
            &allow,
        ),
    ] {
        let found = outcome(caller, &members, ROOT, true, &rest, &resource);
        assert_eq!(found, *expected, "{caller} {members} {rest} {resource}");
    }
}

#[test]
fn a_boundary_undoes_the_exception_of_not_principal() {
    let statement = format!(
        r#"{{"Effect":"Deny","NotPrincipal":{{"AWS":["{ALICE}","{ROOT}"]}},"Action":"s3:*","Resource":"*"}}"#
    );
    let question = |boundary: &str| {
        let text = format!(
            r#"{{"kind":"authorize","dialect":"aws","region":"us-west-2","time":"2026-01-15T12:00:00Z",
                "caller":{{"kind":"user","arn":"{ALICE}","account":"{A}","policies":[{{"from":"x","document":{ALL}}}]{boundary}}},
                "authorizations":[{{"action":"s3:GetObject","resource":{{"arn":"arn:aws:s3:::b/o","account":"{A}",
                "type":"s3:object","policy":{{"Version":"2012-10-17","Statement":{statement}}}}}}}]}}"#
        );
        AwsReference::new().answer(&Question::parse(&text).unwrap()).outcome
    };
    assert_eq!(question(""), Outcome::Allow);
    assert_eq!(question(&format!(r#","boundary":{ALL}"#)), Outcome::ExplicitDeny);
}

#[test]
fn the_one_control_policy_of_resources_that_allows_is_known_exactly() {
    // iam.rcp.effect-deny-only, iam.eval.rcp.full-access-always-there
    let found = |document: &str| {
        let rcps = format!(r#","organization":{{"id":"o-1"}},"rcps":[[{document}]]"#);
        outcome("alice", "", ROOT, true, "", &rcps)
    };
    assert_eq!(found(RCP_FULL), Outcome::Allow);
    for (part, other) in [
        (r#""Action":"*""#, r#""Action":"kms:*""#),
        (r#""Action":"*""#, r#""Action":["*","kms:*"]"#),
        (r#""Action":"*""#, r#""NotAction":"*""#),
        (r#""Resource":"*""#, r#""Resource":"arn:aws:kms:*:*:key/*""#),
        (r#""Resource":"*""#, r#""NotResource":"*""#),
        (r#""Principal":"*""#, r#""Principal":{"AWS":"111122223333"}"#),
        (r#""Principal":"*""#, r#""NotPrincipal":"*""#),
        (r#""Effect":"#, r#""Condition":{"Bool":{"aws:SecureTransport":"true"}},"Effect":"#),
        (r#"{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}"#, r#"[]"#),
    ] {
        let document = RCP_FULL.replace(part, other);
        assert!(document != RCP_FULL && matches!(found(&document), Outcome::Rejected { .. }), "{document}");
    }
}
