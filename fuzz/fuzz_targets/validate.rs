//! Every document of a question, accepted or rejected: `kms_explore::targets::validate`, asked of `KMS_EVALUATOR`.
#![no_main]

use std::cell::RefCell;

use kms_explore::targets;
use kms_fuzz::Asked;

thread_local! {
    static ASKED: RefCell<Asked> = RefCell::new(Asked::named_by("KMS_EVALUATOR"));
}

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| ASKED.with_borrow_mut(|asked| {
    kms_fuzz::hold(targets::validate(bytes, &asked.settings, asked.evaluator.as_mut()));
}));
