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
from question import RESOURCE_POLICY, Reader, held, lost, parsed

DESCRIPTION = {
    "name": "principalmapper",
    "version": version("principalmapper"),
    "features": [
        "boundaries",
        "context",
        "groups",
        "other-services",
        "scps",
        "service-principals",
        "session-policies",
    ],
    "detail": "decision",
}

READER = Reader(DESCRIPTION["features"])

# The condition keys that it makes itself where a request has none, in lower case.
INFERRED = frozenset({
    "aws:currenttime",
    "aws:epochtime",
    "aws:principalaccount",
    "aws:principalarn",
    "aws:securetransport",
    "aws:userid",
})
INFERRED_OF_USERS = INFERRED | {"aws:username"}


def authorize(question):
    authorization = READER.authorization(question)
    caller, resource, context = question["caller"], authorization["resource"], authorization["context"]
    present = set(map(str.lower, context))
    if len(present) != len(context):
        # Keys that differ in case alone share one place.
        raise unsupported("context")
    policy = resource.get("policy")
    if policy is not None:
        policy = parsed(policy, RESOURCE_POLICY)
    request = authorization["action"], resource["arn"], context
    if caller["kind"] == "service":
        if policy is None:
            raise unsupported("service-principals")
        action, arn, context = request
        result = resource_policy_authorization(caller["service"], resource["account"], policy, action, arn, context)
        allowed = result is ResourcePolicyEvalResult.SERVICE_MATCH
    else:
        session = caller["kind"] == "role-session"
        inferred = (INFERRED if session else INFERRED_OF_USERS) - present
        if inferred or session:
            documents = held(question)
            lost(documents, inferred)
            if session and caller["arn"].lower() in documents:
                # Its principals are users and roles: a document that names a session names nobody that it knows.
                raise unsupported("role-sessions")
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
    for at, attached in enumerate(caller.get("policies", ())):
        document = parsed(attached["document"], f"/caller/policies/{at}")
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
        None if boundary is None else Policy(arn, "boundary", parsed(boundary, "/caller/boundary")),
        False,
        None,
    )


def control_policies(caller):
    """The service control policies, level by level; `None` outside of an organization."""
    if "scps" not in caller:
        return None
    return [
        [
            Policy(caller["account"], f"{level}/{at}", parsed(document, f"/caller/scps/{level}/{at}"))
            for at, document in enumerate(documents)
        ]
        for level, documents in enumerate(caller["scps"])
    ]


def session_policy(caller):
    """The session policy: there is a place for one."""
    documents = caller.get("session-policies", ())
    if len(documents) > 1:
        raise unsupported("session-policies")
    return parsed(documents[0], "/caller/session-policies/0") if documents else None


ADAPTER = Adapter(DESCRIPTION, authorize)

if __name__ == "__main__":
    ADAPTER.serve()
