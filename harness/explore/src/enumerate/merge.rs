//! Decides whether the reports of shards are parts of one enumeration, and puts them together: the same as if the whole had
//! been done at once, to the byte.

use std::collections::BTreeMap;

use super::report::{Enumeration, FindingTold, Shard};

/// Why reports cannot be put together.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Unmergeable {
    /// A report does not count what its shard holds.
    #[error("`{0}` does not add up: its counts are not those of its shard")]
    Counts(String),
    /// Two reports are of different scopes, evaluators or divisions.
    #[error("`{0}` and `{1}` are not of one enumeration: {2}")]
    Different(String, String, &'static str),
    /// Shards are missing.
    #[error("{} {}", if .0.len() == 1 { "missing: shard" } else { "missing: shards" }, list(.0, *.1))]
    Missing(Vec<u64>, u64),
    /// There is nothing to put together.
    #[error("there is nothing to merge")]
    Nothing,
    /// A shard was given twice.
    #[error("`{0}` and `{1}` are both shard {2}")]
    Twice(String, String, u64),
}

fn list(shards: &[u64], of: u64) -> String {
    let shards: Vec<_> = shards.iter().map(|index| format!("{index}/{of}")).collect();
    shards.join(", ")
}

/// Puts reports together, each with its name for messages.
///
/// # Errors
/// Where they are not all the shards of one enumeration, each once.
pub fn merge(reports: Vec<(String, Enumeration)>) -> Result<Enumeration, Unmergeable> {
    let mut shards: BTreeMap<u64, (String, Enumeration)> = BTreeMap::new();
    let mut first: Option<(String, Enumeration)> = None;
    for (name, report) in reports {
        if !report.adds_up() {
            return Err(Unmergeable::Counts(name));
        }
        let (known, model) = first.get_or_insert_with(|| (name.clone(), report.clone()));
        if let Some(what) = difference(model, &report) {
            return Err(Unmergeable::Different(known.clone(), name, what));
        }
        let index = report.shard.index;
        if let Some((earlier, _)) = shards.get(&index) {
            return Err(Unmergeable::Twice(earlier.clone(), name, index));
        }
        shards.insert(index, (name, report));
    }
    let Some((_, model)) = first else { return Err(Unmergeable::Nothing) };
    let missing: Vec<_> = (1..=model.shard.of).filter(|index| !shards.contains_key(index)).collect();
    if !missing.is_empty() {
        return Err(Unmergeable::Missing(missing, model.shard.of));
    }
    let mut next = 0;
    let mut whole: Option<Enumeration> = None;
    for (name, report) in shards.into_values() {
        if report.shard.from != next {
            return Err(Unmergeable::Counts(name));
        }
        next = report.shard.to;
        match &mut whole {
            Some(whole) => join(whole, report),
            None => whole = Some(report),
        }
    }
    let Some(mut whole) = whole else { return Err(Unmergeable::Nothing) };
    whole.shard = Shard { index: 1, of: 1, from: 0, to: next };
    whole.complete();
    Ok(whole)
}

/// In what two reports are not of one enumeration.
fn difference(a: &Enumeration, b: &Enumeration) -> Option<&'static str> {
    if a.scope.name != b.scope.name {
        return Some("their scopes are others");
    }
    if a.scope != b.scope {
        return Some("their scopes have one name and are made of different things");
    }
    if a.evaluators != b.evaluators {
        return Some("their evaluators are others");
    }
    (a.shard.of != b.shard.of).then_some("they are shards of different divisions")
}

fn join(whole: &mut Enumeration, part: Enumeration) {
    let (sum, more) = (&mut whole.summary, part.summary);
    sum.visited += more.visited;
    sum.renamed += more.renamed;
    sum.answered += more.answered;
    sum.disagreed += more.disagreed;
    sum.broken += more.broken;
    for (counts, more) in [
        (&mut whole.answers, part.answers),
        (&mut whole.unanswered, part.unanswered),
        (&mut whole.incomparable, part.incomparable),
    ] {
        for (what, count) in more {
            *counts.entry(what).or_default() += count;
        }
    }
    for relation in part.relations {
        match whole.relations.iter_mut().find(|known| known.relation == relation.relation) {
            Some(known) => {
                known.applied += relation.applied;
                known.telling += relation.telling;
                known.broken += relation.broken;
            }
            None => whole.relations.push(relation),
        }
    }
    for finding in part.findings {
        match whole.findings.iter_mut().find(|known| known.kind() == finding.kind()) {
            Some(known) => {
                let count = known.count + finding.count;
                if finding.size() < known.size() {
                    *known = finding;
                }
                *known = FindingTold { count, ..known.clone() };
            }
            None => whole.findings.push(finding),
        }
    }
}
