use std::sync::LazyLock;

use kms_conformance::Catalogue;
use kms_explore::Random;
use kms_explore::relations::{Meters, Outcome};
use kms_model::{Dialect, Evaluator, Question};
use kms_reference::Reference;

static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::builtin().unwrap());

/// Questions of the catalogue: one in so many.
fn questions(dialect: Dialect, one_in: usize) -> Vec<Question> {
    let reference = Reference::new();
    let checks = CATALOGUE.checks().iter().filter(|check| check.question_for(reference.description()).dialect == dialect).step_by(one_in);
    checks.map(|check| check.question_for(reference.description())).collect()
}

#[test]
fn all_of_the_catalogue() {
    let mut meters = Meters::new();
    let mut choices = Random::new(std::env::var("SEED").ok().and_then(|x| x.parse().ok()).unwrap_or(1));
    for dialect in [Dialect::Aws, Dialect::Ram] {
        let mut shown = std::collections::BTreeMap::new();
        let started = std::time::Instant::now();
        let mut reference = Reference::new();
        for question in questions(dialect, 1) {
            let before = reference.answer(&question);
            meters.check(&question, &before, &mut reference, &mut choices, &mut |relation, outcome| {
                if let Outcome::Broken(breach) = outcome {
                    let shown = shown.entry(relation.name).or_insert(0);
                    *shown += 1;
                    if *shown <= 2 {
                        println!("{breach}\n");
                    }
                }
            });
        }
        println!("{}{:?}", meters.table(dialect), started.elapsed());
    }
    for (relation, why) in meters.starved() {
        println!("{} {why}", relation.name);
    }
}
