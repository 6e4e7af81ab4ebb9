//! Decides how an exploration goes: questions from a source, put to evaluators in batches, what is found made small, sorted
//! and handed on as it is found.

use std::collections::BTreeMap;

use kms_model::{Answer, Evaluator, Feature, Outcome, Question};

use crate::cluster::{Added, Clusters};
use crate::differential::{Abilities, Comparison, Why, ask, held_together};
use crate::finding::{Finding, Signature, Source};
use crate::relations::{self, Meters};
use crate::{Choices, Random, shrink};

/// How many questions are put to an evaluator at a time.
const BATCH: u64 = 64;
/// How many findings of the same answers are all made small; of later ones, fewer and fewer.
const ALL_SHRUNK: u64 = 16;

/// What an exploration is to do.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Plan {
    /// The seed; the same seed asks the same questions.
    pub seed: u64,
    /// How many questions are asked at most.
    pub questions: u64,
    /// How many evaluations a finding is shrunk by at most.
    pub budget: usize,
}

impl Plan {
    /// Any number of questions.
    pub fn new(seed: u64) -> Self {
        Self { seed, questions: u64::MAX, budget: shrink::BUDGET }
    }

    /// The choices of the question of that number, which depend on no other question.
    pub fn choices(&self, number: u64) -> Random {
        // An odd factor keeps numbers apart; fastrand mixes the rest.
        Random::new(self.seed ^ number.wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }
}

/// Relations that an evaluator must keep.
pub trait Relations {
    /// Those that it breaks at a question; where `only` names one, that one alone is looked at. The same choices vary a
    /// question the same way.
    fn broken(
        &mut self,
        only: Option<&str>,
        question: &Question,
        evaluator: &mut dyn Evaluator,
        choices: &mut dyn Choices,
    ) -> Vec<Broken>;
}

/// A relation that does not hold.
#[derive(Clone, Debug)]
pub struct Broken {
    /// Its name.
    pub relation: String,
    /// A requirement that it rests on.
    pub requirement: Option<String>,
    /// The answer to the question, then those to its variations.
    pub answers: Vec<Answer>,
    /// The variations.
    pub variations: Vec<Question>,
}

/// The relations of the dialects, and how far each was put to the test.
#[derive(Clone, Debug, Default)]
pub struct HeldTo {
    /// What was counted.
    pub meters: Meters,
}

impl Relations for HeldTo {
    fn broken(
        &mut self,
        only: Option<&str>,
        question: &Question,
        evaluator: &mut dyn Evaluator,
        choices: &mut dyn Choices,
    ) -> Vec<Broken> {
        let Some(before) = relations::ask(question, evaluator) else { return Vec::new() };
        let seed = choices.below(usize::MAX) as u64;
        let wanted = relations::of(question.dialect).filter(|one| only.is_none_or(|only| one.name == only));
        let mut broken = Vec::new();
        for relation in wanted {
            let choices = &mut relation.choices(seed);
            let outcome = relations::check_answered(relation, question, &before, evaluator, choices);
            if only.is_none() {
                self.meters.count(relation, &outcome);
            }
            if let relations::Outcome::Broken(breach) = outcome {
                let (variations, answers): (Vec<_>, Vec<_>) = breach.after.into_iter().unzip();
                broken.push(Broken {
                    relation: relation.name.to_owned(),
                    requirement: relation.rests_on.first().map(|id| (*id).to_owned()),
                    answers: [vec![breach.before.1], answers].concat(),
                    variations,
                });
            }
        }
        broken
    }
}

/// Where an exploration gets what it needs from, and hands on what it finds.
pub trait Surroundings {
    /// The next question.
    fn question(&mut self, choices: &mut dyn Choices) -> Question;

    /// The relations that the first evaluator is held to, if any.
    fn relations(&mut self) -> Option<&mut dyn Relations> {
        None
    }

    /// The requirement that says that the documentation leaves the answer open, if one does.
    fn silent(&mut self, _question: &Question) -> Option<String> {
        None
    }

    /// The requirement that a finding seems to be about.
    fn guess(&mut self, _answers: &[String], _question: &Question) -> Option<String> {
        None
    }

    /// Takes a finding that is the first or the smallest of its kind; `before` is the one that it takes the place of.
    ///
    /// # Errors
    /// Why the exploration cannot go on, for example because a file cannot be written.
    fn found(&mut self, finding: &Finding, before: Option<&Finding>) -> Result<(), String>;

    /// Told after each batch; `false` ends the exploration.
    fn goes_on(&mut self, tally: &Tally) -> bool;
}

/// What an exploration came to.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Tally {
    /// The questions.
    pub questions: u64,
    /// How often all gave the same answer, by its word.
    pub agreed: BTreeMap<&'static str, u64>,
    /// How often not.
    pub disagreed: u64,
    /// How often the answers could not be held together, and why.
    pub incomparable: BTreeMap<Why, u64>,
    /// How often a relation was broken.
    pub broken: u64,
    /// Disagreements and broken relations that were not made small, because there were many with the same answers.
    pub unsorted: u64,
    /// Those that were, sorted.
    pub clusters: Clusters,
}

