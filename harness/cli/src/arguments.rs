//! Decides what the command line can say.

mod adapters;
mod compare;
mod enumerate;
mod explain;
mod explore;
mod mutants;
mod operations;
mod power;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use kms_conformance::model::Dialect;

pub use adapters::{EvaluatorsArguments, InitArguments, Language, SmokeArguments};
pub use compare::{CompareArguments, ScoreboardArguments};
pub use enumerate::EnumerateArguments;
pub use explain::{ExplainArguments, FactsArguments};
pub use explore::{ExploreArguments, From, PromoteArguments};
pub use mutants::MutantsArguments;
pub use operations::{Kind, OperationsArguments, Whether};
pub use power::PowerArguments;

/// Judges programs that decide whether a key-management request is authorized, by a catalogue of documented rules.
///
/// Exit codes: 0 conformant, 1 not conformant, 2 bad input or usage, 3 an evaluator could not be run.
#[derive(Debug, Parser)]
#[command(name = "kms-conformance", version, arg_required_else_help = true)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Put the same questions to several evaluators, and show where they disagree
    Compare(CompareArguments),
    /// Show which requirements the checks cover, and how
    Coverage(CoverageArguments),
    /// Visit every world of a small alphabet, and say how many there are and what was found
    Enumerate(EnumerateArguments),
    /// List the adapters to evaluators by others, and how to install each
    Evaluators(EvaluatorsArguments),
    /// Ask one question, from options or from a JSON file, and show how the answer came about
    #[command(
        override_usage = "kms-conformance explain --caller CALLER --operation OPERATION [OPTIONS]\n       \
                                 kms-conformance explain FILE [OPTIONS]"
    )]
    Explain(Box<ExplainArguments>),
    /// Look for what no case asks: where evaluators disagree, and where one breaks a relation
    Explore(ExploreArguments),
    /// Write suites in their canonical form
    Fmt(FmtArguments),
    /// Print the index of all checks
    Index(IndexArguments),
    /// Write the skeleton of an evaluator that speaks the protocol
    Init(InitArguments),
    /// List the checks
    List(ListArguments),
    /// Sum up what cargo-mutants found, and fail where a mutant that no check noticed has no reason
    Mutants(MutantsArguments),
    /// Show what each KMS operation must be authorized for, or the condition keys
    Operations(OperationsArguments),
    /// Measure what the catalogue is worth: put it to evaluators that are broken on purpose
    Power(PowerArguments),
    /// Make a case of a finding, to be completed with what the documentation says
    Promote(PromoteArguments),
    /// Run the catalogue, or your own suites, against an evaluator
    Run(RunArguments),
    /// Print the schema of a format, or the table of features
    Schema(SchemaArguments),
    /// Run the installed adapters, and write what each evaluator meets and breaks into `reports/`
    Scoreboard(ScoreboardArguments),
    /// Answer questions on standard input, as the reference evaluator
    Serve,
    /// Show a check: policies, rule, source, and the answer with its trace
    Show(ShowArguments),
    /// Try a program that speaks the protocol, in a few questions, and say what is wrong
    Smoke(SmokeArguments),
}

/// Which evaluator is asked.
#[derive(Args, Clone, Debug)]
pub struct EvaluatorArguments {
    /// `reference`, `process:COMMAND` for a program that speaks the protocol, or the name of an installed adapter
    #[arg(long, default_value = "reference", value_name = "EVALUATOR")]
    pub evaluator: String,
    /// Seconds that a process may take for one answer
    #[arg(long, default_value_t = 10.0, value_name = "SECONDS")]
    pub timeout: f64,
    /// Memory that each process may write to, in MiB
    #[arg(long, value_name = "MIB", value_parser = clap::value_parser!(u64).range(1..))]
    pub evaluator_memory: Option<u64>,
    /// Seconds of processor time that each process may use in all
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..))]
    pub evaluator_cpu: Option<u64>,
    /// Failures of a process in a row, without an answer between them, after which nothing more is asked
    #[arg(long, default_value_t = 50, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub evaluator_failures: u16,
}

impl EvaluatorArguments {
    /// An evaluator, with everything else as if nothing were said.
    pub fn new(evaluator: &str) -> Self {
        Self {
            evaluator: evaluator.to_owned(),
            timeout: 10.0,
            evaluator_memory: None,
            evaluator_cpu: None,
            evaluator_failures: 50,
        }
    }
}

/// Which checks are looked at.
#[derive(Args, Clone, Debug)]
pub struct SelectArguments {
    /// A directory of your own suites, in place of the built-in catalogue
    #[arg(value_name = "SUITES")]
    pub suites: Option<PathBuf>,
    /// Only checks whose id matches, with `*` and `?`; may be repeated
    #[arg(long, value_name = "GLOB")]
    pub filter: Vec<String>,
    #[command(flatten)]
    pub dialect: DialectArguments,
}

/// Which dialect is looked at.
#[derive(Args, Clone, Copy, Debug)]
pub struct DialectArguments {
    /// Only this dialect
    #[arg(long, default_value = "all", value_name = "DIALECT")]
    pub dialect: Dialects,
}

/// A dialect, or all.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub enum Dialects {
    /// Every dialect
    All,
    /// AWS KMS with IAM
    Aws,
    /// Alibaba Cloud RAM on KMS
    Ram,
}

impl Dialects {
    /// The one dialect, if it is one.
    pub fn one(self) -> Option<Dialect> {
        match self {
            Self::All => None,
            Self::Aws => Some(Dialect::Aws),
            Self::Ram => Some(Dialect::Ram),
        }
    }

