"""Decides how a question becomes calls of moto's access control, and how their results become an answer.

No judgement of policies: every document is handed over whole, as a text. What is called is what the package calls for a
request to its emulated services: identity policies, then the policy of the key.
"""

from importlib.metadata import version
from types import SimpleNamespace

from moto.iam.access_control import IAMRequest
from moto.iam.exceptions import MalformedPolicyDocument
from moto.iam.policy_validation import IAMPolicyDocumentValidator
from moto.kms.exceptions import AccessDeniedException
from moto.kms.policy_validator import validate_policy
from protocol import Adapter, rejected, unsupported, validation
from question import Reader, of_caller, text

DESCRIPTION = {
    "name": "moto",
    "version": version("moto"),
    "features": [
        "boundary-validation",
        "exact-text",
        "groups",
        "identity-validation",
        "multivalued-keys",
        "other-services",
        "requests-without-resource",
        "role-paths",
        "session-arns",
        "unknown-services",
    ],
    "detail": "decision",
}

READER = Reader(DESCRIPTION["features"])
# What its IAM service validates, and stores only if it is valid: boundaries are managed policies. STS, KMS and the others
# store what they are given.
VALIDATED = {"identity", "boundary"}


class Denied(Exception):
    """What a request raises that is refused; the package makes the words of a service's error of it."""


class Request(IAMRequest):
    """A request whose caller has these policies, without the signature that the package would look the caller up by."""

    def __init__(self, account, region, action, policies):
        self.account_id = account
        self._region = region
        self._service, _, _ = action.partition(":")
        self._action = action
        self._access_key = self
        self._policies = policies

    def collect_policies(self):
        return self._policies

    def _raise_access_denied(self):
        raise Denied


def authorize(question):
    authorization = READER.authorization(question)
    caller, resource, action = question["caller"], authorization["resource"], authorization["action"]
    policies = []
    for pointer, document in of_caller(caller):
        if message := refusal(document := text(document)):
            raise rejected(pointer, message)
        policies.append({"policy_document": document})
    allowed = permits(Request(caller["account"], question["region"], action, policies), resource["arn"])
    policy = resource.get("policy")
    if policy is not None:
        allowed = not key_denies(text(policy), resource["arn"], action) and allowed
    return {"answer": "allow" if allowed else "deny"}


def permits(request, resource):
    """What the package decides from the identity policies."""
    try:
        request.check_action_permitted(resource)
    except Denied:
        return False
    return True


def key_denies(policy, arn, action):
    """What it decides from a key policy, as it does for DescribeKey."""
    try:
        validate_policy(SimpleNamespace(policy=policy, arn=arn), action)
    except AccessDeniedException:
        return True
    return False


def refusal(document):
    """Why its IAM service refuses a document; `None` if it does not."""
    try:
        IAMPolicyDocumentValidator(document).validate()
    except MalformedPolicyDocument as refused:
        return refused.message
    return None


def validate(question):
    if question["policy-type"] not in VALIDATED:
        raise unsupported(validation(question["policy-type"]))
    message = refusal(text(question["document"]))
    if message:
        raise rejected("/document", message)
    return {"answer": "accepted"}


ADAPTER = Adapter(DESCRIPTION, authorize, validate)

if __name__ == "__main__":
    ADAPTER.serve()
