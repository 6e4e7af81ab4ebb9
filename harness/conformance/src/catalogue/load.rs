//! Decides whether suites hang together, and what they come to: all checks, or all problems.

use std::collections::{BTreeMap, BTreeSet};

use kms_model::json::{Limits, Node, Span, parse_bytes};
use kms_model::{Dialect, Feature};

use super::expand::{Row, fill, merge};
use super::files::SourceFile;
use super::problem::{LoadError, Place, Problems};
use super::suite::{is_name, requirements, text, texts};
use super::world::{Library, World, empty};
use super::{About, Catalogue, Check, Expectation, Expected, Requirement, Strength, build, shape};

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

/// A suite that could be read.
struct Suite<'a> {
    file: &'a SourceFile,
    text: &'a str,
    root: Node,
}

/// Loads suites over fixtures.
///
/// # Errors
/// Every problem of every file.
pub fn load(files: &[SourceFile], fixtures: &SourceFile, kind: Kind) -> Result<Catalogue, LoadError> {
    let mut problems = Problems::default();
    let fixtures_root = read(fixtures, shape::FIXTURES, &mut problems).map(|suite| suite.root).unwrap_or_default();
    let suites: Vec<_> = files.iter().filter_map(|file| read(file, shape::SUITE_FRAME, &mut problems)).collect();
    let mut catalogue = Catalogue::default();
    for suite in &suites {
        requirements(&suite.root, suite.place(None), &mut catalogue.requirements, &mut problems);
    }
    let borrowed = match kind {
        Kind::Own if cites_others(&suites, &catalogue) => {
            Catalogue::builtin().map(|builtin| builtin.requirements).unwrap_or_default()
        }
        _ => BTreeMap::new(),
    };
    let mut loader = Loader { kind, catalogue, borrowed, questions: BTreeMap::new(), problems };
    for suite in &suites {
        loader.suite(suite, &fixtures_root);
    }
    let cited: Vec<_> = loader.catalogue.checks.iter().flat_map(|check| &check.requirements).collect();
    for id in cited {
        if let Some(requirement) = loader.borrowed.remove(id) {
            loader.catalogue.requirements.insert(id.clone(), requirement);
        }
    }
    loader.problems.finish(loader.catalogue)
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

fn read<'a>(file: &'a SourceFile, shape: kms_model::shape::Shape, problems: &mut Problems) -> Option<Suite<'a>> {
    match parse_bytes(&file.bytes, Limits::default()) {
        Ok((text, root)) => {
            let suite = Suite { file, text, root };
            let mut found = Vec::new();
            shape.check(&suite.root, "", &mut found);
            let broken = !found.is_empty();
            problems.all(suite.place(None), found);
            (!broken).then_some(suite)
        }
        Err(error) => {
            let text = String::from_utf8_lossy(&file.bytes);
            let place = Place { path: &file.path, text: &text, case: None, fallback: Span::default() };
            problems.at(place, Span { start: error.offset, end: error.offset }, error.message);
            None
        }
    }
}

impl Suite<'_> {
    fn place<'a>(&'a self, case: Option<&'a str>) -> Place<'a> {
        Place { path: &self.file.path, text: self.text, case, fallback: Span::default() }
    }

    fn dialect(&self) -> Dialect {
        let word = text(&self.root, "dialect");
        let folder = self.file.path.split('/').next();
        if word.as_deref().or(folder) == Some("ram") { Dialect::Ram } else { Dialect::Aws }
    }
}

struct Loader {
    kind: Kind,
    catalogue: Catalogue,
    /// Requirements of the catalogue that somebody's own suites may cite.
    borrowed: BTreeMap<String, Requirement>,
    /// The id of the check that asks each question.
    questions: BTreeMap<String, String>,
    problems: Problems,
}

impl Loader {
    fn suite(&mut self, suite: &Suite<'_>, fixtures: &Node) {
        let fixture = fixtures.get(suite.dialect().word());
        let base = fixture.and_then(|node| node.get("world")).map(without_places).unwrap_or_else(empty);
        let shared = fixture.and_then(|node| node.get("policies")).map(without_places);
        let library = Library {
            suite: suite.root.get("policies"),
            fixtures: shared.as_ref(),
            folder: suite.file.folder.as_deref(),
        };
        let stem = suite.file.path.strip_suffix(".json").unwrap_or(&suite.file.path);
        let mut names = BTreeSet::new();
        for case in suite.root.get("cases").and_then(Node::elements).unwrap_or_default() {
            let name = text(case, "name").unwrap_or_default();
            let id = format!("{stem}/{name}");
            let place = suite.place(Some(&id));
            let mut found = Vec::new();
            shape::CASE_FRAME.check(case, "", &mut found);
            if !found.is_empty() {
                self.problems.all(place, found);
                continue;
            }
            if !is_name(&name) {
                self.problems.at(place, case.span, format!("`{name}` is no name: lower case, digits and hyphens"));
            }
            if !names.insert(name) {
                self.problems.at(place, case.span, "another case of this suite has this name");
            }
            self.case(&id, case, &base, suite, &library);
        }
    }

