//! The tables of the suite format: what may stand where in suites and fixtures; the worlds of each dialect stand below.
//! `spec-cases/README.md` is their prose.

mod ram;
mod world;

use kms_model::Dialect;
use kms_model::question::{CallerKind, PolicyType};
use kms_model::shape::{Member, Object, Shape, optional, required};

use super::{About, Expected, Strength};

const TEXTS: Shape = Shape::List(&Shape::Text);
const TAGS: Shape = Shape::Map(&Shape::Either(&[Shape::Text, Shape::Null]));
const POLICY: Shape = Shape::Either(&[Shape::Object(&POLICY_OBJECT), Shape::Text, Shape::Null]);
const POLICIES: Shape = Shape::List(&POLICY);
const LEVELS: Shape = Shape::Either(&[Shape::List(&POLICIES), Shape::Null]);
const CONTEXT: Shape = Shape::Map(&Shape::Either(&[Shape::Text, TEXTS, Shape::Null]));
const ANYTHING: Shape = Shape::Map(&Shape::Any);

/// A suite whose cases are looked at one by one, once tables are filled in.
pub const SUITE_FRAME: Shape = Shape::Object(&SUITE_FRAME_OBJECT);
/// A suite, whole: for editors.
pub const SUITE: Shape = Shape::Object(&SUITE_OBJECT);
/// A case whose world and checks may hold placeholders.
pub const CASE_FRAME: Shape = Shape::Object(&CASE_FRAME_OBJECT);
/// A check, filled in.
pub const fn check(dialect: Dialect) -> Shape {
    Shape::Object(match dialect {
        Dialect::Ram => &RAM_CHECK_OBJECT,
        _ => &AWS_CHECK_OBJECT,
    })
}

/// A world, filled in, or a change of one.
pub const fn world(dialect: Dialect) -> Shape {
    Shape::Object(match dialect {
        Dialect::Ram => &ram::WORLD_OBJECT,
        _ => &world::WORLD_OBJECT,
    })
}

/// The fixtures file.
pub const FIXTURES: Shape = Shape::Object(&FIXTURES_OBJECT);

const fn closed(name: &'static str, about: &'static str, members: &'static [Member]) -> Object {
    Object { name, about, members, open: false }
}

const SCHEMA: Member = optional("$schema", Shape::Text, "For editors.");
const NAMED_POLICIES: Member =
    optional("policies", Shape::Map(&POLICY), "Policy documents by name, for `{ \"use\": \"name\" }`.");

static FIXTURES_OBJECT: Object = closed(
    "fixtures",
    "The identities that all suites share.",
    &[
        SCHEMA,
        optional("aws", Shape::Object(&AWS_FIXTURE_OBJECT), "Those of the aws dialect."),
        optional("ram", Shape::Object(&RAM_FIXTURE_OBJECT), "Those of the ram dialect."),
    ],
);

static AWS_FIXTURE_OBJECT: Object =
    closed("fixture", "The identities of the aws dialect.", &fixture_members(world(Dialect::Aws)));
static RAM_FIXTURE_OBJECT: Object =
    closed("ram-fixture", "The identities of the ram dialect.", &fixture_members(world(Dialect::Ram)));

const fn fixture_members(world: Shape) -> [Member; 2] {
    [required("world", world, "What exists everywhere."), NAMED_POLICIES]
}

/// For editors, which do not know the dialect of a suite.
const ANY_WORLD: Shape = Shape::Either(&[world(Dialect::Aws), world(Dialect::Ram)]);

static SUITE_FRAME_OBJECT: Object = closed("suite", "A suite.", &suite_members(ANY_CASES));
static SUITE_OBJECT: Object =
    closed("suite", "The requirements of one topic and the cases that show them.", &suite_members(CASES));

const ANY_CASES: Shape = Shape::List(&Shape::Any);
const CASES: Shape = Shape::List(&Shape::Object(&CASE_OBJECT));
const REQUIREMENTS: Shape = Shape::List(&Shape::Object(&REQUIREMENT_OBJECT));

const fn suite_members(cases: Shape) -> [Member; 6] {
    [
        SCHEMA,
        required("title", Shape::Text, "What the suite is about, a few words."),
        optional(
            "dialect",
            Shape::Word(&["aws", "ram"]),
            "By default the first folder of the path, or `aws`.",
        ),
        optional("requirements", REQUIREMENTS, "The rules."),
        NAMED_POLICIES,
        required("cases", cases, "The cases."),
    ]
}

static REQUIREMENT_OBJECT: Object = closed(
    "requirement",
    "One documented rule.",
    &[
        required("id", Shape::Text, "`kms.core.explicit-deny-wins`"),
        required("strength", Shape::Word(Strength::WORDS), "How firmly the documentation says it."),
        optional("about", Shape::Word(About::WORDS), "What it governs; `decision` by default."),
        required("statement", Shape::Text, "The rule in our own words."),
        required("sources", Shape::List(&Shape::Object(&SOURCE_OBJECT)), "Where it is documented."),
        optional("one-sided", Shape::Text, "Why it can be shown in one polarity only."),
        optional("untested", Shape::Text, "Why no check can show it."),
        optional("note", Shape::Text, "For readers."),
    ],
);

