"""aws/iam-resources/arns/incomplete-in-a-deny#service (iam.resource.incomplete-arn-completed)
An ARN with parts missing at its end is completed with wildcards, so the Deny applies.
Source: AWS IAM User Guide, reference_policies_grammar
"""
import collections.abc
import sys

collections.Mapping, collections.MutableMapping = collections.abc.Mapping, collections.abc.MutableMapping
from principalmapper.common import Node, Policy
from principalmapper.querying.query_interface import local_check_authorization_full

CALLER = "arn:aws:iam::111122223333:user/alice"
IDENTITY = [
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "kms:*", "Resource": "arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"}]},
    {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "kms:GetKeyRotationStatus", "Resource": "arn:aws:kms"}]},
]
RESOURCE_POLICY = {"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": "kms:*", "Resource": "*"},
]}
attached = [Policy(CALLER, "identity", document) for document in IDENTITY]
node = Node(CALLER, "ID", attached, [], None, None, 0, False, False, None, False, None)
allowed = local_check_authorization_full(
    node, "kms:GetKeyRotationStatus", "arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab", {},
    RESOURCE_POLICY, "111122223333", None, None,
)
print(allowed)
sys.exit(allowed)
