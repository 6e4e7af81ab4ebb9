//! Decides how questions and answers flow between the harness and a process, and when the process is replaced.

use std::{mem, slice};

use kms_model::wire::MAX_LINE;
use kms_model::{Answer, Description, Evaluator, Outcome, Question, StartError};

use super::Process;
use super::fault::Fault;
use super::round::Round;
use super::session::{Cause, Session};

/// An evaluator that is a process; a new one takes over where one fails.
pub(super) struct ProcessEvaluator {
    process: Process,
    description: Description,
    state: State,
    /// Ids are never used twice, not even with another process.
    next_id: u64,
    /// How many processes failed since the last answer.
    failures: usize,
}

enum State {
    /// Nothing more is asked; why.
    Broken(String),
    Running(Box<Session>),
    /// The process was ended; the next question starts another.
    Stopped,
}

impl ProcessEvaluator {
    /// Starts a process and learns what it says of itself.
    pub(super) fn start(process: Process) -> Result<Self, StartError> {
        let (session, description) = Session::start(&process)?;
        Ok(Self { process, description, state: State::Running(Box::new(session)), next_id: 1, failures: 0 })
    }

    /// The process that runs, or a new one, leaving none behind. `None` where there is no more; a start that failed once
    /// is not tried again.
    fn take_session(&mut self) -> Option<Box<Session>> {
        let error = match mem::replace(&mut self.state, State::Stopped) {
            State::Running(session) => return Some(session),
            State::Broken(error) => error,
            State::Stopped => match Session::start(&self.process) {
                Ok((session, description)) if description == self.description => {
                    return Some(Box::new(session));
                }
                Ok(_) => format!("`{}` describes itself differently at another start", self.process),
                Err(error) => error.to_string(),
            },
        };
        self.state = State::Broken(error);
        None
    }

    /// Asks and listens until the round is done or the process fails.
    fn exchange(
        &mut self,
        session: &mut Session,
        questions: &[Question],
        round: &mut Round<'_>,
    ) -> Result<(), Cause> {
        loop {
            while let Some(index) = round.ask(self.next_id) {
                let id = self.next_id;
                self.next_id += 1;
                if !questions.get(index).is_some_and(|question| session.ask_question(id, question)) {
                    round.refuse(id, Answer::error(format!("not asked: longer than {MAX_LINE} bytes")));
                }
            }
            session.send()?;
            if round.is_done() {
                return Ok(());
            }
            // All that is here is taken before more is asked, so that questions go out together too.
            loop {
                let reply = session.reply(self.process.timeout)?;
                round.answer(reply.id, reply.answer).map_err(Cause::Garbage)?;
                self.failures = 0;
                if !session.is_ready() {
                    break;
                }
            }
        }
    }

    /// Takes note of a failure; after too many in a row nothing more is asked.
    fn failed(&mut self, fault: &Fault) {
        self.failures += 1;
        if self.failures >= self.process.failures {
            let count = self.failures;
            self.state =
                State::Broken(format!("`{}` failed {count} times in a row; last it {fault}", self.process));
        }
    }
}

impl Evaluator for ProcessEvaluator {
    fn description(&self) -> &Description {
        &self.description
    }

    fn answer(&mut self, question: &Question) -> Answer {
        let mut answer = None;
        self.answer_all(slice::from_ref(question), &mut |_, given| answer = Some(given));
        answer.unwrap_or_else(|| {
            let error = self.broken().unwrap_or("not asked").to_owned();
            Outcome::Crash { error }.into()
        })
    }

    fn answer_all(&mut self, questions: &[Question], sink: &mut dyn FnMut(usize, Answer)) {
        let mut round = Round::new(questions.len(), self.process.window, sink);
        while !round.is_done() {
            let Some(mut session) = self.take_session() else { break };
            match self.exchange(&mut session, questions, &mut round) {
                Ok(()) => self.state = State::Running(session),
                Err(cause) => {
                    let first = session.asked() == 1;
                    let fault = session.fail(cause);
                    self.failed(&fault);
                    round.fail(fault, first);
                }
            }
        }
        round.finish();
    }

    fn broken(&self) -> Option<&str> {
        match &self.state {
            State::Broken(error) => Some(error),
            State::Running(_) | State::Stopped => None,
        }
    }
}