    fn case(&mut self, id: &str, case: &Node, base: &Node, suite: &Suite<'_>, library: &Library<'_>) {
        let place = Place { fallback: case.span, ..suite.place(Some(id)) };
        let templates = case.get("checks").and_then(Node::elements).unwrap_or_default();
        if templates.is_empty() {
            self.problems.at(place, case.span, "a case needs at least one check");
        }
        let rows = case.get("rows").and_then(Node::elements);
        let no_row = [empty()];
        let columns: BTreeSet<String> = rows
            .unwrap_or_default()
            .iter()
            .flat_map(|row| row.members().unwrap_or_default().iter().map(|member| member.name.clone()))
            .collect();
        let mut used = BTreeSet::from(["name".to_owned()]);
        let mut names = BTreeSet::new();
        for row in rows.unwrap_or(&no_row) {
            let row_name = text(row, "name");
            if rows.is_some() && !row_name.as_deref().is_some_and(is_name) {
                self.problems.at(place, row.span, "a row needs a `name` in lower case, digits and hyphens");
                continue;
            }
            let filled = Row { node: row, columns: &columns };
            let mut found = Vec::new();
            let mut fill = |template: &Node| match rows {
                Some(_) => fill(template, &filled, &mut used, &mut found),
                None => template.clone(),
            };
            let world = case.get("world").map(&mut fill).unwrap_or_else(empty);
            let checks: Vec<_> = templates.iter().map(fill).collect();
            shape::WORLD.check(&world, "world", &mut found);
            let broken = !found.is_empty();
            self.problems.all(place, found);
            if broken {
                continue;
            }
            let world = merge(base, &world);
            for check in &checks {
                let name = text(check, "name");
                let local = match (&row_name, &name) {
                    (Some(row), None) if checks.len() == 1 => row.clone(),
                    (Some(row), Some(name)) if checks.len() > 1 => format!("{row}.{name}"),
                    (Some(row), Some(_)) => row.clone(),
                    (None, Some(name)) => name.clone(),
                    _ => {
                        self.problems.at(place, check.span, "the check needs a `name`");
                        continue;
                    }
                };
                let check_id = format!("{id}#{local}");
                let place = Place { case: Some(&check_id), fallback: check.span, ..place };
                if name.as_deref().is_some_and(|name| !is_name(name)) {
                    let message = format!("`{}` is no name: lower case, digits and hyphens", name.unwrap_or_default());
                    self.problems.at(place, check.span, message);
                }
                if !names.insert(local) {
                    self.problems.at(place, check.span, "another check of this case has this id");
                }
                self.check(check, case, &world, suite, place, library);
            }
        }
        for column in columns.difference(&used) {
            let span = rows.unwrap_or_default().first().map_or(case.span, |row| row.span);
            self.problems.at(place, span, format!("no check uses the column `{column}`"));
        }
    }

    fn check(
        &mut self,
        check: &Node,
        case: &Node,
        world: &Node,
        suite: &Suite<'_>,
        place: Place<'_>,
        library: &Library<'_>,
    ) {
        let mut found = Vec::new();
        shape::CHECK.check(check, "", &mut found);
        if !found.is_empty() {
            return self.problems.all(place, found);
        }
        let before = self.problems.count();
        let merged = check.get("world").map_or_else(|| world.clone(), |over| merge(world, over));
        let mut world = World { node: &merged, library, problems: Vec::new() };
        let question = build::question(suite.dialect(), check, &mut world);
        let found = world.problems;
        self.problems.all(place, found);
        let requirements = self.cited(check, case, place);
        let expectation = self.expectation(check, &requirements, place);
        let (Some(question), Some(expectation), true) = (question, expectation, self.problems.count() == before)
        else {
            return;
        };
        self.too_large(&question, &expectation, check, place);
        let id = place.case.unwrap_or_default().to_owned();
        if self.kind != Kind::Builtin
            && let Some(other) = self.questions.insert(question.to_line(), id.clone())
        {
            let message = format!("asks the same question as `{other}`: let one check cite both rules");
            self.problems.at(place, check.span, message);
        }
        let mut features = question.features();
        features.extend(self.ability(&requirements));
        let position = kms_model::json::Position::of(suite.text, check.span.start);
        self.catalogue.checks.push(Check {
            id,
            requirements,
            question,
            expectation,
            because: text(check, "because"),
            notes: [case, check].into_iter().filter_map(|node| text(node, "note")).collect(),
            features,
            place: format!("{}:{position}", suite.file.path),
        });
    }

    fn requirement(&self, id: &str) -> Option<&Requirement> {
        self.catalogue.requirements.get(id).or_else(|| self.borrowed.get(id))
    }

