//! Decides the faults about whom a policy of a resource reaches by the principals that it names.

use kms_model::Question;
use kms_model::arn::Arn;
use kms_model::question::{Caller, CallerKind};

use super::super::parts::{Name, is_account, is_identity, listed, mentions, names, without};
use super::super::{Change, Fault};
use crate::edit::place::Place;
use crate::edit::{covers, has_effect};
use crate::relations::build::request;

/// The faults.
pub const TABLE: &[Fault] = &[
    Fault::new(
        "aws-account-principal-is-everybody-in-it",
        "iam.principal.aws.account-delegates-only",
        "naming an account allows each of its users and roles, without any identity policy",
        Change::Question(account_is_direct),
    )
    .gross("the best known of all misreadings of key policies, and most key policies name the account"),
    Fault::new(
        "aws-account-id-is-no-principal",
        "iam.principal.aws.account-id-short",
        "the bare id of an account names nobody",
        Change::Question(account_id_is_nobody),
    ),
    Fault::new(
        "aws-user-arn-only-delegates",
        "iam.eval.same-account.rbp-user-arn-direct",
        "a user whom a resource policy names still needs an identity policy",
        Change::Question(user_delegates),
    ),
    Fault::new(
        "aws-role-arn-only-delegates",
        "iam.eval.same-account.rbp-role-arn-no-identity-needed",
        "a session whose role a resource policy names still needs an identity policy",
        Change::Question(role_delegates),
    ),
    Fault::new(
        "aws-everybody-only-delegates",
        "iam.eval.same-account.rbp-star-direct",
        "where everybody is allowed, users and roles of the account still need an identity policy",
        Change::Question(star_delegates),
    ),
    Fault::new(
        "aws-session-arn-is-its-role",
        "iam.principal.aws.session-arn",
        "naming one session of a role names them all",
        Change::Question(session_is_role),
    ),
    Fault::new(
        "aws-deny-of-a-role-spares-its-sessions",
        "kms.key-policy.deny-on-role-covers-sessions",
        "a Deny that names a role compares its ARN with that of the session",
        Change::Question(deny_spares_sessions),
    ),
    Fault::new(
        "aws-principal-paths-are-left-out",
        "iam.principal.aws.user-path-included",
        "users and roles are told apart by their last name, whatever their path",
        Change::Question(without_paths),
    ),
    Fault::new(
        "aws-principal-case-does-not-count",
        "iam.principal.aws.user-name-case-sensitive",
        "letter case does not count in the ARNs of principals",
        Change::Question(in_any_case),
    ),
    Fault::new(
        "aws-principals-are-patterns",
        "iam.principal.aws.no-partial-wildcard",
        "wildcards in the ARN of a principal stand for parts of it",
        Change::Question(patterns),
    ),
    Fault::new(
        "aws-federated-users-are-their-user",
        "iam.eval.same-account.federated-via-user-arn-limited",
        "a grant to the user who federated is like one to the federated session",
        Change::Question(federated_is_user),
    ),
    Fault::new(
        "aws-user-arn-does-not-reach-federated-sessions",
        "iam.principal.aws.user-arn-covers-federated",
        "the ARN of the user who federated does not reach the federated session",
        Change::Question(federated_is_not_user),
    ),
    Fault::new(
        "aws-services-belong-to-the-account",
        "kms.key-policy.service-principal-not-in-account",
        "services are covered where the account of the key is named",
        Change::Question(services_in_account),
    ),
    Fault::new(
        "aws-service-names-lose-their-region",
        "iam.principal.service.exact",
        "a service is known by the first part of its principal, whichever Region the rest names",
        Change::Question(services_without_region),
    ),
    Fault::new(
        "aws-service-principal-covers-forwarded-requests",
        "iam.principal.service.not-role-of-service",
        "a statement for a service allows what it does for a user, and what is done in roles that services assume",
        Change::Question(forwarded_is_service),
    ),
    Fault::new(
        "aws-star-in-a-map-is-who-signs",
        "iam.principal.star-map-equivalent-anonymous",
        "an asterisk as AWS principal is everybody with credentials only",
        Change::Question(star_in_map_signs),
    ),
    Fault::new(
        "aws-nobody-is-anonymous",
        "iam.eval.anonymous.resource-policy-star",
        "requests that are not signed are refused, whatever a resource policy says",
        Change::Question(nobody_is_anonymous),
    ),
    Fault::new(
        "aws-only-the-first-principal-counts",
        "iam.principal.or",
        "of several principals of a statement the first is read",
        Change::Question(first_principal),
    ),
];

