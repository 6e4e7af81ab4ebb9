//! The command kms-conformance: wires the catalogue, the reference evaluator and the reports.

mod arguments;
mod command;
mod evaluator;
mod serve;
mod style;
mod usage;

use std::process::ExitCode;

use clap::Parser;

use arguments::{Arguments, Command};

/// Explorations are a third faster than with the allocator of glibc, and `serve` a quarter.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            let given: Vec<_> = std::env::args().skip(1).collect();
            let Some(message) = usage::conflict(&error, &given) else { error.exit() };
            anstream::eprintln!("{}", style::error(&message));
            return ExitCode::from(2);
        }
    };
    let outcome = match &arguments.command {
        Command::Compare(arguments) => command::compare::exec(arguments),
        Command::Coverage(arguments) => command::coverage::exec(arguments),
        Command::Enumerate(arguments) => command::enumerate::exec(arguments),
        Command::Evaluators(arguments) => command::evaluators::exec(arguments),
        Command::Explain(arguments) => command::explain::exec(arguments),
        Command::Explore(arguments) => command::explore::exec(arguments),
        Command::Fmt(arguments) => command::fmt::exec(arguments),
        Command::Index(arguments) => command::index::exec(arguments),
        Command::Init(arguments) => command::init::exec(arguments),
        Command::List(arguments) => command::list::exec(arguments),
        Command::Mutants(arguments) => command::mutants::exec(arguments),
        Command::Operations(arguments) => command::operations::exec(arguments),
        Command::Power(arguments) => command::power::exec(arguments),
        Command::Promote(arguments) => command::promote::exec(arguments),
        Command::Run(arguments) => command::run::exec(arguments),
        Command::Schema(arguments) => command::schema::exec(arguments),
        Command::Scoreboard(arguments) => command::scoreboard::exec(arguments),
        Command::Serve => command::serve::exec(),
        Command::Show(arguments) => command::show::exec(arguments),
        Command::Smoke(arguments) => command::smoke::exec(arguments),
    };
    outcome.unwrap_or_else(|stop| {
        anstream::eprintln!("{}", style::error(&stop.message));
        ExitCode::from(stop.code)
    })
}

/// Why a command stops before its end, and with which exit code.
struct Stop {
    code: u8,
    message: String,
}

impl Stop {
    /// Bad input or usage.
    fn input(message: impl ToString) -> Self {
        Self { code: 2, message: message.to_string() }
    }

    /// An evaluator that could not be run.
    fn evaluator(message: impl ToString) -> Self {
        Self { code: 3, message: message.to_string() }
    }
}
