//! Decides what can be at one place of a world: every document of an alphabet of statements, or every list of grants, each
//! made once and shared by all worlds; and which of them are neighbours.
//!
//! Statements and grants have no order: of the lists that differ in that alone there is one.

mod neighbours;

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use kms_model::question::{Attached, Authorize, Caller, Grant};
use kms_model::{Dialect, Document, Feature};

use super::laws::Law;
use neighbours::Neighbours;

/// Where in a world it is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Place {
    /// The caller's permissions boundary.
    Boundary,
    /// The control policy of the owner's account, in RAM.
    Control,
    /// The policy of the endpoint that the request comes through.
    Endpoint,
    /// The grants on the key.
    Grants,
    /// The caller's identity policy.
    Identity,
    /// The policy of the key.
    Key,
    /// The resource control policy of the owner's account.
    Rcp,
    /// The service control policy of the caller's account.
    Scp,
    /// The session policy.
    Session,
}

/// What laws ask of a world, a bit each.
pub type Facts = u32;

/// A Deny stands somewhere.
pub const DENY: Facts = 1;
/// The identity policy has an Allow of what is asked.
pub const IDENTITY_ALLOWS: Facts = 1 << 1;
/// The identity policy has an Allow of anything.
pub const IDENTITY_HAS_ALLOW: Facts = 1 << 2;
/// The key policy has an Allow.
pub const KEY_ALLOWS: Facts = 1 << 4;
/// The key policy has an Allow for its own account.
pub const DELEGATES: Facts = 1 << 5;
/// The key policy denies everybody everything.
pub const DENIES_ALL: Facts = 1 << 6;
/// A guard rail that nothing leads past allows nothing of what is asked.
pub const CLOSED: Facts = 1 << 7;
/// There is a grant.
pub const GRANTED: Facts = 1 << 8;
/// The caller is of the key's account.
pub const SAME_ACCOUNT: Facts = 1 << 10;
/// The caller is of another account.
pub const ACROSS: Facts = 1 << 11;
/// The caller is the root user of the key's account.
pub const OWNER: Facts = 1 << 12;
/// The key policy allows what is asked under no condition, to whom it can.
pub const KEY_OPEN: Facts = 1 << 13;
/// The identity policy allows what is asked under no condition.
pub const IDENTITY_OPEN: Facts = 1 << 14;
/// The first of the bits by which a scope marks its callers.
pub const CALLER: Facts = 1 << 16;

/// A statement or a grant of an alphabet.
#[derive(Clone, Debug, Default)]
pub struct Part {
    /// Its JSON text. Renaming works on it, so that it holds every identifier.
    pub text: String,
    /// What it adds to the facts of a world.
    pub facts: Facts,
    /// Whether it is a Deny.
    pub denies: bool,
    /// Whether it allows or denies what is asked, to whom it reaches and under its condition.
    pub asked: bool,
    /// Whether it allows everything: the only statement of a guard rail that is open.
    pub opens: bool,
    /// The laws on what happens if it becomes another part: law, the other's text, facts that must and must not be.
    pub becomes: Vec<(Law, String, Facts, Facts)>,
    /// Whether it speaks of nobody who ever asks.
    pub of_others: bool,
}

/// A neighbour: the world with another choice at this place.
#[derive(Clone, Copy, Debug)]
pub struct Step {
    /// The law between them.
    pub law: Law,
    /// The neighbour's choice.
    pub to: usize,
    /// The facts of the world that the law needs.
    pub when: Facts,
    /// The facts of the world without which it holds.
    pub unless: Facts,
}

/// One thing that can be at a place.
#[derive(Clone, Debug)]
pub struct Choice {
    /// Its parts, by their indices in the alphabet, never falling.
    pub parts: Vec<usize>,
    /// What it adds to the facts of a world.
    pub facts: Facts,
    /// The features that it needs, a bit each, by the place in [`Feature::ALL`].
    pub features: u64,
    /// Its neighbours, all with fewer statements or fewer conditions.
    pub steps: Vec<Step>,
    content: Content,
}

