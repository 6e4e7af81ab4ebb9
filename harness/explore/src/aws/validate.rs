//! Decides what a generated question of the AWS dialect about a document holds.

use kms_model::json::{Node, compact};
use kms_model::question::{Attached, Caller, CallerKind, PolicyType, Validate};
use kms_model::{Dialect, Document, Feature, Question};

use super::asked::resource;
use super::flaws::spoiled;
use super::grants::{self, object};
use super::names::{REGION, THINGS};
use super::policies::{Aim, Whom};
use super::world::World;
use crate::Settings;

/// What a document may be, each as often as it stands here.
pub const KINDS: &[PolicyType] = &[
    PolicyType::KeyPolicy,
    PolicyType::Identity,
    PolicyType::KeyPolicy,
    PolicyType::ResourcePolicy,
    PolicyType::Boundary,
    PolicyType::Session,
    PolicyType::Scp,
    PolicyType::Rcp,
    PolicyType::Endpoint,
    PolicyType::GrantRequest,
    PolicyType::GrantRequest,
];

/// Those that an evaluator with these features may be asked about.
pub fn kinds(settings: &Settings) -> impl Iterator<Item = PolicyType> {
    KINDS.iter().copied().filter(|kind| settings.allows(kind.validation()))
}

/// A question about a document.
pub fn question(mut world: World<'_>) -> Question {
    let kinds: Vec<_> = kinds(world.settings).collect();
    let kind = world.choices.pick(&kinds).copied().unwrap_or(PolicyType::KeyPolicy);
    let flawed = world.chance(world.settings.weights.flaw_of_validate);
    let validate = match kind {
        PolicyType::GrantRequest => grant_request(&mut world, flawed),
        kind => policy(&mut world, kind, flawed),
    };
    Question::validate(Dialect::Aws, REGION, validate)
}

fn policy(world: &mut World<'_>, kind: PolicyType, flawed: bool) -> Validate {
    let allows = Some(if world.chance(50) { Whom::Account } else { Whom::Itself });
    let denies = world.chance(20);
    let draft = world.draft(Aim { kind, allows, denies, target: Some(0) });
    let text = if flawed { spoiled(draft, kind, world.choices) } else { draft.text() };
    let mut validate = Validate::new(kind, Document::new(text));
    if kind != PolicyType::KeyPolicy {
        return validate;
    }
    validate.purpose = Some("PutKeyPolicy".to_owned());
    if world.settings.allows(Feature::LockoutSafetyCheck) && world.chance(world.settings.weights.lockout) {
        set_by(world, &mut validate);
    }
    validate
}

/// Says who sets a key policy, on which key, and whether the check that it leaves them able to is bypassed.
fn set_by(world: &mut World<'_>, validate: &mut Validate) {
    let person = world.caller;
    if matches!(person.kind, CallerKind::Anonymous | CallerKind::Service) {
        return;
    }
    let mut caller = Caller::default();
    caller.kind = person.kind;
    caller.arn = Some(person.arn.to_owned());
    caller.account = Some(person.account.to_owned());
    caller.issuer = (!person.issuer.is_empty()).then(|| person.issuer.to_owned());
    if person.has_policies() && world.chance(70) {
        let text =
            r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"kms:*","Resource":"*"}]}"#;
        caller.policies.push(Attached::new(person.from, Document::new(text)));
    }
    validate.caller = Some(caller);
    validate.resource = THINGS.symmetric.first().map(resource);
    let mut parameters: Vec<(&'static str, Node)> = Vec::new();
    if world.chance(30) {
        parameters.push(("BypassPolicyLockoutSafetyCheck", (!world.chance(40)).into()));
    }
    if world.chance(25) {
        parameters.push(("PolicyName", if world.chance(60) { "default" } else { "other" }.into()));
    }
    if world.chance(20) {
        validate.purpose = Some("ReplicateKey".to_owned());
    }
    validate.parameters = Some(object(parameters));
}

fn grant_request(world: &mut World<'_>, flawed: bool) -> Validate {
    let flaw = flawed.then(|| world.choices.below(grants::FLAWS));
    let text = compact(&world.grant_request(flaw));
    let mut validate = Validate::new(PolicyType::GrantRequest, Document::new(text));
    validate.purpose = Some("CreateGrant".to_owned());
    validate.resource = THINGS.symmetric.first().map(resource);
    validate
}