/// Why an exploration ended before its time.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Stopped {
    /// An evaluator is gone.
    #[error("`{0}` has ended and cannot be started again: {1}")]
    Evaluator(String, String),
    /// A finding could not be kept.
    #[error("{0}")]
    Finding(String),
}

/// Explores until the plan is done or the surroundings say so.
///
/// # Errors
/// When an evaluator is gone, or a finding could not be handed on.
pub fn explore(
    plan: &Plan,
    evaluators: &mut [Box<dyn Evaluator>],
    surroundings: &mut dyn Surroundings,
) -> Result<Tally, Stopped> {
    let abilities = Abilities::of(evaluators.iter().map(|one| one.description()));
    let mut campaign = Campaign {
        plan,
        evaluators,
        surroundings,
        abilities,
        tally: Tally::default(),
        seen: BTreeMap::new(),
    };
    while campaign.tally.questions < plan.questions {
        campaign.batch()?;
        if !campaign.surroundings.goes_on(&campaign.tally) {
            break;
        }
    }
    Ok(campaign.tally)
}

struct Campaign<'a> {
    plan: &'a Plan,
    evaluators: &'a mut [Box<dyn Evaluator>],
    surroundings: &'a mut dyn Surroundings,
    abilities: Abilities,
    tally: Tally,
    /// How often each signature was met.
    seen: BTreeMap<Signature, u64>,
}

