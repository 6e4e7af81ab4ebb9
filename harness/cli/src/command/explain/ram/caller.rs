//! Decides who a caller of the ram dialect is that is named by ARN, and how a suite writes it.

use serde_json::{Map, Value, json};

use super::{account_name, is_account};

/// Who asks.
#[derive(Debug)]
pub struct Caller {
    /// As the check of a suite writes it; an account is named by [`account_name`].
    pub name: String,
    /// The account, for a caller that has one.
    pub account: Option<String>,
    /// What it is.
    pub kind: Kind,
}

/// What a caller is.
#[derive(Debug, Eq, PartialEq)]
pub enum Kind {
    /// A service, or nobody in particular.
    Foreign,
    /// An account itself.
    Root,
    /// A session of a role.
    Session {
        /// The role's name.
        role: String,
    },
    /// A user.
    User,
}

impl Caller {
    /// Reads a caller.
    ///
    /// # Errors
    /// What is wrong with it, and what would be right.
    pub fn parse(text: &str) -> Result<Self, String> {
        if text == "anonymous" || text.strip_prefix("service:").is_some_and(|name| name.contains('.')) {
            return Ok(Self { name: text.to_owned(), account: None, kind: Kind::Foreign });
        }
        let wrong = |why: &str| Err(format!("`--caller` is `{text}`: {why}"));
        let Some((account, resource)) = text.strip_prefix("acs:ram::").and_then(|rest| rest.split_once(':'))
        else {
            return wrong(
                "expected the ARN of a user (`acs:ram::1234567890123456:user/alice`), of an assumed-role session or of \
                 an account's root, `service:ecs.aliyuncs.com` or `anonymous`",
            );
        };
        if !is_account(account) {
            return wrong("the account of an ARN has 16 digits");
        }
        let caller =
            |name: &str, kind| Ok(Self { name: name.to_owned(), account: Some(account.to_owned()), kind });
        match resource.split_once('/').unwrap_or((resource, "")) {
            ("root", "") => caller(&format!("root:{}", account_name(account)), Kind::Root),
            // The suite format takes the user's name for the caller without credentials.
            ("user", "anonymous") => wrong("a user of this name cannot be asked about"),
            ("user", name) if is_name(name) => caller(name, Kind::User),
            ("role", name) => wrong(&format!(
                "a role does not call, its sessions do: name one, as in `acs:ram::{account}:assumed-role/{name}/session`"
            )),
            ("assumed-role", session) => match session.split_once('/') {
                Some((role, name)) if is_name(role) && is_name(name) => {
                    caller(session, Kind::Session { role: role.to_owned() })
                }
                _ => wrong(&format!(
                    "expected a role and a session, `acs:ram::{account}:assumed-role/App/session`"
                )),
            },
            ("saml-provider" | "oidc-provider", _) => {
                wrong("who is signed in by an identity provider has to assume a role before it can call KMS")
            }
            _ => wrong("expected the ARN of a user, of an assumed-role session or of an account's root"),
        }
    }

    /// What the world must hold for this caller.
    pub fn world(&self, policies: Vec<Value>, session_policy: Option<Value>) -> Map<String, Value> {
        let account = self.account.as_deref().map(account_name).unwrap_or_default();
        let own = json!({ "account": account, "policies": policies });
        let mut world = Map::new();
        match &self.kind {
            Kind::Foreign | Kind::Root => {}
            Kind::User => {
                world.insert("users".to_owned(), json!({ &self.name: own }));
            }
            Kind::Session { role } => {
                world.insert("roles".to_owned(), json!({ role: own }));
                if let Some(policy) = session_policy {
                    world.insert("sessions".to_owned(), json!({ &self.name: { "policy": policy } }));
                }
            }
        }
        world
    }
}

/// Whether a text can be the name of a user, role or session.
fn is_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"_+=,.@-".contains(&b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn callers_are_read_off_their_arns() {
        for (text, name, account, kind) in [
            ("acs:ram::1234567890123456:user/alice", "alice", Some("1234567890123456"), Kind::User),
            (
                "acs:ram::6543210987654321:assumed-role/Eng/s1",
                "Eng/s1",
                Some("6543210987654321"),
                Kind::Session { role: "Eng".to_owned() },
            ),
            ("acs:ram::1234567890123456:root", "root:A", Some("1234567890123456"), Kind::Root),
            ("acs:ram::9999000099990000:root", "root:9999000099990000", Some("9999000099990000"), Kind::Root),
            ("service:ecs.aliyuncs.com", "service:ecs.aliyuncs.com", None, Kind::Foreign),
            ("anonymous", "anonymous", None, Kind::Foreign),
        ] {
            let caller = Caller::parse(text).unwrap();
            assert_eq!((caller.name.as_str(), caller.account.as_deref(), caller.kind), (name, account, kind));
        }
    }

    #[test]
    fn others_are_refused_with_what_would_be_right() {
        for (text, part) in [
            ("alice", "expected the ARN"),
            ("service:ecs", "expected the ARN"),
            ("acs:ram::1234567890123456:role/App", "acs:ram::1234567890123456:assumed-role/App/session"),
            ("acs:ram::111122223333:user/alice", "16 digits"),
            ("acs:ram::1234567890123456:group/Admins", "expected the ARN"),
            ("acs:ram::1234567890123456:user/", "expected the ARN"),
            ("acs:ram::1234567890123456:user/eng/alice", "expected the ARN"),
            ("acs:ram::1234567890123456:user/anonymous", "cannot be asked about"),
            ("acs:ram::1234567890123456:assumed-role/App", "a role and a session"),
            ("acs:ram::1234567890123456:saml-provider/idp", "has to assume a role"),
        ] {
            let error = Caller::parse(text).unwrap_err();
            assert!(error.contains(part), "{text}: {error}");
        }
    }
}