    /// Whether that dialect is among them.
    pub fn has(self, dialect: Dialect) -> bool {
        self.one().is_none_or(|one| one == dialect)
    }
}

/// `run`
#[derive(Args, Debug)]
pub struct RunArguments {
    #[command(flatten)]
    pub select: SelectArguments,
    #[command(flatten)]
    pub evaluator: EvaluatorArguments,
    /// How the report is written
    #[arg(long, default_value = "human")]
    pub format: Format,
    /// What a line of the table is
    #[arg(long, default_value = "topic")]
    pub by: By,
    /// Where the report goes; standard output by default
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Evaluators at work at once; one for each core by default
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub jobs: Option<u16>,
    /// A file of known differences, which do not fail the run
    #[arg(long, value_name = "FILE")]
    pub known: Option<PathBuf>,
    /// Bring a file of known differences up to date, or make it: new failures are added, what no longer holds is dropped,
    /// and what people wrote is kept
    #[arg(long, value_name = "FILE", conflicts_with = "known")]
    pub write_known: Option<PathBuf>,
    /// Fail if more than this share of the checks is skipped, in percent
    #[arg(long, value_name = "PERCENT")]
    pub max_skipped: Option<f64>,
    /// Failures that are shown in full; 0 shows all
    #[arg(long, default_value_t = 20, value_name = "N")]
    pub failures: usize,
    /// Seconds after which an evaluator in this process counts as hanging
    #[arg(long, default_value_t = 120.0, value_name = "SECONDS")]
    pub watchdog: f64,
}

/// `list`
#[derive(Args, Debug)]
pub struct ListArguments {
    #[command(flatten)]
    pub select: SelectArguments,
    /// How the list is written
    #[arg(long, default_value = "human")]
    pub format: Format,
}

/// `show`
#[derive(Args, Debug)]
pub struct ShowArguments {
    /// The id of a check, or of a requirement
    #[arg(value_name = "ID")]
    pub id: String,
    /// The directory of the suite, if it is your own
    #[arg(long, value_name = "DIR")]
    pub suites: Option<PathBuf>,
    #[command(flatten)]
    pub dialect: DialectArguments,
    #[command(flatten)]
    pub evaluator: EvaluatorArguments,
    /// Print the question only, as JSON
    #[arg(long)]
    pub question: bool,
}

/// `schema`
#[derive(Args, Debug)]
pub struct SchemaArguments {
    /// What the schema is of
    #[arg(value_name = "FORMAT")]
    pub of: SchemaOf,
}

/// `coverage`
#[derive(Args, Debug)]
pub struct CoverageArguments {
    /// A directory of your own suites, in place of the built-in catalogue
    #[arg(value_name = "SUITES")]
    pub suites: Option<PathBuf>,
    #[command(flatten)]
    pub dialect: DialectArguments,
    /// Which combinations of operator, set operator, IfExists, key in the request, effect and layer are shown, instead
    #[arg(long)]
    pub combinations: bool,
    /// A question, or a directory of questions, in place of the catalogue
    #[arg(long, value_name = "PATH", requires = "combinations", conflicts_with = "suites")]
    pub questions: Option<PathBuf>,
    /// How the coverage is written
    #[arg(long, default_value = "human")]
    pub format: Format,
}

/// `index`
#[derive(Args, Debug)]
pub struct IndexArguments {
    /// A directory of your own suites, in place of the built-in catalogue
    #[arg(value_name = "SUITES")]
    pub suites: Option<PathBuf>,
}

/// `fmt`
#[derive(Args, Debug)]
pub struct FmtArguments {
    /// Suites, or directories of suites
    #[arg(value_name = "PATH", required = true)]
    pub paths: Vec<PathBuf>,
    /// Write nothing; exit with 1 if a file is not in canonical form
    #[arg(long)]
    pub check: bool,
}

/// How a report is written.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub enum Format {
    /// For people
    #[value(alias = "text")]
    Human,
    /// One JSON value
    Json,
    /// A line of JSON for each check
    Jsonl,
}

/// What a line of the table of a run is.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub enum By {
    /// A requirement that is broken, with the most false allows first
    Requirement,
    /// A topic of the catalogue
    Topic,
}

/// The formats that have a schema.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub enum SchemaOf {
    /// The file that names the adapters of a folder
    Adapters,
    /// What an evaluator answers
    Answer,
    /// The report of `coverage --combinations --format json`
    Combinations,
    /// The line that asks an evaluator a question
    Ask,
    /// The last line to an evaluator
    Bye,
    /// The report of `compare --format json`
    Comparison,
    /// What `operations --condition-keys --format json` prints
    ConditionKeys,
    /// The report of `coverage --format json`
    Coverage,
    /// What an evaluator says of itself
    Description,
    /// The report of `enumerate --format json`
    Enumeration,
    /// What `evaluators --format json` prints
    Evaluators,
    /// Not a schema: the features, and what each is
    Features,
    /// What `explore` writes of what it finds
    Finding,
    /// The identities that suites share
    Fixtures,
    /// The first line to an evaluator
    Hello,
    /// The known differences of an evaluator
    Known,
    /// What `operations --format json` prints
    Operations,
    /// The report of `power --format json`
    Power,
    /// A question
    Question,
    /// The line that answers a question
    Reply,
    /// The report of `run --format json`
    Run,
    /// What `scoreboard` writes for machines
    Scoreboard,
    /// The report of `smoke --format json`
    Smoke,
    /// A suite
    Suite,
}
