//! Decides whom `Principal` reaches: RAM User Guide, "Policy elements"; KMS Developer Guide, SetKeyPolicy; RAM User
//! Guide, "Policy evaluation process of assuming a RAM role".

use kms_model::question::{Caller, CallerKind};
use kms_model::ram::policy::{RamPrincipal, RamPrincipalKind};

/// How a statement reaches the caller, weakest first.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Reach {
    /// As one of its account.
    Account,
    /// By its own name, or that of the role whose session it is.
    Itself,
}

/// `Principal`.
#[derive(Clone, Debug)]
pub struct Principals(Vec<Name>);

/// A principal as a policy names it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Name {
    /// `acs:ram::1234567890123456:*`, `acs:ram::1234567890123456:root`
    Account(Box<str>),
    /// `*`, which some services take.
    Everyone,
    /// An identity provider by its ARN.
    Provider(Box<str>),
    /// A service: `ecs.aliyuncs.com`.
    Service(Box<str>),
    /// A user or role by its ARN.
    UserOrRole(Box<str>),
}

impl Principals {
    /// The principals that the element lists. What cannot be read reaches nobody.
    pub fn new(element: &RamPrincipal) -> Self {
        Self(element.values.iter().filter_map(|(kind, value)| Name::new(*kind, &value.text)).collect())
    }

    /// How the element reaches the caller; `None` if it does not.
    pub fn reach(&self, caller: &Caller) -> Option<Reach> {
        self.0.iter().filter_map(|name| name.reach(caller)).max()
    }
}

impl Name {
    /// Reads a principal. Names are taken as they stand: wildcards within them are not documented.
    pub fn new(kind: RamPrincipalKind, text: &str) -> Option<Self> {
        if kind == RamPrincipalKind::Service {
            return (!text.is_empty()).then(|| Self::Service(text.into()));
        }
        if (kind, text) == (RamPrincipalKind::Ram, "*") {
            return Some(Self::Everyone);
        }
        let (account, name) = text.strip_prefix("acs:ram::")?.split_once(':')?;
        if account.is_empty() || !account.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let named = |prefixes: &[&str]| {
            let rest = prefixes.iter().find_map(|prefix| name.strip_prefix(prefix));
            rest.is_some_and(|rest| !rest.is_empty())
        };
        match (kind, name) {
            (RamPrincipalKind::Ram, "*" | "root") => Some(Self::Account(account.into())),
            (RamPrincipalKind::Ram, _) if named(&["user/", "role/"]) => Some(Self::UserOrRole(text.into())),
            (RamPrincipalKind::Federated, _) if named(&["saml-provider/", "oidc-provider/"]) => {
                Some(Self::Provider(text.into()))
            }
            _ => None,
        }
    }

    fn reach(&self, caller: &Caller) -> Option<Reach> {
        let is = |actual: &Option<String>, name: &str| actual.as_deref() == Some(name);
        let (reach, reached) = match self {
            Self::Account(id) => (Reach::Account, is(&caller.account, id)),
            Self::Everyone => (Reach::Itself, true),
            Self::Provider(arn) => {
                (Reach::Itself, caller.kind == CallerKind::FederatedUser && is(&caller.arn, arn))
            }
            Self::Service(name) => (Reach::Itself, is(&caller.service, name)),
            // A session is reached by its role.
            Self::UserOrRole(arn) => (Reach::Itself, is(&caller.arn, arn) || is(&caller.issuer, arn)),
        };
        reached.then_some(reach)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn caller(text: &str) -> Caller {
        let mut caller = Caller::default();
        let arn = |name: &str| Some(format!("acs:ram::1234567890123456:{name}"));
        (caller.kind, caller.arn) = match text.split_once(' ').unwrap_or((text, "")) {
            ("session", role) => {
                caller.issuer = arn(&format!("role/{role}"));
                (CallerKind::RoleSession, arn(&format!("assumed-role/{role}/s1")))
            }
            ("saml", provider) => (CallerKind::FederatedUser, arn(&format!("saml-provider/{provider}"))),
            ("service", name) => {
                caller.service = Some(name.to_owned());
                (CallerKind::Service, None)
            }
            ("anonymous", _) => (CallerKind::Anonymous, None),
            (user, _) => (CallerKind::User, arn(&format!("user/{user}"))),
        };
        if matches!(caller.kind, CallerKind::User | CallerKind::RoleSession) {
            caller.account = Some("1234567890123456".to_owned());
        }
        caller
    }

    #[test]
    fn principals_reach_callers_by_account_or_name() {
        use RamPrincipalKind::{Federated, Ram, Service};
        let (account, itself) = (Some(Reach::Account), Some(Reach::Itself));
        for (kind, name, by, expected) in [
            (Ram, "acs:ram::1234567890123456:user/alice", "alice", itself), // ram.kms.keypolicy.principal-match
            (Ram, "acs:ram::1234567890123456:user/alice", "carol", None),
            (Ram, "acs:ram::1234567890123456:user/Alice", "alice", None),
            (Ram, "acs:ram::6543210987654321:user/alice", "alice", None),
            (Ram, "acs:ram::1234567890123456:role/App", "session App", itself),
            (Ram, "acs:ram::1234567890123456:role/App", "session Admin", None),
            (Ram, "acs:ram::1234567890123456:user/App", "session App", None),
            (Ram, "acs:ram::1234567890123456:*", "alice", account),
            (Ram, "acs:ram::1234567890123456:root", "session App", account),
            (Ram, "acs:ram::6543210987654321:root", "alice", None),
            (Ram, "acs:ram::1234567890123456:*", "service ecs.aliyuncs.com", None),
            (Ram, "acs:ram::1234567890123456:*", "saml idp", None),
            (Ram, "acs:ram::1234567890123456:user/*", "alice", None),
            (Ram, "acs:ram::*:root", "alice", None),
            (Ram, "arn:aws:iam::1234567890123456:user/alice", "alice", None),
            (Ram, "*", "anonymous", itself),
            (Federated, "acs:ram::1234567890123456:saml-provider/idp", "saml idp", itself), // ram.combine.assume-role-sso
            (Federated, "acs:ram::1234567890123456:saml-provider/idp", "saml other", None),
            (Federated, "acs:ram::1234567890123456:user/alice", "alice", None),
            (Ram, "acs:ram::1234567890123456:saml-provider/idp", "saml idp", None),
            (Service, "ecs.aliyuncs.com", "service ecs.aliyuncs.com", itself),
            (Service, "ecs.aliyuncs.com", "service oss.aliyuncs.com", None),
        ] {
            let reach = Name::new(kind, name).and_then(|name| name.reach(&caller(by)));
            assert_eq!(reach, expected, "{kind:?} {name} by {by}");
        }
    }
}
