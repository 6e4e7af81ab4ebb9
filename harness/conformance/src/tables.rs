//! Decides how the tables of KMS operations and condition keys of both dialects are written for machines; the CLI writes
//! them for people.

use std::borrow::Cow;
use std::collections::BTreeMap;

use kms_model::Dialect;
use kms_model::keys::{self, ConditionKey, From};
use kms_model::operations::{self, Action, KmsOperation, PolicyKind, Target};
use kms_model::ram::keys::{self as ram_keys, RamKey};
use kms_model::ram::operations::{self as ram_operations, RamOperation, RamTarget};
use kms_model::shape::{Member, Object, Shape, optional, required};
use serde::Serialize;

/// Some operations, and where what is said of them is taken from.
#[derive(Clone, Debug, Serialize)]
pub struct Operations {
    /// The documentation, by the dialects that there are rows of.
    pub sources: BTreeMap<Dialect, &'static str>,
    /// The operations, dialect by dialect, sorted by name.
    pub operations: Vec<OperationRow>,
}

/// What an operation needs.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct OperationRow {
    /// The dialect that it belongs to.
    pub dialect: Dialect,
    /// `Decrypt`
    pub name: &'static str,
    /// What must be authorized, all of it.
    pub authorizations: Vec<AuthorizationRow>,
    /// aws: whether it can be used on a key of another account.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cross_account: Option<bool>,
    /// aws: whether a grant can allow it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grantable: Option<bool>,
    /// The condition keys that are known to belong to it, without those that every request may have.
    pub condition_keys: Vec<&'static str>,
}

/// One thing that an operation must be authorized for.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct AuthorizationRow {
    /// `kms:Decrypt`
    pub action: &'static str,
    /// `key`, `source-key`, `alias`; `none` where only a statement on `*` reaches it.
    pub on: Cow<'static, str>,
    /// aws: the kinds of policy that can allow it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policy_kinds: Option<Vec<&'static str>>,
}

/// Some condition keys, and where what is said of them is taken from.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct ConditionKeys {
    /// The documentation, by the dialects that there are rows of.
    pub sources: BTreeMap<Dialect, &'static str>,
    /// The keys, dialect by dialect, sorted by name.
    pub condition_keys: Vec<ConditionKeyRow>,
}

/// What a condition key is.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct ConditionKeyRow {
    /// The dialect that it belongs to.
    pub dialect: Dialect,
    /// `kms:ViaService`; a name that ends in `*` is a prefix.
    pub name: &'static str,
    /// `string`, `arn`, `bool`, `date`, `ip-address`, `numeric`
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// Whether a request may have several values for it.
    pub multivalued: bool,
    /// `fact`, `parameter` or `context`.
    pub from: &'static str,
    /// The parameter of the operation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parameter: Option<&'static str>,
    /// The value where the parameter is left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default: Option<&'static str>,
    /// aws: `any`, or `iam` where KMS takes it into account in IAM policies only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policies: Option<&'static str>,
    /// Which requests may have it: `every`, `some` (those of `operations`), `untold`.
    pub requests: &'static str,
    /// The operations that it belongs to, where it is told that it belongs to some.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operations: Option<Vec<&'static str>>,
}

/// These operations of both dialects as a table for machines.
pub fn operations<'a>(
    aws: impl IntoIterator<Item = &'a KmsOperation>,
    ram: impl IntoIterator<Item = &'a RamOperation>,
) -> Operations {
    let rows: Vec<_> = aws.into_iter().map(operation).chain(ram.into_iter().map(ram_operation)).collect();
    let sources = sources(operations::source(), ram_operations::source(), rows.iter().map(|row| row.dialect));
    Operations { sources, operations: rows }
}

/// These condition keys of both dialects as a table for machines.
pub fn condition_keys<'a>(
    aws: impl IntoIterator<Item = &'a ConditionKey>,
    ram: impl IntoIterator<Item = &'a RamKey>,
) -> ConditionKeys {
    let aws = aws.into_iter().map(condition_key);
    let rows: Vec<_> = aws.chain(ram.into_iter().map(ram_condition_key)).collect();
    let sources = sources(keys::source(), ram_keys::source(), rows.iter().map(|row| row.dialect));
    ConditionKeys { sources, condition_keys: rows }
}

