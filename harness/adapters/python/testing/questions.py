"""Decides what the tests' questions look like: one plain question, and ways to change it."""

ACCOUNT = "111122223333"
KEY = f"arn:aws:kms:us-west-2:{ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
ALICE = f"arn:aws:iam::{ACCOUNT}:user/alice"
BOB = "arn:aws:iam::444455556666:user/bob"
SESSION = f"arn:aws:sts::{ACCOUNT}:assumed-role/App/s1"
APP = f"arn:aws:iam::{ACCOUNT}:role/App"


def policy(**members):
    """A policy of one statement, which allows all of KMS unless `members` say otherwise."""
    statement = {"Effect": "Allow", "Action": "kms:*", "Resource": "*", **members}
    return {"Version": "2012-10-17", "Statement": [statement]}


def attached(*documents, owner="user/alice"):
    return [{"from": owner, "document": document} for document in documents]


# The key policy that gives the account the say, and one that gives it to nobody.
DELEGATES = policy(Principal={"AWS": f"arn:aws:iam::{ACCOUNT}:root"})
SILENT = policy(Principal={"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, Action="kms:ListAliases")


def question(caller=None, resource=None, context=None, action="kms:Decrypt", **members):
    """Alice decrypts with a key whose policy delegates; her own policy allows it. `None` in `context` withholds."""
    keys = {
        "aws:CurrentTime": "2026-01-15T12:00:00Z",
        "aws:EpochTime": "1768478400",
        "aws:PrincipalAccount": ACCOUNT,
        "aws:PrincipalArn": ALICE,
        "aws:PrincipalType": "User",
        "aws:RequestedRegion": "us-west-2",
        "aws:ResourceAccount": ACCOUNT,
        "aws:SecureTransport": "true",
        "aws:SourceIp": "203.0.113.10",
        "aws:username": "alice",
        **(context or {}),
    }
    return {
        "kind": "authorize",
        "dialect": "aws",
        "region": "us-west-2",
        "time": "2026-01-15T12:00:00Z",
        "caller": {
            "kind": "user",
            "arn": ALICE,
            "account": ACCOUNT,
            "policies": attached(policy()),
            **(caller or {}),
        },
        "authorizations": [
            {
                "action": action,
                "resource": {
                    "arn": KEY,
                    "account": ACCOUNT,
                    "type": "kms:key",
                    "policy": DELEGATES,
                    **(resource or {}),
                },
                "context": {key: value for key, value in keys.items() if value is not None},
            }
        ],
        **members,
    }


def of_session(**changes):
    """The same, asked by a session of the role App."""
    policies = attached(policy(), owner="role/App")
    caller = {"kind": "role-session", "arn": SESSION, "issuer": APP, "policies": policies}
    context = {"aws:PrincipalArn": APP, "aws:PrincipalType": "AssumedRole", "aws:username": None}
    context.update(changes.pop("context", {}))
    return question({**caller, **changes.pop("caller", {})}, context=context, **changes)


def of_service(**changes):
    """The same, asked by a service for itself."""
    caller = {"kind": "service", "arn": None, "account": None, "service": "logs.us-west-2.amazonaws.com", "policies": []}
    keys = ("aws:PrincipalArn", "aws:PrincipalAccount", "aws:PrincipalType", "aws:username", "aws:SourceIp")
    return question({**caller, **changes.pop("caller", {})}, context=dict.fromkeys(keys), **changes)


def across_accounts(key_policy, *documents):
    """Bob decrypts with a key of another account."""
    caller = {"arn": BOB, "account": "444455556666", "policies": attached(*documents, owner="user/bob")}
    context = {"aws:PrincipalArn": BOB, "aws:PrincipalAccount": "444455556666", "aws:username": "bob"}
    return question(caller, {"policy": key_policy}, context)


def document(policy_type, value):
    return {"kind": "validate", "dialect": "aws", "region": "us-west-2", "policy-type": policy_type, "document": value}
