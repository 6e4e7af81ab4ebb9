//! Decides what the documents of a generated question of the AWS dialect say: statements made for the request, others,
//! and a Deny here and there. Every document keeps what its policy type demands.

use kms_model::Document;
use kms_model::question::{CallerKind, PolicyType};

use super::actions::{Action, COMMON, OPERATIONS};
use super::conditions::Spot;
use super::flaws::spoiled;
use super::names::{B, Person, SERVICES, SESSIONS, THINGS, Thing, USERS};
use super::world::{Target, Wish, World};
use crate::generate::draft::{Draft, Element, Principal, Statement, Text};

/// How a statement is to reach the caller.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Whom {
    /// By its account.
    Account,
    /// By its own name, or that of its role.
    Itself,
}

/// What a document is to say of the request.
#[derive(Clone, Copy, Debug)]
pub struct Aim {
    /// What it is to be.
    pub kind: PolicyType,
    /// Whether a statement is to allow the request, and how it is to reach the caller.
    pub allows: Option<Whom>,
    /// Whether a statement is to deny it.
    pub denies: bool,
    /// The only authorization it is about, by its place; otherwise it is about all.
    pub target: Option<usize>,
}

/// A statement to be drawn.
#[derive(Clone, Copy, Debug)]
struct Plan {
    aim: Aim,
    denies: bool,
    whom: Whom,
    /// The chance that an element matches.
    hit: usize,
    variables: bool,
}