impl Campaign<'_> {
    fn batch(&mut self) -> Result<(), Stopped> {
        let first = self.tally.questions;
        let end = first.saturating_add(BATCH).min(self.plan.questions);
        let questions: Vec<_> =
            (first..end).map(|number| self.surroundings.question(&mut self.plan.choices(number))).collect();
        self.tally.questions = end;
        if self.evaluators.len() > 1 {
            self.compare(first, &questions)?;
        }
        for (number, question) in (first..end).zip(&questions) {
            self.relate(number, question)?;
        }
        Ok(())
    }

    fn compare(&mut self, first: u64, questions: &[Question]) -> Result<(), Stopped> {
        let mut numbers = Vec::new();
        let mut asked = Vec::new();
        for (number, question) in (first..).zip(questions) {
            match self.abilities.refuse(question) {
                Some(why) => *self.tally.incomparable.entry(why).or_default() += 1,
                None => {
                    numbers.push(number);
                    asked.push(question.clone());
                }
            }
        }
        let mut answers = Vec::new();
        for evaluator in self.evaluators.iter_mut() {
            let given = ask_all(evaluator.as_mut(), &asked);
            let crash = |outcome: &Outcome| match outcome {
                Outcome::Crash { error } => Some(error.clone()),
                _ => None,
            };
            // A question may end a process; a whole batch of them does not.
            if given.len() > 1
                && let Some(errors) = given.iter().map(crash).collect::<Option<Vec<_>>>()
            {
                let name = evaluator.description().name.clone();
                return Err(Stopped::Evaluator(name, errors.into_iter().next().unwrap_or_default()));
            }
            answers.push(given);
        }
        for (index, (number, question)) in numbers.into_iter().zip(&asked).enumerate() {
            let of_question = answers.iter().filter_map(|given| given.get(index));
            let descriptions = self.evaluators.iter().map(|one| one.description());
            match held_together(of_question.zip(descriptions)) {
                Comparison::Agree(word) => *self.tally.agreed.entry(word).or_default() += 1,
                Comparison::Incomparable(why) => *self.tally.incomparable.entry(why).or_default() += 1,
                Comparison::Disagree(words) => self.disagreed(number, question, &words)?,
            }
        }
        Ok(())
    }

    fn disagreed(&mut self, number: u64, question: &Question, words: &[&'static str]) -> Result<(), Stopped> {
        if let Some(requirement) = self.surroundings.silent(question) {
            *self.tally.incomparable.entry(Why::Silent(requirement)).or_default() += 1;
            return Ok(());
        }
        self.tally.disagreed += 1;
        let names = self.evaluators.iter().map(|one| one.description().name.clone()).collect();
        let answers = words.iter().map(|word| (*word).to_owned()).collect();
        let signature = Signature { source: Source::Differential(names), answers };
        if !self.is_worth_shrinking(&signature) {
            return Ok(());
        }
        // Each step of shrinking a timeout would take as long as the timeout.
        let budget = if words.contains(&"timeout") { 0 } else { self.plan.budget };
        let Self { evaluators, abilities, surroundings, .. } = self;
        let mut shows = |question: &Question| {
            if abilities.refuse(question).is_some() || surroundings.silent(question).is_some() {
                return false;
            }
            // The first answer that differs ends it.
            let mut words = words.iter();
            evaluators.iter_mut().all(|one| words.next() == Some(&ask(one.as_mut(), question).outcome.word()))
        };
        let shrunk = if budget == 0 { None } else { shrink(question, budget, &mut shows) };
        let smallest = shrunk.as_ref().map_or(question, |shrunk| &shrunk.question).clone();
        let requirement = self.surroundings.guess(&signature.answers, &smallest);
        self.add(Finding {
            signature,
            question: smallest,
            found: question.clone(),
            variations: Vec::new(),
            seed: (self.plan.seed, number),
            is_minimal: shrunk.is_some_and(|shrunk| shrunk.is_minimal),
            requirement,
        })
    }

    fn relate(&mut self, number: u64, question: &Question) -> Result<(), Stopped> {
        let Some(evaluator) = self.evaluators.first_mut() else { return Ok(()) };
        let Some(relations) = self.surroundings.relations() else { return Ok(()) };
        let choices = || self.plan.choices(!number);
        let broken = relations.broken(None, question, evaluator.as_mut(), &mut choices());
        for one in broken {
            self.broken(number, question, one)?;
        }
        Ok(())
    }

    fn broken(&mut self, number: u64, question: &Question, broken: Broken) -> Result<(), Stopped> {
        self.tally.broken += 1;
        let words = |broken: &Broken| {
            broken.answers.iter().map(|answer| answer.outcome.word().to_owned()).collect::<Vec<_>>()
        };
        let answers = words(&broken);
        let evaluator = self.evaluators.first().map(|one| one.description().name.clone()).unwrap_or_default();
        let source = Source::Relation { name: broken.relation.clone(), evaluator };
        let signature = Signature { source, answers };
        if !self.is_worth_shrinking(&signature) {
            return Ok(());
        }
        let plan = self.plan;
        let Some(evaluator) = self.evaluators.first_mut() else { return Ok(()) };
        let mut last = broken.clone();
        let shrunk = self.surroundings.relations().and_then(|relations| {
            shrink(question, plan.budget, &mut |question| {
                let mut choices = plan.choices(!number);
                let found =
                    relations.broken(Some(&broken.relation), question, evaluator.as_mut(), &mut choices);
                let same = found.into_iter().find(|one| words(one) == signature.answers);
                let shows = same.is_some();
                last = same.unwrap_or_else(|| last.clone());
                shows
            })
        });
        // The last evaluation of shrinking is of the smallest question.
        let variations = if shrunk.is_some() { last.variations } else { broken.variations };
        self.add(Finding {
            signature,
            question: shrunk.as_ref().map_or(question, |shrunk| &shrunk.question).clone(),
            found: question.clone(),
            variations,
            seed: (plan.seed, number),
            is_minimal: shrunk.is_some_and(|shrunk| shrunk.is_minimal),
            requirement: broken.requirement,
        })
    }

    /// Counts a signature, and says whether this question of it is made small: the first ones, then fewer and fewer.
    fn is_worth_shrinking(&mut self, signature: &Signature) -> bool {
        let seen = self.seen.entry(signature.clone()).or_default();
        *seen += 1;
        let worth = *seen <= ALL_SHRUNK || seen.is_power_of_two();
        self.tally.unsorted += u64::from(!worth);
        worth
    }

    fn add(&mut self, finding: Finding) -> Result<(), Stopped> {
        let before = self.tally.clusters.like(&finding).cloned();
        match self.tally.clusters.add(finding.clone()) {
            Added::Known => Ok(()),
            Added::First | Added::Smaller => {
                self.surroundings.found(&finding, before.as_ref()).map_err(Stopped::Finding)
            }
        }
    }
}

/// Asks an evaluator a batch, part by part where it does not know operations.
fn ask_all(evaluator: &mut dyn Evaluator, questions: &[Question]) -> Vec<Outcome> {
    let several = |question: &Question| question.parts().is_some();
    if !evaluator.description().has(Feature::Operations) && questions.iter().any(several) {
        return questions.iter().map(|question| ask(evaluator, question).outcome).collect();
    }
    let missing = || Outcome::Error { error: "no answer".to_owned() };
    let mut answers: Vec<_> = questions.iter().map(|_| missing()).collect();
    evaluator.answer_all(questions, &mut |index, answer| {
        if let Some(place) = answers.get_mut(index) {
            *place = answer.outcome;
        }
    });
    if let Some(why) = evaluator.broken() {
        let unasked = answers.iter_mut().filter(|answer| **answer == missing());
        unasked.for_each(|answer| *answer = Outcome::Crash { error: why.to_owned() });
    }
    answers
}
