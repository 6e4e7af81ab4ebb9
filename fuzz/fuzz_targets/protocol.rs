//! Lines of the protocol: `kms_explore::targets::protocol`.
#![no_main]

use kms_explore::targets::{self, Ours};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| kms_fuzz::hold(targets::protocol(bytes, &Ours)));
