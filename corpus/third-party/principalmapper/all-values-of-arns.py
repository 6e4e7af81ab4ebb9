"""aws/iam-operators/arns-variables-and-sets/several-arns#all-like-one-foreign (iam.op.arn.set-operators)
ForAllValues holds where each value of the request matches; one that does not is enough.
Source: AWS IAM User Guide, reference_policies_elements_condition_operators
"""
import collections.abc
import sys

collections.Mapping, collections.MutableMapping = collections.abc.Mapping, collections.abc.MutableMapping
from principalmapper.common import Node, Policy
from principalmapper.querying.query_interface import local_check_authorization_full

CALLER = "arn:aws:iam::111122223333:user/alice"
IDENTITY = [
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "someservice:GetItem", "Resource": "*", "Condition": {"ForAllValues:ArnLike": {"someservice:Topics": "arn:aws:sns:*:111122223333:*"}}}]},
]
RESOURCE_POLICY = None
attached = [Policy(CALLER, "identity", document) for document in IDENTITY]
node = Node(CALLER, "ID", attached, [], None, None, 0, False, False, None, False, None)
allowed = local_check_authorization_full(
    node, "someservice:GetItem", "arn:aws:someservice:us-west-2:111122223333:item/1", {"someservice:Topics": ["arn:aws:sns:us-west-2:111122223333:one", "arn:aws:sns:us-west-2:444455556666:three"]},
    RESOURCE_POLICY, "111122223333", None, None,
)
print(allowed)
sys.exit(allowed)
