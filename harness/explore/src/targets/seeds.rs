//! Decides which seeds a readable question gives to which target.

use kms_model::question::Ask;
use kms_model::wire::ask;
use kms_model::{Dialect, Question};

use super::validate::documents;

/// The targets of `fuzz/`, each with what its seeds are.
pub const TARGETS: &[(&str, Seeds)] = &[
    ("differential", Seeds::Questions(None)),
    ("document_aws", Seeds::Documents(Dialect::Aws)),
    ("document_ram", Seeds::Documents(Dialect::Ram)),
    ("protocol", Seeds::Lines),
    ("question", Seeds::Questions(None)),
    ("relations_aws", Seeds::Questions(Some(Dialect::Aws))),
    ("relations_ram", Seeds::Questions(Some(Dialect::Ram))),
    ("suite", Seeds::Suites),
    ("validate", Seeds::Questions(None)),
];

/// What the seeds of a target are.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Seeds {
    /// The documents of the questions of a dialect, as texts.
    Documents(Dialect),
    /// Lines of the protocol that ask the questions.
    Lines,
    /// The questions as JSON, of one dialect or of all.
    Questions(Option<Dialect>),
    /// Suites; questions give none.
    Suites,
}

/// The seeds that a question gives to targets of that kind.
pub fn seeds(kind: Seeds, question: &Question) -> Vec<String> {
    let of = |dialect| question.dialect == dialect;
    match kind {
        Seeds::Documents(dialect) if of(dialect) => match &question.ask {
            Ask::Authorize(ask) => documents(ask).into_iter().map(|(_, one)| one.text().to_owned()).collect(),
            Ask::Validate(ask) => vec![ask.document.text().to_owned()],
            _ => Vec::new(),
        },
        Seeds::Lines => vec![ask(7, question)],
        Seeds::Questions(dialect) if dialect.is_none_or(of) => vec![question.to_line()],
        Seeds::Documents(_) | Seeds::Questions(_) | Seeds::Suites => Vec::new(),
    }
}
