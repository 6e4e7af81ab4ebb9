//! Decides whether a request is authorized, from the statements that apply: IAM User Guide, "Policy evaluation logic",
//! "Cross-account policy evaluation logic"; KMS Developer Guide, "Troubleshooting key access", "Allowing users in other
//! accounts to use a KMS key".

use kms_model::operations;
use kms_model::policy::Effect;
use kms_model::question::{Authorization, Authorize, CallerKind, Context};
use kms_model::{Answer, Because, Outcome};

use super::grants::{self, Allowing};
use super::layers::{Applied, Place, layers};
use super::principal::Reach;
use super::rails::{self, Asked};
use super::request::Request;
use super::statement::Side;
use super::trace::Witness;

/// The answer for one authorization of a request in `region`.
pub fn decide(
    region: &str,
    ask: &Authorize,
    authorization: &Authorization,
    context: &Context,
    witness: &mut impl Witness,
) -> Answer {
    let request = Request::new(ask, authorization, context);
    // What a service sends on does not come through the caller's endpoint.
    let endpoint = ask.endpoint.as_ref().filter(|_| ask.via.is_empty());
    let passage = endpoint.and_then(|endpoint| endpoint.policy.as_ref());
    let asked = Asked { caller: &ask.caller, resource: request.resource, passage };
    let layers = layers(&asked);
    for layer in &layers {
        if let Some(answer) = layer.refusal(request.resource, region) {
            return answer;
        }
    }
    let mut applied = Vec::new();
    for layer in &layers {
        // Key policies and resource control policies say nothing about retiring: KMS API Reference, RetireGrant; KMS Developer
        // Guide, "Retiring and revoking grants".
        if grants::is_retire_grant(&request) && matches!(layer.place, Place::Rcp(..) | Place::Resource) {
            witness.step(|| format!("the {} has no effect on `kms:RetireGrant`", layer.name()));
            continue;
        }
        layer.collect(&request, &mut applied, witness);
    }
    let grants = grants::allowing(&request, witness);
    let found = Found { request: &request, applied: &applied, grants: &grants };
    if applied.iter().any(|statement| statement.effect == Effect::Deny) {
        witness.step(|| "a statement denies, and nothing outweighs that".to_owned());
        return found.answer(Outcome::ExplicitDeny, |statement| statement.effect == Effect::Deny);
    }
    let way = found.way().and_then(|way| match rails::closed(&asked, &applied) {
        Some(lack) => Err(lack),
        None => Ok(way),
    });
    match way {
        Ok(way) => {
            witness.step(|| way.told().to_owned());
            let answer = found.answer(Outcome::Allow, |statement| found.is_on(way, statement));
            found.with_grant(way, answer)
        }
        Err(reason) => {
            witness.step(|| reason.to_owned());
            Outcome::ImplicitDeny.into()
        }
    }
}

/// The statements that apply, none of which denies once a way is looked for.
struct Found<'a> {
    request: &'a Request<'a>,
    applied: &'a [Applied<'a>],
    /// The grants that cover the request.
    grants: &'a [Allowing],
}

/// By what a request is allowed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Way {
    /// The resource's policy in one account and the caller's in the other.
    BothAccounts,
    /// The key policy lets the account's policies decide, and one allows.
    Delegation,
    /// The resource's policy reaches the caller itself.
    Direct,
    /// The grant at that place.
    Grant(usize),
    /// A policy of the caller's own.
    Identity,
    /// Nothing is needed: the root user of the owning account.
    Root,
}

/// Why nothing allows a request.
type Lack = &'static str;

