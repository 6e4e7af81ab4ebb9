//! Decides which actions there are in generated questions of the AWS dialect, and which texts cover each.

use std::sync::LazyLock;

use kms_model::keys::{self, ConditionKey};
use kms_model::operations::{self, KmsOperation, Target};

/// An action, and values of `Action` that cover it.
#[derive(Debug)]
pub struct Action {
    /// `kms:Decrypt`
    pub name: String,
    /// Values that cover it and name its service, the plainest first.
    pub patterns: Vec<String>,
    /// The same action in another case.
    pub respelled: Vec<String>,
}

/// A KMS operation with its actions.
#[derive(Debug)]
pub struct Operation {
    /// What the tables say.
    pub known: &'static KmsOperation,
    /// Its actions and what each is about.
    pub actions: Vec<(Action, Target)>,
    /// The condition keys that its requests may have, as places in [`keys::all`].
    pub keys: Vec<usize>,
}

/// The operations of KMS.
pub static OPERATIONS: LazyLock<Vec<Operation>> =
    LazyLock::new(|| operations::all().iter().map(Operation::new).collect());

/// Those that are asked for most, in daily use or with parameters of their own, as places in [`OPERATIONS`].
pub static COMMON: LazyLock<Vec<usize>> = LazyLock::new(|| {
    let names = [
        "Decrypt",
        "Decrypt",
        "Encrypt",
        "GenerateDataKey",
        "ReEncrypt",
        "CreateGrant",
        "RetireGrant",
        "RetireGrant",
        "DescribeKey",
        "Sign",
        "PutKeyPolicy",
        "ScheduleKeyDeletion",
        "CreateKey",
        "CreateAlias",
        "ListKeys",
        "TagResource",
        "CreateGrant",
        "EnableKeyRotation",
        "ReplicateKey",
        "UntagResource",
        "UpdatePrimaryRegion",
    ];
    names.iter().filter_map(|name| OPERATIONS.iter().position(|one| one.known.name == *name)).collect()
});

/// What creates a key and may tag it needs this as well.
pub static TAG_RESOURCE: LazyLock<Action> = LazyLock::new(|| Action::new("kms:TagResource"));

/// Actions of other services.
pub static OTHERS: LazyLock<Vec<Action>> = LazyLock::new(|| {
    ["s3:GetObject", "s3:PutObject", "secretsmanager:GetSecretValue"].map(Action::new).into()
});

/// The condition keys that belong to every service, as places in [`keys::all`].
pub static GENERAL_KEYS: LazyLock<Vec<usize>> = LazyLock::new(|| {
    let general = |(_, key): &(usize, &ConditionKey)| key.name.starts_with("aws:");
    keys::all().iter().enumerate().filter(general).map(|(at, _)| at).collect()
});

impl Operation {
    fn new(known: &'static KmsOperation) -> Self {
        let may_have = |(_, key): &(usize, &ConditionKey)| known.may_have(key);
        // KMS's own keys once more: there are many more of the others.
        let all: Vec<usize> = keys::all().iter().enumerate().filter(may_have).map(|(at, _)| at).collect();
        let own = |at: &&usize| {
            keys::all()
                .get(**at)
                .is_some_and(|key| key.name.starts_with("kms:") || key.name.ends_with("Tag/*"))
        };
        let mut keys = all.clone();
        for _ in 0..2 {
            keys.extend(all.iter().filter(own));
        }
        let actions = known.authorizations.iter().map(|(action, target)| (Action::new(action), *target));
        Self { known, actions: actions.collect(), keys }
    }
}

impl Action {
    fn new(name: &str) -> Self {
        let (service, verb) = name.split_once(':').unwrap_or(("kms", name));
        let start = verb.get(..3).unwrap_or(verb);
        let end = verb.get(verb.len().saturating_sub(3)..).unwrap_or(verb);
        let patterns = vec![
            name.to_owned(),
            format!("{service}:*"),
            format!("{service}:{start}*"),
            format!("{service}:*{end}"),
            format!("{service}:?{}", verb.get(1..).unwrap_or_default()),
        ];
        let respelled = vec![name.to_lowercase(), format!("{}:{verb}", service.to_uppercase())];
        Self { name: name.to_owned(), patterns, respelled }
    }
}
