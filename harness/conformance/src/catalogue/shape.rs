//! The tables of the suite format: what may stand where in suites and fixtures. `spec-cases/README.md` is their prose.

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
pub const CHECK: Shape = Shape::Object(&CHECK_OBJECT);
/// A world, filled in, or a change of one.
pub const WORLD: Shape = Shape::Object(&WORLD_OBJECT);
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
        optional("aws", Shape::Object(&FIXTURE_OBJECT), "Those of the aws dialect."),
        optional("ram", Shape::Object(&FIXTURE_OBJECT), "Those of the ram dialect."),
    ],
);

static FIXTURE_OBJECT: Object = closed(
    "fixture",
    "The identities of one dialect.",
    &[required("world", WORLD, "What exists everywhere."), NAMED_POLICIES],
);

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
        optional("world", WORLD, "What exists, merged over the fixtures."),
        required("checks", Shape::List(&CHECK), "The checks."),
        ROWS,
    ],
);

static CHECK_OBJECT: Object = closed(
    "check",
    "One request or one document, with `expect` or `observe`.",
    &[
        optional("name", Shape::Text, "Kebab-case, unique in the case."),
        CASE_REQUIREMENTS,
        NOTE,
        optional(
            "caller",
            Shape::Text,
            "`alice`, `App/s1`, `federated:alice/f1`, `root:A`, `service:ec2.amazonaws.com`, `anonymous`.",
        ),
        optional("world", WORLD, "Merged over the case's."),
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
    ],
);

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

const fn thing(object: &'static Object) -> Shape {
    Shape::Object(object)
}

const ACCOUNT: Member = optional("account", Shape::Text, "The name of its account; `A` by default.");
const OWN_POLICIES: Member = optional("policies", POLICIES, "Its policies.");
const BOUNDARY: Member = optional("boundary", POLICY, "Its permissions boundary.");
const OWN_TAGS: Member = optional("tags", TAGS, "Its tags.");
const PATH: Member = optional("path", Shape::Text, "Its path: `/eng/`.");
const OWN_POLICY: Member = optional("policy", POLICY, "Its policy.");
const REGION: Member = optional("region", Shape::Text, "Its Region; the world's by default.");

static WORLD_OBJECT: Object = closed(
    "world",
    "What exists.",
    &[
        optional("region", Shape::Text, "The Region of the request; the partition follows from it."),
        optional("time", Shape::Text, "The time of the request, RFC 3339."),
        optional(
            "accounts",
            Shape::Map(&Shape::Either(&[thing(&ACCOUNT_OBJECT), Shape::Null])),
            "Accounts by name.",
        ),
        optional("users", Shape::Map(&Shape::Either(&[thing(&USER_OBJECT), Shape::Null])), "Users by name."),
        optional(
            "groups",
            Shape::Map(&Shape::Either(&[thing(&GROUP_OBJECT), Shape::Null])),
            "Groups by name.",
        ),
        optional("roles", Shape::Map(&Shape::Either(&[thing(&ROLE_OBJECT), Shape::Null])), "Roles by name."),
        optional(
            "sessions",
            Shape::Map(&Shape::Either(&[thing(&SESSION_OBJECT), Shape::Null])),
            "Sessions by `Role/name`.",
        ),
        optional("keys", Shape::Map(&Shape::Either(&[thing(&KEY_OBJECT), Shape::Null])), "KMS keys by name."),
        optional(
            "aliases",
            Shape::Map(&Shape::Either(&[thing(&ALIAS_OBJECT), Shape::Null])),
            "Aliases by `alias/name`.",
        ),
        optional(
            "resources",
            Shape::Map(&Shape::Either(&[thing(&RESOURCE_OBJECT), Shape::Null])),
            "Resources of other services by name.",
        ),
        optional(
            "endpoints",
            Shape::Map(&Shape::Either(&[thing(&ENDPOINT_OBJECT), Shape::Null])),
            "VPC endpoints by name.",
        ),
    ],
);

