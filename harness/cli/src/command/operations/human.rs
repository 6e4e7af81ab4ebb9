//! Decides how the tables of operations and condition keys are written for people: those of each dialect under its heading.

use std::fmt::Write as _;

use comfy_table::{ContentArrangement, Table, presets};
use kms_conformance::model::Dialect;
use kms_conformance::model::keys;
use kms_conformance::model::ram::keys as ram_keys;
use kms_conformance::tables::{
    self, AuthorizationRow, ConditionKeyRow, ConditionKeys, OperationRow, Operations,
};

use super::Chosen;
use crate::style;

/// The most operations that are listed with a condition key; of more, their number is shown.
const LISTED: usize = 4;

/// A table of operations.
pub fn all(operations: &Operations) -> String {
    let section = |dialect: Dialect, source: &str| {
        let own = operations.operations.iter().filter(|row| row.dialect == dialect);
        let (rows, count) = match dialect {
            Dialect::Ram => ram_operations(own),
            _ => aws_operations(own),
        };
        let count = counted(count, "operation");
        let note = match dialect {
            Dialect::Ram => "`kms:tag`: whether requests have the tags of their key",
            _ => "`iam` on a key: where the key policy lets IAM policies decide",
        };
        format!("{rows}\n{count}, each with all that it needs; {note}\n{}\n", cited(source))
    };
    sections(operations.sources.iter().map(|(dialect, source)| (*dialect, section(*dialect, source))))
}

/// The operations of one name, with their condition keys.
pub fn one(operations: &Operations, chosen: &Chosen) -> String {
    let shown = |row: &OperationRow| {
        let mut text = format!("{}\n", style::heading(row.name));
        for authorization in &row.authorizations {
            let _ = writeln!(text, "  {}", needed(authorization));
        }
        for (name, whether) in [("cross-account", row.cross_account), ("grantable", row.grantable)] {
            if let Some(whether) = whether {
                let _ = writeln!(text, "  {name}: {}", yes_no(whether));
            }
        }
        let _ = writeln!(text, "\n{}", own_keys(row.dialect, chosen));
        let source = operations.sources.get(&row.dialect).copied().unwrap_or_default();
        let _ = writeln!(text, "{}", cited(source));
        (row.dialect, text)
    };
    sections(operations.operations.iter().map(shown))
}

/// A table of condition keys.
pub fn keys(keys: &ConditionKeys) -> String {
    let section = |dialect: Dialect, source: &str| {
        let own: Vec<_> = keys.condition_keys.iter().filter(|row| row.dialect == dialect).collect();
        let mut header = headers(dialect);
        header.push("operations");
        let mut rows = table(&header);
        for key in &own {
            let operations = match &key.operations {
                None if key.requests == "every" => "every request".to_owned(),
                None => "not told".to_owned(),
                Some(names) if names.len() > LISTED => counted(names.len(), "operation"),
                Some(names) => names.join(" "),
            };
            let mut cells = cells(key);
            cells.push(operations);
            rows.add_row(cells);
        }
        format!(
            "{}\n{}; `operations --condition-key KEY` lists the operations of one\n{}\n",
            trimmed(&rows),
            counted(own.len(), "condition key"),
            cited(source)
        )
    };
    sections(keys.sources.iter().map(|(dialect, source)| (*dialect, section(*dialect, source))))
}

/// The texts of dialects, each under its heading.
fn sections(texts: impl Iterator<Item = (Dialect, String)>) -> String {
    let heading = |dialect| match dialect {
        Dialect::Ram => "Alibaba Cloud KMS (ram)",
        _ => "AWS KMS (aws)",
    };
    let texts: Vec<_> =
        texts.map(|(dialect, text)| format!("{}\n{text}", style::heading(heading(dialect)))).collect();
    texts.join("\n")
}

fn aws_operations<'a>(operations: impl Iterator<Item = &'a OperationRow>) -> (String, usize) {
    let mut rows = table(&["operation", "action", "on", "can be allowed by", "cross-account", "grantable"]);
    let mut count = 0;
    for operation in operations {
        count += 1;
        for authorization in &operation.authorizations {
            rows.add_row([
                operation.name,
                authorization.action,
                &authorization.on,
                &authorization.policy_kinds.as_deref().unwrap_or_default().join(" "),
                yes_no(operation.cross_account == Some(true)),
                yes_no(operation.grantable == Some(true)),
            ]);
        }
    }
    (trimmed(&rows), count)
}