#[derive(Clone, Debug)]
enum Content {
    Document(Option<Document>),
    Grants(Vec<Grant>),
}

/// All that can be at one place.
#[derive(Clone, Debug)]
pub struct Axis {
    /// Where.
    pub place: Place,
    /// The alphabet.
    pub parts: Vec<Part>,
    /// What can be there; where nothing can be there, the first is nothing.
    pub choices: Vec<Choice>,
}

impl Place {
    /// Its name in reports.
    pub fn word(self) -> &'static str {
        match self {
            Self::Boundary => "boundary",
            Self::Control => "control policy",
            Self::Endpoint => "endpoint policy",
            Self::Grants => "grants",
            Self::Identity => "identity policy",
            Self::Key => "key policy",
            Self::Rcp => "resource control policy",
            Self::Scp => "service control policy",
            Self::Session => "session policy",
        }
    }

    fn is_rail(self) -> bool {
        !matches!(self, Self::Grants | Self::Identity | Self::Key)
    }

    /// Whether nothing leads past it where it does not allow.
    fn is_strict(self, dialect: Dialect) -> bool {
        match dialect {
            Dialect::Ram => matches!(self, Self::Control | Self::Session),
            _ => matches!(self, Self::Endpoint | Self::Scp),
        }
    }

    /// The feature that something there needs.
    fn feature(self) -> Option<Feature> {
        match self {
            Self::Boundary => Some(Feature::Boundaries),
            Self::Control => Some(Feature::ControlPolicies),
            Self::Endpoint => Some(Feature::EndpointPolicies),
            Self::Grants => Some(Feature::Grants),
            Self::Rcp => Some(Feature::Rcps),
            Self::Scp => Some(Feature::Scps),
            Self::Session => Some(Feature::SessionPolicies),
            Self::Identity | Self::Key => None,
        }
    }
}

/// The bits of features.
pub fn bits<'a>(features: impl IntoIterator<Item = &'a Feature>) -> u64 {
    let bit = |feature: &Feature| Feature::ALL.iter().position(|one| one == feature).map_or(0, |at| 1 << at);
    features.into_iter().map(bit).fold(0, |all, bit: u64| all | bit)
}

impl Axis {
    /// Every document of as many statements, with repeated ones; without any, there is no document.
    pub fn documents(
        dialect: Dialect,
        place: Place,
        parts: Vec<Part>,
        lengths: RangeInclusive<usize>,
    ) -> Self {
        let lists = lengths.flat_map(|length| rising(parts.len(), length)).collect();
        Self::of_lists(dialect, place, parts, lists)
    }

    /// The same without documents that repeat a statement.
    pub fn distinct(
        dialect: Dialect,
        place: Place,
        parts: Vec<Part>,
        lengths: RangeInclusive<usize>,
    ) -> Self {
        let mut lists: Vec<_> = lengths.flat_map(|length| rising(parts.len(), length)).collect();
        lists.retain(|list| list.is_sorted_by(|a, b| a < b));
        Self::of_lists(dialect, place, parts, lists)
    }