fn sources<T: Copy>(aws: T, ram: T, of: impl Iterator<Item = Dialect>) -> BTreeMap<Dialect, T> {
    of.map(|dialect| (dialect, if dialect == Dialect::Ram { ram } else { aws })).collect()
}

fn operation(operation: &KmsOperation) -> OperationRow {
    let authorization = |(action, target): &(Action, Target)| AuthorizationRow {
        action,
        on: target.word().into(),
        policy_kinds: Some(operation.policy_kinds(*target).iter().map(|kind| kind.word()).collect()),
    };
    OperationRow {
        dialect: Dialect::Aws,
        name: operation.name,
        authorizations: operation.authorizations.iter().map(authorization).collect(),
        cross_account: Some(operation.cross_account),
        grantable: Some(operation.grantable),
        condition_keys: operation.condition_keys.clone(),
    }
}

fn ram_operation(operation: &RamOperation) -> OperationRow {
    let authorization = |(action, target): &(Action, RamTarget)| AuthorizationRow {
        action,
        on: target.word(),
        policy_kinds: None,
    };
    let own = |key: &&RamKey| !key.is_of_every_request() && operation.may_have(key) == Some(true);
    OperationRow {
        dialect: Dialect::Ram,
        name: operation.name,
        authorizations: operation.authorizations.iter().map(authorization).collect(),
        cross_account: None,
        grantable: None,
        condition_keys: ram_keys::all().iter().filter(own).map(|key| key.name).collect(),
    }
}

fn condition_key(key: &ConditionKey) -> ConditionKeyRow {
    let (from, parameter, default) = match key.from {
        From::Fact(_) => ("fact", None, None),
        From::Given => ("context", None, None),
        From::Parameter(name, default) => ("parameter", Some(name), default),
    };
    let having = || operations::all().iter().filter(|one| one.may_have(key)).map(|one| one.name).collect();
    let every = key.is_of_every_request();
    ConditionKeyRow {
        dialect: Dialect::Aws,
        name: key.name,
        kind: key.kind,
        multivalued: key.multivalued,
        from,
        parameter,
        default,
        policies: Some(if key.identity_only { "iam" } else { "any" }),
        requests: if every { "every" } else { "some" },
        operations: (!every).then(having),
    }
}

fn ram_condition_key(key: &RamKey) -> ConditionKeyRow {
    let having = ram_operations::all().iter().filter(|one| one.may_have(key) == Some(true));
    ConditionKeyRow {
        dialect: Dialect::Ram,
        name: key.name,
        kind: key.kind,
        multivalued: key.multivalued,
        from: if key.fact.is_some() { "fact" } else { "context" },
        parameter: None,
        default: None,
        policies: None,
        requests: match key.is_of_every_request() {
            true => "every",
            false if key.is_of_tags() => "some",
            false => "untold",
        },
        operations: key.is_of_tags().then(|| having.map(|one| one.name).collect()),
    }
}

/// The form of `operations --format json`.
pub const OPERATIONS: Shape = Shape::Object(&OPERATIONS_OBJECT);
/// The form of `operations --condition-keys --format json`.
pub const CONDITION_KEYS: Shape = Shape::Object(&CONDITION_KEYS_OBJECT);

const TEXTS: Shape = Shape::List(&Shape::Text);
const SOURCES: Member =
    required("sources", Shape::Map(&Shape::Text), "The documentation that it is taken from, by dialect.");
const DIALECT: Member = required("dialect", Shape::Word(&["aws", "ram"]), "The dialect that it belongs to.");

static OPERATIONS_OBJECT: Object = Object {
    name: "operations",
    about: "KMS operations and what each must be authorized for.",
    members: &[
        SOURCES,
        required(
            "operations",
            Shape::List(&Shape::Object(&OPERATION)),
            "Dialect by dialect, sorted by name. Two dialects may have an operation of one name.",
        ),
    ],
    open: true,
};

static OPERATION: Object = Object {
    name: "operation",
    about: "An operation: every one of its authorizations is needed.",
    members: &[
        DIALECT,
        required("name", Shape::Text, "`Decrypt`"),
        required("authorizations", Shape::List(&Shape::Object(&AUTHORIZATION)), "What must be authorized."),
        optional("cross-account", Shape::Boolean, "aws: whether it can be used on a key of another account."),
        optional("grantable", Shape::Boolean, "aws: whether a grant can allow it."),
        required(
            "condition-keys",
            TEXTS,
            "The condition keys that are told to belong to it, without those that every request may have. A name that ends \
             in `*` is a prefix: `kms:tag/*` holds the tags of the key.",
        ),
    ],
    open: true,
};

