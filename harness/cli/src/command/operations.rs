//! `operations`: decides which part of the tables of operations and condition keys is shown.

mod human;

use std::collections::BTreeSet;
use std::process::ExitCode;

use kms_conformance::model::Dialect;
use kms_conformance::model::keys::{self, ConditionKey};
use kms_conformance::model::operations::{self, KmsOperation, PolicyKind};
use kms_conformance::model::ram::keys::{self as ram_keys, RamKey};
use kms_conformance::model::ram::operations::{self as ram_operations, RamOperation};
use kms_conformance::tables;
use serde_json::Value;

use super::{near_name, print};
use crate::arguments::{Dialects, Format, Kind, OperationsArguments, Whether};
use crate::{Stop, style};

/// Operations of each dialect.
#[derive(Default)]
struct Chosen {
    aws: Vec<&'static KmsOperation>,
    ram: Vec<&'static RamOperation>,
}

/// Shows the operations, those of one name, or the condition keys.
pub fn exec(arguments: &OperationsArguments) -> Result<ExitCode, Stop> {
    let dialects = arguments.dialect.dialect;
    if arguments.condition_keys {
        let (aws, ram) = known_keys(dialects);
        let keys = tables::condition_keys(aws, ram);
        return write(serde_json::to_value(&keys), "condition-keys", arguments.format, || human::keys(&keys));
    }
    let chosen = match &arguments.name {
        Some(name) => named_in(name, dialects)?,
        None => selected(arguments)?,
    };
    let table = tables::operations(chosen.aws.iter().copied(), chosen.ram.iter().copied());
    write(serde_json::to_value(&table), "operations", arguments.format, || match arguments.name {
        Some(_) => human::one(&table, &chosen),
        None => human::all(&table),
    })
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

/// The operation of AWS KMS of that name, in any case; an action's name will do too.
pub fn named(name: &str) -> Result<&'static KmsOperation, Stop> {
    let chosen = named_in(name, Dialects::Aws)?;
    chosen.aws.first().copied().ok_or_else(|| unknown(name, Dialects::Aws))
}

/// The operation of Alibaba Cloud KMS of that name, likewise.
pub fn ram_named(name: &str) -> Result<&'static RamOperation, Stop> {
    let chosen = named_in(name, Dialects::Ram)?;
    chosen.ram.first().copied().ok_or_else(|| unknown(name, Dialects::Ram))
}

/// The operation of that name in each dialect that has it; in none is an error.
fn named_in(name: &str, dialects: Dialects) -> Result<Chosen, Stop> {
    let mut chosen = Chosen::default();
    if dialects.has(Dialect::Aws) {
        let by_name = operations::all().iter().find(|operation| operation.name.eq_ignore_ascii_case(name));
        chosen.aws.extend(by_name.or_else(|| operations::by_action(name)));
    }
    if dialects.has(Dialect::Ram) {
        let by_action = |operation: &&RamOperation| {
            operation.authorizations.iter().any(|(action, _)| action.eq_ignore_ascii_case(name))
        };
        let all = ram_operations::all();
        let by_name = all.iter().find(|operation| operation.name.eq_ignore_ascii_case(name));
        chosen.ram.extend(by_name.or_else(|| own_action(name).or_else(|| all.iter().find(by_action))));
    }
    if chosen.aws.is_empty() && chosen.ram.is_empty() {
        return Err(unknown(name, dialects));
    }
    Ok(chosen)
}

/// The operation of the ram dialect whose own action that is: GetSecretValue needs `kms:Decrypt` too.
fn own_action(action: &str) -> Option<&'static RamOperation> {
    let (_, name) = action.split_once(':').filter(|(service, _)| service.eq_ignore_ascii_case("kms"))?;
    ram_operations::all().iter().find(|operation| operation.name.eq_ignore_ascii_case(name))
}

