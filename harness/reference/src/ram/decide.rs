//! Decides whether a request is authorized, layer by layer: RAM User Guide, "Policy evaluation process" (2021), "How
//! RAM evaluates policies" (2026), "Policy evaluation process of assuming a RAM role"; KMS Developer Guide, "Overview
//! of key policies", "Overview of secret policies".
//!
//! An explicit deny of any layer is the answer, also where an earlier layer ends the walk without one: the page of 2021
//! would call that an implicit deny, the page of 2026 has every deny win.

use kms_model::policy::Effect;
use kms_model::question::{Authorization, Authorize, CallerKind, Context};
use kms_model::{Answer, Outcome};

use super::layers::{Applied, Layer, Place, control_policies, layers, session_policies};
use super::principal::Reach;
use super::request::Request;
use super::trace::Witness;

/// The answer for one authorization of a request.
pub fn decide(
    ask: &Authorize,
    authorization: &Authorization,
    context: &Context,
    witness: &mut impl Witness,
) -> Answer {
    let request = Request::new(ask, authorization, context);
    if request.is_outside_ram() {
        // Accounts, users and roles may call it. Who has only been signed in by an identity provider is none of them
        // yet.
        let known =
            matches!(request.caller.kind, CallerKind::Root | CallerKind::RoleSession | CallerKind::User);
        witness.step(|| "RAM has no say in DescribeRegions: whoever is authenticated may call it".to_owned());
        return if known { Outcome::Allow } else { Outcome::ImplicitDeny }.into();
    }
    if request.is_by_owner() {
        witness.step(|| "the account owns the resource, and may do everything with it".to_owned());
        return Outcome::Allow.into();
    }
    let layers = layers(&request);
    if let Some(answer) = layers.iter().find_map(Layer::refusal) {
        return answer;
    }
    let mut applied = Vec::new();
    for layer in &layers {
        layer.collect(&request, &mut applied, witness);
    }
    let found = Found { request: &request, applied: &applied };
    if applied.iter().any(|statement| statement.effect == Effect::Deny) {
        witness.step(|| "a statement denies, and nothing outweighs that".to_owned());
        return found.answer(Outcome::ExplicitDeny, |statement| statement.effect == Effect::Deny);
    }
    match found.closed().map_or_else(|| found.way(), Err) {
        Ok(way) => {
            witness.step(|| way.told().to_owned());
            found.answer(Outcome::Allow, |statement| way.is_made_by(statement))
        }
        Err(lack) => {
            witness.step(|| lack.to_owned());
            Outcome::ImplicitDeny.into()
        }
    }
}

/// The statements that apply, none of which denies once a way is looked for.
struct Found<'a> {
    request: &'a Request<'a>,
    applied: &'a [Applied<'a>],
}

/// By what a request is allowed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Way {
    /// The resource's policy and the caller's, where both are needed.
    Both,
    /// What suffices alone: a policy of the caller's, or one of the resource that names the caller.
    Either,
    /// The trust policy, for who has no policies.
    Trust,
}

/// Why nothing allows a request.
type Lack = &'static str;

impl Found<'_> {
    fn answer(&self, outcome: Outcome, decides: impl Fn(&Applied<'_>) -> bool) -> Answer {
        let deciding = self.applied.iter().filter(|statement| decides(statement));
        Answer::from(outcome).because(deciding.map(Applied::because).collect())
    }

    /// Which of the layers that only limit lets nothing pass. Each level of control policies must allow, then the
    /// session policy: nothing that follows can make up for it, not even a resource's policy that names the caller.
    fn closed(&self) -> Option<Lack> {
        let levels = 0..control_policies(self.request).len();
        let allows_at = |level| self.allows(|place| matches!(place, Place::Control(of, _) if of == level));
        if !levels.into_iter().all(allows_at) {
            return Some("a level of control policies does not allow, so nothing else can");
        }
        let sessions = 0..session_policies(self.request.caller).len();
        match sessions.into_iter().all(|index| self.allows(|place| place == Place::Session(index))) {
            true => None,
            false => Some("the session policy does not allow, so nothing else can"),
        }
    }

    /// How the caller's policies and the resource's allow, together or alone.
    fn way(&self) -> Result<Way, Lack> {
        let identity = self.allows(|place| matches!(place, Place::Caller(..)));
        let resource = self.allows(|place| place == Place::Resource);
        if self.request.is_assuming() {
            // Who comes from an identity provider has no identity policy, so the trust policy alone decides. Of
            // services the page does not speak; they have none either.
            let without_policies =
                matches!(self.request.caller.kind, CallerKind::FederatedUser | CallerKind::Service);
            return match (identity, resource) {
                (_, true) if without_policies => Ok(Way::Trust),
                (true, true) => Ok(Way::Both),
                (true, false) => Err("the trust policy of the role does not allow"),
                (false, true) => Err("the trust policy allows, but no identity policy does"),
                (false, false) => Err("nothing allows"),
            };
        }
        if self.request.is_same_account() {
            return match identity || self.applied.iter().any(|statement| Way::Either.is_made_by(statement)) {
                true => Ok(Way::Either),
                false if resource => {
                    Err("the resource's policy names the account only, and no identity policy allows")
                }
                false => Err("nothing allows"),
            };
        }
        match (identity, resource) {
            (true, true) => Ok(Way::Both),
            (true, false) => Err("the caller's account allows, but nothing in the owner's account does"),
            (false, true) => Err("the owner's account allows, but nothing in the caller's account does"),
            (false, false) => Err("nothing allows"),
        }
    }

    /// Whether a statement of a policy at one of those places allows.
    fn allows(&self, is_wanted: impl Fn(Place<'_>) -> bool) -> bool {
        self.applied.iter().any(|statement| statement.effect == Effect::Allow && is_wanted(statement.place))
    }
}

impl Way {
    /// Whether the statement is among those that make the way.
    ///
    /// A key policy that names an account by `:*` is read as one that lets the account's own policies decide, as the
    /// `Sid` of the default key policy says (Enable RAM User Permissions): it does not by itself permit anything to
    /// every user of the account. The pages do not settle it.
    fn is_made_by(self, statement: &Applied<'_>) -> bool {
        let allows = statement.effect == Effect::Allow;
        allows
            && match (self, statement.place) {
                (_, Place::Control(..) | Place::Session(_)) => false,
                (Self::Both, _) | (Self::Either, Place::Caller(..)) | (Self::Trust, Place::Resource) => true,
                (Self::Either, Place::Resource) => statement.reach == Reach::Itself,
                (Self::Trust, Place::Caller(..)) => false,
            }
    }

    fn told(self) -> &'static str {
        match self {
            Self::Both => "an identity policy and the resource's policy both allow",
            Self::Either => {
                "a policy of the caller's or of the resource's allows, and one is enough in the account"
            }
            Self::Trust => "the trust policy allows, and there is no identity policy to ask",
        }
    }
}

#[cfg(test)]
mod tests;
