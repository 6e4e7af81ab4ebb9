//! Decides what the catalogue asks and expects: suites read, resolved and checked into requirements and checks.

mod build;
mod canonical;
mod cases;
mod expand;
mod expectation;
mod files;
mod index;
mod load;
mod problem;
pub mod shape;
mod suite;
mod world;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use kms_model::{Description, Dialect, Feature, Outcome, Question, words};

pub use canonical::canonical;
pub use files::read_directory;
pub use index::{digest, index};
pub use problem::{LoadError, SuiteProblem};

/// Requirements and checks. Only the loader makes one.
#[derive(Clone, Debug, Default)]
pub struct Catalogue {
    requirements: BTreeMap<String, Requirement>,
    checks: Vec<Check>,
}

/// One documented rule.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Requirement {
    /// `kms.core.explicit-deny-wins`
    pub id: String,
    /// How firmly the documentation says it.
    pub strength: Strength,
    /// What it governs.
    pub about: About,
    /// The rule in our own words.
    pub statement: String,
    /// Where it is documented.
    pub sources: Vec<Source>,
    /// Why it can be shown in one polarity only.
    pub one_sided: Option<String>,
    /// Why no check can show it.
    pub untested: Option<String>,
    /// The suite that defines it: `aws/core/deny.json`.
    pub suite: String,
    /// The dialect of that suite.
    pub dialect: Dialect,
}

/// A place in the documentation.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Source {
    /// The document: `AWS KMS Developer Guide`.
    pub document: String,
    /// The section or page.
    pub section: String,
    /// The edition that was read.
    pub edition: Option<String>,
    /// Where it stands.
    pub url: Option<String>,
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, {}", self.document, self.section)?;
        if let Some(edition) = &self.edition {
            write!(f, " ({edition})")?;
        }
        if let Some(url) = &self.url {
            write!(f, " {url}")?;
        }
        Ok(())
    }
}

/// How firmly the documentation says a rule.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub enum Strength {
    /// It advises.
    Advice,
    /// It says two things.
    Contradictory,
    /// It shows it, without stating it.
    Example,
    /// It states it.
    Must,
    /// It says nothing.
    Silent,
}

words! { Strength: Advice "advice", Contradictory "contradictory", Example "example", Must "must", Silent "silent", }

/// What a rule governs.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub enum About {
    /// Whether a request is authorized.
    Decision,
    /// Which condition keys a request has.
    Derivation,
    /// Which documents are accepted.
    Document,
    /// Which authorizations an operation needs.
    Operation,
}

words! { About: Decision "decision", Derivation "derivation", Document "document", Operation "operation", }

/// An answer that can be expected.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub enum Expected {
    /// The document is accepted.
    Accepted,
    /// The request is authorized.
    Allow,
    /// A statement that denies applies.
    ExplicitDeny,
    /// Nothing allows the request.
    ImplicitDeny,
    /// A document is refused.
    Rejected,
}

words! { Expected: Accepted "accepted", Allow "allow", ExplicitDeny "explicit-deny", ImplicitDeny "implicit-deny", Rejected "rejected", }

impl Expected {
    /// Whether this grants: `allow` or `accepted`.
    pub fn grants(self) -> bool {
        matches!(self, Self::Accepted | Self::Allow)
    }

    /// Whether this is a refusal of a request.
    pub fn is_deny(self) -> bool {
        matches!(self, Self::ExplicitDeny | Self::ImplicitDeny)
    }

    /// Whether an answer is exactly this.
    pub fn is(self, outcome: &Outcome) -> bool {
        matches!(
            (self, outcome),
            (Self::Accepted, Outcome::Accepted)
                | (Self::Allow, Outcome::Allow)
                | (Self::ExplicitDeny, Outcome::ExplicitDeny)
                | (Self::ImplicitDeny, Outcome::ImplicitDeny)
                | (Self::Rejected, Outcome::Rejected { .. })
        )
    }
}

/// What is held against an answer.
#[derive(Clone, Debug, PartialEq)]
pub enum Expectation {
    /// One of these answers; anything else is a failure.
    Expect(Vec<Expected>),
    /// Nothing: answers are reported beside who says so.
    Observe(Vec<(Expected, String)>),
}

impl fmt::Display for Expectation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Expect(answers) => {
                let words: Vec<_> = answers.iter().map(|answer| answer.word()).collect();
                f.write_str(&words.join(" or "))
            }
            Self::Observe(readings) => {
                let words: Vec<_> = readings.iter().map(|(answer, _)| answer.word()).collect();
                write!(f, "observe {}", words.join(", "))
            }
        }
    }
}

/// One question and what is expected of the answer.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Check {
    /// `aws/core/deny#in-key-policy`
    pub id: String,
    /// The rules that it shows.
    pub requirements: Vec<String>,
    /// The question, its context complete.
    pub question: Question,
    /// What is expected.
    pub expectation: Expectation,
    /// Why one half of an open question can be expected.
    pub because: Option<String>,
    /// What the case and the check say to readers.
    pub notes: Vec<String>,
    /// The features that an evaluator must have to be asked.
    pub features: BTreeSet<Feature>,
    /// The ability that the check is about, where no credit is due for what the harness does.
    pub ability: Option<Feature>,
    /// Where the check stands: path, line and column.
    pub place: String,
}

