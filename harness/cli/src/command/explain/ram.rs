//! Decides which world and which check of the ram dialect the facts on the command line are.

mod caller;

use kms_conformance::model::Question;
use kms_conformance::model::ram::operations::{RamOperation, RamTarget};
use serde_json::{Map, Value, json};

use super::facts::Told;
use super::request::{self, Texts};
use crate::Stop;
use crate::command::operations::ram_named;
use caller::{Caller, Kind};

/// The question, if nothing is wrong with it.
pub fn question(told: &mut Told<'_>) -> Result<Option<Question>, Stop> {
    let operation = ram_named(told.facts.operation.as_deref().unwrap_or_default())?;
    let caller = Caller::parse(told.facts.caller.as_deref().unwrap_or_default()).map_err(Stop::input)?;
    let done_to = DoneTo::new(operation, told.facts.secret.is_some());
    Ok(Asked { told, operation, caller, done_to }.question())
}

/// The name of an account in the world: the fixtures' names for the accounts that they hold.
fn account_name(id: &str) -> &str {
    match id {
        "1234567890123456" => "A",
        "6543210987654321" => "B",
        other => other,
    }
}

/// Whether a text is an account id: 16 digits.
fn is_account(text: &str) -> bool {
    text.len() == 16 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// What an operation is done to.
#[derive(Clone, Copy, Debug)]
struct DoneTo {
    key: bool,
    secret: bool,
    /// It needs something of the customer's key that the secret is under.
    secret_key: bool,
}

impl DoneTo {
    /// One that is done to what is named, whatever it is, is done to the secret that is given, or else to a key.
    fn new(operation: &RamOperation, names_secret: bool) -> Self {
        let targets = || operation.authorizations.iter().map(|(_, target)| *target);
        let tagged = targets().any(|target| target == RamTarget::Tagged);
        Self {
            key: targets().any(|target| matches!(target, RamTarget::Key(_))) || (tagged && !names_secret),
            secret: targets().any(|target| target == RamTarget::Secret) || (tagged && names_secret),
            secret_key: targets().any(|target| target == RamTarget::SecretKey),
        }
    }
}

struct Asked<'t, 'a> {
    told: &'t mut Told<'a>,
    operation: &'static RamOperation,
    caller: Caller,
    done_to: DoneTo,
}

/// Where a request goes, and the ids of what it is done to, where ARNs tell them.
struct Place<'a> {
    region: String,
    /// The account that owns what the request is done to.
    owner: String,
    key: Option<&'a str>,
    secret: Option<&'a str>,
}

/// A key or secret by its ARN.
#[derive(Debug, Eq, PartialEq)]
struct Named<'a> {
    region: &'a str,
    account: &'a str,
    id: &'a str,
}