static AUTHORIZATION: Object = Object {
    name: "authorization",
    about: "One thing that an operation must be authorized for.",
    members: &[
        required("action", Shape::Text, "`kms:Decrypt`"),
        required(
            "on",
            Shape::Text,
            "`key`, or which of several (`source-key`), `alias`, or `none`, where only a statement on `*` reaches it. ram \
             also: `secret`, `certificate`, all of a kind (`key-container`), any of the three (`tagged`), the customer's key \
             that a secret is under, if any (`secret-key`), and `account`, which RAM does not guard.",
        ),
        optional(
            "policy-kinds",
            Shape::List(&Shape::Word(PolicyKind::WORDS)),
            "aws: the kinds of policy that can allow it; `iam` on a key: where the key policy lets IAM policies decide.",
        ),
    ],
    open: true,
};

static CONDITION_KEYS_OBJECT: Object = Object {
    name: "condition-keys",
    about: "The condition keys that requests to KMS may have.",
    members: &[
        SOURCES,
        required(
            "condition-keys",
            Shape::List(&Shape::Object(&CONDITION_KEY)),
            "Dialect by dialect, sorted by name.",
        ),
    ],
    open: true,
};

static CONDITION_KEY: Object = Object {
    name: "condition-key",
    about: "A condition key.",
    members: &[
        DIALECT,
        required("name", Shape::Text, "`kms:ViaService`; a name that ends in `*` is a prefix."),
        required(
            "type",
            Shape::Word(&["string", "arn", "bool", "date", "ip-address", "numeric"]),
            "The type of its values.",
        ),
        required("multivalued", Shape::Boolean, "Whether a request may have several values for it."),
        required(
            "from",
            Shape::Word(&["context", "fact", "parameter"]),
            "What a request has it from: a parameter of the operation, a fact of caller, key or network, or nothing \
             that a question tells but its `context`.",
        ),
        optional("parameter", Shape::Text, "The parameter, with the API's name."),
        optional("default", Shape::Text, "Its value where the parameter is left out."),
        optional(
            "policies",
            Shape::Word(&["any", "iam"]),
            "aws: `iam` where KMS takes it into account in IAM policies only, not in key policies.",
        ),
        required(
            "requests",
            Shape::Word(&["every", "some", "untold"]),
            "Which requests may have it: every one, those of some operations, or those of operations that the \
             documentation does not name.",
        ),
        optional("operations", TEXTS, "The operations that it belongs to, where they are told."),
    ],
    open: true,
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_of_every_request_names_no_operations() {
        let of = |name: &str| condition_key(keys::by_name(name).unwrap());
        assert_eq!(of("aws:PrincipalArn").operations, None);
        assert_eq!(of("kms:SigningAlgorithm").operations.unwrap(), ["Sign", "Verify"]);
        let policies = [of("kms:RequestAlias").policies, of("kms:ResourceAliases").policies];
        assert_eq!(policies, [Some("any"), Some("iam")]);
        let typed = of("kms:MessageType");
        assert_eq!((typed.from, typed.parameter), ("parameter", Some("MessageType")));
        assert_eq!(typed.default, Some("RAW"));
    }

    #[test]
    fn rows_of_ram_say_what_is_told_of_them() {
        let of = |name: &str| {
            let row = ram_condition_key(ram_keys::by_name(name).unwrap());
            (row.requests, row.operations.is_some_and(|names| names.contains(&"Decrypt")))
        };
        assert_eq!(of("acs:SourceIp"), ("every", false));
        assert_eq!(of("kms:tag/*"), ("some", true));
        assert_eq!(of("kms:RecoveryWindowInDays"), ("untold", false));
        let keys = |name: &str| ram_operation(ram_operations::by_name(name).unwrap()).condition_keys;
        assert_eq!((keys("Decrypt"), keys("CreateKey")), (vec!["kms:tag/*"], vec![]));
    }

    #[test]
    fn a_table_names_the_sources_of_its_rows_only() {
        let dialects = |table: Operations| table.sources.into_keys().collect::<Vec<_>>();
        let ram = ram_operations::all();
        assert_eq!(dialects(operations(operations::all(), ram)), [Dialect::Aws, Dialect::Ram]);
        assert_eq!(dialects(operations([], ram)), [Dialect::Ram]);
    }
}
