//! The table of the question's JSON form: what may stand where. Unknown members are let through, because a question
//! of a newer catalogue may have some.

use crate::question::{CallerKind, PolicyType};
use crate::shape::{Member, Object, Shape, optional, required};

const DOCUMENT: Shape = Shape::Either(&[Shape::Object(&DOCUMENT_OBJECT), Shape::Text]);
static DOCUMENT_OBJECT: Object = Object {
    name: "document",
    about: "A policy document, or a string with its exact text.",
    members: &[],
    open: true,
};
const DOCUMENTS: Shape = Shape::List(&DOCUMENT);
const LEVELS: Shape = Shape::List(&DOCUMENTS);
const TAGS: Shape = Shape::Map(&Shape::Text);
const TEXTS: Shape = Shape::List(&Shape::Text);

/// A question.
pub const QUESTION: Shape = Shape::Object(&QUESTION_OBJECT);

const fn open(name: &'static str, about: &'static str, members: &'static [Member]) -> Object {
    Object { name, about, members, open: true }
}

static QUESTION_OBJECT: Object = open(
    "question",
    "A self-contained question.",
    &[
        required(
            "kind",
            Shape::Word(&["authorize", "validate"]),
            "Whether a request or a document is judged.",
        ),
        required("dialect", Shape::Word(&["aws", "ram"]), "The dialect of the policies."),
        required("region", Shape::Text, "The Region of the request, or in which the document is set."),
        optional("time", Shape::Text, "authorize: when the request is made, RFC 3339."),
        optional("caller", Shape::Object(&CALLER), "Who makes the request, or sets the document."),
        optional("source-ip", Shape::Text, "authorize: the address that the request comes from."),
        optional("endpoint", Shape::Object(&ENDPOINT), "authorize: the VPC endpoint that it comes through."),
        optional("via", TEXTS, "authorize: the services that call for the caller, first to last."),
        optional("operation", Shape::Object(&OPERATION), "authorize: the API operation."),
        optional(
            "authorizations",
            Shape::List(&Shape::Object(&AUTHORIZATION)),
            "authorize: everything that must be authorized.",
        ),
        optional("context-types", TAGS, "authorize: the type of each context key that is not a string."),
        optional("policy-type", Shape::Word(PolicyType::WORDS), "validate: what the document is to be."),
        optional("document", DOCUMENT, "validate: the document."),
        optional("for", Shape::Text, "validate: the operation that sets the document."),
        optional("resource", Shape::Object(&RESOURCE), "validate: what the document is set on."),
        optional("parameters", Shape::Map(&Shape::Any), "validate: the parameters of that operation."),
        optional("principals", TEXTS, "validate: the ARNs of all principals that exist."),
    ],
);

static CALLER: Object = open(
    "caller",
    "Who makes a request.",
    &[
        required("kind", Shape::Word(CallerKind::WORDS), "What kind of principal it is."),
        optional("arn", Shape::Text, "Its ARN; for a role session, the session's."),
        optional("account", Shape::Text, "Its account."),
        optional(
            "issuer",
            Shape::Text,
            "The ARN of the role, with its path, or of the user that the session was made from.",
        ),
        optional("service", Shape::Text, "The service principal."),
        optional("policies", Shape::List(&Shape::Object(&ATTACHED)), "Its identity policies."),
        optional("boundary", DOCUMENT, "Its permissions boundary."),
        optional("session-policies", DOCUMENTS, "The policies given when its session was made."),
        optional("scps", LEVELS, "The service control policies of its account, level by level, root first."),
        optional("tags", TAGS, "The tags of user, role and session."),
        optional("organization", Shape::Object(&ORGANIZATION), "The organization of its account."),
    ],
);