impl Check {
    /// The dialect and the folder of the suite: `aws/core`.
    pub fn topic(&self) -> &str {
        topic(&self.id)
    }

    /// Whether the check expects something of how its request is judged: no refusal of a document will do instead.
    pub fn expects_decision(&self) -> bool {
        match &self.expectation {
            Expectation::Expect(answers) => !answers.contains(&Expected::Rejected),
            Expectation::Observe(_) => false,
        }
    }

    /// The question as an evaluator of this description is asked it: one that derives condition keys gets none, unless the
    /// check changed them, or it is asked part by part and could not see from one what the others are.
    pub fn question_for(&self, description: &Description) -> Question {
        let part_by_part =
            self.features.contains(&Feature::Operations) && !description.has(Feature::Operations);
        let derives = description.has(Feature::DerivesContext);
        if !derives || part_by_part || self.features.contains(&Feature::Context) {
            return self.question.clone();
        }
        let mut question = self.question.clone();
        if let kms_model::question::Ask::Authorize(ask) = &mut question.ask {
            for authorization in &mut ask.authorizations {
                authorization.context = None;
            }
            ask.context_types.clear();
        }
        question
    }
}

/// The topic of a check with that id: `aws/core`.
pub fn topic(id: &str) -> &str {
    let path = id.split('#').next().unwrap_or_default();
    let end = path.match_indices('/').nth(1).map_or(path.len(), |(at, _)| at);
    path.get(..end).unwrap_or(path)
}

impl Catalogue {
    /// The catalogue that this version of the harness carries.
    ///
    /// # Errors
    /// Every problem of every suite; the tests hold that there are none.
    pub fn builtin() -> Result<Self, LoadError> {
        Self::load_builtin(load::Kind::Builtin, &|_| true)
    }

    /// The same catalogue with all its requirements, and the checks of those suites only that could hold an id which starts
    /// with one of these texts: quicker to load.
    ///
    /// # Errors
    /// Every problem of every suite that is looked into.
    pub fn builtin_near(starts: &[&str]) -> Result<Self, LoadError> {
        let near = |stem: &str| starts.iter().any(|start| stem.starts_with(start) || start.starts_with(stem));
        Self::load_builtin(load::Kind::Builtin, &near)
    }

    /// The same catalogue, held against the rule that no two checks ask the same question.
    ///
    /// # Errors
    /// Every problem of every suite, and every question that is asked twice.
    pub fn builtin_checked() -> Result<Self, LoadError> {
        Self::load_builtin(load::Kind::BuiltinChecked, &|_| true)
    }

    fn load_builtin(kind: load::Kind, wanted: &dyn Fn(&str) -> bool) -> Result<Self, LoadError> {
        let sources: Vec<_> = kms_spec_cases::SUITES
            .iter()
            .map(|(path, text)| files::SourceFile::new(*path, text.as_bytes().to_vec()))
            .collect();
        load::load(&sources, &files::builtin_fixtures(), kind, wanted)
    }

    /// The suites of a directory, read over the built-in fixtures or the directory's own `fixtures.json`.
    ///
    /// # Errors
    /// Every problem of every file, or that there is none.
    pub fn from_directory(path: &std::path::Path) -> Result<Self, LoadError> {
        let (sources, fixtures) = read_directory(path)?;
        load::load(&sources, &fixtures, load::Kind::Own, &|_| true)
    }

    /// The one suite that `text` holds, read over the built-in fixtures. Its `path` begins the ids of its checks and stands
    /// before every problem; it cannot refer to files.
    ///
    /// # Errors
    /// Every problem of the suite.
    pub fn from_text(path: &str, text: &str) -> Result<Self, LoadError> {
        let source = files::SourceFile::new(path, text.as_bytes().to_vec());
        load::load(&[source], &files::builtin_fixtures(), load::Kind::Own, &|_| true)
    }

    /// The checks in the order of their suites.
    pub fn checks(&self) -> &[Check] {
        &self.checks
    }

    /// The check of that id.
    pub fn check(&self, id: &str) -> Option<&Check> {
        self.checks.iter().find(|check| check.id == id)
    }

    /// The requirements, sorted by id.
    pub fn requirements(&self) -> impl Iterator<Item = &Requirement> {
        self.requirements.values()
    }

    /// The requirement of that id.
    pub fn requirement(&self, id: &str) -> Option<&Requirement> {
        self.requirements.get(id)
    }

    /// The dialects that the checks are of.
    pub fn dialects(&self) -> BTreeSet<Dialect> {
        self.checks.iter().map(|check| check.question.dialect).collect()
    }

    /// What of this catalogue is about one dialect.
    #[must_use]
    pub fn of_dialect(mut self, dialect: Dialect) -> Self {
        self.requirements.retain(|_, requirement| requirement.dialect == dialect);
        self.filtered(|check| check.question.dialect == dialect)
    }

    /// This catalogue with the checks that `keep` keeps.
    #[must_use]
    pub fn filtered(mut self, keep: impl Fn(&Check) -> bool) -> Self {
        self.checks.retain(|check| keep(check));
        self
    }
}
