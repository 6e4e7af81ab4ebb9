//! The schemas of all formats, made from the tables by which they are read.

mod combinations;
mod power;

use kms_model::question::shape as question_shape;
use kms_model::shape::{Member, Object, Shape, optional, required};
use serde_json::Value;

use crate::catalogue::shape;
use crate::{adapters, comparison, coverage, enumeration, known, report, scoreboard as board, tables};

/// The schema of a suite.
pub fn suite() -> Value {
    shape::SUITE.template_schema("A suite of the kms-conformance catalogue")
}

/// The schema of the fixtures.
pub fn fixtures() -> Value {
    shape::FIXTURES.schema("The fixtures of a kms-conformance catalogue")
}

/// The schema of a question.
pub fn question() -> Value {
    question_shape::QUESTION.schema("A question to an evaluator")
}

/// The schema of the file that names the adapters of a folder.
pub fn adapters() -> Value {
    adapters::ADAPTERS.schema("The adapters of a folder")
}

/// The schema of an answer.
pub fn answer() -> Value {
    ANSWER.schema("An evaluator's answer")
}

/// The schema of the line that asks a question.
pub fn ask() -> Value {
    ASK.schema("The harness's line that asks an evaluator a question")
}

/// The schema of the harness's last line.
pub fn bye() -> Value {
    BYE.schema("The harness's last line to an evaluator")
}

/// The schema of the harness's first line.
pub fn hello() -> Value {
    HELLO.schema("The harness's first line to an evaluator, which describes itself in reply")
}

/// The schema of an evaluator's line that answers a question.
pub fn reply() -> Value {
    REPLY.schema("An evaluator's line that answers a question")
}

/// The schema of `compare --format json`.
pub fn comparison() -> Value {
    comparison::COMPARISON.schema("What several evaluators came to on the same questions")
}

/// The schema of `coverage --format json`.
pub fn coverage() -> Value {
    coverage::COVERAGE.schema("How a catalogue covers its requirements")
}

/// The schema of `coverage --combinations --format json`.
pub fn combinations() -> Value {
    combinations::COMBINATIONS.schema("The combinations of a condition's dimensions that questions show")
}

/// The schema of `operations --condition-keys --format json`.
pub fn condition_keys() -> Value {
    tables::CONDITION_KEYS.schema("The condition keys of requests to KMS, by dialect")
}

/// The schema of a description.
pub fn description() -> Value {
    report::DESCRIPTION.schema("What an evaluator says of itself")
}

/// The schema of `enumerate --format json`.
pub fn enumeration() -> Value {
    enumeration::ENUMERATION.schema("Every world of a scope put to an evaluator")
}

/// The schema of `evaluators --format json`.
pub fn evaluators() -> Value {
    adapters::EVALUATORS.schema("The adapters, and whether each can run")
}

/// The schema of a file of known differences.
pub fn known() -> Value {
    known::KNOWN.schema("The known differences of an evaluator")
}

/// The schema of `operations --format json`.
pub fn operations() -> Value {
    tables::OPERATIONS.schema("The operations of KMS, by dialect, and what each must be authorized for")
}

/// The schema of `power --format json`.
pub fn power() -> Value {
    power::POWER.schema("The power of a catalogue")
}

/// The schema of `reports/scoreboard.json`.
pub fn scoreboard() -> Value {
    board::SCOREBOARD.schema("What evaluators by others meet and break")
}

/// The schema of `smoke --format json`.
pub fn smoke() -> Value {
    report::SMOKE.schema("What became of an attempt at an evaluator")
}

/// The schema of `run --format json`.
pub fn run() -> Value {
    report::RUN.schema("A run of the catalogue against an evaluator")
}

