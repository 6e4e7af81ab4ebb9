//! Decides who a caller is that is named by ARN, and how a suite writes it.

use kms_conformance::model::arn::{Arn, is_account};
use serde_json::{Map, Value, json};

/// Who asks.
#[derive(Debug)]
pub struct Caller {
    /// As the check of a suite writes it; an account is named by [`account_name`].
    pub name: String,
    /// The account and its partition, for a caller that has one.
    pub account: Option<(String, String)>,
    /// What it is.
    pub kind: Kind,
}

/// What a caller is.
#[derive(Debug, Eq, PartialEq)]
pub enum Kind {
    /// A service, or nobody in particular.
    Foreign,
    /// The root user of an account.
    Root,
    /// A session of a role.
    Session {
        /// The role's name.
        role: String,
    },
    /// A user, and the path it stands under.
    User {
        /// The user's name.
        name: String,
        /// `/`, `/eng/`
        path: String,
    },
}

/// The name of an account in the world: the fixtures' names for the accounts that they hold.
pub fn account_name(id: &str) -> &str {
    match id {
        "111122223333" => "A",
        "444455556666" => "B",
        other => other,
    }
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
        let Some(arn) = Arn::parse(text) else {
            return wrong(
                "expected the ARN of a user, of an assumed-role session or of an account's root, \
                 `service:ec2.amazonaws.com` or `anonymous`",
            );
        };
        if !is_account(arn.account) {
            return wrong("the account of an ARN has 12 digits");
        }
        let (kind, rest) = arn.resource.split_once('/').unwrap_or((arn.resource, ""));
        let (path, last) = rest.rsplit_once('/').map_or(("", rest), |(path, last)| (path, last));
        let caller = |name: String, kind| {
            let account = Some((arn.account.to_owned(), arn.partition.to_owned()));
            Ok(Self { name, account, kind })
        };
        match (arn.service, kind) {
            ("iam", "root") if rest.is_empty() => {
                caller(format!("root:{}", account_name(arn.account)), Kind::Root)
            }
            // The suite format takes the user's name for the caller without credentials.
            ("iam", "user") if last == "anonymous" => wrong("a user of this name cannot be asked about"),
            ("iam", "user") if is_name(last) => {
                let path = if path.is_empty() { "/".to_owned() } else { format!("/{path}/") };
                caller(last.to_owned(), Kind::User { name: last.to_owned(), path })
            }
            ("iam", "role") => wrong(&format!(
                "a role does not call, its sessions do: name one, as in \
                 `arn:{}:sts::{}:assumed-role/{last}/session`",
                arn.partition, arn.account
            )),
            ("sts", "assumed-role") if is_name(path) && is_name(last) => {
                caller(rest.to_owned(), Kind::Session { role: path.to_owned() })
            }
            ("sts", "federated-user") => {
                wrong("its ARN does not tell the user that it has its permissions from: write a suite")
            }
            _ => wrong("expected the ARN of a user, of an assumed-role session or of an account's root"),
        }
    }

    /// What the world must hold for this caller.
    pub fn world(&self, facts: Facts) -> Map<String, Value> {
        let Facts { policies, boundary, session_policies, role_path } = facts;
        let account = self.account.as_ref().map(|(id, _)| account_name(id)).unwrap_or_default();
        let own = |path: &str| json!({ "account": account, "path": path, "policies": policies, "boundary": boundary });
        let mut world = Map::new();
        match &self.kind {
            Kind::Foreign | Kind::Root => {}
            Kind::User { name, path } => {
                world.insert("users".to_owned(), json!({ name: own(path) }));
            }
            Kind::Session { role } => {
                world.insert("roles".to_owned(), json!({ role: own(role_path.as_deref().unwrap_or("/")) }));
                if !session_policies.is_empty() {
                    let session = json!({ &self.name: { "policies": session_policies } });
                    world.insert("sessions".to_owned(), session);
                }
            }
        }
        world
    }
}

/// What belongs to a caller.
pub struct Facts {
    pub policies: Vec<Value>,
    pub boundary: Option<Value>,
    pub session_policies: Vec<Value>,
    pub role_path: Option<String>,
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
        for (text, name, account) in [
            ("arn:aws:iam::111122223333:user/alice", "alice", Some("111122223333")),
            ("arn:aws:iam::999988887777:user/eng/ops/alice", "alice", Some("999988887777")),
            ("arn:aws:sts::444455556666:assumed-role/Eng/s1", "Eng/s1", Some("444455556666")),
            ("arn:aws:iam::111122223333:root", "root:A", Some("111122223333")),
            ("arn:aws-cn:iam::999988887777:root", "root:999988887777", Some("999988887777")),
            ("service:ec2.amazonaws.com", "service:ec2.amazonaws.com", None),
            ("anonymous", "anonymous", None),
        ] {
            let caller = Caller::parse(text).unwrap();
            assert_eq!(caller.name, name);
            assert_eq!(caller.account.as_ref().map(|(id, _)| id.as_str()), account, "{text}");
        }
        let eng = Caller::parse("arn:aws:iam::999988887777:user/eng/ops/alice").unwrap();
        assert_eq!(eng.kind, Kind::User { name: "alice".to_owned(), path: "/eng/ops/".to_owned() });
    }

    #[test]
    fn others_are_refused_with_what_would_be_right() {
        for (text, part) in [
            ("alice", "expected the ARN"),
            ("service:ec2", "expected the ARN"),
            ("arn:aws:iam::111122223333:role/eng/App", "arn:aws:sts::111122223333:assumed-role/App/session"),
            ("arn:aws:iam::1111:user/alice", "12 digits"),
            ("arn:aws:iam::111122223333:group/Admins", "expected the ARN"),
            ("arn:aws:iam::111122223333:user/", "expected the ARN"),
            ("arn:aws:iam::111122223333:user/anonymous", "cannot be asked about"),
            ("arn:aws:sts::111122223333:assumed-role/App", "expected the ARN"),
            ("arn:aws:sts::111122223333:federated-user/alice", "write a suite"),
        ] {
            let error = Caller::parse(text).unwrap_err();
            assert!(error.contains(part), "{text}: {error}");
        }
    }
}
