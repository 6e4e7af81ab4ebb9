//! Decides how an answer is explained: the same code that decides tells a witness of every statement and step.

use kms_model::Answer;
use kms_model::answer::{Layer as LayerTrace, StatementTrace, Trace};
use kms_model::policy::{Condition, Effect, Principal, Statement};
use kms_model::question::{Caller, Grant, KeyName};

use super::condition::kms_keys::KmsKey;
use super::grants;
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
    /// A grant is looked at: it allows the request, or it lacks something.
    fn grant(&mut self, index: usize, grant: &Grant, lack: Option<&'static str>);
    /// A step from the statements to the answer.
    fn step(&mut self, step: impl FnOnce() -> String);
    /// The answer, with what was told.
    fn told(self, answer: Answer) -> Answer;
}

/// Nobody asked.
impl Witness for () {
    fn layer(&mut self, _: &Layer<'_>) {}

    fn statement(&mut self, _: &Layer<'_>, _: usize, _: Result<Reach, Mismatch>, _: &Request<'_>) {}

    fn grant(&mut self, _: usize, _: &Grant, _: Option<&'static str>) {}

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
        let statement = layer.document.policy().ok().and_then(|policy| policy.statements.get(index));
        if let (Some(statement), Some(trace)) = (statement, self.layers.last_mut()) {
            trace.statements.push(told(statement, index, found, layer, request));
        }
    }

    fn grant(&mut self, index: usize, grant: &Grant, lack: Option<&'static str>) {
        let mut told = LayerTrace::new(grants::pointer(index), format!("grant {}", grant.id));
        let reason = lack.unwrap_or("everything matches");
        told.statements.push(StatementTrace::new(0, "Allow", lack.is_none(), reason));
        self.layers.push(told);
    }

    fn step(&mut self, step: impl FnOnce() -> String) {
        self.steps.push(step());
    }

    fn told(self, answer: Answer) -> Answer {
        answer.trace(self)
    }
}

fn told(
    statement: &Statement,
    index: usize,
    found: Result<Reach, Mismatch>,
    layer: &Layer<'_>,
    request: &Request<'_>,
) -> StatementTrace {
    let effect = match statement.effect {
        Effect::Allow => "Allow",
        Effect::Deny => "Deny",
    };
    let reason = match found {
        Ok(Reach::Account) => "everything matches; of the caller it names the account only".to_owned(),
        Ok(Reach::Issuer | Reach::Itself) => "everything matches".to_owned(),
        Err(mismatch) => reason(statement, mismatch, layer, request),
    };
    let mut told = StatementTrace::new(index, effect, found.is_ok(), reason);
    told.sid = statement.sid.as_ref().map(|sid| sid.text.clone());
    told
}

/// Why the statement does not apply.
fn reason(statement: &Statement, mismatch: Mismatch, layer: &Layer<'_>, request: &Request<'_>) -> String {
    match mismatch {
        Mismatch::Action => outside("action", request.action, "Action", statement.action.as_ref()),
        Mismatch::Condition(index) => match statement.conditions.get(index) {
            Some(condition) => unmet(condition, layer, request),
            None => "a condition is not met".to_owned(),
        },
        Mismatch::NoAction => "it has no Action, so it does nothing".to_owned(),
        Mismatch::NoResource => "it has no Resource, so it does nothing".to_owned(),
        Mismatch::Principal => match &statement.principal {
            Some(element) => not_meant(element, request.caller),
            None => "it has no Principal, so it reaches nobody".to_owned(),
        },
        Mismatch::Resource => {
            outside("resource", &request.resource.arn, "Resource", statement.resource.as_ref())
        }
    }
}

/// That the caller is not among the principals, or is excepted.
fn not_meant(element: &Principal, caller: &Caller) -> String {
    let name = caller.arn.as_deref().or(caller.service.as_deref()).unwrap_or(caller.kind.word());
    let relation = if element.negated { "excepted by" } else { "not in" };
    format!("caller `{name}` is {relation} {}", listed(element.values.iter().map(|(_, value)| value)))
}

/// What the request has for a key that a condition is about.
fn unmet(condition: &Condition, layer: &Layer<'_>, request: &Request<'_>) -> String {
    let key = KeyName::new(&condition.key.text);
    let present: Vec<_> = request.context.get_all(&key).collect();
    let values: Vec<_> = present.iter().flat_map(|value| value.values()).map(String::as_str).collect();
    let found = match (present.is_empty(), values.is_empty()) {
        _ if KmsKey::of(&condition.key.text).is_void(request.context, layer.is_key_policy()) => {
            "KMS does not take the key into account here".to_owned()
        }
        (true, _) => "the request has no such key".to_owned(),
        (false, true) => "the request has it without values".to_owned(),
        (false, false) => format!("the request has {}", quoted(values.into_iter())),
    };
    format!("condition {} `{}` is not met: {found}", condition.operator.text, condition.key.text)
}
