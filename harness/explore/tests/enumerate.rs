//! Enumeration visits what it says: every world of a scope once, modulo renaming and order, whole or in shards; and finds
//! what is wrong with an evaluator that is planted to be wrong.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::AtomicU64;

use kms_explore::Odometer;
use kms_explore::enumerate::axis::{Axis, Part, Place};
use kms_explore::enumerate::{Enumeration, Scope, Shard, Tally, Task, Unmergeable, merge, scopes, visit};
use kms_model::question::{Ask, Authorize, Grant};
use kms_model::{Answer, Description, Dialect, Evaluator, Feature, Outcome, Question, Start};
use kms_reference::Reference;

/// The reference behind a change of the question.
struct Planted {
    reference: Reference,
    description: Description,
    change: fn(&mut Authorize),
}

impl Evaluator for Planted {
    fn description(&self) -> &Description {
        &self.description
    }

    fn answer(&mut self, question: &Question) -> Answer {
        let mut changed = question.clone();
        if let Ask::Authorize(ask) = &mut changed.ask {
            (self.change)(ask);
        }
        self.reference.answer(&changed)
    }
}

fn planted(change: fn(&mut Authorize)) -> impl Start {
    move || {
        let reference = Reference::new();
        let mut description = reference.description().clone();
        description.name = "planted".to_owned();
        Planted { reference, description, change }
    }
}

fn run(scope: &Scope, shard: Shard, evaluators: &[&dyn Start], batches: bool) -> Tally {
    let done = AtomicU64::new(0);
    let range = (shard.from, shard.to);
    visit(&Task { scope, range, evaluators, jobs: 2, batches, done: &done }).unwrap()
}

fn told(scope: &Scope, shard: Shard, evaluators: &[&dyn Start], batches: bool) -> Enumeration {
    let tally = run(scope, shard, evaluators, batches);
    let descriptions: Vec<_> =
        evaluators.iter().map(|one| one.start().unwrap().description().clone()).collect();
    Enumeration::new(scope, shard, &descriptions.iter().collect::<Vec<_>>(), &tally, &mut |_, _| None)
}

fn whole(scope: &Scope) -> Shard {
    Shard::new(1, 1, scope).unwrap()
}

#[test]
fn the_reference_keeps_every_law_in_every_small_scope_and_every_world_is_counted() {
    let mut laws = BTreeSet::new();
    for name in scopes::names().filter(|name| name.ends_with("-small")) {
        let scope = scopes::by_name(name).unwrap();
        let told = told(&scope, whole(&scope), &[&Reference::new], false);
        assert!(told.findings.is_empty(), "{name}: {:#?}", told.findings);
        assert!(told.summary.complete && told.adds_up(), "{name}: {:?}", told.summary);
        assert_eq!(told.summary.answered, scope.worlds(), "{name}");
        // KMS refuses key policies that allow by ForAllValues on a key of one value; all other documents are in order.
        let refuses = told.answers.contains_key("rejected");
        assert_eq!((told.answers.len() > 2, refuses), (true, name == "conditions-small"), "{name}");
        for relation in &told.relations {
            assert!(relation.telling > 0 && !relation.rests_on.is_empty(), "{name}: {relation:?}");
        }
        laws.extend(told.relations.into_iter().map(|one| one.relation));
    }
    // Those that need two statements in one document are not among them.
    assert!(laws.len() >= 18, "{laws:?}");
}

#[test]
fn an_odometer_over_the_same_builder_visits_the_same_worlds_in_the_same_order() {
    let scope = scopes::by_name("grants-small").unwrap();
    let mut odometer = Odometer::new();
    let mut number = 0;
    loop {
        let world = scope.choose(&mut odometer);
        assert_eq!((scope.number(&world), scope.world(number).as_ref()), (Some(number), Some(&world)));
        number += 1;
        if !odometer.advance() {
            break;
        }
    }
    assert_eq!(number, scope.arrangements());
    assert_eq!(scope.world(number), None);
}

const STATEMENTS: [&str; 3] = [
    r#"{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:user/carol"},"Action":"kms:*","Resource":"*"}"#,
    r#"{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:user/dave"},"Action":"kms:*","Resource":"*"}"#,
    r#"{"Effect":"Deny","Principal":"*","Action":"kms:*","Resource":"*"}"#,
];
const GRANTEES: [&str; 3] = ["user/alice", "user/carol", "user/dave"];

/// Up to two grants and one or two statements, carol and dave being nobody who asks.
fn tiny() -> Scope {
    let part = |text: &&str| Part { text: (*text).to_owned(), ..Part::default() };
    let make = |index: usize, part: &Part| {
        let mut grant = Grant::default();
        (grant.id, grant.grantee) = (index.to_string(), format!("arn:aws:iam::111122223333:{}", part.text));
        grant
    };
    let frames = scopes::by_name("grants-small").unwrap().frames.into_iter().take(2).collect();
    let axes = vec![
        Axis::grants(GRANTEES.iter().map(part).collect(), 2, make),
        Axis::documents(Dialect::Aws, Place::Key, STATEMENTS.iter().map(part).collect(), 1..=2),
    ];
    Scope::new(("tiny", ""), Dialect::Aws, frames, axes, &[("user/carol", "user/dave")]).unwrap()
}

