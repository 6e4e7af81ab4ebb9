//! Decides which world and check a question can be made from: the loader's way from a suite to a question, backwards.

use std::collections::BTreeMap;

use kms_conformance::model::arn::Arn;
use kms_conformance::model::json::{Node, compact};
use kms_conformance::model::question::{
    Ask, Authorize, Caller, CallerKind, Key, Organization, Resource, Validate,
};
use kms_conformance::model::{Dialect, Document, Question};
use serde_json::{Map, Value, json};

/// The accounts of the fixtures.
const FIXTURES: [[&str; 2]; 2] = [["111122223333", "444455556666"], ["1234567890123456", "6543210987654321"]];

/// The world and the check of a question, as far as they can be told.
pub fn of(question: &Question) -> (Map<String, Value>, Map<String, Value>) {
    let mut world = World { dialect: question.dialect, members: Map::new(), accounts: Vec::new() };
    let fixtures = if question.dialect == Dialect::Ram { FIXTURES[1] } else { FIXTURES[0] };
    world.accounts.extend(fixtures.map(str::to_owned));
    let check = match &question.ask {
        Ask::Authorize(ask) => world.authorize(ask),
        Ask::Validate(ask) => world.validate(ask),
        _ => Map::new(),
    };
    let default = if question.dialect == Dialect::Ram { "cn-hangzhou" } else { "us-west-2" };
    if question.region != default {
        world.members.insert("region".to_owned(), json!(question.region));
    }
    (world.members, check)
}

struct World {
    dialect: Dialect,
    members: Map<String, Value>,
    /// The ids of the accounts; the first is called A.
    accounts: Vec<String>,
}

fn value(node: &Node) -> Value {
    serde_json::from_str(&compact(node)).unwrap_or_default()
}

fn document(document: &Document) -> Value {
    value(&document.to_node())
}

fn documents<'a>(all: impl IntoIterator<Item = &'a Document>) -> Value {
    all.into_iter().map(document).collect()
}

fn levels(levels: &[Vec<Document>]) -> Value {
    levels.iter().map(documents).collect()
}

fn put(object: &mut Map<String, Value>, name: &str, value: Option<Value>) {
    if let Some(value) = value {
        object.insert(name.to_owned(), value);
    }
}

fn tags(tags: &BTreeMap<String, String>) -> Option<Value> {
    (!tags.is_empty()).then(|| json!(tags))
}

impl World {
    fn authorize(&mut self, ask: &Authorize) -> Map<String, Value> {
        let mut check = Map::new();
        if ask.time != "2026-01-15T12:00:00Z" {
            self.members.insert("time".to_owned(), json!(ask.time));
        }
        let caller = self.caller(&ask.caller);
        check.insert("caller".to_owned(), json!(caller));
        let mut names = Vec::new();
        for authorization in &ask.authorizations {
            names.push(self.resource(&authorization.resource));
        }
        match (&ask.operation, ask.authorizations.first()) {
            (Some(operation), _) => {
                check.insert("operation".to_owned(), json!(operation.name));
                put(&mut check, "on", names.into_iter().flatten().next().map(Value::from));
                if operation.parameters.members().is_some_and(|members| !members.is_empty()) {
                    check.insert("parameters".to_owned(), value(&operation.parameters));
                }
            }
            (None, Some(only)) => {
                check.insert("action".to_owned(), json!(only.action));
                check.insert("resource".to_owned(), json!(only.resource.arn));
                put(&mut check, "on", names.into_iter().flatten().next().map(Value::from));
            }
            (None, None) => {}
        }
        let mut from = ask.source_ip.clone();
        if let Some(endpoint) = &ask.endpoint {
            let mut own = Map::new();
            own.insert("id".to_owned(), json!(endpoint.id));
            own.insert("vpc".to_owned(), json!(endpoint.vpc));
            put(&mut own, "policy", endpoint.policy.as_ref().map(document));
            self.add("endpoints", "E", own);
            from = Some("E".to_owned());
        }
        put(&mut check, "from", from.map(Value::from));
        put(&mut check, "via", (!ask.via.is_empty()).then(|| json!(ask.via)));
        check
    }

