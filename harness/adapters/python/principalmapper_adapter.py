"""Decides how a question becomes a query of Principal Mapper, and how its result becomes an answer.

No judgement of policies: every document is handed over whole, parsed, since the package takes no texts.
"""

import collections
import collections.abc
from importlib.metadata import version

# The package imports these from where they stood before Python 3.10.
collections.Mapping = collections.abc.Mapping
collections.MutableMapping = collections.abc.MutableMapping

from principalmapper.common import Group, Node, Policy
from principalmapper.querying.local_policy_simulation import (
    ResourcePolicyEvalResult,
    resource_policy_authorization,
)
from principalmapper.querying.query_interface import local_check_authorization_full
from protocol import Adapter, unsupported
from question import Reader, lower_case, parsed

DESCRIPTION = {
    "name": "principalmapper",
    "version": version("principalmapper"),
    "features": [
        "boundaries",
        "context",
        "groups",
        "multivalued-keys",
        "other-services",
        "requests-without-resource",
        "resource-policies",
        "role-paths",
        "scp-levels",
        "scps",
        "service-principals",
        "session-policies",
        "unknown-services",
    ],
    "detail": "decision",
}

READER = Reader(DESCRIPTION["features"])

def authorize(question):
    authorization = READER.authorization(question)
    caller, resource, context = question["caller"], authorization["resource"], authorization["context"]
    lower_case(context)  # Keys that differ in case alone share one place there.
    policy = resource.get("policy")
    if policy is not None:
        policy = parsed(policy)
    request = authorization["action"], resource["arn"], context
    if caller["kind"] == "service":
        # It keeps a document without statements for a resource without a policy.
        policy = policy or {"Version": "2012-10-17", "Statement": []}
        action, arn, context = request
        result = resource_policy_authorization(caller["service"], resource["account"], policy, action, arn, context)
        allowed = result is ResourcePolicyEvalResult.SERVICE_MATCH
    else:
        node = node_of(caller, context)
        allowed = local_check_authorization_full(
            node, *request, policy, resource["account"], control_policies(caller), session_policy(caller)
        )
    return {"answer": "allow" if allowed else "deny"}


def node_of(caller, context):
    """The user, or the role of the session, with its policies and groups. Tags are in the context."""
    session = caller["kind"] == "role-session"
    arn = caller["issuer"] if session else caller["arn"]
    own, groups = [], {}
    for attached in caller.get("policies", ()):
        document = parsed(attached["document"])
        kind, _, name = attached["from"].partition("/")
        if kind == "group":
            groups.setdefault(name, []).append(Policy(arn, name, document))
        else:
            own.append(Policy(arn, attached["from"], document))
    boundary = caller.get("boundary")
    return Node(
        arn,
        # A unique id is never empty; one that no document could name stands for one that is not told.
        str(context.get("aws:userid") or "?").partition(":")[0],
        own,
        [Group(f"arn:aws:iam::{caller['account']}:group/{name}", policies) for name, policies in groups.items()],
        {} if session else None,
        None,
        0,
        False,
        False,
        None if boundary is None else Policy(arn, "boundary", parsed(boundary)),
        False,
        None,
    )


def control_policies(caller):
    """The service control policies, level by level; `None` outside of an organization."""
    if "scps" not in caller:
        return None
    return [
        [
            Policy(caller["account"], f"{level}/{at}", parsed(document))
            for at, document in enumerate(documents)
        ]
        for level, documents in enumerate(caller["scps"])
    ]


def session_policy(caller):
    """The session policy: there is a place for one."""
    documents = caller.get("session-policies", ())
    if len(documents) > 1:
        raise unsupported("several-session-policies")
    return parsed(documents[0]) if documents else None


ADAPTER = Adapter(DESCRIPTION, authorize)

if __name__ == "__main__":
    ADAPTER.serve()