impl World<'_> {
    /// A document.
    pub fn document(&mut self, aim: Aim) -> Document {
        let draft = self.draft(aim);
        if self.spoils && self.chance(60) {
            self.spoils = false;
            return Document::new(spoiled(draft, aim.kind, self.choices));
        }
        Document::new(draft.text())
    }

    /// A document as a draft.
    pub fn draft(&mut self, aim: Aim) -> Draft {
        let weights = &self.settings.weights;
        let version = match self.chance(weights.old_version) {
            true if self.chance(50) => None,
            true => Some(Text::from("2008-10-17")),
            false => Some(Text::from("2012-10-17")),
        };
        let variables = version.as_deref() == Some("2012-10-17");
        let only_denies = aim.kind == PolicyType::Rcp;
        let mut statements = Vec::with_capacity(2);
        let plan = |denies, whom, hit| Plan { aim, denies, whom, hit, variables };
        if let Some(whom) = aim.allows.filter(|_| !only_denies) {
            statements.push(self.statement(plan(false, whom, weights.hit)));
        }
        if aim.denies {
            statements.push(self.statement(plan(true, Whom::Itself, weights.hit)));
        }
        while statements.is_empty() || (statements.len() < 4 && self.chance(weights.another_statement)) {
            let denies = only_denies || self.chance(30);
            let whom = if self.chance(50) { Whom::Account } else { Whom::Itself };
            let stray = self.statement(plan(denies, whom, weights.stray_hit));
            let at = self.choices.below(statements.len() + 1);
            statements.insert(at, stray);
        }
        for (at, statement) in statements.iter_mut().enumerate() {
            statement.sid = self.sid(aim.kind, at);
        }
        let bare = self.chance(10);
        let id = self.chance(5).then(|| Text::from("example"));
        Draft { version, id, bare, statements }
    }

    fn sid(&mut self, kind: PolicyType, at: usize) -> Option<Text> {
        if !self.chance(self.settings.weights.sid) {
            return None;
        }
        let free = !matches!(kind, PolicyType::Boundary | PolicyType::Identity | PolicyType::Session);
        let sids = ["First", "Second2", "Third", "Fourth"];
        match free && self.chance(30) {
            true => Some("Allow use of the key".into()),
            false => sids.get(at).map(|sid| Text::from(*sid)),
        }
    }

    fn statement(&mut self, plan: Plan) -> Statement {
        let weights = &self.settings.weights;
        let Plan { aim, denies, variables, .. } = plan;
        let mut targets = Vec::with_capacity(2);
        match aim.target.and_then(|at| self.targets.get(at)) {
            Some(target) => targets.push(*target),
            None => targets.clone_from(&self.targets),
        }
        // Mostly about all that must be authorized; a Deny needs to be about one only.
        if targets.len() > 1 && self.chance(if denies { 50 } else { 10 }) {
            let kept = self.choices.below(targets.len());
            targets.swap(0, kept);
            targets.truncate(1);
        }
        let principal = self.principal(plan);
        let action = Some(self.actions(plan, &targets));
        let resource = Some(self.resources(plan, &targets));
        let mut conditions = Vec::new();
        let spot = Spot { kind: aim.kind, denies, variables };
        while conditions.len() < 3 && self.chance(weights.condition) {
            if let Some(condition) = self.condition(spot, &conditions) {
                conditions.push(condition);
            }
        }
        let effect = if denies { "Deny" } else { "Allow" }.into();
        Statement { sid: None, effect, principal, action, resource, conditions, more: "" }
    }

    fn actions(&mut self, plan: Plan, targets: &[Target]) -> Element {
        let weights = &self.settings.weights;
        let resource_control = plan.aim.kind == PolicyType::Rcp;
        let negated = !resource_control && self.chance(weights.negated);
        let mut values = Vec::with_capacity(2);
        if self.chance(plan.hit) != negated {
            for target in targets {
                let text = self.action(target.action, resource_control);
                if !values.contains(&text) {
                    values.push(text);
                }
            }
        }
        while values.is_empty() || (!negated && values.len() < 4 && self.chance(weights.another_value)) {
            let other = self.other_action();
            // An action that `NotAction` is not to name is not named by accident either.
            match other.filter(|other| !negated || targets.iter().all(|one| one.action.name != other.name)) {
                Some(other) => values.push(Text::from(other.name.as_str())),
                None if values.is_empty() => values.push("kms:EnableKey".into()),
                None => break,
            }
        }
        let list = self.chance(weights.listed);
        Element { negated, list, values }
    }

    fn other_action(&mut self) -> Option<&'static Action> {
        let operation = self.pick(&COMMON).and_then(|at| OPERATIONS.get(*at))?;
        operation.actions.first().map(|(action, _)| action)
    }

    /// A text that covers the action.
    fn action(&mut self, action: &'static Action, needs_service: bool) -> Text {
        if self.chance(self.settings.weights.respelled)
            && let Some(text) = self.pick(&action.respelled)
        {
            return Text::from(text.as_str());
        }
        let everything = if needs_service { 0 } else { 8 };
        match self.choices.weighted(&[50, 25, everything, 17]) {
            0 => Text::from(action.name.as_str()),
            1 => action.patterns.get(1).map_or("*", String::as_str).into(),
            2 => "*".into(),
            _ => self.pick(&action.patterns).map_or("*", String::as_str).into(),
        }
    }

    fn resources(&mut self, plan: Plan, targets: &[Target]) -> Element {
        let weights = &self.settings.weights;
        let of_key = plan.aim.kind == PolicyType::KeyPolicy;
        let negated = self.chance(if of_key { weights.negated / 2 } else { weights.negated });
        let mut values = Vec::with_capacity(2);
        if self.chance(plan.hit) != negated {
            for target in targets {
                let text = self.resource(plan, target.thing, of_key);
                if !values.contains(&text) {
                    values.push(text);
                }
            }
        }
        while values.is_empty() || (!negated && values.len() < 3 && self.chance(weights.another_value / 2)) {
            let other = self.pick(&THINGS.symmetric);
            match other.filter(|other| !negated || targets.iter().all(|one| one.thing.arn != other.arn)) {
                Some(other) => values.push(Text::from(other.arn.as_str())),
                None if values.is_empty() => {
                    values.push("arn:aws:kms:us-west-2:111122223333:key/none".into())
                }
                None => break,
            }
        }
        let list = self.chance(weights.listed);
        Element { negated, list, values }
    }

    /// A text that covers the resource.
    fn resource(&mut self, plan: Plan, thing: &'static Thing, of_key: bool) -> Text {
        if of_key && self.chance(70) {
            return "*".into();
        }
        let of_caller =
            matches!(plan.aim.kind, PolicyType::Boundary | PolicyType::Identity | PolicyType::Scp);
        if of_caller && !thing.incomplete.is_empty() && self.chance(5) {
            return self.pick(&thing.incomplete).map_or("*", String::as_str).into();
        }
        if plan.variables
            && !of_key
            && self.chance(self.settings.weights.variable)
            && let Some(text) = self.open_resource(thing)
        {
            return text;
        }
        match self.choices.weighted(&[40, 30, 30]) {
            0 => Text::from(thing.arn.as_str()),
            1 => "*".into(),
            _ => self.pick(&thing.complete).map_or("*", String::as_str).into(),
        }
    }

    /// A text with a policy variable that covers the resource, if the caller is tagged for it.
    fn open_resource(&mut self, thing: &'static Thing) -> Option<Text> {
        match thing.kind {
            "kms:key" => {
                let (start, id) = thing.arn.split_once("key/")?;
                let id = id.get(..8)?;
                let name = "aws:PrincipalTag/project";
                match self.chance(30) {
                    true => return Some(format!("{start}key/${{{name}, '{id}'}}*").into()),
                    false => self.wishes.push(Wish { key: "aws:PrincipalTag/*", name, value: Some(id) }),
                }
                Some(format!("{start}key/${{{name}}}*").into())
            }
            "kms:alias" => {
                let (start, _) = thing.arn.split_once("alias/")?;
                Some(format!("{start}alias/${{aws:username}}").into())
            }
            "s3:object" => Some("arn:aws:s3:::bucket/${aws:username}/*".into()),
            _ => None,
        }
    }

    fn principal(&mut self, plan: Plan) -> Option<Principal> {
        let weights = &self.settings.weights;
        let kind = plan.aim.kind;
        let everybody = Principal { negated: false, values: vec![("*", "*".into())] };
        match kind {
            PolicyType::Boundary | PolicyType::Identity | PolicyType::Scp | PolicyType::Session => {
                return None;
            }
            PolicyType::Rcp => return Some(everybody),
            PolicyType::Endpoint if self.chance(75) => return Some(everybody),
            _ => {}
        }
        let negated = plan.denies && self.chance(weights.negated * 2);
        let hits = self.chance(plan.hit);
        let mut values = Vec::with_capacity(2);
        if negated && !hits {
            // Who is to be excepted is listed with all that stands above.
            let caller = self.caller;
            let names = [caller.arn, caller.issuer, caller.account_arn()].into_iter();
            let nameable = |name: &&str| !name.is_empty() && !name.starts_with("arn:aws-cn:");
            values.extend(names.filter(nameable).map(|name| ("AWS", Text::from(name))));
            if !caller.service.is_empty() {
                values.push(("Service", caller.service.into()));
            }
        } else if hits && !negated {
            values.push(self.name_of_caller(plan));
        }
        let is_everybody = matches!(values.as_slice(), [("*", _)]);
        while values.is_empty() || (!is_everybody && values.len() < 4 && self.chance(weights.another_value)) {
            let other = self.name_of_other(kind);
            if !values.contains(&other) {
                values.push(other);
            } else if self.choices.is_exhausted() {
                break;
            }
        }
        Some(Principal { negated, values })
    }

    /// A name that reaches the caller.
    fn name_of_caller(&mut self, plan: Plan) -> (&'static str, Text) {
        let caller = self.caller;
        if !caller.service.is_empty() {
            return if self.chance(80) { ("Service", caller.service.into()) } else { ("*", "*".into()) };
        }
        let foreign = caller.arn.starts_with("arn:aws-cn:");
        if caller.kind == CallerKind::Anonymous || foreign {
            return if self.chance(50) { ("AWS", "*".into()) } else { ("*", "*".into()) };
        }
        if plan.whom == Whom::Account {
            let id = self.chance(30);
            return ("AWS", if id { caller.account.into() } else { caller.account_arn().into() });
        }
        match self.choices.weighted(&[50, if caller.issuer.is_empty() { 0 } else { 45 }, 8, 8]) {
            0 => ("AWS", caller.arn.into()),
            1 => ("AWS", caller.issuer.into()),
            2 => ("AWS", "*".into()),
            _ => ("*", "*".into()),
        }
    }

    /// A name that reaches somebody, perhaps the caller.
    fn name_of_other(&mut self, kind: PolicyType) -> (&'static str, Text) {
        let nameable = |person: &&Person| !person.arn.starts_with("arn:aws-cn:");
        let people = if self.chance(50) { USERS } else { SESSIONS };
        let person = self.pick(people).filter(nameable).or_else(|| people.last().filter(nameable));
        let of_kms = kind == PolicyType::KeyPolicy;
        match (self.choices.weighted(&[40, 20, 20, 12, 4, 4]), person) {
            (0, Some(person)) => ("AWS", person.arn.into()),
            (1, Some(person)) if !person.issuer.is_empty() => ("AWS", person.issuer.into()),
            (2, Some(person)) => ("AWS", person.account_arn().into()),
            (3, _) => (
                "Service",
                self.pick(SERVICES).map_or(Text::from("s3.amazonaws.com"), |name| Text::from(*name)),
            ),
            (4, _) if !of_kms => ("Federated", "accounts.google.com".into()),
            (5, _) if !of_kms => ("CanonicalUser", "79a59df900b949e55d96a1e698fbaced".into()),
            (4, _) => ("AWS", "AROAEXAMPLEEXAMPLE12".into()),
            _ => ("AWS", B.into()),
        }
    }
}