fn ram_operations<'a>(operations: impl Iterator<Item = &'a OperationRow>) -> (String, usize) {
    let mut rows = table(&["operation", "action", "on", "kms:tag"]);
    let mut count = 0;
    for operation in operations {
        count += 1;
        let has_tags = yes_no(operation.condition_keys.contains(&"kms:tag/*"));
        for authorization in &operation.authorizations {
            let on = match &*authorization.on {
                "secret-key" => "secret-key, if any",
                on => on,
            };
            rows.add_row([operation.name, authorization.action, on, has_tags]);
        }
    }
    (trimmed(&rows), count)
}

/// An authorization in words: what is needed on what, and by what it can be allowed, where that is told.
fn needed(authorization: &AuthorizationRow) -> String {
    let on = match &*authorization.on {
        "account" => "nothing that RAM guards: whoever is authenticated may".to_owned(),
        "none" => "no resource".to_owned(),
        "secret-key" => "the customer's key of the secret, if it is under one".to_owned(),
        "tagged" => "the key, secret or certificate that is named".to_owned(),
        on => match on.strip_suffix("-container") {
            Some(of) => format!("the {of} container of an account in a Region"),
            None => on.replace('-', " "),
        },
    };
    let text = format!("{} on {on}", authorization.action);
    let Some(kinds) = &authorization.policy_kinds else { return text };
    let kinds: Vec<_> = kinds
        .iter()
        .map(|kind| match (*kind, &*authorization.on) {
            ("key-policy", _) => "the key policy",
            ("iam", "alias" | "none") => "an IAM policy",
            ("iam", _) => "an IAM policy where the key policy lets IAM policies decide",
            _ => "a grant",
        })
        .collect();
    format!("{text}: {}", kinds.join(", "))
}

/// The condition keys of the chosen operation of a dialect, and how many every request may have besides.
fn own_keys(dialect: Dialect, chosen: &Chosen) -> String {
    let (own, every) = match dialect {
        Dialect::Ram => {
            let all = ram_keys::all().iter();
            let of_one = |key| chosen.ram.iter().any(|operation| operation.may_have(key) == Some(true));
            let own = all.clone().filter(|key| of_one(key) && !key.is_of_every_request());
            (tables::condition_keys([], own), all.filter(|key| key.is_of_every_request()).count())
        }
        _ => {
            let all = keys::all().iter();
            let of_one = |key| chosen.aws.iter().any(|operation| operation.may_have(key));
            let own = all.clone().filter(|key| of_one(key) && !key.is_of_every_request());
            (tables::condition_keys(own, []), all.filter(|key| key.is_of_every_request()).count())
        }
    };
    let mut text = String::new();
    let mut joint = "";
    if !own.condition_keys.is_empty() {
        let mut rows = table(&headers(dialect));
        for key in &own.condition_keys {
            rows.add_row(cells(key));
        }
        let _ = writeln!(text, "{}", trimmed(&rows));
        joint = "and ";
    }
    let _ = write!(text, "{joint}the {every} keys of every request: `operations --condition-keys`");
    if dialect == Dialect::Ram {
        let untold = ram_keys::all().iter().filter(|key| !key.is_of_every_request() && !key.is_of_tags());
        let names: Vec<_> = untold.map(|key| format!("`{}`", key.name)).collect();
        let _ = write!(text, "\nthe documentation does not say which operations have {}", names.join(", "));
    }
    text
}

/// What is shown of a condition key of that dialect.
fn headers(dialect: Dialect) -> Vec<&'static str> {
    match dialect {
        Dialect::Ram => vec!["condition key", "type", "values", "from"],
        _ => vec!["condition key", "type", "values", "policies", "from"],
    }
}

fn cells(key: &ConditionKeyRow) -> Vec<String> {
    let values = if key.multivalued { "multi" } else { "single" };
    let mut cells: Vec<_> = [key.name, key.kind, values].map(str::to_owned).into();
    cells.extend(key.policies.map(str::to_owned));
    cells.push(match (key.parameter, key.default) {
        (Some(parameter), Some(default)) => format!("parameter {parameter}, {default} by default"),
        (Some(parameter), None) => format!("parameter {parameter}"),
        (None, _) if key.from == "fact" => "fact".to_owned(),
        (None, _) => "context only".to_owned(),
    });
    cells
}

fn table(header: &[&str]) -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
    table.set_header(header);
    table
}

fn counted(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

fn yes_no(whether: bool) -> &'static str {
    if whether { "yes" } else { "no" }
}

fn cited(source: &str) -> String {
    style::quiet(&format!("source: {source}"))
}

/// The table without the blanks at the ends of its lines.
fn trimmed(table: &Table) -> String {
    table.to_string().lines().map(|line| format!("{}\n", line.trim_end())).collect()
}
