//! Decides how good generated questions are: how many documents that are meant to be valid are accepted, how many
//! answers hang on a statement, how the answers are mixed, and which constructs are reached.

pub mod combinations;
mod constructs;
mod forms;
mod reach;
mod visit;

use std::collections::BTreeMap;
use std::fmt;

use kms_model::question::{Ask, PolicyType, Validate};
use kms_model::{Dialect, Evaluator, Outcome, Question};

pub use constructs::{Construct, constructs};

use crate::{Choices, Series, Settings, generate};

/// What was counted.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Meters {
    /// The dialect of the questions.
    pub dialect: Dialect,
    /// The questions about requests.
    pub requests: usize,
    /// The answers to them, by their words.
    pub answers: BTreeMap<&'static str, usize>,
    /// The requests whose answer changes when some statement is taken out.
    pub sensitive: usize,
    /// The questions about documents, and how many of these were accepted.
    pub documents: [usize; 2],
    /// The documents of flawless questions, and how many of these were accepted.
    pub valid: [usize; 2],
    /// A document that was meant to be valid and was not accepted, and what it was to be.
    pub refused: Vec<(PolicyType, String)>,
    /// How often each construct was reached.
    pub reached: BTreeMap<Construct, usize>,
}

impl Meters {
    /// Nothing counted so far.
    pub fn new(dialect: Dialect) -> Self {
        Self {
            dialect,
            requests: 0,
            answers: BTreeMap::new(),
            sensitive: 0,
            documents: [0; 2],
            valid: [0; 2],
            refused: Vec::new(),
            reached: BTreeMap::new(),
        }
    }

    /// Counts as many generated questions, half of them flawless, as many about a world as the settings say.
    pub fn measure(
        dialect: Dialect,
        choices: &mut dyn Choices,
        settings: &Settings,
        questions: usize,
        evaluator: &mut dyn Evaluator,
    ) -> Self {
        let mut meters = Self::new(dialect);
        let flawless = settings.flawless();
        let mut left = questions.div_ceil(2);
        while left > 0 {
            let of_this = settings.weights.questions_of_a_world.clamp(1, left);
            left -= of_this;
            let (mut question, mut series) = Series::new(dialect, choices, settings);
            meters.add(&question, evaluator);
            for _ in 1..of_this {
                series.again(&mut question, choices, settings);
                meters.add(&question, evaluator);
            }
        }
        for _ in 0..questions.div_ceil(2) {
            meters.add_flawless(&generate::question(dialect, choices, &flawless), evaluator);
        }
        meters
    }

    /// Counts a question.
    pub fn add(&mut self, question: &Question, evaluator: &mut dyn Evaluator) {
        reach::of(question, &mut |construct| *self.reached.entry(construct).or_default() += 1);
        let outcome = evaluator.answer(question).outcome;
        if matches!(question.ask, Ask::Validate(_)) {
            self.documents[0] += 1;
            self.documents[1] += usize::from(outcome == Outcome::Accepted);
            return;
        }
        self.requests += 1;
        *self.answers.entry(outcome.word()).or_default() += 1;
        self.sensitive += usize::from(is_sensitive(question, &outcome, evaluator));
    }

    /// Counts the documents of a question that is meant to have no flaw.
    pub fn add_flawless(&mut self, question: &Question, evaluator: &mut dyn Evaluator) {
        let mut seen = Vec::new();
        visit::documents(&mut question.clone(), &mut |kind, document| {
            // What AWS attaches itself nobody could write.
            let full = kind == PolicyType::Rcp && document.text().contains("\"Allow\"");
            if !full && !seen.contains(document) {
                seen.push(document.clone());
                let validate = Validate::new(kind, document.clone());
                let asked = match &question.ask {
                    // A request to make a grant is about a key.
                    Ask::Validate(whole) if kind == PolicyType::GrantRequest => {
                        let mut validate = validate;
                        validate.resource.clone_from(&whole.resource);
                        validate
                    }
                    _ => validate,
                };
                let asked = Question::validate(question.dialect, question.region.clone(), asked);
                let accepted = evaluator.answer(&asked).outcome == Outcome::Accepted;
                self.valid[0] += 1;
                self.valid[1] += usize::from(accepted);
                if !accepted && self.refused.len() < 5 {
                    self.refused.push((kind, document.text().to_owned()));
                }
            }
        });
    }

    /// The share of documents meant to be valid that were accepted, in a hundred.
    pub fn accepted_share(&self) -> f64 {
        share(self.valid[1], self.valid[0])
    }

    /// The share of requests whose answer hangs on a statement, in a hundred.
    pub fn sensitive_share(&self) -> f64 {
        share(self.sensitive, self.requests)
    }

    /// The share of requests with that answer, in a hundred.
    pub fn answer_share(&self, word: &str) -> f64 {
        share(self.answers.get(word).copied().unwrap_or_default(), self.requests)
    }

    /// The constructs that were not reached.
    pub fn missing(&self) -> Vec<Construct> {
        constructs(self.dialect)
            .into_iter()
            .filter(|construct| !self.reached.contains_key(construct))
            .collect()
    }
}

/// Whether the answer to a question, which is `outcome`, is another one without some statement.
pub fn is_sensitive(question: &Question, outcome: &Outcome, evaluator: &mut dyn Evaluator) -> bool {
    visit::without_a_statement(question, &mut |other| evaluator.answer(other).outcome != *outcome)
}

fn share(part: usize, whole: usize) -> f64 {
    let count = |n: usize| u32::try_from(n).map_or(f64::MAX, f64::from);
    if whole == 0 { 0.0 } else { 100.0 * count(part) / count(whole) }
}

impl fmt::Display for Meters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut row = |name: &str, share: f64, note: &str| writeln!(f, "{name:<34}{share:>6.1} %  {note}");
        row("valid documents accepted", self.accepted_share(), &format!("of {}", self.valid[0]))?;
        row("sensitive to a statement", self.sensitive_share(), &format!("of {} requests", self.requests))?;
        for word in self.answers.keys() {
            row(&format!("answer {word}"), self.answer_share(word), "")?;
        }
        let [asked, accepted] = self.documents;
        row("documents to judge, accepted", share(accepted, asked), &format!("of {asked}"))?;
        let all = constructs(self.dialect);
        let mut groups: Vec<&str> = all.iter().map(|construct| construct.group).collect();
        groups.dedup();
        for group in groups {
            let of_group: Vec<_> = all.iter().filter(|construct| construct.group == group).collect();
            let reached = of_group.iter().filter(|construct| self.reached.contains_key(**construct)).count();
            row(
                &format!("reached: {group}"),
                share(reached, of_group.len()),
                &format!("{reached} of {}", of_group.len()),
            )?;
        }
        let missing: Vec<String> = self.missing().iter().map(ToString::to_string).collect();
        if !missing.is_empty() {
            writeln!(f, "not reached: {}", missing.join(", "))?;
        }
        Ok(())
    }
}
