//! Decides how the answers to a question and to its variations are held against each other.
//!
//! An instance tells nothing where all answers are those of an evaluator that finds nothing: an implicit deny, a refusal of
//! unknown kind, a rejected document. `deny`, whose kind is not told, agrees with either kind.

use kms_model::{Answer, Outcome, Question};

use super::Held;

/// Whether the answer is `allow` or `accepted`.
pub fn permits(answer: &Answer) -> bool {
    matches!(answer.outcome, Outcome::Accepted | Outcome::Allow)
}

/// Whether the answer is or may be an explicit deny.
pub fn may_be_explicit(answer: &Answer) -> bool {
    matches!(answer.outcome, Outcome::Deny | Outcome::ExplicitDeny)
}

pub fn is_rejected(answer: &Answer) -> bool {
    matches!(answer.outcome, Outcome::Rejected { .. })
}

/// Whether two answers are the same; which document was rejected, and which statements decided, may differ.
pub fn agree(a: &Answer, b: &Answer) -> bool {
    use Outcome::{Deny, ExplicitDeny, ImplicitDeny};
    match (&a.outcome, &b.outcome) {
        (Deny, ExplicitDeny | ImplicitDeny) | (ExplicitDeny | ImplicitDeny, Deny) => true,
        (a, b) => a.word() == b.word(),
    }
}

/// Whether an evaluator that finds nothing would answer so.
fn is_nothing(answer: &Answer) -> bool {
    matches!(answer.outcome, Outcome::Deny | Outcome::ImplicitDeny | Outcome::Rejected { .. })
}

/// `Held` for a law that is kept or not, in an instance that tells something or not.
fn judged(kept: bool, telling: bool) -> Held {
    match (kept, telling) {
        (false, _) => Held::No,
        (true, false) => Held::Trivially,
        (true, true) => Held::Yes,
    }
}

fn is_telling(before: &Answer, after: &[Answer]) -> bool {
    !(is_nothing(before) && after.iter().all(is_nothing))
}

/// Nothing changes, be it that a document is refused.
pub fn same(_: &Question, before: &Answer, after: &[Answer]) -> Held {
    judged(after.iter().all(|one| agree(before, one)), is_telling(before, after))
}

/// Nothing changes, where every document is accepted.
pub fn same_if_accepted(_: &Question, before: &Answer, after: &[Answer]) -> Held {
    let kept = is_rejected(before) || after.iter().all(|one| agree(before, one));
    judged(kept, !is_rejected(before) && is_telling(before, after))
}

/// Nothing changes, which tells something whatever the answer.
pub fn unmoved(_: &Question, before: &Answer, after: &[Answer]) -> Held {
    let kept = is_rejected(before) || after.iter().all(|one| agree(before, one));
    judged(kept, !is_rejected(before))
}

/// The answers to the variations are the same, whatever it was before; they tell something where it was another.
pub fn agree_after(_: &Question, before: &Answer, after: &[Answer]) -> Held {
    let Some((first, others)) = after.split_first() else { return Held::Trivially };
    judged(others.iter().all(|one| agree(first, one)), !agree(before, first) || !is_nothing(first))
}

/// A Deny has come: the answer stays, or is an explicit deny.
pub fn denies_more(_: &Question, before: &Answer, after: &[Answer]) -> Held {
    let kept = after.iter().all(|one| agree(before, one) || may_be_explicit(one));
    judged(is_rejected(before) || kept, !is_rejected(before) && is_telling(before, after))
}

/// A Deny has gone or shrunk, or an Allow grown: what was allowed stays so, and no deny comes that was not there.
pub fn widens(_: &Question, before: &Answer, after: &[Answer]) -> Held {
    let kept = |one: &Answer| match &before.outcome {
        Outcome::Accepted | Outcome::Allow => permits(one),
        Outcome::ImplicitDeny => permits(one) || agree(before, one),
        _ => !is_rejected(one),
    };
    judged(is_rejected(before) || after.iter().all(kept), !is_rejected(before) && is_telling(before, after))
}

/// An Allow has come, or a grant: what was allowed stays so, an explicit deny stays, and else the answer stays or is
/// `allow`.
pub fn grows(_: &Question, before: &Answer, after: &[Answer]) -> Held {
    let kept = |one: &Answer| match &before.outcome {
        Outcome::Accepted | Outcome::Allow => permits(one),
        Outcome::Deny => !is_rejected(one),
        Outcome::ExplicitDeny => may_be_explicit(one),
        _ => permits(one) || agree(before, one),
    };
    judged(is_rejected(before) || after.iter().all(kept), !is_rejected(before) && is_telling(before, after))
}

/// An Allow has gone or shrunk, or a limit come: what was refused stays so, and a deny stays explicit.
pub fn narrows(_: &Question, before: &Answer, after: &[Answer]) -> Held {
    let kept = |one: &Answer| match &before.outcome {
        Outcome::Accepted | Outcome::Allow => !is_rejected(one),
        Outcome::ExplicitDeny => may_be_explicit(one),
        _ => !permits(one) && !is_rejected(one),
    };
    judged(is_rejected(before) || after.iter().all(kept), !is_rejected(before) && is_telling(before, after))
}

/// An Allow has gone or shrunk, with nothing else: the answer stays, or an allow becomes an implicit deny.
pub fn allows_less(_: &Question, before: &Answer, after: &[Answer]) -> Held {
    let kept = |one: &Answer| agree(before, one) || (permits(before) && !permits(one) && !is_explicit(one));
    let kept = after.iter().all(|one| kept(one) && (is_rejected(before) || !is_rejected(one)));
    judged(is_rejected(before) || kept, !is_rejected(before) && is_telling(before, after))
}

