//! Decides whether a process speaks the protocol, in a few questions, and says in words what is wrong.

use std::collections::BTreeMap;

use kms_model::json::{Limits, Node, Value, compact, parse};
use kms_model::wire::{self, Reply};
use kms_model::{Answer, Description, Detail, Dialect, Outcome, Question, StartError};

use super::Process;
use super::session::Session;
use crate::catalogue::LoadError;
use crate::{Catalogue, Check, Expectation};

/// The checks that every evaluator of a dialect can be asked: a request that is plainly allowed, and one that nothing
/// allows.
const PLAIN: [(Dialect, &str, &str); 2] = [
    (
        Dialect::Aws,
        "aws/core/default-deny/nothing-allows#named",
        "aws/core/default-deny/nothing-allows#another-user",
    ),
    (
        Dialect::Ram,
        "ram/evaluation/decisions/no-policies#user-allowed",
        "ram/evaluation/decisions/no-policies#user-without-policies",
    ),
];
/// Where a question is looked for that needs a feature the evaluator does not declare.
const NEAR: [&str; 5] =
    ["aws/core/", "aws/grants/", "ram/evaluation/decisions", "ram/identities/", "ram/layers/"];
/// How many questions are asked at once.
const AT_ONCE: u64 = 20;

/// What became of an attempt.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Smoke {
    /// What the process says of itself.
    pub description: Description,
    /// The steps, in their order.
    pub steps: Vec<Step>,
}

/// One thing that was tried.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Step {
    /// What the process should do: `allow a request that is allowed`.
    pub name: String,
    /// What it did.
    pub conclusion: Conclusion,
}

/// What a process did at a step.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Conclusion {
    /// What it should not do; what is wrong.
    Fail(String),
    /// What the protocol lets it do, although something else may have been meant.
    Note(String),
    /// What it should do.
    Pass,
}

impl Conclusion {
    /// The word for it, and what there is to say.
    pub fn words(&self) -> (&'static str, Option<&str>) {
        match self {
            Self::Fail(text) => ("fail", Some(text)),
            Self::Note(text) => ("note", Some(text)),
            Self::Pass => ("pass", None),
        }
    }
}

impl Smoke {
    /// Whether nothing is wrong.
    pub fn passed(&self) -> bool {
        !self.steps.iter().any(|step| matches!(step.conclusion, Conclusion::Fail(_)))
    }
}

/// Why nothing could be tried.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SmokeError {
    /// The built-in catalogue cannot be read.
    #[error(transparent)]
    Catalogue(#[from] LoadError),
    /// The process cannot be started, or does not describe itself.
    #[error(transparent)]
    Start(#[from] StartError),
}

/// Tries a process: its description, a request to allow and one to refuse in each of its dialects, many questions at
/// once, members that it cannot know, a feature that it does not declare, and its end.
///
/// # Errors
/// When the process cannot be started or does not describe itself.
pub fn smoke(process: &Process) -> Result<Smoke, SmokeError> {
    let catalogue = Catalogue::builtin_near(&NEAR)?;
    let (mut session, description) = Session::start(process)?;
    let ended = ends(&mut session);
    let mut steps = vec![step("describe itself", describes(&description))];
    let trial = Trial { process, description: &description, catalogue: &catalogue };
    for (dialect, allowed, refused) in PLAIN {
        let checks = catalogue.check(allowed).zip(catalogue.check(refused));
        if let Some((allowed, refused)) = checks.filter(|_| description.dialects.contains(&dialect)) {
            trial.of_dialect(dialect, allowed, refused, &mut steps);
        }
    }
    steps.push(step("end when it is asked to", ended));
    Ok(Smoke { description, steps })
}

fn step(name: impl Into<String>, conclusion: Conclusion) -> Step {
    Step { name: name.into(), conclusion }
}

fn describes(description: &Description) -> Conclusion {
    let unknown = description.unknown_features();
    if description.name.is_empty() {
        Conclusion::Fail("its `name` is empty".to_owned())
    } else if description.dialects.is_empty() {
        Conclusion::Fail("its `dialects` are empty, so that no question can be put to it".to_owned())
    } else if !unknown.is_empty() {
        let words = unknown.join("`, `");
        Conclusion::Note(format!(
            "this harness does not know the features `{words}`; `schema features` lists those it knows"
        ))
    } else {
        Conclusion::Pass
    }
}

fn ends(session: &mut Session) -> Conclusion {
    match session.part() {
        Some(status) if status.success() => Conclusion::Pass,
        Some(status) => Conclusion::Note(format!("it ended with {status} after `bye`")),
        None => {
            Conclusion::Note("it did not end after `bye` and the end of its input, and was killed".to_owned())
        }
    }
}

/// What the steps of a dialect share. Each starts a process of its own, so that none suffers from another.
struct Trial<'a> {
    process: &'a Process,
    description: &'a Description,
    catalogue: &'a Catalogue,
}

