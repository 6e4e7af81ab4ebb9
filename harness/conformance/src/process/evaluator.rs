//! Decides how questions and answers flow between the harness and a process, and when the process is replaced.

use std::{mem, slice};

use kms_model::wire::{self, MAX_LINE};
use kms_model::{Answer, Description, Evaluator, Outcome, Question, StartError};

use super::Process;
use super::round::Round;
use super::session::{Cause, Session};

/// An evaluator that is a process; a new one takes over where one fails.
pub(super) struct ProcessEvaluator {
    process: Process,
    description: Description,
    state: State,
    /// Ids are never used twice, not even with another process.
    next_id: u64,
}

enum State {
    /// No process could be started any more; why.
    Broken(String),
    Running(Box<Session>),
    /// The process was ended; the next question starts another.
    Stopped,
}

impl ProcessEvaluator {
    /// Starts a process and learns what it says of itself.
    pub(super) fn start(process: Process) -> Result<Self, StartError> {
        let (session, description) = Session::start(&process)?;
        Ok(Self { process, description, state: State::Running(Box::new(session)), next_id: 1 })
    }

    /// The process that runs, or a new one, leaving none behind. A start that failed once is not tried again.
    fn take_session(&mut self) -> Result<Box<Session>, String> {
        let error = match mem::replace(&mut self.state, State::Stopped) {
            State::Running(session) => return Ok(session),
            State::Broken(error) => error,
            State::Stopped => match Session::start(&self.process) {
                Ok((session, description)) if description == self.description => {
                    return Ok(Box::new(session));
                }
                Ok(_) => format!("`{}` describes itself differently at another start", self.process),
                Err(error) => error.to_string(),
            },
        };
        self.state = State::Broken(error.clone());
        Err(error)
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
                match questions.get(index).map(|question| wire::ask(id, question)) {
                    Some(line) if line.len() <= MAX_LINE => session.ask(line)?,
                    _ => round.refuse(id, Answer::error(format!("not asked: longer than {MAX_LINE} bytes"))),
                }
            }
            if round.is_done() {
                return Ok(());
            }
            let reply = session.reply(self.process.timeout)?;
            round.answer(reply.id, reply.answer).map_err(Cause::Garbage)?;
        }
    }
}

impl Evaluator for ProcessEvaluator {
    fn description(&self) -> &Description {
        &self.description
    }

    fn answer(&mut self, question: &Question) -> Answer {
        let mut answer = Answer::error("not asked");
        self.answer_all(slice::from_ref(question), &mut |_, given| answer = given);
        answer
    }

    fn answer_all(&mut self, questions: &[Question], sink: &mut dyn FnMut(usize, Answer)) {
        let mut round = Round::new(questions.len(), self.process.window, sink);
        while !round.is_done() {
            match self.take_session() {
                Err(error) => round.give_up(|| Outcome::Crash { error: error.clone() }.into()),
                Ok(mut session) => match self.exchange(&mut session, questions, &mut round) {
                    Ok(()) => self.state = State::Running(session),
                    Err(cause) => {
                        let first = session.asked() == 1;
                        round.fail(session.fail(cause), first);
                    }
                },
            }
        }
        round.finish();
    }
}
