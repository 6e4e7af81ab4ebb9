//! An evaluator that does not know operations is asked each authorization, and is held to the same answers.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::Arc;

use kms_conformance::model::{Answer, Description, Dialect, Evaluator, Feature, Outcome, Question};
use kms_conformance::{Catalogue, Judgement, Options, Run};
use kms_reference::AwsReference;

/// The reference, as if it did not know operations; or one that allows what it has no words for.
struct Masked {
    reference: AwsReference,
    description: Description,
    loses_last_part: bool,
}

impl Masked {
    fn new(loses_last_part: bool) -> Self {
        let reference = AwsReference::new();
        let known =
            |feature: &Feature| *feature != Feature::Operations && reference.description().has(*feature);
        let features: Vec<_> = Feature::ALL.iter().copied().filter(known).collect();
        let description = Description::new("masked", "1", Dialect::Aws).with(&features);
        Self { reference, description, loses_last_part }
    }
}

impl Evaluator for Masked {
    fn description(&self) -> &Description {
        &self.description
    }

    fn answer(&mut self, question: &Question) -> Answer {
        assert!(question.parts().is_none(), "it is asked several authorizations at once");
        let answer = self.reference.answer(question);
        let last =
            ["kms:ReEncryptTo", "kms:CreateKey"].iter().any(|action| question.to_line().contains(action));
        match self.loses_last_part && last && answer.outcome == Outcome::ImplicitDeny {
            true => Outcome::Allow.into(),
            false => answer,
        }
    }
}

fn run(catalogue: &Catalogue, loses_last_part: bool) -> Run {
    let start = move || Masked::new(loses_last_part);
    kms_conformance::run(catalogue, Arc::new(start), &Options::default(), &mut |_, _| {}).unwrap()
}

#[test]
fn the_answers_to_the_parts_come_to_the_answer_to_the_whole() {
    let catalogue = Catalogue::builtin().unwrap();
    let whole =
        kms_conformance::run(&catalogue, Arc::new(AwsReference::new), &Options::default(), &mut |_, _| {});
    let (whole, parts) = (whole.unwrap(), run(&catalogue, false));
    let mut combined = 0;
    for (check, (whole, part)) in catalogue.checks().iter().zip(whole.verdicts.iter().zip(&parts.verdicts)) {
        if check.ability == Some(Feature::Operations) {
            assert_eq!(part.judgement, Judgement::Skip("operations".to_owned()), "{}", check.id);
            continue;
        }
        assert_eq!(part.judgement, whole.judgement, "{}", check.id);
        combined += usize::from(check.question.parts().is_some());
    }
    assert!(combined > 20, "only {combined} checks of several authorizations were combined");
}

#[test]
fn a_part_that_is_wrong_makes_the_whole_wrong() {
    let catalogue = Catalogue::builtin().unwrap().filtered(|check| check.question.parts().is_some());
    let failed = |run: &Run| run.summary().failed;
    assert_eq!(failed(&run(&catalogue, false)), 0);
    assert!(failed(&run(&catalogue, true)) > 0);
}
