//! Decides which question is asked next, and which one a failing process is held against.
//!
//! A process with several open questions does not tell which of them it failed at. So all of them are asked again, one
//! at a time, until the culprit shows itself; the others get their answers like any question.

use std::collections::{BTreeMap, VecDeque};
use std::mem;

use kms_model::Answer;

use super::fault::Fault;

/// The questions of one call, by their index, and how far they are.
pub(super) struct Round<'a> {
    /// Those to ask, next first.
    queue: VecDeque<usize>,
    /// Those asked and not answered, by the id they were asked with.
    open: BTreeMap<u64, usize>,
    /// Those answered by the present process last: a second answer would spoil them.
    held: VecDeque<(u64, usize, Answer)>,
    /// How many of the open and next questions are under suspicion, and so are asked alone.
    suspects: usize,
    window: usize,
    sink: &'a mut dyn FnMut(usize, Answer),
}

impl<'a> Round<'a> {
    /// A round of `count` questions, at most `window` of them open at a time.
    pub(super) fn new(count: usize, window: usize, sink: &'a mut dyn FnMut(usize, Answer)) -> Self {
        let (open, held) = (BTreeMap::new(), VecDeque::new());
        Self { queue: (0..count).collect(), open, held, suspects: 0, window, sink }
    }

    /// Whether every question is answered.
    pub(super) fn is_done(&self) -> bool {
        self.queue.is_empty() && self.open.is_empty()
    }

    /// The question to ask now, with this id, unless answers must be waited for first.
    pub(super) fn ask(&mut self, id: u64) -> Option<usize> {
        let width = if self.suspects > 0 { 1 } else { self.window };
        let index = if self.open.len() < width { self.queue.pop_front()? } else { return None };
        self.open.insert(id, index);
        Some(index)
    }

    /// Takes the answer to the question asked with this id.
    ///
    /// # Errors
    /// When no such question is open. A question that is answered for the second time loses its answer, if there is
    /// still time.
    pub(super) fn answer(&mut self, id: u64, answer: Answer) -> Result<(), Fault> {
        let Some(index) = self.open.remove(&id) else {
            let Some((_, _, held)) = self.held.iter_mut().find(|(held, _, _)| *held == id) else {
                return Err(Fault::Garbage(format!("answered question {id}, which is not open")));
            };
            let fault = Fault::Garbage("answered twice".to_owned());
            *held = fault.clone().into();
            return Err(fault);
        };
        self.suspects = self.suspects.saturating_sub(1);
        self.held.push_back((id, index, answer));
        if self.held.len() > self.window {
            self.release(1);
        }
        Ok(())
    }

    /// Takes note that the process failed. It is held against a question that was open alone; but an end or a stray
    /// line may be the aftermath of an earlier question, so then it must also be the `first` one that the process was
    /// asked. All other open questions are to be asked again.
    pub(super) fn fail(&mut self, fault: Fault, first: bool) {
        self.release(self.held.len());
        let open: Vec<usize> = mem::take(&mut self.open).into_values().collect();
        match open.as_slice() {
            [index] if first || matches!(fault, Fault::Timeout(_)) => {
                self.suspects = 0;
                (self.sink)(*index, fault.into());
            }
            _ => {
                self.suspects = self.suspects.max(open.len());
                open.into_iter().rev().for_each(|index| self.queue.push_front(index));
            }
        }
    }

    /// Takes back an open question that cannot be asked, and answers it.
    pub(super) fn refuse(&mut self, id: u64, answer: Answer) {
        if let Some(index) = self.open.remove(&id) {
            (self.sink)(index, answer);
        }
    }

    /// Ends a round; questions that are not answered yet stay without an answer.
    pub(super) fn finish(mut self) {
        self.release(self.held.len());
    }

    fn release(&mut self, count: usize) {
        self.held.drain(..count).for_each(|(_, index, answer)| (self.sink)(index, answer));
    }
}

#[cfg(test)]
mod tests {
    use kms_model::Outcome;

    use super::*;

    fn crash() -> Fault {
        Fault::Crash("boom".to_owned())
    }

