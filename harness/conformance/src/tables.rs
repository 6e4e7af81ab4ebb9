//! Decides how the tables of KMS operations and condition keys are written for machines; the CLI writes them for people.

use kms_model::keys::{self, ConditionKey, From};
use kms_model::operations::{self, Action, KmsOperation, PolicyKind, Target};
use kms_model::shape::{Object, Shape, optional, required};
use serde::Serialize;

/// Some operations, and where what is said of them is taken from.
#[derive(Clone, Debug, Serialize)]
pub struct Operations {
    /// The documentation.
    pub source: &'static str,
    /// The operations, sorted by name.
    pub operations: Vec<OperationRow>,
}

/// What an operation needs.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct OperationRow {
    /// `Decrypt`
    pub name: &'static str,
    /// What must be authorized, all of it.
    pub authorizations: Vec<AuthorizationRow>,
    /// Whether it can be used on a key of another account.
    pub cross_account: bool,
    /// Whether a grant can allow it.
    pub grantable: bool,
    /// The condition keys that belong to it, without those that every request may have.
    pub condition_keys: Vec<&'static str>,
}

/// One thing that an operation must be authorized for.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct AuthorizationRow {
    /// `kms:Decrypt`
    pub action: &'static str,
    /// `key`, `source-key`, `alias`; `none` where only a statement on `*` reaches it.
    pub on: &'static str,
    /// The kinds of policy that can allow it.
    pub policy_kinds: Vec<&'static str>,
}

/// Some condition keys, and where what is said of them is taken from.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct ConditionKeys {
    /// The documentation.
    pub source: &'static str,
    /// The keys, sorted by name.
    pub condition_keys: Vec<ConditionKeyRow>,
}

/// What a condition key is.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct ConditionKeyRow {
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
    /// `any`, or `iam` where KMS takes it into account in IAM policies only.
    pub policies: &'static str,
    /// The operations that it belongs to; none where every request may have it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operations: Option<Vec<&'static str>>,
}

/// These operations as a table for machines.
pub fn operations<'a>(chosen: impl IntoIterator<Item = &'a KmsOperation>) -> Operations {
    Operations { source: operations::source(), operations: chosen.into_iter().map(operation).collect() }
}

/// These condition keys as a table for machines.
pub fn condition_keys<'a>(chosen: impl IntoIterator<Item = &'a ConditionKey>) -> ConditionKeys {
    ConditionKeys { source: keys::source(), condition_keys: chosen.into_iter().map(condition_key).collect() }
}

fn operation(operation: &KmsOperation) -> OperationRow {
    let authorization = |(action, target): &(Action, Target)| AuthorizationRow {
        action,
        on: target.word(),
        policy_kinds: operation.policy_kinds(*target).iter().map(|kind| kind.word()).collect(),
    };
    OperationRow {
        name: operation.name,
        authorizations: operation.authorizations.iter().map(authorization).collect(),
        cross_account: operation.cross_account,
        grantable: operation.grantable,
        condition_keys: operation.condition_keys.clone(),
    }
}

fn condition_key(key: &ConditionKey) -> ConditionKeyRow {
    let (from, parameter, default) = match key.from {
        From::Fact(_) => ("fact", None, None),
        From::Given => ("context", None, None),
        From::Parameter(name, default) => ("parameter", Some(name), default),
    };
    let having = || operations::all().iter().filter(|one| one.may_have(key)).map(|one| one.name).collect();
    ConditionKeyRow {
        name: key.name,
        kind: key.kind,
        multivalued: key.multivalued,
        from,
        parameter,
        default,
        policies: if key.identity_only { "iam" } else { "any" },
        operations: (!key.is_of_every_request()).then(having),
    }
}

/// The form of `operations --format json`.
pub const OPERATIONS: Shape = Shape::Object(&OPERATIONS_OBJECT);
/// The form of `operations --condition-keys --format json`.
pub const CONDITION_KEYS: Shape = Shape::Object(&CONDITION_KEYS_OBJECT);

const TEXTS: Shape = Shape::List(&Shape::Text);
const SOURCE: kms_model::shape::Member =
    required("source", Shape::Text, "The documentation that the table is taken from.");

static OPERATIONS_OBJECT: Object = Object {
    name: "operations",
    about: "KMS operations and what each must be authorized for.",
    members: &[SOURCE, required("operations", Shape::List(&Shape::Object(&OPERATION)), "Sorted by name.")],
    open: true,
};

static OPERATION: Object = Object {
    name: "operation",
    about: "An operation: every one of its authorizations is needed.",
    members: &[
        required("name", Shape::Text, "`Decrypt`"),
        required("authorizations", Shape::List(&Shape::Object(&AUTHORIZATION)), "What must be authorized."),
        required("cross-account", Shape::Boolean, "Whether it can be used on a key of another account."),
        required("grantable", Shape::Boolean, "Whether a grant can allow it."),
        required(
            "condition-keys",
            TEXTS,
            "The condition keys that belong to it, without those that every request may have. A name that ends in `*` is a prefix.",
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
            "`key`, or which of several (`source-key`), `alias`, or `none`, where only a statement on `*` reaches it.",
        ),
        required(
            "policy-kinds",
            Shape::List(&Shape::Word(PolicyKind::WORDS)),
            "The kinds of policy that can allow it; `iam` on a key: where the key policy lets IAM policies decide.",
        ),
    ],
    open: true,
};

static CONDITION_KEYS_OBJECT: Object = Object {
    name: "condition-keys",
    about: "The condition keys that requests to KMS may have.",
    members: &[
        SOURCE,
        required("condition-keys", Shape::List(&Shape::Object(&CONDITION_KEY)), "Sorted by name."),
    ],
    open: true,
};

static CONDITION_KEY: Object = Object {
    name: "condition-key",
    about: "A condition key.",
    members: &[
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
        required(
            "policies",
            Shape::Word(&["any", "iam"]),
            "`iam` where KMS takes it into account in IAM policies only, not in key policies.",
        ),
        optional(
            "operations",
            TEXTS,
            "The operations that it belongs to; absent: every request may have it.",
        ),
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
        assert_eq!((of("kms:RequestAlias").policies, of("kms:ResourceAliases").policies), ("any", "iam"));
        let size = of("kms:MessageType");
        assert_eq!(
            (size.from, size.parameter, size.default),
            ("parameter", Some("MessageType"), Some("RAW"))
        );
    }
}
