//! Decides the form of a scoreboard as JSON.

use kms_model::shape::{Object, Shape, required};

const COUNT: Shape = Shape::Integer;
const COUNTS: Shape = Shape::Object(&COUNTS_OBJECT);
const TEXTS: Shape = Shape::List(&Shape::Text);

/// The form of `reports/scoreboard.json`.
pub const SCOREBOARD: Shape = Shape::Object(&SCOREBOARD_OBJECT);

static SCOREBOARD_OBJECT: Object = Object {
    name: "scoreboard",
    about: "What evaluators come to.",
    members: &[required("evaluators", Shape::List(&Shape::Object(&ROW)), "The evaluators, sorted by name.")],
    open: false,
};

static ROW: Object = Object {
    name: "row",
    about: "What one evaluator comes to.",
    members: &[
        required("name", Shape::Text, "The name of its adapter."),
        required("evaluates", Shape::Text, "The package that decides."),
        required("version", Shape::Text, "Its version."),
        required("language", Shape::Text, "The language that it is written in."),
        required("licence", Shape::Text, "Its licence, an SPDX expression."),
        required("catalogue", Shape::Text, "The catalogue's version, and the digest of its index."),
        required("dialects", TEXTS, "The dialects that it declares."),
        required("detail", Shape::Word(&["decision", "deny-kind"]), "How much its refusals tell."),
        required("checks", Shape::Object(&CHECKS), "checks = passed + failed + not-asked."),
        required(
            "lacking",
            Shape::Map(&COUNT),
            "How many checks it was not asked, by the feature that it lacks.",
        ),
        required("requirements", COUNTS, "All requirements of its dialects."),
        required("topics", Shape::Map(&COUNTS), "The same by topic."),
        required("broken", Shape::List(&Shape::Object(&BROKEN)), "What it breaks, the worst first."),
    ],
    open: false,
};

static CHECKS: Object = Object {
    name: "checks",
    about: "The checks that expect an answer.",
    members: &[
        required("checks", COUNT, "All of them."),
        required("passed", COUNT, "Answered right."),
        required("failed", COUNT, "Failed, in whichever way."),
        required("not-asked", COUNT, "Not asked."),
    ],
    open: false,
};

static COUNTS_OBJECT: Object = Object {
    name: "counts",
    about: "requirements = met + broken + not-asked.",
    members: &[
        required("requirements", COUNT, "All of them."),
        required("met", COUNT, "Right in every check that was asked."),
        required("broken", COUNT, "Wrong in one of them."),
        required("false-allows", COUNT, "Of the broken ones, those with a false allow."),
        required(
            "reproduced",
            COUNT,
            "Of those with a false allow, those where scripts show the causes of all of them.",
        ),
        required("not-asked", COUNT, "Without a check that was asked."),
    ],
    open: false,
};

static BROKEN: Object = Object {
    name: "broken",
    about: "A requirement that it breaks, by the smallest of its worst checks.",
    members: &[
        required("requirement", Shape::Text, "The requirement."),
        required("kind", Shape::Text, "The worst kind of failure, or `crash`, `timeout`, `error`."),
        required("failed", COUNT, "How many of its checks fail."),
        required("asked", COUNT, "How many were asked."),
        required("check", Shape::Text, "The check."),
        required("expected", Shape::Text, "What it expects."),
        required("got", Shape::Text, "What it got."),
        required(
            "defects",
            Shape::List(&Shape::Object(&DEFECT)),
            "Where failing checks, or what they come from, were seen without the harness.",
        ),
        required("not-reproduced", TEXTS, "Its false allows that no script shows."),
    ],
    open: false,
};

static DEFECT: Object = Object {
    name: "defect",
    about: "A script that shows by the evaluator's own interface what failing checks come from.",
    members: &[
        required("check", Shape::Text, "One of the checks: the script's own, if it is among them."),
        required("checks", COUNT, "How many of the checks that fail come from it."),
        required("itself", Shape::Boolean, "Whether the script asks what this check asks."),
        required("script", Shape::Text, "The script, from the root of the repository."),
    ],
    open: false,
};
