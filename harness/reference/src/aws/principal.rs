//! Decides whom `Principal` and `NotPrincipal` reach, and by which of the caller's identities: IAM User Guide, "AWS
//! JSON policy elements: Principal", "… NotPrincipal".

use kms_model::arn::{Arn, is_account};
use kms_model::policy::{self, Effect, PrincipalKind};
use kms_model::question::{Caller, CallerKind};

use super::request::partition_of_caller;

/// How a statement reaches the caller, weakest first.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Reach {
    /// By its account. That only lets policies of the account decide; it permits nothing by itself.
    Account,
    /// By the role or user that its session was made from.
    Issuer,
    /// By its own name, or as one of everybody.
    Itself,
}

/// `Principal` or `NotPrincipal`.
#[derive(Clone, Debug)]
pub struct Principals {
    negated: bool,
    names: Vec<Name>,
}

/// A principal as a policy or a grant names it.
#[derive(Clone, Debug)]
pub enum Name {
    /// `arn:aws:iam::111122223333:root`, or `111122223333` without a partition.
    Account { partition: Option<Box<str>>, id: Box<str> },
    /// A user, role or session by its ARN.
    Arn(Box<str>),
    /// `{ "AWS": "*" }`
    AwsEveryone,
    /// `"*"`
    Everyone,
    /// What is no caller: a federated or canonical user, the id of a deleted user.
    Nobody,
    /// A service principal.
    Service(Box<str>),
}

impl Principals {
    /// The principals that the element lists.
    pub fn new(element: &policy::Principal) -> Self {
        let names = element.values.iter().map(|(kind, value)| Name::new(*kind, &value.text)).collect();
        Self { negated: element.negated, names }
    }

    /// How the element reaches the caller; `None` if it does not.
    pub fn reach(&self, caller: &Caller, effect: Effect) -> Option<Reach> {
        if self.negated {
            // Who has a permissions boundary is denied whatever is listed: "AWS JSON policy elements: NotPrincipal".
            let excepted = self.excepts(caller) && (effect == Effect::Allow || caller.boundary.is_none());
            return (!excepted).then_some(Reach::Itself);
        }
        self.names.iter().filter_map(|name| name.reach(caller, effect)).max()
    }

    /// Whether `NotPrincipal` excepts the caller. It must list the caller and all that stands above: the page says
    /// that a statement which lists a session without its role, or a user without the account, may deny them all the
    /// same. An account alone excepts only its root user.
    fn excepts(&self, caller: &Caller) -> bool {
        let reached =
            |wanted| self.names.iter().any(|name| name.reach(caller, Effect::Allow) == Some(wanted));
        match caller.kind {
            CallerKind::Anonymous | CallerKind::Root | CallerKind::Service => reached(Reach::Itself),
            _ if self.names.iter().any(|name| matches!(name, Name::AwsEveryone | Name::Everyone)) => true,
            CallerKind::RoleSession | CallerKind::FederatedUser => {
                reached(Reach::Itself) && reached(Reach::Issuer) && reached(Reach::Account)
            }
            _ => reached(Reach::Itself) && reached(Reach::Account),
        }
    }
}

impl Name {
    fn new(kind: PrincipalKind, text: &str) -> Self {
        match kind {
            PrincipalKind::Everyone => Self::Everyone,
            PrincipalKind::Service => Self::Service(text.into()),
            PrincipalKind::CanonicalUser | PrincipalKind::Federated => Self::Nobody,
            PrincipalKind::Aws if text == "*" => Self::AwsEveryone,
            PrincipalKind::Aws if is_account(text) => Self::Account { partition: None, id: text.into() },
            PrincipalKind::Aws => match Arn::parse(text) {
                Some(Arn { service: "iam", region: "", resource: "root", partition, account }) => {
                    Self::Account { partition: Some(partition.into()), id: account.into() }
                }
                Some(_) => Self::Arn(text.into()),
                None => Self::Nobody,
            },
        }
    }

    /// The principal that a grant names: a service, or anybody with an ARN. Nobody is everybody there.
    pub fn of_grant(text: &str) -> Self {
        match text {
            "*" => Self::Nobody,
            service if !service.starts_with("arn:") && !is_account(service) => Self::Service(service.into()),
            principal => Self::new(PrincipalKind::Aws, principal),
        }
    }

