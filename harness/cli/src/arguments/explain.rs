//! Decides what `explain` can be told: a question in a file, or its facts.

use std::net::IpAddr;
use std::path::PathBuf;

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser as _};
use kms_conformance::model::Dialect;

use super::{EvaluatorArguments, Format};

/// `explain`
#[derive(Args, Debug)]
pub struct ExplainArguments {
    /// A file with one question; `-` for standard input
    #[arg(value_name = "FILE", conflicts_with = "FactsArguments")]
    pub file: Option<PathBuf>,
    #[command(flatten)]
    pub facts: FactsArguments,
    #[command(flatten)]
    pub evaluator: EvaluatorArguments,
    /// How the answer is written
    #[arg(long, default_value = "human")]
    pub format: Format,
}

/// The facts of one KMS request.
#[derive(Args, Debug, Default)]
pub struct FactsArguments {
    /// Who asks: ARN of a user, an assumed-role session or an account's root (`arn:aws:iam::111122223333:user/alice`,
    /// `acs:ram::1234567890123456:user/alice`); `service:ec2.amazonaws.com`; `anonymous`
    #[arg(long, required_unless_present = "file")]
    pub caller: Option<String>,
    /// What for: `Decrypt`. One that is done to several keys (`ReEncrypt`, `UpdateAlias`) needs a suite
    #[arg(long, required_unless_present = "file")]
    pub operation: Option<String>,
    /// The dialect, where the caller does not tell it
    #[arg(long, value_name = "DIALECT", value_parser = PossibleValuesParser::new(["aws", "ram"]).map(dialect))]
    pub dialect: Option<Dialect>,
    /// The key; by default one of the caller's account in us-west-2, or cn-hangzhou
    #[arg(long, value_name = "ARN")]
    pub key: Option<String>,
    /// The key's policy. In RAM only keys in KMS instances have one
    #[arg(long, value_name = "FILE")]
    pub key_policy: Option<PathBuf>,
    /// A policy of the user, or of the session's role; may be repeated
    #[arg(long, value_name = "FILE")]
    pub identity_policy: Vec<PathBuf>,
    /// AWS: the permissions boundary of the user, or of the session's role
    #[arg(long, value_name = "FILE")]
    pub boundary: Option<PathBuf>,
    /// A policy of the session itself; may be repeated in AWS
    #[arg(long, value_name = "FILE")]
    pub session_policy: Vec<PathBuf>,
    /// AWS: the path of the session's role, which the session's ARN does not tell
    #[arg(long, value_name = "PATH")]
    pub role_path: Option<String>,
    /// AWS: a service control policy of the caller's account; each is one level, root first
    #[arg(long, value_name = "FILE")]
    pub scp: Vec<PathBuf>,
    /// AWS: a resource control policy of the key's account; each is one level, root first
    #[arg(long, value_name = "FILE")]
    pub rcp: Vec<PathBuf>,
    /// RAM: a control policy of the account that owns the key or secret; each is one level, root first
    #[arg(long, value_name = "FILE")]
    pub control_policy: Vec<PathBuf>,
    /// AWS: the policy of a VPC endpoint that the request comes through
    #[arg(long, value_name = "FILE", conflicts_with = "from")]
    pub endpoint_policy: Option<PathBuf>,
    /// AWS: a grant on the key, as in a suite: `grantee`, `operations`, `constraints`, `retiring`; may be repeated. Its id is
    /// grant-1, grant-2, …
    #[arg(long, value_name = "FILE")]
    pub grant: Vec<PathBuf>,
    /// RAM: the secret, by its name in the caller's account, or its ARN
    #[arg(long, value_name = "NAME")]
    pub secret: Option<String>,
    /// RAM: the secret's policy
    #[arg(long, value_name = "FILE")]
    pub secret_policy: Option<PathBuf>,
    /// RAM: the customer's key that the secret is under; without it, it is under a key of the service
    #[arg(long, value_name = "ARN")]
    pub secret_key: Option<String>,
    /// The request's parameters, with the API's names
    #[arg(long, value_name = "JSON")]
    pub parameters: Option<String>,
    /// AWS: a pair of the request's encryption context; may be repeated
    #[arg(long, value_name = "KEY=VALUE", value_parser = pair)]
    pub encryption_context: Vec<(String, String)>,
    /// AWS: a service that calls for the caller: `ec2.amazonaws.com`; repeated, a chain
    #[arg(long, value_name = "SERVICE")]
    pub via: Vec<String>,
    /// The address that the request comes from
    #[arg(long, value_name = "IP")]
    pub from: Option<IpAddr>,
    /// A condition key, in place of what the request has for it; repeated for several values
    #[arg(long, value_name = "KEY=VALUE", value_parser = pair)]
    pub context: Vec<(String, String)>,
    /// A tag of the key; may be repeated
    #[arg(long, value_name = "KEY=VALUE", value_parser = pair)]
    pub tag: Vec<(String, String)>,
    /// An alias of the key, or the one that CreateAlias and DeleteAlias are about; may be repeated
    #[arg(long, value_name = "ALIAS")]
    pub alias: Vec<String>,
    /// The Region of the request, where no `--key` tells it
    #[arg(long)]
    pub region: Option<String>,
    /// Print the question instead, as `explain FILE` reads it
    #[arg(long)]
    pub print_question: bool,
}

/// The dialect of that word.
fn dialect(word: String) -> Dialect {
    if word == "ram" { Dialect::Ram } else { Dialect::Aws }
}

/// A name and a value; the value may hold `=`.
fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err("expected KEY=VALUE".to_owned()),
    }
}
