"""aws/iam-variables/no-value/literal-text#text-of-the-variable (iam.variable.missing.resource-never-matches)
A Resource with a variable that has no value matches nothing, not the text of the variable.
Source: AWS IAM User Guide, reference_policies_variables
"""
import collections.abc
import sys

collections.Mapping, collections.MutableMapping = collections.abc.Mapping, collections.abc.MutableMapping
from principalmapper.common import Node, Policy
from principalmapper.querying.query_interface import local_check_authorization_full

CALLER = "arn:aws:iam::111122223333:user/alice"
IDENTITY = [
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::examplebucket/${aws:PrincipalTag/unset}"}]},
]
RESOURCE_POLICY = None
attached = [Policy(CALLER, "identity", document) for document in IDENTITY]
node = Node(CALLER, "ID", attached, [], None, None, 0, False, False, None, False, None)
allowed = local_check_authorization_full(
    node, "s3:GetObject", "arn:aws:s3:::examplebucket/${aws:PrincipalTag/unset}", {},
    RESOURCE_POLICY, "111122223333", None, None,
)
print(allowed)
sys.exit(allowed)
