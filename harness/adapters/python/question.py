"""Decides how to read a question: its documents, and what of it an evaluator would lose."""

import json

from protocol import unsupported

# What of a caller and of a resource needs which feature.
CALLER = {"boundary": "boundaries", "scps": "scps", "session-policies": "session-policies"}
RESOURCE = {"grants": "grants", "rcps": "rcps"}
KINDS = {
    "anonymous": "anonymous",
    "federated-user": "federated-users",
    "root": "root-users",
    "service": "service-principals",
}


class Reader:
    """Finds what must be authorized, and refuses what an evaluator with these features has no place for."""

    def __init__(self, features):
        def lacks(table):
            return [(member, feature) for member, feature in table.items() if feature not in features]

        self.caller, self.resource, self.kinds = lacks(CALLER), lacks(RESOURCE), dict(lacks(KINDS))
        self.services = "other-services" in features
        self.resource_policies = "resource-policies" in features
        self.endpoints = "endpoint-policies" in features

    def authorization(self, question):
        """The only one: evaluators decide on one action and one resource."""
        authorizations, caller = question["authorizations"], question["caller"]
        if len(authorizations) != 1:
            raise unsupported("operations")
        [authorization] = authorizations
        if "context" not in authorization:
            raise unsupported("derives-context")
        if (kind := caller["kind"]) in self.kinds:
            raise unsupported(self.kinds[kind])
        for member, feature in self.caller:
            if member in caller:
                raise unsupported(feature)
        resource = authorization["resource"]
        for member, feature in self.resource:
            if resource.get(member):
                raise unsupported(feature)
        if not self.endpoints and "policy" in question.get("endpoint", ()):
            raise unsupported("endpoint-policies")
        if not resource["type"].startswith("kms:"):
            if not self.services:
                raise unsupported("other-services")
            if not self.resource_policies and resource.get("policy") is not None:
                raise unsupported("resource-policies")
        return authorization


def of_caller(caller):
    """The documents that sit on the caller's side, each with its pointer in the question."""
    for at, attached in enumerate(caller.get("policies", ())):
        yield f"/caller/policies/{at}", attached["document"]
    if "boundary" in caller:
        yield "/caller/boundary", caller["boundary"]
    for at, document in enumerate(caller.get("session-policies", ())):
        yield f"/caller/session-policies/{at}", document


def parsed(document):
    """A document as evaluators of parsed documents take it: an object. An exact text would lose what makes it a text."""
    if not isinstance(document, dict):
        raise unsupported("exact-text")
    return document


def text(document):
    """A document as evaluators of texts take it."""
    return document if isinstance(document, str) else json.dumps(document)


def lower_case(context):
    """The context for evaluators that look for keys in lower case: keys that differ in case alone would share one place."""
    keys = {key.lower(): value for key, value in context.items()}
    if len(keys) != len(context):
        raise unsupported("context-key-case")
    return keys
