//! The tables of a world of the aws dialect.

use kms_model::shape::{Member, Object, Shape, optional, required};

use super::{ANYTHING, LEVELS, POLICIES, POLICY, TAGS, TEXTS, closed, thing, things};

const ACCOUNT: Member = optional("account", Shape::Text, "The name of its account; `A` by default.");
const OWN_POLICIES: Member = optional("policies", POLICIES, "Its policies.");
const BOUNDARY: Member = optional("boundary", POLICY, "Its permissions boundary.");
const OWN_TAGS: Member = optional("tags", TAGS, "Its tags.");
const PATH: Member = optional("path", Shape::Text, "Its path: `/eng/`.");
const OWN_POLICY: Member = optional("policy", POLICY, "Its policy.");
const REGION: Member = optional("region", Shape::Text, "Its Region; the world's by default.");

pub static WORLD_OBJECT: Object = closed(
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
