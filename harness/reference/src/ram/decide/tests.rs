//! Whole questions: who, with which policies, asks for what.

mod layers;
mod resources;
mod told;

use kms_model::{Evaluator, Outcome, Question};

use crate::RamReference;

const A: &str = "1234567890123456";
const B: &str = "6543210987654321";
const K: &str = "acs:kms:cn-hangzhou:1234567890123456:key/k1";
const ALICE: &str = r#"{"RAM":"acs:ram::1234567890123456:user/alice"}"#;
const ALL_OF_A: &str = r#"{"RAM":"acs:ram::1234567890123456:*"}"#;
const BOB: &str = r#"{"RAM":"acs:ram::6543210987654321:user/bob"}"#;

/// A request: a caller by a short name, an action, a resource of account A by its type.
#[derive(Clone)]
struct Ask {
    caller: &'static str,
    action: &'static str,
    kind: &'static str,
    /// Members of the caller and of the resource beside those that the short names give.
    caller_members: String,
    resource_members: String,
    identity_policies: Vec<String>,
    resource_policy: Vec<String>,
}

/// A request on the key K of account A.
fn ask(caller: &'static str, action: &'static str) -> Ask {
    Ask {
        caller,
        action,
        kind: "kms:key",
        caller_members: String::new(),
        resource_members: String::new(),
        identity_policies: Vec::new(),
        resource_policy: Vec::new(),
    }
}

