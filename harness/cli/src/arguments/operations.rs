//! Decides what `operations` can be told.

use clap::{Args, ValueEnum};

use super::{DialectArguments, Format};

/// `operations`
#[derive(Args, Debug)]
pub struct OperationsArguments {
    /// One operation, to be shown with its condition keys in each dialect that has it
    #[arg(value_name = "OPERATION", conflicts_with_all = ["policy_kind", "cross_account", "condition_key"])]
    pub name: Option<String>,
    #[command(flatten)]
    pub dialect: DialectArguments,
    /// Only AWS operations that need an authorization which a policy of this kind can allow
    #[arg(long, value_name = "KIND")]
    pub policy_kind: Option<Kind>,
    /// Only AWS operations that can, or cannot, be used on a key of another account
    #[arg(long, value_name = "WHETHER")]
    pub cross_account: Option<Whether>,
    /// Only operations whose requests may have this condition key
    #[arg(long, value_name = "KEY")]
    pub condition_key: Option<String>,
    /// Print the condition keys instead
    #[arg(long, conflicts_with_all = ["name", "policy_kind", "cross_account", "condition_key"])]
    pub condition_keys: bool,
    /// How the table is written
    #[arg(long, default_value = "human")]
    pub format: Format,
}

/// A kind of policy.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub enum Kind {
    /// A grant on the key
    Grant,
    /// An IAM policy; on a key, where the key policy lets IAM policies decide
    Iam,
    /// The key policy
    KeyPolicy,
}

/// Yes or no.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub enum Whether {
    /// It can
    Yes,
    /// It cannot
    No,
}
