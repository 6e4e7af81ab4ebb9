//! `list`: decides how the checks are listed.

use std::process::ExitCode;

use comfy_table::{ContentArrangement, Table, presets};
use kms_conformance::report;

use super::{print, select};
use crate::Stop;
use crate::arguments::{Format, ListArguments};

/// Lists the checks.
pub fn exec(arguments: &ListArguments) -> Result<ExitCode, Stop> {
    let catalogue = select(&arguments.select)?;
    let list = report::list(&catalogue);
    match arguments.format {
        Format::Json => print(&format!("{list:#}\n")),
        Format::Jsonl => {
            let lines = list.as_array().into_iter().flatten();
            print(&lines.map(|line| format!("{line}\n")).collect::<String>());
        }
        Format::Human => {
            let mut table = Table::new();
            table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
            table.set_header(["check", "expectation", "requirements"]);
            for check in catalogue.checks() {
                table.add_row([
                    check.id.clone(),
                    check.expectation.to_string(),
                    check.requirements.join(" "),
                ]);
            }
            print(&format!("{table}\n{} checks\n", catalogue.checks().len()));
        }
    }
    Ok(ExitCode::SUCCESS)
}
