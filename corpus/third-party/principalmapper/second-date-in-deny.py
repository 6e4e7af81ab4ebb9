"""aws/iam-conditions/several-values/several-values-of-other-types-in-deny#times (iam.condition.values-or)
Of the values of a condition any may hold, the second date too, so the Deny applies.
Source: AWS IAM User Guide, reference_policies_condition-logic-multiple-context-keys-or-values
"""
import collections.abc
import sys

collections.Mapping, collections.MutableMapping = collections.abc.Mapping, collections.abc.MutableMapping
from principalmapper.common import Node, Policy
from principalmapper.querying.query_interface import local_check_authorization_full

CALLER = "arn:aws:iam::111122223333:user/alice"
IDENTITY = [
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "kms:EnableKeyRotation", "Resource": "*"}, {"Effect": "Deny", "Action": "kms:EnableKeyRotation", "Resource": "*", "Condition": {"DateLessThan": {"aws:CurrentTime": ["2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z"]}}}]},
]
RESOURCE_POLICY = {"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": "kms:*", "Resource": "*"},
]}
attached = [Policy(CALLER, "identity", document) for document in IDENTITY]
node = Node(CALLER, "ID", attached, [], None, None, 0, False, False, None, False, None)
allowed = local_check_authorization_full(
    node, "kms:EnableKeyRotation", "arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab", {"aws:CurrentTime": "2026-01-15T12:00:00Z"},
    RESOURCE_POLICY, "111122223333", None, None,
)
print(allowed)
sys.exit(allowed)
