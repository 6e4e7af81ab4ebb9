//! Decides whether a relation was put to the test by a run, could not be, or was starved: then nothing was shown of it.

use std::collections::BTreeSet;
use std::fmt;

use kms_model::{Feature, Question};

use super::meter::Meter;
use super::{Relation, Variation, names_things};
use crate::{Random, Settings, question};

/// Fewer questions than these say nothing about a share.
pub const ENOUGH: u64 = 2_000;
/// One question in so many at least must be one that the relation speaks of.
const PREMISE: u64 = 1_000;
/// Fewer instances than these say nothing about how many of them tell something.
const ENOUGH_INSTANCES: u64 = 400;
/// One instance in so many at least must tell something.
const TELLING: u64 = 200;
/// How many questions are looked at for what a relation needs.
const PROBES: u64 = 2_000;

/// Where a relation stands after a run.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Standing {
    /// No question that it speaks of does without a feature that was lacking.
    NotAsked(Needs),
    /// Enough was asked, and its premise hardly ever held, or the answers hardly ever told anything.
    Starved(Starved),
    /// It was put to the test.
    Tested,
    /// Too little was asked to tell.
    TooFew,
}

/// What a relation lacked.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Starved {
    /// Questions that it speaks of and that the evaluator answers.
    Premise,
    /// Answers that are not all what an evaluator gives that never finds anything.
    Telling,
}

/// The features without which a relation cannot be asked.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Needs {
    /// Every one of them.
    All(BTreeSet<Feature>),
    /// At least one of them.
    OneOf(BTreeSet<Feature>),
}

impl Standing {
    /// Where the relation stands by its meter, where questions may need `features` only.
    pub fn of(relation: &Relation, meter: &Meter, features: &BTreeSet<Feature>) -> Self {
        match Self::by_count(meter) {
            // That it cannot be asked is known however little was asked.
            Self::Tested => Self::Tested,
            Self::TooFew if meter.applied > 0 => Self::TooFew,
            other => match needs(relation, features) {
                Some(needs) => Self::NotAsked(needs),
                None => other,
            },
        }
    }

    /// Where a relation stands by its meter alone, whatever the evaluator has a place for.
    pub fn by_count(meter: &Meter) -> Self {
        if meter.questions < ENOUGH {
            return Self::TooFew;
        }
        if meter.applied * PREMISE < meter.questions {
            return Self::Starved(Starved::Premise);
        }
        if meter.telling * TELLING >= meter.applied {
            return Self::Tested;
        }
        if meter.applied < ENOUGH_INSTANCES { Self::TooFew } else { Self::Starved(Starved::Telling) }
    }

    /// Its word in reports.
    pub fn word(&self) -> &'static str {
        match self {
            Self::NotAsked(_) => "not-asked",
            Self::Starved(_) => "starved",
            Self::Tested => "tested",
            Self::TooFew => "too-few-questions",
        }
    }
}

impl Starved {
    /// What is wrong with a meter that shows it, and what to do.
    pub fn tell(self, meter: &Meter) -> String {
        let Meter { questions, applied, telling, .. } = meter;
        let counted = format!(
            "its premise held for {applied} of {questions} questions, and {telling} of these told something"
        );
        match self {
            Self::Premise => format!(
                "{counted}; at least 1 question in {PREMISE} must be one that it speaks of and that the evaluator \
                 answers: see by `--stats` what the questions are made of, or try another `--from`"
            ),
            Self::Telling => format!(
                "{counted}; at least 1 in {TELLING} must: the evaluator answers as one that never finds anything; \
                 ask it single questions by `explain`"
            ),
        }
    }
}

impl Needs {
    /// The features.
    pub fn features(&self) -> &BTreeSet<Feature> {
        match self {
            Self::All(features) | Self::OneOf(features) => features,
        }
    }
}

impl fmt::Display for Needs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words: Vec<_> = self.features().iter().map(|feature| feature.word()).collect();
        match self {
            Self::All(_) => write!(f, "needs {}", words.join(", ")),
            Self::OneOf(_) => write!(f, "needs one of {}", words.join(", ")),
        }
    }
}

