//! Decides how a question becomes a request to iam-rs, and how its decision becomes an answer.
//!
//! No judgement of policies: every document is handed over whole, into the one set of policies that the package has.

use std::process::ExitCode;

use iam_rs::{
    Arn, Context, ContextValue, Decision, EvaluationError, IAMPolicy, IAMRequest, PolicyEvaluator, Principal,
    PrincipalId, Validate as _,
};
use kms_adapters::adapter::{Adapter, Request, Unasked};
use kms_adapters::protocol;
use kms_model::question::{self, Caller, CallerKind, Validate};
use kms_model::{Document, Outcome};

const FEATURES: &[&str] = &[
    "caller-context",
    "context",
    "exact-text",
    "groups",
    "identity-validation",
    "multivalued-keys",
    "other-services",
    "resource-policies",
    "resource-policy-validation",
    "role-paths",
    "root-users",
    "service-principals",
    "unknown-services",
];

fn main() -> ExitCode {
    protocol::serve(Adapter::new("iam-rs", "0.8.0", FEATURES, authorize).validating(validate))
}

fn authorize(request: &Request<'_>) -> Result<Outcome, Unasked> {
    let resource = &request.authorization.resource;
    if resource.arn == "*" {
        // A request is for an ARN; `*` is none.
        return Err(Unasked::unsupported("requests-without-resource"));
    }
    let documents = request.identity_policies().chain(request.resource_policy());
    let policies = documents.map(parsed).collect::<Result<_, _>>()?;
    let arn = Arn::parse(&resource.arn).map_err(Unasked::error)?;
    let asked = IAMRequest::new_with_context(
        principal(&request.ask.caller),
        &request.authorization.action,
        arn,
        context(request),
    );
    let result = PolicyEvaluator::with_policies(policies).evaluate(&asked).map_err(refused)?;
    Ok(match result.decision {
        Decision::Allow => Outcome::Allow,
        Decision::Deny => Outcome::ExplicitDeny,
        Decision::NotApplicable => Outcome::ImplicitDeny,
    })
}

/// The package reads the texts of policies, patterns and values alike, only as it comes to them.
fn refused(error: EvaluationError) -> Unasked {
    match error {
        EvaluationError::InvalidRequest(_) | EvaluationError::InternalError(_) => Unasked::error(error),
        EvaluationError::ConditionError(_)
        | EvaluationError::InvalidArn(_)
        | EvaluationError::InvalidPolicy(_)
        | EvaluationError::InvalidVariable(_) => Unasked::rejected(None, error),
    }
}

fn parsed((pointer, document): (String, &Document)) -> Result<IAMPolicy, Unasked> {
    IAMPolicy::from_json(document.text()).map_err(|error| Unasked::rejected(Some(pointer), error))
}

/// The one name that a caller goes by. For a session it is the role's: policies name roles, and the package does not know
/// which role a session's ARN belongs to.
fn principal(caller: &Caller) -> Principal {
    let name = match caller.kind {
        CallerKind::RoleSession => caller.issuer.as_ref().or(caller.arn.as_ref()),
        CallerKind::Service => caller.service.as_ref(),
        _ => caller.arn.as_ref(),
    };
    let name = PrincipalId::String(name.cloned().unwrap_or_default());
    if caller.kind == CallerKind::Service { Principal::Service(name) } else { Principal::Aws(name) }
}

/// The condition keys, with values of the package's types. Dates are texts, as in its own examples.
fn context(request: &Request<'_>) -> Context {
    let keys = request.context.iter();
    Context::with_data(
        keys.map(|(key, value)| (key.to_owned(), typed(value, request.type_of(key)))).collect(),
    )
}

fn typed(value: &question::ContextValue, kind: &str) -> ContextValue {
    use question::ContextValue::{Many, One};
    match (value, kind) {
        (One(text), "bool") => {
            text.parse().map_or_else(|_| ContextValue::String(text.clone()), ContextValue::Boolean)
        }
        // What is no number stays a text.
        (One(text), "numeric") => {
            text.parse().map_or_else(|_| ContextValue::String(text.clone()), ContextValue::Number)
        }
        (One(text), _) => ContextValue::String(text.clone()),
        (Many(texts), "bool") => {
            let flags: Result<_, _> = texts.iter().map(|text| text.parse()).collect();
            flags.map_or_else(|_| ContextValue::StringList(texts.clone()), ContextValue::BooleanList)
        }
        (Many(texts), _) => ContextValue::StringList(texts.clone()),
    }
}

fn validate(ask: &Validate) -> Result<(), String> {
    let policy = IAMPolicy::from_json(ask.document.text()).map_err(|error| error.to_string())?;
    policy.validate_result().map_err(|error| error.to_string())
}
