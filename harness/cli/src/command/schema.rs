//! `schema`: prints the form of a file or message, as it stands in `spec-cases/schema/`.

use std::process::ExitCode;

use comfy_table::{ContentArrangement, Table, presets};
use kms_conformance::model::Feature;
use kms_conformance::schema;
use kms_explore::finding;

use super::print;
use crate::Stop;
use crate::arguments::{SchemaArguments, SchemaOf};

/// Prints a schema.
pub fn exec(arguments: &SchemaArguments) -> Result<ExitCode, Stop> {
    let schema = match arguments.of {
        SchemaOf::Adapters => schema::adapters(),
        SchemaOf::Answer => schema::answer(),
        SchemaOf::Ask => schema::ask(),
        SchemaOf::Bye => schema::bye(),
        SchemaOf::Combinations => schema::combinations(),
        SchemaOf::Comparison => schema::comparison(),
        SchemaOf::ConditionKeys => schema::condition_keys(),
        SchemaOf::Coverage => schema::coverage(),
        SchemaOf::Description => schema::description(),
        SchemaOf::Enumeration => schema::enumeration(),
        SchemaOf::Evaluators => schema::evaluators(),
        SchemaOf::Features => {
            let mut table = Table::new();
            table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
            table.set_header(["feature", "the input"]);
            for feature in Feature::ALL {
                table.add_row([feature.word(), feature.about()]);
            }
            print(&format!("{table}\n"));
            return Ok(ExitCode::SUCCESS);
        }
        SchemaOf::Finding => finding::schema(),
        SchemaOf::Fixtures => schema::fixtures(),
        SchemaOf::Hello => schema::hello(),
        SchemaOf::Known => schema::known(),
        SchemaOf::Operations => schema::operations(),
        SchemaOf::Power => schema::power(),
        SchemaOf::Question => schema::question(),
        SchemaOf::Reply => schema::reply(),
        SchemaOf::Run => schema::run(),
        SchemaOf::Scoreboard => schema::scoreboard(),
        SchemaOf::Smoke => schema::smoke(),
        SchemaOf::Suite => schema::suite(),
    };
    print(&format!("{schema:#}\n"));
    Ok(ExitCode::SUCCESS)
}