    fn validate(&mut self, ask: &Validate) -> Map<String, Value> {
        let mut check = Map::new();
        check.insert("validate".to_owned(), json!(ask.policy_type.word()));
        check.insert("policy".to_owned(), document(&ask.document));
        put(&mut check, "for", ask.purpose.as_ref().map(|purpose| json!(purpose)));
        put(&mut check, "caller", ask.caller.as_ref().map(|caller| json!(self.caller(caller))));
        put(&mut check, "on", ask.resource.as_ref().and_then(|one| self.resource(one)).map(Value::from));
        put(&mut check, "parameters", ask.parameters.as_ref().map(value));
        check
    }

    /// Adds something to the world, by its kind and name.
    fn add(&mut self, kind: &str, name: &str, thing: Map<String, Value>) {
        let all = self.members.entry(kind).or_insert_with(|| json!({}));
        if let Some(all) = all.as_object_mut() {
            all.insert(name.to_owned(), Value::Object(thing));
        }
    }

    /// The name of an account: A for the first of the fixtures, B for the second, then on.
    fn account(&mut self, id: &str) -> String {
        let known = self.accounts.iter().position(|known| known == id);
        let index = known.unwrap_or(self.accounts.len());
        let name = char::from(b'A'.saturating_add(u8::try_from(index).unwrap_or_default())).to_string();
        if known.is_none() {
            self.accounts.push(id.to_owned());
            self.of_account(&name, "id", Some(json!(id)));
        }
        name
    }

    /// Says something of an account.
    fn of_account(&mut self, name: &str, member: &str, said: Option<Value>) {
        let Some(said) = said else { return };
        let accounts = self.members.entry("accounts").or_insert_with(|| json!({}));
        let Some(accounts) = accounts.as_object_mut() else { return };
        let own = accounts.entry(name).or_insert_with(|| json!({}));
        if let Some(own) = own.as_object_mut() {
            own.insert(member.to_owned(), said);
        }
    }

    fn organization(&mut self, account: &str, organization: Option<&Organization>) {
        let word = if self.dialect == Dialect::Ram { "directory" } else { "organization" };
        let said = organization.map(|one| {
            let mut said = json!({ "id": one.id });
            if let Some(said) = said.as_object_mut() {
                put(said, "path", (!one.path.is_empty()).then(|| json!(one.path)));
                put(said, "management", one.management.then_some(json!(true)));
            }
            said
        });
        self.of_account(account, word, said);
    }

    /// The name of a caller as a check writes it.
    fn caller(&mut self, caller: &Caller) -> String {
        let account = caller.account.as_deref().map(|id| self.account(id)).unwrap_or_else(|| "A".to_owned());
        if caller.account.is_some() {
            self.of_account(&account, "scps", caller.scps.as_deref().map(levels));
            self.organization(&account, caller.organization.as_ref());
        }
        let arn = caller.arn.as_deref().unwrap_or_default();
        let last = |arn: &str, nth: usize| arn.rsplit('/').nth(nth).unwrap_or_default().to_owned();
        match caller.kind {
            CallerKind::Anonymous => "anonymous".to_owned(),
            CallerKind::Root => format!("root:{account}"),
            CallerKind::Service => format!("service:{}", caller.service.as_deref().unwrap_or_default()),
            CallerKind::User => {
                let name = last(arn, 0);
                self.person("users", &name, &account, arn, caller);
                name
            }
            kind => {
                let issuer = caller.issuer.as_deref().unwrap_or_default();
                let owner = if issuer.is_empty() { last(arn, 1) } else { last(issuer, 0) };
                let (people, name) = match kind {
                    CallerKind::FederatedUser => ("users", format!("federated:{owner}/{}", last(arn, 0))),
                    _ => ("roles", format!("{owner}/{}", last(arn, 0))),
                };
                self.person(people, &owner, &account, issuer, caller);
                if let Some(policies) = &caller.session_policies {
                    let session = Map::from_iter([("policies".to_owned(), documents(policies))]);
                    self.add("sessions", &name, session);
                }
                name
            }
        }
    }

