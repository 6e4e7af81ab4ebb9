//! Decides what becomes of what a job brought back: it is made small, sorted and handed on, in the order of the questions'
//! numbers.

use std::collections::BTreeMap;

use kms_model::{Evaluator, Question};

use super::comparing::{Hit, Part, What};
use super::plan::Plan;
use super::relating::{Broken, broken};
use super::tally::Tally;
use super::{Stopped, Surroundings};
use crate::cluster::Added;
use crate::differential::{Abilities, Why, ask};
use crate::finding::{Finding, Signature, Source};
use crate::shrink;

/// How many findings of the same answers are all made small; of later ones, fewer and fewer.
const ALL_SHRUNK: u64 = 16;

pub struct Sorter<'a> {
    plan: &'a Plan,
    evaluators: &'a mut [Box<dyn Evaluator>],
    pub surroundings: &'a mut dyn Surroundings,
    abilities: Abilities,
    pub tally: Tally,
    /// How often each signature was met.
    seen: BTreeMap<Signature, u64>,
}

impl<'a> Sorter<'a> {
    pub fn new(
        plan: &'a Plan,
        evaluators: &'a mut [Box<dyn Evaluator>],
        surroundings: &'a mut dyn Surroundings,
    ) -> Self {
        let abilities = Abilities::of(evaluators.iter().map(|one| one.description()));
        Self { plan, evaluators, surroundings, abilities, tally: Tally::default(), seen: BTreeMap::new() }
    }

    /// The evaluators by which findings are made small.
    pub fn evaluators(&mut self) -> &mut [Box<dyn Evaluator>] {
        self.evaluators
    }

    /// Takes what a job brought back, and says whether the exploration goes on.
    pub fn take(&mut self, part: Part) -> Result<bool, Stopped> {
        self.tally.counts.add(part.counts);
        for Hit { number, question, what } in part.hits {
            match what {
                What::Broken(broken) => self.broken(number, question, broken)?,
                What::Disagreement(words) => self.disagreed(number, question, &words)?,
            }
        }
        Ok(self.surroundings.goes_on(&self.tally))
    }

    fn disagreed(&mut self, number: u64, question: Question, words: &[&'static str]) -> Result<(), Stopped> {
        if let Some(requirement) = self.surroundings.silent(&question) {
            *self.tally.counts.incomparable.entry(Why::Silent(requirement)).or_default() += 1;
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
        let shrunk = if budget == 0 { None } else { shrink(&question, budget, &mut shows) };
        let is_minimal = shrunk.as_ref().is_some_and(|shrunk| shrunk.is_minimal);
        let smallest = shrunk.map_or_else(|| question.clone(), |shrunk| shrunk.question);
        let requirement = self.surroundings.guess(&signature.answers, &smallest);
        self.add(Finding {
            signature,
            question: smallest,
            found: question,
            variations: Vec::new(),
            seed: (self.plan.seed, number),
            is_minimal,
            requirement,
        })
    }

    fn broken(&mut self, number: u64, question: Question, first: Broken) -> Result<(), Stopped> {
        self.tally.broken += 1;
        let answers = first.words();
        let Some(evaluator) = self.evaluators.first() else { return Ok(()) };
        let of = evaluator.description().name.clone();
        let signature = Signature {
            source: Source::Relation { name: first.relation.to_owned(), evaluator: of },
            answers,
        };
        if !self.is_worth_shrinking(&signature) {
            return Ok(());
        }
        let plan = self.plan;
        let Some(evaluator) = self.evaluators.first_mut() else { return Ok(()) };
        let mut last = None;
        let shrunk = shrink(&question, plan.budget, &mut |question| {
            let choices = &mut plan.variations(number);
            let found = broken(Some(first.relation), question, evaluator.as_mut(), choices, None);
            let same = found.into_iter().find(|one| one.words() == signature.answers);
            let shows = same.is_some();
            last = same.or_else(|| last.take());
            shows
        });
        // The last evaluation of shrinking is of the smallest question.
        let variations = match last.filter(|_| shrunk.is_some()) {
            Some(last) => last.variations,
            None => first.variations,
        };
        let is_minimal = shrunk.as_ref().is_some_and(|shrunk| shrunk.is_minimal);
        self.add(Finding {
            signature,
            question: shrunk.map_or_else(|| question.clone(), |shrunk| shrunk.question),
            found: question,
            variations,
            seed: (plan.seed, number),
            is_minimal,
            requirement: first.requirement,
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
