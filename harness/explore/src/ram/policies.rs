//! Decides what the documents of a generated question of the RAM dialect say: statements made for the request, others,
//! and a Deny here and there. Every document keeps what its policy type demands.

use kms_model::Document;
use kms_model::question::{CallerKind, PolicyType};

use super::flaws::spoiled;
use super::names::{Action, COMMON, OPERATIONS, SESSIONS, THINGS, Thing, USERS};
use super::world::{Target, World};
use crate::generate::draft::{Draft, Element, Principal, Statement, Text};

/// What a document is to say of the request.
#[derive(Clone, Copy, Debug)]
pub struct Aim {
    /// What it is to be.
    pub kind: PolicyType,
    /// Whether a statement is to allow the request.
    pub allows: bool,
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
    /// The chance that an element matches.
    hit: usize,
}

impl Aim {
    /// Whether it is the policy of a key or secret, which lists actions of KMS and speaks of itself only.
    fn is_of_kms(&self) -> bool {
        matches!(self.kind, PolicyType::KeyPolicy | PolicyType::SecretPolicy)
    }

    /// Whether its statements name principals.
    fn has_principals(&self) -> bool {
        self.is_of_kms() || matches!(self.kind, PolicyType::ResourcePolicy | PolicyType::TrustPolicy)
    }
}

