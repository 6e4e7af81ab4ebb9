//! Decides what of Alibaba Cloud RAM on KMS every part of the harness shares: its operations, condition keys
//! and policy documents.
//!
//! Sources: KMS Developer Guide, "Use RAM to control access to KMS resources", "Authorization information"; RAM User Guide,
//! "Policy elements".

pub mod derive;
pub mod keys;
pub mod operations;
pub mod policy;