    /// How a grant that names it reaches the caller.
    pub fn reaches(&self, caller: &Caller) -> Option<Reach> {
        self.reach(caller, Effect::Allow)
    }

    fn reach(&self, caller: &Caller, effect: Effect) -> Option<Reach> {
        match self {
            Self::Account { partition, id } => {
                let here = partition.is_none() || partition.as_deref() == partition_of_caller(caller);
                let member = here && caller.account.as_ref().is_some_and(|account| **account == **id);
                // The root user has no policies that could decide: for it the account is its own name.
                let reach = if caller.kind == CallerKind::Root { Reach::Itself } else { Reach::Account };
                member.then_some(reach)
            }
            Self::Arn(arn) if caller.arn.as_deref() == Some(arn) => Some(Reach::Itself),
            Self::Arn(arn) if caller.issuer.as_deref() == Some(arn) => Some(Reach::Issuer),
            // No page says whether this form reaches services: it denies them, and does not allow them.
            Self::AwsEveryone if caller.kind == CallerKind::Service && effect == Effect::Allow => None,
            Self::AwsEveryone | Self::Everyone => Some(Reach::Itself),
            Self::Service(service) if caller.service.as_deref() == Some(service) => Some(Reach::Itself),
            Self::Arn(_) | Self::Nobody | Self::Service(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kms_model::policy::Policy;

    fn caller(text: &str) -> Caller {
        let iam = |name: &str| format!("arn:aws:iam::111122223333:{name}");
        let sts = |name: &str| format!("arn:aws:sts::111122223333:{name}");
        let mut caller = Caller::default();
        caller.account = Some("111122223333".to_owned());
        match text.split_once(' ').unwrap_or((text, "")) {
            ("session", role) => {
                caller.kind = CallerKind::RoleSession;
                caller.arn = Some(sts("assumed-role/App/s1"));
                caller.issuer = Some(iam(role));
            }
            ("federated", _) => {
                caller.kind = CallerKind::FederatedUser;
                caller.arn = Some(sts("federated-user/f"));
                caller.issuer = Some(iam("user/alice"));
            }
            ("root", _) => {
                caller.kind = CallerKind::Root;
                caller.arn = Some(iam("root"));
            }
            ("service", name) => {
                caller.kind = CallerKind::Service;
                caller.account = None;
                caller.service = Some(name.to_owned());
            }
            ("anonymous", _) => caller.account = None,
            (user, _) => {
                caller.kind = CallerKind::User;
                caller.arn = Some(iam(user));
            }
        }
        caller
    }

    fn reach(element: &str, by: &str, effect: Effect) -> Option<Reach> {
        let text = format!(r#"{{"Statement":{{"Effect":"Allow",{element}}}}}"#);
        let policy = Policy::read(&text).unwrap();
        Principals::new(policy.statements[0].principal.as_ref().unwrap()).reach(&caller(by), effect)
    }

    #[test]
    fn principals_reach_callers_by_the_right_identity() {
        let (account, issuer, itself) = (Some(Reach::Account), Some(Reach::Issuer), Some(Reach::Itself));
        for (element, by, expected) in [
            (r#""*""#, "user/alice", itself),               // iam.principal.star-string
            (r#""*""#, "anonymous", itself),                // iam.principal.star-string
            (r#""*""#, "service s3.amazonaws.com", itself), // iam.principal.star-string
            (r#"{"AWS":"*"}"#, "anonymous", itself),        // iam.principal.star-map-equivalent-anonymous
            (r#"{"AWS":"*"}"#, "root", itself),
            (r#"{"AWS":"*"}"#, "service s3.amazonaws.com", None),
            (r#"{"AWS":"111122223333"}"#, "user/alice", account), // iam.principal.aws.account-id-short
            (r#"{"AWS":"444455556666"}"#, "user/alice", None),
            (r#"{"AWS":"111122223333"}"#, "root", itself), // iam.principal.aws.root-user-is-in-account
            (r#"{"AWS":"111122223333"}"#, "service s3.amazonaws.com", None),
            (r#"{"AWS":"arn:aws:iam::111122223333:root"}"#, "session role/App", account),
            (r#"{"AWS":"arn:aws-cn:iam::111122223333:root"}"#, "user/alice", None), // iam.principal.aws.partition-boundary
            (r#"{"AWS":"arn:aws:iam::111122223333:user/alice"}"#, "user/alice", itself),
            (r#"{"AWS":"arn:aws:iam::111122223333:user/Alice"}"#, "user/alice", None),
            (r#"{"AWS":"arn:aws:iam::111122223333:user/alice"}"#, "user/eng/alice", None),
            (r#"{"AWS":"arn:aws:iam::111122223333:user/alice"}"#, "federated", issuer),
            (r#"{"AWS":"arn:aws:sts::111122223333:federated-user/f"}"#, "federated", itself),
            (r#"{"AWS":"arn:aws:iam::111122223333:role/team/App"}"#, "session role/team/App", issuer),
            (r#"{"AWS":"arn:aws:iam::111122223333:role/App"}"#, "session role/team/App", None),
            (r#"{"AWS":"arn:aws:sts::111122223333:assumed-role/App/s1"}"#, "session role/App", itself),
            (r#"{"AWS":"arn:aws:sts::111122223333:assumed-role/App/s2"}"#, "session role/App", None),
            (r#"{"AWS":"arn:aws:sts::111122223333:assumed-role/App/*"}"#, "session role/App", None),
            (r#"{"AWS":"arn:aws:iam::111122223333:user/*"}"#, "user/alice", None),
            (r#"{"AWS":"AIDAEXAMPLEEXAMPLE123"}"#, "user/alice", None),
            (r#"{"Service":"s3.amazonaws.com"}"#, "service s3.amazonaws.com", itself),
            (r#"{"Service":"s3.amazonaws.com"}"#, "service s3.ap-east-1.amazonaws.com", None),
            (r#"{"Service":"*"}"#, "service s3.amazonaws.com", None),
            (r#"{"Federated":"accounts.google.com"}"#, "federated", None),
            (r#"{"CanonicalUser":"79a59df900b949e55d96a1e698fbaced"}"#, "user/alice", None),
            (r#"{"AWS":["111122223333","arn:aws:iam::111122223333:role/App"]}"#, "session role/App", issuer),
        ] {
            assert_eq!(
                reach(&format!(r#""Principal":{element}"#), by, Effect::Allow),
                expected,
                "{element} by {by}"
            );
        }
        // Silent for services: the form denies them.
        assert_eq!(reach(r#""Principal":{"AWS":"*"}"#, "service s3.amazonaws.com", Effect::Deny), itself);
    }

    #[test]
    fn not_principal_excepts_only_who_is_listed_with_all_above() {
        const ROOT: &str = "arn:aws:iam::111122223333:root";
        const ALICE: &str = "arn:aws:iam::111122223333:user/alice";
        const ROLE: &str = "arn:aws:iam::111122223333:role/App";
        const SESSION: &str = "arn:aws:sts::111122223333:assumed-role/App/s1";
        for (listed, by, excepted) in [
            (&[ALICE, ROOT][..], "user/alice", true), // iam.notprincipal.deny-all-except
            (&[ALICE, ROOT], "user/carol", false),    // iam.notprincipal.account-listed-exempts-account
            (&[ALICE], "user/alice", false),          // iam.notprincipal.needs-account-arn
            (&[SESSION, ROLE, ROOT], "session role/App", true),
            (&[ROLE, ROOT], "session role/App", false),
            (&[SESSION, ROOT], "session role/App", false),
            (&[ROOT], "root", true),
            (&[ROOT], "service s3.amazonaws.com", false),
            (&[ROOT], "anonymous", false),
            (&["*"], "user/alice", true),
        ] {
            let element = format!(r#""NotPrincipal":{{"AWS":{listed:?}}}"#);
            assert_eq!(reach(&element, by, Effect::Deny).is_none(), excepted, "{element} by {by}");
        }
        assert_eq!(
            reach(
                r#""NotPrincipal":{"Service":"s3.amazonaws.com"}"#,
                "service s3.amazonaws.com",
                Effect::Deny
            ),
            None
        );
    }
}