    /// The ids that a check cites, its own or the case's.
    fn cited(&mut self, check: &Node, case: &Node, place: Place<'_>) -> Vec<String> {
        let node = if check.get("requirements").is_some() { check } else { case };
        let cited = texts(node, "requirements");
        if cited.is_empty() && self.kind != Kind::Own {
            self.problems.at(place, check.span, "a check of the catalogue cites at least one requirement");
        }
        for (id, span) in &cited {
            match self.requirement(id) {
                None => self.problems.at(place, *span, format!("no suite defines the requirement `{id}`")),
                Some(requirement) if requirement.untested.is_some() => {
                    self.problems.at(place, *span, format!("the requirement `{id}` is `untested`, so no check can cite it"));
                }
                Some(_) => {}
            }
        }
        cited.into_iter().map(|(id, _)| id.to_owned()).collect()
    }

    fn expectation(&mut self, check: &Node, requirements: &[String], place: Place<'_>) -> Option<Expectation> {
        let expected = |word: &str| Expected::from_word(word);
        let request = check.get("validate").is_none();
        let expectation = match (check.get("expect"), check.get("observe")) {
            (Some(node), None) => {
                let words = match node.as_str() {
                    Some(word) => vec![word],
                    None => node.elements().unwrap_or_default().iter().filter_map(Node::as_str).collect(),
                };
                Expectation::Expect(words.into_iter().filter_map(expected).collect())
            }
            (None, Some(node)) => {
                let mut readings = Vec::new();
                for member in node.members().unwrap_or_default() {
                    match expected(&member.name) {
                        Some(answer) => readings.push((answer, member.node.as_str().unwrap_or_default().to_owned())),
                        None => self.problems.at(place, member.name_span, format!("no answer `{}`", member.name)),
                    }
                }
                Expectation::Observe(readings)
            }
            _ => {
                self.problems.at(place, check.span, "a check has exactly one of `expect` and `observe`");
                return None;
            }
        };
        let answers: Vec<Expected> = match &expectation {
            Expectation::Expect(answers) => answers.clone(),
            Expectation::Observe(readings) => readings.iter().map(|(answer, _)| *answer).collect(),
        };
        if answers.is_empty() {
            self.problems.at(place, check.span, "at least one answer must be named");
        }
        let fits = |answer: &Expected| match answer {
            Expected::Accepted => !request,
            Expected::Rejected => true,
            _ => request,
        };
        if let Some(answer) = answers.iter().find(|answer| !fits(answer)) {
            let asked = if request { "a request" } else { "a document" };
            self.problems.at(place, check.span, format!("`{}` is no answer to {asked}", answer.word()));
        }
        if let Expectation::Expect(answers) = &expectation {
            let grants = answers.iter().any(|answer| answer.grants());
            if grants && answers.iter().any(|answer| !answer.grants()) {
                let message = "one expectation cannot both grant and refuse: write `observe`";
                self.problems.at(place, check.span, message);
            }
            let open = |id: &String| {
                let requirement = self.requirement(id);
                requirement.is_some_and(|r| matches!(r.strength, Strength::Silent | Strength::Contradictory))
            };
            if !requirements.is_empty() && requirements.iter().all(open) && check.get("because").is_none() {
                let message = "all requirements are silent or contradictory: write `observe`, or say in `because` what makes this half safe";
                self.problems.at(place, check.span, message);
            }
        }
        Some(expectation)
    }

    /// The ability that a check is about, if all its requirements are about one.
    fn ability(&self, requirements: &[String]) -> Option<Feature> {
        let mut abouts = requirements.iter().filter_map(|id| self.requirement(id)).map(|requirement| requirement.about);
        let first = abouts.next()?;
        let feature = match first {
            About::Derivation => Feature::DerivesContext,
            About::Operation => Feature::Operations,
            _ => return None,
        };
        abouts.all(|about| about == first).then_some(feature)
    }

    fn too_large(
        &mut self,
        question: &kms_model::Question,
        expectation: &Expectation,
        check: &Node,
        place: Place<'_>,
    ) {
        let accepted = match expectation {
            Expectation::Expect(answers) => !answers.contains(&Expected::Rejected),
            Expectation::Observe(_) => false,
        };
        if accepted && build::oversize(question) {
            let message = "the key policy is over 32,768 bytes, so `rejected` must be among the expected answers";
            self.problems.at(place, check.span, message);
        }
    }
}

/// The value with all places taken off, so that no problem in one file is told with a place in another.
fn without_places(node: &Node) -> Node {
    let mut node = node.clone();
    strip(&mut node);
    node
}

fn strip(node: &mut Node) {
    node.span = Span::default();
    match &mut node.value {
        kms_model::json::Value::Array(elements) => elements.iter_mut().for_each(strip),
        kms_model::json::Value::Object(members) => members.iter_mut().for_each(|member| {
            member.name_span = Span::default();
            strip(&mut member.node);
        }),
        _ => {}
    }
}