    /// Plays an evaluator that answers in order, and fails with `fault` at each question that `is_bad` names; the
    /// words of the answers, and how many processes it took.
    fn play(
        count: usize,
        window: usize,
        fault: &Fault,
        is_bad: impl Fn(usize) -> bool,
    ) -> (Vec<String>, usize) {
        let mut words = vec![String::new(); count];
        let mut sink = |index: usize, answer: Answer| {
            assert_eq!(words[index], "", "question {index} is answered once");
            words[index] = answer.outcome.word().to_owned();
        };
        let mut round = Round::new(count, window, &mut sink);
        let (mut id, mut asked, mut processes) = (0, 0, 1);
        let mut open = VecDeque::new();
        while !round.is_done() {
            while let Some(index) = round.ask(id) {
                open.push_back((id, index));
                (id, asked) = (id + 1, asked + 1);
            }
            let (id, index) = open.pop_front().expect("a round that is not done has a question to ask");
            if is_bad(index) {
                round.fail(fault.clone(), asked == 1);
                open.clear();
                (asked, processes) = (0, processes + 1);
            } else {
                round.answer(id, Outcome::Allow.into()).unwrap();
            }
        }
        round.finish();
        (words, processes)
    }

    #[test]
    fn a_failure_is_held_against_its_culprit_alone() {
        for (count, window, bad, processes) in [
            (5, 64, &[][..], 1),
            // One failure with all open, one alone.
            (5, 64, &[0], 3),
            (5, 64, &[3], 3),
            (5, 2, &[4], 3),
            (5, 64, &[1, 3], 5),
            (5, 1, &[0], 2),
            // Alone but not first: it is asked once more.
            (5, 1, &[3], 3),
            (3, 2, &[0, 1, 2], 6),
            (1, 64, &[0], 2),
        ] {
            let (words, used) = play(count, window, &crash(), |index| bad.contains(&index));
            let right: Vec<_> =
                (0..count).map(|index| if bad.contains(&index) { "crash" } else { "allow" }).collect();
            assert_eq!(
                (words, used),
                (right.iter().map(ToString::to_string).collect(), processes),
                "{bad:?}"
            );
        }
    }

    #[test]
    fn silence_needs_no_second_trial_when_alone() {
        let (words, processes) = play(4, 1, &Fault::Timeout("slow".to_owned()), |index| index == 2);
        assert_eq!((words.join(" ").as_str(), processes), ("allow allow timeout allow", 2));
    }

    #[test]
    fn a_second_answer_spoils_the_first() {
        let mut answers = Vec::new();
        let mut sink = |index, answer: Answer| answers.push((index, answer.outcome.to_string()));
        let mut round = Round::new(3, 2, &mut sink);
        assert_eq!([round.ask(7), round.ask(8), round.ask(9)], [Some(0), Some(1), None]);
        round.answer(7, Outcome::Deny.into()).unwrap();
        assert_eq!(round.ask(9), Some(2));
        let fault = round.answer(7, Outcome::Deny.into()).unwrap_err();
        round.fail(fault, false);
        // The others were open and are asked again, alone.
        assert_eq!([round.ask(10), round.ask(11)], [Some(1), None]);
        round.answer(10, Outcome::Allow.into()).unwrap();
        assert_eq!([round.ask(11), round.ask(12)], [Some(2), None]);
        round.answer(11, Outcome::Allow.into()).unwrap();
        round.finish();
        assert_eq!(
            answers,
            [(0, "error (answered twice)"), (1, "allow"), (2, "allow")].map(|(i, s)| (i, s.to_owned()))
        );
    }

    #[test]
    fn an_answer_that_nobody_waits_for_is_garbage() {
        let mut sink = |_, _| {};
        let mut round = Round::new(1, 2, &mut sink);
        round.ask(7);
        for id in [0, 8, u64::MAX] {
            let text = format!("answered question {id}, which is not open");
            assert_eq!(round.answer(id, Outcome::Deny.into()), Err(Fault::Garbage(text)));
        }
    }

    #[test]
    fn a_question_that_cannot_be_asked_is_answered_and_those_given_up_are_not() {
        let mut words = Vec::new();
        let mut sink = |index, answer: Answer| words.push((index, answer.outcome.word()));
        let mut round = Round::new(4, 2, &mut sink);
        round.ask(1);
        round.refuse(1, Answer::error("too long"));
        round.ask(2);
        round.answer(2, Outcome::Allow.into()).unwrap();
        round.ask(3);
        assert!(!round.is_done());
        round.finish();
        assert_eq!(words, [(0, "error"), (1, "allow")]);
    }
}
