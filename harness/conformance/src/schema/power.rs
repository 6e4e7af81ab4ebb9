//! Decides the form of `power --format json`.

use kms_model::shape::{Object, Shape, required};

const COUNT: Shape = Shape::Integer;
const COUNT_OR_NULL: Shape = Shape::Either(&[Shape::Integer, Shape::Null]);
const TEXT_OR_NULL: Shape = Shape::Either(&[Shape::Text, Shape::Null]);
const BREACH_OR_NULL: Shape = Shape::Either(&[Shape::Object(&BREACH), Shape::Null]);
const EXPLORATION_OR_NULL: Shape = Shape::Either(&[Shape::Object(&EXPLORATION), Shape::Null]);
const FOUND_OR_NULL: Shape = Shape::Either(&[Shape::Object(&FOUND), Shape::Null]);
const IDS: Shape = Shape::List(&Shape::Text);
const COUNTS: Shape = Shape::Map(&COUNT);

/// The form.
pub const POWER: Shape = Shape::Object(&POWER_OBJECT);

static POWER_OBJECT: Object = Object {
    name: "power",
    about: "The catalogue against evaluators that are broken on purpose.",
    members: &[
        required("evaluator", Shape::Object(&EVALUATOR), "Who is broken by the faults."),
        required("summary", Shape::Object(&SUMMARY), "The counts."),
        required("control", IDS, "The checks that the evaluator fails without any fault."),
        required("faults", Shape::List(&Shape::Object(&FAULT)), "Each fault and what became of it."),
        required("survivors", IDS, "The faults that no check which cites their requirement kills."),
        required(
            "far",
            IDS,
            "The faults that agree with the control on too little, and are not said to be gross.",
        ),
        required(
            "only",
            Shape::Map(&IDS),
            "The checks without which faults would survive, with these faults.",
        ),
        required("smallest", Shape::Object(&SMALLEST), "A smallest set of checks that kills what is killed."),
        required("topics", Shape::Map(&Shape::Object(&TOPIC)), "What the checks of each topic are worth."),
        required("idle", IDS, "The checks that fail no fault."),
        required(
            "exploration",
            EXPLORATION_OR_NULL,
            "How faults were looked for by exploration, if they were.",
        ),
    ],
    open: false,
};

static EVALUATOR: Object = Object {
    name: "evaluator",
    about: "An evaluator.",
    members: &[required("name", Shape::Text, "Its name."), required("version", Shape::Text, "Its version.")],
    open: false,
};

static SUMMARY: Object = Object {
    name: "summary",
    about: "The counts.",
    members: &[
        required("faults", COUNT, "All faults."),
        required("killed", COUNT, "Killed by a check that cites their requirement."),
        required("checks", COUNT, "Checks that expect an answer and that the control passes."),
        required("flips", COUNT, "Faults that change nothing but the answer."),
        required("gross", COUNT, "Faults that are said to be gross."),
        required("idle", COUNT, "Checks that fail no fault."),
    ],
    open: false,
};

static FAULT: Object = Object {
    name: "fault",
    about: "A fault and what became of it.",
    members: &[
        required("id", Shape::Text, "Its id."),
        required("dialect", Shape::Word(&["aws", "ram"]), "The dialect that is misread."),
        required("requirement", Shape::Text, "The requirement that it violates."),
        required("misreading", Shape::Text, "What the broken evaluator does."),
        required("killed_by", IDS, "The checks that cite the requirement and fail it."),
        required("topics", COUNTS, "How many these are, by topic."),
        required("others", COUNTS, "How many other checks fail it, by topic."),
        required(
            "agreement",
            Shape::Object(&SHARE),
            "The checks of its dialect on which it agrees with the control.",
        ),
        required("flips", Shape::Boolean, "Whether it changes nothing but the answer."),
        required("gross", TEXT_OR_NULL, "Why it is kept although it agrees on little."),
        required("exploration", FOUND_OR_NULL, "How it was found by exploration, if it was looked for."),
    ],
    open: false,
};

static SHARE: Object = Object {
    name: "share",
    about: "How many of how many.",
    members: &[
        required("agreed", COUNT, "Those with the control's verdict or answer."),
        required("asked", COUNT, "All."),
    ],
    open: false,
};

static FOUND: Object = Object {
    name: "found",
    about: "How a fault was found by exploration.",
    members: &[
        required("relation", BREACH_OR_NULL, "The relation that it breaks first, if any."),
        required(
            "differential",
            COUNT_OR_NULL,
            "Executions until it answers otherwise than the control, if it does.",
        ),
        required("sensitive", Shape::Object(&SHARE), "The questions hanging on a statement."),
    ],
    open: false,
};

static BREACH: Object = Object {
    name: "breach",
    about: "A relation that is broken.",
    members: &[
        required("name", Shape::Text, "The relation."),
        required("executions", COUNT, "Executions until then."),
    ],
    open: false,
};

static SMALLEST: Object = Object {
    name: "smallest",
    about: "A set of checks that kills all faults that are killed.",
    members: &[
        required("checks", IDS, "The checks."),
        required("exact", Shape::Boolean, "Whether it is shown that no fewer do."),
    ],
    open: false,
};

static TOPIC: Object = Object {
    name: "topic",
    about: "What the checks of a topic are worth.",
    members: &[
        required("checks", COUNT, "All that expect an answer."),
        required("kill", COUNT, "Those that kill a fault of a requirement that they cite."),
        required("others", COUNT, "Those that fail only faults of other requirements."),
        required("idle", COUNT, "Those that fail none."),
    ],
    open: false,
};

static EXPLORATION: Object = Object {
    name: "exploration",
    about: "How faults were looked for.",
    members: &[
        required("seed", Shape::Text, "The seed."),
        required("questions", COUNT, "Questions of each dialect."),
    ],
    open: false,
};
