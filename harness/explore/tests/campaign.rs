//! An exploration asks the same questions by any number of jobs and in any order, and what it finds can be looked at again.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use kms_explore::campaign::{Generated, Plan, Surroundings, Tally, explore, replay};
use kms_explore::finding::Finding;
use kms_explore::{Random, Series, Settings};
use kms_model::derive::context_types;
use kms_model::json::{Limits, parse};
use kms_model::question::Ask;
use kms_model::{Answer, Description, Dialect, Evaluator, Feature, Outcome, Question, StartError};
use kms_reference::Reference;

const DIALECTS: [Dialect; 2] = [Dialect::Aws, Dialect::Ram];

/// One that refuses what it should allow where the length of a caller's policy is even.
struct Odd(Reference);

impl Evaluator for Odd {
    fn description(&self) -> &Description {
        self.0.description()
    }

    fn answer(&mut self, question: &Question) -> Answer {
        let answer = self.0.answer(question);
        let Ask::Authorize(ask) = &question.ask else { return answer };
        let is_even = ask.caller.policies.iter().any(|own| own.document.text().len().is_multiple_of(2));
        if is_even && answer.outcome == Outcome::Allow { Outcome::ImplicitDeny.into() } else { answer }
    }
}

#[derive(Default)]
struct Kept(Vec<Finding>);

impl Surroundings for Kept {
    fn found(&mut self, finding: &Finding, _: Option<&Finding>) -> Result<(), String> {
        self.0.push(finding.clone());
        Ok(())
    }

    fn goes_on(&mut self, _: &Tally) -> bool {
        true
    }
}

fn explored(plan: &Plan) -> (Tally, Vec<Finding>) {
    let start = || -> Result<Vec<Box<dyn Evaluator>>, StartError> {
        Ok(vec![Box::new(Odd(Reference::new())), Box::new(Reference::new())])
    };
    let worlds = Generated { dialects: DIALECTS.to_vec(), settings: Settings::default() };
    let (mut evaluators, mut kept) = (start().unwrap(), Kept::default());
    let tally = explore(plan, &worlds, &mut evaluators, &start, &mut kept).unwrap();
    (tally, kept.0)
}

#[test]
fn the_number_of_jobs_changes_nothing_that_is_found() {
    let mut plan = Plan::new(7);
    (plan.questions, plan.budget) = (5_000, 100);
    let found = |jobs| {
        let mut plan = plan;
        plan.jobs = jobs;
        let (tally, findings) = explored(&plan);
        let clusters = tally.clusters.sorted();
        let clusters: Vec<_> = clusters.iter().map(|one| (one.finding.to_text(), one.count)).collect();
        let findings: Vec<_> = findings.iter().map(Finding::to_text).collect();
        let counts = (tally.counts.questions, tally.counts.asked, tally.counts.agreed.sorted());
        (clusters, findings, counts, tally.disagreed, tally.unsorted)
    };
    let alone = found(1);
    assert!(!alone.0.is_empty() && alone.2.0 == 5_000 && alone.2.1 == 10_000, "{alone:?}");
    assert_eq!(alone, found(2));
    assert_eq!(alone, found(3));
}

#[test]
fn a_broken_relation_is_looked_at_again_as_it_was_varied() {
    let mut plan = Plan::new(7);
    (plan.questions, plan.budget, plan.relates) = (64, 40, true);
    let (tally, findings) = explored(&plan);
    assert!(tally.counts.asked > tally.counts.questions * 4, "{}", tally.counts.asked);
    let mut replayed = 0;
    for finding in &findings {
        let read = Finding::read(&parse(&finding.to_text(), Limits::default()).unwrap()).unwrap();
        let Some(broken) = replay(&read, &mut Odd(Reference::new())) else { continue };
        assert_eq!(
            (broken.words(), &broken.variations),
            (finding.signature.answers.clone(), &finding.variations)
        );
        assert!(replay(&read, &mut Reference::new()).is_none());
        replayed += 1;
    }
    let of_relations = findings.iter().filter(|finding| !finding.variations.is_empty()).count();
    assert!(replayed == of_relations && replayed > 0, "{replayed} of {of_relations}");
}

#[test]
fn a_further_question_depends_on_its_world_and_its_choices_alone() {
    let settings = Settings::default();
    for dialect in DIALECTS {
        for seed in 0..300 {
            let made = || Series::new(dialect, &mut Random::new(seed), &settings);
            let ((mut straight, mut one), (mut round, mut other)) = (made(), made());
            for step in 0..6 {
                other.again(&mut round, &mut Random::new(1_000_000 + seed * 10 + step), &settings);
            }
            let last = || Random::new(99 + seed);
            one.again(&mut straight, &mut last(), &settings);
            other.again(&mut round, &mut last(), &settings);
            assert_eq!(straight, round, "{dialect:?} {seed}");
        }
    }
}

#[test]
fn the_condition_keys_of_further_requests_are_those_of_their_facts() {
    let mut settings = Settings::default();
    settings.features.remove(&Feature::Context);
    for dialect in DIALECTS {
        for seed in 0..400 {
            let (mut question, mut series) = Series::new(dialect, &mut Random::new(seed), &settings);
            for step in 0..8 {
                series.again(&mut question, &mut Random::new(seed * 100 + step), &settings);
                let lacking: Vec<_> =
                    question.features().into_iter().filter(|one| !settings.allows(*one)).collect();
                assert_eq!(lacking, [], "{}", question.to_line());
                let Ask::Authorize(ask) = &question.ask else { continue };
                let contexts = ask.authorizations.iter().filter_map(|one| one.context.as_ref());
                assert_eq!(ask.context_types, context_types(dialect, contexts), "{}", question.to_line());
            }
        }
    }
}
