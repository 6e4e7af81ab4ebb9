//! Decides which evaluators the targets ask, and how a target says that something does not hold.

use std::env;

use kms_conformance::Process;
use kms_conformance::model::{Evaluator, Feature, Start};
use kms_explore::Settings;
use kms_explore::targets::Afresh;
use kms_reference::Reference;

/// An evaluator, and the settings that keep to what it has a place for.
pub struct Asked {
    /// The evaluator.
    pub evaluator: Box<dyn Evaluator>,
    /// The settings.
    pub settings: Settings,
}

impl Asked {
    /// The evaluator that the environment variable names, or else the reference.
    pub fn named_by(variable: &str) -> Self {
        let evaluator = named_by(variable, "reference");
        Self { settings: Settings::of(evaluator.description()), evaluator }
    }
}

/// Two evaluators, and the settings that keep to what both have a place for.
pub struct Compared {
    /// The evaluators.
    pub evaluators: [Box<dyn Evaluator>; 2],
    /// The settings.
    pub settings: Settings,
}

impl Compared {
    /// Those that `KMS_EVALUATOR` and `KMS_AGAINST` name, or else the reference against itself, asked in another way.
    pub fn named() -> Self {
        let evaluators = [named_by("KMS_EVALUATOR", "reference"), named_by("KMS_AGAINST", "afresh")];
        let mut settings = Settings::default();
        // Who does not know operations is asked part by part.
        let all = |feature: &Feature| evaluators.iter().all(|one| one.description().has(*feature));
        settings.features.retain(|feature| *feature == Feature::Operations || all(feature));
        Self { evaluators, settings }
    }
}

/// `reference`, `afresh` (the reference, asked in another way), or `process:COMMAND`.
fn named_by(variable: &str, default: &str) -> Box<dyn Evaluator> {
    let name = env::var(variable).unwrap_or_else(|_| default.to_owned());
    match name.split_once(':') {
        None if name == "reference" => Box::new(Reference::new()),
        None if name == "afresh" => Box::new(Afresh::new(Reference::new())),
        Some(("process", command)) => {
            let process = Process::parse(command).unwrap_or_else(|error| panic!("{variable}: {error}"));
            process.start().unwrap_or_else(|error| panic!("{variable}: {error}"))
        }
        _ => panic!("{variable}: no evaluator `{name}`; expected `reference`, `afresh` or `process:COMMAND`"),
    }
}

/// Ends the run, so that the fuzzer keeps the input, where something does not hold.
pub fn hold(held: Result<(), String>) {
    if let Err(message) = held {
        panic!("{message}");
    }
}