fn account_is_direct(question: &Question) -> Option<Question> {
    let caller = &request(question)?.caller;
    let account = caller.account.as_ref().filter(|_| is_identity(caller))?;
    let arn = caller.arn.as_ref()?;
    names(question, "Allow", |_, _, name| turned(is_account(name, account), arn))
}

fn account_id_is_nobody(question: &Question) -> Option<Question> {
    let account = request(question)?.caller.account.as_ref()?;
    let bare = |_: &str, name: &str| if name == account { Name::Drop } else { Name::Keep };
    let denied = names(question, "Deny", |_, kind, name| bare(kind, name));
    let allowed = names(denied.as_ref().unwrap_or(question), "Allow", |_, kind, name| bare(kind, name));
    allowed.or(denied)
}

fn user_delegates(question: &Question) -> Option<Question> {
    let caller = &request(question)?.caller;
    delegates(question, caller.arn.as_ref().filter(|_| caller.kind == CallerKind::User)?)
}

fn role_delegates(question: &Question) -> Option<Question> {
    let caller = &request(question)?.caller;
    delegates(question, caller.issuer.as_ref().filter(|_| caller.kind == CallerKind::RoleSession)?)
}

fn star_delegates(question: &Question) -> Option<Question> {
    let caller = &request(question)?.caller;
    if !is_identity(caller) {
        return None;
    }
    delegates(question, "*")
}

/// The question in which an Allow that names the caller so names its account.
fn delegates(question: &Question, named: &str) -> Option<Question> {
    let account = request(question)?.caller.account.as_ref()?;
    names(question, "Allow", |_, _, name| turned(name == named, account))
}

fn turned(is_meant: bool, into: &str) -> Name {
    if is_meant { Name::Turn("AWS", into.to_owned()) } else { Name::Keep }
}

fn session_is_role(question: &Question) -> Option<Question> {
    let caller = &request(question)?.caller;
    let arn = caller.arn.as_ref().filter(|_| caller.kind == CallerKind::RoleSession)?;
    let (role, _) = arn.rsplit_once('/')?;
    turn_into_caller(question, caller, |name| {
        name != arn && name.rsplit_once('/').is_some_and(|(of, _)| of == role)
    })
}

fn deny_spares_sessions(question: &Question) -> Option<Question> {
    let caller = &request(question)?.caller;
    let role = caller.issuer.as_ref().filter(|_| caller.kind == CallerKind::RoleSession)?;
    names(question, "Deny", |_, _, name| if name == role { Name::Drop } else { Name::Keep })
}

fn without_paths(question: &Question) -> Option<Question> {
    let caller = &request(question)?.caller;
    let own = Arn::parse(caller.issuer.as_deref().or(caller.arn.as_deref())?)?;
    let (kind, name) = own.resource.split_once('/')?;
    let last = |path: &str| path.rsplit('/').next().map(str::to_owned);
    turn_into_caller(question, caller, |other| {
        let Some(other) = Arn::parse(other) else { return false };
        other.resource != own.resource
            && (other.service, other.account) == (own.service, own.account)
            && other.resource.split_once('/').is_some_and(|(of, path)| of == kind && last(path) == last(name))
    })
}

fn in_any_case(question: &Question) -> Option<Question> {
    let caller = &request(question)?.caller;
    turn_into_caller(question, caller, |name| {
        let own = [&caller.arn, &caller.issuer];
        own.into_iter().flatten().any(|arn| arn != name && arn.eq_ignore_ascii_case(name))
    })
}

fn patterns(question: &Question) -> Option<Question> {
    let caller = &request(question)?.caller;
    turn_into_caller(question, caller, |name| {
        let own = [&caller.arn, &caller.issuer];
        name != "*" && name.contains(['*', '?']) && own.into_iter().flatten().any(|arn| covers(name, arn))
    })
}

