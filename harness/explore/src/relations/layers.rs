//! Decides how guard rails come, and how policies of groups become the user's own.

use kms_model::json::Node;
use kms_model::question::{Authorization, CallerKind, Organization};
use kms_model::{Dialect, Document, Question};

use super::build::{
    FOREIGN_ACTION, has_policies, is_managing, is_service_linked, object, partition, rail, request,
    request_mut, text,
};
use super::{Variation, compare};
use crate::Choices;
use crate::edit::pick;
use crate::edit::place::places;

/// A guard rail that can come.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Rail {
    Boundary,
    /// Another level of control policies on the resource of that authorization.
    Control(usize),
    Endpoint,
    /// Another level of resource control policies on the resource of that authorization.
    Rcp(usize),
    /// Another level of service control policies.
    Scp,
    Session,
}

/// The guard rails that can come into a question.
fn rails(question: &Question) -> Vec<Rail> {
    let Some(ask) = request(question) else { return Vec::new() };
    let caller = &ask.caller;
    let session = caller.kind == CallerKind::RoleSession && caller.session_policies.is_none();
    let mut found: Vec<Rail> = session.then_some(Rail::Session).into_iter().collect();
    if question.dialect == Dialect::Ram {
        found.extend((0..ask.authorizations.len()).map(Rail::Control));
        return found;
    }
    if caller.boundary.is_none() && has_policies(caller) {
        found.push(Rail::Boundary);
    }
    if caller.account.is_some() && !matches!(caller.kind, CallerKind::Anonymous | CallerKind::Service) {
        found.push(Rail::Scp);
    }
    if ask.endpoint.as_ref().is_some_and(|endpoint| endpoint.policy.is_none()) {
        found.push(Rail::Endpoint);
    }
    let keys = ask.authorizations.iter().enumerate().filter(|(_, one)| one.resource.kind == "kms:key");
    found.extend(keys.map(|(index, _)| Rail::Rcp(index)));
    found
}

impl Rail {
    /// The question with this guard rail, which says these effects on these actions.
    fn put(self, question: &Question, says: &[(&str, &str)]) -> Option<Question> {
        let mut varied = question.clone();
        let ask = request_mut(&mut varied)?;
        let document = match self {
            Self::Endpoint | Self::Rcp(_) => for_everybody(says),
            _ => rail(question.dialect, says),
        };
        match self {
            Self::Boundary => ask.caller.boundary = Some(document),
            Self::Control(of) => {
                let levels = &mut ask.authorizations.get_mut(of)?.resource.control_policies;
                let levels = levels.get_or_insert_default();
                // Levels without policies stand for no control policies at all.
                levels.retain(|level| !level.is_empty());
                levels.push(vec![document]);
            }
            Self::Endpoint => ask.endpoint.as_mut()?.policy = Some(document),
            Self::Rcp(of) => {
                let levels = &mut ask.authorizations.get_mut(of)?.resource.rcps;
                levels.get_or_insert_default().push(vec![document]);
            }
            Self::Scp => ask.caller.scps.get_or_insert_default().push(vec![document]),
            Self::Session => ask.caller.session_policies = Some(vec![document]),
        }
        Some(varied)
    }
}

/// A document as [`rail`], each statement about everybody.
fn for_everybody(says: &[(&str, &str)]) -> Document {
    let statement = |(effect, action): &(&str, &str)| {
        object([
            ("Effect", Node::from(*effect)),
            ("Principal", Node::from("*")),
            ("Action", Node::from(*action)),
            ("Resource", Node::from("*")),
        ])
    };
    Document::new(text(Dialect::Aws, says.iter().map(statement).collect()))
}

/// A guard rail comes that lets everything pass, or some, or denies.
pub fn narrow(question: &Question, choices: &mut dyn Choices) -> Option<Variation> {
    let ask = request(question)?;
    let action = choices.pick(&ask.authorizations)?.action.as_str();
    let wide = format!("{}:*", action.split(':').next().unwrap_or_default());
    let rail = pick(rails(question), choices)?;
    let says: &[(&str, &str)] = match (rail, choices.below(4)) {
        // What allows among resource control policies is made by AWS.
        (Rail::Rcp(_), 0) => &[("Deny", FOREIGN_ACTION)],
        (Rail::Rcp(_), _) => &[("Deny", action)],
        (_, 0) => &[("Allow", "*")],
        (_, 1) => &[("Allow", action)],
        (_, 2) => &[("Allow", &wide), ("Deny", action)],
        _ => &[("Allow", FOREIGN_ACTION)],
    };
    Some(Variation { questions: vec![rail.put(question, says)?], holds: compare::narrows })
}