fn is_explicit(answer: &Answer) -> bool {
    answer.outcome == Outcome::ExplicitDeny
}

/// What was allowed stays so.
pub fn stays_allowed(_: &Question, before: &Answer, after: &[Answer]) -> Held {
    judged(!permits(before) || after.iter().all(permits), permits(before))
}

/// Everything is allowed, whatever it was before.
pub fn allowed(_: &Question, before: &Answer, after: &[Answer]) -> Held {
    judged(is_rejected(before) || after.iter().all(permits), !is_rejected(before))
}

/// Nothing is allowed, whatever it was before.
pub fn refused(_: &Question, before: &Answer, after: &[Answer]) -> Held {
    judged(!after.iter().any(permits), permits(before))
}

/// Everything is explicitly denied, unless a document was rejected.
pub fn denied(_: &Question, before: &Answer, after: &[Answer]) -> Held {
    let rejected = is_rejected(before);
    judged(rejected || after.iter().all(may_be_explicit), !rejected && !is_explicit(before))
}

/// Nothing is explicitly denied.
pub fn not_explicit(_: &Question, before: &Answer, after: &[Answer]) -> Held {
    judged(!after.iter().any(is_explicit), is_explicit(before))
}

/// What only IAM policies gave is gone: the variations are without the delegation, the second also without the IAM
/// policies' allows.
pub fn iam_gives_nothing(_: &Question, before: &Answer, after: &[Answer]) -> Held {
    let [without, without_both] = after else { return Held::Trivially };
    let rejected = is_rejected(before) || is_rejected(without) || is_rejected(without_both);
    judged(rejected || agree(without, without_both), !rejected && permits(before) && !permits(without))
}

/// A document that cannot be read gives no more than one that says nothing: the first variation has the one, the second
/// the other.
pub fn gives_nothing(_: &Question, before: &Answer, after: &[Answer]) -> Held {
    let [broken, silent] = after else { return Held::Trivially };
    judged(!permits(broken) || permits(silent), permits(before) && !permits(silent))
}

/// The answer is that of the parts together.
pub fn whole(_: &Question, before: &Answer, after: &[Answer]) -> Held {
    let together = Answer::of_parts(after.to_vec());
    judged(agree(before, &together), is_telling(before, after))
}

#[cfg(test)]
mod tests {
    use super::*;
    use kms_model::question::{PolicyType, Validate};
    use kms_model::{Dialect, Document};

    fn held(holds: fn(&Question, &Answer, &[Answer]) -> Held, before: Outcome, after: Outcome) -> Held {
        let validate = Validate::new(PolicyType::Identity, Document::new("{}"));
        let question = Question::validate(Dialect::Aws, "us-west-2", validate);
        holds(&question, &before.into(), &[after.into()])
    }

    #[test]
    fn each_comparison_forbids_what_it_should() {
        use Held::{No, Trivially, Yes};
        use Outcome::{Allow, Deny, ExplicitDeny, ImplicitDeny};
        let rejected = || Outcome::Rejected { policy: None };
        for (name, holds, cases) in [
            (
                "same",
                same as fn(&Question, &Answer, &[Answer]) -> Held,
                vec![
                    (Allow, Allow, Yes),
                    (Allow, ImplicitDeny, No),
                    (ImplicitDeny, ImplicitDeny, Trivially),
                    (ExplicitDeny, ImplicitDeny, No),
                    (ExplicitDeny, Deny, Yes),
                    (rejected(), Allow, No),
                ],
            ),
            (
                "same if accepted",
                same_if_accepted,
                vec![(rejected(), Allow, Trivially), (Allow, rejected(), No)],
            ),
            (
                "denies more",
                denies_more,
                vec![
                    (Allow, ExplicitDeny, Yes),
                    (Allow, ImplicitDeny, No),
                    (ImplicitDeny, Allow, No),
                    (ExplicitDeny, ImplicitDeny, No),
                    (ImplicitDeny, ImplicitDeny, Trivially),
                    (Allow, rejected(), No),
                ],
            ),
            (
                "grows",
                grows,
                vec![
                    (Allow, ImplicitDeny, No),
                    (ImplicitDeny, Allow, Yes),
                    (ExplicitDeny, Allow, No),
                    (ExplicitDeny, ImplicitDeny, No),
                    (ImplicitDeny, ExplicitDeny, No),
                    (Deny, Allow, Yes),
                ],
            ),
            (
                "widens",
                widens,
                vec![(ExplicitDeny, Allow, Yes), (ImplicitDeny, ExplicitDeny, No), (Allow, ImplicitDeny, No)],
            ),
            (
                "narrows",
                narrows,
                vec![
                    (Allow, ExplicitDeny, Yes),
                    (ImplicitDeny, Allow, No),
                    (ImplicitDeny, ExplicitDeny, Yes),
                    (ExplicitDeny, ImplicitDeny, No),
                ],
            ),
            (
                "allows less",
                allows_less,
                vec![(Allow, ImplicitDeny, Yes), (Allow, ExplicitDeny, No), (ImplicitDeny, Allow, No)],
            ),
            (
                "stays allowed",
                stays_allowed,
                vec![(Allow, Deny, No), (Deny, Deny, Trivially), (Allow, Allow, Yes)],
            ),
            ("refused", refused, vec![(Allow, Allow, No), (Allow, Deny, Yes), (Deny, Deny, Trivially)]),
            (
                "denied",
                denied,
                vec![(Allow, ImplicitDeny, No), (Allow, Deny, Yes), (ExplicitDeny, Deny, Trivially)],
            ),
        ] {
            for (before, after, expected) in cases {
                let told = format!("{name}: {} to {}", before.word(), after.word());
                assert_eq!(held(holds, before, after), expected, "{told}");
            }
        }
    }
}
