//! Decides the form of the report of an enumeration, which kms-explore writes and reads back to merge shards.

use kms_model::shape::{Object, Shape, optional, required};

const COUNT: Shape = Shape::Integer;
const COUNTS: Shape = Shape::Map(&COUNT);
const TEXTS: Shape = Shape::List(&Shape::Text);
const QUESTION: Shape = Shape::Map(&Shape::Any);

/// The report of `enumerate --format json`.
pub const ENUMERATION: Shape = Shape::Object(&ENUMERATION_OBJECT);

static ENUMERATION_OBJECT: Object = Object {
    name: "enumeration",
    about: "What came of every world of a scope, or of a shard of it.",
    members: &[
        required("scope", Shape::Object(&SCOPE), "What was enumerated."),
        required(
            "evaluators",
            Shape::List(&Shape::Object(&EVALUATOR)),
            "The evaluator, then the one that it was held against.",
        ),
        required("shard", Shape::Object(&SHARD), "Which part of the scope this is."),
        required("summary", Shape::Object(&SUMMARY), "The counts."),
        required(
            "answers",
            COUNTS,
            "The answers, by their words; of two evaluators those on which they agree.",
        ),
        required(
            "unanswered",
            COUNTS,
            "The worlds that were not asked, by the feature that they need, or had no answer, by its word.",
        ),
        required("incomparable", COUNTS, "The worlds whose answers cannot be held together, and why."),
        required("relations", Shape::List(&Shape::Object(&RELATION)), "How each relation fared."),
        required("findings", Shape::List(&Shape::Object(&FINDING)), "What was found, the worst first."),
    ],
    open: false,
};

static SCOPE: Object = Object {
    name: "scope",
    about: "An alphabet with bounds.",
    members: &[
        required("name", Shape::Text, "Its name."),
        required("fingerprint", Shape::Text, "A number that changes with everything that it is made of."),
        required("worlds", COUNT, "How many worlds it has, in closed form, one for all its renamings."),
        required("arrangements", COUNT, "How many numbers it has: worlds, renamed ones with them."),
    ],
    open: false,
};

static EVALUATOR: Object = Object {
    name: "enumerated-evaluator",
    about: "Who answered.",
    members: &[required("name", Shape::Text, "Its name."), required("version", Shape::Text, "Its version.")],
    open: false,
};

static SHARD: Object = Object {
    name: "shard",
    about: "A part of a scope: every number from `from` up to `to`, which is not in it.",
    members: &[
        required("index", COUNT, "Which part, from 1."),
        required("of", COUNT, "Of how many."),
        required("from", COUNT, "The number of its first world."),
        required("to", COUNT, "The number behind its last world."),
    ],
    open: false,
};

static SUMMARY: Object = Object {
    name: "enumeration-summary",
    about: "The counts of an enumeration.",
    members: &[
        required("visited", COUNT, "Worlds that were visited."),
        required("renamed", COUNT, "Worlds that another stands for."),
        required("answered", COUNT, "Worlds that all evaluators answered."),
        required("disagreed", COUNT, "Worlds on which the evaluators disagree."),
        required("broken", COUNT, "How often a relation is broken."),
        required(
            "complete",
            Shape::Boolean,
            "Whether every world of the scope was visited, as many as there are in closed form.",
        ),
    ],
    open: false,
};

static RELATION: Object = Object {
    name: "enumerated-relation",
    about: "How a relation between neighbours fared.",
    members: &[
        required("relation", Shape::Text, "Its name."),
        required("rests-on", TEXTS, "The requirements that it rests on."),
        required("applied", COUNT, "How often its premise held and there were answers."),
        required("telling", COUNT, "How often it would not have held for an evaluator that finds nothing."),
        required("broken", COUNT, "How often it is broken."),
    ],
    open: false,
};

static FINDING: Object = Object {
    name: "enumerated-finding",
    about: "What many worlds show, told once by the smallest of them.",
    members: &[
        required("severity", Shape::Text, "How bad it is if the other, or the relation, is right."),
        optional("relation", Shape::Text, "The relation that is broken; absent where evaluators disagree."),
        required(
            "answers",
            TEXTS,
            "The words of the answers: of the evaluators, or in the order of the relation.",
        ),
        required("features", TEXTS, "The features that the worlds need."),
        required("count", COUNT, "How many show it."),
        required("weight", COUNT, "How many statements and grants the smallest of them has."),
        required("world", COUNT, "The number of the smallest."),
        optional("neighbour", COUNT, "The number of its neighbour."),
        required(
            "questions",
            Shape::List(&QUESTION),
            "The questions: of the world, or in the order of the relation.",
        ),
        optional("smallest", QUESTION, "The smallest question that shows it, where it was made small."),
    ],
    open: false,
};
