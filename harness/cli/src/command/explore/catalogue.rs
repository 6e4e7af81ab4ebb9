//! Decides which questions the catalogue yields for exploring: its own, with parts exchanged between them.

use std::collections::BTreeMap;

use kms_conformance::model::derive::{context_types, derive_in};
use kms_conformance::model::question::{Ask, Authorize, PolicyType, Resource, Validate};
use kms_conformance::model::{Dialect, Document, Feature, Question};
use kms_explore::Choices;

/// The most parts that are exchanged in a question.
const EXCHANGED: usize = 4;

/// Questions that exchange their parts. Documents are shared, so that each is read once.
pub struct Exchange {
    questions: BTreeMap<Dialect, Vec<Known>>,
}

struct Known {
    question: Question,
    /// Whether its condition keys follow from its facts.
    derives: bool,
}

/// What is taken over from another request.
const PARTS: &[fn(&mut Authorize, &Authorize)] = &[
    |ask, other| ask.caller = other.caller.clone(),
    |ask, other| ask.caller.policies.clone_from(&other.caller.policies),
    |ask, other| ask.caller.boundary.clone_from(&other.caller.boundary),
    |ask, other| ask.caller.session_policies.clone_from(&other.caller.session_policies),
    |ask, other| ask.caller.scps.clone_from(&other.caller.scps),
    |ask, other| ask.caller.tags.clone_from(&other.caller.tags),
    |ask, other| ask.endpoint.clone_from(&other.endpoint),
    |ask, other| ask.via.clone_from(&other.via),
    |ask, other| {
        ask.operation.clone_from(&other.operation);
        ask.authorizations.clone_from(&other.authorizations);
    },
    |ask, other| {
        resources(ask, other, |to, from| {
            // Every key of AWS KMS has a key policy.
            if from.policy.is_some() {
                to.policy.clone_from(&from.policy);
            }
        });
    },
    |ask, other| resources(ask, other, |to, from| to.grants.clone_from(&from.grants)),
    |ask, other| resources(ask, other, |to, from| to.rcps.clone_from(&from.rcps)),
    |ask, other| resources(ask, other, |to, from| to.control_policies.clone_from(&from.control_policies)),
    |ask, other| resources(ask, other, |to, from| to.tags.clone_from(&from.tags)),
];

fn resources(ask: &mut Authorize, other: &Authorize, exchange: fn(&mut Resource, &Resource)) {
    for (to, from) in ask.authorizations.iter_mut().zip(&other.authorizations) {
        exchange(&mut to.resource, &from.resource);
    }
}

impl Exchange {
    /// These questions.
    pub fn new(questions: impl Iterator<Item = Question>) -> Self {
        let known = |question: Question| {
            let features = question.features();
            let given = [Feature::Context, Feature::DerivesContext];
            Known { derives: given.iter().all(|feature| !features.contains(feature)), question }
        };
        let mut by_dialect: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for question in questions {
            by_dialect.entry(question.dialect).or_default().push(known(question));
        }
        Self { questions: by_dialect }
    }

    /// One of a dialect, with parts of others.
    pub fn question(&self, dialect: Dialect, choices: &mut dyn Choices) -> Question {
        let questions = self.questions.get(&dialect).map(Vec::as_slice).unwrap_or_default();
        let Some(Known { question, derives }) = choices.pick(questions) else {
            let nothing = Validate::new(PolicyType::Identity, Document::new(""));
            return Question::validate(dialect, "", nothing);
        };
        let mut question = question.clone();
        for _ in 0..choices.below(EXCHANGED) {
            let Some(other) = choices.pick(questions) else { break };
            match (&mut question.ask, &other.question.ask) {
                (Ask::Authorize(ask), Ask::Authorize(other)) => {
                    if let Some(part) = choices.pick(PARTS) {
                        part(ask, other);
                    }
                }
                (Ask::Validate(ask), Ask::Validate(other)) => match choices.below(2) {
                    0 => ask.document = other.document.clone(),
                    _ => ask.policy_type = other.policy_type,
                },
                _ => {}
            }
        }
        if let (Ask::Authorize(ask), true) = (&mut question.ask, *derives) {
            let of = |one| derive_in(question.dialect, &question.region, ask, one);
            let contexts: Vec<_> = ask.authorizations.iter().map(of).collect();
            ask.context_types = context_types(question.dialect, contexts.iter());
            for (authorization, context) in ask.authorizations.iter_mut().zip(contexts) {
                authorization.context = Some(context);
            }
        }
        question
    }
}
