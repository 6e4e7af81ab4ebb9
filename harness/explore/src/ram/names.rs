//! Decides who and what there is in generated questions of the RAM dialect: a small alphabet, so that things meet.

use std::sync::LazyLock;

use kms_model::question::CallerKind;
use kms_model::ram::operations::{self, RamOperation};

/// The account of most things.
pub const A: &str = "1234567890123456";
/// Another account.
pub const B: &str = "6543210987654321";
/// The Region of most things.
pub const REGION: &str = "cn-hangzhou";

/// A principal that calls.
#[derive(Debug)]
pub struct Person {
    /// What kind of caller it is.
    pub kind: CallerKind,
    /// Its ARN, empty for those that have none.
    pub arn: &'static str,
    /// Its account, empty likewise.
    pub account: &'static str,
    /// The role behind a session, empty for others.
    pub issuer: &'static str,
    /// Where its own policies are attached.
    pub from: &'static str,
    /// The service, empty for others.
    pub service: &'static str,
}

const fn person(
    kind: CallerKind,
    arn: &'static str,
    account: &'static str,
    issuer: &'static str,
    from: &'static str,
) -> Person {
    Person { kind, arn, account, issuer, from, service: "" }
}

/// The users.
pub static USERS: &[Person] = &[
    person(CallerKind::User, "acs:ram::1234567890123456:user/alice", A, "", "user/alice"),
    person(CallerKind::User, "acs:ram::1234567890123456:user/carol", A, "", "user/carol"),
    person(CallerKind::User, "acs:ram::6543210987654321:user/bob", B, "", "user/bob"),
];

/// The sessions of roles.
pub static SESSIONS: &[Person] = &[
    person(
        CallerKind::RoleSession,
        "acs:ram::1234567890123456:assumed-role/App/s1",
        A,
        "acs:ram::1234567890123456:role/App",
        "role/App",
    ),
    person(
        CallerKind::RoleSession,
        "acs:ram::1234567890123456:assumed-role/Admin/s1",
        A,
        "acs:ram::1234567890123456:role/Admin",
        "role/Admin",
    ),
    person(
        CallerKind::RoleSession,
        "acs:ram::6543210987654321:assumed-role/Eng/s1",
        B,
        "acs:ram::6543210987654321:role/Eng",
        "role/Eng",
    ),
];

/// Sessions of roles that a service made for itself.
pub static LINKED: &[Person] = &[person(
    CallerKind::RoleSession,
    "acs:ram::1234567890123456:assumed-role/aliyunserviceroleforkms/s1",
    A,
    "acs:ram::1234567890123456:role/aliyunserviceroleforkms",
    "role/aliyunserviceroleforkms",
)];

/// The accounts themselves.
pub static ROOTS: &[Person] = &[
    person(CallerKind::Root, "acs:ram::1234567890123456:root", A, "", ""),
    person(CallerKind::Root, "acs:ram::6543210987654321:root", B, "", ""),
];

/// Who comes from an identity provider.
pub static FEDERATED: &[Person] =
    &[person(CallerKind::FederatedUser, "acs:ram::1234567890123456:saml-provider/idp", "", "", "")];

/// The services.
pub static SERVICES: &[Person] = &[Person {
    kind: CallerKind::Service,
    arn: "",
    account: "",
    issuer: "",
    from: "",
    service: "ecs.aliyuncs.com",
}];

/// Who has no credentials.
pub static ANONYMOUS: &[Person] = &[person(CallerKind::Anonymous, "", "", "", "")];

impl Person {
    /// The ARN that stands for its account.
    pub fn account_arns(&self) -> &'static [&'static str] {
        match self.account {
            A => &["acs:ram::1234567890123456:*", "acs:ram::1234567890123456:root"],
            B => &["acs:ram::6543210987654321:*", "acs:ram::6543210987654321:root"],
            _ => &[],
        }
    }

    /// The ARN by which policies name it.
    pub fn name(&self) -> &'static str {
        if self.issuer.is_empty() { self.arn } else { self.issuer }
    }
}

/// Something that is acted on.
#[derive(Debug)]
pub struct Thing {
    /// Its ARN.
    pub arn: String,
    /// Its owner.
    pub account: &'static str,
    /// Its type.
    pub kind: &'static str,
    /// Values of `Resource` that cover it.
    pub patterns: Vec<String>,
}