impl World<'_> {
    /// A document.
    pub fn document(&mut self, aim: Aim) -> Document {
        let draft = self.draft(aim);
        if self.spoils && self.chance(60) {
            self.spoils = false;
            return Document::new(spoiled(draft, self.choices));
        }
        Document::new(draft.text())
    }

    /// A document as a draft.
    pub fn draft(&mut self, aim: Aim) -> Draft {
        let weights = &self.settings.weights;
        let mut statements = Vec::with_capacity(2);
        if aim.allows {
            statements.push(self.statement(Plan { aim, denies: false, hit: weights.hit }));
        }
        if aim.denies {
            statements.push(self.statement(Plan { aim, denies: true, hit: weights.hit }));
        }
        while statements.is_empty() || (statements.len() < 4 && self.chance(weights.another_statement)) {
            let denies = self.chance(30);
            let stray = self.statement(Plan { aim, denies, hit: weights.stray_hit });
            let at = self.choices.below(statements.len() + 1);
            statements.insert(at, stray);
        }
        // Where access depends on the VPC, every action begins with the name of the service.
        let of_kms = |text: &Text| text.starts_with("kms:");
        let spelled = |statement: &Statement| {
            statement.action.iter().all(|action| !action.negated && action.values.iter().all(of_kms))
        };
        if !statements.iter().all(spelled) {
            for statement in &mut statements {
                statement.conditions.retain(|condition| condition.key != "acs:SourceVpc");
            }
        }
        for statement in &mut statements {
            if self.chance(weights.sid) {
                statement.sid = Some("Use of the key-1".into());
            }
        }
        Draft { version: Some("1".into()), id: None, bare: false, statements }
    }

    fn statement(&mut self, plan: Plan) -> Statement {
        let weights = &self.settings.weights;
        let Plan { aim, denies, .. } = plan;
        let mut targets = Vec::with_capacity(2);
        match aim.target.and_then(|at| self.targets.get(at)) {
            Some(target) => targets.push(*target),
            None => targets.clone_from(&self.targets),
        }
        if targets.len() > 1 && self.chance(if denies { 50 } else { 10 }) {
            let kept = self.choices.below(targets.len());
            targets.swap(0, kept);
            targets.truncate(1);
        }
        let principal = aim.has_principals().then(|| self.principal(plan));
        let action = Some(self.actions(plan, &targets));
        let resource = match aim.kind {
            PolicyType::TrustPolicy => None,
            _ if aim.is_of_kms() => Some(Element { negated: false, list: false, values: vec!["*".into()] }),
            _ => Some(self.resources(plan, &targets)),
        };
        let mut conditions = Vec::new();
        while conditions.len() < 3 && self.chance(weights.condition) {
            conditions.extend(self.condition(&conditions));
        }
        let effect = if denies { "Deny" } else { "Allow" }.into();
        Statement { sid: None, effect, principal, action, resource, conditions, more: "" }
    }

    fn actions(&mut self, plan: Plan, targets: &[Target]) -> Element {
        let weights = &self.settings.weights;
        let of_kms = plan.aim.is_of_kms();
        let negated = !of_kms && self.chance(weights.negated);
        let mut values = Vec::with_capacity(2);
        if self.chance(plan.hit) != negated {
            // The policy of a key or secret is about KMS, whatever the request is about.
            for target in targets.iter().filter(|one| !of_kms || one.action.name.starts_with("kms:")) {
                let text = self.action(target.action, of_kms);
                if !values.contains(&text) {
                    values.push(text);
                }
            }
        }
        while values.is_empty() || (!negated && values.len() < 4 && self.chance(weights.another_value)) {
            let other = self.pick(&COMMON).and_then(|at| OPERATIONS.get(*at)?.actions.first());
            match other.filter(|other| !negated || targets.iter().all(|one| one.action.name != other.name)) {
                Some(other) => values.push(Text::from(other.name.as_str())),
                None if values.is_empty() => values.push("kms:EnableKey".into()),
                None => break,
            }
        }
        let list = self.chance(weights.listed);
        Element { negated, list, values }
    }

    /// A text that covers the action.
    fn action(&mut self, action: &'static Action, needs_service: bool) -> Text {
        if self.chance(self.settings.weights.respelled) {
            return Text::from(action.respelled.as_str());
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
        let mut values = Vec::with_capacity(2);
        if self.chance(plan.hit) {
            for target in targets {
                let text = self.resource(target.thing);
                if !values.contains(&text) {
                    values.push(text);
                }
            }
        }
        while values.is_empty() || (values.len() < 3 && self.chance(weights.another_value / 2)) {
            let other =
                self.pick(&THINGS).filter(|other| other.kind != "kms:none" && other.kind != "kms:account");
            values.push(
                other.map_or("acs:kms:cn-beijing:1234567890123456:key/none", |other| &other.arn).into(),
            );
        }
        let list = self.chance(weights.listed);
        Element { negated: false, list, values }
    }

    fn resource(&mut self, thing: &'static Thing) -> Text {
        match self.choices.weighted(&[40, 30, 30]) {
            0 => Text::from(thing.arn.as_str()),
            1 => "*".into(),
            _ => self.pick(&thing.patterns).map_or("*", String::as_str).into(),
        }
    }

    fn principal(&mut self, plan: Plan) -> Principal {
        let mut values = Vec::with_capacity(2);
        if self.chance(plan.hit) {
            values.extend(self.name_of_caller(plan));
        }
        while values.is_empty() || (values.len() < 3 && self.chance(self.settings.weights.another_value)) {
            let other = self.name_of_other(plan);
            if values.contains(&other) {
                break;
            }
            values.push(other);
        }
        Principal { negated: false, values }
    }

    /// A name that reaches the caller, if the policy type has one for it.
    fn name_of_caller(&mut self, plan: Plan) -> Option<(&'static str, Text)> {
        let caller = self.caller;
        let of_kms = plan.aim.is_of_kms();
        match caller.kind {
            CallerKind::Service if !of_kms => Some(("Service", caller.service.into())),
            CallerKind::FederatedUser if !of_kms => Some(("Federated", caller.arn.into())),
            CallerKind::Anonymous if plan.aim.kind == PolicyType::ResourcePolicy => Some(("RAM", "*".into())),
            CallerKind::Anonymous | CallerKind::FederatedUser | CallerKind::Service => None,
            CallerKind::Root => self.pick(caller.account_arns()).map(|arn| ("RAM", Text::from(*arn))),
            _ => match self.choices.weighted(&[65, 30]) {
                0 => Some(("RAM", caller.name().into())),
                _ => self.pick(caller.account_arns()).map(|arn| ("RAM", Text::from(*arn))),
            },
        }
    }

    /// A name that reaches somebody, perhaps the caller.
    fn name_of_other(&mut self, plan: Plan) -> (&'static str, Text) {
        let people = if self.chance(50) { USERS } else { SESSIONS };
        let person = self.pick(people);
        match (self.choices.weighted(&[60, 30, 5, 5]), person) {
            (1, Some(person)) => {
                ("RAM", self.pick(person.account_arns()).map_or(person.arn, |arn| *arn).into())
            }
            (2, _) if !plan.aim.is_of_kms() => ("Service", "fc.aliyuncs.com".into()),
            (3, _) if !plan.aim.is_of_kms() => {
                ("Federated", "acs:ram::1234567890123456:oidc-provider/other".into())
            }
            (_, person) => {
                ("RAM", person.map_or("acs:ram::1234567890123456:user/dora", |one| one.name()).into())
            }
        }
    }
}
