//! Decides whether the parameters of CreateGrant are acceptable for a key: KMS API Reference, CreateGrant,
//! GrantConstraints; KMS Developer Guide, "Creating grants", "Grants in AWS KMS".

use kms_model::arn::{Arn, is_account, partition};
use kms_model::json::{Limits, Node, Span, parse};
use kms_model::operations;
use kms_model::question::{Key, Validate};
use kms_model::shape::Problem;

/// The most pairs of an encryption context constraint.
const MOST_PAIRS: usize = 8;
/// The most characters of an encryption context constraint: of all its keys and values together, which is how we read a
/// page that does not say what counts.
const MOST_CHARACTERS: usize = 384;

/// What is wrong with the parameters, asked in `region`.
pub fn problems(region: &str, validate: &Validate) -> Vec<Problem> {
    let node = match parse(validate.document.text(), Limits::default()) {
        Ok(node) => node,
        Err(error) => {
            return vec![Problem::new(Span { start: error.offset, end: error.offset }, error.message)];
        }
    };
    let key = validate.resource.as_ref().map(|resource| resource.key.clone()).unwrap_or_default();
    let mut found = Found { node: &node, problems: Vec::new() };
    found.key();
    found.operations(&key);
    found.principals(region);
    found.constraints();
    found.problems
}

struct Found<'a> {
    node: &'a Node,
    problems: Vec<Problem>,
}

impl Found<'_> {
    fn say(&mut self, node: &Node, message: impl Into<String>) {
        self.problems.push(Problem::new(node.span, message.into()));
    }

    /// The key is named by id or key ARN, never by an alias.
    fn key(&mut self) {
        let Some(key) = self.node.get("KeyId") else {
            return self.say(self.node, "CreateGrant needs `KeyId`");
        };
        let text = key.as_str().unwrap_or_default();
        let resource = Arn::parse(text).map_or(text, |arn| arn.resource);
        if text.is_empty() || resource.starts_with("alias/") {
            self.say(key, format!("`{text}` is neither a key id nor a key ARN"));
        }
    }

    fn operations(&mut self, key: &Key) {
        let listed = self.node.get("Operations").and_then(Node::elements).unwrap_or_default();
        if listed.is_empty() {
            self.say(self.node, "CreateGrant needs `Operations`, at least one");
        }
        for operation in listed {
            let name = operation.as_str().unwrap_or_default();
            let action = format!("kms:{name}");
            let known = operations::all().iter().filter(|known| known.grantable);
            let grantable = known.flat_map(|known| &known.authorizations).any(|(known, _)| *known == action);
            if !grantable {
                self.say(operation, format!("`{name}` cannot be granted"));
            } else if !fits(name, key) {
                self.say(
                    operation,
                    format!("a key of spec {} and usage {} has no `{name}`", key.spec, key.usage),
                );
            }
        }
    }

    fn principals(&mut self, region: &str) {
        let one = |name: &str| self.node.get(name).cloned();
        let grantee = one("GranteePrincipal");
        let service = one("GranteeServicePrincipal");
        let retiring = one("RetiringPrincipal");
        let retiring_service = one("RetiringServicePrincipal");
        match (&grantee, &service) {
            (None, None) => {
                self.say(self.node, "CreateGrant needs `GranteePrincipal` or `GranteeServicePrincipal`")
            }
            (Some(_), Some(second)) => self.say(second, "a grant has one grantee, a principal or a service"),
            _ => {}
        }
        if let (Some(_), Some(second)) = (&retiring, &retiring_service) {
            self.say(second, "a grant has at most one retiring principal, a principal or a service");
        }
        for node in grantee.iter().chain(&retiring) {
            let text = node.as_str().unwrap_or_default();
            if !is_principal(text, region) {
                self.say(
                    node,
                    format!(
                        "`{text}` is no account, user, role, federated user or session of this partition"
                    ),
                );
            }
        }
        for node in service.iter().chain(&retiring_service) {
            let text = node.as_str().unwrap_or_default();
            if text.starts_with("arn:") || !text.ends_with(".amazonaws.com") {
                self.say(node, format!("`{text}` is no service principal"));
            }
        }
        if let Some(service) = &service {
            if self.constraint("SourceArn").is_none() {
                self.say(service, "a grant to a service needs a SourceArn constraint");
            }
            if retiring.is_none() && retiring_service.is_none() {
                self.say(service, "a grant to a service needs somebody who may retire it");
            }
        }
    }

    fn constraint(&self, name: &str) -> Option<&Node> {
        self.node.get("Constraints")?.get(name)
    }

    fn constraints(&mut self) {
        let kinds =
            ["EncryptionContextEquals", "EncryptionContextSubset"].map(|kind| self.constraint(kind).cloned());
        if let [Some(_), Some(second)] = &kinds {
            self.say(second, "a grant has one encryption context constraint, Equals or Subset");
        }
        for kind in kinds.iter().flatten() {
            let pairs = kind.members().unwrap_or_default();
            if pairs.len() > MOST_PAIRS {
                self.say(kind, format!("an encryption context constraint has at most {MOST_PAIRS} pairs"));
            }
            let length = |text: &str| text.chars().count();
            let characters: usize = pairs
                .iter()
                .map(|pair| length(&pair.name) + length(pair.node.as_str().unwrap_or_default()))
                .sum();
            if characters > MOST_CHARACTERS {
                self.say(
                    kind,
                    format!("an encryption context constraint has at most {MOST_CHARACTERS} characters"),
                );
            }
        }
    }
}

