//! The form of `coverage --combinations --format json`.

use kms_model::shape::{Object, Shape, optional, required};

/// The form of the combinations that conditions show.
pub const COMBINATIONS: Shape = Shape::Object(&REPORT);

const COUNT: Shape = Shape::Integer;

static REPORT: Object = Object {
    name: "combinations",
    about: "The combinations of a condition's dimensions that questions show.",
    members: &[required(
        "dialects",
        Shape::List(&Shape::Object(&MEASURED)),
        "What was measured, by dialect.",
    )],
    open: false,
};

static MEASURED: Object = Object {
    name: "measured",
    about: "What was measured of a dialect. A combination is shown where the answer hangs on its condition.",
    members: &[
        required("dialect", Shape::Word(&["aws", "ram"]), "The dialect."),
        required("questions", COUNT, "The questions that were looked at."),
        required("pairs", Shape::Object(&PAIRS), "The pairs, counted."),
        required("triples", Shape::Object(&TRIPLES), "The triples that hold no impossible pair, counted."),
        required("rows", Shape::List(&Shape::Object(&ROW)), "Every pair."),
    ],
    open: false,
};

static PAIRS: Object = Object {
    name: "pairs",
    about: "The pairs, counted.",
    members: &[
        required("possible", COUNT, "Those that can be shown."),
        required("covered", COUNT, "Those of them that are."),
        required("uncovered", COUNT, "Those of them that are not."),
        required("impossible", COUNT, "Those that cannot be shown because there is nothing to ask."),
        required(
            "open",
            COUNT,
            "Those that cannot be shown because the documentation leaves open what they do.",
        ),
        required("stale", COUNT, "Those that are said to be one of these two, and are shown all the same."),
    ],
    open: false,
};

static TRIPLES: Object = Object {
    name: "triples",
    about: "The triples, counted.",
    members: &[
        required("possible", COUNT, "Those that hold no impossible pair."),
        required("covered", COUNT, "Those of them that are shown."),
    ],
    open: false,
};

static ROW: Object = Object {
    name: "row",
    about: "A pair, and where it stands.",
    members: &[
        required("one", Shape::Object(&LEVEL), "One level."),
        required("other", Shape::Object(&LEVEL), "The other, of another dimension."),
        required("questions", COUNT, "The questions that show them together."),
        required(
            "standing",
            Shape::Word(&["covered", "impossible", "open", "stale", "uncovered"]),
            "Where the pair stands.",
        ),
        optional("requirements", Shape::List(&Shape::Text), "The rules by which it cannot be shown."),
        optional("reason", Shape::Text, "Why it cannot be shown."),
    ],
    open: false,
};

static LEVEL: Object = Object {
    name: "level",
    about: "A level of a dimension.",
    members: &[
        required(
            "dimension",
            Shape::Word(&["operator", "qualifier", "if-exists", "key", "effect", "layer"]),
            "The dimension. `key` is what the request has for the key: absent, single, multiple.",
        ),
        required("level", Shape::Text, "`StringEquals`, `none`, `absent`, `Deny`, `key-policy`"),
    ],
    open: false,
};
