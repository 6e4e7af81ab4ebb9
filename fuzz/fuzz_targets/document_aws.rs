//! Documents of the aws dialect: `kms_explore::targets::document`.
#![no_main]

use kms_conformance::model::Dialect;
use kms_explore::targets::{self, Ours};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| kms_fuzz::hold(targets::document(Dialect::Aws, bytes, &Ours)));
