//! Decides how a question becomes a policy set and a context of scratchstack-aspen, and how its decision becomes an answer.
//!
//! No judgement of policies: every document is handed over whole, with the source that it has in the question.

use std::net::IpAddr;
use std::process::ExitCode;
use std::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use kms_adapters::adapter::{Adapter, Request, Unasked};
use kms_adapters::protocol;
use kms_model::question::{Caller, CallerKind, ContextValue};
use kms_model::{Document, Outcome};
use scratchstack_arn::Arn;
use scratchstack_aspen::{Context, Decision, Policy, PolicySet, PolicySource};
use scratchstack_aws_principal::{
    Principal, PrincipalIdentity, RootUser, Service, SessionData, SessionValue,
};

const FEATURES: &[&str] = &[
    "boundaries",
    "caller-context",
    "context",
    "exact-text",
    "groups",
    "other-services",
    "requests-without-resource",
    "resource-policies",
    "root-users",
    "scps",
    "service-principals",
    "session-arns",
    "session-policies",
    "several-session-policies",
    "unknown-services",
];

fn main() -> ExitCode {
    // A boundary that does not allow comes back as the same `Deny` as a statement that denies.
    protocol::serve(Adapter::new("scratchstack-aspen", "0.3.1", FEATURES, authorize).without_deny_kinds())
}

fn authorize(request: &Request<'_>) -> Result<Outcome, Unasked> {
    let set = PolicySet::from(policies(request)?);
    let arn = &request.authorization.resource.arn;
    // Operations without a resource are requests with an empty list there.
    let named = (arn != "*").then(|| Arn::from_str(arn).map_err(Unasked::error));
    let action = &request.authorization.action;
    let (service, api) = action.split_once(':').unwrap_or(("", action));
    let asked = Context::builder()
        .service(service)
        .api(api)
        .actor(Principal::new(vec![principal(&request.ask.caller)?]))
        .resources(named.into_iter().collect::<Result<Vec<_>, _>>()?)
        .session_data(session_data(request)?)
        .build()
        .map_err(Unasked::error)?;
    // Each of its errors is about what is written in a policy.
    let (decision, _) = set.evaluate_all(&asked).map_err(|error| Unasked::rejected(None, error))?;
    Ok(match decision {
        Decision::Allow => Outcome::Allow,
        Decision::Deny | Decision::DefaultDeny => Outcome::Deny,
    })
}

/// Every document with its source. Where a source asks for names that a question does not have, its place stands for them.
fn policies(request: &Request<'_>) -> Result<Vec<(PolicySource, Policy)>, Unasked> {
    let caller = &request.ask.caller;
    let owner = caller.issuer.as_ref().or(caller.arn.as_ref()).map_or("", String::as_str);
    let mut policies = Vec::new();
    let mut add = |source: PolicySource, (pointer, document): (String, &Document)| {
        let policy =
            Policy::from_str(document.text()).map_err(|error| Unasked::rejected(Some(pointer), error))?;
        policies.push((source, policy));
        Ok(())
    };
    for (given, document) in caller.policies.iter().zip(request.identity_policies()) {
        let (from, name) = (given.from.as_str(), document.0.as_str());
        let source = if from.starts_with("group/") {
            PolicySource::new_group_inline(from, from, name)
        } else {
            PolicySource::new_entity_inline(owner, from, name)
        };
        add(source, document)?;
    }
    if let Some(document) = request.resource_policy() {
        add(PolicySource::new_resource(&request.authorization.resource.arn, None::<&str>), document)?;
    }
    if let Some(boundary) = &caller.boundary {
        let name = "/caller/boundary";
        add(PolicySource::new_permission_boundary(name, name, "v1"), (name.to_owned(), boundary))?;
    }
    for document in request.scps()?.into_iter().flatten() {
        let name = document.0.as_str();
        add(PolicySource::new_org_service_control(name, name, name), document)?;
    }
    for document in request.session_policies() {
        add(PolicySource::new_session(), document)?;
    }
    Ok(policies)
}

fn principal(caller: &Caller) -> Result<PrincipalIdentity, Unasked> {
    let arn = caller.arn.as_deref().unwrap_or_default();
    match caller.kind {
        CallerKind::Root => {
            let root = Arn::from_str(arn).map_err(Unasked::error)?;
            Ok(RootUser::new(root.partition(), root.account_id()).map_err(Unasked::error)?.into())
        }
        CallerKind::Service => service(caller.service.as_deref().unwrap_or_default()),
        _ => PrincipalIdentity::parse_arn(arn).map_err(Unasked::error),
    }
}

/// `logs.us-west-2.amazonaws.com` is a service in a Region, `logging.s3.amazonaws.com` one without: what is a Region, the
/// package knows.
fn service(name: &str) -> Result<PrincipalIdentity, Unasked> {
    let (first, rest) = name.split_once('.').unwrap_or((name, ""));
    let in_region =
        rest.split_once('.').map(|(region, suffix)| Service::new(first, Some(region.to_owned()), suffix));
    let service = in_region.and_then(Result::ok).map_or_else(|| Service::new(first, None, rest), Ok);
    service.map(PrincipalIdentity::from).map_err(Unasked::error)
}

/// The condition keys that have one value. A key with a list of values has no place; that matters where a document names it.
fn session_data(request: &Request<'_>) -> Result<SessionData, Unasked> {
    let mut data = SessionData::new();
    for (key, value) in request.context.iter() {
        match value {
            ContextValue::One(text) => {
                let kind = if request.compares_bytes(key) { "binary" } else { request.type_of(key) };
                data.insert(key, typed(text, kind));
            }
            ContextValue::Many(_) if request.names(key) => {
                return Err(Unasked::unsupported("multivalued-keys"));
            }
            ContextValue::Many(_) => {}
        }
    }
    Ok(data)
}

/// A value of the package's type for it; what is none of that type stays a text.
fn typed(text: &str, kind: &str) -> SessionValue {
    let value = match kind {
        "binary" => STANDARD.decode(text).ok().map(SessionValue::Binary),
        "bool" => text.parse::<bool>().ok().map(SessionValue::from),
        "date" => time(text).map(SessionValue::from),
        "ip-address" => text.parse::<IpAddr>().ok().map(SessionValue::from),
        "numeric" => text.parse::<i64>().ok().map(SessionValue::from),
        _ => None,
    };
    value.unwrap_or_else(|| SessionValue::from(text))
}

/// A time as RFC 3339 or as seconds since 1970.
fn time(text: &str) -> Option<DateTime<Utc>> {
    let seconds = || DateTime::from_timestamp(text.parse().ok()?, 0);
    DateTime::parse_from_rfc3339(text).map_or_else(|_| seconds(), |time| Some(time.into()))
}