fn unknown(name: &str, dialects: Dialects) -> Stop {
    let aws = operations::all().iter().map(|operation| (Dialect::Aws, operation.name));
    let ram = ram_operations::all().iter().map(|operation| (Dialect::Ram, operation.name));
    let (own, other): (Vec<_>, Vec<_>) = aws.chain(ram).partition(|(dialect, _)| dialects.has(*dialect));
    let of = dialects.one().map(|dialect| format!(" of the {} dialect", dialect.word())).unwrap_or_default();
    let name = name.strip_prefix("kms:").unwrap_or(name);
    if let Some((dialect, _)) = other.iter().find(|(_, other)| other.eq_ignore_ascii_case(name)) {
        return Stop::input(format!(
            "no KMS operation `{name}`{of}, but one of the {} dialect",
            dialect.word()
        ));
    }
    let names: BTreeSet<_> = own.into_iter().map(|(_, name)| name).collect();
    Stop::input(format!("no KMS operation `{name}`{of}{}", near_name(name, names.into_iter())))
}

/// The operations that the filters let through; none is an error.
fn selected(arguments: &OperationsArguments) -> Result<Chosen, Stop> {
    let of_aws_only = [
        ("--policy-kind", arguments.policy_kind.is_some()),
        ("--cross-account", arguments.cross_account.is_some()),
    ];
    let of_aws_only = of_aws_only.into_iter().find(|(_, given)| *given).map(|(option, _)| option);
    let mut dialects = arguments.dialect.dialect;
    if let Some(option) = of_aws_only {
        if dialects == Dialects::Ram {
            return Err(Stop::input(format!(
                "`{option}` is told of operations of the aws dialect only: leave it or `--dialect ram` out"
            )));
        }
        dialects = Dialects::Aws;
    }
    let wanted = arguments.condition_key.as_deref().map(|key| Key::named(key, dialects)).transpose()?;
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
            && wanted.as_ref().is_none_or(|key| key.aws.is_some_and(|key| operation.may_have(key)))
    };
    let ram_fits = |operation: &&RamOperation| {
        wanted.as_ref().is_none_or(|key| key.ram.is_some_and(|key| operation.may_have(key) == Some(true)))
    };
    let chosen = Chosen {
        aws: operations::all().iter().filter(|_| dialects.has(Dialect::Aws)).filter(fits).collect(),
        ram: ram_operations::all().iter().filter(|_| dialects.has(Dialect::Ram)).filter(ram_fits).collect(),
    };
    let untold = wanted.and_then(|key| key.ram).filter(|key| !key.is_of_every_request() && !key.is_of_tags());
    let untold = untold.map(|key| {
        format!("the documentation does not say which operations of the ram dialect have `{}`", key.name)
    });
    match (chosen.aws.is_empty() && chosen.ram.is_empty(), untold) {
        (true, Some(untold)) => return Err(Stop::input(untold)),
        (true, None) => return Err(Stop::input("no operation fits all filters")),
        (false, Some(untold)) => anstream::eprintln!("{}", style::warning(&untold)),
        (false, None) => {}
    }
    Ok(chosen)
}

/// A condition key in each dialect that has one of that name.
struct Key {
    aws: Option<&'static ConditionKey>,
    ram: Option<&'static RamKey>,
}

impl Key {
    fn named(name: &str, dialects: Dialects) -> Result<Self, Stop> {
        let aws = keys::by_name(name).filter(|_| dialects.has(Dialect::Aws));
        let ram = ram_keys::by_name(name).filter(|_| dialects.has(Dialect::Ram));
        if aws.is_none() && ram.is_none() {
            let (aws, ram) = known_keys(dialects);
            let names: BTreeSet<_> = aws.map(|key| key.name).chain(ram.map(|key| key.name)).collect();
            let near = near_name(name, names.into_iter());
            return Err(Stop::input(format!("no condition key `{name}`{near}")));
        }
        Ok(Self { aws, ram })
    }
}

/// The condition keys of the dialects.
fn known_keys(
    dialects: Dialects,
) -> (impl Iterator<Item = &'static ConditionKey>, impl Iterator<Item = &'static RamKey>) {
    let aws = keys::all().iter().filter(move |_| dialects.has(Dialect::Aws));
    let ram = ram_keys::all().iter().filter(move |_| dialects.has(Dialect::Ram));
    (aws, ram)
}
