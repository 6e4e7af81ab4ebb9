//! How long a question takes to generate, and to generate and answer.

use divan::counter::ItemsCount;
use divan::{Bencher, black_box};
use kms_explore::{Random, Settings, question};
use kms_model::{Dialect, Evaluator};
use kms_reference::Reference;

fn main() {
    divan::main();
}

const DIALECTS: [&str; 2] = ["aws", "ram"];

fn dialect(word: &str) -> Dialect {
    if word == "ram" { Dialect::Ram } else { Dialect::Aws }
}

/// Many at a time, since they differ in size.
const MANY: usize = 1_000;

#[divan::bench(args = DIALECTS)]
fn generate(bencher: Bencher<'_, '_>, word: &str) {
    let settings = Settings::default();
    let mut random = Random::new(1);
    bencher.counter(ItemsCount::new(MANY)).bench_local(|| {
        for _ in 0..MANY {
            black_box(question(dialect(word), &mut random, &settings));
        }
    });
}

#[divan::bench(args = DIALECTS)]
fn generate_and_answer(bencher: Bencher<'_, '_>, word: &str) {
    let settings = Settings::default();
    let mut random = Random::new(1);
    let mut evaluator = Reference::new();
    bencher.counter(ItemsCount::new(MANY)).bench_local(|| {
        for _ in 0..MANY {
            let asked = question(dialect(word), &mut random, &settings);
            black_box(evaluator.answer(&asked));
        }
    });
}
