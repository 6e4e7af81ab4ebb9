//! What several evaluators come to over given questions: who agrees with whom, and which disagreements are one.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use kms_explore::campaign::Stopped;
use kms_explore::compared::{Asked, Compared, Expectation, Plan, compare};
use kms_explore::differential::Why;
use kms_explore::finding::Severity;
use kms_model::{Answer, Description, Dialect, Evaluator, Feature, Outcome, Question};

/// Answers every question the same, or nothing any more.
struct Same {
    outcome: Outcome,
    description: Description,
    broken: Option<String>,
}

impl Evaluator for Same {
    fn description(&self) -> &Description {
        &self.description
    }

    fn answer(&mut self, _: &Question) -> Answer {
        self.outcome.clone().into()
    }

    fn broken(&self) -> Option<&str> {
        self.broken.as_deref()
    }
}

fn same(outcome: Outcome, features: &[Feature]) -> Box<dyn Evaluator> {
    Box::new(Same {
        outcome,
        description: Description::new("same", "1", Dialect::Aws).with(features),
        broken: None,
    })
}

/// A question with as many statements, and this layer of the caller.
fn question(statements: usize, layer: &str) -> Question {
    let statement = r#"{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}"#;
    let statements = vec![statement; statements].join(",");
    let text = format!(
        r#"{{"kind":"authorize","dialect":"aws","region":"us-west-2","time":"2026-01-15T12:00:00Z",
            "caller":{{"kind":"user"{layer}}},"authorizations":[{{"action":"kms:Decrypt","context":{{}},"resource":{{
            "arn":"arn:aws:kms:us-west-2:111122223333:key/k","account":"111122223333","type":"kms:key","policy":{{"Version":"2012-10-17","Statement":[{statements}]}}}}}}]}}"#
    );
    Question::parse(&text).unwrap()
}

fn asked(name: &str, question: Question, expectation: Expectation) -> Asked {
    Asked { name: name.to_owned(), question, expectation, requirement: Some("x.y".to_owned()) }
}

fn compared(evaluators: &mut [Box<dyn Evaluator>], reference: Option<usize>, asked: &[Asked]) -> Compared {
    let names: Vec<_> = (0..evaluators.len()).map(|at| format!("e{at}")).collect();
    let plan = Plan { names: &names, reference, budget: 0, guess: &|_, _| None };
    compare(&plan, evaluators, asked, &mut |_| {}).unwrap()
}

const CONTEXT: &[Feature] = &[Feature::Context, Feature::CallerContext, Feature::DerivesContext];
const BOUNDED: &[Feature] =
    &[Feature::Context, Feature::CallerContext, Feature::DerivesContext, Feature::Boundaries];

#[test]
fn disagreements_of_the_same_answers_and_requirement_are_one_by_the_smallest() {
    let denied = || Expectation::Answers(vec!["implicit-deny"]);
    let questions = [
        asked("large", question(3, ""), denied()),
        asked("small", question(1, ""), denied()),
        asked("bounded", question(1, r#","boundary":{}"#), denied()),
        asked("allowed", question(2, ""), Expectation::Answers(vec!["allow"])),
        asked("unknown", question(2, ""), Expectation::Unknown),
        asked("open", question(2, ""), Expectation::Open("x.open".to_owned())),
        asked("either", question(2, ""), Expectation::Answers(vec!["allow", "implicit-deny"])),
    ];
    let mut evaluators = [same(Outcome::Allow, BOUNDED), same(Outcome::ImplicitDeny, BOUNDED)];
    for reference in [None, Some(0)] {
        let found = compared(&mut evaluators, reference, &questions);
        let told: Vec<_> = found
            .differences
            .iter()
            .map(|one| (one.severity, one.wrong.join(" "), one.name.as_str(), one.cluster.count))
            .collect();
        let worst = (Severity::FalseAllow, "e0".to_owned(), "small", 3);
        let refused = |name, count| (Severity::FalseDeny, "e1".to_owned(), name, count);
        // Where the reference says who is right, what nobody has said is like what somebody has.
        let rest = match reference {
            None => vec![(Severity::FalseAllow, String::new(), "unknown", 1), refused("allowed", 1)],
            Some(_) => vec![refused("allowed", 2)],
        };
        assert_eq!(told, [vec![worst], rest].concat(), "{reference:?}");
        assert_eq!((found.questions, found.disagreed), (7, 5));
        let open: Vec<_> = found.incomparable.keys().map(ToString::to_string).collect();
        assert_eq!(open, ["left open: x.open", "left open: x.y"]);
    }
}

#[test]
fn who_cannot_be_asked_is_left_out_and_with_fewer_than_two_nothing_is_compared() {
    let bounded = [asked("bounded", question(1, r#","boundary":{}"#), Expectation::Unknown)];
    let unsupported = Outcome::Unsupported { feature: "boundary-magic".to_owned() };
    let found = compared(
        &mut [same(Outcome::Allow, BOUNDED), same(Outcome::Allow, BOUNDED), same(Outcome::Deny, CONTEXT)],
        None,
        &bounded,
    );
    assert_eq!((found.agreed.get("allow"), found.disagreed), (Some(&1), 0));
    let pairs: Vec<_> =
        found.pairs.iter().map(|pair| (pair.of, pair.agreed, pair.incomparable.len())).collect();
    assert_eq!(pairs, [((0, 1), 1, 0), ((0, 2), 0, 1), ((1, 2), 0, 1)]);
    for (other, why) in [
        (same(Outcome::Deny, CONTEXT), Why::Feature(Feature::Boundaries)),
        (same(unsupported, BOUNDED), Why::Unsupported("boundary-magic".to_owned())),
    ] {
        let found = compared(&mut [same(Outcome::Allow, BOUNDED), other], None, &bounded);
        assert_eq!((found.disagreed, found.incomparable.get(&why)), (0, Some(&1)));
    }
}

#[test]
fn an_evaluator_that_is_gone_ends_the_comparison() {
    let description = Description::new("gone", "1", Dialect::Aws).with(CONTEXT);
    let gone = Same { outcome: Outcome::Allow, description, broken: Some("it fell over".to_owned()) };
    let mut evaluators: [Box<dyn Evaluator>; 2] = [same(Outcome::Allow, CONTEXT), Box::new(gone)];
    let names = ["a".to_owned(), "b".to_owned()];
    let plan = Plan { names: &names, reference: None, budget: 0, guess: &|_, _| None };
    let questions = [asked("q", question(1, ""), Expectation::Unknown)];
    let stopped = compare(&plan, &mut evaluators, &questions, &mut |_| {}).unwrap_err();
    assert_eq!(stopped, Stopped::Evaluator("gone".to_owned(), "it fell over".to_owned()));
}
