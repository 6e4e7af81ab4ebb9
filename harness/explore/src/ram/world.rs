//! Decides who asks for what in a generated question of the RAM dialect, before there is any policy.

use kms_model::Feature;
use kms_model::question::CallerKind;
use kms_model::ram::keys::RamKey;
use kms_model::ram::operations::RamTarget;

use super::names::{
    A, ANONYMOUS, Action, B, COMMON, FEDERATED, LINKED, OPERATIONS, OTHERS, Operation, Person, ROOTS,
    SERVICES, SESSIONS, THINGS, Thing, USERS,
};
use crate::{Choices, Settings};

/// Who asks for what, and what the conditions drawn so far would have the request be.
pub struct World<'c> {
    /// Where choices come from.
    pub choices: &'c mut dyn Choices,
    /// How often what is chosen.
    pub settings: &'c Settings,
    /// Who asks.
    pub caller: &'static Person,
    /// For what; `None` for an action of another service.
    pub operation: Option<&'static Operation>,
    /// What must be authorized.
    pub targets: Vec<Target>,
    /// What conditions ask for, in the order in which they were drawn.
    pub wishes: Vec<Wish>,
    /// Whether one of the documents of the request is still to be given a flaw.
    pub spoils: bool,
}

/// One thing that must be authorized.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// The action.
    pub action: &'static Action,
    /// What it is done to.
    pub thing: &'static Thing,
}

/// What a condition would have the request be.
#[derive(Clone, Copy, Debug)]
pub struct Wish {
    /// The condition key.
    pub key: &'static RamKey,
    /// Its whole name: `kms:tag/Project`.
    pub name: &'static str,
    /// The value.
    pub value: &'static str,
}

impl<'c> World<'c> {
    /// A world without policies.
    pub fn new(choices: &'c mut dyn Choices, settings: &'c Settings) -> Self {
        let caller = caller(choices, settings);
        let targets = Vec::with_capacity(2);
        let mut world =
            Self { choices, settings, caller, operation: None, targets, wishes: Vec::new(), spoils: false };
        // Who has no policies can do little but assume a role.
        let stranger = matches!(caller.kind, CallerKind::FederatedUser | CallerKind::Service);
        let weight = if stranger { 80 } else { settings.weights.other_service };
        if settings.allows(Feature::OtherServices) && world.chance(weight) {
            world.ask_other_service(stranger);
        } else {
            world.ask_kms();
        }
        world
    }

    /// Whether something with that many chances in a hundred happens.
    pub fn chance(&mut self, percent: usize) -> bool {
        self.choices.chance(percent)
    }

    /// One of some items.
    pub fn pick<T>(&mut self, items: &'static [T]) -> Option<&'static T> {
        self.choices.pick(items)
    }

    /// Whether the request is made by one account for what another owns.
    pub fn crosses_accounts(&self) -> bool {
        self.targets.iter().any(|target| target.thing.account != self.caller.account)
    }

    /// Whether a role is to be assumed.
    pub fn assumes(&self) -> bool {
        self.targets.iter().any(|target| target.thing.kind == "ram:role")
    }

    fn ask_other_service(&mut self, assumes: bool) {
        const KINDS: [&str; 3] = ["oss:object", "ecs:instance", "ram:role"];
        let at = if assumes { 2 } else { self.choices.below(KINDS.len()) };
        let kind = KINDS.get(at).copied().unwrap_or("ram:role");
        let account = if kind == "ram:role" && self.chance(25) { B } else { A };
        if let (Some(thing), Some(action)) = (self.thing_of(kind, account), OTHERS.get(at)) {
            self.targets.push(Target { action, thing });
        }
    }

    fn ask_kms(&mut self) {
        let several = self.settings.allows(Feature::Operations);
        let mut operation = None;
        while operation.is_none() {
            let common = self.chance(self.settings.weights.common_operation);
            operation = match common {
                true => self.pick(&COMMON).and_then(|at| OPERATIONS.get(*at)),
                false => self.pick(&OPERATIONS),
            };
            operation = operation.filter(|operation| several || operation.actions.len() == 1);
            if self.choices.is_exhausted() {
                operation = OPERATIONS.first();
            }
        }
        let Some(operation) = operation else { return };
        self.operation = Some(operation);
        let elsewhere = self.chance(self.settings.weights.other_account / 2);
        let account = match (self.caller.account, elsewhere) {
            (B, false) | (A, true) => B,
            _ => A,
        };
        for (action, (_, target)) in operation.actions.iter().zip(&operation.known.authorizations) {
            if let Some(thing) = self.thing(*target, account) {
                self.targets.push(Target { action, thing });
            }
        }
    }

    /// What an authorization is about; `None` where this request has no such thing.
    fn thing(&mut self, target: RamTarget, account: &str) -> Option<&'static Thing> {
        let kind = match target {
            RamTarget::Account => "kms:account",
            RamTarget::Alias => "kms:alias",
            RamTarget::Certificate => "kms:certificate",
            RamTarget::Container("key") => "kms:key-container",
            RamTarget::Container("alias") => "kms:alias-container",
            RamTarget::Container("secret") => "kms:secret-container",
            RamTarget::Container(_) => "kms:certificate-container",
            RamTarget::Key(_) => "kms:key",
            RamTarget::None => "kms:none",
            RamTarget::Secret => "kms:secret",
            RamTarget::SecretKey if self.settings.allows(Feature::Operations) && self.chance(40) => "kms:key",
            RamTarget::SecretKey => return None,
            RamTarget::Tagged => {
                self.choices.pick(&["kms:key", "kms:secret", "kms:certificate"]).copied().unwrap_or("kms:key")
            }
        };
        self.thing_of(kind, account)
    }

    fn thing_of(&mut self, kind: &str, account: &str) -> Option<&'static Thing> {
        let fits = |thing: &&Thing| thing.kind == kind && thing.account == account;
        let nth = self.choices.below(THINGS.iter().filter(fits).count().max(1));
        THINGS.iter().filter(fits).nth(nth)
    }
}

fn caller(choices: &mut dyn Choices, settings: &Settings) -> &'static Person {
    let weights = &settings.weights;
    let allowed = |feature, weight: usize| if settings.allows(feature) { weight } else { 0 };
    let people: [(&'static [Person], usize); 7] = [
        (USERS, weights.caller_user),
        (SESSIONS, weights.caller_session),
        (ROOTS, allowed(Feature::RootUsers, weights.caller_root / 2)),
        (FEDERATED, allowed(Feature::FederatedUsers, weights.caller_federated / 2)),
        (SERVICES, allowed(Feature::ServicePrincipals, weights.caller_service / 2)),
        (ANONYMOUS, allowed(Feature::Anonymous, weights.caller_anonymous / 2)),
        (LINKED, weights.caller_linked),
    ];
    let kind = choices.weighted(&people.map(|(_, weight)| weight));
    let people = people.get(kind).map_or(USERS, |(people, _)| *people);
    // The first of each kind more often: things are to meet.
    let first = people.first();
    if choices.chance(50) { choices.pick(people).or(first) } else { first }.unwrap_or(&NOBODY)
}

/// Who stands in where a list of people is empty, which none is.
static NOBODY: Person =
    Person { kind: CallerKind::Anonymous, arn: "", account: "", issuer: "", from: "", service: "" };
