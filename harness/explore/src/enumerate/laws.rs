//! Decides which laws hold between neighbours of an enumeration: the relations of [`crate::relations`] that speak of two
//! worlds of one scope, and how the answers to those go together.
//!
//! Answers stand in a table as codes, so that nothing is asked twice; the judgement on each pair of codes is made once,
//! by the comparisons of the relations themselves.

use kms_model::{Answer, Dialect, Outcome, Question};

use crate::relations::compare;
use crate::relations::{self, Held};

/// The answers that laws speak of, by their codes.
pub const WORDS: [&str; 6] = ["accepted", "allow", "deny", "explicit-deny", "implicit-deny", "rejected"];
/// Another answer than these, or none: no law speaks of it.
pub const NONE: u8 = 0xfd;
/// An answer that is to be asked for.
pub const WANTED: u8 = 0xfe;
/// An answer that nobody has asked for.
pub const UNASKED: u8 = 0xff;

type Holds = fn(&Question, &Answer, &[Answer]) -> Held;

/// Which answers a law holds together.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Of {
    /// The answer to the world alone, whatever came before it.
    Alone,
    /// The neighbour's answer, then that to the world.
    NeighbourThenWorld,
    /// The answer to the world, then the neighbour's.
    WorldThenNeighbour,
}

macro_rules! laws {
    ($($variant:ident $about:literal $word:literal $of:ident $holds:path,)*) => {
        /// A law between neighbours, or on one world.
        #[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
        #[repr(u8)]
        pub enum Law { $(#[doc = $about] $variant,)* }

        impl Law {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            fn row(self) -> (&'static str, Of, Holds) {
                match self { $(Self::$variant => ($word, Of::$of, $holds),)* }
            }
        }
    };
}

laws! {
    AddedAllow "An Allow has come into a document." "added-allow-never-narrows" NeighbourThenWorld compare::grows,
    AddedDeny "A Deny has come into a document." "added-deny-never-widens" NeighbourThenWorld compare::denies_more,
    AddedGrant "A grant has come." "grant-only-adds" NeighbourThenWorld compare::grows,
    BothAccounts "One of the two accounts says nothing." "both-accounts-are-needed" Alone compare::refused,
    ClosedRail "A guard rail allows nothing of what is asked." "closed-guard-rail-refuses" Alone compare::refused,
    ConditionOfAllow "An Allow has lost its condition." "condition-narrows-allow" WorldThenNeighbour compare::grows,
    ConditionOfDeny "A Deny has lost its condition." "condition-narrows-deny" WorldThenNeighbour compare::denies_more,
    Contrary "The operator of the only Allow has become its contrary." "negated-operator-is-the-contrary"
        WorldThenNeighbour either,
    Delegation "IAM policies have lost their Allows, where the key policy delegates nothing." "delegation-carries-iam"
        WorldThenNeighbour compare::same,
    DenyOfAll "The key policy denies everybody everything." "deny-of-all-denies" Alone compare::denied,
    DenyNeeded "There is no Deny." "explicit-deny-needs-a-deny" Alone compare::not_explicit,
    Everybody "A Deny for everybody has become one for the caller." "everybody-includes-the-caller" WorldThenNeighbour
        compare::same_if_accepted,
    GrantOfOthers "A grant for somebody else has come." "grant-of-others-is-nothing" NeighbourThenWorld compare::same,
    KeyPolicy "The key policy allows nobody." "key-policy-is-needed" Alone compare::refused,
    OpenRail "A guard rail has come that lets everything pass." "open-guard-rail-is-nothing" NeighbourThenWorld
        compare::unmoved,
    Owner "The owner's account itself asks." "owner-may-do-everything" Alone compare::allowed,
    Rail "A guard rail has come." "guard-rail-only-narrows" NeighbourThenWorld compare::narrows,
    RemovedGrant "A grant has gone." "removed-grant-only-takes" WorldThenNeighbour compare::allows_less,
    Repeated "A statement is repeated." "repeated-statement-is-nothing" NeighbourThenWorld compare::same_if_accepted,
    Unmatched "A statement on another action has come." "unmatched-statement-is-nothing" NeighbourThenWorld
        compare::same_if_accepted,
}

/// One of two contrary statements applies, never both: alone, one of them allows.
fn either(_: &Question, before: &Answer, after: &[Answer]) -> Held {
    if compare::is_rejected(before) || after.iter().any(compare::is_rejected) {
        return Held::Trivially;
    }
    match after.iter().all(|one| compare::permits(one) != compare::permits(before)) {
        true => Held::Yes,
        false => Held::No,
    }
}

impl Law {
    /// Its name in a dialect, that of the relation where there is one.
    pub fn name(self, dialect: Dialect) -> String {
        format!("{}-{}", dialect.word(), self.row().0)
    }

    /// The requirements that it rests on.
    pub fn rests_on(self, dialect: Dialect) -> &'static [&'static str] {
        match (self, relations::by_name(&self.name(dialect))) {
            (Self::Contrary, _) => &[
                "iam.op.string.not-equals",
                "iam.op.string.not-equals-ignore-case",
                "iam.op.string.not-like",
                "iam.condition.missing-key.negated-true",
            ],
            (_, Some(relation)) => relation.rests_on,
            (_, None) => &[],
        }
    }

    /// Why it holds.
    pub fn why(self, dialect: Dialect) -> &'static str {
        match (self, relations::by_name(&self.name(dialect))) {
            (Self::Contrary, _) => {
                "A negated operator is the negation of the other, so that of two Allows that differ in that alone one applies."
            }
            (_, Some(relation)) => relation.why,
            (_, None) => "",
        }
    }

    /// What was answered to the world and the neighbour, in the order in which it speaks of them.
    pub fn in_order(self, world: &'static str, neighbour: Option<&'static str>) -> Vec<&'static str> {
        match (self.row().1, neighbour) {
            (Of::NeighbourThenWorld, Some(neighbour)) => vec![neighbour, world],
            (Of::WorldThenNeighbour, Some(neighbour)) => vec![world, neighbour],
            _ => vec![world],
        }
    }

    /// Whether the neighbour comes first in that order.
    pub fn begins_with_neighbour(self) -> bool {
        self.row().1 == Of::NeighbourThenWorld
    }

    /// The judgement on the codes of the world's answer and the neighbour's.
    pub fn table(self) -> Table {
        let question = Question::validate(
            Dialect::Aws,
            "",
            kms_model::question::Validate::new(
                kms_model::question::PolicyType::Identity,
                kms_model::Document::new(""),
            ),
        );
        let (_, of, holds) = self.row();
        Table(std::array::from_fn(|world| {
            std::array::from_fn(|neighbour| match of {
                Of::NeighbourThenWorld => holds(&question, &answer(neighbour), &[answer(world)]),
                Of::WorldThenNeighbour => holds(&question, &answer(world), &[answer(neighbour)]),
                // It says what must be, which tells most where the contrary might have been.
                Of::Alone if self == Self::DenyNeeded => {
                    holds(&question, &Outcome::ExplicitDeny.into(), &[answer(world)])
                }
                Of::Alone => holds(&question, &Outcome::Allow.into(), &[answer(world)]),
            })
        }))
    }
}

