"""aws/iam-session-policies/role-named/role-named#session-without-the-action (iam.eval.session.role-arn-rbp-formula)
What a resource policy grants to a role is limited by the session policy.
Source: AWS IAM User Guide, access_policies
"""
import collections.abc
import sys

collections.Mapping, collections.MutableMapping = collections.abc.Mapping, collections.abc.MutableMapping
from principalmapper.common import Node, Policy
from principalmapper.querying.query_interface import local_check_authorization_full

IDENTITY = []
KEY_POLICY = [
    {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:role/App"}, "Action": "kms:Decrypt", "Resource": "*"},
]
CALLER = "arn:aws:iam::111122223333:role/App"
policy = Policy(CALLER, "p", {"Version": "2012-10-17", "Statement": IDENTITY})
node = Node(CALLER, "ID", [policy], [], {}, None, 0, False, False, None, False, None)
allowed = local_check_authorization_full(
    node, "kms:Decrypt", "arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab", {},
    {"Version": "2012-10-17", "Statement": KEY_POLICY}, "111122223333", None, {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]},
)
print(allowed)
sys.exit(allowed)
