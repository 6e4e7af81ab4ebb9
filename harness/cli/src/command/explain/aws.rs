//! Decides which world and which check of the aws dialect the facts on the command line are.

mod caller;

use kms_conformance::model::Question;
use kms_conformance::model::arn::{Arn, is_account, partition};
use kms_conformance::model::operations::{KmsOperation, Target};
use serde_json::{Map, Value, json};

use super::facts::Told;
use super::request::{self, Texts};
use crate::Stop;
use crate::command::operations::named;
use caller::{Caller, Kind, account_name};

/// The question, if nothing is wrong with it.
pub fn question(told: &mut Told<'_>) -> Result<Option<Question>, Stop> {
    let operation = named(told.facts.operation.as_deref().unwrap_or_default())?;
    let caller = Caller::parse(told.facts.caller.as_deref().unwrap_or_default()).map_err(Stop::input)?;
    Ok(Asked { told, operation, caller }.question())
}

struct Asked<'t, 'a> {
    told: &'t mut Told<'a>,
    operation: &'static KmsOperation,
    caller: Caller,
}

/// The key that a request is done to, and the Region of the request.
struct Place<'a> {
    region: String,
    key: Option<Arn<'a>>,
}

impl<'a> Asked<'_, 'a> {
    fn question(&mut self) -> Option<Question> {
        self.belongs();
        let place = self.place()?;
        let mut parameters = request::parameters(self.told);
        request::encryption_context(self.told, self.operation, &mut parameters);
        let of_alias = self.operation.authorizations.iter().any(|(_, target)| *target == Target::Alias);
        let (on, aliases) = request::on(self.told, self.operation.name, of_alias, &mut parameters);
        let world = self.world(&place, aliases);
        let check = self.check(on, parameters);
        let facts = self.told.facts;
        let mut grants = Vec::new();
        for (index, path) in facts.grant.iter().enumerate() {
            grants.extend(self.told.source(path, format!("/resource/grants/{index}")));
        }
        for grant in grants.iter().filter(|grant| grant.node.members().is_none()) {
            let message = format!("a grant must be an object, not {}", grant.node.kind());
            self.told.problem(grant.at(grant.node.span.start, &message));
        }
        self.told.ask(Texts { world, check, grants })
    }

    fn is_done_to_a_key(&self) -> bool {
        self.operation.authorizations.iter().any(|(_, target)| matches!(target, Target::Key(_)))
    }

    /// Refuses options that say something of what is not there.
    fn belongs(&mut self) {
        let (facts, name) = (self.told.facts, self.operation.name);
        let targets = self.operation.authorizations.iter().map(|(_, target)| target);
        if targets.filter(|target| matches!(target, Target::Key(_))).count() > 1 {
            self.told.problem(format!(
                "`{name}` is done to more than one key, which options cannot say: write a suite, and see its check with \
                 `show --suites DIR ID`"
            ));
        }
        let of_key = [
            ("--key", facts.key.is_some()),
            ("--key-policy", facts.key_policy.is_some()),
            ("--grant", !facts.grant.is_empty()),
            ("--tag", !facts.tag.is_empty()),
            ("--alias", !facts.alias.is_empty()),
        ];
        if !self.is_done_to_a_key() {
            let given = of_key.into_iter().filter(|(_, given)| *given);
            let messages =
                given.map(|(option, _)| format!("`{name}` is done to no key: leave out `{option}`"));
            self.told.problems.extend(messages);
        } else if facts.key_policy.is_none() {
            self.told.problem(format!(
                "`{name}` is done to a key, and a key has a policy: give it by `--key-policy`"
            ));
        }
        let owned = !matches!(self.caller.kind, Kind::Foreign | Kind::Root);
        let session = matches!(self.caller.kind, Kind::Session { .. });
        for (option, given, fits, whose) in [
            ("--identity-policy", !facts.identity_policy.is_empty(), owned, "a user or a session of a role"),
            ("--boundary", facts.boundary.is_some(), owned, "a user or a session of a role"),
            ("--session-policy", !facts.session_policy.is_empty(), session, "a session of a role"),
            ("--role-path", facts.role_path.is_some(), session, "a session of a role"),
            ("--scp", !facts.scp.is_empty(), self.caller.account.is_some(), "a caller of an account"),
        ] {
            if given && !fits {
                self.told.problem(format!("`{option}` is for {whose}: leave it out"));
            }
        }
    }

    /// Where the request goes.
    fn place(&mut self) -> Option<Place<'a>> {
        let facts = self.told.facts;
        let of_caller = self.caller.account.as_ref().map_or("aws", |(_, partition)| partition.as_str());
        let usual = match of_caller {
            "aws-cn" => "cn-north-1",
            "aws-us-gov" => "us-gov-west-1",
            _ => "us-west-2",
        };
        let key = match facts.key.as_deref().map(key_arn).transpose() {
            Ok(key) => key,
            Err(problem) => {
                self.told.problem(problem);
                return None;
            }
        };
        let region = match (&key, &facts.region) {
            (Some(key), Some(region)) if key.region != region => {
                self.told
                    .problems
                    .push(format!("`--region` is `{region}`, but a request goes to the Region of its key"));
                return None;
            }
            (Some(key), _) => key.region.to_owned(),
            (None, Some(region)) => region.clone(),
            (None, None) => usual.to_owned(),
        };
        if self.caller.account.is_some() && of_caller != partition(&region) {
            self.told.problems.push(format!(
                "the caller is of partition `{of_caller}` and {region} of `{}`: no request goes from one to the other",
                partition(&region)
            ));
            return None;
        }
        Some(Place { region, key })
    }

    /// What exists.
    fn world(&mut self, place: &Place<'_>, aliases: &[String]) -> Map<String, Value> {
        let facts = self.told.facts;
        let own = caller::Facts {
            policies: self.told.policies(&facts.identity_policy, |at| format!("/caller/policies/{at}")),
            boundary: facts
                .boundary
                .as_ref()
                .and_then(|path| self.told.policy(path, "/caller/boundary".to_owned())),
            session_policies: self
                .told
                .policies(&facts.session_policy, |at| format!("/caller/session-policies/{at}")),
            role_path: facts.role_path.clone(),
        };
        let mut world = self.caller.world(own);
        world.insert("region".to_owned(), json!(place.region));
        let callers = self.caller.account.as_ref().map_or("111122223333", |(id, _)| id.as_str()).to_owned();
        let keys = place.key.map_or(callers.clone(), |arn| arn.account.to_owned());
        let mut accounts = Map::new();
        for (id, member, paths, part) in
            [(&callers, "scps", &facts.scp, "/caller"), (&keys, "rcps", &facts.rcp, "/resource")]
        {
            let levels = self.told.policies(paths, |at| format!("{part}/{member}/{at}/0"));
            let account = accounts.entry(account_name(id)).or_insert_with(|| json!({ "id": id }));
            if let Some(account) = account.as_object_mut().filter(|_| !levels.is_empty()) {
                let levels = levels.into_iter().map(|document| json!([document])).collect();
                account.insert(member.to_owned(), levels);
            }
        }
        world.insert("accounts".to_owned(), Value::Object(accounts));
        if self.is_done_to_a_key() {
            world.insert("keys".to_owned(), json!({ "K": self.key(place, account_name(&keys)) }));
            let listed = aliases.iter().map(|alias| (alias.clone(), json!({ "key": "K" })));
            world.insert("aliases".to_owned(), Value::Object(listed.collect()));
        }
        if let Some(path) = &facts.endpoint_policy {
            let policy = self.told.policy(path, "/endpoint/policy".to_owned());
            let endpoint = json!({ "id": "vpce-1a2b3c4d", "vpc": "vpc-11aa22bb", "policy": policy });
            world.insert("endpoints".to_owned(), json!({ "E": endpoint }));
        }
        world
    }

    fn key(&mut self, place: &Place<'_>, account: &str) -> Map<String, Value> {
        let facts = self.told.facts;
        let path = facts.key_policy.as_ref();
        let mut key = Map::new();
        key.insert("account".to_owned(), json!(account));
        key.insert(
            "policy".to_owned(),
            json!(path.and_then(|path| self.told.policy(path, "/resource/policy".to_owned()))),
        );
        key.insert(
            "tags".to_owned(),
            Value::Object(request::pairs("--tag", &facts.tag, &mut self.told.problems)),
        );
        if let Some(arn) = place.key {
            let id = arn.resource.trim_start_matches("key/");
            key.insert("id".to_owned(), json!(id));
            if id.starts_with("mrk-") {
                key.insert("multi-region".to_owned(), json!("primary"));
            }
        }
        key
    }

    /// What is asked.
    fn check(&mut self, on: Value, parameters: Map<String, Value>) -> Map<String, Value> {
        let facts = self.told.facts;
        let mut check = request::check(self.told, &self.caller.name, self.operation.name, parameters);
        if self.is_done_to_a_key() {
            check.insert("on".to_owned(), on);
        }
        if facts.endpoint_policy.is_some() {
            check.insert("from".to_owned(), json!("E"));
        }
        if !facts.via.is_empty() {
            check.insert("via".to_owned(), json!(facts.via));
        }
        check
    }
}

/// The ARN of a key.
fn key_arn(text: &str) -> Result<Arn<'_>, String> {
    let wrong = |why: &str| format!("`--key` is `{text}`: {why}");
    let arn = Arn::parse(text).filter(|arn| arn.service == "kms" && !arn.region.is_empty());
    let arn =
        arn.ok_or_else(|| wrong("expected the ARN of a key, `arn:aws:kms:us-west-2:111122223333:key/…`"))?;
    if arn.resource.starts_with("alias/") {
        return Err(wrong("an alias; give the key by `--key` and the alias by `--alias`"));
    }
    if !is_account(arn.account) {
        return Err(wrong("the account of an ARN has 12 digits"));
    }
    if arn.resource.strip_prefix("key/").is_none_or(|id| id.is_empty() || id.contains('/')) {
        return Err(wrong("expected `key/` and the key's id at its end"));
    }
    if arn.partition != partition(arn.region) {
        return Err(wrong(&format!("{} is of partition `{}`", arn.region, partition(arn.region))));
    }
    Ok(arn)
}
