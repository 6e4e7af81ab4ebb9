//! Decides what a job does with a part of an exploration: it asks the questions, holds the answers together, checks the
//! relations, and brings back what it counted and what did not agree.

use std::borrow::Cow;
use std::ops::Range;

use kms_model::{Evaluator, Feature, Outcome, Question};

use super::Stopped;
use super::plan::{Plan, Round, Worlds};
use super::relating::{Broken, Counted, broken};
use super::tally::Counts;
use crate::differential::{Abilities, Comparison, ask, held_together};

/// What a part of an exploration came to.
#[derive(Debug, Default)]
pub struct Part {
    pub counts: Counts,
    /// In the order in which they were met.
    pub hits: Vec<Hit>,
}

/// Something to look into.
#[derive(Debug)]
pub struct Hit {
    /// The number of the question.
    pub number: u64,
    pub question: Question,
    pub what: What,
}

#[derive(Debug)]
pub enum What {
    Broken(Broken),
    /// The words of the answers.
    Disagreement(Vec<&'static str>),
}

/// Goes through a part of an exploration.
pub fn go_through(
    plan: &Plan,
    worlds: &dyn Worlds,
    numbers: Range<u64>,
    evaluators: &mut [Box<dyn Evaluator>],
) -> Result<Part, Stopped> {
    let abilities = Abilities::of(evaluators.iter().map(|one| one.description()));
    let mut part = Part::default();
    let mut round = Round::new(plan, worlds, numbers);
    while let Some(first) = round.advance() {
        part.counts.questions += round.questions.len() as u64;
        if evaluators.len() > 1 || !plan.relates {
            part.compare(first, &round.questions, evaluators, &abilities)?;
        }
        if let (Some(evaluator), true) = (evaluators.first_mut(), plan.relates) {
            for (number, question) in (first..).zip(&round.questions) {
                part.relate(plan, number, question, evaluator.as_mut());
            }
        }
    }
    Ok(part)
}

impl Part {
    fn compare(
        &mut self,
        first: u64,
        questions: &[Question],
        evaluators: &mut [Box<dyn Evaluator>],
        abilities: &Abilities,
    ) -> Result<(), Stopped> {
        let refusals: Vec<_> = questions.iter().map(|question| abilities.refuse(question)).collect();
        let can_be_asked = |(question, why): (&Question, &Option<_>)| why.is_none().then(|| question.clone());
        let asked: Cow<'_, [Question]> = match refusals.iter().any(Option::is_some) {
            true => questions.iter().zip(&refusals).filter_map(can_be_asked).collect(),
            false => Cow::Borrowed(questions),
        };
        let mut answers = Vec::with_capacity(evaluators.len());
        for evaluator in evaluators.iter_mut() {
            let given = ask_all(evaluator.as_mut(), &asked);
            self.counts.asked += given.len() as u64;
            // A question may end a process; a whole batch of them does not.
            if given.len() > 1 && given.iter().all(|outcome| matches!(outcome, Outcome::Crash { .. })) {
                let error = match given.into_iter().next() {
                    Some(Outcome::Crash { error }) => error,
                    _ => String::new(),
                };
                return Err(Stopped::Evaluator(evaluator.description().name.clone(), error));
            }
            answers.push(given);
        }
        let numbers = (first..).zip(refusals).filter_map(|(number, why)| match why {
            Some(why) => {
                *self.counts.incomparable.entry(why).or_default() += 1;
                None
            }
            None => Some(number),
        });
        let numbers: Vec<u64> = numbers.collect();
        for (index, (number, question)) in numbers.into_iter().zip(asked.iter()).enumerate() {
            let of_question = answers.iter().filter_map(|given| given.get(index));
            let descriptions = evaluators.iter().map(|one| one.description());
            match held_together(of_question.zip(descriptions)) {
                Comparison::Agree(word) => self.counts.agreed.add(word, 1),
                Comparison::Incomparable(why) => *self.counts.incomparable.entry(why).or_default() += 1,
                Comparison::Disagree(words) => {
                    let what = What::Disagreement(words);
                    self.hits.push(Hit { number, question: question.clone(), what });
                }
            }
        }
        Ok(())
    }

    fn relate(&mut self, plan: &Plan, number: u64, question: &Question, evaluator: &mut dyn Evaluator) {
        let mut counted = Counted { evaluator, asked: 0 };
        let meters = Some(&mut self.counts.relations);
        let broken = broken(None, question, &mut counted, &mut plan.variations(number), meters);
        self.counts.asked += counted.asked;
        let hit = |broken| Hit { number, question: question.clone(), what: What::Broken(broken) };
        self.hits.extend(broken.into_iter().map(hit));
    }
}

/// Asks an evaluator a batch, part by part where it does not know operations.
pub(crate) fn ask_all(evaluator: &mut dyn Evaluator, questions: &[Question]) -> Vec<Outcome> {
    let several = |question: &Question| question.parts().is_some();
    if !evaluator.description().has(Feature::Operations) && questions.iter().any(several) {
        return questions.iter().map(|question| ask(evaluator, question).outcome).collect();
    }
    let mut answers: Vec<_> = questions.iter().map(|_| None).collect();
    evaluator.answer_all(questions, &mut |index, answer| {
        if let Some(place) = answers.get_mut(index) {
            *place = Some(answer.outcome);
        }
    });
    let missing = || match evaluator.broken() {
        Some(why) => Outcome::Crash { error: why.to_owned() },
        None => Outcome::Error { error: "no answer".to_owned() },
    };
    answers.into_iter().map(|answer| answer.unwrap_or_else(missing)).collect()
}
