//! Decides what becomes of known differences after a run: new failures are added, what no longer holds is dropped, and what
//! people wrote is kept.

use std::collections::BTreeMap;

use kms_model::Outcome;

use super::{Class, Known, KnownDifference};
use crate::catalogue::{Catalogue, Expectation};
use crate::run::Run;
use crate::verdict::{Judgement, Verdict};

/// Known differences as a run leaves them, and what changed.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Update {
    /// The known differences, sorted by id.
    pub known: Known,
    /// The checks that fail and were not listed, with the kind of failure, worst first.
    pub added: Vec<(&'static str, String)>,
    /// The listed checks that fail with another answer than was known, with the kind of failure, worst first.
    pub changed: Vec<(&'static str, String)>,
    /// The entries that are gone: their checks pass, are not asked, or do not exist.
    pub dropped: Vec<String>,
}

impl Update {
    /// Brings `old` up to date with a run that was judged without known differences. `selected` is what was run, a part of
    /// `whole`: entries for other checks stay as they are, and so do those for checks that the run did not get to.
    pub fn new(old: &Known, run: &Run, selected: &Catalogue, whole: &Catalogue) -> Self {
        let verdicts: BTreeMap<_, _> =
            run.verdicts.iter().map(|verdict| (verdict.id.as_str(), verdict)).collect();
        let facts = Facts { run, verdicts, selected, whole };
        let mut update =
            Self { known: Known::default(), added: Vec::new(), changed: Vec::new(), dropped: Vec::new() };
        for entry in &old.entries {
            match facts.fate(entry) {
                Fate::Changed(verdict) => {
                    update.changed.push((kind(&verdict.judgement), entry.id.clone()));
                    update.known.entries.push(changed(entry, verdict));
                }
                Fate::Dropped => update.dropped.push(entry.id.clone()),
                Fate::Kept => update.known.entries.push(entry.clone()),
            }
        }
        for verdict in run.verdicts.iter().filter(|verdict| verdict.judgement.fails()) {
            let known = update.known.find(&verdict.id);
            if known.is_none_or(|entry| entry.is_glob() && entry.got != got(verdict)) {
                update.added.push((kind(&verdict.judgement), verdict.id.clone()));
                update.known.entries.push(new(verdict));
            }
        }
        update.known.entries.sort_by(|a, b| a.id.cmp(&b.id));
        let rank = |(_, id): &(&str, String)| {
            let verdict = facts.verdicts.get(id.as_str());
            (verdict.map_or(u8::MAX, |verdict| verdict.judgement.severity()), id.clone())
        };
        update.added.sort_by_key(rank);
        update.changed.sort_by_key(rank);
        update
    }
}

/// What becomes of an entry.
enum Fate<'a> {
    Changed(&'a Verdict),
    Dropped,
    Kept,
}

struct Facts<'a> {
    run: &'a Run,
    verdicts: BTreeMap<&'a str, &'a Verdict>,
    selected: &'a Catalogue,
    whole: &'a Catalogue,
}

impl<'a> Facts<'a> {
    fn fate(&self, entry: &KnownDifference) -> Fate<'a> {
        let count =
            |catalogue: &Catalogue| catalogue.checks().iter().filter(|one| entry.matches(&one.id)).count();
        let (all, run) = (count(self.whole), count(self.selected));
        if all == 0 {
            return Fate::Dropped;
        }
        if entry.is_glob() {
            let holds = |verdict: &&Verdict| {
                entry.matches(&verdict.id) && verdict.judgement.fails() && got(verdict) == entry.got
            };
            let kept = all > run || self.run.verdicts.iter().any(|verdict| holds(&verdict));
            return if kept { Fate::Kept } else { Fate::Dropped };
        }
        let Some(check) = self.selected.check(&entry.id) else { return Fate::Kept };
        match self.verdicts.get(entry.id.as_str()) {
            Some(verdict) if !verdict.judgement.fails() => Fate::Dropped,
            Some(verdict) if got(verdict) != entry.got => Fate::Changed(verdict),
            None if !self.run.description.dialects.contains(&check.question.dialect) => Fate::Dropped,
            _ => Fate::Kept,
        }
    }
}

fn got(verdict: &Verdict) -> &'static str {
    verdict.got.as_ref().map_or("", |answer| answer.outcome.word())
}

/// The kind of a failure, or its verdict.
fn kind(judgement: &Judgement) -> &'static str {
    match judgement {
        Judgement::Fail(kind) => kind.word(),
        other => other.word(),
    }
}

fn new(verdict: &Verdict) -> KnownDifference {
    KnownDifference {
        id: verdict.id.clone(),
        got: got(verdict).to_owned(),
        class: Class::Bug,
        reason: reason(verdict, got(verdict)),
        link: None,
    }
}

/// An entry whose check gives another answer now. A reason that nobody wrote follows the answer.
fn changed(entry: &KnownDifference, verdict: &Verdict) -> KnownDifference {
    let mut entry = entry.clone();
    if entry.reason == reason(verdict, &entry.got) {
        entry.reason = reason(verdict, got(verdict));
    }
    got(verdict).clone_into(&mut entry.got);
    entry
}

/// The reason of an entry that nobody has looked at.
fn reason(verdict: &Verdict, got: &str) -> String {
    let rules = match verdict.requirements.as_slice() {
        [] => "differs".to_owned(),
        [one] => format!("differs from requirement {one}"),
        many => format!("differs from requirements {}", many.join(", ")),
    };
    let expected = match &verdict.expectation {
        Expectation::Expect(_) => verdict.expectation.to_string(),
        Expectation::Observe(_) => "any answer".to_owned(),
    };
    format!("{rules}: expected {expected}, got {got}")
}

impl Run {
    /// This run, its verdicts held against known differences that it was judged without.
    #[must_use]
    pub fn with_known(mut self, known: &Known) -> Self {
        for verdict in &mut self.verdicts {
            let outcome = verdict.got.as_ref().map(|answer| &answer.outcome);
            if let (Some(outcome), Some(known)) = (outcome, known.find(&verdict.id)) {
                verdict.judgement = against(verdict.judgement.clone(), outcome, known);
            }
        }
        self
    }
}

/// What a judgement becomes where a difference is known.
pub(crate) fn against(judgement: Judgement, outcome: &Outcome, known: &KnownDifference) -> Judgement {
    match judgement {
        Judgement::Skip(_) => judgement,
        Judgement::Observation | Judgement::Pass if known.is_glob() => judgement,
        Judgement::Observation | Judgement::Pass => Judgement::StaleKnown("it passes now".to_owned()),
        _ if outcome.word() == known.got => {
            Judgement::Known(format!("{}: {}", known.class.word(), known.reason))
        }
        judgement if known.is_glob() => judgement,
        _ => Judgement::StaleKnown(format!("the known answer is {}", known.got)),
    }
}