/// What keeps a relation from being asked where questions may need `features` only; `None` where something else does.
/// Told from questions that may need every feature: which features those have that the relation speaks of is counted
/// from their members, like everywhere.
fn needs(relation: &Relation, features: &BTreeSet<Feature>) -> Option<Needs> {
    let settings = Settings::default();
    let mut choices = Random::new(0);
    let mut within = 0;
    let mut lacking: BTreeSet<BTreeSet<Feature>> = BTreeSet::new();
    for _ in 0..PROBES {
        let asked = question(relation.dialect, &mut choices, &settings);
        if !names_things(&asked) {
            continue;
        }
        let Some(Variation { questions, .. }) = (relation.vary)(&asked, &mut choices) else { continue };
        let needed = questions.iter().chain([&asked]).flat_map(Question::features);
        let lacks: BTreeSet<Feature> = needed.filter(|feature| !features.contains(feature)).collect();
        within += u64::from(lacks.is_empty());
        lacking.insert(lacks);
    }
    if within * PREMISE >= PROBES {
        return None;
    }
    lacking.remove(&BTreeSet::new());
    let all = lacking.iter().cloned().reduce(|all, one| &all & &one)?;
    if !all.is_empty() {
        return Some(Needs::All(all));
    }
    let least = lacking.iter().map(BTreeSet::len).min()?;
    Some(Needs::OneOf(lacking.into_iter().filter(|one| one.len() == least).flatten().collect()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::relations::{Held, by_name};

    fn meter(questions: u64, applied: u64, telling: u64) -> Meter {
        Meter { questions, applied, telling, ..Meter::default() }
    }

    fn all() -> BTreeSet<Feature> {
        Feature::ALL.iter().copied().collect()
    }

    #[test]
    fn a_relation_without_premise_or_effect_is_starved_once_enough_was_asked() {
        for (meter, standing) in [
            (meter(1_999, 0, 0), Standing::TooFew),
            (meter(2_000, 0, 0), Standing::Starved(Starved::Premise)),
            (meter(2_000, 1, 1), Standing::Starved(Starved::Premise)),
            (meter(2_000, 2, 2), Standing::Tested),
            (meter(2_000, 399, 0), Standing::TooFew),
            (meter(2_000, 400, 1), Standing::Starved(Starved::Telling)),
            (meter(2_000, 400, 2), Standing::Tested),
        ] {
            assert_eq!(Standing::by_count(&meter), standing, "{meter:?}");
        }
    }

    #[test]
    fn what_was_counted_and_what_to_do_is_told() {
        let told = Starved::Premise.tell(&meter(20_000, 3, 2));
        assert!(told.contains("held for 3 of 20000 questions, and 2 of these told something"), "{told}");
        assert!(told.contains("1 question in 1000") && told.contains("--stats"), "{told}");
        let told = Starved::Telling.tell(&meter(20_000, 9_000, 0));
        assert!(told.contains("held for 9000 of 20000 questions, and 0 of these"), "{told}");
        assert!(told.contains("1 in 200") && told.contains("explain"), "{told}");
    }

    #[test]
    fn a_relation_that_no_question_can_feed_is_starved_whatever_the_evaluator_has() {
        let fed = *by_name("aws-order-of-statements").unwrap();
        let never = Relation { vary: |_, _| None, ..fed };
        let starved = Standing::Starved(Starved::Premise);
        for features in [BTreeSet::new(), all()] {
            assert_eq!(Standing::of(&never, &meter(10_000, 0, 0), &features), starved);
            // The same of one that questions without any feature can feed, and that got none.
            assert_eq!(Standing::of(&fed, &meter(10_000, 0, 0), &features), starved);
        }
        let idle = Relation {
            vary: |question, _| {
                let questions = vec![question.clone()];
                Some(Variation { questions, holds: |_, _, _| Held::Trivially })
            },
            ..fed
        };
        let told = Standing::of(&idle, &meter(10_000, 10_000, 0), &all());
        assert_eq!(told, Standing::Starved(Starved::Telling));
    }

    #[test]
    fn a_relation_about_what_the_evaluator_has_no_place_for_is_not_asked() {
        let nothing = BTreeSet::new();
        let few = BTreeSet::from([Feature::Scps, Feature::Operations]);
        for (name, features, needs) in [
            ("aws-grant-only-adds", &nothing, "needs grants"),
            ("aws-removed-grant-only-takes", &nothing, "needs grants"),
            ("aws-group-policy-is-own", &nothing, "needs groups"),
            ("aws-management-account-is-free", &few, "needs management-accounts"),
            ("aws-all-authorizations-are-needed", &nothing, "needs operations"),
        ] {
            let relation = by_name(name).unwrap();
            for questions in [0, 50_000] {
                let Standing::NotAsked(found) = Standing::of(relation, &meter(questions, 0, 0), features)
                else {
                    panic!("{name} is asked")
                };
                assert_eq!(found.to_string(), needs, "{name}");
            }
            let starved = Standing::Starved(Starved::Premise);
            assert_eq!(Standing::of(relation, &meter(50_000, 0, 0), &all()), starved, "{name}");
        }
        let narrow = by_name("aws-guard-rail-only-narrows").unwrap();
        let Standing::NotAsked(needs) = Standing::of(narrow, &meter(50_000, 0, 0), &nothing) else {
            panic!("guard rails are asked")
        };
        assert!(needs.to_string().starts_with("needs one of boundaries, "), "{needs}");
    }
}
