//! The tables of a world of the ram dialect.

use kms_model::shape::{Member, Object, Shape, optional, required};

use super::{LEVELS, POLICIES, POLICY, TAGS, TEXTS, closed, thing, things};

const ACCOUNT: Member = optional("account", Shape::Text, "The name of its account; `A` by default.");
const OWN_POLICIES: Member = optional("policies", POLICIES, "Its policies, for the whole account.");
const GROUP_POLICIES: Member = optional(
    "resource-group-policies",
    Shape::Map(&Shape::Either(&[POLICIES, Shape::Null])),
    "Its policies by the resource group that they are attached for.",
);
const OWN_POLICY: Member = optional("policy", POLICY, "Its policy, if it has one.");
const OWN_TAGS: Member = optional("tags", TAGS, "Its tags.");
const REGION: Member = optional("region", Shape::Text, "Its Region; the world's by default.");
const ID: Member = optional("id", Shape::Text, "Its id, the last part of its ARN.");

const fn named(object: &'static Shape) -> Shape {
    Shape::Map(object)
}

const ACCOUNTS: Shape = Shape::Either(&[thing(&ACCOUNT_OBJECT), Shape::Null]);
const USERS: Shape = Shape::Either(&[thing(&USER_OBJECT), Shape::Null]);
const GROUPS: Shape = Shape::Either(&[thing(&GROUP_OBJECT), Shape::Null]);
const ROLES: Shape = Shape::Either(&[thing(&ROLE_OBJECT), Shape::Null]);
const SESSIONS: Shape = Shape::Either(&[thing(&SESSION_OBJECT), Shape::Null]);
const KEYS: Shape = Shape::Either(&[thing(&KEY_OBJECT), Shape::Null]);
const ALIASES: Shape = Shape::Either(&[thing(&ALIAS_OBJECT), Shape::Null]);
const SECRETS: Shape = Shape::Either(&[thing(&SECRET_OBJECT), Shape::Null]);
const CERTIFICATES: Shape = Shape::Either(&[thing(&CERTIFICATE_OBJECT), Shape::Null]);
const RESOURCES: Shape = Shape::Either(&[thing(&RESOURCE_OBJECT), Shape::Null]);
const ENDPOINTS: Shape = Shape::Either(&[thing(&ENDPOINT_OBJECT), Shape::Null]);

pub static WORLD_OBJECT: Object = closed(
    "ram-world",
    "What exists.",
    &[
        optional("region", Shape::Text, "The Region of the request."),
        optional("time", Shape::Text, "The time of the request, RFC 3339."),
        optional("accounts", named(&ACCOUNTS), "Accounts by name."),
        optional("users", named(&USERS), "RAM users by name."),
        optional("groups", named(&GROUPS), "Groups by name."),
        optional("roles", named(&ROLES), "Roles by name."),
        optional("sessions", named(&SESSIONS), "Sessions by `Role/name`."),
        optional("keys", named(&KEYS), "KMS keys by name."),
        optional("aliases", named(&ALIASES), "Aliases by `alias/name`."),
        optional("secrets", named(&SECRETS), "Secrets by name."),
        optional("certificates", named(&CERTIFICATES), "Certificates by name."),
        optional(
            "resources",
            named(&RESOURCES),
            "Resources of other services, and roles to assume, by name.",
        ),
        optional("endpoints", named(&ENDPOINTS), "Ways out of a VPC by name."),
    ],
);

things!(
    ACCOUNT_OBJECT,
    "ram-account",
    "An Alibaba Cloud account.",
    [
        optional("id", Shape::Text, "16 digits."),
        optional(
            "directory",
            Shape::Either(&[thing(&DIRECTORY_OBJECT), Shape::Null]),
            "The resource directory it is in."
        ),
        optional("control-policies", LEVELS, "Its control policies, level by level, root first."),
    ]
);
things!(
    DIRECTORY_OBJECT,
    "ram-directory",
    "A resource directory, seen from an account.",
    [
        required("id", Shape::Text, "Its id."),
        optional("path", Shape::Text, "The path from the root to the account, ending in a slash."),
        optional("management", Shape::Boolean, "Whether the account is the management account."),
    ]
);
things!(
    USER_OBJECT,
    "ram-user",
    "A RAM user.",
    [ACCOUNT, OWN_POLICIES, GROUP_POLICIES, optional("groups", TEXTS, "Names of the groups it is in."),]
);
things!(GROUP_OBJECT, "ram-group", "A group of users.", [ACCOUNT, OWN_POLICIES, GROUP_POLICIES]);
things!(ROLE_OBJECT, "ram-role", "A RAM role.", [ACCOUNT, OWN_POLICIES, GROUP_POLICIES]);
things!(
    SESSION_OBJECT,
    "ram-session",
    "A session of a role.",
    [optional("policy", POLICY, "The policy that was given when the role was assumed.")]
);
things!(
    KEY_OBJECT,
    "ram-key",
    "A KMS key. It has a policy only where it is in a KMS instance.",
    [ACCOUNT, REGION, ID, OWN_POLICY, OWN_TAGS]
);
things!(ALIAS_OBJECT, "ram-alias", "An alias.", [required("key", Shape::Text, "The name of its key.")]);
things!(
    SECRET_OBJECT,
    "ram-secret",
    "A secret. It has a policy only where it is in a KMS instance.",
    [
        ACCOUNT,
        REGION,
        OWN_POLICY,
        OWN_TAGS,
        optional(
            "name",
            Shape::Text,
            "Its name, the last part of its ARN; the name in the world by default."
        ),
        optional(
            "key",
            Shape::Either(&[Shape::Text, Shape::Null]),
            "The name of the customer's key that it is under; otherwise it is under a key of the service."
        ),
        optional("kind", Shape::Word(&["generic", "managed"]), "`generic` by default."),
    ]
);
things!(CERTIFICATE_OBJECT, "ram-certificate", "A certificate.", [ACCOUNT, REGION, ID]);
things!(
    RESOURCE_OBJECT,
    "ram-resource",
    "A resource of another service.",
    [
        ACCOUNT,
        optional("arn", Shape::Text, "Its ARN."),
        optional("type", Shape::Text, "`ecs:instance`, `ram:role`"),
        OWN_POLICY,
        OWN_TAGS,
        optional("resource-group", Shape::Text, "The resource group it is in."),
    ]
);
things!(
    ENDPOINT_OBJECT,
    "ram-endpoint",
    "A way out of a VPC.",
    [optional("id", Shape::Text, "Any id."), optional("vpc", Shape::Text, "`vpc-bp1abc…`"),]
);