things!(
    ACCOUNT_OBJECT,
    "account",
    "An account.",
    [
        optional("id", Shape::Text, "12 digits."),
        optional(
            "organization",
            Shape::Either(&[thing(&ORGANIZATION_OBJECT), Shape::Null]),
            "The organization it is in."
        ),
        optional("scps", LEVELS, "Its service control policies, level by level, root first."),
        optional("rcps", LEVELS, "Its resource control policies, level by level, root first."),
    ]
);
things!(
    ORGANIZATION_OBJECT,
    "organization",
    "An organization, seen from an account.",
    [
        required("id", Shape::Text, "Its id."),
        optional("path", Shape::Text, "The path from the root to the account, ending in a slash."),
        optional("management", Shape::Boolean, "Whether the account is the management account."),
    ]
);
things!(
    USER_OBJECT,
    "user",
    "An IAM user.",
    [
        ACCOUNT,
        PATH,
        OWN_POLICIES,
        optional("groups", TEXTS, "Names of the groups it is in."),
        BOUNDARY,
        OWN_TAGS,
    ]
);
things!(GROUP_OBJECT, "group", "A group of users.", [ACCOUNT, OWN_POLICIES]);
things!(ROLE_OBJECT, "role", "An IAM role.", [ACCOUNT, PATH, OWN_POLICIES, BOUNDARY, OWN_TAGS]);
things!(
    SESSION_OBJECT,
    "session",
    "A session of a role.",
    [optional("policies", Shape::Either(&[POLICIES, Shape::Null]), "Its session policies."), OWN_TAGS,]
);
things!(
    KEY_OBJECT,
    "key",
    "A KMS key.",
    [
        ACCOUNT,
        REGION,
        optional("id", Shape::Text, "Its id, the last part of its ARN."),
        OWN_POLICY,
        optional(
            "grants",
            Shape::Map(&Shape::Either(&[thing(&GRANT_OBJECT), Shape::Null])),
            "Its grants by name."
        ),
        OWN_TAGS,
        optional("spec", Shape::Text, "`SYMMETRIC_DEFAULT` by default."),
        optional("usage", Shape::Text, "`ENCRYPT_DECRYPT` by default."),
        optional("origin", Shape::Text, "`AWS_KMS` by default."),
        optional(
            "multi-region",
            Shape::Either(&[Shape::Word(&["primary", "replica"]), Shape::Null]),
            "For a multi-Region key."
        ),
        optional("manager", Shape::Word(&["customer", "aws"]), "`customer` by default."),
    ]
);
things!(
    GRANT_OBJECT,
    "grant",
    "A grant.",
    [
        required("grantee", Shape::Text, "A caller as in a check (a role by its name), or an ARN."),
        required("operations", TEXTS, "The operations it allows."),
        optional(
            "constraints",
            Shape::Either(&[ANYTHING, Shape::Null]),
            "Its constraints, with the API's names."
        ),
        optional("retiring", Shape::Text, "A caller as in a check, or an ARN."),
        optional("issuer", Shape::Text, "The name of the account in which it was made."),
    ]
);
things!(ALIAS_OBJECT, "alias", "An alias.", [required("key", Shape::Text, "The name of its key.")]);
things!(
    RESOURCE_OBJECT,
    "resource",
    "A resource of another service.",
    [
        ACCOUNT,
        optional("arn", Shape::Text, "Its ARN."),
        optional("type", Shape::Text, "`s3:object`"),
        OWN_POLICY,
        OWN_TAGS,
    ]
);
things!(
    ENDPOINT_OBJECT,
    "endpoint",
    "A VPC endpoint.",
    [
        ACCOUNT,
        optional("id", Shape::Text, "`vpce-1a2b3c4d`"),
        optional("vpc", Shape::Text, "`vpc-11aa22bb`"),
        OWN_POLICY,
    ]
);

/// The words by which a caller that is no user or session is written.
pub(super) const SPECIAL_CALLERS: [(&str, CallerKind); 2] =
    [("root:", CallerKind::Root), ("service:", CallerKind::Service)];
