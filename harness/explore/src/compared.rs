//! Decides what evaluators come to over given questions: how far each two agree, and which of their disagreements are one.
//!
//! On a question, those are held together that can be asked it; where fewer than two can, it is incomparable.

mod worth;

use std::collections::BTreeMap;

use kms_model::{Evaluator, Outcome, Question};

use crate::campaign::Stopped;
use crate::campaign::comparing::ask_all;
use crate::cluster::{Cluster, Clusters};
use crate::differential::{Abilities, Comparison, Why, ask, held_together};
use crate::finding::{Finding, Severity, Signature, Source};
use crate::shrink::shrink;

/// How many questions are put to an evaluator at a time.
const BATCH: usize = 256;

/// A question, and what is known of its answer.
#[derive(Clone, Debug)]
pub struct Asked {
    /// What people call it.
    pub name: String,
    /// The question.
    pub question: Question,
    /// What its answer should be.
    pub expectation: Expectation,
    /// The requirement that it shows, if that is known.
    pub requirement: Option<String>,
}

/// What the answer to a question should be.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Expectation {
    /// One of these answers.
    Answers(Vec<&'static str>),
    /// The documentation leaves it open; the requirement that says so.
    Open(String),
    /// Nobody has said.
    Unknown,
}

/// What a comparison is to do.
pub struct Plan<'a> {
    /// What people call the evaluators, in their order.
    pub names: &'a [String],
    /// Which of them is taken for right where nobody has said what the answer should be.
    pub reference: Option<usize>,
    /// How many evaluations the example of a difference is shrunk by at most; 0 leaves it as it is.
    pub budget: usize,
    /// The requirement that a question seems to be about, by the answers.
    pub guess: &'a dyn Fn(&[String], &Question) -> Option<String>,
}

/// What evaluators came to.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Compared {
    /// The questions.
    pub questions: u64,
    /// How often all that could be asked gave the same answer, by its word.
    pub agreed: BTreeMap<&'static str, u64>,
    /// How often not.
    pub disagreed: u64,
    /// How often the answers could not be held together, and why.
    pub incomparable: BTreeMap<Why, u64>,
    /// Each two.
    pub pairs: Vec<Pair>,
    /// The disagreements, those that are one taken together, the worst first.
    pub differences: Vec<Difference>,
}

/// What two evaluators came to.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Pair {
    /// The places of the two.
    pub of: (usize, usize),
    /// How often they gave the same answer.
    pub agreed: u64,
    /// How often not.
    pub disagreed: u64,
    /// How often their answers could not be held together, and why.
    pub incomparable: BTreeMap<Why, u64>,
}

/// Disagreements that are taken for one.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Difference {
    /// The worst that one of the evaluators does, if the expectation or the reference is right; where there is neither, if the
    /// others are.
    pub severity: Severity,
    /// Whether the catalogue says what the answer should be, and what.
    pub expected: Option<Vec<&'static str>>,
    /// Those whose answer is another than it should be, if that is known.
    pub wrong: Vec<String>,
    /// What the question of the example was called.
    pub name: String,
    /// The answers, the smallest example, and how many questions showed it.
    pub cluster: Cluster,
}

/// What sets differences apart before they are taken together: severity, whether nothing says who is right, who is wrong.
type Kind = (Severity, bool, Vec<usize>);

/// Asks the evaluators everything. `progress` is told how many of the questions are done.
///
/// # Errors
/// When an evaluator is gone.
pub fn compare(
    plan: &Plan<'_>,
    evaluators: &mut [Box<dyn Evaluator>],
    asked: &[Asked],
    progress: &mut dyn FnMut(usize),
) -> Result<Compared, Stopped> {
    let abilities: Vec<_> =
        evaluators.iter().map(|one| Abilities::of(std::iter::once(one.description()))).collect();
    let mut comparing = Comparing { plan, compared: Compared::default(), kinds: BTreeMap::new() };
    for first in 0..evaluators.len() {
        for second in first + 1..evaluators.len() {
            let none = Pair { of: (first, second), agreed: 0, disagreed: 0, incomparable: BTreeMap::new() };
            comparing.compared.pairs.push(none);
        }
    }
    for (batch, first) in asked.chunks(BATCH).zip((0..).step_by(BATCH)) {
        let mut answers = Vec::new();
        for (evaluator, abilities) in evaluators.iter_mut().zip(&abilities) {
            answers.push(answer(evaluator.as_mut(), abilities, batch));
            if let Some(why) = evaluator.broken() {
                return Err(Stopped::Evaluator(evaluator.description().name.clone(), why.to_owned()));
            }
        }
        for (index, asked) in batch.iter().enumerate() {
            let own = answers.iter_mut().filter_map(|given| given.get_mut(index)).map(std::mem::take);
            comparing.question(first + index, asked, &own.collect::<Vec<_>>(), evaluators);
        }
        progress(first + batch.len());
    }
    Ok(comparing.end(evaluators, &abilities, asked))
}