/// A document of one statement about every resource.
fn document(effect: &str, actions: &str) -> String {
    let statement = format!(r#"{{"Effect":"{effect}","Action":"{actions}","Resource":"*"}}"#);
    format!(r#"{{"Version":"1","Statement":[{statement}]}}"#)
}

impl Ask {
    /// Adds an identity policy of one statement.
    fn with(self, effect: &str, actions: &str) -> Self {
        self.with_from("user/x", "", &document(effect, actions))
    }

    fn with_from(mut self, from: &str, members: &str, document: &str) -> Self {
        self.identity_policies.push(format!(r#"{{"from":"{from}","document":{document}{members}}}"#));
        self
    }

    /// Adds a statement to the resource's policy.
    fn by(mut self, effect: &str, principal: &str, actions: &str) -> Self {
        let resource = if self.kind == "ram:role" { "" } else { r#","Resource":"*""# };
        self.resource_policy.push(format!(
            r#"{{"Effect":"{effect}","Principal":{principal},"Action":"{actions}"{resource}}}"#
        ));
        self
    }

    fn session(mut self, document: &str) -> Self {
        self.caller_members.push_str(&format!(r#","session-policies":[{document}]"#));
        self
    }

    /// Gives the owner's account levels of control policies.
    fn control(mut self, levels: &str) -> Self {
        self.resource_members.push_str(&format!(r#","control-policies":{levels}"#));
        self
    }

    fn on(mut self, kind: &'static str) -> Self {
        self.kind = kind;
        self
    }

    fn caller_has(mut self, members: &str) -> Self {
        self.caller_members.push_str(members);
        self
    }

    fn resource_has(mut self, members: &str) -> Self {
        self.resource_members.push_str(members);
        self
    }

    fn question(&self) -> Question {
        let caller = match self.caller.split_once(':').unwrap_or((self.caller, "")) {
            ("session", role) => format!(
                r#""kind":"role-session","account":"{A}","arn":"acs:ram::{A}:assumed-role/{role}/s1","issuer":"acs:ram::{A}:role/{role}""#
            ),
            ("root", account) => {
                format!(r#""kind":"root","account":"{account}","arn":"acs:ram::{account}:root""#)
            }
            ("saml", provider) => {
                format!(r#""kind":"federated-user","arn":"acs:ram::{A}:saml-provider/{provider}""#)
            }
            ("service", service) => format!(r#""kind":"service","service":"{service}""#),
            ("anonymous", _) => r#""kind":"anonymous""#.to_owned(),
            ("bob", _) => format!(r#""kind":"user","account":"{B}","arn":"acs:ram::{B}:user/bob""#),
            (user, _) => format!(r#""kind":"user","account":"{A}","arn":"acs:ram::{A}:user/{user}""#),
        };
        let policies = self.identity_policies.join(",");
        let policy = match self.resource_policy.as_slice() {
            [] => String::new(),
            some => format!(r#","policy":{{"Version":"1","Statement":[{}]}}"#, some.join(",")),
        };
        let arn = match self.kind {
            "kms:key" => K.to_owned(),
            "kms:account" => "*".to_owned(),
            "kms:secret" => format!("acs:kms:cn-hangzhou:{A}:secret/db"),
            "kms:alias-container" => format!("acs:kms:cn-hangzhou:{A}:alias"),
            "ram:role" => format!("acs:ram::{A}:role/App"),
            _ => format!("acs:ecs:cn-hangzhou:{A}:instance/i-1"),
        };
        let text = format!(
            r#"{{"kind":"authorize","dialect":"ram","region":"cn-hangzhou","time":"2026-01-15T12:00:00Z",
                "caller":{{{caller},"policies":[{policies}]{}}},"authorizations":[{{"action":"{}",
                "resource":{{"arn":"{arn}","account":"{A}","type":"{}"{policy}{}}}}}]}}"#,
            self.caller_members, self.action, self.kind, self.resource_members
        );
        Question::parse(&text).unwrap_or_else(|problems| panic!("{problems:?}: {text}"))
    }

    /// The answer as a word, and who decided: `explicit-deny id0#0`.
    fn answer(&self) -> String {
        let question = self.question();
        let answer = RamReference::new().answer(&question);
        let explained = RamReference::new().explain(&question);
        assert_eq!((&answer.outcome, &answer.because), (&explained.outcome, &explained.because));
        let because: Vec<_> =
            answer.because.iter().map(|b| format!(" {}#{}", b.policy, b.statement)).collect();
        format!("{}{}", answer.outcome.word(), because.concat())
            .replace("/authorizations/0/resource/policy", "rp")
            .replace("/authorizations/0/resource/control-policies/", "cp")
            .replace("/caller/session-policies/", "sp")
            .replace("/caller/policies/", "id")
    }
}

fn check(table: &[(Ask, &str)]) {
    for (index, (ask, expected)) in table.iter().enumerate() {
        assert_eq!(ask.answer(), *expected, "row {index}: {}", ask.question().to_line());
    }
}

#[test]
fn a_user_has_what_a_policy_allows_and_none_denies() {
    let encrypt = |caller| ask(caller, "kms:Encrypt");
    check(&[
        (encrypt("alice").with("Allow", "kms:Encrypt"), "allow id0#0"), // ram.evaluation.allow-on-match
        (encrypt("alice"), "implicit-deny"), // ram.evaluation.default-implicit-deny
        (encrypt("alice").with("Allow", "kms:Decrypt"), "implicit-deny"),
        (encrypt("alice").with("Allow", "kms:*").with("Deny", "kms:*"), "explicit-deny id1#0"), // ram.evaluation.explicit-deny-wins
        (encrypt("alice").with("Deny", "kms:Decrypt"), "implicit-deny"), // ram.evaluation.unmatched-deny-is-nothing
        (encrypt("alice").with("Deny", "kms:D*").with("Allow", "*"), "allow id1#0"), // ram.evaluation.deny-order-irrelevant
        (encrypt("alice").with_from("group/G", "", &document("Allow", "*")), "allow id0#0"), // ram.group.inherited
        (
            encrypt("alice").with("Allow", "*").with_from("group/G", "", &document("Deny", "*")), // ram.group.deny-reaches-user
            "explicit-deny id1#0",
        ),
        (encrypt("session:App").with_from("role/App", "", &document("Allow", "*")), "allow id0#0"), // ram.role.policies-are-roles-own
        (encrypt("session:App").with_from("group/G", "", &document("Allow", "*")), "implicit-deny"),
        (encrypt("anonymous").with("Allow", "*"), "implicit-deny"),
        (encrypt("service:ecs.aliyuncs.com").with("Allow", "*"), "implicit-deny"),
        (encrypt("saml:idp").with("Allow", "*"), "implicit-deny"),
    ]);
}

#[test]
fn the_account_has_full_control_over_what_it_owns() {
    let encrypt = |account| ask(account, "kms:Encrypt");
    let (own, other) = ("root:1234567890123456", "root:6543210987654321");
    check(&[
        (encrypt(own), "allow"),                   // ram.owner.full-control
        (encrypt(own).with("Deny", "*"), "allow"), // ram.owner.not-bound-by-identity-deny
        (encrypt(own).by("Deny", ALL_OF_A, "kms:*"), "allow"),
        (encrypt(own).control(&format!("[[{}]]", document("Deny", "*"))), "allow"), // ram.control.not-on-account-owner
        (ask(own, "kms:ListAliases").on("kms:alias-container"), "allow"),
        (encrypt(other), "implicit-deny"), // ram.owner.only-own-resources
        (encrypt(other).by("Allow", r#"{"RAM":"acs:ram::6543210987654321:*"}"#, "kms:*"), "implicit-deny"),
    ]);
}

#[test]
fn ram_has_no_say_in_describe_regions() {
    let describe = |caller| ask(caller, "kms:DescribeRegions").on("kms:account");
    check(&[
        (describe("alice"), "allow"), // ram.kms.action.describe-regions-free
        (describe("alice").with("Deny", "kms:*"), "allow"), // ram.kms.action.describe-regions-ignores-deny
        (describe("session:App").session(&document("Deny", "*")), "allow"),
        (describe("alice").control(&format!("[[{}]]", document("Deny", "*"))), "allow"),
        (describe("root:1234567890123456"), "allow"),
        (describe("anonymous"), "implicit-deny"), // ram.kms.action.describe-regions-needs-authentication
        (describe("saml:idp"), "implicit-deny"),
        (ask("alice", "kms:ListKeys").on("kms:account"), "implicit-deny"),
    ]);
}

#[test]
fn policies_for_a_resource_group_are_about_what_is_in_it() {
    let describe = || ask("alice", "ecs:DescribeInstances").on("ecs:instance");
    let scoped = |ask: Ask, group: &str, effect: &str| {
        ask.with_from("user/alice", &format!(r#","resource-group":"{group}""#), &document(effect, "*"))
    };
    let in_group = || describe().resource_has(r#","resource-group":"rg-1""#);
    check(&[
        (scoped(in_group(), "rg-1", "Allow"), "allow id0#0"), // ram.identity.account-before-group-scope
        (scoped(in_group(), "rg-2", "Allow"), "implicit-deny"),
        (scoped(describe(), "rg-1", "Allow"), "implicit-deny"),
        (scoped(in_group().with("Deny", "ecs:*"), "rg-1", "Allow"), "explicit-deny id0#0"),
        // ram.identity.group-scope-deny-not-reached
        (scoped(in_group().with("Allow", "ecs:*"), "rg-1", "Deny"), "explicit-deny id1#0"),
        (
            // ram.identity.kms-no-resource-group
            scoped(ask("alice", "kms:Encrypt").resource_has(r#","resource-group":"rg-1""#), "rg-1", "Allow"),
            "implicit-deny",
        ),
    ]);
}

#[test]
fn what_ram_has_nothing_of_is_not_answered() {
    for (ask, expected) in [
        (ask("alice", "kms:Encrypt").caller_has(r#","boundary":{}"#), "unsupported (boundaries)"),
        (ask("alice", "kms:Encrypt").caller_has(r#","scps":[]"#), "unsupported (scps)"),
        (ask("alice", "kms:Encrypt").resource_has(r#","rcps":[]"#), "unsupported (rcps)"),
    ] {
        assert_eq!(RamReference::new().answer(&ask.question()).outcome.to_string(), expected);
    }
}

#[test]
fn several_authorizations_are_all_needed() {
    // ram.kms.multi.reencrypt-direction
    let reencrypt = |actions: &str| {
        let part = |action: &str, key: &str| {
            format!(
                r#"{{"action":"{action}","resource":{{"arn":"acs:kms:cn-hangzhou:{A}:key/{key}","account":"{A}","type":"kms:key"}}}}"#
            )
        };
        let text = format!(
            r#"{{"kind":"authorize","dialect":"ram","region":"cn-hangzhou","time":"2026-01-15T12:00:00Z",
                "caller":{{"kind":"user","account":"{A}","arn":"acs:ram::{A}:user/alice",
                "policies":[{{"from":"user/alice","document":{}}}]}},"authorizations":[{},{}]}}"#,
            document("Allow", actions),
            part("kms:ReEncryptFrom", "k1"),
            part("kms:ReEncryptTo", "k2"),
        );
        RamReference::new().answer(&Question::parse(&text).unwrap()).outcome
    };
    assert_eq!(reencrypt("kms:ReEncrypt*"), Outcome::Allow);
    assert_eq!(reencrypt("kms:ReEncryptFrom"), Outcome::ImplicitDeny);
    assert_eq!(reencrypt("kms:ReEncrypt"), Outcome::ImplicitDeny); // ram.kms.multi.reencrypt-two-actions
}