/// The question in which principals that are taken for the caller, or for the role that its session is of, are that.
fn turn_into_caller(
    question: &Question,
    caller: &Caller,
    is_caller: impl Fn(&str) -> bool,
) -> Option<Question> {
    let own = caller.issuer.as_ref().or(caller.arn.as_ref()).filter(|_| is_identity(caller))?;
    let turn = |_: &str, name: &str| turned(is_caller(name), own);
    let denied = names(question, "Deny", |_, kind, name| turn(kind, name));
    let allowed = names(denied.as_ref().unwrap_or(question), "Allow", |_, kind, name| turn(kind, name));
    allowed.or(denied)
}

fn federated_is_user(question: &Question) -> Option<Question> {
    let caller = &request(question)?.caller;
    let arn = caller.arn.as_ref().filter(|_| caller.kind == CallerKind::FederatedUser)?;
    names(question, "Allow", |_, _, name| turned(Some(name) == caller.issuer.as_deref(), arn))
}

fn federated_is_not_user(question: &Question) -> Option<Question> {
    let caller = &request(question)?.caller;
    let user = caller.issuer.as_ref().filter(|_| caller.kind == CallerKind::FederatedUser)?;
    names(question, "Allow", |_, _, name| if name == user { Name::Drop } else { Name::Keep })
}

fn services_in_account(question: &Question) -> Option<Question> {
    let ask = request(question)?;
    let service = ask.caller.service.as_ref()?;
    names(question, "Allow", |at, _, name| {
        let one = at.place.authorization().and_then(|of| ask.authorizations.get(of));
        match one.is_some_and(|one| is_account(name, &one.resource.account)) {
            true => Name::Turn("Service", service.clone()),
            false => Name::Keep,
        }
    })
}

fn services_without_region(question: &Question) -> Option<Question> {
    let service = request(question)?.caller.service.as_ref()?;
    let first = |name: &str| name.split('.').next().map(str::to_owned);
    names(question, "Allow", |_, kind, name| {
        let same = kind == "Service" && name != service && first(name) == first(service);
        if same { Name::Turn("Service", service.clone()) } else { Name::Keep }
    })
}

fn forwarded_is_service(question: &Question) -> Option<Question> {
    let ask = request(question)?;
    let arn = ask.caller.arn.as_ref().filter(|_| is_identity(&ask.caller))?;
    let calls = |name: &str| ask.via.iter().any(|service| service == name);
    // A role that a service has assumed is another case of the same mistake.
    let assumed = ask.via.is_empty() && ask.caller.kind == CallerKind::RoleSession;
    names(question, "Allow", |_, kind, name| turned(kind == "Service" && (assumed || calls(name)), arn))
}

fn star_in_map_signs(question: &Question) -> Option<Question> {
    if request(question)?.caller.kind != CallerKind::Anonymous {
        return None;
    }
    names(
        question,
        "Allow",
        |_, kind, name| if (kind, name) == ("AWS", "*") { Name::Drop } else { Name::Keep },
    )
}

fn nobody_is_anonymous(question: &Question) -> Option<Question> {
    if request(question)?.caller.kind != CallerKind::Anonymous {
        return None;
    }
    names(question, "Allow", |_, _, _| Name::Drop)
}

fn first_principal(question: &Question) -> Option<Question> {
    if !mentions(question, "Principal") {
        return None;
    }
    let caller = &request(question)?.caller;
    let own = [&caller.arn, &caller.issuer, &caller.account, &caller.service];
    let reaches = |name: &str| {
        let account = caller.account.as_ref().is_some_and(|account| is_account(name, account));
        name == "*" || account || own.into_iter().flatten().any(|own| own == name)
    };
    without(question, |statement, at| {
        let named = listed(statement, "Principal");
        matches!(at.place, Place::Resource(_))
            && (has_effect(statement, "Allow") || has_effect(statement, "Deny"))
            && named.len() > 1
            && named.first().is_some_and(|(_, name)| !reaches(name))
    })
}
