//! Decides who and what there is in generated questions of the AWS dialect: a small alphabet, so that things meet.

use std::sync::LazyLock;

use kms_model::question::CallerKind;

/// The account of most things.
pub const A: &str = "111122223333";
/// Another account.
pub const B: &str = "444455556666";
/// The Region of most things.
pub const REGION: &str = "us-west-2";
/// The service principals of policies and grants.
pub const SERVICES: &[&str] = &["ec2.amazonaws.com", "s3.amazonaws.com"];

/// A principal that calls.
#[derive(Debug)]
pub struct Person {
    /// What kind of caller it is.
    pub kind: CallerKind,
    /// Its ARN, empty for those that have none.
    pub arn: &'static str,
    /// Its account, empty likewise.
    pub account: &'static str,
    /// The role or user behind a session, empty for others.
    pub issuer: &'static str,
    /// Where its own policies are attached.
    pub from: &'static str,
    /// The service principal, empty for others.
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

const fn service(service: &'static str) -> Person {
    Person { kind: CallerKind::Service, arn: "", account: "", issuer: "", from: "", service }
}

/// The users.
pub static USERS: &[Person] = &[
    person(CallerKind::User, "arn:aws:iam::111122223333:user/alice", A, "", "user/alice"),
    person(CallerKind::User, "arn:aws:iam::111122223333:user/carol", A, "", "user/carol"),
    person(CallerKind::User, "arn:aws:iam::111122223333:user/eng/alice", A, "", "user/eng/alice"),
    person(CallerKind::User, "arn:aws:iam::444455556666:user/bob", B, "", "user/bob"),
    person(CallerKind::User, "arn:aws-cn:iam::777788889999:user/dora", "777788889999", "", "user/dora"),
];

/// The sessions of roles.
pub static SESSIONS: &[Person] = &[
    person(
        CallerKind::RoleSession,
        "arn:aws:sts::111122223333:assumed-role/App/s1",
        A,
        "arn:aws:iam::111122223333:role/App",
        "role/App",
    ),
    person(
        CallerKind::RoleSession,
        "arn:aws:sts::111122223333:assumed-role/App/s2",
        A,
        "arn:aws:iam::111122223333:role/App",
        "role/App",
    ),
    person(
        CallerKind::RoleSession,
        "arn:aws:sts::111122223333:assumed-role/Admin/s1",
        A,
        "arn:aws:iam::111122223333:role/team/Admin",
        "role/team/Admin",
    ),
    person(
        CallerKind::RoleSession,
        "arn:aws:sts::444455556666:assumed-role/Eng/s1",
        B,
        "arn:aws:iam::444455556666:role/Eng",
        "role/Eng",
    ),
];

/// Sessions of roles that a service made for itself.
pub static LINKED: &[Person] = &[person(
    CallerKind::RoleSession,
    "arn:aws:sts::111122223333:assumed-role/AWSServiceRoleForKMS/s1",
    A,
    "arn:aws:iam::111122223333:role/aws-service-role/cks.kms.amazonaws.com/AWSServiceRoleForKMS",
    "role/aws-service-role/cks.kms.amazonaws.com/AWSServiceRoleForKMS",
)];

/// The root users.
pub static ROOTS: &[Person] = &[
    person(CallerKind::Root, "arn:aws:iam::111122223333:root", A, "", ""),
    person(CallerKind::Root, "arn:aws:iam::444455556666:root", B, "", ""),
];

/// The federated users.
pub static FEDERATED: &[Person] = &[person(
    CallerKind::FederatedUser,
    "arn:aws:sts::111122223333:federated-user/f",
    A,
    "arn:aws:iam::111122223333:user/alice",
    "user/alice",
)];

/// The services.
pub static CALLING_SERVICES: &[Person] = &[service("ec2.amazonaws.com"), service("s3.amazonaws.com")];

/// Who has no credentials.
pub static ANONYMOUS: &[Person] = &[person(CallerKind::Anonymous, "", "", "", "")];

impl Person {
    /// The ARN that stands for its account.
    pub fn account_arn(&self) -> &'static str {
        match self.account {
            A => "arn:aws:iam::111122223333:root",
            B => "arn:aws:iam::444455556666:root",
            "777788889999" => "arn:aws-cn:iam::777788889999:root",
            _ => "",
        }
    }

