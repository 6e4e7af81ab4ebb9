//! Whole questions: who, with which policies, asks for what.

mod grants;
mod rails;
mod statements;
mod told;

use kms_model::{Evaluator, Outcome, Question};

use crate::AwsReference;

const A: &str = "111122223333";
const B: &str = "444455556666";
const K: &str = "arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
const ALICE: &str = "arn:aws:iam::111122223333:user/alice";
const ROOT: &str = "arn:aws:iam::111122223333:root";

/// A request: a caller by a short name, an action, a resource by its type.
#[derive(Clone)]
struct Ask {
    caller: &'static str,
    action: &'static str,
    kind: &'static str,
    resource_policy: Vec<String>,
    /// The statements of each identity policy, and where it comes from.
    identity_policies: Vec<(&'static str, String)>,
    context: Option<&'static str>,
}

/// A request on the key K of account A.
fn ask(caller: &'static str, action: &'static str) -> Ask {
    let (resource_policy, identity_policies) = (Vec::new(), Vec::new());
    Ask { caller, action, kind: "kms:key", resource_policy, identity_policies, context: None }
}

impl Ask {
    /// Adds a statement to the resource's policy.
    fn by(mut self, effect: &str, principal: &str, actions: &str) -> Self {
        let principal =
            if principal == "*" { r#""*""#.to_owned() } else { format!(r#"{{"AWS":"{principal}"}}"#) };
        let statement =
            format!(r#"{{"Effect":"{effect}","Principal":{principal},"Action":"{actions}","Resource":"*"}}"#);
        self.resource_policy.push(statement);
        self
    }

    /// Adds an identity policy of one statement.
    fn with(self, effect: &str, actions: &str, resource: &str) -> Self {
        self.with_from("user/x", effect, actions, resource)
    }

    fn with_from(mut self, from: &'static str, effect: &str, actions: &str, resource: &str) -> Self {
        let statement = format!(r#"{{"Effect":"{effect}","Action":"{actions}","Resource":"{resource}"}}"#);
        self.identity_policies.push((from, statement));
        self
    }

    fn statement(mut self, statement: &str) -> Self {
        self.resource_policy.push(statement.to_owned());
        self
    }

    fn on(mut self, kind: &'static str) -> Self {
        self.kind = kind;
        self
    }

    fn context(mut self, context: &'static str) -> Self {
        self.context = Some(context);
        self
    }

    fn question(&self) -> Question {
        let caller = match self.caller.split_once(':').unwrap_or((self.caller, "")) {
            ("session", _) => format!(
                r#""kind":"role-session","account":"{A}","arn":"arn:aws:sts::{A}:assumed-role/App/s1","issuer":"arn:aws:iam::{A}:role/App""#
            ),
            ("federated", _) => format!(
                r#""kind":"federated-user","account":"{A}","arn":"arn:aws:sts::{A}:federated-user/f","issuer":"{ALICE}""#
            ),
            ("root", account) => {
                format!(r#""kind":"root","account":"{account}","arn":"arn:aws:iam::{account}:root""#)
            }
            ("service", service) => format!(r#""kind":"service","service":"{service}""#),
            ("anonymous", _) => r#""kind":"anonymous""#.to_owned(),
            ("china", _) => {
                format!(r#""kind":"user","account":"{A}","arn":"arn:aws-cn:iam::{A}:user/alice""#)
            }
            ("bob", _) => format!(r#""kind":"user","account":"{B}","arn":"arn:aws:iam::{B}:user/bob""#),
            (user, _) => format!(r#""kind":"user","account":"{A}","arn":"arn:aws:iam::{A}:user/{user}""#),
        };
        let document = |statements: &[String]| {
            format!(r#"{{"Version":"2012-10-17","Statement":[{}]}}"#, statements.join(","))
        };
        let policies = self.identity_policies.iter().map(|(from, statement)| {
            format!(r#"{{"from":"{from}","document":{}}}"#, document(std::slice::from_ref(statement)))
        });
        let policies = format!(r#","policies":[{}]"#, policies.collect::<Vec<_>>().join(","));
        let policy = match self.resource_policy.as_slice() {
            [] => String::new(),
            some => format!(r#","policy":{}"#, document(some)),
        };
        let arn = match self.kind {
            "kms:key" => K,
            "kms:alias" => "arn:aws:kms:us-west-2:111122223333:alias/app",
            "kms:account" => "*",
            _ => "arn:aws:s3:::b/o",
        };
        let context = self.context.map(|context| format!(r#","context":{context}"#)).unwrap_or_default();
        let text = format!(
            r#"{{"kind":"authorize","dialect":"aws","region":"us-west-2","time":"2026-01-15T12:00:00Z",
               "caller":{{{caller}{policies}}},"authorizations":[{{"action":"{}",
               "resource":{{"arn":"{arn}","account":"{A}","type":"{}"{policy}}}{context}}}]}}"#,
            self.action, self.kind
        );
        Question::parse(&text).unwrap()
    }

    /// The answer as a word, and who decided: `explicit-deny /caller/policies/0#1`.
    fn answer(&self) -> String {
        let question = self.question();
        let answer = AwsReference::new().answer(&question);
        let explained = AwsReference::new().explain(&question);
        assert_eq!((&answer.outcome, &answer.because), (&explained.outcome, &explained.because));
        let because: Vec<_> =
            answer.because.iter().map(|b| format!(" {}#{}", b.policy, b.statement)).collect();
        format!("{}{}", answer.outcome.word(), because.concat())
            .replace("/authorizations/0/resource/policy", "rp")
            .replace("/caller/policies/", "id")
    }
}

fn check(table: &[(Ask, &str)]) {
    for (index, (ask, expected)) in table.iter().enumerate() {
        assert_eq!(ask.answer(), *expected, "row {index}: {}", ask.question().to_line());
    }
}

#[test]
fn keys_in_the_own_account() {
    let decrypt = |caller| ask(caller, "kms:Decrypt");
    check(&[
        (decrypt("alice").by("Allow", ALICE, "kms:Decrypt"), "allow rp#0"), // kms.core.key-policy-alone-suffices
        (decrypt("carol").by("Allow", ALICE, "kms:Decrypt"), "implicit-deny"), // kms.core.default-implicit-deny
        (decrypt("alice"), "implicit-deny"),
        (decrypt("alice").by("Allow", ROOT, "kms:*").with("Allow", "kms:Decrypt", K), "allow rp#0 id0#0"),
        (decrypt("alice").by("Allow", ROOT, "kms:*"), "implicit-deny"), // kms.key-policy.account-principal-delegates-to-iam
        (decrypt("alice").by("Allow", A, "kms:*").with("Allow", "kms:*", "*"), "allow rp#0 id0#0"),
        (decrypt("alice").by("Allow", B, "kms:*").with("Allow", "kms:*", "*"), "implicit-deny"),
        (
            // kms.core.iam-allow-needs-key-policy-delegation
            decrypt("alice")
                .by("Allow", "arn:aws:iam::111122223333:role/App", "kms:*")
                .with("Allow", "kms:*", K),
            "implicit-deny",
        ),
        (
            // kms.key-policy.account-principal-limits-actions
            ask("alice", "kms:Encrypt").by("Allow", ROOT, "kms:Decrypt").with("Allow", "kms:*", K),
            "implicit-deny",
        ),
        (
            // kms.core.iam-deny-needs-no-delegation
            decrypt("alice").by("Allow", ALICE, "kms:Decrypt").with("Deny", "kms:Decrypt", "*"),
            "explicit-deny id0#0",
        ),
        (
            // kms.core.explicit-deny-wins
            decrypt("alice").by("Deny", ROOT, "kms:*").by("Allow", ALICE, "kms:*").with("Allow", "*", "*"),
            "explicit-deny rp#0",
        ),
        (
            // Both ways are open: the one that needs less is told.
            decrypt("alice").by("Allow", ROOT, "kms:*").by("Allow", ALICE, "kms:*").with("Allow", "*", "*"),
            "allow rp#1",
        ),
        (decrypt("root:111122223333").by("Allow", ROOT, "kms:*"), "allow rp#0"),
        (decrypt("root:111122223333").by("Allow", ALICE, "kms:*"), "implicit-deny"), // kms.core.root-user-not-privileged
        (decrypt("alice").by("Allow", "*", "kms:Decrypt"), "allow rp#0"), // kms.key-policy.star-principal-same-account
        (decrypt("session").by("Allow", "arn:aws:iam::111122223333:role/App", "kms:*"), "allow rp#0"),
        (decrypt("session").by("Allow", "arn:aws:iam::111122223333:role/Other", "kms:*"), "implicit-deny"),
        (
            decrypt("session").by("Allow", "arn:aws:sts::111122223333:assumed-role/App/s2", "kms:*"),
            "implicit-deny",
        ),
    ]);
}

#[test]
fn federated_users_have_what_names_themselves() {
    let decrypt = || ask("federated", "kms:Decrypt");
    check(&[
        // iam.eval.same-account.federated-session-arn-direct
        (decrypt().by("Allow", "arn:aws:sts::111122223333:federated-user/f", "kms:*"), "allow rp#0"),
        (decrypt().by("Allow", "arn:aws:sts::111122223333:federated-user/g", "kms:*"), "implicit-deny"),
        // iam.eval.same-account.federated-via-user-arn-limited, iam.eval.session.absent-federated-user
        (decrypt().by("Allow", ALICE, "kms:*"), "implicit-deny"),
        (decrypt().by("Allow", ROOT, "kms:*").with("Allow", "kms:*", "*"), "implicit-deny"),
        (decrypt().by("Allow", "*", "kms:*").by("Deny", ALICE, "kms:*"), "explicit-deny rp#1"),
    ]);
}

#[test]
fn keys_across_accounts() {
    let bob = |action| ask("bob", action);
    const BOB: &str = "arn:aws:iam::444455556666:user/bob";
    check(&[
        // kms.cross-account.needs-both-sides
        (
            bob("kms:Decrypt").by("Allow", B, "kms:Decrypt").with("Allow", "kms:Decrypt", K),
            "allow rp#0 id0#0",
        ),
        (bob("kms:Decrypt").by("Allow", B, "kms:Decrypt"), "implicit-deny"),
        (bob("kms:Decrypt").by("Allow", ROOT, "kms:*").with("Allow", "kms:Decrypt", K), "implicit-deny"),
        // kms.cross-account.specific-principal-still-needs-iam
        (
            bob("kms:Decrypt").by("Allow", BOB, "kms:Decrypt").with("Allow", "kms:Decrypt", K),
            "allow rp#0 id0#0",
        ),
        (bob("kms:Decrypt").by("Allow", BOB, "kms:Decrypt"), "implicit-deny"),
        // kms.key-policy.star-principal-external-needs-iam
        (
            bob("kms:Decrypt").by("Allow", "*", "kms:Decrypt").with("Allow", "kms:Decrypt", K),
            "allow rp#0 id0#0",
        ),
        (bob("kms:Decrypt").by("Allow", "*", "kms:Decrypt"), "implicit-deny"),
        // kms.cross-account.allowed-operations, …kms-star-does-not-lift-limit
        (bob("kms:DescribeKey").by("Allow", B, "kms:*").with("Allow", "kms:*", K), "allow rp#0 id0#0"),
        (bob("kms:DisableKey").by("Allow", B, "kms:*").with("Allow", "kms:*", K), "implicit-deny"),
        (bob("kms:NoSuchThing").by("Allow", B, "kms:*").with("Allow", "kms:*", K), "implicit-deny"),
        (bob("kms:DisableKey").by("Deny", B, "kms:*").with("Allow", "kms:*", K), "explicit-deny rp#0"),
        // kms.cross-account.deny-either-side
        (bob("kms:Decrypt").by("Allow", B, "kms:*").with("Deny", "kms:*", K), "explicit-deny id0#0"),
        // iam.eval.cross-account.root-of-other-account
        (ask("root:444455556666", "kms:Decrypt").by("Allow", B, "kms:*"), "allow rp#0"),
        (ask("root:444455556666", "kms:Decrypt").by("Allow", ROOT, "kms:*"), "implicit-deny"),
    ]);
}

#[test]
fn services_and_anonymous_callers_need_a_statement_of_their_own() {
    const TRAIL: &str = r#"{"Effect":"Allow","Principal":{"Service":"cloudtrail.amazonaws.com"},"Action":"kms:*","Resource":"*"}"#;
    let trail = || ask("service:cloudtrail.amazonaws.com", "kms:GenerateDataKey");
    check(&[
        (trail().statement(TRAIL), "allow rp#0"), // kms.key-policy.service-principal
        (ask("service:s3.amazonaws.com", "kms:GenerateDataKey").statement(TRAIL), "implicit-deny"),
        (trail().by("Allow", ROOT, "kms:*"), "implicit-deny"), // kms.core.services-have-no-implicit-access
        (trail().by("Allow", "*", "kms:*"), "allow rp#0"),
        (ask("anonymous", "s3:GetObject").on("s3:object").by("Allow", "*", "s3:*"), "allow rp#0"), // iam.eval.anonymous.resource-policy-star
        (ask("anonymous", "s3:GetObject").on("s3:object").by("Allow", ROOT, "s3:*"), "implicit-deny"),
        (ask("anonymous", "s3:GetObject").on("s3:object"), "implicit-deny"),
    ]);
}

#[test]
fn operations_without_a_key_and_aliases_are_for_identity_policies() {
    let list = |caller| ask(caller, "kms:ListKeys").on("kms:account");
    let alias = |caller| ask(caller, "kms:CreateAlias").on("kms:alias");
    check(&[
        (list("alice").with("Allow", "kms:ListKeys", "*"), "allow id0#0"), // kms.no-resource.iam-only
        (list("alice").with("Allow", "kms:ListKeys", "arn:aws:kms:*:111122223333:key/*"), "implicit-deny"),
        (list("alice"), "implicit-deny"),
        (list("root:111122223333"), "allow"), // iam.eval.root.full-access
        (list("service:s3.amazonaws.com"), "implicit-deny"),
        (list("bob").with("Allow", "kms:*", "*"), "implicit-deny"),
        (
            alias("alice").with("Allow", "kms:CreateAlias", "arn:aws:kms:us-west-2:111122223333:alias/*"),
            "allow id0#0",
        ),
        (alias("bob").with("Allow", "kms:CreateAlias", "*"), "implicit-deny"), // kms.cross-account.alias-operations-own-account
        // The policy of a key decides nothing here, not even by what is wrong with it.
        (list("alice").by("Allow", "nobody", "kms:*").with("Allow", "kms:*", "*"), "allow id0#0"),
    ]);
}

#[test]
fn other_services_follow_the_general_rules() {
    let get = |caller| ask(caller, "s3:GetObject").on("s3:object");
    check(&[
        (get("alice").with("Allow", "s3:*", "*"), "allow id0#0"), // iam.eval.same-account.union
        (get("alice").by("Allow", ALICE, "s3:*"), "allow rp#0"),
        (get("alice").by("Allow", ROOT, "s3:*"), "implicit-deny"), // iam.eval.same-account.rbp-account-root-not-direct
        (get("alice"), "implicit-deny"),
        (get("root:111122223333"), "allow"), // iam.eval.root.full-access
        (get("root:111122223333").by("Deny", "*", "s3:*"), "explicit-deny rp#0"),
        (get("bob").with("Allow", "s3:*", "*"), "implicit-deny"), // iam.resource.no-grant-other-account-by-star
        (get("bob").by("Allow", B, "s3:*").with("Allow", "s3:*", "*"), "allow rp#0 id0#0"),
        (get("root:444455556666").by("Allow", B, "s3:*"), "allow rp#0"),
        (get("root:444455556666"), "implicit-deny"),
        // Only a key policy is refused for a principal of another partition.
        (get("alice").by("Allow", "arn:aws-cn:iam::111122223333:root", "s3:*"), "implicit-deny"),
    ]);
}

#[test]
fn nothing_is_allowed_across_partitions() {
    check(&[
        (ask("china", "kms:Decrypt").by("Allow", "*", "kms:*"), "implicit-deny"),
        (ask("china", "kms:Decrypt").by("Allow", A, "kms:*").with("Allow", "*", "*"), "implicit-deny"),
        (ask("china", "kms:Decrypt").by("Allow", "arn:aws-cn:iam::111122223333:root", "kms:*"), "rejected"),
    ]);
}