/// Judgements on all pairs of answers.
#[derive(Clone, Debug)]
pub struct Table([[Held; WORDS.len()]; WORDS.len()]);

impl Table {
    /// The judgement; `None` where one of them is no answer that laws speak of.
    pub(crate) fn judge(&self, world: u8, neighbour: u8) -> Option<Held> {
        self.0.get(usize::from(world))?.get(usize::from(neighbour)).copied()
    }
}

/// The code of an answer.
pub fn code(outcome: &Outcome) -> u8 {
    match outcome {
        Outcome::Accepted => 0,
        Outcome::Allow => 1,
        Outcome::Deny => 2,
        Outcome::ExplicitDeny => 3,
        Outcome::ImplicitDeny => 4,
        Outcome::Rejected { .. } => 5,
        _ => NONE,
    }
}

fn answer(code: usize) -> Answer {
    let outcome = match code {
        0 => Outcome::Accepted,
        1 => Outcome::Allow,
        2 => Outcome::Deny,
        3 => Outcome::ExplicitDeny,
        4 => Outcome::ImplicitDeny,
        _ => Outcome::Rejected { policy: None },
    };
    outcome.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_law_is_a_relation_but_one_and_forbids_something() {
        for law in Law::ALL {
            let known = |dialect| relations::by_name(&law.name(dialect)).is_some();
            let own = *law == Law::Contrary;
            assert!(known(Dialect::Aws) || known(Dialect::Ram) || own, "{law:?}");
            let forbids = law.table().0.iter().flatten().any(|held| *held == Held::No);
            let tells = law.table().0.iter().flatten().any(|held| *held == Held::Yes);
            assert!(forbids && tells, "{law:?}");
        }
    }

    #[test]
    fn codes_are_the_places_of_the_words() {
        for (place, word) in WORDS.iter().enumerate() {
            let outcome = answer(place).outcome;
            assert_eq!((outcome.word(), usize::from(code(&outcome))), (*word, place));
        }
        assert_eq!(code(&Outcome::Error { error: String::new() }), NONE);
    }

    #[test]
    fn answers_are_held_in_the_order_that_a_law_says() {
        let (allow, implicit) = (code(&Outcome::Allow), code(&Outcome::ImplicitDeny));
        // The world has an Allow more than its neighbour.
        assert_eq!(Law::AddedAllow.table().judge(allow, implicit), Some(Held::Yes));
        assert_eq!(Law::AddedAllow.table().judge(implicit, allow), Some(Held::No));
        // The neighbour has a condition less than the world.
        assert_eq!(Law::ConditionOfAllow.table().judge(allow, implicit), Some(Held::No));
        assert_eq!(Law::BothAccounts.table().judge(allow, 0), Some(Held::No));
        assert_eq!(Law::Contrary.table().judge(allow, allow), Some(Held::No));
        assert_eq!(Law::AddedAllow.table().judge(NONE, allow), None);
    }
}