    /// Whether it can have policies of its own.
    pub fn has_policies(&self) -> bool {
        !self.from.is_empty()
    }
}

/// A KMS key.
#[derive(Debug)]
pub struct Key {
    /// `KeySpec`
    pub spec: &'static str,
    /// `KeyUsage`
    pub usage: &'static str,
    /// `primary` or `replica`
    pub multi_region: &'static str,
    /// `customer` or `aws`
    pub manager: &'static str,
    /// Its aliases.
    pub aliases: &'static [&'static str],
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
    /// What kind of key it is, for a key.
    pub key: Option<Key>,
    /// Values of `Resource` that cover it, the plainest first; all are complete ARNs or `*`.
    pub complete: Vec<String>,
    /// Beginnings of ARNs that cover it in identity policies.
    pub incomplete: Vec<String>,
}

/// Everything that is acted on.
#[derive(Debug)]
pub struct Things {
    /// Keys for encryption.
    pub symmetric: Vec<Thing>,
    /// Keys of several Regions, the primary one first.
    pub multi_region: Vec<Thing>,
    /// Keys that AWS manages.
    pub managed: Vec<Thing>,
    /// Keys for signatures.
    pub signing: Vec<Thing>,
    /// Keys for authentication codes.
    pub mac: Vec<Thing>,
    /// Keys for key agreement.
    pub agreement: Vec<Thing>,
    /// Keys for encapsulation.
    pub encapsulation: Vec<Thing>,
    /// Aliases.
    pub aliases: Vec<Thing>,
    /// What stands for the account where there is no resource.
    pub accounts: Vec<Thing>,
    /// Keys that do not exist yet, to be tagged.
    pub new_keys: Vec<Thing>,
    /// What belongs to other services.
    pub others: Vec<Thing>,
}

/// Everything that is acted on.
pub static THINGS: LazyLock<Things> = LazyLock::new(|| Things {
    symmetric: vec![
        key(REGION, A, "1234abcd", "SYMMETRIC_DEFAULT", "ENCRYPT_DECRYPT", &["alias/app"]),
        key(REGION, A, "5678efab", "SYMMETRIC_DEFAULT", "ENCRYPT_DECRYPT", &["alias/alice", "alias/app2"]),
        key(REGION, B, "abcd9876", "SYMMETRIC_DEFAULT", "ENCRYPT_DECRYPT", &["alias/app"]),
    ],
    multi_region: vec![multi_region(REGION, "primary"), multi_region("eu-west-1", "replica")],
    managed: vec![managed()],
    signing: vec![
        key(REGION, A, "5151abcd", "RSA_2048", "SIGN_VERIFY", &[]),
        key(REGION, B, "5252abcd", "RSA_2048", "SIGN_VERIFY", &[]),
    ],
    mac: vec![
        key(REGION, A, "6161abcd", "HMAC_256", "GENERATE_VERIFY_MAC", &[]),
        key(REGION, B, "6262abcd", "HMAC_256", "GENERATE_VERIFY_MAC", &[]),
    ],
    agreement: vec![
        key(REGION, A, "7171abcd", "ECC_NIST_P256", "KEY_AGREEMENT", &[]),
        key(REGION, B, "7272abcd", "ECC_NIST_P256", "KEY_AGREEMENT", &[]),
    ],
    encapsulation: vec![
        key(REGION, A, "8181abcd", "ML_KEM_768", "ENCAPSULATE_DECAPSULATE", &[]),
        key(REGION, B, "8282abcd", "ML_KEM_768", "ENCAPSULATE_DECAPSULATE", &[]),
    ],
    aliases: [(A, "alias/app"), (A, "alias/alice"), (B, "alias/app")]
        .map(|(account, name)| kms(REGION, account, "kms:alias", name))
        .into(),
    accounts: [A, B, "777788889999"]
        .map(|account| Thing {
            arn: "*".to_owned(),
            account,
            kind: "kms:account",
            key: None,
            complete: vec!["*".to_owned(), "*".to_owned()],
            incomplete: Vec::new(),
        })
        .into(),
    new_keys: [(REGION, A), (REGION, B), ("eu-west-1", A), ("eu-west-1", B)]
        .map(|(region, account)| {
            kms(region, account, "kms:new-key", "key/00000000-0000-0000-0000-000000000000")
        })
        .into(),
    others: vec![
        other("arn:aws:s3:::bucket/alice/report", A, "s3:object", "arn:aws:s3:::bucket/*", "arn:aws:s3"),
        other("arn:aws:s3:::bucket-b/o", B, "s3:object", "arn:aws:s3:::bucket-b/*", "arn:aws:s3"),
        other(
            "arn:aws:secretsmanager:us-west-2:111122223333:secret:db",
            A,
            "secretsmanager:secret",
            "arn:aws:secretsmanager:*:*:secret:d?",
            "arn:aws:secretsmanager:us-west-2",
        ),
    ],
});

