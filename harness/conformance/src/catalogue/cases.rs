//! Decides which checks the cases of a suite come to: tables filled in, worlds laid over one another, names unique.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use kms_model::json::{Node, Position, Span};
use kms_model::{Feature, Question};

use super::expand::{Row, fill, merge};
use super::load::{Kind, Suite};
use super::problem::{Place, Problems};
use super::suite::{is_name, text, texts};
use super::world::{Library, World, empty};
use super::{About, Check, Expectation, Expected, Requirement, build, expectation, shape};

/// The requirements that checks may cite.
pub(super) struct Rules<'a> {
    pub kind: Kind,
    pub own: &'a BTreeMap<String, Requirement>,
    /// Requirements of the catalogue that somebody's own suites may cite.
    pub borrowed: &'a BTreeMap<String, Requirement>,
}

impl Rules<'_> {
    fn get(&self, id: &str) -> Option<&Requirement> {
        self.own.get(id).or_else(|| self.borrowed.get(id))
    }
}

/// What one suite comes to.
pub(super) struct Loader<'a> {
    rules: &'a Rules<'a>,
    pub checks: Vec<(Check, Position)>,
    pub problems: Problems,
}

impl<'a> Loader<'a> {
    /// Nothing loaded so far.
    pub fn new(rules: &'a Rules<'a>) -> Self {
        Self { rules, checks: Vec::new(), problems: Problems::default() }
    }

    /// Loads the cases of a suite.
    pub fn suite(&mut self, suite: &Suite<'_>, fixtures: &Node) {
        let fixture = fixtures.get(suite.dialect().word());
        let base = fixture.and_then(|node| node.get("world")).map(without_places).unwrap_or_else(empty);
        let shared = fixture.and_then(|node| node.get("policies")).map(without_places);
        let library = Library {
            suite: suite.root.get("policies"),
            fixtures: shared.as_ref(),
            folder: suite.file.folder.as_deref(),
            documents: RefCell::default(),
        };
        let stem = suite.stem();
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
                self.problems.at(
                    place,
                    case.span,
                    format!("`{name}` is no name: lower case, digits and hyphens"),
                );
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
            let mut fill = |template| match rows {
                Some(_) => Cow::Owned(fill(template, &filled, &mut used, &mut found)),
                None => Cow::Borrowed(template),
            };
            let world = case.get("world").map(&mut fill).unwrap_or_else(|| Cow::Owned(empty()));
            let checks: Vec<_> = templates.iter().map(fill).collect();
            shape::world(suite.dialect()).check(&world, "world", &mut found);
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
                    let message =
                        format!("`{}` is no name: lower case, digits and hyphens", name.unwrap_or_default());
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
        let before = self.problems.count();
        let mut found = Vec::new();
        shape::check(suite.dialect()).check(check, "", &mut found);
        // What has the wrong form is told here, and what goes on does without it.
        self.problems.all(place, found);
        let merged = check.get("world").map(|over| merge(world, over));
        let mut world = World {
            dialect: suite.dialect(),
            node: merged.as_ref().unwrap_or(world),
            library,
            problems: Vec::new(),
        };
        let built = build::question(suite.dialect(), check, &mut world);
        let found = world.problems;
        self.problems.all(place, found);
        let requirements = self.cited(check, case, place);
        let rules: Vec<_> = requirements.iter().filter_map(|id| self.rules.get(id)).collect();
        let expectation = expectation::read(check, &rules, place, &mut self.problems);
        let (Some(built), Some(expectation), true) = (built, expectation, self.problems.count() == before)
        else {
            return;
        };
        // Where nothing in the check says what the context holds, it is what the facts give.
        let of_context = [Feature::CallerContext, Feature::Context];
        let may_count = |feature| built.changes_context || !of_context.contains(&feature);
        let mut features = built.question.features_among(may_count);
        let ability = self.ability(&requirements);
        features.extend(ability);
        let question = built.question;
        self.too_large(&question, &expectation, check, place);
        let id = place.case.unwrap_or_default().to_owned();
        let position = suite.lines.position(check.span.start);
        let check = Check {
            id,
            requirements,
            question,
            expectation,
            because: text(check, "because"),
            notes: [case, check].into_iter().filter_map(|node| text(node, "note")).collect(),
            features,
            ability,
            place: format!("{}:{position}", suite.file.path),
        };
        self.checks.push((check, position));
    }

    /// The ids that a check cites, its own or the case's.
    fn cited(&mut self, check: &Node, case: &Node, place: Place<'_>) -> Vec<String> {
        let node = if check.get("requirements").is_some() { check } else { case };
        let cited = texts(node, "requirements");
        if cited.is_empty() && self.rules.kind != Kind::Own {
            self.problems.at(place, check.span, "a check of the catalogue cites at least one requirement");
        }
        for (id, span) in &cited {
            match self.rules.get(id) {
                None => self.problems.at(place, *span, format!("no suite defines the requirement `{id}`")),
                Some(requirement) if requirement.untested.is_some() => {
                    self.problems.at(
                        place,
                        *span,
                        format!("the requirement `{id}` is `untested`, so no check can cite it"),
                    );
                }
                Some(_) => {}
            }
        }
        cited.into_iter().map(|(id, _)| id.to_owned()).collect()
    }

    /// The ability that a check is about, if all its requirements are about one.
    fn ability(&self, requirements: &[String]) -> Option<Feature> {
        let mut abouts =
            requirements.iter().filter_map(|id| self.rules.get(id)).map(|requirement| requirement.about);
        let first = abouts.next()?;
        let feature = match first {
            About::Derivation => Feature::DerivesContext,
            About::Operation => Feature::Operations,
            _ => return None,
        };
        abouts.all(|about| about == first).then_some(feature)
    }

    fn too_large(&mut self, question: &Question, expectation: &Expectation, check: &Node, place: Place<'_>) {
        let accepted = match expectation {
            Expectation::Expect(answers) => !answers.contains(&Expected::Rejected),
            Expectation::Observe(_) => false,
        };
        if accepted && build::oversize(question) {
            let message =
                "the key policy is over 32,768 bytes, so `rejected` must be among the expected answers";
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