    /// A user or role with its policies; those of groups stand with the groups.
    fn person(&mut self, people: &str, name: &str, account: &str, arn: &str, caller: &Caller) {
        let mut person = Map::new();
        person.insert("account".to_owned(), json!(account));
        let resource = Arn::parse(arn).map(|arn| arn.resource.to_owned()).unwrap_or_default();
        let path = resource.find('/').and_then(|start| resource.get(start..=resource.rfind('/')?));
        put(&mut person, "path", path.filter(|path| *path != "/").map(Value::from));
        let mut groups: BTreeMap<String, Vec<Value>> = BTreeMap::new();
        let mut own = Vec::new();
        let mut by_group = Map::new();
        for attached in &caller.policies {
            let one = document(&attached.document);
            match (attached.from.strip_prefix("group/"), &attached.resource_group) {
                (Some(group), _) => groups.entry(group.to_owned()).or_default().push(one),
                (None, Some(group)) => {
                    let all = by_group.entry(group.as_str()).or_insert_with(|| json!([]));
                    if let Some(all) = all.as_array_mut() {
                        all.push(one);
                    }
                }
                (None, None) => own.push(one),
            }
        }
        put(&mut person, "policies", (!own.is_empty()).then_some(Value::Array(own)));
        put(
            &mut person,
            "resource-group-policies",
            (!by_group.is_empty()).then_some(Value::Object(by_group)),
        );
        put(&mut person, "groups", (!groups.is_empty()).then(|| groups.keys().cloned().collect()));
        put(&mut person, "boundary", caller.boundary.as_ref().map(document));
        put(&mut person, "tags", tags(&caller.tags));
        self.add(people, name, person);
        for (group, policies) in groups {
            let own = json!({ "account": account, "policies": policies });
            self.add("groups", &group, own.as_object().cloned().unwrap_or_default());
        }
    }

    /// Adds a resource, and gives its name in the world.
    fn resource(&mut self, resource: &Resource) -> Option<String> {
        let account = self.account(&resource.account);
        self.of_account(&account, "rcps", resource.rcps.as_deref().map(levels));
        self.of_account(&account, "control-policies", resource.control_policies.as_deref().map(levels));
        self.organization(&account, resource.organization.as_ref());
        let mut own = Map::new();
        own.insert("account".to_owned(), json!(account));
        put(&mut own, "policy", resource.policy.as_ref().map(document));
        put(&mut own, "tags", tags(&resource.tags));
        match resource.kind.as_str() {
            "kms:account" => None,
            "kms:alias" => {
                let name = resource.arn.rsplit(':').next()?;
                self.add("aliases", name, Map::from_iter([("key".to_owned(), json!("K"))]));
                Some(name.to_owned())
            }
            "kms:key" => {
                let keys = self.members.get("keys").and_then(Value::as_object).map_or(0, Map::len);
                let name = if keys == 0 { "K".to_owned() } else { format!("K{}", keys + 1) };
                own.insert("id".to_owned(), json!(resource.arn.rsplit('/').next()));
                put(&mut own, "resource-group", resource.resource_group.as_ref().map(|group| json!(group)));
                facts(&resource.key, &mut own);
                let grants: Map<_, _> =
                    resource.grants.iter().map(|grant| self.grant(grant, &resource.account)).collect();
                put(&mut own, "grants", (!grants.is_empty()).then_some(Value::Object(grants)));
                self.add("keys", &name, own);
                for alias in &resource.aliases {
                    self.add("aliases", alias, Map::from_iter([("key".to_owned(), json!(name))]));
                }
                Some(name)
            }
            kind => {
                own.insert("arn".to_owned(), json!(resource.arn));
                own.insert("type".to_owned(), json!(kind));
                self.add("resources", "R", own);
                Some("R".to_owned())
            }
        }
    }

    fn grant(&mut self, grant: &kms_conformance::model::question::Grant, owner: &str) -> (String, Value) {
        let mut own = Map::new();
        own.insert("grantee".to_owned(), json!(grant.grantee));
        own.insert("operations".to_owned(), json!(grant.operations));
        put(&mut own, "constraints", grant.constraints.as_ref().map(value));
        put(&mut own, "retiring", grant.retiring.as_ref().map(|retiring| json!(retiring)));
        let issuer = grant.issuer.as_deref().filter(|issuer| *issuer != owner);
        put(&mut own, "issuer", issuer.map(|issuer| json!(self.account(issuer))));
        (grant.id.clone(), Value::Object(own))
    }
}

/// The facts of a key that are not the default.
fn facts(key: &Key, own: &mut Map<String, Value>) {
    let default = Key::default();
    for (name, value, default) in [
        ("spec", &key.spec, &default.spec),
        ("usage", &key.usage, &default.usage),
        ("origin", &key.origin, &default.origin),
        ("manager", &key.manager, &default.manager),
    ] {
        put(own, name, (value != default).then(|| json!(value)));
    }
    put(own, "multi-region", key.multi_region.as_ref().map(|which| json!(which)));
}