impl Found<'_> {
    fn answer(&self, outcome: Outcome, decides: impl Fn(&Applied<'_>) -> bool) -> Answer {
        let deciding = self.applied.iter().filter(|statement| decides(statement));
        Answer::from(outcome).because(deciding.map(Applied::because).collect())
    }

    /// The answer with the grant that allows, if one does.
    fn with_grant(&self, way: Way, mut answer: Answer) -> Answer {
        if let Way::Grant(index) = way {
            answer.because.insert(0, Because::new(grants::pointer(index), 0));
        }
        answer
    }

    fn way(&self) -> Result<Way, Lack> {
        if self.request.crosses_partitions() {
            return Err("caller and resource are in different partitions");
        }
        match self.request.resource.kind.as_str() {
            "kms:key" if grants::is_retire_grant(self.request) => self.way_to_retire(),
            "kms:key" => self.way_to_key(),
            _ => self.way_to_other_resource(),
        }
    }

    /// Keys differ from other resources: no one has access unless the key policy says so, neither the root user nor
    /// who is allowed by an identity policy.
    fn way_to_key(&self) -> Result<Way, Lack> {
        if !self.request.has_account() || self.request.is_same_account() {
            if self.directly() {
                return Ok(Way::Direct);
            }
            if let Some(way) = self.way_by_grant() {
                return Ok(way);
            }
            return match (self.resource_allows(), self.identity_allows()) {
                (true, true) => self.within_limits(Way::Delegation),
                (true, false) if self.reaches_issuer() => Err(self.lack_of_issuer()),
                (true, false) => Err("the key policy leaves it to the account's policies, and none allows"),
                (false, true) => Err("an identity policy allows, but the key policy does not let it decide"),
                (false, false) => Err("nothing allows"),
            };
        }
        // An action that no operation needs is not usable from elsewhere either.
        if !operations::by_action(self.request.action).is_some_and(|operation| operation.cross_account) {
            return Err("the operation cannot be used on a key of another account");
        }
        self.way_by_grant().map_or_else(|| self.way_across_accounts(), Ok)
    }

    /// A grant gives to its grantee what it lists. One for an account is read as a delegation: a policy of the caller's must
    /// allow too, which the pages neither say nor exclude. Nor do they say how grants and the caller's own limits go
    /// together; they are held to them as the statements of a key policy are.
    fn way_by_grant(&self) -> Option<Way> {
        let covers = |allowing: &&Allowing| match allowing.reach {
            Reach::Account => self.identity_allows() && self.is_within_limits(),
            Reach::Issuer => self.issuer_counts() && self.is_within_limits(),
            Reach::Itself => true,
        };
        self.grants.iter().find(covers).map(|allowing| Way::Grant(allowing.index))
    }

    /// Who may retire a grant is said by the grant: its retiring principal, a grantee that it lets retire, and the account
    /// in which it was made, which may delegate that to its principals.
    fn way_to_retire(&self) -> Result<Way, Lack> {
        if let Some(way) = self.way_by_grant() {
            return Ok(way);
        }
        if !grants::may_delegate_retiring(self.request) {
            return Err("the grant does not let the caller retire it, and its account did not make it");
        }
        self.way_by_identity()
    }

    /// The general rules. Operations without a key and the part of an operation that is about an alias follow them too:
    /// no policy but the caller's own has a say in those (KMS Developer Guide, "Controlling access to aliases").
    fn way_to_other_resource(&self) -> Result<Way, Lack> {
        if self.request.has_account() && !self.request.is_same_account() {
            return self.way_across_accounts();
        }
        if self.directly() {
            return Ok(Way::Direct);
        }
        match self.way_by_identity() {
            Err(_) if self.reaches_issuer() => Err(self.lack_of_issuer()),
            way => way,
        }
    }

    /// Each account must allow: the owner's by the resource's policy, whomever that names; the caller's by an identity
    /// policy.
    fn way_across_accounts(&self) -> Result<Way, Lack> {
        match (self.resource_allows(), self.identity_allows()) {
            (true, true) => self.within_limits(Way::BothAccounts),
            (true, false) => Err("the owner's account allows, but nothing in the caller's account does"),
            (false, true) => Err("the caller's account allows, but nothing in the owner's account does"),
            (false, false) => Err("nothing allows"),
        }
    }

    fn way_by_identity(&self) -> Result<Way, Lack> {
        match self.identity_allows() {
            true if self.request.caller.kind == CallerKind::Root => Ok(Way::Root),
            true => self.within_limits(Way::Identity),
            false => Err("no identity policy allows"),
        }
    }

    /// The way, if the caller's own limits let it pass.
    fn within_limits(&self, way: Way) -> Result<Way, Lack> {
        match rails::limit(self.request.caller, self.applied) {
            Some(lack) => Err(lack),
            None => Ok(way),
        }
    }

    fn is_within_limits(&self) -> bool {
        rails::limit(self.request.caller, self.applied).is_none()
    }

    /// Whether the caller's side allows. The root user is allowed everything there by default. A federated user's
    /// session is made with a policy, or has no permissions but what a resource's policy gives it by its own name:
    /// IAM User Guide, "Permissions for GetFederationToken".
    fn identity_allows(&self) -> bool {
        match self.request.caller.kind {
            CallerKind::Root => true,
            CallerKind::Anonymous | CallerKind::Service => false,
            CallerKind::FederatedUser if rails::session_policies(self.request.caller).is_none() => false,
            _ => self.allows(Side::Identity).next().is_some(),
        }
    }

    fn resource_allows(&self) -> bool {
        self.allows(Side::Resource).next().is_some()
    }

    /// Whether the resource's policy allows the caller with nothing else needed.
    fn directly(&self) -> bool {
        self.allows(Side::Resource).any(|statement| self.is_direct(statement))
    }

    /// What names the caller itself is not held to its boundary and session policies; what names the role or user that
    /// its session was made from is. Everybody is read as the caller itself; of a boundary the pages say so only where a
    /// condition on aws:PrincipalArn stands beside it.
    fn is_direct(&self, statement: &Applied<'_>) -> bool {
        match statement.reach {
            Reach::Itself => true,
            Reach::Issuer => self.issuer_counts() && self.is_within_limits(),
            Reach::Account => false,
        }
    }

    /// A federated session has at most what its session policies allow: without any, what reaches the user does not
    /// reach it.
    fn issuer_counts(&self) -> bool {
        let caller = self.request.caller;
        caller.kind != CallerKind::FederatedUser || rails::session_policies(caller).is_some()
    }

    fn reaches_issuer(&self) -> bool {
        self.allows(Side::Resource).any(|statement| statement.reach == Reach::Issuer)
    }

    /// Why what reaches the issuer of the session does not reach the session.
    fn lack_of_issuer(&self) -> Lack {
        rails::limit(self.request.caller, self.applied)
            .unwrap_or("a federated session has only what its session policies allow, and it has none")
    }

    fn allows(&self, side: Side) -> impl Iterator<Item = &Applied<'_>> {
        let allows = move |statement: &&Applied<'_>| {
            statement.effect == Effect::Allow && statement.place.side() == side
        };
        self.applied.iter().filter(allows)
    }

    /// Whether the statement is among those that make the way.
    fn is_on(&self, way: Way, statement: &Applied<'_>) -> bool {
        match way {
            Way::BothAccounts | Way::Delegation => true,
            Way::Direct => statement.place.side() == Side::Resource && self.is_direct(statement),
            Way::Grant(index) => {
                let by_account =
                    |allowing: &Allowing| allowing.index == index && allowing.reach == Reach::Account;
                statement.place.side() == Side::Identity && self.grants.iter().any(by_account)
            }
            Way::Identity => statement.place.side() == Side::Identity,
            Way::Root => false,
        }
    }
}

impl Way {
    fn told(self) -> &'static str {
        match self {
            Self::BothAccounts => "the owner's account and the caller's account both allow",
            Self::Delegation => {
                "the key policy leaves it to the account's policies, and an identity policy allows"
            }
            Self::Direct => {
                "the resource's policy allows the caller, and nothing else is needed in its account"
            }
            Self::Grant(_) => "a grant on the key allows",
            Self::Identity => "an identity policy allows, and nothing else is needed in the account",
            Self::Root => "the root user is allowed everything in its account that nothing denies",
        }
    }
}

#[cfg(test)]
mod tests;
