"""aws/folklore/conditions/tags-work-in-key-policies#key-policy (kms.global.resourcetag-iam-only)
aws:ResourceTag works in IAM policies, not in key policies: there its condition is not met.
Source: AWS KMS Developer Guide, tag-authorization and abac
"""
import collections.abc
import sys

collections.Mapping, collections.MutableMapping = collections.abc.Mapping, collections.abc.MutableMapping
from principalmapper.common import Node, Policy
from principalmapper.querying.query_interface import local_check_authorization_full

IDENTITY = []
KEY_POLICY = [
    {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:user/alice"}, "Action": "kms:Decrypt", "Resource": "*", "Condition": {"StringEquals": {"aws:ResourceTag/Team": "Payroll"}}},
]
CALLER = "arn:aws:iam::111122223333:user/alice"
policy = Policy(CALLER, "p", {"Version": "2012-10-17", "Statement": IDENTITY})
node = Node(CALLER, "ID", [policy], [], None, None, 0, False, False, None, False, None)
allowed = local_check_authorization_full(
    node, "kms:Decrypt", "arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab", {"aws:ResourceTag/Team": "Payroll"},
    {"Version": "2012-10-17", "Statement": KEY_POLICY}, "111122223333", None, None,
)
print(allowed)
sys.exit(allowed)
