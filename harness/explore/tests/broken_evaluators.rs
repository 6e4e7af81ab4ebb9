//! The bodies of the targets that ask evaluators fail where one is broken: each test plants one that is wrong in one way.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod planted;

use kms_explore::targets::{self, Afresh};
use kms_explore::{Choices, Random, Settings};
use kms_model::question::Ask;
use kms_model::{Answer, Description, Dialect, Evaluator, Outcome, Question};
use kms_reference::Reference;

use planted::{PLANTED, Planted};

const SEED: u64 = 20_260_115;

/// The reference, with what it answers changed; `asked` is how often it was asked before.
struct Changed<F>(Reference, usize, F);

impl<F: FnMut(&Question, Answer, usize) -> Answer> Evaluator for Changed<F> {
    fn description(&self) -> &Description {
        self.0.description()
    }

    fn answer(&mut self, question: &Question) -> Answer {
        let answer = self.0.answer(question);
        self.1 += 1;
        (self.2)(question, answer, self.1 - 1)
    }
}

fn changed(
    change: impl FnMut(&Question, Answer, usize) -> Answer + 'static,
) -> Changed<impl FnMut(&Question, Answer, usize) -> Answer> {
    Changed(Reference::new(), 0, change)
}

/// What a body says of the first seeded bytes for which it does not hold.
fn first_failure(body: &mut dyn FnMut(&[u8]) -> Result<(), String>) -> Option<String> {
    let mut random = Random::new(SEED);
    (0..3_000).find_map(|_| {
        let length = 300 + random.below(600);
        let bytes: Vec<u8> = (0..length).map(|_| u8::try_from(random.below(256)).unwrap()).collect();
        body(&bytes).err()
    })
}

fn of_validate(evaluator: &mut dyn Evaluator) -> String {
    let settings = Settings::default();
    first_failure(&mut |bytes| targets::validate(bytes, &settings, evaluator)).unwrap()
}

fn of_differential(evaluators: [Box<dyn Evaluator>; 2]) -> String {
    let (settings, mut evaluators) = (Settings::default(), evaluators);
    first_failure(&mut |bytes| targets::differential(bytes, &settings, &mut evaluators)).unwrap()
}

fn of_relations(dialect: Dialect, evaluator: &mut dyn Evaluator) -> String {
    let settings = Settings::default();
    first_failure(&mut |bytes| targets::relations(dialect, bytes, &settings, evaluator)).unwrap()
}

#[test]
fn an_evaluator_that_accepts_and_rejects_in_turn_is_caught() {
    let mut fickle = changed(|_, _, asked| match asked % 2 {
        0 => Outcome::Accepted.into(),
        _ => Outcome::Rejected { policy: Some("/document".to_owned()) }.into(),
    });
    assert!(of_validate(&mut fickle).starts_with("answered accepted, then rejected"));
}

#[test]
fn an_evaluator_that_allows_a_document_is_caught() {
    let mut mistaken = changed(|_, _, _| Outcome::Allow.into());
    assert!(of_validate(&mut mistaken).starts_with("answered allow:"));
}

#[test]
fn an_evaluator_that_has_no_answer_to_a_document_is_caught() {
    let mut failing = changed(|question, answer, _| match &question.ask {
        Ask::Validate(ask) if ask.document.text().contains("NotAction") => Answer::error("not supported"),
        _ => answer,
    });
    assert!(of_validate(&mut failing).contains("NotAction"));
}

#[test]
fn an_evaluator_that_allows_what_the_other_denies_is_caught() {
    let lax = changed(|_, answer, _| match answer.outcome {
        Outcome::ExplicitDeny => Outcome::Allow.into(),
        _ => answer,
    });
    let told = of_differential([Box::new(lax), Box::new(Reference::new())]);
    assert!(told.starts_with("allow against explicit-deny"), "{told}");
}

#[test]
fn an_evaluator_that_fails_where_the_other_answers_is_caught() {
    let failing = changed(|question, answer, _| match question.features().len() {
        0..=3 => answer,
        _ => Answer::error("too much"),
    });
    let told = of_differential([Box::new(Reference::new()), Box::new(failing)]);
    assert!(told.contains("error"), "{told}");
}

#[test]
fn an_evaluator_that_answers_a_part_for_the_whole_is_caught_against_itself() {
    let hasty = || {
        let mut reference = Reference::new();
        changed(move |question, answer, _| match question.parts() {
            Some(parts) if parts.len() > 1 => reference.answer(parts.first().unwrap_or(question)),
            _ => answer,
        })
    };
    let told = of_differential([Box::new(hasty()), Box::new(Afresh::new(hasty()))]);
    assert!(told.contains(" against "), "{told}");
}

#[test]
fn an_evaluator_that_breaks_a_relation_is_caught_in_both_dialects() {
    for (dialect, name) in
        [(Dialect::Aws, "aws-order-of-statements"), (Dialect::Ram, "ram-order-of-statements")]
    {
        let (.., answer) = PLANTED.iter().find(|(planted, ..)| *planted == name).unwrap();
        let told = of_relations(dialect, &mut Planted::new(*answer));
        assert!(told.starts_with(dialect.word()) && told.contains("rests on"), "{told}");
    }
}

#[test]
fn no_body_fails_for_the_reference_on_the_same_bytes() {
    let settings = Settings::default();
    let mut reference = Reference::new();
    let mut both: [Box<dyn Evaluator>; 2] =
        [Box::new(Reference::new()), Box::new(Afresh::new(Reference::new()))];
    let held = |bytes: &[u8]| {
        targets::validate(bytes, &settings, &mut reference)?;
        targets::relations(Dialect::Aws, bytes, &settings, &mut reference)?;
        targets::relations(Dialect::Ram, bytes, &settings, &mut reference)?;
        targets::differential(bytes, &settings, &mut both)
    };
    let mut held = held;
    let mut random = Random::new(SEED);
    for _ in 0..200 {
        let length = 300 + random.below(600);
        let bytes: Vec<u8> = (0..length).map(|_| u8::try_from(random.below(256)).unwrap()).collect();
        assert_eq!(held(&bytes), Ok(()));
    }
}
