//! Decides how a problem of a suite is told: path, line, column, case, what is wrong.

use std::fmt;

use kms_model::json::{Lines, Position, Span};

/// Something wrong with a suite.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub struct SuiteProblem {
    /// The file.
    pub path: String,
    /// The place in it, where the file could be read.
    pub position: Option<Position>,
    /// The case or check, where there is one.
    pub case: Option<String>,
    /// What is wrong and what was expected.
    pub message: String,
}

impl fmt::Display for SuiteProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.path)?;
        if let Some(position) = self.position {
            write!(f, ":{position}")?;
        }
        if let Some(case) = &self.case {
            write!(f, ": {case}")?;
        }
        write!(f, ": {}", self.message)
    }
}

/// Why no catalogue could be loaded: every problem of every file.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
pub struct LoadError(pub Vec<SuiteProblem>);

/// The problems found so far.
#[derive(Default)]
pub(super) struct Problems(Vec<SuiteProblem>);

/// A place where problems are found: a file, and a case in it.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    pub path: &'a str,
    pub lines: &'a Lines<'a>,
    pub case: Option<&'a str>,
    /// Where the problem is put if the value it is about stands in no file of its own.
    pub fallback: Span,
}

impl Problems {
    pub fn file(&mut self, path: &str, message: impl Into<String>) {
        self.0.push(SuiteProblem {
            path: path.to_owned(),
            position: None,
            case: None,
            message: message.into(),
        });
    }

    pub fn at(&mut self, place: Place<'_>, span: Span, message: impl Into<String>) {
        let span = if span == Span::default() { place.fallback } else { span };
        self.0.push(SuiteProblem {
            path: place.path.to_owned(),
            position: Some(place.lines.position(span.start)),
            case: place.case.map(str::to_owned),
            message: message.into(),
        });
    }

    pub fn all(&mut self, place: Place<'_>, problems: Vec<kms_model::shape::Problem>) {
        for problem in problems {
            self.at(place, problem.span, problem.message);
        }
    }

    /// The result of loading: `value`, if there are no problems. What several rows of a table say alike is said once.
    pub fn finish<T>(mut self, value: T) -> Result<T, LoadError> {
        self.0.sort();
        self.0.dedup_by(|a, b| (&a.path, a.position, &a.message) == (&b.path, b.position, &b.message));
        if self.0.is_empty() { Ok(value) } else { Err(LoadError(self.0)) }
    }

    pub fn add(&mut self, problem: SuiteProblem) {
        self.0.push(problem);
    }

    pub fn append(&mut self, mut other: Self) {
        self.0.append(&mut other.0);
    }

    pub fn count(&self) -> usize {
        self.0.len()
    }
}