static ATTACHED: Object = open(
    "attached",
    "An identity policy.",
    &[
        required(
            "from",
            Shape::Text,
            "Where the caller has it from: `user/alice`, `group/Developers`, `role/App`.",
        ),
        required("document", DOCUMENT, "The document."),
        optional(
            "resource-group",
            Shape::Text,
            "ram: the resource group that it is attached for; absent: the whole account.",
        ),
    ],
);

static ORGANIZATION: Object = open(
    "organization",
    "The organization of an account.",
    &[
        required("id", Shape::Text, "Its id."),
        optional("path", Shape::Text, "The path from the root to the account, ending in a slash."),
        optional("management", Shape::Boolean, "Whether the account is the management account."),
    ],
);

static ENDPOINT: Object = open(
    "endpoint",
    "A VPC endpoint.",
    &[
        required("id", Shape::Text, "Its id."),
        required("vpc", Shape::Text, "The VPC it is in."),
        optional("policy", DOCUMENT, "Its policy; absent: the default policy, which allows everything."),
    ],
);

static OPERATION: Object = open(
    "operation",
    "An API operation.",
    &[
        required("name", Shape::Text, "Its name: `Decrypt`."),
        optional("parameters", Shape::Map(&Shape::Any), "Its parameters, with the API's names."),
    ],
);

static AUTHORIZATION: Object = open(
    "authorization",
    "One thing that must be authorized.",
    &[
        required("action", Shape::Text, "The action: `kms:Decrypt`."),
        required("resource", Shape::Object(&RESOURCE), "What it is done to."),
        optional(
            "context",
            Shape::Map(&Shape::Either(&[Shape::Text, TEXTS])),
            "The condition keys of the request; absent: the evaluator derives them.",
        ),
    ],
);

static RESOURCE: Object = open(
    "resource",
    "What something is done to.",
    &[
        required("arn", Shape::Text, "Its ARN; `*` for operations without a resource."),
        required("account", Shape::Text, "The account that owns it."),
        required(
            "type",
            Shape::Text,
            "Of KMS `kms:key`, `kms:new-key` (about to be made), `kms:alias`, `kms:account` (no resource) and, in RAM, \
             `kms:secret`; of others `s3:object`, …",
        ),
        optional("policy", DOCUMENT, "Its resource-based policy."),
        optional("grants", Shape::List(&Shape::Object(&GRANT)), "The grants on it."),
        optional("rcps", LEVELS, "The resource control policies of its account, level by level, root first."),
        optional(
            "control-policies",
            LEVELS,
            "ram: the control policies of its account, level by level, root first.",
        ),
        optional("resource-group", Shape::Text, "ram: the resource group it is in."),
        optional("tags", TAGS, "Its tags."),
        optional("aliases", TEXTS, "The names of its aliases."),
        optional("key", Shape::Object(&KEY), "What kind of key it is."),
        optional("organization", Shape::Object(&ORGANIZATION), "The organization of its account."),
    ],
);

static KEY: Object = open(
    "key",
    "The facts of a KMS key that condition keys tell of.",
    &[
        optional("spec", Shape::Text, "`SYMMETRIC_DEFAULT` if absent."),
        optional("usage", Shape::Text, "`ENCRYPT_DECRYPT` if absent."),
        optional("origin", Shape::Text, "`AWS_KMS` if absent."),
        optional("multi-region", Shape::Word(&["primary", "replica"]), "Absent for a single-Region key."),
        optional("manager", Shape::Word(&["customer", "aws"]), "`customer` if absent."),
    ],
);

static GRANT: Object = open(
    "grant",
    "A grant on a key.",
    &[
        required("id", Shape::Text, "Its id."),
        required("grantee", Shape::Text, "The ARN of the principal that may use it, or a service principal."),
        optional("retiring", Shape::Text, "The ARN of the principal that may retire it."),
        optional("issuer", Shape::Text, "The account in which it was made."),
        required("operations", TEXTS, "The operations it allows."),
        optional("constraints", Shape::Map(&Shape::Any), "Its constraints, with the API's names."),
    ],
);
