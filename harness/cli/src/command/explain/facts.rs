//! Decides which dialect the facts on the command line are of, and how what both dialects have alike is read: they are
//! written down as a suite of one check, and the loader makes the question, as it does for every other suite.

use std::path::{Path, PathBuf};

use kms_conformance::Catalogue;
use kms_conformance::model::{Dialect, Question};
use serde_json::Value;

use super::request::Texts;
use super::{aws, ram};
use crate::Stop;
use crate::arguments::FactsArguments;
use crate::command::files::{Files, Source};

/// The question, and which parts of it came from which file. Of facts that make no question, everything wrong is told
/// at once.
pub fn question(facts: &FactsArguments) -> Result<(Question, Files), Stop> {
    let dialect = dialect(facts).map_err(Stop::input)?;
    let mut told = Told { facts, dialect, files: Files::default(), problems: Vec::new() };
    told.only_of_the_dialect();
    let question = match dialect {
        Dialect::Ram => ram::question(&mut told)?,
        _ => aws::question(&mut told)?,
    };
    match question {
        Some(question) if told.problems.is_empty() => Ok((question, told.files)),
        _ => Err(Stop::input(told.problems.join("\n"))),
    }
}

/// The dialect that is said or that the caller's name is of; otherwise the key's, and AWS if there is none either.
fn dialect(facts: &FactsArguments) -> Result<Dialect, String> {
    let caller = facts.caller.as_deref().unwrap_or_default();
    let of_arn = |text: &str| match text.split(':').next() {
        Some("acs") => Some(Dialect::Ram),
        Some("arn") => Some(Dialect::Aws),
        _ => None,
    };
    let of_caller = match caller.strip_prefix("service:") {
        Some(name) if name.ends_with(".aliyuncs.com") => Some(Dialect::Ram),
        Some(name) if name.contains(".amazonaws.com") => Some(Dialect::Aws),
        _ => of_arn(caller),
    };
    match (facts.dialect, of_caller) {
        (Some(said), Some(of_caller)) if said != of_caller => Err(format!(
            "`--dialect` is `{}`, but the caller `{caller}` is of the {} dialect",
            said.word(),
            of_caller.word()
        )),
        (said, of_caller) => {
            let of_key = || facts.key.as_deref().and_then(of_arn);
            Ok(said.or(of_caller).or_else(of_key).unwrap_or(Dialect::Aws))
        }
    }
}

/// What the command line tells, and what of it is wrong.
pub struct Told<'a> {
    /// The options.
    pub facts: &'a FactsArguments,
    /// The dialect of the request.
    pub dialect: Dialect,
    /// Which parts of the question came from which file.
    pub files: Files,
    /// What is wrong, a line each.
    pub problems: Vec<String>,
}

impl Told<'_> {
    /// Says what is wrong.
    pub fn problem(&mut self, message: impl Into<String>) {
        self.problems.push(message.into());
    }

    /// Refuses options about what only the other dialect has.
    fn only_of_the_dialect(&mut self) {
        let facts = self.facts;
        let (aws, ram) = (Dialect::Aws, Dialect::Ram);
        let out = "leave it out";
        for (of, option, given, instead) in [
            (aws, "--boundary", facts.boundary.is_some(), out),
            (aws, "--role-path", facts.role_path.is_some(), out),
            (aws, "--scp", !facts.scp.is_empty(), "give control policies by `--control-policy`"),
            (aws, "--rcp", !facts.rcp.is_empty(), "give control policies by `--control-policy`"),
            (aws, "--endpoint-policy", facts.endpoint_policy.is_some(), out),
            (aws, "--grant", !facts.grant.is_empty(), out),
            (
                aws,
                "--encryption-context",
                !facts.encryption_context.is_empty(),
                "give the condition key by `--context kms:EncryptionContext:KEY=VALUE`",
            ),
            (aws, "--via", !facts.via.is_empty(), out),
            (ram, "--control-policy", !facts.control_policy.is_empty(), "give `--scp` or `--rcp`"),
            (ram, "--secret", facts.secret.is_some(), out),
            (ram, "--secret-policy", facts.secret_policy.is_some(), out),
            (ram, "--secret-key", facts.secret_key.is_some(), out),
        ] {
            if given && of != self.dialect {
                let (of, own) = (of.word(), self.dialect.word());
                self.problem(format!(
                    "`{option}` is of the {of} dialect, and the request of the {own} dialect: {instead}"
                ));
            }
        }
    }

    /// A file, which becomes the part of the question at `pointer`.
    pub fn source(&mut self, path: &Path, pointer: String) -> Option<Source> {
        match Source::file(path) {
            Ok(source) => {
                self.files.insert(pointer, source.clone());
                Some(source)
            }
            Err(problem) => {
                self.problem(problem);
                None
            }
        }
    }

    /// The policy in a file: its exact text; for a question that people read, the object, where that is the same.
    pub fn policy(&mut self, path: &Path, pointer: String) -> Option<Value> {
        // Printing a document anew could make it shorter than the least length that a dialect refuses: that of a key
        // policy, and of a session policy of RAM.
        let readable = if self.dialect == Dialect::Ram { 2_048 } else { 32_768 };
        let source = self.source(path, pointer)?;
        let same = source.node.is_portable()
            && source.node.get("Statement").is_some()
            && source.text.len() <= readable;
        match serde_json::from_str(&source.text) {
            Ok(object) if self.facts.print_question && same => Some(object),
            _ => Some(Value::String(source.text)),
        }
    }

    /// The policies in some files; `pointer` tells where in the question each becomes a part.
    pub fn policies(&mut self, paths: &[PathBuf], pointer: impl Fn(usize) -> String) -> Vec<Value> {
        let numbered = paths.iter().enumerate();
        numbered.filter_map(|(index, path)| self.policy(path, pointer(index))).collect()
    }

    /// The question that a suite asks, unless something is wrong.
    pub fn ask(&mut self, texts: Texts) -> Option<Question> {
        if !self.problems.is_empty() {
            return None;
        }
        let (text, places) = texts.suite(self.dialect);
        match Catalogue::from_text("explain.json", &text) {
            Ok(catalogue) => catalogue.checks().first().map(|check| check.question.clone()),
            Err(error) => {
                self.problems.extend(error.0.iter().map(|problem| places.tell(problem)));
                None
            }
        }
    }
}
