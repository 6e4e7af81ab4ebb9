//! The schemas of all formats, made from the tables by which they are read.

mod combinations;
mod power;

use kms_model::question::shape as question_shape;
use kms_model::shape::{Object, Shape, optional, required};
use serde_json::Value;

use crate::catalogue::shape;
use crate::{coverage, enumeration, known, report, tables};

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

/// The schema of an answer.
pub fn answer() -> Value {
    ANSWER.schema("An evaluator's answer")
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

/// The schema of `run --format json`.
pub fn run() -> Value {
    report::RUN.schema("A run of the catalogue against an evaluator")
}

/// All schemas by file name.
pub fn all() -> Vec<(&'static str, Value)> {
    vec![
        ("answer.schema.json", answer()),
        ("combinations.schema.json", combinations()),
        ("condition-keys.schema.json", condition_keys()),
        ("coverage.schema.json", coverage()),
        ("description.schema.json", description()),
        ("enumeration.schema.json", enumeration()),
        ("fixtures.schema.json", fixtures()),
        ("known.schema.json", known()),
        ("operations.schema.json", operations()),
        ("power.schema.json", power()),
        ("question.schema.json", question()),
        ("run.schema.json", run()),
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
