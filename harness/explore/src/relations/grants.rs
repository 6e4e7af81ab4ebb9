//! Decides how grants come and go.

use kms_model::operations::{self, Target};
use kms_model::question::{Authorize, Grant};
use kms_model::{Dialect, Question};

use super::build::{request, request_mut};
use super::{Variation, compare};
use crate::Choices;
use crate::edit::pick;

/// A grant to that principal that lists every operation that a grant can list.
fn grant(grantee: &str) -> Grant {
    let grantable = operations::all().iter().filter(|operation| operation.grantable);
    let on_keys = grantable.flat_map(|operation| &operation.authorizations).filter_map(|(action, target)| {
        let name = action.strip_prefix("kms:").filter(|_| matches!(target, Target::Key(_)))?;
        Some(name.to_owned())
    });
    let mut grant = Grant::default();
    grant.id = "0000000000000000000000000000000000000000000000000000000000000000".to_owned();
    grant.grantee = grantee.to_owned();
    grant.operations = on_keys.collect();
    grant
}

/// Adds a grant to all keys of a request; `false` if there is none.
fn add(ask: &mut Authorize, grant: &Grant) -> bool {
    let keys = ask.authorizations.iter_mut().filter(|one| one.resource.kind == "kms:key");
    keys.map(|one| one.resource.grants.push(grant.clone())).count() > 0
}

/// Adds a grant for the caller, if it can be named.
pub fn add_for_caller(question: &mut Question) {
    let Some(ask) = request_mut(question) else { return };
    if let Some(arn) = ask.caller.arn.clone() {
        add(ask, &grant(&arn));
    }
}

/// A grant comes, for the caller, for whom its session was made from, or for its account.
pub fn come(question: &Question, choices: &mut dyn Choices) -> Option<Variation> {
    let mut varied = question.clone();
    let ask = request_mut(&mut varied)?;
    let account = ask.caller.account.as_ref().map(|id| format!("arn:aws:iam::{id}:root"));
    let names = [&ask.caller.arn, &ask.caller.issuer, &account].into_iter().flatten().cloned().collect();
    let grantee: String = pick(names, choices)?;
    let mut grant = grant(&grantee);
    let least = choices.below(2);
    grant.operations.truncate(grant.operations.len().max(1) - least);
    add(ask, &grant).then(|| Variation { questions: vec![varied], holds: compare::grows })
}

/// A grant goes.
pub fn go(question: &Question, choices: &mut dyn Choices) -> Option<Variation> {
    let mut varied = question.clone();
    let ask = request_mut(&mut varied)?;
    let lists = ask.authorizations.iter_mut().map(|one| &mut one.resource.grants);
    let list = pick(lists.filter(|list| !list.is_empty()).collect(), choices)?;
    list.remove(choices.below(list.len()));
    Some(Variation { questions: vec![varied], holds: compare::allows_less })
}

/// A grant comes for somebody else.
pub fn of_others(question: &Question, _: &mut dyn Choices) -> Option<Variation> {
    let ask = request(question)?;
    // A grant that is to be retired is asked after, whosever it is.
    if ask.authorizations.iter().any(|one| one.action.eq_ignore_ascii_case("kms:RetireGrant")) {
        return None;
    }
    debug_assert_eq!(question.dialect, Dialect::Aws);
    let mut varied = question.clone();
    add(request_mut(&mut varied)?, &grant("arn:aws:iam::999988887777:user/nobody-else"))
        .then(|| Variation { questions: vec![varied], holds: compare::same })
}
