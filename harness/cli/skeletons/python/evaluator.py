"""Answers the questions of kms-conformance: a line of JSON in, a line of JSON out.

`decide` is where your evaluator goes. What stands there knows key policies without conditions, and says of everything
else that it cannot answer.
"""

import fnmatch
import json
import sys

DESCRIPTION = {
    "protocol": 1,
    "name": "my-evaluator",
    "version": "0.1.0",
    "dialects": ["aws"],
    # The inputs that the evaluator has a place for; `kms-conformance schema features` lists them. What needs another
    # one is not asked.
    "features": ["context"],
    # "deny-kind" if refusals tell explicit from implicit, else "decision", and then the answer to all of them is "deny".
    "detail": "deny-kind",
}
# The members of a statement that are looked at.
KNOWN = {"Sid", "Effect", "Principal", "Action", "Resource"}
# What could change the answer and is not looked at: the member and the feature. Take off what you support.
UNSUPPORTED = {
    "caller": {"boundary": "boundaries", "session-policies": "session-policies", "scps": "scps"},
    "resource": {"grants": "grants", "rcps": "rcps"},
}


class Unsupported(Exception):
    """A feature that the evaluator lacks."""


def decide(question):
    """The answer to a question: `allow`, `explicit-deny` or `implicit-deny`."""
    if question["kind"] != "authorize":
        raise Unsupported(question["policy-type"] + "-validation")
    if len(question["authorizations"]) > 1:
        raise Unsupported("operations")
    [needed] = question["authorizations"]
    for owner, value in (("caller", question["caller"]), ("resource", needed["resource"])):
        for member, feature in UNSUPPORTED[owner].items():
            if member in value:
                raise Unsupported(feature)
    caller = question["caller"].get("arn")
    effects = set()
    for statement in statements(needed["resource"].get("policy")):
        if not KNOWN.issuperset(statement):
            raise ValueError("statements with " + ", ".join(sorted(set(statement) - KNOWN)) + " are not evaluated")
        if matches(statement["Action"], needed["action"]) and names(statement["Principal"], caller):
            effects.add(statement["Effect"])
    if "Deny" in effects:
        return "explicit-deny"
    return "allow" if "Allow" in effects else "implicit-deny"


def statements(policy):
    """The statements of a document: an object, or a string with its exact text."""
    document = json.loads(policy) if isinstance(policy, str) else policy or {}
    found = document.get("Statement", [])
    return found if isinstance(found, list) else [found]


def matches(patterns, action):
    patterns = patterns if isinstance(patterns, list) else [patterns]
    return any(fnmatch.fnmatchcase(action.lower(), pattern.lower()) for pattern in patterns)


def names(principal, caller):
    named = principal if isinstance(principal, str) else principal.get("AWS", [])
    named = named if isinstance(named, list) else [named]
    return "*" in named or caller in named


def answer(question):
    """Whatever goes wrong is an answer too: `error` costs one check, an exception would cost the process."""
    try:
        return {"answer": decide(question)}
    except Unsupported as feature:
        return {"answer": "unsupported", "feature": str(feature)}
    except Exception as error:
        return {"answer": "error", "error": f"{type(error).__name__}: {error}"}


def main():
    for line in sys.stdin.buffer:
        message = json.loads(line)
        if "hello" in message:
            reply = DESCRIPTION
        elif "ask" in message:
            reply = {"id": message["ask"]["id"], "answer": answer(message["ask"]["question"])}
        else:
            break
        # Standard output is for the protocol alone; print for yourself to standard error.
        print(json.dumps(reply), flush=True)


if __name__ == "__main__":
    main()