    fn of_lists(dialect: Dialect, place: Place, parts: Vec<Part>, lists: Vec<Vec<usize>>) -> Self {
        let version = if dialect == Dialect::Ram { "1" } else { "2012-10-17" };
        Self::new(dialect, place, parts, lists, |parts| {
            let texts: Vec<_> = parts.iter().map(|part| part.text.as_str()).collect();
            let text = format!(r#"{{"Version":"{version}","Statement":[{}]}}"#, texts.join(","));
            Content::Document((!parts.is_empty()).then(|| Document::new(text)))
        })
    }

    /// Every list of at most that many grants, made of their parts by `make`.
    pub fn grants(parts: Vec<Part>, most: usize, make: impl Fn(usize, &Part) -> Grant) -> Self {
        let lists = (0..=most).flat_map(|length| rising(parts.len(), length)).collect();
        Self::new(Dialect::Aws, Place::Grants, parts, lists, |parts| {
            Content::Grants(parts.iter().enumerate().map(|(index, part)| make(index, part)).collect())
        })
    }

    fn new(
        dialect: Dialect,
        place: Place,
        parts: Vec<Part>,
        lists: Vec<Vec<usize>>,
        make: impl Fn(&[&Part]) -> Content,
    ) -> Self {
        let places: BTreeMap<&[usize], usize> =
            lists.iter().enumerate().map(|(at, list)| (list.as_slice(), at)).collect();
        let texts: BTreeMap<&str, usize> =
            parts.iter().enumerate().map(|(at, part)| (part.text.as_str(), at)).collect();
        let neighbours = Neighbours { dialect, place, parts: &parts, places: &places, texts: &texts };
        let choices = lists.iter().map(|list| {
            let of: Vec<_> = list.iter().filter_map(|part| parts.get(*part)).collect();
            Choice {
                parts: list.clone(),
                facts: facts(dialect, place, &of),
                features: if of.is_empty() { 0 } else { bits(&place.feature()) },
                steps: neighbours.steps(list),
                content: make(&of),
            }
        });
        let choices = choices.collect();
        Self { place, parts, choices }
    }

    /// The places that its choices come to when every part becomes another by `rename`; `None` where one does not stand in
    /// the alphabet.
    pub fn renamed(&self, rename: &dyn Fn(&str) -> String) -> Option<Vec<usize>> {
        let texts: BTreeMap<&str, usize> =
            self.parts.iter().enumerate().map(|(at, part)| (part.text.as_str(), at)).collect();
        let parts = self.parts.iter().map(|part| texts.get(rename(&part.text).as_str()).copied());
        let parts = parts.collect::<Option<Vec<_>>>()?;
        let places: BTreeMap<&[usize], usize> =
            self.choices.iter().enumerate().map(|(at, choice)| (choice.parts.as_slice(), at)).collect();
        let moved = self.choices.iter().map(|choice| {
            let mut list =
                choice.parts.iter().map(|at| parts.get(*at).copied()).collect::<Option<Vec<_>>>()?;
            list.sort_unstable();
            places.get(list.as_slice()).copied()
        });
        moved.collect()
    }

    /// Puts one of the choices into a request.
    pub fn put(&self, choice: usize, ask: &mut Authorize) {
        let Some(Choice { content, .. }) = self.choices.get(choice) else { return };
        let (caller, resource) =
            (&mut ask.caller, ask.authorizations.first_mut().map(|one| &mut one.resource));
        let Some(resource) = resource else { return };
        match content {
            Content::Grants(grants) => resource.grants.clone_from(grants),
            Content::Document(document) => match self.place {
                Place::Boundary => caller.boundary.clone_from(document),
                Place::Control => levels(&mut resource.control_policies, document),
                Place::Endpoint => {
                    if let Some(endpoint) = &mut ask.endpoint {
                        endpoint.policy.clone_from(document);
                    }
                }
                Place::Grants => {}
                Place::Identity => attach(caller, document),
                Place::Key => resource.policy.clone_from(document),
                Place::Rcp => levels(&mut resource.rcps, document),
                Place::Scp => levels(&mut caller.scps, document),
                Place::Session => {
                    caller.session_policies = document.as_ref().map(|document| vec![document.clone()]);
                }
            },
        }
    }
}

fn levels(levels: &mut Option<Vec<Vec<Document>>>, document: &Option<Document>) {
    *levels = document.as_ref().map(|document| vec![vec![document.clone()]]);
}

fn attach(caller: &mut Caller, document: &Option<Document>) {
    match (document, caller.policies.first_mut()) {
        (None, _) => caller.policies.clear(),
        (Some(document), Some(attached)) => attached.document = document.clone(),
        (Some(document), None) => {
            let own = caller.issuer.as_ref().or(caller.arn.as_ref()).and_then(|arn| arn.rsplit(':').next());
            caller.policies.push(Attached::new(own.unwrap_or_default(), document.clone()));
        }
    }
}

/// Every list of that length of numbers below `below` that never falls.
fn rising(below: usize, length: usize) -> Vec<Vec<usize>> {
    let Some(shorter) = length.checked_sub(1) else { return vec![Vec::new()] };
    let longer = |list: Vec<usize>| {
        let from = list.last().copied().unwrap_or_default();
        (from..below).map(move |next| [list.as_slice(), &[next]].concat())
    };
    rising(below, shorter).into_iter().flat_map(longer).collect()
}

fn facts(dialect: Dialect, place: Place, parts: &[&Part]) -> Facts {
    let mut facts = parts.iter().fold(0, |facts, part| facts | part.facts);
    let has = |wanted: &dyn Fn(&Part) -> bool| parts.iter().any(|part| wanted(part));
    let mut when = |holds: bool, fact: Facts| facts |= if holds { fact } else { 0 };
    when(has(&|part| part.denies), DENY);
    when(place == Place::Identity && has(&|part| !part.denies), IDENTITY_HAS_ALLOW);
    when(place == Place::Identity && has(&|part| !part.denies && part.asked), IDENTITY_ALLOWS);
    when(place == Place::Key && has(&|part| !part.denies), KEY_ALLOWS);
    when(place == Place::Grants && !parts.is_empty(), GRANTED);
    let allows = has(&|part| !part.denies && part.asked);
    when(place.is_strict(dialect) && !parts.is_empty() && !allows, CLOSED);
    facts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(text: &str, denies: bool) -> Part {
        Part { text: format!(r#"{{"Sid":"{text}"}}"#), denies, asked: true, ..Part::default() }
    }

    #[test]
    fn lists_that_differ_in_order_alone_are_one() {
        assert_eq!(rising(3, 0), [[0; 0]]);
        assert_eq!(rising(3, 2), [[0, 0], [0, 1], [0, 2], [1, 1], [1, 2], [2, 2]]);
        assert_eq!(rising(5, 3).len(), 35);
        let axis =
            Axis::documents(Dialect::Aws, Place::Identity, vec![part("a", false), part("b", true)], 0..=2);
        let lists: Vec<_> = axis.choices.iter().map(|choice| choice.parts.as_slice()).collect();
        assert_eq!(lists, [&[][..], &[0], &[1], &[0, 0], &[0, 1], &[1, 1]]);
        // Once renamed, the lists are sorted again.
        let turned = axis.renamed(&|text| match text.contains('a') {
            true => text.replace("\"a\"", "\"b\""),
            false => text.replace("\"b\"", "\"a\""),
        });
        assert_eq!(turned.unwrap(), [0, 2, 1, 5, 4, 3]);
        assert_eq!(axis.renamed(&|text| text.replace("\"a\"", "\"c\"")), None);
    }

    #[test]
    fn neighbours_lack_a_statement_or_have_another() {
        let mut b = part("b", true);
        b.becomes.push((Law::ConditionOfDeny, part("a", true).text, 0, 0));
        let axis = Axis::documents(Dialect::Aws, Place::Scp, vec![part("a", true), b], 0..=2);
        let steps =
            |at: usize| axis.choices[at].steps.iter().map(|step| (step.law, step.to)).collect::<Vec<_>>();
        assert_eq!(steps(0), []);
        assert_eq!(steps(2), [(Law::ConditionOfDeny, 1), (Law::Rail, 0)]);
        assert_eq!(steps(3), [(Law::AddedDeny, 1), (Law::Repeated, 1), (Law::Rail, 0)]);
        assert_eq!(
            steps(4),
            [(Law::AddedDeny, 2), (Law::AddedDeny, 1), (Law::ConditionOfDeny, 3), (Law::Rail, 0)]
        );
        assert_eq!((axis.choices[0].facts & CLOSED, axis.choices[1].facts), (0, DENY | CLOSED));
    }
}
