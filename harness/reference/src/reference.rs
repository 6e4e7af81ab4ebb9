//! Decides which of the two reference evaluators answers a question: the one of its dialect.

use std::collections::BTreeSet;

use kms_model::{Answer, Description, Dialect, Evaluator, Feature, Outcome, Question};

use crate::{AwsReference, RamReference, aws, ram};

/// The reference evaluator of both dialects.
#[derive(Clone, Debug)]
pub struct Reference {
    aws: AwsReference,
    ram: RamReference,
    description: Description,
}

impl Default for Reference {
    fn default() -> Self {
        Self::new()
    }
}

impl Reference {
    /// A reference evaluator. It keeps no state; documents keep their own compiled form.
    pub fn new() -> Self {
        let (aws, ram) = (AwsReference::new(), RamReference::new());
        let features: BTreeSet<_> = aws::FEATURES.iter().chain(ram::FEATURES).copied().collect();
        let features: Vec<Feature> = features.into_iter().collect();
        let mut description = Description::new("kms-reference", env!("CARGO_PKG_VERSION"), Dialect::Aws);
        description.dialects.push(Dialect::Ram);
        Self { aws, ram, description: description.with(&features) }
    }

    fn of(&mut self, dialect: Dialect) -> Option<&mut dyn Evaluator> {
        match dialect {
            Dialect::Aws => Some(&mut self.aws),
            Dialect::Ram => Some(&mut self.ram),
            _ => None,
        }
    }
}

impl Evaluator for Reference {
    fn description(&self) -> &Description {
        &self.description
    }

    fn answer(&mut self, question: &Question) -> Answer {
        match self.of(question.dialect) {
            Some(evaluator) => evaluator.answer(question),
            None => unknown(question.dialect),
        }
    }

    fn explain(&mut self, question: &Question) -> Answer {
        match self.of(question.dialect) {
            Some(evaluator) => evaluator.explain(question),
            None => unknown(question.dialect),
        }
    }
}

fn unknown(dialect: Dialect) -> Answer {
    Outcome::Unsupported { feature: dialect.word().to_owned() }.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_dialect_has_its_evaluator() {
        let mut reference = Reference::new();
        let mut answer = |dialect: &str, version: &str| {
            let text = format!(
                r#"{{"kind":"validate","dialect":"{dialect}","region":"r","policy-type":"identity","document":
                    {{"Version":"{version}","Statement":[{{"Effect":"Allow","Action":"kms:*","Resource":"*"}}]}}}}"#
            );
            let question = Question::parse(&text).unwrap();
            let answer = reference.answer(&question);
            assert_eq!(reference.explain(&question).outcome, answer.outcome);
            answer.outcome.word()
        };
        assert_eq!(answer("aws", "2012-10-17"), "accepted");
        assert_eq!(answer("ram", "2012-10-17"), "rejected");
        assert_eq!(answer("aws", "1"), "rejected");
        assert_eq!(answer("ram", "1"), "accepted");
    }

    #[test]
    fn it_declares_what_either_declares() {
        let reference = Reference::new();
        let description = reference.description();
        assert_eq!(description.dialects, [Dialect::Aws, Dialect::Ram]);
        for feature in [Feature::Grants, Feature::ControlPolicies, Feature::Operations] {
            assert_eq!(description.features.iter().filter(|word| **word == feature.word()).count(), 1);
        }
        assert_eq!(description.unknown_features(), [""; 0]);
    }
}
