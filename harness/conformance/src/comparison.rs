//! Decides the form of `compare --format json`.

use kms_model::shape::{Object, Shape, required};

const COUNT: Shape = Shape::Integer;
const COUNTS: Shape = Shape::Map(&Shape::Integer);
const TEXT_OR_NULL: Shape = Shape::Either(&[Shape::Text, Shape::Null]);

/// The form of `compare --format json`.
pub const COMPARISON: Shape = Shape::Object(&COMPARISON_OBJECT);

static COMPARISON_OBJECT: Object = Object {
    name: "comparison",
    about: "What several evaluators came to on the same questions.",
    members: &[
        required("evaluators", Shape::List(&Shape::Object(&EVALUATOR)), "The evaluators, in their order."),
        required("summary", Shape::Object(&SUMMARY), "All that can be asked a question, held together."),
        required("pairs", Shape::List(&Shape::Object(&PAIR)), "Each two."),
        required("differences", Shape::List(&Shape::Object(&DIFFERENCE)), "The worst first."),
    ],
    open: false,
};

static EVALUATOR: Object = Object {
    name: "compared-evaluator",
    about: "An evaluator.",
    members: &[
        required("name", Shape::Text, "Its name, numbered where two have the same."),
        required("version", Shape::Text, "Its version."),
    ],
    open: false,
};

static SUMMARY: Object = Object {
    name: "comparison-summary",
    about: "The counts of a comparison.",
    members: &[
        required("questions", COUNT, "All questions."),
        required("agreed", COUNTS, "How often all gave the same answer, by the answer."),
        required("disagreed", COUNT, "How often not."),
        required("incomparable", COUNTS, "How often the answers could not be held together, by the reason."),
    ],
    open: false,
};

static PAIR: Object = Object {
    name: "pair",
    about: "Two evaluators.",
    members: &[
        required("of", Shape::List(&Shape::Text), "Their names."),
        required("agreed", COUNT, "How often they gave the same answer."),
        required("disagreed", COUNT, "How often not."),
        required("incomparable", COUNTS, "How often the answers could not be held together, by the reason."),
    ],
    open: false,
};

static DIFFERENCE: Object = Object {
    name: "difference",
    about: "Disagreements of the same answers, features and requirement, with the smallest example.",
    members: &[
        required(
            "severity",
            Shape::Word(&["false-allow", "false-deny", "failure", "wrong-validation", "wrong-deny-kind"]),
            "The worst that one of them does, if what is expected or the reference is right; else if the others are.",
        ),
        required("answers", Shape::List(&Shape::Object(&ANSWER)), "Who answered what."),
        required("wrong", Shape::List(&Shape::Text), "Who is wrong; empty where nothing says who is."),
        required(
            "expected",
            Shape::Either(&[Shape::List(&Shape::Text), Shape::Null]),
            "What the catalogue expects of the example.",
        ),
        required("features", Shape::List(&Shape::Text), "The features that the question needs."),
        required(
            "requirement",
            TEXT_OR_NULL,
            "The requirement, a guess by likeness where no check asks this.",
        ),
        required("count", COUNT, "How many of the questions showed it."),
        required("example", Shape::Text, "The check or the file of the example."),
        required("minimal", Shape::Boolean, "Whether nothing more could be taken away from the question."),
        required("question", Shape::Map(&Shape::Any), "The example."),
    ],
    open: false,
};

static ANSWER: Object = Object {
    name: "compared-answer",
    about: "An answer.",
    members: &[
        required("evaluator", Shape::Text, "Who answered."),
        required("answer", Shape::Text, "The word of the answer."),
    ],
    open: false,
};
