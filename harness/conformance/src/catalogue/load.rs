//! Decides whether suites hang together, and what they come to: all checks, or all problems.

use std::collections::BTreeMap;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use kms_model::Dialect;
use kms_model::json::{Limits, Lines, Node, Position, Span, parse_bytes};

use super::cases::{Loader, Rules};
use super::files::SourceFile;
use super::problem::{LoadError, Place, Problems, SuiteProblem};
use super::suite::{requirements, text, texts};
use super::{Catalogue, Check, Requirement, shape};

/// Whose suites are loaded.
#[derive(Clone, Copy, Eq, PartialEq)]
pub enum Kind {
    /// The catalogue itself: every check cites requirements, and these are defined in it.
    Builtin,
    /// The same, and no two checks ask the same question. That costs as much as all the rest, so a run leaves it to
    /// the tests.
    BuiltinChecked,
    /// Somebody's own: citing is optional, and the catalogue's requirements may be cited.
    Own,
}

/// What own suites may cite: read once, and without the checks.
static BUILTIN_REQUIREMENTS: LazyLock<BTreeMap<String, Requirement>> = LazyLock::new(|| {
    Catalogue::load_builtin(Kind::Builtin, &|_| false).map(|builtin| builtin.requirements).unwrap_or_default()
});

/// A suite that could be read.
pub(super) struct Suite<'a> {
    pub file: &'a SourceFile,
    pub lines: Lines<'a>,
    pub root: Node,
}

/// Loads suites over fixtures: the requirements of all, and the checks of those that `wanted` takes by their path without
/// `.json`.
///
/// # Errors
/// Every problem of every file.
pub fn load(
    files: &[SourceFile],
    fixtures: &SourceFile,
    kind: Kind,
    wanted: &dyn Fn(&str) -> bool,
) -> Result<Catalogue, LoadError> {
    let mut problems = Problems::default();
    let fixtures = read(fixtures, shape::FIXTURES, &mut problems).map(|suite| suite.root).unwrap_or_default();
    let mut suites = Vec::new();
    for (suite, found) in on_all_cores(files, |file| {
        let mut problems = Problems::default();
        (read(file, shape::SUITE_FRAME, &mut problems), problems)
    }) {
        problems.append(found);
        suites.extend(suite);
    }
    let mut catalogue = Catalogue::default();
    for suite in &suites {
        requirements(
            &suite.root,
            suite.dialect(),
            suite.place(None),
            &mut catalogue.requirements,
            &mut problems,
        );
    }
    let none = BTreeMap::new();
    let borrowed = match kind {
        Kind::Own if cites_others(&suites, &catalogue) => &*BUILTIN_REQUIREMENTS,
        _ => &none,
    };
    let suites: Vec<_> = suites.into_iter().filter(|suite| wanted(suite.stem())).collect();
    let rules = Rules { kind, own: &catalogue.requirements, borrowed };
    let mut checks = Vec::new();
    for mut loader in on_all_cores(&suites, |suite| {
        let mut loader = Loader::new(&rules);
        loader.suite(suite, &fixtures);
        loader
    }) {
        problems.append(loader.problems);
        checks.append(&mut loader.checks);
    }
    if kind != Kind::Builtin {
        doubles(&checks, &mut problems);
    }
    catalogue.checks = checks.into_iter().map(|(check, _)| check).collect();
    for id in catalogue.checks.iter().flat_map(|check| &check.requirements) {
        if let Some(requirement) = borrowed.get(id) {
            catalogue.requirements.insert(id.clone(), requirement.clone());
        }
    }
    problems.finish(catalogue)
}

/// What `make` makes of each item, on all cores, in the order of the items.
fn on_all_cores<'a, T: Sync, R: Send>(items: &'a [T], make: impl Fn(&'a T) -> R + Sync) -> Vec<R> {
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    let next = AtomicUsize::new(0);
    let share = || {
        let mut made = Vec::new();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(item) = items.get(at) else { return made };
            made.push((at, make(item)));
        }
    };
    let mut made: Vec<(usize, R)> = std::thread::scope(|scope| {
        let shares: Vec<_> = (0..workers).map(|_| scope.spawn(share)).collect();
        let joined = shares.into_iter().map(|share| share.join());
        joined.flat_map(|share| share.unwrap_or_else(|panic| std::panic::resume_unwind(panic))).collect()
    });
    made.sort_unstable_by_key(|(at, _)| *at);
    made.into_iter().map(|(_, made)| made).collect()
}

/// Reports the checks that ask what another one asks.
fn doubles(checks: &[(Check, Position)], problems: &mut Problems) {
    let mut questions: BTreeMap<String, &str> = BTreeMap::new();
    for (check, position) in checks {
        if let Some(other) = questions.insert(check.question.to_line(), &check.id) {
            problems.add(SuiteProblem {
                path: check
                    .place
                    .split(".json:")
                    .next()
                    .map(|stem| format!("{stem}.json"))
                    .unwrap_or_default(),
                position: Some(*position),
                case: Some(check.id.clone()),
                message: format!("asks the same question as `{other}`: let one check cite both rules"),
            });
        }
    }
}

/// Whether a suite cites a requirement that none of the suites defines.
fn cites_others(suites: &[Suite<'_>], catalogue: &Catalogue) -> bool {
    fn cites(node: &Node, catalogue: &Catalogue) -> bool {
        let own = texts(node, "requirements").iter().any(|(id, _)| !catalogue.requirements.contains_key(*id));
        let below = ["cases", "checks"].into_iter().filter_map(|name| node.get(name)?.elements()).flatten();
        own || below.into_iter().any(|node| cites(node, catalogue))
    }
    suites.iter().any(|suite| cites(&suite.root, catalogue))
}

fn read<'a>(
    file: &'a SourceFile,
    shape: kms_model::shape::Shape,
    problems: &mut Problems,
) -> Option<Suite<'a>> {
    match parse_bytes(&file.bytes, Limits::default()) {
        Ok((text, root)) => {
            let suite = Suite { file, lines: Lines::new(text), root };
            let mut found = Vec::new();
            shape.check(&suite.root, "", &mut found);
            let broken = !found.is_empty();
            problems.all(suite.place(None), found);
            (!broken).then_some(suite)
        }
        Err(error) => {
            let text = String::from_utf8_lossy(&file.bytes);
            let lines = Lines::new(&text);
            let place = Place { path: &file.path, lines: &lines, case: None, fallback: Span::default() };
            problems.at(place, Span { start: error.offset, end: error.offset }, error.message);
            None
        }
    }
}

impl Suite<'_> {
    pub fn place<'a>(&'a self, case: Option<&'a str>) -> Place<'a> {
        Place { path: &self.file.path, lines: &self.lines, case, fallback: Span::default() }
    }

    /// The path without `.json`, with which the ids of its checks begin.
    pub fn stem(&self) -> &str {
        self.file.path.strip_suffix(".json").unwrap_or(&self.file.path)
    }

    pub fn dialect(&self) -> Dialect {
        let word = text(&self.root, "dialect");
        let folder = self.file.path.split('/').next();
        if word.as_deref().or(folder) == Some("ram") { Dialect::Ram } else { Dialect::Aws }
    }
}