/// A guard rail comes that lets everything pass: nothing changes, and what was refused stays so.
pub fn open(question: &Question, choices: &mut dyn Choices) -> Option<Variation> {
    let mut rails = rails(question);
    // Who has a boundary cannot be excepted by NotPrincipal.
    let texts: Vec<_> = places(question).into_iter().filter_map(|place| place.document(question)).collect();
    if texts.iter().any(|document| document.text().contains("NotPrincipal")) {
        rails.retain(|rail| *rail != Rail::Boundary);
    }
    let varied = pick(rails, choices)?.put(question, &[("Allow", "*")])?;
    Some(Variation { questions: vec![varied], holds: compare::unmoved })
}

/// A guard rail comes that lets nothing pass of what is asked for, of the kinds that nothing leads past.
pub fn closed(question: &Question, choices: &mut dyn Choices) -> Option<Variation> {
    let ask = request(question)?;
    let free = is_managing(&ask.caller) || is_service_linked(&ask.caller);
    let asks_rail = |action: &str| {
        ["kms:describeregions", FOREIGN_ACTION].iter().any(|one| one.eq_ignore_ascii_case(action))
    };
    if ask.authorizations.iter().any(|one| asks_rail(&one.action)) {
        return None;
    }
    let mut rails = rails(question);
    rails.retain(|rail| match rail {
        // A direct permission leads past these, in AWS.
        Rail::Boundary | Rail::Rcp(_) => false,
        Rail::Session => question.dialect == Dialect::Ram,
        Rail::Control(_) => !free && has_policies(&ask.caller),
        Rail::Endpoint => ask.via.is_empty(),
        Rail::Scp => !free,
    });
    let varied = pick(rails, choices)?.put(question, &[("Allow", FOREIGN_ACTION)])?;
    Some(Variation { questions: vec![varied], holds: compare::refused })
}

/// The caller's account comes to manage its organization: its guard rails might as well not be there.
pub fn management(question: &Question, _: &mut dyn Choices) -> Option<Variation> {
    let mut varied = question.clone();
    let ask = request_mut(&mut varied)?;
    let mut without = question.clone();
    let other = request_mut(&mut without)?;
    if question.dialect == Dialect::Aws {
        ask.caller.scps.as_ref()?;
        manage(&mut ask.caller.organization, "o-exampleorgid");
        other.caller.organization = ask.caller.organization.clone();
        other.caller.scps = None;
    } else {
        if !has_policies(&ask.caller) {
            return None;
        }
        let guarded = |one: &&Authorization| one.resource.control_policies.is_some();
        let owner = ask.authorizations.iter().find(guarded)?.resource.organization.clone();
        let id = owner.map_or_else(|| "rd-example".to_owned(), |owner| owner.id);
        manage(&mut ask.caller.organization, &id);
        ask.caller.organization.as_mut()?.id = id;
        other.caller.organization = ask.caller.organization.clone();
        for one in &mut other.authorizations {
            one.resource.control_policies = None;
        }
    }
    Some(Variation { questions: vec![varied, without], holds: compare::agree_after })
}

/// The caller's role comes to be one that a service has made: the guard rails of an organization might as well not be
/// there.
pub fn service_linked(question: &Question, _: &mut dyn Choices) -> Option<Variation> {
    let mut varied = question.clone();
    let caller = &mut request_mut(&mut varied)?.caller;
    let account = caller.account.as_ref().filter(|_| caller.kind == CallerKind::RoleSession)?;
    let linked = match question.dialect {
        Dialect::Aws => {
            let partition = partition(caller.arn.as_deref())?;
            let path = "aws-service-role/example.amazonaws.com/AWSServiceRoleForExample";
            format!("arn:{partition}:iam::{account}:role/{path}")
        }
        _ => format!("acs:ram::{account}:role/aliyunserviceroleforkms"),
    };
    caller.issuer = Some(linked);
    let mut without = varied.clone();
    let other = request_mut(&mut without)?;
    let mut had = other.caller.scps.take().is_some();
    for one in &mut other.authorizations {
        had |= one.resource.rcps.take().is_some() | one.resource.control_policies.take().is_some();
    }
    had.then(|| Variation { questions: vec![varied, without], holds: compare::agree_after })
}

fn manage(organization: &mut Option<Organization>, id: &str) {
    organization.get_or_insert_with(|| Organization::new(id, format!("{id}/r-ab12/"), true)).management =
        true;
}

/// A policy that the user has from a group becomes its own, or the other way round.
pub fn groups(question: &Question, choices: &mut dyn Choices) -> Option<Variation> {
    let mut varied = question.clone();
    let ask = request_mut(&mut varied)?;
    if ask.caller.kind != CallerKind::User || ask.caller.policies.is_empty() {
        return None;
    }
    let at = choices.below(ask.caller.policies.len());
    let policy = ask.caller.policies.get_mut(at)?;
    policy.from = match policy.from.split_once('/')? {
        ("group", name) => format!("user/{name}"),
        ("user", _) => "group/Everyone".to_owned(),
        _ => return None,
    };
    Some(Variation { questions: vec![varied], holds: compare::same })
}
