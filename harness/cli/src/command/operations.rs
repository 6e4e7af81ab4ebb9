//! `operations`: decides how the tables of operations and condition keys are shown, and which part of them.

use std::fmt::Write as _;
use std::process::ExitCode;

use comfy_table::{ContentArrangement, Table, presets};
use kms_conformance::model::keys::{self, ConditionKey};
use kms_conformance::model::operations::{self, KmsOperation, PolicyKind};
use kms_conformance::tables::{self, ConditionKeyRow, ConditionKeys, Operations};
use serde_json::Value;

use super::{near_name, print};
use crate::arguments::{Format, Kind, OperationsArguments, Whether};
use crate::{Stop, style};

/// The most operations that are listed with a condition key; of more, their number is shown.
const LISTED: usize = 4;

/// Shows the operations, one of them, or the condition keys.
pub fn exec(arguments: &OperationsArguments) -> Result<ExitCode, Stop> {
    if arguments.condition_keys {
        let keys = tables::condition_keys(keys::all());
        return write(serde_json::to_value(&keys), "condition-keys", arguments.format, || human_keys(&keys));
    }
    if let Some(name) = &arguments.name {
        let operation = named(name)?;
        let one = tables::operations([operation]);
        return write(serde_json::to_value(&one), "operations", arguments.format, || {
            human_one(&one, operation)
        });
    }
    let chosen = tables::operations(selected(arguments)?);
    write(serde_json::to_value(&chosen), "operations", arguments.format, || human(&chosen))
}

/// Prints a table: as one value, as a line for each of its rows, or for people.
fn write(
    table: serde_json::Result<Value>,
    rows: &str,
    format: Format,
    human: impl Fn() -> String,
) -> Result<ExitCode, Stop> {
    let table = table.map_err(Stop::input)?;
    match format {
        Format::Human => print(&human()),
        Format::Json => print(&format!("{table:#}\n")),
        Format::Jsonl => {
            let rows = table.get(rows).and_then(Value::as_array).into_iter().flatten();
            print(&rows.map(|row| format!("{row}\n")).collect::<String>());
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The operation of that name, in any case; an action's name will do too.
pub fn named(name: &str) -> Result<&'static KmsOperation, Stop> {
    let all = operations::all();
    let found = all.iter().find(|operation| operation.name.eq_ignore_ascii_case(name));
    found.or_else(|| operations::by_action(name)).ok_or_else(|| {
        let names = all.iter().map(|operation| operation.name);
        Stop::input(format!("no KMS operation `{name}`{}", near_name(name.trim_start_matches("kms:"), names)))
    })
}

/// The operations that the filters let through; none is an error.
fn selected(arguments: &OperationsArguments) -> Result<Vec<&'static KmsOperation>, Stop> {
    let key = arguments.condition_key.as_deref().map(key_named).transpose()?;
    let kind = arguments.policy_kind.map(|kind| match kind {
        Kind::Grant => PolicyKind::Grant,
        Kind::Iam => PolicyKind::Iam,
        Kind::KeyPolicy => PolicyKind::KeyPolicy,
    });
    let fits = |operation: &&KmsOperation| {
        let by_kind = kind.is_none_or(|kind| {
            let targets = operation.authorizations.iter().map(|(_, target)| *target);
            targets.into_iter().any(|target| operation.policy_kinds(target).contains(&kind))
        });
        let account = arguments.cross_account.map(|whether| whether == Whether::Yes);
        by_kind
            && account.is_none_or(|wanted| operation.cross_account == wanted)
            && key.is_none_or(|key| operation.may_have(key))
    };
    let chosen: Vec<_> = operations::all().iter().filter(fits).collect();
    if chosen.is_empty() {
        return Err(Stop::input("no operation fits all filters"));
    }
    Ok(chosen)
}

fn key_named(name: &str) -> Result<&'static ConditionKey, Stop> {
    keys::by_name(name).ok_or_else(|| {
        let names = keys::all().iter().map(|key| key.name);
        Stop::input(format!("no condition key `{name}`{}", near_name(name, names)))
    })
}

fn table(header: &[&str]) -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
    table.set_header(header);
    table
}

