"""aws/iam-set-operators/prefixes/names-in-use#singular (iam.op.set.prefix-syntax)
Set operators are ForAllValues and ForAnyValue. A name that merely holds that of an operator is none.
Source: AWS IAM User Guide, reference_policies_elements_condition_operators
"""
import collections.abc
import sys

collections.Mapping, collections.MutableMapping = collections.abc.Mapping, collections.abc.MutableMapping
from principalmapper.common import Node, Policy
from principalmapper.querying.query_interface import local_check_authorization_full

CALLER = "arn:aws:iam::111122223333:user/alice"
IDENTITY = [
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "kms:TagResource", "Resource": "*", "Condition": {"ForAllValue:StringEquals": {"aws:TagKeys": "Team"}}}]},
]
RESOURCE_POLICY = {"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": "kms:*", "Resource": "*"},
]}
attached = [Policy(CALLER, "identity", document) for document in IDENTITY]
node = Node(CALLER, "ID", attached, [], None, None, 0, False, False, None, False, None)
allowed = local_check_authorization_full(
    node, "kms:TagResource", "arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab", {"aws:TagKeys": ["Team"]},
    RESOURCE_POLICY, "111122223333", None, None,
)
print(allowed)
sys.exit(allowed)