static SOURCE_OBJECT: Object = closed(
    "source",
    "A place in the documentation.",
    &[
        required("document", Shape::Text, "`AWS KMS Developer Guide`"),
        required("section", Shape::Text, "The section or page."),
        optional("edition", Shape::Text, "The edition that was read."),
        optional("url", Shape::Text, "Where it stands."),
    ],
);

const CASE_NAME: Member = required("name", Shape::Text, "Kebab-case, unique in the suite.");
const CASE_REQUIREMENTS: Member = optional("requirements", TEXTS, "Ids of the rules that it shows.");
const NOTE: Member = optional("note", Shape::Text, "For readers.");
const ROWS: Member = optional("rows", Shape::List(&ANYTHING), "Makes the case a table.");

static CASE_FRAME_OBJECT: Object = closed(
    "case",
    "A case.",
    &[
        CASE_NAME,
        CASE_REQUIREMENTS,
        NOTE,
        optional("world", ANYTHING, "What exists, merged over the fixtures."),
        required("checks", Shape::List(&ANYTHING), "The checks."),
        ROWS,
    ],
);

static CASE_OBJECT: Object = closed(
    "case",
    "One world, and the checks asked of it.",
    &[
        CASE_NAME,
        CASE_REQUIREMENTS,
        NOTE,
        optional("world", ANY_WORLD, "What exists, merged over the fixtures."),
        required("checks", Shape::List(&Shape::Object(&CHECK_OBJECT)), "The checks."),
        ROWS,
    ],
);

const CHECK_ABOUT: &str = "One request or one document, with `expect` or `observe`.";
static CHECK_OBJECT: Object = closed("check", CHECK_ABOUT, &check_members(ANY_WORLD));
static AWS_CHECK_OBJECT: Object = closed("check", CHECK_ABOUT, &check_members(world(Dialect::Aws)));
static RAM_CHECK_OBJECT: Object = closed("check", CHECK_ABOUT, &check_members(world(Dialect::Ram)));

const fn check_members(world: Shape) -> [Member; 20] {
    [
        optional("name", Shape::Text, "Kebab-case, unique in the case."),
        CASE_REQUIREMENTS,
        NOTE,
        optional(
            "caller",
            Shape::Text,
            "`alice`, `App/s1`, `federated:alice/f1`, `root:A`, `service:ec2.amazonaws.com`, `anonymous`.",
        ),
        optional("world", world, "Merged over the case's."),
        optional("operation", Shape::Text, "A KMS operation: `Decrypt`."),
        optional("action", Shape::Text, "An action of another service: `s3:GetObject`."),
        optional("resource", Shape::Text, "The ARN that the action is done to, or `*`."),
        optional("on", Shape::Text, "The key, alias, account or resource of the world."),
        optional("parameters", ANYTHING, "The operation's parameters, with the API's names."),
        optional("validate", Shape::Word(PolicyType::WORDS), "What the document is to be."),
        optional("policy", POLICY, "The document."),
        optional("for", Shape::Text, "The operation that sets the document."),
        optional("from", Shape::Text, "An IP address, or the name of an endpoint."),
        optional(
            "via",
            Shape::Either(&[Shape::Text, TEXTS]),
            "A service that calls for the caller; a list is a chain.",
        ),
        optional("context", CONTEXT, "Condition keys that change the derived context; `null` withholds."),
        optional("derived", CONTEXT, "What the derived context must hold; `null`: it must not."),
        optional(
            "expect",
            Shape::Either(&[Shape::Word(Expected::WORDS), Shape::List(&Shape::Word(Expected::WORDS))]),
            "An answer, or a list of answers.",
        ),
        optional("observe", Shape::Map(&Shape::Text), "Answer and who says so."),
        optional("because", Shape::Text, "The sentence that makes one half of an open question safe."),
    ]
}

static POLICY_OBJECT: Object = Object {
    name: "policy",
    about: "A policy document, `{ \"use\": \"name\" }` or `{ \"file\": \"policy.json\" }`; a string is the exact text of a document.",
    members: &[],
    open: true,
};

macro_rules! things {
    ($object:ident, $name:literal, $about:literal, [$($member:expr),* $(,)?]) => {
        static $object: Object = closed($name, $about, &[$($member),*]);
    };
}

use things;

const fn thing(object: &'static Object) -> Shape {
    Shape::Object(object)
}

/// The words by which a caller that is no user or session is written.
pub(super) const SPECIAL_CALLERS: [(&str, CallerKind); 2] =
    [("root:", CallerKind::Root), ("service:", CallerKind::Service)];
