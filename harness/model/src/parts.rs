//! Decides what an operation of several authorizations comes to: each authorization is a part, and all must be allowed.

use crate::answer::Trace;
use crate::question::Ask;
use crate::{Answer, Outcome, Question};

impl Question {
    /// The parts, each a question of one authorization, if there are several.
    pub fn parts(&self) -> Option<Vec<Self>> {
        let Ask::Authorize(ask) = &self.ask else { return None };
        if ask.authorizations.len() < 2 {
            return None;
        }
        let part = |authorization| {
            let mut part = ask.clone();
            part.authorizations = vec![authorization];
            Self { dialect: self.dialect, region: self.region.clone(), ask: Ask::Authorize(part) }
        };
        Some(ask.authorizations.iter().cloned().map(part).collect())
    }
}

impl Answer {
    /// What the answers to the parts come to, in the order of the parts: a failure if any part failed, else an explicit
    /// deny, else any other refusal, else what no one could answer, else the allow of them all. The statements that
    /// decided are those of the parts with that answer, their pointers as in the whole question.
    pub fn of_parts(parts: Vec<Self>) -> Self {
        let worst = parts.iter().map(|part| rank(&part.outcome)).max().unwrap_or_default();
        let several = parts.len() > 1;
        let mut whole: Option<Self> = None;
        let mut because = Vec::new();
        let mut trace: Option<Trace> = None;
        for (index, mut part) in parts.into_iter().enumerate() {
            if let Some(mut told) = part.trace.take() {
                let whole = trace.get_or_insert_default();
                whole.layers.extend(told.layers.drain(..).map(|mut layer| {
                    layer.policy = moved(&layer.policy, index);
                    layer
                }));
                let numbered = |step| if several { format!("authorization {index}: {step}") } else { step };
                whole.steps.extend(told.steps.drain(..).map(numbered));
            }
            if rank(&part.outcome) != worst {
                continue;
            }
            because.extend(part.because.drain(..).map(|mut decided| {
                decided.policy = moved(&decided.policy, index);
                decided
            }));
            if let Outcome::Rejected { policy: Some(policy) } = &mut part.outcome {
                *policy = moved(policy, index);
            }
            whole.get_or_insert(part);
        }
        // Policies of the caller have a say in every part.
        let mut seen = Vec::new();
        because.retain(|decided| {
            !seen.contains(decided) && {
                seen.push(decided.clone());
                true
            }
        });
        let mut whole = whole.unwrap_or_else(|| Self::error("there is nothing to authorize"));
        whole.because = because;
        whole.trace = trace;
        whole
    }
}

/// How much an answer to a part weighs.
fn rank(outcome: &Outcome) -> u8 {
    match outcome {
        Outcome::Accepted | Outcome::Allow => 0,
        Outcome::Unsupported { .. } => 1,
        Outcome::Deny | Outcome::ImplicitDeny => 2,
        Outcome::Rejected { .. } => 3,
        Outcome::ExplicitDeny => 4,
        Outcome::Crash { .. } | Outcome::Error { .. } | Outcome::Timeout { .. } => 5,
    }
}

/// A pointer into the only authorization of a part, as one into the whole question.
fn moved(pointer: &str, index: usize) -> String {
    match pointer.strip_prefix("/authorizations/0/") {
        Some(rest) => format!("/authorizations/{index}/{rest}"),
        None => pointer.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Because;

    fn answer(word: &str) -> Answer {
        let text = match word {
            "error" => r#"{"answer":"error","error":"boom"}"#.to_owned(),
            "rejected" => r#"{"answer":"rejected","policy":"/authorizations/0/resource/policy"}"#.to_owned(),
            "unsupported" => r#"{"answer":"unsupported","feature":"grants"}"#.to_owned(),
            word => format!(r#"{{"answer":"{word}"}}"#),
        };
        serde_json::from_str(&text).unwrap()
    }

    #[test]
    fn the_heaviest_answer_wins_in_every_order() {
        for (parts, whole) in [
            (["allow", "allow"], "allow"),
            (["allow", "unsupported"], "unsupported"),
            (["implicit-deny", "unsupported"], "implicit-deny"),
            (["deny", "allow"], "deny"),
            (["explicit-deny", "implicit-deny"], "explicit-deny"),
            (["explicit-deny", "rejected"], "explicit-deny"),
            (["implicit-deny", "rejected"], "rejected"),
            (["error", "explicit-deny"], "error"),
        ] {
            let [first, second] = parts.map(answer);
            assert_eq!(Answer::of_parts(vec![first.clone(), second.clone()]).outcome.word(), whole);
            assert_eq!(Answer::of_parts(vec![second, first]).outcome.word(), whole);
        }
        assert_eq!(Answer::of_parts(Vec::new()).outcome.word(), "error");
    }

    #[test]
    fn statements_are_pointed_to_in_the_whole_question() {
        let mine = Because::new("/caller/policies/0", 0);
        let of_key = Because::new("/authorizations/0/resource/policy", 2);
        let allow = answer("allow").because(vec![of_key, mine.clone()]);
        let whole = Answer::of_parts(vec![allow.clone(), allow.clone()]);
        let of_key = |index: usize| Because::new(format!("/authorizations/{index}/resource/policy"), 2);
        assert_eq!(whole.because, [of_key(0), mine, of_key(1)]);
        let whole = Answer::of_parts(vec![allow, answer("rejected")]);
        let policy = Some("/authorizations/1/resource/policy".to_owned());
        assert_eq!((whole.outcome, whole.because), (Outcome::Rejected { policy }, vec![]));
    }
}