/// All schemas by file name.
pub fn all() -> Vec<(&'static str, Value)> {
    vec![
        ("adapters.schema.json", adapters()),
        ("answer.schema.json", answer()),
        ("ask.schema.json", ask()),
        ("bye.schema.json", bye()),
        ("combinations.schema.json", combinations()),
        ("comparison.schema.json", comparison()),
        ("condition-keys.schema.json", condition_keys()),
        ("coverage.schema.json", coverage()),
        ("description.schema.json", description()),
        ("enumeration.schema.json", enumeration()),
        ("evaluators.schema.json", evaluators()),
        ("fixtures.schema.json", fixtures()),
        ("hello.schema.json", hello()),
        ("known.schema.json", known()),
        ("operations.schema.json", operations()),
        ("power.schema.json", power()),
        ("question.schema.json", question()),
        ("reply.schema.json", reply()),
        ("run.schema.json", run()),
        ("scoreboard.schema.json", scoreboard()),
        ("smoke.schema.json", smoke()),
        ("suite.schema.json", suite()),
    ]
}

/// The form of an answer.
pub const ANSWER: Shape = Shape::Object(&ANSWER_OBJECT);

const WORDS: &[&str] =
    &["accepted", "allow", "deny", "error", "explicit-deny", "implicit-deny", "rejected", "unsupported"];

static ANSWER_OBJECT: Object = Object {
    name: "answer",
    about: "An answer.",
    members: &[
        required("answer", Shape::Word(WORDS), "The answer itself."),
        optional("policy", Shape::Text, "rejected: JSON pointer to the document in the question."),
        optional("feature", Shape::Text, "unsupported: the feature that the evaluator lacks."),
        optional("error", Shape::Text, "error: what went wrong."),
        optional("because", Shape::List(&Shape::Object(&BECAUSE)), "The statements that decided."),
        optional("message", Shape::Text, "Anything the evaluator wants to say to people."),
        optional("trace", Shape::Map(&Shape::Any), "How the answer came about."),
    ],
    open: true,
};

static BECAUSE: Object = Object {
    name: "because",
    about: "A statement that decided.",
    members: &[
        required("policy", Shape::Text, "JSON pointer to the policy in the question."),
        required("statement", Shape::Integer, "Index of the statement, from 0."),
    ],
    open: true,
};

const fn open(name: &'static str, about: &'static str, members: &'static [Member]) -> Object {
    Object { name, about, members, open: true }
}

/// The form of the harness's first line.
const HELLO: Shape = Shape::Object(&HELLO_LINE);

static HELLO_LINE: Object = open(
    "hello-line",
    "The harness's first line.",
    &[required("hello", Shape::Object(&HELLO_OBJECT), "Asks the evaluator to describe itself.")],
);

static HELLO_OBJECT: Object = open(
    "hello",
    "What the harness offers.",
    &[
        required("protocol", Shape::List(&Shape::Integer), "The protocols to pick from."),
        optional("catalogue", Shape::Text, "The version of the catalogue."),
    ],
);

/// The form of the line that asks a question.
const ASK: Shape = Shape::Object(&ASK_LINE);

static ASK_LINE: Object = open(
    "ask-line",
    "A line that asks a question.",
    &[required("ask", Shape::Object(&ASK_OBJECT), "The question and its id.")],
);

static ASK_OBJECT: Object = open(
    "ask",
    "A question and its id.",
    &[
        required("id", Shape::Integer, "Stands in the reply again; never used twice."),
        required("question", question_shape::QUESTION, "The question."),
    ],
);

/// The form of the harness's last line.
const BYE: Shape = Shape::Object(&BYE_LINE);

static BYE_LINE: Object = open(
    "bye-line",
    "The harness's last line.",
    &[required("bye", Shape::Object(&BYE_OBJECT), "Asks the evaluator to end.")],
);

static BYE_OBJECT: Object = open("bye", "Nothing more.", &[]);

/// The form of the line that answers a question.
pub(crate) const REPLY: Shape = Shape::Object(&REPLY_LINE);

static REPLY_LINE: Object = open(
    "reply-line",
    "A line that answers a question.",
    &[required("id", Shape::Integer, "The id of the question."), required("answer", ANSWER, "The answer.")],
);
