//! Decides which condition operators, and which values of each condition key, stand in generated policies of the AWS
//! dialect.

use std::sync::LazyLock;

use kms_model::keys::{self, ConditionKey};

/// The operators of a type.
pub const STRING: &[&str] = &[
    "StringEquals",
    "StringLike",
    "StringNotEquals",
    "StringNotLike",
    "StringEqualsIgnoreCase",
    "StringNotEqualsIgnoreCase",
];
/// Those for ARNs; texts are compared as well.
pub const ARN: &[&str] =
    &["ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike", "StringEquals", "StringLike", "StringNotLike"];
/// Those for instants.
pub const DATE: &[&str] = &[
    "DateLessThan",
    "DateGreaterThan",
    "DateLessThanEquals",
    "DateGreaterThanEquals",
    "DateEquals",
    "DateNotEquals",
];
/// Those for numbers.
pub const NUMERIC: &[&str] = &[
    "NumericLessThan",
    "NumericGreaterThan",
    "NumericLessThanEquals",
    "NumericGreaterThanEquals",
    "NumericEquals",
    "NumericNotEquals",
];
/// Those for addresses.
pub const IP: &[&str] = &["IpAddress", "NotIpAddress"];
/// The rest.
pub const OTHER: &[&str] = &["Bool", "BinaryEquals", "Null"];

/// How the names of operators begin.
pub const PREFIXES: &[&str] = &["", "ForAnyValue:", "ForAllValues:"];

static OPERATORS: LazyLock<Vec<(&'static str, Vec<String>)>> = LazyLock::new(|| {
    let bases = [STRING, ARN, DATE, NUMERIC, IP, OTHER].concat();
    let named = |base: &'static str| {
        let names =
            PREFIXES.iter().flat_map(|prefix| [format!("{prefix}{base}"), format!("{prefix}{base}IfExists")]);
        (base, names.collect())
    };
    bases.into_iter().map(named).collect()
});

/// An operator's name with the prefix of that place in [`PREFIXES`], and with `IfExists` if wanted.
pub fn operator(base: &'static str, prefix: usize, if_exists: bool) -> &'static str {
    let names = OPERATORS.iter().find(|(of, _)| *of == base).map(|(_, names)| names);
    names.and_then(|names| names.get(2 * prefix + usize::from(if_exists))).map_or(base, String::as_str)
}

/// A condition key in generated policies.
#[derive(Debug)]
pub struct Word {
    /// What the tables say.
    pub key: &'static ConditionKey,
    /// Its names: more than one where the name is a prefix.
    pub names: Vec<String>,
    /// The same names in another case.
    pub respelled: Vec<String>,
    /// Its values; numbers and instants in their order.
    pub values: Vec<Value>,
}

/// A value of a condition key.
#[derive(Debug)]
pub struct Value {
    /// As requests have it.
    pub text: &'static str,
    /// Patterns that cover it; for an address, networks.
    pub patterns: Vec<String>,
}

/// The condition keys, at the same places as in [`keys::all`].
pub static WORDS: LazyLock<Vec<Word>> = LazyLock::new(|| keys::all().iter().map(Word::new).collect());

impl Word {
    fn new(key: &'static ConditionKey) -> Self {
        let names: Vec<String> = match key.name.strip_suffix('*') {
            Some(prefix) => endings(prefix).iter().map(|end| format!("{prefix}{end}")).collect(),
            None => vec![key.name.to_owned()],
        };
        let respelled = names.iter().map(|name| respell(name)).collect();
        let value = |text: &'static str| Value { text, patterns: patterns(key.kind, text) };
        Self {
            key,
            names,
            respelled,
            values: values(key.name, key.kind).iter().map(|text| value(text)).collect(),
        }
    }
}

/// Another spelling of a condition key: the service in upper case, and for names that are not a user's the rest in lower.
fn respell(name: &str) -> String {
    match name.split_once(':') {
        Some((service, rest)) if !rest.contains([':', '/']) => {
            format!("{}:{}", service.to_uppercase(), rest.to_lowercase())
        }
        Some((service, rest)) => format!("{}:{rest}", service.to_uppercase()),
        None => name.to_lowercase(),
    }
}

fn endings(prefix: &str) -> &'static [&'static str] {
    match prefix {
        "kms:EncryptionContext:" => &["Department", "Purpose"],
        "kms:RecipientAttestation:PCR" | "kms:RecipientAttestation:NitroTPMPCR" => &["0"],
        _ => &["team", "project"],
    }
}

