"""aws/iam-cross-account/both-sides/side-missing#no-resource-policy (iam.eval.cross-account.both-sides)
Across accounts both sides must allow. Without a policy of the resource nobody there does.
Source: AWS IAM User Guide, reference_policies_evaluation-logic-cross-account
"""
import collections.abc
import sys

collections.Mapping, collections.MutableMapping = collections.abc.Mapping, collections.abc.MutableMapping
from principalmapper.common import Node, Policy
from principalmapper.querying.query_interface import local_check_authorization_full

CALLER = "arn:aws:iam::444455556666:user/bob"
IDENTITY = [
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::examplebucket/*"}]},
]
RESOURCE_POLICY = None
attached = [Policy(CALLER, "identity", document) for document in IDENTITY]
node = Node(CALLER, "ID", attached, [], None, None, 0, False, False, None, False, None)
allowed = local_check_authorization_full(
    node, "s3:GetObject", "arn:aws:s3:::examplebucket/ledger.csv", {},
    RESOURCE_POLICY, "111122223333", None, None,
)
print(allowed)
sys.exit(allowed)