/// Everything that is acted on.
pub static THINGS: LazyLock<Vec<Thing>> = LazyLock::new(|| {
    let mut things = Vec::new();
    for account in [A, B] {
        for (kind, resource) in [
            ("kms:key", "key/1234abcd-12ab-34cd-56ef-1234567890ab"),
            ("kms:key", "key/5678efab-12ab-34cd-56ef-1234567890ab"),
            ("kms:secret", "secret/db"),
            ("kms:secret", "secret/prod/db"),
            ("kms:certificate", "certificate/9999abcd"),
            ("kms:alias", "alias/app"),
            ("kms:key-container", "key"),
            ("kms:alias-container", "alias"),
            ("kms:secret-container", "secret"),
            ("kms:certificate-container", "certificate"),
        ] {
            things.push(kms(account, kind, resource));
        }
        for kind in ["kms:account", "kms:none"] {
            things.push(Thing { arn: "*".to_owned(), account, kind, patterns: vec!["*".to_owned()] });
        }
    }
    things.push(other("acs:oss:*:1234567890123456:bucket/report", A, "oss:object"));
    things.push(other("acs:ecs:cn-hangzhou:1234567890123456:instance/i-1", A, "ecs:instance"));
    things.push(other("acs:ram::1234567890123456:role/Target", A, "ram:role"));
    things.push(other("acs:ram::6543210987654321:role/Target", B, "ram:role"));
    things
});

fn kms(account: &'static str, kind: &'static str, resource: &str) -> Thing {
    let (of, name) = resource.split_once('/').unwrap_or((resource, ""));
    let arn = format!("acs:kms:{REGION}:{account}:{resource}");
    let mut patterns = vec![
        arn.clone(),
        "*".to_owned(),
        format!("acs:kms:*:{account}:{of}*"),
        format!("acs:kms:{REGION}:*:{resource}"),
        format!("acs:kms:{REGION}:{account}:*"),
        "acs:kms:*:*:*".to_owned(),
        format!("acs:kms:cn-*:{account}:{resource}"),
    ];
    if !name.is_empty() {
        patterns.push(format!("acs:kms:*:*:{of}/?{}", name.get(1..).unwrap_or_default()));
        patterns.push(format!("acs:kms:{REGION}:{account}:{of}/*"));
    }
    Thing { arn, account, kind, patterns }
}

fn other(arn: &str, account: &'static str, kind: &'static str) -> Thing {
    let start = arn.rsplit_once('/').map_or(arn, |(start, _)| start);
    Thing {
        arn: arn.to_owned(),
        account,
        kind,
        patterns: vec![arn.to_owned(), "*".to_owned(), format!("{start}/*")],
    }
}

/// An action, and values of `Action` that cover it.
#[derive(Debug)]
pub struct Action {
    /// `kms:Decrypt`
    pub name: String,
    /// Values that cover it and name its service, the plainest first.
    pub patterns: Vec<String>,
    /// The same action in another case.
    pub respelled: String,
}

/// An operation with its actions.
#[derive(Debug)]
pub struct Operation {
    /// What the tables say.
    pub known: &'static RamOperation,
    /// Its actions, in the order of its authorizations.
    pub actions: Vec<Action>,
}

/// The operations of KMS.
pub static OPERATIONS: LazyLock<Vec<Operation>> = LazyLock::new(|| {
    let operation = |known: &'static RamOperation| Operation {
        known,
        actions: known.authorizations.iter().map(|(action, _)| Action::new(action)).collect(),
    };
    operations::all().iter().map(operation).collect()
});

/// Those in daily use, as places in [`OPERATIONS`].
pub static COMMON: LazyLock<Vec<usize>> = LazyLock::new(|| {
    let names = [
        "Decrypt",
        "Decrypt",
        "Encrypt",
        "GenerateDataKey",
        "DescribeKey",
        "GetSecretValue",
        "ReEncrypt",
        "CreateKey",
        "TagResource",
        "ScheduleKeyDeletion",
        "ListKeys",
        "CreateAlias",
    ];
    names.iter().filter_map(|name| OPERATIONS.iter().position(|one| one.known.name == *name)).collect()
});

/// Actions of other services: on objects, on instances, on roles.
pub static OTHERS: LazyLock<Vec<Action>> =
    LazyLock::new(|| ["oss:GetObject", "ecs:StopInstance", "sts:AssumeRole"].map(Action::new).into());

impl Action {
    fn new(name: &str) -> Self {
        let (service, verb) = name.split_once(':').unwrap_or(("kms", name));
        let start = verb.get(..3).unwrap_or(verb);
        let end = verb.get(verb.len().saturating_sub(3)..).unwrap_or(verb);
        Self {
            name: name.to_owned(),
            patterns: vec![
                name.to_owned(),
                format!("{service}:*"),
                format!("{service}:{start}*"),
                format!("{service}:*{end}"),
                format!("{service}:?{}", verb.get(1..).unwrap_or_default()),
            ],
            respelled: format!("{service}:{}", verb.to_lowercase()),
        }
    }
}
