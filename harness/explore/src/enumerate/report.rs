//! Decides what an enumeration is written down as: counts and findings, the same whoever counted and in however many parts.

use std::collections::BTreeMap;

use kms_model::{Description, Feature, Question};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::laws::{Law, WORDS};
use super::scope::Scope;
use super::tally::{Example, Kind, Meter, Tally};
use crate::finding::{Severity, Signature, Source};

/// What came of a scope, or of a shard of it.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Enumeration {
    /// What was enumerated.
    pub scope: ScopeTold,
    /// The evaluator, then the one that it was held against.
    pub evaluators: Vec<EvaluatorTold>,
    /// Which part of it this is.
    pub shard: Shard,
    /// The counts.
    pub summary: Summary,
    /// The answers, by their words; of two evaluators those on which they agree.
    pub answers: BTreeMap<String, u64>,
    /// The worlds that were not asked, by the feature that they need, or had no answer, by its word.
    pub unanswered: BTreeMap<String, u64>,
    /// The worlds whose answers cannot be held together, and why.
    pub incomparable: BTreeMap<String, u64>,
    /// How each law fared.
    pub relations: Vec<RelationTold>,
    /// What was found, the worst first.
    pub findings: Vec<FindingTold>,
}

/// What was enumerated.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ScopeTold {
    /// Its name.
    pub name: String,
    /// A number that changes with everything that it is made of.
    pub fingerprint: String,
    /// How many worlds it has, in closed form, one for all its renamings.
    pub worlds: u64,
    /// How many numbers it has: worlds, renamed ones with them.
    pub arrangements: u64,
}

/// Who answered.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct EvaluatorTold {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
}

/// A part of a scope: every number from `from` up to `to`, which is not in it.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Shard {
    /// Which part, from 1.
    pub index: u64,
    /// Of how many.
    pub of: u64,
    /// The number of its first world.
    pub from: u64,
    /// The number behind its last world.
    pub to: u64,
}

/// The counts.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Summary {
    /// Worlds that were visited.
    pub visited: u64,
    /// Worlds that another stands for.
    pub renamed: u64,
    /// Worlds that all evaluators answered.
    pub answered: u64,
    /// Worlds on which the evaluators disagree.
    pub disagreed: u64,
    /// How often a relation is broken.
    pub broken: u64,
    /// Whether every world of the scope was visited, as many as there are in closed form.
    pub complete: bool,
}

/// How a relation fared.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct RelationTold {
    /// Its name.
    pub relation: String,
    /// The requirements that it rests on.
    pub rests_on: Vec<String>,
    /// How often its premise held and there were answers.
    pub applied: u64,
    /// How often it would not have held for an evaluator that finds nothing.
    pub telling: u64,
    /// How often it is broken.
    pub broken: u64,
}

/// What was found.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct FindingTold {
    /// How bad it is.
    pub severity: String,
    /// The relation that is broken; absent where evaluators disagree.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub relation: Option<String>,
    /// The words of the answers: of the evaluators, or in the order of the relation.
    pub answers: Vec<String>,
    /// The features that the worlds need.
    pub features: Vec<String>,
    /// How many show it.
    pub count: u64,
    /// How many statements and grants the smallest of them has.
    pub weight: u64,
    /// The number of the smallest.
    pub world: u64,
    /// The number of its neighbour.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub neighbour: Option<u64>,
    /// The questions: of the world, or in the order of the relation.
    pub questions: Vec<Value>,
    /// The smallest question that shows it, where it was made small.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub smallest: Option<Value>,
}

impl Shard {
    /// That part of a scope; `None` if there is no such part.
    pub fn new(index: u64, of: u64, scope: &Scope) -> Option<Self> {
        let all = u128::from(scope.arrangements());
        // At most the number of arrangements, which is a u64.
        let bound = |index: u64| (all * u128::from(index) / u128::from(of.max(1))) as u64;
        (1..=of).contains(&index).then(|| Self { index, of, from: bound(index - 1), to: bound(index) })
    }
}

