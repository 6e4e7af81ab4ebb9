//! Decides which choices of an axis are neighbours, and by which laws: those that differ in one part, or in the whole document.

use std::collections::BTreeMap;

use kms_model::Dialect;

use super::super::laws::Law;
use super::{DELEGATES, Part, Place, SAME_ACCOUNT, Step};

/// What the neighbours of a choice are looked up in.
pub(super) struct Neighbours<'a> {
    pub(super) dialect: Dialect,
    pub(super) place: Place,
    pub(super) parts: &'a [Part],
    pub(super) places: &'a BTreeMap<&'a [usize], usize>,
    pub(super) texts: &'a BTreeMap<&'a str, usize>,
}

impl Neighbours<'_> {
    pub(super) fn steps(&self, list: &[usize]) -> Vec<Step> {
        let mut steps = Vec::new();
        for (at, index) in list.iter().enumerate() {
            let Some(part) = self.parts.get(*index) else { continue };
            if at > 0 && list.get(at - 1) == Some(index) {
                continue;
            }
            let mut less = list.to_vec();
            less.remove(at);
            let laws = self.laws_of_one_more(part, less.contains(index), less.is_empty());
            if let Some(to) = self.places.get(less.as_slice()) {
                steps.extend(laws.into_iter().map(|law| Step { law, to: *to, when: 0, unless: 0 }));
            }
            for (law, text, when, unless) in &part.becomes {
                let Some(other) = self.texts.get(text.as_str()) else { continue };
                let mut changed = less.clone();
                changed.push(*other);
                changed.sort_unstable();
                let to = self.places.get(changed.as_slice());
                steps.extend(to.map(|to| Step { law: *law, to: *to, when: *when, unless: *unless }));
            }
        }
        steps.extend(self.whole(list));
        steps
    }

    /// The laws on a part that the neighbour lacks.
    fn laws_of_one_more(&self, part: &Part, is_repeated: bool, is_alone: bool) -> Vec<Law> {
        if self.place == Place::Grants {
            let of_others = part.of_others.then_some(Law::GrantOfOthers);
            return [Law::AddedGrant, Law::RemovedGrant].into_iter().chain(of_others).collect();
        }
        if is_alone && self.place != Place::Identity {
            // Where there was no document before, the document itself may be what counts.
            return Vec::new();
        }
        let effect = if part.denies { Law::AddedDeny } else { Law::AddedAllow };
        let repeated = is_repeated.then_some(Law::Repeated);
        let unmatched = (!part.asked || part.of_others).then_some(Law::Unmatched);
        [effect].into_iter().chain(repeated).chain(unmatched).collect()
    }

    /// The laws on the whole document.
    fn whole(&self, list: &[usize]) -> Vec<Step> {
        let parts: Vec<_> = list.iter().filter_map(|at| self.parts.get(*at)).collect();
        let nothing = self.places.get(&[][..]).copied();
        let mut steps = Vec::new();
        if let (true, Some(to), false) = (self.place.is_rail(), nothing, list.is_empty()) {
            steps.push(Step { law: Law::Rail, to, when: 0, unless: 0 });
            if matches!(parts.as_slice(), [part] if part.opens) {
                steps.push(Step { law: Law::OpenRail, to, when: 0, unless: 0 });
            }
        }
        if self.dialect == Dialect::Aws
            && self.place == Place::Identity
            && parts.iter().any(|part| !part.denies)
        {
            let denies = |at: &&usize| self.parts.get(**at).is_some_and(|part| part.denies);
            let left: Vec<_> = list.iter().filter(denies).copied().collect();
            let to = self.places.get(left.as_slice());
            let step =
                |to: &usize| Step { law: Law::Delegation, to: *to, when: SAME_ACCOUNT, unless: DELEGATES };
            steps.extend(to.map(step));
        }
        steps
    }
}