/// An answer, or why the evaluator cannot be asked; `None` once it is taken.
type Given = Option<Result<Outcome, Why>>;

fn answer(evaluator: &mut dyn Evaluator, abilities: &Abilities, batch: &[Asked]) -> Vec<Given> {
    let refused: Vec<_> = batch.iter().map(|asked| abilities.refuse(&asked.question)).collect();
    let open = batch.iter().zip(&refused).filter(|(_, refused)| refused.is_none());
    // What is asked part by part would keep the others from being asked ahead.
    let (single, several): (Vec<_>, Vec<_>) =
        open.map(|(asked, _)| asked.question.clone()).partition(|question| question.parts().is_none());
    let mut single = ask_all(evaluator, &single).into_iter();
    let mut several = ask_all(evaluator, &several).into_iter();
    let claims = evaluator.description().features.clone();
    let given = batch.iter().zip(refused).map(|(asked, refused)| {
        if let Some(why) = refused {
            return Some(Err(why));
        }
        let outcome = if asked.question.parts().is_none() { single.next() } else { several.next() };
        match outcome? {
            Outcome::Unsupported { feature } if !claims.contains(&feature) => {
                Some(Err(Why::Unsupported(feature)))
            }
            outcome => Some(Ok(outcome)),
        }
    });
    given.collect()
}

struct Comparing<'a> {
    plan: &'a Plan<'a>,
    compared: Compared,
    /// The differences so far, and the number of the question that each example is.
    kinds: BTreeMap<Kind, (Clusters, BTreeMap<String, usize>)>,
}

