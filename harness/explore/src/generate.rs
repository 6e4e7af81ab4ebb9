//! Decides which generator answers for a dialect, and what else is asked about a world once it is made: policies take longer
//! to make and to read than a request takes to be decided.

pub(crate) mod draft;
pub mod size;

use kms_model::question::{Ask, PolicyType, Validate};
use kms_model::{Dialect, Question};

use crate::{Choices, Settings, aws, ram};

/// How often a question about a document is followed by one about another document, in a hundred.
const OTHER_DOCUMENT: usize = 40;

/// A question of that dialect.
pub fn question(dialect: Dialect, choices: &mut dyn Choices, settings: &Settings) -> Question {
    match dialect {
        Dialect::Ram => ram::question(choices, settings),
        _ => aws::question(choices, settings),
    }
}

/// What is known of a generated question from how it was made: enough to ask others about the same world.
#[derive(Debug)]
pub struct Series(Of);

#[derive(Debug)]
enum Of {
    Aws(aws::Series),
    /// The first question.
    Document(Box<Question>),
    Ram(ram::Series),
}

impl Series {
    /// A question of that dialect, the same that [`question`] makes, and its series.
    pub fn new(dialect: Dialect, choices: &mut dyn Choices, settings: &Settings) -> (Question, Self) {
        let (question, of) = match dialect {
            Dialect::Ram => {
                let (question, series) = ram::series(choices, settings);
                (question, series.map(Of::Ram))
            }
            _ => {
                let (question, series) = aws::series(choices, settings);
                (question, series.map(Of::Aws))
            }
        };
        let of = of.unwrap_or_else(|| Of::Document(Box::new(question.clone())));
        (question, Self(of))
    }

    /// Makes the question of this series another one: a request under the same policies a step or two away from the one that
    /// they were made for, or a document in another place. It depends on the world and on `choices`, and not on what was
    /// asked in between. Documents stay shared, and are not read again.
    pub fn again(&mut self, question: &mut Question, choices: &mut dyn Choices, settings: &Settings) {
        match &mut self.0 {
            Of::Aws(series) => series.again(question, choices, settings),
            Of::Document(first) => *question = document(first, choices, settings),
            Of::Ram(series) => series.again(question, choices, settings),
        }
    }
}

/// Another document, or the same in the place of another policy.
fn document(first: &Question, choices: &mut dyn Choices, settings: &Settings) -> Question {
    let dialect = first.dialect;
    let (kinds, other): (_, fn(&mut dyn Choices, &Settings) -> Question) = match dialect {
        Dialect::Ram => (ram::KINDS, ram::document),
        _ => (aws::KINDS, aws::document),
    };
    let Ask::Validate(known) = &first.ask else { return first.clone() };
    // What a request to make a grant says is no policy.
    let is_one = |kind: &PolicyType| *kind != PolicyType::GrantRequest && settings.allows(kind.validation());
    let kind = choices.pick(kinds).copied().filter(is_one);
    match kind {
        Some(kind) if known.policy_type != PolicyType::GrantRequest && !choices.chance(OTHER_DOCUMENT) => {
            let mut validate = Validate::new(kind, known.document.clone());
            validate.purpose = match kind {
                PolicyType::KeyPolicy if dialect == Dialect::Ram => Some("SetKeyPolicy".to_owned()),
                PolicyType::KeyPolicy => Some("PutKeyPolicy".to_owned()),
                PolicyType::SecretPolicy => Some("SetSecretPolicy".to_owned()),
                _ => None,
            };
            Question::validate(dialect, first.region.clone(), validate)
        }
        _ => other(choices, settings),
    }
}