fn kms(region: &str, account: &'static str, kind: &'static str, resource: &str) -> Thing {
    let (of, name) = resource.split_once('/').unwrap_or(("key", resource));
    let start = name.get(..3).unwrap_or(name);
    let rest = name.get(1..).unwrap_or_default();
    let arn = format!("arn:aws:kms:{region}:{account}:{resource}");
    let complete = vec![
        arn.clone(),
        "*".to_owned(),
        format!("arn:aws:kms:*:{account}:{of}/*"),
        format!("arn:aws:kms:{region}:{account}:{of}/{start}*"),
        format!("arn:aws:kms:{region}:*:{of}/?{rest}"),
        format!("arn:aws:kms:{region}:{account}:*"),
        format!("arn:aws:*:{region}:*:{resource}"),
        "arn:aws:kms:*:*:*".to_owned(),
    ];
    let incomplete = vec![format!("arn:aws:kms:{region}"), "arn:aws:kms".to_owned()];
    Thing { arn, account, kind, key: None, complete, incomplete }
}

fn key(
    region: &str,
    account: &'static str,
    id: &str,
    spec: &'static str,
    usage: &'static str,
    aliases: &'static [&'static str],
) -> Thing {
    let mut thing = kms(region, account, "kms:key", &format!("key/{id}-12ab-34cd-56ef-1234567890ab"));
    thing.key = Some(Key { spec, usage, multi_region: "", manager: "customer", aliases });
    thing
}

fn multi_region(region: &str, role: &'static str) -> Thing {
    let mut thing = kms(region, A, "kms:key", "key/mrk-1234abcd12ab34cd56ef1234567890ab");
    thing.key = Some(Key {
        spec: "SYMMETRIC_DEFAULT",
        usage: "ENCRYPT_DECRYPT",
        multi_region: role,
        manager: "customer",
        aliases: &[],
    });
    thing
}

fn managed() -> Thing {
    let mut thing = key(REGION, A, "9191abcd", "SYMMETRIC_DEFAULT", "ENCRYPT_DECRYPT", &["alias/aws/s3"]);
    if let Some(key) = &mut thing.key {
        key.manager = "aws";
    }
    thing
}

/// What covers everything of the service, Region and account of an ARN.
fn all_of_account(arn: &str) -> String {
    let parts: Vec<&str> = arn.splitn(6, ':').take(5).collect();
    format!("{}:*", parts.join(":"))
}

fn other(arn: &str, account: &'static str, kind: &'static str, pattern: &str, start: &str) -> Thing {
    Thing {
        arn: arn.to_owned(),
        account,
        kind,
        key: None,
        complete: vec![arn.to_owned(), "*".to_owned(), pattern.to_owned(), all_of_account(arn)],
        incomplete: vec![start.to_owned()],
    }
}
