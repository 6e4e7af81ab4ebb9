//! Decides whether an evaluator keeps the relations, one question at a time.

use kms_model::{Dialect, Evaluator, Question};

use crate::relations::{self, Breach, Outcome};
use crate::{Choices, Random, Settings};

use super::read;

/// Checks one relation that has something to say about the question; which one, and how it varies the question, depends on
/// all of the bytes.
///
/// # Errors
/// The relation that is broken, and the questions that show it.
pub fn relations(
    dialect: Dialect,
    bytes: &[u8],
    settings: &Settings,
    evaluator: &mut dyn Evaluator,
) -> Result<(), String> {
    let Some(question) = read(Some(dialect), bytes, settings) else { return Ok(()) };
    let mut choices = Random::new(fold(bytes));
    let of_dialect: Vec<_> = relations::of(dialect).collect();
    let first = choices.below(of_dialect.len());
    let Some(before) = relations::ask(&question, evaluator) else { return Ok(()) };
    for relation in of_dialect.iter().cycle().skip(first).take(of_dialect.len()) {
        match relations::check_answered(relation, &question, &before, evaluator, &mut choices) {
            Outcome::Broken(breach) => return Err(breach.to_string()),
            Outcome::NotApplicable => {}
            Outcome::Held | Outcome::Observed(_) | Outcome::Trivial => return Ok(()),
        }
    }
    Ok(())
}

/// Checks every relation on a question, each varied `times` times: what a finding is held against once it is kept.
pub fn broken(question: &Question, evaluator: &mut dyn Evaluator, times: u64) -> Vec<Breach> {
    let mut broken = Vec::new();
    for relation in relations::of(question.dialect) {
        for seed in 0..times {
            let outcome = relations::check(relation, question, evaluator, &mut Random::new(seed));
            if let Outcome::Broken(breach) = outcome {
                broken.push(*breach);
            }
        }
    }
    broken
}

/// A number that depends on every byte (FNV-1a).
fn fold(bytes: &[u8]) -> u64 {
    let step = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, step)
}
