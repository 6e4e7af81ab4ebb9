//! Decides how an answer is explained: the same code that decides tells a witness of every statement and step.

use kms_model::Answer;
use kms_model::answer::{Layer as LayerTrace, StatementTrace, Trace};
use kms_model::policy::{Condition, Effect};
use kms_model::question::Caller;
use kms_model::ram::policy::{RamPrincipal, RamStatement};

use super::layers::Layer;
use super::principal::Reach;
use super::request::Request;
use super::statement::Mismatch;
use crate::told::{listed, outside, quoted};

/// Who is told how an answer comes about.
pub trait Witness: Default {
    /// A policy is looked at.
    fn layer(&mut self, layer: &Layer<'_>);
    /// A statement of it applies or does not.
    fn statement(
        &mut self,
        layer: &Layer<'_>,
        index: usize,
        found: Result<Reach, Mismatch>,
        request: &Request<'_>,
    );
    /// A step from the statements to the answer.
    fn step(&mut self, step: impl FnOnce() -> String);
    /// The answer, with what was told.
    fn told(self, answer: Answer) -> Answer;
}

/// Nobody asked.
impl Witness for () {
    fn layer(&mut self, _: &Layer<'_>) {}

    fn statement(&mut self, _: &Layer<'_>, _: usize, _: Result<Reach, Mismatch>, _: &Request<'_>) {}

    fn step(&mut self, _: impl FnOnce() -> String) {}

    fn told(self, answer: Answer) -> Answer {
        answer
    }
}

impl Witness for Trace {
    fn layer(&mut self, layer: &Layer<'_>) {
        self.layers.push(LayerTrace::new(layer.place.pointer(), layer.name()));
    }

    fn statement(
        &mut self,
        layer: &Layer<'_>,
        index: usize,
        found: Result<Reach, Mismatch>,
        request: &Request<'_>,
    ) {
        if let (Some(statement), Some(trace)) = (layer.compiled.read(index), self.layers.last_mut()) {
            let effect = match statement.effect {
                Effect::Allow => "Allow",
                Effect::Deny => "Deny",
            };
            let reason = match found {
                Ok(Reach::Account) => {
                    "everything matches; of the caller it names the account only".to_owned()
                }
                Ok(Reach::Itself) => "everything matches".to_owned(),
                Err(mismatch) => reason(statement, mismatch, layer, request),
            };
            let mut told = StatementTrace::new(index, effect, found.is_ok(), reason);
            told.sid = statement.sid.as_ref().map(|sid| sid.text.clone());
            trace.statements.push(told);
        }
    }

    fn step(&mut self, step: impl FnOnce() -> String) {
        self.steps.push(step());
    }

    fn told(self, answer: Answer) -> Answer {
        answer.trace(self)
    }
}

/// Why the statement does not apply.
fn reason(statement: &RamStatement, mismatch: Mismatch, layer: &Layer<'_>, request: &Request<'_>) -> String {
    let action = request.action;
    match mismatch {
        Mismatch::Action => outside("action", action, "Action", Some(&statement.action)),
        Mismatch::Condition(index) => match statement.conditions.get(index) {
            Some(condition) => unmet(condition, request),
            None => "a condition is not met".to_owned(),
        },
        Mismatch::OtherAccount => {
            format!("principals of other accounts can use a key, and `{action}` is more than that")
        }
        Mismatch::Principal => match &statement.principal {
            Some(element) => not_meant(element, request.caller),
            None => "it has no Principal, so it reaches nobody".to_owned(),
        },
        Mismatch::Resource => {
            outside("resource", &request.resource.arn, "Resource", statement.resource.as_ref())
        }
        Mismatch::WithoutEffect => format!("a {} has no effect on `{action}`", layer.name()),
    }
}

/// That the caller is not among the principals.
fn not_meant(element: &RamPrincipal, caller: &Caller) -> String {
    let name = caller.arn.as_deref().or(caller.service.as_deref()).unwrap_or(caller.kind.word());
    format!("caller `{name}` is not in {}", listed(element.values.iter().map(|(_, value)| value)))
}

/// What the request has for a key that a condition is about.
fn unmet(condition: &Condition, request: &Request<'_>) -> String {
    let found = request.context.iter().find(|(name, _)| *name == condition.key.text);
    let found = match found.map(|(_, value)| value.values()) {
        None => "the request has no such key".to_owned(),
        Some([]) => "the request has it without values".to_owned(),
        Some(values) => format!("the request has {}", quoted(values.iter().map(String::as_str))),
    };
    format!("condition {} `{}` is not met: {found}", condition.operator.text, condition.key.text)
}