impl Comparing<'_> {
    fn question(&mut self, number: usize, asked: &Asked, given: &[Given], evaluators: &[Box<dyn Evaluator>]) {
        self.compared.questions += 1;
        let open = |comparison| match (&asked.expectation, comparison) {
            (Expectation::Open(id), Comparison::Disagree(_)) => {
                Comparison::Incomparable(Why::Silent(id.clone()))
            }
            // More than one answer is right where the documentation leaves open which.
            (Expectation::Answers(expected), Comparison::Disagree(words))
                if words.iter().all(|word| expected.contains(word)) =>
            {
                let id = asked.requirement.as_ref().unwrap_or(&asked.name);
                Comparison::Incomparable(Why::Silent(id.clone()))
            }
            (_, comparison) => comparison,
        };
        let held = |places: &[usize]| {
            let answers = places.iter().filter_map(|at| {
                let outcome = given.get(*at)?.as_ref()?.as_ref().ok()?;
                Some((outcome, evaluators.get(*at)?.description()))
            });
            open(held_together(answers))
        };
        let why = |at: &usize| given.get(*at).and_then(|one| one.as_ref()?.as_ref().err().cloned());
        for pair in &mut self.compared.pairs {
            let places = [pair.of.0, pair.of.1];
            let comparison = match places.iter().find_map(why) {
                Some(why) => Comparison::Incomparable(why),
                None => held(&places),
            };
            match comparison {
                Comparison::Agree(_) => pair.agreed += 1,
                Comparison::Disagree(_) => pair.disagreed += 1,
                Comparison::Incomparable(why) => *pair.incomparable.entry(why).or_default() += 1,
            }
        }
        let all: Vec<_> = (0..given.len()).collect();
        let answering: Vec<_> = all.iter().copied().filter(|at| why(at).is_none()).collect();
        let comparison = match all.iter().find_map(why) {
            Some(why) if answering.len() < 2 => Comparison::Incomparable(why),
            _ => held(&answering),
        };
        match comparison {
            Comparison::Agree(word) => *self.compared.agreed.entry(word).or_default() += 1,
            Comparison::Incomparable(why) => *self.compared.incomparable.entry(why).or_default() += 1,
            Comparison::Disagree(words) => self.disagree(number, asked, &answering, &words, evaluators),
        }
    }

    fn disagree(
        &mut self,
        number: usize,
        asked: &Asked,
        answering: &[usize],
        words: &[&'static str],
        evaluators: &[Box<dyn Evaluator>],
    ) {
        self.compared.disagreed += 1;
        let details = answering.iter().filter_map(|at| Some(evaluators.get(*at)?.description().detail));
        let answers: Vec<_> = answering.iter().copied().zip(words.iter().copied()).zip(details).collect();
        let reference = answers.iter().find(|((at, _), _)| Some(*at) == self.plan.reference);
        let right = match (&asked.expectation, reference) {
            (Expectation::Answers(expected), _) => Some(expected.clone()),
            (_, Some(((_, word), _))) => Some(vec![*word]),
            _ => None,
        };
        let kind = worth::of(&answers, right.as_deref());
        let names = answering.iter().filter_map(|at| self.plan.names.get(*at).cloned()).collect();
        let answers: Vec<_> = words.iter().map(|word| (*word).to_owned()).collect();
        let requirement = asked.requirement.clone().or_else(|| (self.plan.guess)(&answers, &asked.question));
        let finding = Finding {
            signature: Signature { source: Source::Differential(names), answers },
            question: asked.question.clone(),
            found: asked.question.clone(),
            variations: Vec::new(),
            seed: (0, number as u64),
            is_minimal: false,
            requirement,
        };
        let (clusters, numbers) = self.kinds.entry(kind).or_default();
        numbers.entry(asked.question.to_line()).or_insert(number);
        clusters.add(finding);
    }

    /// The differences with their examples made small, the worst and the most frequent first.
    fn end(
        mut self,
        evaluators: &mut [Box<dyn Evaluator>],
        abilities: &[Abilities],
        asked: &[Asked],
    ) -> Compared {
        for ((severity, _, wrong), (clusters, numbers)) in self.kinds {
            let of_kind = self.compared.differences.len();
            for cluster in clusters.sorted() {
                let number = numbers.get(&cluster.finding.found.to_line());
                let Some(asked) = number.and_then(|number| asked.get(*number)) else { continue };
                let mut cluster = cluster.clone();
                if self.plan.budget > 0 {
                    smaller(self.plan, &mut cluster.finding, evaluators, abilities);
                }
                let name = |at: &usize| self.plan.names.get(*at).cloned();
                self.compared.differences.push(Difference {
                    severity,
                    expected: match &asked.expectation {
                        Expectation::Answers(expected) => Some(expected.clone()),
                        _ => None,
                    },
                    wrong: wrong.iter().filter_map(name).collect(),
                    name: asked.name.clone(),
                    cluster,
                });
            }
            if let Some(own) = self.compared.differences.get_mut(of_kind..) {
                own.sort_by_key(|one| std::cmp::Reverse(one.cluster.count));
            }
        }
        self.compared
    }
}

/// Makes the example of a difference smaller for as long as the same evaluators give the same answers.
fn smaller(
    plan: &Plan<'_>,
    finding: &mut Finding,
    evaluators: &mut [Box<dyn Evaluator>],
    abilities: &[Abilities],
) {
    let Source::Differential(names) = &finding.signature.source else { return };
    // Each step would take as long as the timeout.
    if finding.signature.answers.iter().any(|word| word == "timeout") {
        return;
    }
    let answers: BTreeMap<_, _> = names.iter().zip(&finding.signature.answers).collect();
    let mut shows = |question: &Question| {
        let all = evaluators.iter_mut().zip(abilities).zip(plan.names);
        let mut concerned = all.filter_map(|(one, name)| Some((one, answers.get(name)?)));
        concerned.all(|((evaluator, abilities), answer)| {
            abilities.refuse(question).is_none()
                && ask(evaluator.as_mut(), question).outcome.word() == answer.as_str()
        })
    };
    if let Some(shrunk) = shrink(&finding.question, plan.budget, &mut shows) {
        (finding.question, finding.is_minimal) = (shrunk.question, shrunk.is_minimal);
    }
}