/// Whether keys of that kind have the operation: KMS Developer Guide, "Key type reference".
fn fits(operation: &str, key: &Key) -> bool {
    let symmetric = key.spec == "SYMMETRIC_DEFAULT";
    let usage = |wanted: &str| key.usage == wanted;
    match operation {
        "CreateGrant" | "DescribeKey" | "RetireGrant" => true,
        "Decrypt" | "Encrypt" | "ReEncryptFrom" | "ReEncryptTo" => usage("ENCRYPT_DECRYPT"),
        "GenerateMac" | "VerifyMac" => usage("GENERATE_VERIFY_MAC"),
        "Sign" | "Verify" => usage("SIGN_VERIFY"),
        "DeriveSharedSecret" => usage("KEY_AGREEMENT"),
        "Encapsulate" | "Decapsulate" => usage("ENCAPSULATE_DECAPSULATE"),
        "GetPublicKey" => !symmetric && !usage("GENERATE_VERIFY_MAC"),
        _ => symmetric,
    }
}

/// The documented forms of a grantee: accounts, users, roles, federated users and sessions. Groups and organizations are
/// none, and what is in another partition cannot be named.
fn is_principal(text: &str, region: &str) -> bool {
    let Some(arn) = Arn::parse(text) else { return false };
    if arn.partition != partition(region) || !arn.region.is_empty() || !is_account(arn.account) {
        return false;
    }
    if text.contains(['*', '?']) {
        return false;
    }
    match (arn.service, arn.resource.split_once('/')) {
        ("iam", None) => arn.resource == "root",
        ("iam", Some(("role" | "user", name))) | ("sts", Some(("federated-user", name))) => !name.is_empty(),
        ("sts", Some(("assumed-role", name))) => name.split('/').count() >= 2 && !name.ends_with('/'),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use kms_model::Document;
    use kms_model::question::{PolicyType, Resource};

    use super::*;

    fn faults(parameters: &str, spec: &str, usage: &str) -> Vec<String> {
        let mut validate = Validate::new(PolicyType::GrantRequest, Document::new(parameters));
        let mut resource = Resource::default();
        (resource.key.spec, resource.key.usage) = (spec.to_owned(), usage.to_owned());
        validate.resource = Some(resource);
        problems("us-west-2", &validate).into_iter().map(|problem| problem.message).collect()
    }

    fn grant(more: &str, operations: &str) -> Vec<String> {
        let parameters = format!(r#"{{"KeyId":"1234abcd","Operations":[{operations}]{more}}}"#);
        faults(&parameters, "SYMMETRIC_DEFAULT", "ENCRYPT_DECRYPT")
    }

    const ALICE: &str = r#","GranteePrincipal":"arn:aws:iam::111122223333:user/alice""#;
    const SERVICE: &str = r#","GranteeServicePrincipal":"sns.amazonaws.com""#;

    #[test]
    fn operations_must_be_grantable_and_fit_the_key() {
        for (operations, fault) in [
            (r#""Decrypt","CreateGrant""#, None),
            (r#""ReEncrypt""#, Some("cannot be granted")),
            (r#""ListGrants""#, Some("cannot be granted")),
            (r#""Sign""#, Some("has no `Sign`")),
            (r#""GetPublicKey""#, Some("has no `GetPublicKey`")),
            ("", Some("at least one")),
        ] {
            let found = grant(ALICE, operations);
            assert_eq!(found.len(), usize::from(fault.is_some()), "{operations} {found:?}");
            assert!(found.iter().all(|message| message.contains(fault.unwrap_or_default())), "{found:?}");
        }
        let sign = format!(r#"{{"KeyId":"k","Operations":["Sign","GetPublicKey"]{ALICE}}}"#);
        assert!(faults(&sign, "RSA_2048", "SIGN_VERIFY").is_empty());
        let mac = format!(r#"{{"KeyId":"k","Operations":["GetPublicKey"]{ALICE}}}"#);
        assert_eq!(faults(&mac, "HMAC_256", "GENERATE_VERIFY_MAC").len(), 1);
    }

    #[test]
    fn grantees_and_retiring_principals() {
        let of = |arn: &str| grant(&format!(r#","GranteePrincipal":"{arn}""#), r#""Decrypt""#).len();
        for (arn, faults) in [
            ("arn:aws:iam::444455556666:root", 0),
            ("arn:aws:sts::111122223333:assumed-role/App/s1", 0),
            ("arn:aws:sts::111122223333:assumed-role/App", 1),
            ("arn:aws:iam::111122223333:group/G", 1),
            ("arn:aws-cn:iam::111122223333:user/alice", 1),
            ("arn:aws:iam::111122223333:role/*", 1),
            ("sns.amazonaws.com", 1),
        ] {
            assert_eq!(of(arn), faults, "{arn}");
        }
        assert_eq!(grant("", r#""Decrypt""#).len(), 1);
        assert_eq!(grant(SERVICE, r#""Decrypt""#).len(), 2);
        let whole = r#","RetiringServicePrincipal":"sns.amazonaws.com","Constraints":{"SourceArn":"arn:aws:sns:us-west-2:111122223333:t"}"#;
        assert!(grant(&format!("{SERVICE}{whole}"), r#""Decrypt""#).is_empty());
        assert_eq!(grant(&format!("{ALICE}{SERVICE}{whole}"), r#""Decrypt""#).len(), 1);
    }

    #[test]
    fn constraints_have_limits() {
        let equals = |pairs: usize, value: &str| {
            let pairs: Vec<_> = (0..pairs).map(|n| format!(r#""{n}":"{value}""#)).collect();
            format!(r#"{ALICE},"Constraints":{{"EncryptionContextEquals":{{{}}}}}"#, pairs.join(","))
        };
        assert!(grant(&equals(8, "v"), r#""Decrypt""#).is_empty());
        assert_eq!(grant(&equals(9, "v"), r#""Decrypt""#).len(), 1);
        assert!(grant(&equals(1, &"v".repeat(383)), r#""Decrypt""#).is_empty());
        assert_eq!(grant(&equals(1, &"v".repeat(384)), r#""Decrypt""#).len(), 1);
        let both =
            r#","Constraints":{"EncryptionContextEquals":{"a":"b"},"EncryptionContextSubset":{"a":"b"}}"#;
        assert_eq!(grant(&format!("{ALICE}{both}"), r#""Decrypt""#).len(), 1);
    }
}
