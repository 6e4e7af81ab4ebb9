//! Decides who asks for what in a generated question of the AWS dialect, before there is any policy.

use kms_model::Feature;
use kms_model::operations::Target as About;
use kms_model::question::CallerKind;

use super::actions::{Action, COMMON, OPERATIONS, OTHERS, Operation, TAG_RESOURCE};
use super::names::{
    A, ANONYMOUS, B, CALLING_SERVICES, FEDERATED, LINKED, Person, ROOTS, SESSIONS, THINGS, Thing, USERS,
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
    /// The name of the table for the condition key: `kms:EncryptionContext:*`.
    pub key: &'static str,
    /// The whole name: `kms:EncryptionContext:Department`.
    pub name: &'static str,
    /// The value; `None` for a key that is not there.
    pub value: Option<&'static str>,
}

impl<'c> World<'c> {
    /// A world without policies.
    pub fn new(choices: &'c mut dyn Choices, settings: &'c Settings) -> Self {
        let caller = caller(choices, settings);
        let mut world = Self {
            choices,
            settings,
            caller,
            operation: None,
            targets: Vec::with_capacity(2),
            wishes: Vec::new(),
            spoils: false,
        };
        if settings.allows(Feature::OtherServices) && world.chance(settings.weights.other_service) {
            world.ask_other_service();
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

    fn ask_other_service(&mut self) {
        let Some(thing) = self.pick(&THINGS.others) else { return };
        let fits = |action: &&Action| thing.kind.split(':').next() == action.name.split(':').next();
        let fitting = OTHERS.iter().filter(fits).count();
        let nth = self.choices.below(fitting.max(1));
        if let Some(action) = OTHERS.iter().filter(fits).nth(nth) {
            self.targets.push(Target { action, thing });
        }
    }

    fn ask_kms(&mut self) {
        let several = self.settings.allows(Feature::Operations);
        let operation = loop {
            let common = self.chance(self.settings.weights.common_operation);
            let operation = match common {
                true => self.pick(&COMMON).and_then(|at| OPERATIONS.get(*at)),
                false => self.pick(&OPERATIONS),
            };
            match operation {
                Some(operation) if several || operation.actions.len() == 1 => break operation,
                // The first one of all is of a single authorization.
                _ if self.choices.is_exhausted() => match OPERATIONS.first() {
                    Some(operation) => break operation,
                    None => return,
                },
                _ => {}
            }
        };
        self.operation = Some(operation);
        // What cannot be used from elsewhere is seldom asked from there.
        let weight = self.settings.weights.other_account;
        let elsewhere = self.chance(if operation.known.cross_account { weight } else { weight / 6 });
        let account = match (self.caller.account, elsewhere) {
            (B, false) | (A | "777788889999", true) => B,
            _ => A,
        };
        for (action, about) in &operation.actions {
            if let Some(thing) = self.thing(operation, *about, account) {
                self.targets.push(Target { action, thing });
            }
        }
        if several && matches!(operation.known.name, "CreateKey" | "ReplicateKey") && self.chance(30) {
            let tagged = |thing: &&Thing| thing.account == self.caller.account;
            if let Some(thing) = THINGS.new_keys.iter().find(tagged) {
                self.targets.push(Target { action: &TAG_RESOURCE, thing });
            }
        }
    }

    fn thing(&mut self, operation: &Operation, about: About, account: &str) -> Option<&'static Thing> {
        let of_account = |things: &'static [Thing], choices: &mut dyn Choices, account: &str| {
            let count = things.iter().filter(|thing| thing.account == account).count();
            let nth = choices.below(count.max(1));
            things.iter().filter(|thing| thing.account == account).nth(nth).or_else(|| things.first())
        };
        let things = &*THINGS;
        match about {
            About::None => of_account(&things.accounts, self.choices, self.caller.account),
            About::Alias => of_account(&things.aliases, self.choices, account),
            About::Key("replica-key") => things.multi_region.get(1),
            About::Key(_) => {
                let name = operation.known.name;
                if matches!(name, "UpdatePrimaryRegion" | "ReplicateKey") {
                    return things.multi_region.first();
                }
                let managed =
                    self.settings.allows(Feature::AwsManagedKeys) || !self.settings.allows(Feature::Rcps);
                if managed && account == A && self.chance(self.settings.weights.managed_key) {
                    return things.managed.first();
                }
                let keys = match name {
                    "Sign" | "Verify" | "GetPublicKey" => &things.signing,
                    "GenerateMac" | "VerifyMac" => &things.mac,
                    "DeriveSharedSecret" => &things.agreement,
                    "Encapsulate" | "Decapsulate" => &things.encapsulation,
                    _ => &things.symmetric,
                };
                let has_related = account == A && std::ptr::eq(keys, &things.symmetric);
                if has_related && self.chance(self.settings.weights.multi_region_key) {
                    return things.multi_region.first();
                }
                of_account(keys, self.choices, account)
            }
        }
    }

    /// Whether the request is made by one account for what another owns.
    pub fn crosses_accounts(&self) -> bool {
        self.targets.iter().any(|target| target.thing.account != self.caller.account)
    }
}

fn caller(choices: &mut dyn Choices, settings: &Settings) -> &'static Person {
    let weights = &settings.weights;
    let allowed = |feature, weight: usize| if settings.allows(feature) { weight } else { 0 };
    let people: [(&'static [Person], usize); 7] = [
        (USERS, weights.caller_user),
        (SESSIONS, weights.caller_session),
        (ROOTS, allowed(Feature::RootUsers, weights.caller_root)),
        (FEDERATED, allowed(Feature::FederatedUsers, weights.caller_federated)),
        (CALLING_SERVICES, allowed(Feature::ServicePrincipals, weights.caller_service)),
        (ANONYMOUS, allowed(Feature::Anonymous, weights.caller_anonymous)),
        (LINKED, weights.caller_linked),
    ];
    let kind = choices.weighted(&people.map(|(_, weight)| weight));
    let people = people.get(kind).map_or(USERS, |(people, _)| *people);
    // The first of each kind more often: things are to meet.
    let first = people.first();
    if choices.chance(50) { choices.pick(people).or(first) } else { first }.unwrap_or(&EVERYBODY)
}

/// Who stands in where a list of people is empty, which none is.
static EVERYBODY: Person =
    Person { kind: CallerKind::Anonymous, arn: "", account: "", issuer: "", from: "", service: "" };
