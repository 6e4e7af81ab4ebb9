//! Decides which script shows why an evaluator allows what must be refused: a file beside the scripts, a check and a script a line.

use std::collections::{BTreeMap, BTreeSet};

use kms_model::json::Position;
use wildmatch::WildMatch;

use super::Reproduction;
use crate::catalogue::{Catalogue, LoadError, SuiteProblem};
use crate::run::Run;
use crate::verdict::{FailKind, Judgement};

/// The causes of an evaluator's false allows, as `causes.tsv` has them. Where a line names a check and another a pattern that
/// matches it, the first counts.
#[derive(Clone, Debug, Default)]
pub struct Causes {
    path: String,
    entries: Vec<Entry>,
    /// Of each check that is claimed, its entry.
    of: BTreeMap<String, usize>,
}

/// A line of the file.
#[derive(Clone, Debug)]
struct Entry {
    line: usize,
    /// A check, or a pattern of checks with `*`.
    checks: String,
    /// The script, from the root of the repository.
    script: String,
}

impl Causes {
    /// Reads a file: lines of a check or a pattern with `*`, a tab, and the name of a script that lies beside the file; sorted,
    /// none twice. `path` is from the root of the repository, as the scripts are.
    ///
    /// # Errors
    /// Every problem of the file: a check that the catalogue lacks, a script that is not there, two patterns for one check, an
    /// order that is not that of the bytes.
    pub fn read(
        path: &str,
        text: &str,
        scripts: &[Reproduction],
        catalogue: &Catalogue,
    ) -> Result<Self, LoadError> {
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let scripts: BTreeSet<_> = scripts.iter().map(|one| one.script.as_str()).collect();
        let mut problems = Vec::new();
        let mut causes = Self { path: path.to_owned(), ..Self::default() };
        let mut before = "";
        for (line, text) in (1..).zip(text.lines()) {
            let mut problem = |message: String| problems.push(causes.problem(line, message));
            let Some((checks, name)) = text.split_once('\t') else {
                problem("expected a check, a tab and a script".to_owned());
                continue;
            };
            if text <= before {
                problem(format!("`{checks}` stands behind what sorts after it"));
            }
            before = text;
            let script = format!("{folder}/{name}");
            if !scripts.contains(script.as_str()) {
                problem(format!("no script `{name}` beside this file names a check"));
            }
            causes.entries.push(Entry { line, checks: checks.to_owned(), script });
        }
        problems.extend(causes.claim(catalogue));
        problems.sort();
        if problems.is_empty() { Ok(causes) } else { Err(LoadError(problems)) }
    }

    /// The script, from the root of the repository, that shows why a false allow comes about.
    pub fn script(&self, check: &str) -> Option<&str> {
        self.of.get(check).and_then(|at| self.entries.get(*at)).map(|entry| entry.script.as_str())
    }

    /// The lines of the file that claim no false allow of a run of the whole catalogue.
    pub fn stale(&self, run: &Run) -> Vec<SuiteProblem> {
        let allows = |judgement: &Judgement| matches!(judgement, Judgement::Fail(FailKind::FalseAllow));
        let fails = run.verdicts.iter().filter(|verdict| allows(&verdict.judgement));
        let live: BTreeSet<_> = fails.filter_map(|verdict| self.of.get(&verdict.id)).collect();
        let stale = (0..).zip(&self.entries).filter(|(at, _)| !live.contains(at));
        stale
            .map(|(_, Entry { line, checks, .. })| {
                self.problem(*line, format!("`{checks}` is stale: no false allow is left for it"))
            })
            .collect()
    }

    /// Finds the checks of each line: first those of patterns, then those that are named.
    fn claim(&mut self, catalogue: &Catalogue) -> Vec<SuiteProblem> {
        let mut problems = Vec::new();
        let (globs, named): (Vec<_>, Vec<_>) =
            (0..).zip(&self.entries).partition(|(_, entry)| entry.checks.contains('*'));
        for (at, Entry { line, checks, .. }) in globs {
            let pattern = WildMatch::new(checks);
            let mut found = catalogue.checks().iter().filter(|check| pattern.matches(&check.id)).peekable();
            if found.peek().is_none() {
                problems.push(self.problem(*line, format!("no check matches `{checks}`")));
            }
            let mut twice: Option<usize> = None;
            for check in found {
                twice = twice.or(self.of.insert(check.id.clone(), at));
            }
            if let Some(other) = twice.and_then(|other| self.entries.get(other)) {
                let message =
                    format!("`{checks}` has checks of `{}` too, on line {}", other.checks, other.line);
                problems.push(self.problem(*line, message));
            }
        }
        let mut by_name: BTreeMap<&str, usize> = BTreeMap::new();
        for (at, Entry { line, checks, .. }) in named {
            if catalogue.check(checks).is_none() {
                problems.push(self.problem(*line, format!("there is no check `{checks}`")));
            }
            if by_name.insert(checks, at).is_some() {
                problems.push(self.problem(*line, format!("`{checks}` has a script already")));
            }
            self.of.insert(checks.clone(), at);
        }
        problems
    }

    fn problem(&self, line: usize, message: String) -> SuiteProblem {
        let position = Some(Position { line, column: 1 });
        SuiteProblem { path: self.path.clone(), position, case: None, message }
    }
}
