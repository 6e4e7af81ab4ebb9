"""aws/iam-variables/conditions/strings#equals-holds.deny (iam.variable.condition-string-ops)
Values of string operators may hold variables: the user's own name is replaced, so the Deny applies.
Source: AWS IAM User Guide, reference_policies_variables
"""
import collections.abc
import sys

collections.Mapping, collections.MutableMapping = collections.abc.Mapping, collections.abc.MutableMapping
from principalmapper.common import Node, Policy
from principalmapper.querying.query_interface import local_check_authorization_full

IDENTITY = [
    {"Effect": "Allow", "Action": "kms:*", "Resource": "*"},
    {"Effect": "Deny", "Action": "kms:*", "Resource": "*", "Condition": {"StringEquals": {"aws:PrincipalTag/owner": "${aws:username}"}}},
]
KEY_POLICY = [
    {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": "kms:*", "Resource": "*"},
]
CALLER = "arn:aws:iam::111122223333:user/alice"
policy = Policy(CALLER, "p", {"Version": "2012-10-17", "Statement": IDENTITY})
node = Node(CALLER, "ID", [policy], [], None, None, 0, False, False, None, False, None)
allowed = local_check_authorization_full(
    node, "kms:Decrypt", "arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab", {"aws:PrincipalTag/owner": "alice", "aws:username": "alice"},
    {"Version": "2012-10-17", "Statement": KEY_POLICY}, "111122223333", None, None,
)
print(allowed)
sys.exit(allowed)
