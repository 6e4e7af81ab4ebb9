//! Questions of both dialects, written and read: `kms_explore::targets::question`.
#![no_main]

use std::sync::LazyLock;

use kms_explore::Settings;
use kms_explore::targets::{self, Ours};

static SETTINGS: LazyLock<Settings> = LazyLock::new(Settings::default);

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| kms_fuzz::hold(targets::question(bytes, &SETTINGS, &Ours)));
