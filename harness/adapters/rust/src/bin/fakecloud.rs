//! Decides how a question becomes a call of fakecloud's policy evaluation, and how its decision becomes an answer.
//!
//! No judgement of policies: every document is handed over whole. What is called for which caller is what the package's own
//! dispatch calls for a request to its emulated services.

use std::process::ExitCode;

use fakecloud_core::auth::{ConditionContext, Principal, PrincipalType};
use fakecloud_iam::evaluator::{
    Decision, EvalRequest, PolicyDocument, evaluate_resource_policy_only,
    evaluate_with_resource_policy_and_gates_and_scps,
};
use fakecloud_iam::policy_validation::validate_policy_document;
use kms_adapters::adapter::{Adapter, Request, Unasked};
use kms_adapters::protocol;
use kms_model::question::{Caller, CallerKind, Validate};
use kms_model::{Document, Outcome};

const FEATURES: &[&str] = &[
    "anonymous",
    "boundaries",
    "boundary-validation",
    "caller-context",
    "context",
    "exact-text",
    "groups",
    "identity-validation",
    "multivalued-keys",
    "other-services",
    "requests-without-resource",
    "resource-policies",
    "scps",
    "service-principals",
    "session-arns",
    "session-policies",
    "several-session-policies",
    "unknown-services",
];

fn main() -> ExitCode {
    protocol::serve(Adapter::new("fakecloud", "0.51.0", FEATURES, authorize).validating(validate))
}

fn authorize(request: &Request<'_>) -> Result<Outcome, Unasked> {
    let (caller, resource) = (&request.ask.caller, &request.authorization.resource);
    let principal = principal(caller);
    let asked = EvalRequest {
        principal: &principal,
        action: request.authorization.action.clone(),
        resource: resource.arn.clone(),
        context: context(request),
    };
    let held = resource.policy.as_ref().map(parsed);
    let decision = match (caller.kind, held) {
        // Who has no identity policies is asked about with the policy of the resource alone.
        (CallerKind::Anonymous | CallerKind::Service, None) => Decision::ImplicitDeny,
        (CallerKind::Anonymous | CallerKind::Service, Some(held)) => {
            evaluate_resource_policy_only(&held, &asked)
        }
        (_, held) => {
            let identity: Vec<_> = request.identity_policies().map(stored).collect::<Result<_, _>>()?;
            let boundary = caller.boundary.as_ref().map(|document| ("/caller/boundary".to_owned(), document));
            let boundary = boundary.map(stored).transpose()?.map(|document| vec![document]);
            let session: Vec<_> = request.session_policies().map(|(_, document)| parsed(document)).collect();
            let scps = request.scps()?;
            let scps: Option<Vec<_>> =
                scps.map(|levels| levels.into_iter().map(|(_, document)| parsed(document)).collect());
            evaluate_with_resource_policy_and_gates_and_scps(
                &identity,
                boundary.as_deref(),
                // Its own reader of session policies takes an empty list for none.
                Some(session.as_slice()).filter(|session| !session.is_empty()),
                scps.as_deref(),
                held.as_ref(),
                &asked,
                &resource.account,
            )
        }
    };
    Ok(match decision {
        Decision::Allow => Outcome::Allow,
        Decision::ExplicitDeny => Outcome::ExplicitDeny,
        Decision::ImplicitDeny => Outcome::ImplicitDeny,
    })
}

/// What its IAM service validates when it is given a document, and stores only if it is valid.
fn stored((pointer, document): (String, &Document)) -> Result<PolicyDocument, Unasked> {
    validate_policy_document(document.text()).map_err(|message| Unasked::rejected(Some(pointer), message))?;
    Ok(parsed(document))
}

fn parsed(document: &Document) -> PolicyDocument {
    PolicyDocument::parse(document.text())
}

/// The caller as the package names one: services by their name, anonymous callers not at all.
fn principal(caller: &Caller) -> Principal {
    let (name, kind) = match caller.kind {
        CallerKind::RoleSession => (&caller.arn, PrincipalType::AssumedRole),
        CallerKind::Service => (&caller.service, PrincipalType::Service),
        CallerKind::User => (&caller.arn, PrincipalType::User),
        _ => (&None, PrincipalType::Unknown),
    };
    Principal {
        arn: name.clone().unwrap_or_default(),
        // Compared with canonical users alone, which no question has.
        user_id: String::new(),
        account_id: caller.account.clone().unwrap_or_default(),
        principal_type: kind,
        source_identity: None,
        tags: None,
    }
}

/// The condition keys as plain entries, the way its policy simulator takes them.
fn context(request: &Request<'_>) -> ConditionContext {
    let keys = request.context.iter().map(|(key, value)| (key.to_owned(), value.values().to_vec()));
    ConditionContext { service_keys: keys.collect(), ..ConditionContext::default() }
}

fn validate(ask: &Validate) -> Result<(), String> {
    validate_policy_document(ask.document.text())
}
