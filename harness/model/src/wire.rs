//! Decides how the harness talks to an evaluator in another process: one JSON object a line on its standard input
//! and output.
//!
//! The harness says `{"hello":{"protocol":[1],"catalogue":"0.1.0"}}`; the evaluator answers with its description and
//! the protocol it picked. Then `{"ask":{"id":7,"question":{…}}}` is answered by `{"id":7,"answer":{…}}`, in any order,
//! and `{"bye":{}}` asks the evaluator to end.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

use crate::json::{Json as _, Limits, Tape};
use crate::{Answer, Description, Documents, Question};

/// The protocol number that this harness speaks.
pub const PROTOCOL: u32 = 1;

/// The longest line, in bytes.
pub const MAX_LINE: usize = 16 << 20;

/// What the evaluator says first.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[non_exhaustive]
pub struct Welcome {
    /// The protocol picked from those offered.
    pub protocol: u32,
    /// What the evaluator says of itself.
    #[serde(flatten)]
    pub description: Description,
}

impl Welcome {
    /// A welcome with this description, in the protocol that this harness speaks.
    pub fn new(description: Description) -> Self {
        Self { protocol: PROTOCOL, description }
    }
}

/// An answer and the question it belongs to.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[non_exhaustive]
pub struct Reply {
    /// The id of the question.
    pub id: u64,
    /// The answer.
    pub answer: Answer,
}

impl Reply {
    /// The answer to question `id`.
    pub fn new(id: u64, answer: Answer) -> Self {
        Self { id, answer }
    }
}

/// The harness's first line.
pub fn hello(catalogue: &str) -> String {
    serde_json::json!({ "hello": { "protocol": [PROTOCOL], "catalogue": catalogue } }).to_string()
}

/// The line that asks a question.
pub fn ask(id: u64, question: &Question) -> String {
    let mut line = String::with_capacity(2048);
    write_ask(id, question, &mut line);
    line
}

/// Appends what [`ask`] makes.
pub fn write_ask(id: u64, question: &Question, out: &mut String) {
    let _ = write!(out, r#"{{"ask":{{"id":{id},"question":"#);
    question.write(out);
    out.push_str("}}");
}

/// The same for a question that is a line of JSON already.
pub fn ask_text(id: u64, question: &str) -> String {
    format!(r#"{{"ask":{{"id":{id},"question":{question}}}}}"#)
}

/// The harness's last line.
pub const BYE: &str = r#"{"bye":{}}"#;

/// What a line of the harness says, for an evaluator that reads it.
#[derive(Debug)]
#[non_exhaustive]
pub enum Request {
    /// Answer this question. A question that cannot be read is its problems, as text.
    Ask(u64, Box<Result<Question, String>>),
    /// End.
    Bye,
    /// Say who you are; the protocols offered.
    Hello(Vec<u32>),
}

impl Request {
    /// Reads a line.
    ///
    /// # Errors
    /// When the line is none of the messages; the text says why.
    pub fn read(line: &str) -> Result<Self, String> {
        Self::read_sharing(line, &mut Documents::new(0))
    }

    /// The same for one of many lines, whose questions share the documents that occur in several.
    ///
    /// # Errors
    /// When the line is none of the messages; the text says why.
    pub fn read_sharing(line: &str, documents: &mut Documents) -> Result<Self, String> {
        let limits = Limits { bytes: MAX_LINE, ..Limits::default() };
        let tape = Tape::read(line, limits)
            .map_err(|error| format!("not JSON at byte {}: {error}", error.offset))?;
        let message = tape.root();
        if let Some(hello) = message.get("hello") {
            let offered = hello.get("protocol").into_iter().flat_map(|list| list.elements());
            return Ok(Self::Hello(offered.filter_map(|number| number.source().parse().ok()).collect()));
        }
        if let Some(ask) = message.get("ask") {
            let id = ask
                .get("id")
                .and_then(|id| id.source().parse().ok())
                .ok_or("`ask` needs a whole number `id`")?;
            let question = ask.get("question").ok_or("`ask` needs a `question`")?;
            let question = Question::of(question, documents).map_err(|problems| {
                problems.into_iter().map(|problem| problem.message).collect::<Vec<_>>().join("; ")
            });
            return Ok(Self::Ask(id, Box::new(question)));
        }
        if message.get("bye").is_some() {
            Ok(Self::Bye)
        } else {
            Err("expected `hello`, `ask` or `bye`".to_owned())
        }
    }
}