impl<'a> Asked<'_, 'a> {
    fn question(&mut self) -> Option<Question> {
        self.belongs();
        let place = self.place()?;
        let mut parameters = request::parameters(self.told);
        if self.done_to.secret_key && parameters.contains_key("EncryptionKeyId") {
            self.told.problem("give the key by `--secret-key` in place of the parameter `EncryptionKeyId`");
        }
        if self.operation.name == "CreateSecret" && self.has_key() {
            parameters.insert("EncryptionKeyId".to_owned(), json!("K"));
        }
        let of_alias = self.operation.authorizations.iter().any(|(_, target)| *target == RamTarget::Alias);
        let (on, aliases) = request::on(self.told, self.operation.name, of_alias, &mut parameters);
        let world = self.world(&place, aliases);
        let mut check = request::check(self.told, &self.caller.name, self.operation.name, parameters);
        if self.done_to.secret {
            check.insert("on".to_owned(), json!("secret:S"));
        } else if self.done_to.key {
            check.insert("on".to_owned(), on);
        }
        self.told.ask(Texts { world, check, grants: Vec::new() })
    }

    /// Whether a key has a part in the request.
    fn has_key(&self) -> bool {
        self.done_to.key || (self.done_to.secret_key && self.told.facts.secret_key.is_some())
    }

    /// Refuses options that say something of what is not there.
    fn belongs(&mut self) {
        let (facts, name) = (self.told.facts, self.operation.name);
        let targets = || self.operation.authorizations.iter().map(|(_, target)| target);
        if targets().filter(|target| matches!(target, RamTarget::Key(_))).count() > 1 {
            self.told.problem(format!(
                "`{name}` is done to more than one key, which options cannot say: write a suite, and see its check with \
                 `show --suites DIR ID`"
            ));
        }
        if targets().any(|target| *target == RamTarget::Certificate) {
            self.told.problem(format!(
                "`{name}` is done to a certificate, which options cannot say: write a suite"
            ));
        }
        let DoneTo { key, secret, secret_key } = self.done_to;
        if secret && facts.secret.is_none() {
            self.told.problem(format!("`{name}` is done to a secret: give it by `--secret`"));
        }
        let no_key = match secret_key {
            true => format!("`{name}` is done to a key only where `--secret-key` gives it"),
            false => format!("`{name}` is done to no key"),
        };
        let no_secret = format!("`{name}` is done to no secret that there is");
        let no_secret_key = format!("`{name}` needs nothing of the key that a secret is under");
        let user_or_session = matches!(self.caller.kind, Kind::Session { .. } | Kind::User);
        let session = matches!(self.caller.kind, Kind::Session { .. });
        for (option, given, fits, why) in [
            ("--key", facts.key.is_some(), key, no_key.as_str()),
            ("--key-policy", facts.key_policy.is_some(), self.has_key(), &no_key),
            ("--tag", !facts.tag.is_empty(), self.has_key(), &no_key),
            ("--alias", !facts.alias.is_empty(), self.has_key(), &no_key),
            ("--secret", facts.secret.is_some(), secret, &no_secret),
            ("--secret-policy", facts.secret_policy.is_some(), secret, &no_secret),
            ("--secret-key", facts.secret_key.is_some(), secret_key, &no_secret_key),
            (
                "--identity-policy",
                !facts.identity_policy.is_empty(),
                user_or_session,
                "only users and sessions of a role have identity policies",
            ),
            (
                "--session-policy",
                !facts.session_policy.is_empty(),
                session,
                "only sessions of a role have a session policy",
            ),
        ] {
            if given && !fits {
                self.told.problem(format!("{why}: leave out `{option}`"));
            }
        }
        if facts.session_policy.len() > 1 {
            self.told.problem("a session of a RAM role has one policy: give `--session-policy` once");
        }
    }

    /// Where the request goes.
    fn place(&mut self) -> Option<Place<'a>> {
        let facts = self.told.facts;
        let key_option = if facts.secret_key.is_some() { "--secret-key" } else { "--key" };
        let key = facts.secret_key.as_deref().or(facts.key.as_deref());
        let key = key.map(|text| Named::parse(key_option, text, "key"));
        let secret = facts.secret.as_deref();
        let is_arn = |text: &&str| text.contains(':');
        let secret_arn = secret.filter(is_arn).map(|text| Named::parse("--secret", text, "secret"));
        let (key, secret_arn) = match (key.transpose(), secret_arn.transpose()) {
            (Ok(key), Ok(secret)) => (key, secret),
            (key, secret) => {
                self.told.problems.extend(key.err().into_iter().chain(secret.err()));
                return None;
            }
        };
        let callers = self.caller.account.as_deref().unwrap_or("1234567890123456");
        // A secret that is given by its name is where its key is, if that is told, and of the caller's account.
        let owner = match (&secret_arn, secret, &key) {
            (Some(arn), ..) => arn.account,
            (None, None, Some(key)) if self.done_to.key => key.account,
            _ => callers,
        };
        let named = secret_arn.as_ref().or(key.as_ref());
        let region = named.map(|named| named.region).or(facts.region.as_deref()).unwrap_or("cn-hangzhou");
        if facts.region.as_ref().is_some_and(|said| said != region) {
            let said = facts.region.as_deref().unwrap_or_default();
            self.told.problem(format!(
                "`--region` is `{said}`, but a request goes to the Region of its key or secret"
            ));
            return None;
        }
        if key.as_ref().is_some_and(|key| (key.account, key.region) != (owner, region)) {
            self.told.problem(format!(
                "the secret is of account {owner} in {region} and its key is not, which options cannot say: write a suite"
            ));
            return None;
        }
        let secret = secret_arn.map(|arn| arn.id).or(secret);
        Some(Place { region: region.to_owned(), owner: owner.to_owned(), key: key.map(|key| key.id), secret })
    }

    /// What exists.
    fn world(&mut self, place: &Place<'_>, aliases: &[String]) -> Map<String, Value> {
        let facts = self.told.facts;
        let policies = self.told.policies(&facts.identity_policy, |at| format!("/caller/policies/{at}"));
        let session =
            self.told.policies(&facts.session_policy, |at| format!("/caller/session-policies/{at}"));
        let mut world = self.caller.world(policies, session.into_iter().next());
        world.insert("region".to_owned(), json!(place.region));
        let levels =
            self.told.policies(&facts.control_policy, |at| format!("/resource/control-policies/{at}/0"));
        let levels: Vec<_> = levels.into_iter().map(|document| json!([document])).collect();
        let mut accounts = Map::new();
        for id in self.caller.account.iter().chain([&place.owner]) {
            accounts.insert(account_name(id).to_owned(), json!({ "id": id }));
        }
        if !levels.is_empty() {
            let owner = json!({ "id": place.owner, "control-policies": levels });
            accounts.insert(account_name(&place.owner).to_owned(), owner);
        }
        world.insert("accounts".to_owned(), Value::Object(accounts));
        if self.has_key() {
            world.insert("keys".to_owned(), json!({ "K": self.key(place) }));
            let listed = aliases.iter().map(|alias| (alias.clone(), json!({ "key": "K" })));
            world.insert("aliases".to_owned(), Value::Object(listed.collect()));
        }
        if let Some(name) = place.secret.filter(|_| self.done_to.secret) {
            world.insert("secrets".to_owned(), json!({ "S": self.secret(name, place) }));
        }
        world
    }

    fn key(&mut self, place: &Place<'_>) -> Map<String, Value> {
        let facts = self.told.facts;
        let mut key = Map::new();
        key.insert("account".to_owned(), json!(account_name(&place.owner)));
        let target = |target: &RamTarget| {
            matches!(target, RamTarget::Key(_) | RamTarget::SecretKey | RamTarget::Tagged)
        };
        if let Some(path) = &facts.key_policy {
            let pointer = self.policy_pointer(target);
            key.insert("policy".to_owned(), json!(self.told.policy(path, pointer)));
        }
        let tags = request::pairs("--tag", &facts.tag, &mut self.told.problems);
        key.insert("tags".to_owned(), Value::Object(tags));
        key.extend(place.key.map(|id| ("id".to_owned(), json!(id))));
        key
    }

    fn secret(&mut self, name: &str, place: &Place<'_>) -> Map<String, Value> {
        let facts = self.told.facts;
        let mut secret = Map::new();
        secret.insert("account".to_owned(), json!(account_name(&place.owner)));
        secret.insert("name".to_owned(), json!(name));
        if let Some(path) = &facts.secret_policy {
            let pointer =
                self.policy_pointer(|target| matches!(target, RamTarget::Secret | RamTarget::Tagged));
            secret.insert("policy".to_owned(), json!(self.told.policy(path, pointer)));
        }
        if self.has_key() {
            secret.insert("key".to_owned(), json!("K"));
        }
        secret
    }

    /// Where the policy of the resource of the first such authorization stands in the question: a secret and its key have
    /// one each.
    fn policy_pointer(&self, is_wanted: impl Fn(&RamTarget) -> bool) -> String {
        let mut targets = self.operation.authorizations.iter().map(|(_, target)| target);
        let index = targets.position(is_wanted).unwrap_or_default();
        format!("/authorizations/{index}/resource/policy")
    }
}

impl<'a> Named<'a> {
    /// Reads the ARN of a key or secret that an option gives.
    fn parse(option: &str, text: &'a str, word: &str) -> Result<Self, String> {
        let wrong = |why: &str| format!("`{option}` is `{text}`: {why}");
        let example =
            format!("expected the ARN of a {word}, `acs:kms:cn-hangzhou:1234567890123456:{word}/…`");
        let parts: Vec<_> = text.splitn(5, ':').collect();
        let ["acs", "kms", region, account, resource] = parts.as_slice() else { return Err(wrong(&example)) };
        if resource.starts_with("alias/") {
            return Err(wrong("an alias; give the key by its ARN, and the alias by `--alias`"));
        }
        if region.is_empty() {
            return Err(wrong("no Region"));
        }
        if !is_account(account) {
            return Err(wrong("the account of an ARN has 16 digits"));
        }
        match resource.strip_prefix(word).and_then(|rest| rest.strip_prefix('/')) {
            Some(id) if !id.is_empty() => Ok(Self { region, account, id }),
            _ => Err(wrong(&example)),
        }
    }
}
