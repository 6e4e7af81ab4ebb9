//! `coverage`: decides how the coverage of the requirements is shown.

mod combinations;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::process::ExitCode;

use comfy_table::{CellAlignment, Table, presets};
use kms_conformance::coverage::{Coverage, Standing, coverage};

use super::{of_dialect, print};
use crate::arguments::{CoverageArguments, Format};
use crate::{Stop, style};

/// Shows the coverage; a requirement that is not covered fails.
pub fn exec(arguments: &CoverageArguments) -> Result<ExitCode, Stop> {
    if arguments.combinations {
        return combinations::exec(arguments);
    }
    let coverage = coverage(&of_dialect(arguments.suites.as_deref(), arguments.dialect.dialect.one())?);
    match arguments.format {
        Format::Human => print(&human(&coverage)),
        Format::Json => {
            let value = serde_json::to_value(&coverage).map_err(Stop::input)?;
            print(&format!("{value:#}\n"));
        }
        Format::Jsonl => {
            for requirement in &coverage.requirements {
                print(&format!("{}\n", serde_json::to_string(requirement).map_err(Stop::input)?));
            }
        }
    }
    Ok(ExitCode::from(u8::from(coverage.summary.uncovered > 0)))
}

fn human(coverage: &Coverage) -> String {
    let summary = &coverage.summary;
    let mut text = format!(
        "{} requirements: {} covered, {} observed, {} untested, {} uncovered\n\n",
        summary.requirements, summary.covered, summary.observed, summary.untested, summary.uncovered
    );
    let mut topics: BTreeMap<&str, [usize; 4]> = BTreeMap::new();
    for requirement in &coverage.requirements {
        let [covered, observed, untested, uncovered] = topics.entry(&requirement.topic).or_default();
        *match requirement.standing() {
            Standing::Covered => covered,
            Standing::Observed => observed,
            Standing::Untested => untested,
            Standing::Uncovered => uncovered,
        } += 1;
    }
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table.set_header(["topic", "covered", "observed", "untested", "uncovered"]);
    for (topic, counts) in topics {
        let mut row = vec![topic.to_owned()];
        row.extend(counts.map(|count| if count == 0 { "-".to_owned() } else { count.to_string() }));
        table.add_row(row);
    }
    table.column_iter_mut().skip(1).for_each(|column| column.set_cell_alignment(CellAlignment::Right));
    let _ = writeln!(text, "{table}");
    for requirement in coverage.requirements.iter().filter(|r| r.standing() == Standing::Uncovered) {
        let lack = match (requirement.grants, requirement.refuses) {
            (0, 0) => "no check".to_owned(),
            (0, _) => "no check grants".to_owned(),
            (_, 0) => "no check refuses".to_owned(),
            _ => "no pair of a check that grants and one that refuses differs in at most four leaves"
                .to_owned(),
        };
        let _ = writeln!(text, "{} {}: {lack}", style::bad("uncovered"), requirement.id);
    }
    text
}
