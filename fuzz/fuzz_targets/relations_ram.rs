//! Relations of the ram dialect: `kms_explore::targets::relations`, asked of `KMS_EVALUATOR`.
#![no_main]

use std::cell::RefCell;

use kms_conformance::model::Dialect;
use kms_explore::targets;
use kms_fuzz::Asked;

thread_local! {
    static ASKED: RefCell<Asked> = RefCell::new(Asked::named_by("KMS_EVALUATOR"));
}

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| ASKED.with_borrow_mut(|asked| {
    let evaluator = asked.evaluator.as_mut();
    kms_fuzz::hold(targets::relations(Dialect::Ram, bytes, &asked.settings, evaluator));
}));
