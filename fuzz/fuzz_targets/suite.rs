//! Suites: `kms_explore::targets::suite` over the loader.
#![no_main]

use kms_conformance::Catalogue;
use kms_explore::targets::{self, Ours};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    kms_fuzz::hold(targets::suite(
        bytes,
        &mut |text| match Catalogue::from_text("aws/fuzz/suite.json", text) {
            Ok(catalogue) => Ok(catalogue.checks().iter().map(|check| check.question.clone()).collect()),
            Err(problems) => Err(problems.to_string()),
        },
        &Ours,
    ));
});
