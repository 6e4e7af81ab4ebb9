"""aws/iam-resource-policies/roles/role-boundary#leaves-out.key (iam.eval.same-account.rbp-role-arn-limited-by-boundary)
What a resource policy grants to a role is limited by the permissions boundary of the role.
Source: AWS IAM User Guide, reference_policies_evaluation-logic_policy-eval-denyallow
"""
import collections.abc
import sys

collections.Mapping, collections.MutableMapping = collections.abc.Mapping, collections.abc.MutableMapping
from principalmapper.common import Node, Policy
from principalmapper.querying.query_interface import local_check_authorization_full

CALLER = "arn:aws:iam::111122223333:role/App"
IDENTITY = []
RESOURCE_POLICY = {"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:role/App"}, "Action": "kms:GenerateDataKeyWithoutPlaintext", "Resource": "*"},
]}
attached = [Policy(CALLER, "identity", document) for document in IDENTITY]
node = Node(CALLER, "ID", attached, [], {}, None, 0, False, False, Policy(CALLER, "boundary", {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sqs:*", "Resource": "*"}]}), False, None)
allowed = local_check_authorization_full(
    node, "kms:GenerateDataKeyWithoutPlaintext", "arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab", {},
    RESOURCE_POLICY, "111122223333", None, None,
)
print(allowed)
sys.exit(allowed)