fn values(name: &str, kind: &str) -> &'static [&'static str] {
    match name {
        "aws:PrincipalAccount" | "aws:ResourceAccount" | "aws:SourceAccount" | "kms:CallerAccount" => {
            &["111122223333", "444455556666"]
        }
        "aws:PrincipalArn" => &[
            "arn:aws:iam::111122223333:user/alice",
            "arn:aws:iam::111122223333:role/App",
            "arn:aws:iam::444455556666:role/Eng",
        ],
        "aws:PrincipalType" => &["User", "AssumedRole", "Account"],
        "aws:username" => &["alice", "bob"],
        "aws:PrincipalOrgID" | "aws:ResourceOrgID" | "aws:SourceOrgID" | "aws:VpceOrgID" => {
            &["o-exampleorg1", "o-exampleorg2"]
        }
        "aws:PrincipalOrgPaths" | "aws:ResourceOrgPaths" | "aws:SourceOrgPaths" | "aws:VpceOrgPaths" => {
            &["o-exampleorg1/r-ab12/ou-ab12-11111111/", "o-exampleorg2/r-cd34/"]
        }
        "aws:RequestedRegion" | "kms:PrimaryRegion" | "kms:ReplicaRegion" => &["us-west-2", "eu-west-1"],
        "aws:SourceVpc" => &["vpc-11aa22bb", "vpc-33cc44dd"],
        "aws:SourceVpce" => &["vpce-1a2b3c4d", "vpce-5e6f7a8b"],
        "aws:CalledVia" | "aws:CalledViaFirst" | "aws:CalledViaLast" | "aws:PrincipalServiceName" => {
            &["ec2.amazonaws.com", "s3.amazonaws.com"]
        }
        "kms:ViaService" => &["ec2.us-west-2.amazonaws.com", "s3.us-west-2.amazonaws.com"],
        "kms:EncryptionContext:*" => &["Finance", "Research"],
        "kms:EncryptionContextKeys" => &["Department", "Purpose"],
        "aws:TagKeys" => &["team", "project"],
        "aws:PrincipalTag/*" | "aws:RequestTag/*" | "aws:ResourceTag/*" => &["red-team", "blue-team"],
        "kms:RequestAlias" | "kms:ResourceAliases" => &["alias/app", "alias/alice"],
        "kms:GranteePrincipal" | "kms:RetiringPrincipal" => {
            &["arn:aws:iam::111122223333:role/App", "arn:aws:iam::444455556666:role/Eng"]
        }
        "kms:GranteeServicePrincipal" | "kms:RetiringServicePrincipal" => {
            &["ec2.amazonaws.com", "s3.amazonaws.com"]
        }
        "kms:GrantOperations" => &["Decrypt", "Encrypt", "CreateGrant"],
        "kms:GrantConstraintType" => &["EncryptionContextEquals", "EncryptionContextSubset"],
        "kms:GrantConstraintSourceArn" | "aws:SourceArn" => {
            &["arn:aws:s3:::bucket", "arn:aws:lambda:us-west-2:111122223333:function:f"]
        }
        "kms:KeySpec" | "kms:CustomerMasterKeySpec" => &["SYMMETRIC_DEFAULT", "RSA_2048"],
        "kms:KeyUsage" | "kms:CustomerMasterKeyUsage" => &["ENCRYPT_DECRYPT", "SIGN_VERIFY"],
        "kms:KeyOrigin" => &["AWS_KMS", "EXTERNAL"],
        "kms:MultiRegionKeyType" => &["PRIMARY", "REPLICA"],
        "kms:EncryptionAlgorithm" => &["SYMMETRIC_DEFAULT", "RSAES_OAEP_SHA_256"],
        "kms:SigningAlgorithm" => &["RSASSA_PSS_SHA_256", "RSASSA_PSS_SHA_512"],
        "kms:MacAlgorithm" => &["HMAC_SHA_256", "HMAC_SHA_384"],
        "kms:MessageType" => &["RAW", "DIGEST"],
        "kms:PolicyName" => &["default", "other"],
        "kms:RotationPeriodInDays" => &["90", "365", "2560"],
        "kms:ScheduleKeyDeletionPendingWindowInDays" => &["7", "14", "30"],
        "aws:EpochTime" => &["1767225600", "1768478400", "1798761600"],
        _ => match kind {
            "arn" => {
                &["arn:aws:ec2:us-west-2:111122223333:instance/i-1", "arn:aws:lambda:us-west-2:1:function:f"]
            }
            "bool" => &["true", "false"],
            "date" => &["2026-01-01T00:00:00Z", "2026-01-15T12:00:00Z", "2027-01-01T00:00:00Z"],
            "ip-address" => &["203.0.113.10", "198.51.100.7", "2001:db8::1"],
            "numeric" => &["5", "300", "7200"],
            _ => &["one", "two"],
        },
    }
}

fn patterns(kind: &str, text: &'static str) -> Vec<String> {
    match kind {
        "ip-address" if text.contains(':') => vec![text.to_owned(), "2001:db8::/32".to_owned()],
        "ip-address" => {
            let network = text.rsplit_once('.').map_or(text, |(start, _)| start);
            vec![text.to_owned(), format!("{text}/32"), format!("{network}.0/24")]
        }
        "arn" => {
            let (start, end) = text.rsplit_once(['/', ':']).unwrap_or(("", text));
            let separator = text.get(start.len()..=start.len()).unwrap_or(":");
            let any = end.get(1..).unwrap_or_default();
            vec![text.to_owned(), format!("{start}{separator}*"), format!("{start}{separator}?{any}")]
        }
        _ => {
            let kept = if text.len() > 6 { 6 } else { 1 };
            let start = text.get(..kept).unwrap_or(text);
            let rest = text.get(1..).unwrap_or_default();
            vec![text.to_owned(), format!("{start}*"), format!("?{rest}"), "*".to_owned()]
        }
    }
}