impl Enumeration {
    /// What a tally is written down as. `shrink` makes the question of a disagreement small.
    pub fn new(
        scope: &Scope,
        shard: Shard,
        evaluators: &[&Description],
        tally: &Tally,
        shrink: &mut dyn FnMut(&Question, &[String]) -> Option<Question>,
    ) -> Self {
        let mut told = Self {
            scope: ScopeTold {
                name: scope.name.to_owned(),
                fingerprint: scope.fingerprint(),
                worlds: scope.worlds(),
                arrangements: scope.arrangements(),
            },
            evaluators: evaluators
                .iter()
                .map(|one| EvaluatorTold { name: one.name.clone(), version: one.version.clone() })
                .collect(),
            shard,
            summary: Summary {
                visited: tally.visited,
                renamed: tally.renamed,
                answered: tally.visited - tally.unanswered.values().sum::<u64>(),
                disagreed: tally.disagreed,
                broken: tally.laws.values().map(|meter| meter.broken).sum(),
                complete: false,
            },
            answers: words(&tally.answers),
            unanswered: tally.unanswered.clone(),
            incomparable: tally.incomparable.clone(),
            relations: tally.laws.iter().map(|(law, meter)| relation(scope, *law, *meter)).collect(),
            findings: tally.found.iter().map(|(kind, one)| finding(scope, kind, one, shrink)).collect(),
        };
        told.complete();
        told
    }

    /// Sorts what was found, and settles whether this is all of the scope.
    pub(super) fn complete(&mut self) {
        self.findings.sort_by(|a, b| a.order().cmp(&b.order()));
        self.relations.sort_by(|a, b| a.relation.cmp(&b.relation));
        let Self { scope, shard, summary, .. } = self;
        let all = (shard.from, shard.to) == (0, scope.arrangements);
        summary.complete = all && summary.visited == scope.worlds;
    }

    /// Whether every number of the part was counted.
    pub fn adds_up(&self) -> bool {
        let Self { shard, summary, .. } = self;
        let counted = self.answers.values().chain(self.unanswered.values()).chain(self.incomparable.values());
        let counted: u64 = counted.sum::<u64>() + summary.disagreed;
        shard.from <= shard.to
            && shard.to - shard.from == summary.visited.saturating_add(summary.renamed)
            && counted == summary.visited
    }
}

impl FindingTold {
    /// What findings of other parts must have in common with this to be one with it.
    pub(super) fn kind(&self) -> (&Option<String>, &[String], &[String]) {
        (&self.relation, &self.answers, &self.features)
    }

    /// The smallest comes first.
    pub(super) fn size(&self) -> (u64, u64, Option<u64>) {
        (self.weight, self.world, self.neighbour)
    }

    fn order(&self) -> impl Ord {
        let rank = Severity::WORDS.iter().position(|word| *word == self.severity);
        (rank, self.relation.clone(), self.answers.clone(), self.features.len(), self.features.clone())
    }
}

fn words(answers: &[u64; WORDS.len()]) -> BTreeMap<String, u64> {
    let given = WORDS.iter().zip(answers).filter(|(_, count)| **count > 0);
    given.map(|(word, count)| ((*word).to_owned(), *count)).collect()
}

fn relation(scope: &Scope, law: Law, meter: Meter) -> RelationTold {
    RelationTold {
        relation: law.name(scope.dialect),
        rests_on: law.rests_on(scope.dialect).iter().map(|id| (*id).to_owned()).collect(),
        applied: meter.applied,
        telling: meter.telling,
        broken: meter.broken,
    }
}

fn finding(
    scope: &Scope,
    kind: &Kind,
    example: &Example,
    shrink: &mut dyn FnMut(&Question, &[String]) -> Option<Question>,
) -> FindingTold {
    let answers: Vec<_> = kind.answers.iter().map(|word| (*word).to_owned()).collect();
    let relation = kind.law.map(|law| law.name(scope.dialect));
    let source = match relation.clone() {
        Some(name) => Source::Relation { name, evaluator: String::new() },
        None => Source::Differential(Vec::new()),
    };
    let of = |number: u64| scope.question(&scope.world(number)?);
    let world = of(example.number);
    let smallest = world.as_ref().filter(|_| kind.law.is_none()).and_then(|one| shrink(one, &answers));
    let mut questions: Vec<_> = [Some(example.number), example.neighbour].into_iter().flatten().collect();
    if kind.law.is_some_and(Law::begins_with_neighbour) {
        questions.reverse();
    }
    let needed = Feature::ALL.iter().enumerate().filter(|(at, _)| kind.features & (1 << at) != 0);
    FindingTold {
        severity: Signature { source, answers: answers.clone() }.severity().word().to_owned(),
        relation,
        answers,
        features: needed.map(|(_, feature)| feature.word().to_owned()).collect(),
        count: example.count,
        weight: example.weight,
        world: example.number,
        neighbour: example.neighbour,
        questions: questions.into_iter().filter_map(of).filter_map(|one| value(&one)).collect(),
        smallest: smallest.and_then(|one| value(&one)),
    }
}

fn value(question: &Question) -> Option<Value> {
    serde_json::from_str(&question.to_line()).ok()
}
