//! Two evaluators, `KMS_EVALUATOR` against `KMS_AGAINST`: `kms_explore::targets::differential`.
#![no_main]

use std::cell::RefCell;

use kms_explore::targets;
use kms_fuzz::Compared;

thread_local! {
    static COMPARED: RefCell<Compared> = RefCell::new(Compared::named());
}

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| COMPARED.with_borrow_mut(|compared| {
    kms_fuzz::hold(targets::differential(bytes, &compared.settings, &mut compared.evaluators));
}));
