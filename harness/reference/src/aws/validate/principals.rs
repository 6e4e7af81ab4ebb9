//! Decides whom a policy may name as principal: IAM User Guide, "AWS JSON policy elements: Principal"; KMS Developer
//! Guide, "Key policies in AWS KMS".

use kms_model::arn::{Arn, is_account};
use kms_model::policy::{Effect, Principal, PrincipalKind, Statement, Text};
use kms_model::shape::Problem;

use super::rules::Principals;

/// Reports what is wrong with the principals of a statement.
pub fn check(wanted: Principals, statement: &Statement, problems: &mut Vec<Problem>) {
    let principal = match (wanted, &statement.principal) {
        (Principals::Forbidden, None) => return,
        (Principals::Forbidden, Some(principal)) => {
            let message = "a policy of this type names no principal: it is about whom it is attached to";
            problems.push(Problem::new(principal.span, message));
            return;
        }
        (_, None) => {
            problems
                .push(Problem::new(statement.span, "a statement of a policy of this type needs `Principal`"));
            return;
        }
        (_, Some(principal)) => principal,
    };
    if wanted == Principals::Star {
        if principal.negated || !matches!(principal.values.as_slice(), [(PrincipalKind::Everyone, _)]) {
            problems
                .push(Problem::new(principal.span, "`Principal` can only be `*` in a policy of this type"));
        }
        return;
    }
    check_list(wanted, statement.effect, principal, problems);
    for (kind, value) in &principal.values {
        if let Some(message) = refusal(wanted, *kind, value) {
            problems.push(Problem::new(value.span, message));
        }
    }
}

fn check_list(wanted: Principals, effect: Effect, principal: &Principal, problems: &mut Vec<Problem>) {
    // An empty `Principal` matches nobody, which other services take; an empty `NotPrincipal` would match everybody.
    if principal.values.is_empty() && (wanted == Principals::Kms || principal.negated) {
        problems.push(Problem::new(principal.span, "a statement names at least one principal"));
    }
    if principal.negated && effect == Effect::Allow {
        problems.push(Problem::new(principal.span, "`NotPrincipal` cannot be used with `Allow`"));
    }
}

fn refusal(wanted: Principals, kind: PrincipalKind, value: &Text) -> Option<String> {
    let text = &value.text;
    match kind {
        PrincipalKind::Everyone => None,
        PrincipalKind::Aws if is_aws_principal(text) => None,
        PrincipalKind::Aws => Some(format!(
            "`{text}` is no principal: expected `*`, an account, or the ARN of a user, role or session, spelled out"
        )),
        PrincipalKind::Service if is_service(text) => None,
        PrincipalKind::Service => Some(format!("`{text}` is no service principal")),
        PrincipalKind::CanonicalUser | PrincipalKind::Federated if wanted == Principals::Kms => {
            Some(format!("a key policy cannot name `{text}`, a federated or canonical user"))
        }
        PrincipalKind::CanonicalUser | PrincipalKind::Federated => None,
    }
}

/// The documented forms. Groups are none, nor is anything with a wildcard or variable in it. The id of a deleted user
/// or role is one, since stored policies show it.
fn is_aws_principal(text: &str) -> bool {
    if text == "*" || is_account(text) || is_unique_id(text) {
        return true;
    }
    let Some(arn) = Arn::parse(text) else { return false };
    let known_partition = arn.partition.starts_with("aws") && !arn.partition.contains(['*', '?']);
    if !known_partition || !arn.region.is_empty() || !is_account(arn.account) {
        return false;
    }
    match (arn.service, arn.resource.split_once('/')) {
        ("iam", None) => arn.resource == "root",
        ("iam", Some(("user" | "role", name))) => is_path_and_name(name),
        ("sts", Some(("federated-user", name))) => is_name(name),
        ("sts", Some(("assumed-role", names))) => {
            names.split_once('/').is_some_and(|(role, session)| is_name(role) && is_name(session))
        }
        _ => false,
    }
}

/// A name with a path before it: paths hold any printable ASCII characters, but never a wildcard here.
fn is_path_and_name(text: &str) -> bool {
    let (path, name) = text.rsplit_once('/').unwrap_or(("", text));
    is_name(name) && path.bytes().all(|byte| byte.is_ascii_graphic() && !b"*?$".contains(&byte))
}

/// IAM User Guide, "IAM and AWS STS quotas": names hold letters, digits and `+=,.@_-`; federated names a colon too.
fn is_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+=,.@_-:".contains(&byte))
}

/// IAM User Guide, "IAM identifiers": unique ids of users and roles.
fn is_unique_id(text: &str) -> bool {
    let known = text.starts_with("AIDA") || text.starts_with("AROA");
    known && text.len() >= 16 && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
}

fn is_service(text: &str) -> bool {
    let characters = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-".contains(&byte));
    characters && text.split('.').count() > 1 && text.split('.').all(|label| !label.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_documented_forms_are_principals() {
        for (text, expected) in [
            ("*", true),
            ("111122223333", true),
            ("arn:aws:iam::111122223333:root", true),
            ("arn:aws-cn:iam::111122223333:user/eng/alice", true),
            (
                "arn:aws:iam::111122223333:role/aws-service-role/cks.kms.amazonaws.com/AWSServiceRoleForX",
                true,
            ),
            ("arn:aws:sts::111122223333:assumed-role/App/s1", true),
            ("arn:aws:sts::111122223333:federated-user/f", true),
            ("AROAEXAMPLEEXAMPLE12", true), // iam.principal.aws.unique-id-stale
            ("", false),
            ("alice", false),
            ("11112222333", false),
            ("arn:aws:iam::111122223333:user/", false),
            ("arn:aws:iam::111122223333:user/*", false), // iam.principal.aws.no-partial-wildcard
            ("arn:aws:iam::111122223333:user/a?", false),
            ("arn:aws:iam::*:root", false),
            ("arn:*:iam::111122223333:root", false),
            ("arn:aws*:iam::111122223333:root", false),
            ("arn:gcp:iam::111122223333:root", false),
            ("arn:aws:iam::111122223333:user/a*/b", false),
            ("AIDAEXAMPLE", false),
            ("AIDAexampleexample12", false),
            ("ANPAEXAMPLEEXAMPLE12", false),
            ("arn:aws:iam::111122223333:group/Devs", false), // iam.principal.aws.group-invalid
            ("arn:aws:sts::111122223333:assumed-role/App/*", false), // iam.principal.aws.session-no-wildcard
            ("arn:aws:sts::111122223333:assumed-role/App", false),
            ("arn:aws:iam::111122223333:user/${aws:username}", false), // iam.variable.not-in-principal
            ("arn:aws:iam:us-east-1:111122223333:root", false),
            ("arn:aws:s3:::b", false),
        ] {
            assert_eq!(is_aws_principal(text), expected, "{text}");
        }
    }

    #[test]
    fn services_are_named_in_full() {
        for (text, expected) in [
            ("s3.amazonaws.com", true),
            ("s3.cn-north-1.amazonaws.com.cn", true),
            ("*", false), // iam.principal.service.no-star
            ("s3*.amazonaws.com", false),
            ("s3", false),
            ("s3..com", false),
            ("", false),
        ] {
            assert_eq!(is_service(text), expected, "{text}");
        }
    }
}
