//! Decides what is told of the questions that were asked: how often they were of which kind, and needed which feature.

use std::collections::BTreeMap;

use kms_conformance::model::Question;
use kms_conformance::model::question::Ask;

/// How often questions had what.
#[derive(Clone, Debug, Default)]
pub struct Stats(BTreeMap<String, u64>);

impl Stats {
    /// Counts a question.
    pub fn add(&mut self, question: &Question) {
        let dialect = question.dialect.word();
        let kind = match &question.ask {
            Ask::Validate(ask) => format!("{dialect} validate {}", ask.policy_type.word()),
            Ask::Authorize(ask) => format!("{dialect} authorize as {}", ask.caller.kind.word()),
            _ => dialect.to_owned(),
        };
        *self.0.entry(kind).or_default() += 1;
        for feature in question.features_of(false) {
            *self.0.entry(format!("{dialect} feature {feature}")).or_default() += 1;
        }
    }

    /// What was counted, by its name.
    pub fn rows(&self) -> impl Iterator<Item = (&str, u64)> {
        self.0.iter().map(|(name, count)| (name.as_str(), *count))
    }
}