/// Every list of up to two, in every order.
fn ordered(texts: &[&str], least: usize) -> Vec<Vec<String>> {
    let mut lists: Vec<Vec<String>> = if least == 0 { vec![Vec::new()] } else { Vec::new() };
    lists.extend(texts.iter().map(|text| vec![(*text).to_owned()]));
    for first in texts {
        lists.extend(texts.iter().map(|second| vec![(*first).to_owned(), (*second).to_owned()]));
    }
    lists
}

/// What two arrangements have in common that differ in order and in the names of strangers alone.
fn normal(frame: usize, lists: &[Vec<String>]) -> (usize, Vec<Vec<String>>) {
    let sorted = |rename: &dyn Fn(&String) -> String| {
        let of = |list: &Vec<String>| {
            let mut list: Vec<_> = list.iter().map(rename).collect();
            list.sort();
            list
        };
        lists.iter().map(of).collect::<Vec<_>>()
    };
    let swap = |text: &String| text.replace("carol", "-").replace("dave", "carol").replace('-', "dave");
    (frame, sorted(&Clone::clone).min(sorted(&swap)))
}

#[test]
fn every_world_left_out_is_a_renaming_or_reordering_of_one_kept_and_no_two_kept_ones_are() {
    let scope = tiny();
    let mut all = BTreeSet::new();
    for frame in 0..2 {
        for grants in ordered(&GRANTEES, 0) {
            for statements in ordered(&STATEMENTS, 1) {
                all.insert(normal(frame, &[grants.clone(), statements]));
            }
        }
    }
    let mut kept = BTreeMap::new();
    for number in 0..scope.arrangements() {
        let world = scope.world(number).unwrap();
        let texts = |(axis, digit): (&Axis, &usize)| {
            axis.choices[*digit].parts.iter().map(|part| axis.parts[*part].text.clone()).collect()
        };
        let lists: Vec<_> = scope.axes.iter().zip(&world.digits).map(texts).collect();
        let form = normal(world.frame, &lists);
        let first = scope.first_like(number).unwrap();
        if first == number {
            assert_eq!(kept.insert(form, number), None, "{number} is like another");
        } else {
            assert_eq!(kept.get(&form), Some(&first), "{number} is a renaming of another");
        }
    }
    assert_eq!(kept.keys().cloned().collect::<BTreeSet<_>>(), all);
    assert_eq!((kept.len() as u64, kept.len() < 180), (scope.worlds(), true));
    let tally = run(&scope, whole(&scope), &[&Reference::new], false);
    assert_eq!((tally.visited, tally.visited + tally.renamed), (scope.worlds(), scope.arrangements()));
}

#[test]
fn a_renaming_out_of_the_alphabet_is_refused() {
    let Scope { frames, axes, .. } = tiny();
    let refused = Scope::new(("", ""), Dialect::Aws, frames, axes, &[("user/alice", "user/erin")]);
    assert_eq!(refused.err(), Some("grants"));
}

/// What an evaluator believes about a request.
type Edit = fn(&mut Authorize);

/// Small scopes, changes of the question, and the relation that shows each.
const WRONG: &[(&str, &str, Edit)] = &[
    ("layers-small", "aws-closed-guard-rail-refuses", |ask| ask.caller.scps = None),
    ("layers-small", "aws-open-guard-rail-is-nothing", |ask| {
        if ask.caller.boundary.is_some() {
            ask.caller.policies.clear();
        }
    }),
    ("delegation-small", "aws-key-policy-is-needed", |ask| {
        ask.authorizations[0].resource.kind = "s3:object".to_owned()
    }),
    ("delegation-small", "aws-both-accounts-are-needed", |ask| {
        ask.caller.account = Some(ask.authorizations[0].resource.account.clone());
    }),
    ("grants-small", "aws-grant-of-others-is-nothing", |ask| {
        let arn = ask.caller.arn.clone().unwrap();
        ask.authorizations[0].resource.grants.iter_mut().for_each(|grant| grant.grantee = arn.clone());
    }),
    ("conditions-small", "aws-negated-operator-is-the-contrary", |ask| {
        let context = ask.authorizations[0].context.as_ref().unwrap();
        if context.get("kms:EncryptionContext:A").is_some() {
            ask.caller.policies.clear();
        }
    }),
    ("ram-small", "ram-closed-guard-rail-refuses", |ask| {
        ask.authorizations[0].resource.control_policies = None
    }),
];

