"""Decides how a question becomes a call of ministack's policy evaluation, and how its result becomes an answer.

No judgement of policies: every document is handed over whole. What is called, and in which order, is what the
package's own `enforce` calls for a request to its emulated services.
"""

import contextlib
import datetime
import types
from importlib.metadata import version

from ministack.core import iam_evaluator
from ministack.core.iam_evaluator import (
    EvalContext,
    combine_resource_policy,
    evaluate,
    evaluate_resource_policy,
    parse_policy_document,
    validate_policy_document,
)
from protocol import Adapter, rejected, unsupported, validation
from question import Reader, lower_case, of_caller

DESCRIPTION = {
    "name": "ministack",
    "version": version("ministack"),
    "features": [
        "boundaries",
        "boundary-validation",
        "context",
        "exact-text",
        "federated-users",
        "groups",
        "identity-validation",
        "multivalued-keys",
        "other-services",
        "requests-without-resource",
        "resource-policies",
        "service-principals",
        "session-arns",
        "session-policies",
        "session-validation",
        "several-session-policies",
        "unknown-services",
    ],
    "detail": "deny-kind",
}

OUTCOMES = {"Allow": "allow", "Deny": "explicit-deny", "ImplicitDeny": "implicit-deny"}

READER = Reader(DESCRIPTION["features"])

# The documents that its IAM and STS services validate, and store only if they are valid; KMS and the others store what
# they are given.
VALIDATED = {"identity", "boundary", "session"}


class Clock(datetime.datetime):
    """The package asks the system's clock for `aws:CurrentTime`; here the time is the question's."""

    @classmethod
    def set(cls, text):
        """Sets the clock to what stands in `aws:CurrentTime`, if that is a time."""
        with contextlib.suppress(TypeError, ValueError):
            cls.instant = datetime.datetime.fromisoformat(text)
            cls.text = text
            cls.epoch = str(int(cls.instant.timestamp()))

    @classmethod
    def now(cls, tz=None):
        return cls.instant.astimezone(tz)


Clock.set("1970-01-01T00:00:00Z")
iam_evaluator._dt = types.SimpleNamespace(datetime=Clock, timezone=datetime.timezone)


def authorize(question):
    authorization = READER.authorization(question)
    caller, resource = question["caller"], authorization["resource"]
    if caller["kind"] == "role-session" and caller["issuer"].count("/") > 1:
        # A session's ARN lacks the path of its role, and with it the role that documents name.
        raise unsupported("role-paths")
    asked = context_of(caller, authorization)
    policy = resource.get("policy")
    if caller["kind"] == "service":
        result = evaluate_resource_policy(policy, asked, service=caller["service"])
    else:
        for pointer, document in of_caller(caller):
            if message := validate_policy_document(document):
                raise rejected(pointer, message)
        policies = [parse_policy_document(one["document"]) for one in caller.get("policies", ())]
        limits = limits_of(caller)
        # A policy is required of KMS keys alone: aliases and `*` have none.
        result = combine_resource_policy(
            evaluate(asked, policies, *limits),
            asked,
            policy,
            resource["account"],
            required=resource["type"] == "kms:key",
            limits=limits,
        )
    return {"answer": OUTCOMES[result.decision]}


def limits_of(caller):
    """Boundary and session policies. A federated user has session policies even where none were given."""
    limits = []
    if "boundary" in caller:
        limits.append([parse_policy_document(caller["boundary"])])
    if "session-policies" in caller or caller["kind"] == "federated-user":
        limits.append([parse_policy_document(document) for document in caller.get("session-policies", ())])
    return limits


def context_of(caller, authorization):
    """The request. Of caller, ARN and clock the package makes keys itself, whatever the context says of them."""
    context, resource = authorization["context"], authorization["resource"]
    keys = lower_case(context)
    if "aws:tagkeys" not in keys:
        keys["aws:tagkeys"] = None
    arn, account = ("*", "") if caller["kind"] == "service" else (caller["arn"], caller["account"])
    time = keys.get("aws:currenttime")
    if time != Clock.text:
        Clock.set(time)
    return EvalContext(
        principal_arn=arn,
        principal_type=keys.get("aws:principaltype"),
        principal_account=account,
        action=authorization["action"],
        resource_arn=resource["arn"],
        region=keys.get("aws:requestedregion"),
        source_ip=keys.get("aws:sourceip"),
        secure_transport=keys.get("aws:securetransport") == "true",
        service_context=keys,
    )


def validate(question):
    if question["policy-type"] not in VALIDATED:
        raise unsupported(validation(question["policy-type"]))
    message = validate_policy_document(question["document"])
    if message:
        raise rejected("/document", message)
    return {"answer": "accepted"}


ADAPTER = Adapter(DESCRIPTION, authorize, validate)

if __name__ == "__main__":
    ADAPTER.serve()
