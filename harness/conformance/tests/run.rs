//! An evaluator in this process that panics, hangs or leaves questions out costs one verdict, not the run.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking, and so do the evaluators here"
)]

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use kms_conformance::model::{
    Answer, Description, Detail, Dialect, Evaluator, Feature, Outcome, Question, Start, StartError,
};
use kms_conformance::{Catalogue, Judgement, Options, Run};

/// The check at which the evaluators here misbehave.
const CULPRIT: &str = "aws/core/default-deny/nothing-allows#session";

#[derive(Clone, Copy, PartialEq)]
enum Mood {
    Abstain,
    Fine,
    Hang,
    LeaveOut,
    Panic,
    Unsupported,
}

/// Answers `implicit-deny` to everything but the culprit.
struct Denier {
    mood: Mood,
    culprit: String,
    description: Description,
}

impl Denier {
    fn new(mood: Mood) -> Self {
        static QUESTION: OnceLock<String> = OnceLock::new();
        let culprit = || catalogue().check(CULPRIT).unwrap().question.to_line();
        let features = Feature::ALL.iter().copied().filter(|feature| *feature != Feature::DerivesContext);
        let description = Description::new("denier", "1", Dialect::Aws).with(&features.collect::<Vec<_>>());
        Self { mood, culprit: QUESTION.get_or_init(culprit).clone(), description }
    }
}

impl Evaluator for Denier {
    fn description(&self) -> &Description {
        &self.description
    }

    fn answer(&mut self, question: &Question) -> Answer {
        if question.to_line() == self.culprit {
            match self.mood {
                Mood::Abstain => return Outcome::Deny.into(),
                Mood::Hang => std::thread::sleep(Duration::from_secs(600)),
                Mood::Panic => panic!("cannot take it"),
                Mood::Unsupported => return Outcome::Unsupported { feature: "groups".to_owned() }.into(),
                Mood::Fine | Mood::LeaveOut => {}
            }
        }
        Outcome::ImplicitDeny.into()
    }

    fn answer_all(&mut self, questions: &[Question], sink: &mut dyn FnMut(usize, Answer)) {
        for (index, question) in questions.iter().enumerate() {
            if self.mood != Mood::LeaveOut || question.to_line() != self.culprit {
                sink(index, self.answer(question));
            }
        }
    }
}

fn catalogue() -> Catalogue {
    Catalogue::builtin_near(&["aws/core/default-deny/"]).unwrap()
}

fn run(start: impl Start + 'static, jobs: usize) -> Result<Run, StartError> {
    run_watched(start, jobs, Options::default().watchdog)
}

fn run_watched(start: impl Start + 'static, jobs: usize, watchdog: Duration) -> Result<Run, StartError> {
    let mut options = Options::default();
    options.jobs = jobs;
    options.watchdog = watchdog;
    kms_conformance::run(&catalogue(), Arc::new(start), &options, &mut |_, _| {})
}

fn judgement<'a>(run: &'a Run, id: &str) -> &'a Judgement {
    &run.verdicts.iter().find(|verdict| verdict.id == id).unwrap().judgement
}

#[test]
fn a_panic_an_omission_and_a_false_claim_cost_one_verdict() {
    let fine = run(|| Denier::new(Mood::Fine), 1).unwrap();
    assert_eq!(judgement(&fine, CULPRIT), &Judgement::Pass);
    assert!(fine.summary().failed > 0, "a denier is no conformant evaluator");
    for (mood, expected) in [
        (Mood::Abstain, Judgement::Fail(kms_conformance::FailKind::WrongDenyKind)),
        (Mood::LeaveOut, Judgement::Error),
        (Mood::Panic, Judgement::Crash),
        (Mood::Unsupported, Judgement::Error),
    ] {
        for jobs in [1, 3] {
            let run = run(move || Denier::new(mood), jobs).unwrap();
            assert_eq!(judgement(&run, CULPRIT), &expected);
            for (verdict, fine) in run.verdicts.iter().zip(&fine.verdicts).filter(|(v, _)| v.id != CULPRIT) {
                assert_eq!(verdict.judgement, fine.judgement, "{}", verdict.id);
            }
        }
    }
}

#[test]
fn a_panic_is_told_in_its_own_words() {
    let run = run(|| Denier::new(Mood::Panic), 1).unwrap();
    let verdict = run.verdicts.iter().find(|verdict| verdict.id == CULPRIT).unwrap();
    assert_eq!(verdict.got.as_ref().unwrap().outcome.to_string(), "crash (it panicked: cannot take it)");
}

#[test]
fn a_hang_is_named_and_the_verdicts_so_far_are_kept() {
    let run = run_watched(|| Denier::new(Mood::Hang), 1, Duration::from_secs(2)).unwrap();
    assert_eq!(run.hung.as_deref(), Some(CULPRIT));
    assert_eq!(judgement(&run, CULPRIT), &Judgement::Timeout);
    let before = catalogue().checks().iter().position(|check| check.id == CULPRIT).unwrap();
    assert!(run.verdicts.len() > before, "{} of {before}", run.verdicts.len());
}

#[test]
fn an_evaluator_without_the_feature_is_not_asked() {
    let run = run(
        || {
            let mut denier = Denier::new(Mood::Panic);
            denier.description = Description::new("bare", "1", Dialect::Aws);
            denier
        },
        1,
    )
    .unwrap();
    let anonymous = "aws/core/default-deny/nothing-allows#anonymous";
    assert_eq!(judgement(&run, anonymous), &Judgement::Skip("anonymous".to_owned()));
    let other = kms_conformance::run(
        &catalogue(),
        Arc::new(|| {
            let mut denier = Denier::new(Mood::Fine);
            denier.description.dialects = vec![Dialect::Ram];
            denier
        }),
        &Options::default(),
        &mut |_, _| {},
    );
    assert!(
        other.unwrap().verdicts.is_empty(),
        "checks of a dialect that it does not declare were put to it"
    );
}

#[test]
fn a_refusal_of_untold_kind_is_enough_at_the_detail_decision() {
    let run = run(
        || {
            let mut denier = Denier::new(Mood::Abstain);
            denier.description.detail = Detail::Decision;
            denier
        },
        1,
    )
    .unwrap();
    assert_eq!(judgement(&run, CULPRIT), &Judgement::Pass);
}

struct Broken;

impl Start for Broken {
    fn start(&self) -> Result<Box<dyn Evaluator>, StartError> {
        panic!("no licence")
    }
}

#[test]
fn an_evaluator_that_cannot_start_is_an_error() {
    let error = run(Broken, 2).unwrap_err().to_string();
    assert_eq!(error, "cannot start the evaluator: it panicked: no licence");
}
