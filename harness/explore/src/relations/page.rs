//! Decides what the page of relations says: `RELATIONS.md`, written from the tables.

use std::fmt::Write as _;

use kms_model::Dialect;

use super::{Relation, of};

const HEAD: &str = "\
# Relations

What must hold between the answers of one evaluator to related questions, whatever it answers: no other evaluator is
needed to check it. Each relation varies a question and says how the answers go together; it rests on requirements of
the catalogue. A relation marked *observes* rests on what the documentation leaves open: an evaluator that departs from it is
told of, and not failed.

A meter counts for each relation on how many questions its premise held, and how often the answers told something: how
often they were not all what an evaluator answers that never finds anything. A run in which either is near zero fails:
after 2,000 answered questions of a dialect fewer than 1 in 1,000 for the premise, or fewer than 1 in 200 of at least 400
instances that tell something. A relation about what the evaluator has no place for is not asked, and fails nothing; the
report says which features it needs.

This page is written from the tables in `src/relations`; `cargo test -p kms-explore` holds it current, and
`BLESS=1 cargo test -p kms-explore --test relations` writes it anew.
";

/// The page of relations.
pub fn page() -> String {
    let mut page = HEAD.to_owned();
    for (dialect, title) in [(Dialect::Aws, "AWS"), (Dialect::Ram, "Alibaba Cloud RAM")] {
        let _ = write!(page, "\n## {title}\n\n| relation | why it holds | rests on |\n| --- | --- | --- |\n");
        for relation in of(dialect) {
            let Relation { name, why, rests_on, observes, .. } = relation;
            let observes = if *observes { " (*observes*)" } else { "" };
            let rests_on: Vec<_> = rests_on.iter().map(|id| format!("`{id}`")).collect();
            let _ = writeln!(page, "| `{name}`{observes} | {why} | {} |", rests_on.join(", "));
        }
    }
    page
}