impl Trial<'_> {
    fn of_dialect(&self, dialect: Dialect, allowed: &Check, refused: &Check, steps: &mut Vec<Step>) {
        let word = dialect.word();
        let questions = [allowed, refused].map(|check| check.question_for(self.description));
        let [allows, refuses] = questions.each_ref().map(|question| self.ask_one(question.to_line()));
        let judged = |check: &Check, answer: &Result<Answer, String>| match answer {
            Err(error) => Conclusion::Fail(error.clone()),
            Ok(answer) => self.judge(check, answer),
        };
        steps.push(step(format!("allow a request that a policy allows ({word})"), judged(allowed, &allows)));
        steps.push(step(format!("refuse a request that nothing allows ({word})"), judged(refused, &refuses)));
        let (Ok(allows), Ok(refuses)) = (allows, refuses) else { return };
        let answers = [allows.outcome, refuses.outcome];
        let at_once = self.at_once(&questions, &answers);
        steps.push(step(format!("answer {AT_ONCE} questions that are asked at once ({word})"), at_once));
        let unknown = self.unknown_members(&questions, &answers);
        steps.push(step(format!("ignore members that it does not know ({word})"), unknown));
        steps.push(step(
            format!("own up to features that it does not declare ({word})"),
            self.undeclared(dialect),
        ));
    }

    fn judge(&self, check: &Check, answer: &Answer) -> Conclusion {
        let outcome = &answer.outcome;
        let wrong = |what: &str| {
            Conclusion::Fail(format!("answered `{outcome}`{what}; see `kms-conformance show '{}'`", check.id))
        };
        let grants = expects_allow(check);
        match outcome {
            Outcome::Allow if grants => Conclusion::Pass,
            Outcome::Deny if !grants && self.description.detail == Detail::DenyKind => {
                wrong(", which is only for evaluators that declare `\"detail\": \"decision\"`")
            }
            outcome if outcome.is_deny() && !grants => Conclusion::Pass,
            _ => wrong(""),
        }
    }

    fn at_once(&self, questions: &[Question; 2], answers: &[Outcome; 2]) -> Conclusion {
        let both = questions.iter().zip(answers).cycle();
        let asked: BTreeMap<u64, _> = (1..=AT_ONCE).zip(both).collect();
        let lines = asked.iter().map(|(id, (question, _))| (*id, question.to_line()));
        let replies = match self.ask(lines) {
            Ok(replies) => replies,
            Err(error) => return Conclusion::Fail(error),
        };
        let mut open = asked;
        for Reply { id, answer, .. } in replies {
            match open.remove(&id) {
                None => return Conclusion::Fail(format!("answered question {id}, which is not open")),
                Some((_, expected)) if *expected != answer.outcome => {
                    return Conclusion::Fail(format!(
                        "answered question {id} with `{}`, but with `{expected}` when it was asked alone; does each reply have \
                         the id of its own question?",
                        answer.outcome
                    ));
                }
                Some(_) => {}
            }
        }
        Conclusion::Pass
    }

    /// The questions with members that no harness sends today.
    fn unknown_members(&self, questions: &[Question; 2], answers: &[Outcome; 2]) -> Conclusion {
        for (question, expected) in questions.iter().zip(answers) {
            let Ok(mut node) = parse(&question.to_line(), Limits::default()) else { continue };
            add_member(&mut node);
            for name in ["caller", "authorizations"] {
                member_mut(&mut node, name).into_iter().for_each(add_member);
            }
            match self.ask_one(compact(&node)) {
                Err(error) => return Conclusion::Fail(error),
                Ok(answer) if answer.outcome != *expected => {
                    let outcome = answer.outcome;
                    return Conclusion::Fail(format!(
                        "answered `{outcome}`, but `{expected}` without those members"
                    ));
                }
                Ok(_) => {}
            }
        }
        Conclusion::Pass
    }

    /// Questions that no harness would ask, since they need features that are not declared: one for each.
    fn undeclared(&self, dialect: Dialect) -> Conclusion {
        let mut of_feature = BTreeMap::new();
        for check in self.catalogue.checks().iter().filter(|check| check.question.dialect == dialect) {
            let lacking = check.features.iter().find(|feature| !self.description.has(**feature));
            if let Some(feature) = lacking {
                of_feature.entry(*feature).or_insert(check);
            }
        }
        let asked: BTreeMap<u64, _> = (1..).zip(of_feature).collect();
        let lines = asked.iter().map(|(id, (_, check))| (*id, check.question.to_line()));
        let replies = match self.ask(lines) {
            Ok(replies) => replies,
            Err(error) => {
                return Conclusion::Note(format!("no harness asks it such questions, but here it {error}"));
            }
        };
        let is_wrong = |check: &Check, outcome: &Outcome| match outcome {
            Outcome::Unsupported { .. } | Outcome::Error { .. } => false,
            outcome if outcome.is_deny() => expects_allow(check),
            _ => !expects_allow(check),
        };
        let ignored: Vec<_> = replies
            .iter()
            .filter_map(|reply| Some((asked.get(&reply.id)?, &reply.answer.outcome)))
            .filter(|((_, check), outcome)| is_wrong(check, outcome))
            .map(|((feature, _), outcome)| format!("{feature} ({outcome})"))
            .collect();
        if ignored.is_empty() {
            return Conclusion::Pass;
        }
        Conclusion::Note(format!(
            "no harness asks it such questions, but it answers them as if nothing were missing, and wrong: {}; \
             `unsupported` is safer",
            ignored.join(", ")
        ))
    }

    fn ask_one(&self, question: String) -> Result<Answer, String> {
        match self.ask([(1, question)])?.pop() {
            Some(Reply { id: 1, answer, .. }) => Ok(answer),
            Some(reply) => Err(format!("answered question {}, but question 1 was asked", reply.id)),
            None => Err("did not answer".to_owned()),
        }
    }

    /// Asks a new process all questions before it reads an answer.
    fn ask(&self, lines: impl IntoIterator<Item = (u64, String)>) -> Result<Vec<Reply>, String> {
        let (mut session, _) = Session::start(self.process).map_err(|error| error.to_string())?;
        let mut count = 0;
        let mut replies = Vec::new();
        let talk = || {
            for (id, question) in lines {
                session.ask(&wire::ask_text(id, &question));
                count += 1;
            }
            session.send()?;
            for _ in 0..count {
                replies.push(session.reply(self.process.timeout)?);
            }
            Ok(())
        };
        match talk() {
            Ok(()) => Ok(replies),
            Err(cause) => {
                let fault = session.fail(cause);
                Err(format!("{fault} (after {} of {count} answers)", replies.len()))
            }
        }
    }
}

fn expects_allow(check: &Check) -> bool {
    matches!(&check.expectation, Expectation::Expect(all) if all.iter().all(|one| one.grants()))
}

/// Adds a member that means nothing to an object, or to the first object of a list.
fn add_member(node: &mut Node) {
    match &mut node.value {
        Value::Array(elements) => elements.iter_mut().take(1).for_each(add_member),
        Value::Object(members) => {
            let unknown: Node = [("from-the-future", Node::from(true))].into_iter().collect();
            if let Value::Object(unknown) = unknown.value {
                members.extend(unknown);
            }
        }
        _ => {}
    }
}

fn member_mut<'a>(node: &'a mut Node, name: &str) -> Option<&'a mut Node> {
    match &mut node.value {
        Value::Object(members) => {
            members.iter_mut().find(|member| member.name == name).map(|member| &mut member.node)
        }
        _ => None,
    }
}
