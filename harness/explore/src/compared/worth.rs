//! Decides how bad a disagreement is, and who is wrong.

use kms_model::Detail;

use super::Kind;
use crate::finding::Severity;

/// The worth of the answers of some evaluators, each with its place and how much its refusals tell, where the answer should be
/// one of `right`.
pub(super) fn of(answers: &[((usize, &'static str), Detail)], right: Option<&[&str]>) -> Kind {
    let Some(right) = right else {
        return (if_others_are_right(answers), true, Vec::new());
    };
    let mut wrong = Vec::new();
    let mut worst = None;
    for ((at, word), detail) in answers {
        if let Some(severity) = against(word, *detail, right) {
            wrong.push(*at);
            worst = Some(worst.map_or(severity, |worst: Severity| worst.min(severity)));
        }
    }
    (worst.unwrap_or(Severity::WrongDenyKind), false, wrong)
}

fn denies(word: &str) -> bool {
    matches!(word, "deny" | "explicit-deny" | "implicit-deny")
}

fn is_of_documents(word: &str) -> bool {
    matches!(word, "accepted" | "rejected")
}

/// How bad an answer is; `None` where it is right.
fn against(word: &str, detail: Detail, right: &[&str]) -> Option<Severity> {
    let denied = right.iter().any(|word| denies(word));
    if right.contains(&word) || (word == "deny" && denied && detail == Detail::Decision) {
        return None;
    }
    Some(match word {
        "allow" => Severity::FalseAllow,
        word if is_of_documents(word) => Severity::WrongValidation,
        word if denies(word) && denied => Severity::WrongDenyKind,
        word if denies(word) && right.contains(&"allow") => Severity::FalseDeny,
        word if denies(word) => Severity::WrongValidation,
        _ => Severity::Failure,
    })
}

/// The worst that one of them does if another is right.
fn if_others_are_right(answers: &[((usize, &'static str), Detail)]) -> Severity {
    let words = || answers.iter().map(|((_, word), _)| *word);
    let answered = |word: &str| denies(word) || is_of_documents(word);
    if words().any(|word| word == "allow") && words().any(answered) {
        Severity::FalseAllow
    } else if words().any(|word| word != "allow" && !answered(word)) {
        Severity::Failure
    } else if words().any(is_of_documents) {
        Severity::WrongValidation
    } else {
        Severity::WrongDenyKind
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_wrong_follows_from_what_is_right() {
        use Severity as S;
        for (words, right, severity, wrong) in [
            (&["allow", "implicit-deny"][..], Some(&["implicit-deny"][..]), S::FalseAllow, &[0][..]),
            (&["implicit-deny", "allow"], Some(&["allow"]), S::FalseDeny, &[0]),
            (&["implicit-deny", "allow", "error"], Some(&["explicit-deny"]), S::FalseAllow, &[0, 1, 2]),
            (
                &["explicit-deny", "implicit-deny"],
                Some(&["implicit-deny", "rejected"]),
                S::WrongDenyKind,
                &[0],
            ),
            (&["rejected", "accepted"], Some(&["accepted"]), S::WrongValidation, &[0]),
            (&["rejected", "crash"], Some(&["rejected"]), S::Failure, &[1]),
            (&["implicit-deny", "allow"], None, S::FalseAllow, &[]),
            (&["error", "allow"], None, S::Failure, &[]),
            (&["rejected", "accepted"], None, S::WrongValidation, &[]),
            (&["explicit-deny", "implicit-deny"], None, S::WrongDenyKind, &[]),
        ] {
            let answers: Vec<_> =
                words.iter().copied().enumerate().map(|one| (one, Detail::DenyKind)).collect();
            assert_eq!(
                of(&answers, right),
                (severity, right.is_none(), wrong.to_vec()),
                "{words:?} {right:?}"
            );
        }
    }

    #[test]
    fn a_refusal_whose_kind_is_not_told_is_right_only_from_who_never_tells() {
        for (detail, wrong) in [(Detail::Decision, vec![1]), (Detail::DenyKind, vec![0, 1])] {
            let answers = [((0, "deny"), detail), ((1, "allow"), Detail::DenyKind)];
            assert_eq!(of(&answers, Some(&["explicit-deny"])).2, wrong);
        }
    }
}