#[test]
fn what_is_wrong_with_an_evaluator_is_found_by_a_law_and_by_the_reference() {
    for (name, relation, change) in WRONG {
        let scope = scopes::by_name(name).unwrap();
        let wrong = planted(*change);
        let alone = told(&scope, whole(&scope), &[&wrong], false);
        let by_law = alone.findings.iter().find(|one| one.relation.as_deref() == Some(*relation));
        let by_law = by_law.unwrap_or_else(|| panic!("{relation} is kept: {:#?}", alone.relations));
        assert_eq!(by_law.severity, "broken-relation");
        let against = told(&scope, whole(&scope), &[&wrong, &Reference::new], false);
        assert!(against.findings.iter().any(|one| one.relation.is_none()), "{relation}");
        assert!(against.summary.complete && against.summary.disagreed > 0 && against.relations.is_empty());
        // The smallest is told: none with fewer statements shows it.
        for finding in against.findings.iter().chain(&alone.findings) {
            let world = scope.world(finding.world).unwrap();
            assert_eq!(scope.weight(&world.digits), finding.weight);
            assert_eq!(finding.questions.len(), 1 + usize::from(finding.neighbour.is_some()));
        }
    }
}

#[test]
fn shards_come_to_the_whole_to_the_byte() {
    for (name, change) in [("delegation-small", WRONG[3].2), ("layers-small", WRONG[1].2)] {
        let scope = scopes::by_name(name).unwrap();
        let wrong = planted(change);
        for evaluators in [&[&wrong as &dyn Start][..], &[&wrong, &Reference::new]] {
            let text = |told: &Enumeration| serde_json::to_string(told).unwrap();
            let once = text(&told(&scope, whole(&scope), evaluators, false));
            let shard = |index| told(&scope, Shard::new(index, 5, &scope).unwrap(), evaluators, index == 2);
            let shards: Vec<_> = [3, 1, 5, 2, 4].map(|index| (index.to_string(), shard(index))).into();
            assert!(shards.iter().all(|(_, told)| !told.summary.complete && told.adds_up()));
            assert_eq!(text(&merge(shards.clone()).unwrap()), once);
            let mut part = shards.clone();
            part.retain(|(name, _)| !["2", "4"].contains(&name.as_str()));
            assert_eq!(merge(part).unwrap_err().to_string(), "missing: shards 2/5, 4/5");
            let mut twice = shards.clone();
            twice.push(("again".to_owned(), twice[0].1.clone()));
            assert_eq!(merge(twice).unwrap_err(), Unmergeable::Twice("3".to_owned(), "again".to_owned(), 3));
            let mut wrong = shards.clone();
            wrong[1].1.summary.visited -= 1;
            assert_eq!(merge(wrong).unwrap_err(), Unmergeable::Counts("1".to_owned()));
            let mut other = shards;
            other[2].1.scope.fingerprint = "0".to_owned();
            assert!(merge(other).unwrap_err().to_string().contains("made of different things"));
        }
    }
    assert_eq!(merge(Vec::new()), Err(Unmergeable::Nothing));
}

#[test]
fn an_evaluator_is_not_asked_what_it_has_no_place_for() {
    let scope = scopes::by_name("grants-small").unwrap();
    let few = || {
        let mut one = planted(|_| {}).start().unwrap().description().clone();
        one.features.retain(|feature| feature != Feature::Grants.word());
        Planted {
            reference: Reference::new(),
            description: one,
            change: |ask| {
                assert!(ask.authorizations[0].resource.grants.is_empty());
            },
        }
    };
    let told = told(&scope, whole(&scope), &[&few], true);
    assert!(told.summary.complete && told.findings.is_empty(), "{told:#?}");
    let (lacking, answered) = (told.unanswered["grants"], told.summary.answered);
    assert_eq!(lacking + answered, scope.worlds());
    assert!(lacking > answered && answered > 0);
}

#[test]
fn an_evaluator_that_fails_is_counted_and_one_that_cannot_start_is_told() {
    struct Failing(Description);
    impl Evaluator for Failing {
        fn description(&self) -> &Description {
            &self.0
        }
        fn answer(&mut self, _: &Question) -> Answer {
            Outcome::Error { error: "no".to_owned() }.into()
        }
    }
    struct Gone;
    impl Start for Gone {
        fn start(&self) -> Result<Box<dyn Evaluator>, kms_model::StartError> {
            Err(kms_model::StartError("it is gone".to_owned()))
        }
    }
    let scope = tiny();
    let failing = || Failing(Reference::new().description().clone());
    let tally = run(&scope, whole(&scope), &[&failing], false);
    assert_eq!(tally.unanswered["error"], scope.worlds());
    let done = AtomicU64::new(0);
    let range = (0, scope.arrangements());
    let task = Task { scope: &scope, range, evaluators: &[&Gone], jobs: 2, batches: false, done: &done };
    assert_eq!(visit(&task).unwrap_err().to_string(), "cannot start the evaluator: it is gone");
}