fn yes_no(whether: bool) -> &'static str {
    if whether { "yes" } else { "no" }
}

fn human(operations: &Operations) -> String {
    let mut rows = table(&["operation", "action", "on", "can be allowed by", "cross-account", "grantable"]);
    for operation in &operations.operations {
        for authorization in &operation.authorizations {
            rows.add_row([
                operation.name,
                authorization.action,
                authorization.on,
                &authorization.policy_kinds.join(" "),
                yes_no(operation.cross_account),
                yes_no(operation.grantable),
            ]);
        }
    }
    let count = match operations.operations.len() {
        1 => "1 operation".to_owned(),
        count => format!("{count} operations"),
    };
    format!(
        "{}\n{count}, each with all that it needs; `iam` on a key: where the key policy lets IAM policies decide\n{}\n",
        trimmed(&rows),
        source(operations.source)
    )
}

fn human_one(operations: &Operations, of: &KmsOperation) -> String {
    let mut text = String::new();
    for operation in &operations.operations {
        let _ = writeln!(text, "{}", style::heading(operation.name));
        for authorization in &operation.authorizations {
            let on = match authorization.on {
                "none" => "no resource".to_owned(),
                on => on.replace('-', " "),
            };
            let kinds: Vec<_> = authorization
                .policy_kinds
                .iter()
                .map(|kind| match (*kind, authorization.on) {
                    ("key-policy", _) => "the key policy",
                    ("iam", "alias" | "none") => "an IAM policy",
                    ("iam", _) => "an IAM policy where the key policy lets IAM policies decide",
                    _ => "a grant",
                })
                .collect();
            let _ = writeln!(text, "  {} on {on}: {}", authorization.action, kinds.join(", "));
        }
        let _ = writeln!(text, "  cross-account: {}", yes_no(operation.cross_account));
        let _ = writeln!(text, "  grantable: {}\n", yes_no(operation.grantable));
    }
    let own = keys::all().iter().filter(|key| of.may_have(key) && !key.is_of_every_request());
    let own = tables::condition_keys(own);
    if !own.condition_keys.is_empty() {
        let mut rows = table(&["condition key", "type", "values", "policies", "from"]);
        for key in &own.condition_keys {
            rows.add_row([key.name, key.kind, values(key), key.policies, &from(key)]);
        }
        let _ = writeln!(text, "{}", trimmed(&rows));
    }
    let every = keys::all().iter().filter(|key| key.is_of_every_request()).count();
    let _ = writeln!(text, "and the {every} keys of every request: `operations --condition-keys`");
    let _ = writeln!(text, "{}", source(operations.source));
    text
}

fn human_keys(keys: &ConditionKeys) -> String {
    let mut rows = table(&["condition key", "type", "values", "policies", "from", "operations"]);
    for key in &keys.condition_keys {
        let operations = match &key.operations {
            None => "every request".to_owned(),
            Some(names) if names.len() > LISTED => format!("{} operations", names.len()),
            Some(names) => names.join(" "),
        };
        rows.add_row([key.name, key.kind, values(key), key.policies, &from(key), &operations]);
    }
    format!(
        "{}\n{} condition keys; `operations --condition-key KEY` lists the operations of one\n{}\n",
        trimmed(&rows),
        keys.condition_keys.len(),
        source(keys.source)
    )
}

fn values(key: &ConditionKeyRow) -> &'static str {
    if key.multivalued { "multi" } else { "single" }
}

fn from(key: &ConditionKeyRow) -> String {
    match (key.parameter, key.default) {
        (Some(parameter), Some(default)) => format!("parameter {parameter}, {default} by default"),
        (Some(parameter), None) => format!("parameter {parameter}"),
        (None, _) if key.from == "fact" => "fact".to_owned(),
        (None, _) => "context only".to_owned(),
    }
}

fn source(source: &str) -> String {
    style::quiet(&format!("source: {source}"))
}

/// The table without the blanks at the ends of its lines.
fn trimmed(table: &Table) -> String {
    table.to_string().lines().map(|line| format!("{}\n", line.trim_end())).collect()
}
