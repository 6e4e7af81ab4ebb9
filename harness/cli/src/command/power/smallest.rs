//! Decides on a smallest set of checks that kills all faults: a set cover, greedy first, then made smaller by search.

use std::collections::{BTreeMap, BTreeSet};

/// How many steps the search takes at most for faults that hang together.
const STEPS: usize = 200_000;

/// Checks that together kill all faults.
pub struct Cover {
    /// Their places, ascending.
    pub checks: Vec<usize>,
    /// Whether no smaller set does.
    pub is_exact: bool,
}

/// Covers faults; of each, the checks that kill it. A fault that none kills is left out.
pub fn smallest(killers: &[Vec<usize>]) -> Cover {
    let mut kills: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    for (fault, checks) in killers.iter().enumerate() {
        for check in checks {
            kills.entry(*check).or_default().insert(fault);
        }
    }
    let columns = undominated(kills);
    let mut cover = Cover { checks: Vec::new(), is_exact: true };
    let mut left: BTreeSet<usize> = columns.iter().flat_map(|column| column.faults.iter().copied()).collect();
    while let Some(fault) = left.first().copied() {
        let together = together(fault, &columns);
        left.retain(|fault| !together.contains(fault));
        let of_these: Vec<_> =
            columns.iter().filter(|column| !column.faults.is_disjoint(&together)).collect();
        let mut search = Search { columns: &of_these, best: greedy(&together, &of_these), steps: STEPS };
        search.descend(&mut Vec::new(), &together);
        cover.is_exact &= search.steps > 0;
        cover.checks.extend(search.best);
    }
    cover.checks.sort_unstable();
    cover
}

/// A check and the faults that it kills.
struct Column {
    check: usize,
    faults: BTreeSet<usize>,
}

/// The checks of which no other kills the same and more; of equals, the first.
fn undominated(kills: BTreeMap<usize, BTreeSet<usize>>) -> Vec<Column> {
    let mut first_of: BTreeMap<BTreeSet<usize>, usize> = BTreeMap::new();
    for (check, faults) in kills {
        first_of.entry(faults).or_insert(check);
    }
    let is_less = |faults: &BTreeSet<usize>| {
        first_of.keys().any(|other| other.len() > faults.len() && faults.is_subset(other))
    };
    let wanted: Vec<_> = first_of.iter().filter(|(faults, _)| !is_less(faults)).collect();
    let mut columns: Vec<_> =
        wanted.into_iter().map(|(faults, check)| Column { check: *check, faults: faults.clone() }).collect();
    columns.sort_unstable_by_key(|column| column.check);
    columns
}

/// The faults that hang together with one by checks that kill several.
fn together(fault: usize, columns: &[Column]) -> BTreeSet<usize> {
    let mut together = BTreeSet::from([fault]);
    loop {
        let before = together.len();
        for column in
            columns.iter().filter(|column| !column.faults.is_disjoint(&together)).collect::<Vec<_>>()
        {
            together.extend(&column.faults);
        }
        if together.len() == before {
            return together;
        }
    }
}

/// Takes the check that kills the most of what is left, again and again; then leaves out what the others make needless.
fn greedy(faults: &BTreeSet<usize>, columns: &[&Column]) -> Vec<usize> {
    let mut left = faults.clone();
    let mut chosen: Vec<&Column> = Vec::new();
    while !left.is_empty() {
        // Of equals the last is taken, so the columns are gone through backwards.
        let most = columns.iter().rev().max_by_key(|column| column.faults.intersection(&left).count());
        let Some(column) = most else { break };
        left.retain(|fault| !column.faults.contains(fault));
        chosen.push(column);
    }
    for at in (0..chosen.len()).rev() {
        let others = || chosen.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, column)| column);
        if faults.iter().all(|fault| others().any(|column| column.faults.contains(fault))) {
            chosen.remove(at);
        }
    }
    chosen.into_iter().map(|column| column.check).collect()
}

/// A search for fewer checks than the best so far.
struct Search<'a> {
    columns: &'a [&'a Column],
    best: Vec<usize>,
    steps: usize,
}

impl<'a> Search<'a> {
    fn descend(&mut self, chosen: &mut Vec<usize>, left: &BTreeSet<usize>) {
        if left.is_empty() {
            if chosen.len() < self.best.len() {
                self.best.clone_from(chosen);
            }
            return;
        }
        if self.steps == 0 || chosen.len() + self.at_least(left) >= self.best.len() {
            return;
        }
        self.steps -= 1;
        // One of its killers must be taken, so the fault that has the fewest branches least.
        let Some(fault) = left.iter().min_by_key(|fault| self.killers(**fault).count()).copied() else {
            return;
        };
        for column in self.killers(fault).collect::<Vec<_>>() {
            chosen.push(column.check);
            self.descend(chosen, &left.difference(&column.faults).copied().collect());
            chosen.pop();
        }
    }

    fn killers(&self, fault: usize) -> impl Iterator<Item = &'a Column> + use<'a> {
        self.columns.iter().copied().filter(move |column| column.faults.contains(&fault))
    }

    /// How many checks it takes at least: faults no two of which one check kills.
    fn at_least(&self, left: &BTreeSet<usize>) -> usize {
        let mut near: BTreeSet<usize> = BTreeSet::new();
        let mut count = 0;
        for fault in left {
            if !near.contains(fault) {
                count += 1;
                near.extend(self.killers(*fault).flat_map(|column| column.faults.iter().copied()));
            }
        }
        count
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_set_is_the_smallest_and_kills_all() {
        for (killers, checks) in [
            (vec![], vec![]),
            (vec![vec![4, 7], vec![7], vec![]], vec![7]),
            (vec![vec![1], vec![2], vec![1, 2]], vec![1, 2]),
            // Greedy alone takes check 0, which kills four, and needs three: 1 and 2 kill three each.
            (vec![vec![0, 1], vec![0, 1], vec![1], vec![0, 2], vec![0, 2], vec![2]], vec![1, 2]),
            (vec![vec![9], vec![3, 5], vec![3, 5]], vec![3, 9]),
        ] {
            let cover = smallest(&killers);
            assert_eq!(cover.checks, checks, "{killers:?}");
            assert!(cover.is_exact);
            let is_killed = |killers: &Vec<usize>| {
                killers.is_empty() || killers.iter().any(|check| cover.checks.contains(check))
            };
            assert!(killers.iter().all(is_killed));
        }
    }
}
