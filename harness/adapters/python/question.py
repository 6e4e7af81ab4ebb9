"""Decides how to read a question: its documents, and what of it an evaluator would lose."""

import json

from protocol import rejected, unsupported

RESOURCE_POLICY = "/authorizations/0/resource/policy"


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
        if not self.services and not resource["type"].startswith("kms:"):
            raise unsupported("other-services")
        return authorization


def parsed(document, pointer):
    """A document as evaluators of parsed documents take it: an object."""
    if isinstance(document, str):
        try:
            document = json.loads(document)
        except (ValueError, RecursionError):
            raise rejected(pointer, "not JSON; the evaluator takes parsed documents") from None
    if not isinstance(document, dict):
        raise rejected(pointer, "not a JSON object; the evaluator takes parsed documents")
    return document


def text(document):
    """A document as evaluators of texts take it."""
    return document if isinstance(document, str) else json.dumps(document)


def held(question):
    """The documents of a question as one text in lower case.

    An input that the evaluator has no place for makes a question unsupported only where a document names it.
    """
    caller = question["caller"]
    documents = [caller.get(member) for member in ("policies", "boundary", "session-policies", "scps")]
    documents.extend(authorization["resource"].get("policy") for authorization in question["authorizations"])
    return str(documents).lower()


def lost(documents, keys):
    """Refuses documents, as `held` gives them, that look at a condition key which the evaluator would not see."""
    for key in keys:
        if key in documents:
            raise unsupported("context")
