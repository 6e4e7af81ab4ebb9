//! Every fault says what it misreads, and a check that cites the requirement which it violates kills it.
//!
//! `cargo conformance power` puts the whole catalogue to the faults; here only the citing checks are asked.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use kms_conformance::verdict::judge;
use kms_conformance::{Catalogue, Check, Expectation};
use kms_explore::faults::{self, Fault, Faulty};
use kms_model::{Answer, Description, Evaluator, Question};
use kms_reference::Reference;

/// The most faults that only flip an answer, and the most that are gross.
const EXCEPTIONS: usize = 10;

/// Names with one capital that a clause may start with; those with more, such as `IfExists`, are told by that.
const NAMES: &[&str] =
    &["Action", "Allow", "Bool", "Condition", "Deny", "Null", "Principal", "Resource", "Version"];

static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::builtin().unwrap());

/// The checks that expect something, by the requirements that they cite.
static CITING: LazyLock<BTreeMap<&str, Vec<&Check>>> = LazyLock::new(|| {
    let mut citing: BTreeMap<&str, Vec<&Check>> = BTreeMap::new();
    for check in CATALOGUE.checks() {
        if matches!(check.expectation, Expectation::Expect(_)) {
            check.requirements.iter().for_each(|id| citing.entry(id).or_default().push(check));
        }
    }
    citing
});

/// The ids of the faults that no check which cites their requirement kills.
fn survivors<'a>(faults: impl IntoIterator<Item = &'a Fault>) -> Vec<&'a str> {
    let mut reference = Reference::new();
    let mut is_killed = |fault: &Fault| {
        let citing = CITING.get(fault.requirement).map(Vec::as_slice).unwrap_or_default();
        citing.iter().any(|check| {
            let description = reference.description().clone();
            let question = check.question_for(&description);
            let right = reference.answer(&question);
            let fails = |answer| judge(check, answer, &description, None).judgement.fails();
            let wrong = fault.answer(&question, Some(&right), &mut reference);
            !fails(right) && wrong.is_some_and(fails)
        })
    };
    faults.into_iter().filter(|fault| !is_killed(fault)).map(|fault| fault.id).collect()
}

/// What is wrong with the words of a fault.
fn problems(fault: &Fault) -> Vec<String> {
    let Fault { id, requirement, misreading, gross, .. } = fault;
    let dialect = fault.dialect();
    let known = CATALOGUE.requirement(requirement);
    let is_kebab = id.split('-').all(|word| {
        !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    });
    let is_clause = |text: &str| {
        let first = text.split(' ').next().unwrap_or_default();
        let starts_low = first.starts_with(|letter: char| !letter.is_uppercase());
        let is_name = NAMES.contains(&first) || first.chars().skip(1).any(char::is_uppercase);
        (starts_low || is_name) && !text.trim().ends_with('.')
    };
    [
        (is_kebab && id.starts_with(&format!("{}-", dialect.word())), "an id that starts with its dialect"),
        (known.is_some(), "a requirement of the catalogue"),
        (known.is_none_or(|known| known.dialect == dialect), "a requirement of its dialect"),
        (is_clause(misreading) && misreading.contains(' '), "a misreading that is a clause"),
        (gross.is_none_or(|why| is_clause(why) && why.contains(' ')), "a reason that is a clause"),
    ]
    .into_iter()
    .filter(|(holds, _)| !holds)
    .map(|(_, lacks)| format!("{id} needs {lacks}"))
    .collect()
}

/// A fault that is killed.
fn sound() -> Fault {
    *faults::by_id("aws-grant-constraints-are-not-read").unwrap()
}

/// The same with something changed.
fn planted(change: impl Fn(&mut Fault)) -> Fault {
    let mut fault = sound();
    change(&mut fault);
    fault
}

#[test]
fn faults_are_told_apart_and_say_what_they_misread() {
    let mut ids = BTreeSet::new();
    for fault in faults::all() {
        assert!(ids.insert(fault.id), "two faults are called {}", fault.id);
        assert_eq!(problems(fault), [""; 0]);
    }
    for (change, lacks) in [
        (
            (|fault| fault.id = "ram-grant-constraints-are-not-read") as fn(&mut Fault),
            "a requirement of its dialect",
        ),
        (|fault| fault.id = "grant-constraints", "an id that starts with its dialect"),
        (|fault| fault.id = "aws-grant-Constraints", "an id that starts with its dialect"),
        (|fault| fault.requirement = "kms.grant.constraint-like", "a requirement of the catalogue"),
        (|fault| fault.misreading = "a grant allows everything.", "a misreading that is a clause"),
        (|fault| fault.misreading = "A grant allows everything", "a misreading that is a clause"),
        (|fault| fault.gross = Some("everybody sees it."), "a reason that is a clause"),
    ] {
        let fault = planted(change);
        assert_eq!(problems(&fault), [format!("{} needs {lacks}", fault.id)]);
    }
}

#[test]
fn few_faults_only_flip_answers_or_are_gross() {
    let flips: Vec<_> = faults::all().iter().filter(|fault| fault.flips_answers()).map(|f| f.id).collect();
    let gross: Vec<_> = faults::all().iter().filter(|fault| fault.gross.is_some()).map(|f| f.id).collect();
    assert!(flips.len() <= EXCEPTIONS, "{} only flip an answer: {flips:#?}", flips.len());
    assert!(gross.len() <= EXCEPTIONS, "{} are gross: {gross:#?}", gross.len());
}

#[test]
fn every_fault_is_killed_by_a_check_of_its_requirement() {
    assert_eq!(survivors(faults::all()), [""; 0]);
}

#[test]
fn a_fault_that_its_requirements_checks_do_not_kill_is_a_survivor() {
    // Checks of other requirements kill it still, which does not count.
    for requirement in ["kms.core.explicit-deny-wins", "kms.core.nothing-says-so"] {
        let unkilled = planted(|fault| fault.requirement = requirement);
        assert_eq!(survivors([&unkilled, &sound()]), [unkilled.id]);
    }
}

/// An evaluator of which nothing more can be had.
struct Broken(Reference);

impl Evaluator for Broken {
    fn description(&self) -> &Description {
        self.0.description()
    }

    fn answer(&mut self, question: &Question) -> Answer {
        self.0.answer(question)
    }

    fn broken(&self) -> Option<&str> {
        Some("it does not start")
    }
}

#[test]
fn a_faulty_evaluator_is_broken_where_the_one_behind_the_fault_is() {
    let fault = faults::by_id("aws-grant-constraints-are-not-read").unwrap();
    assert_eq!(Faulty::new(fault, Broken(Reference::new())).broken(), Some("it does not start"));
    assert_eq!(Faulty::new(fault, Reference::new()).broken(), None);
}
