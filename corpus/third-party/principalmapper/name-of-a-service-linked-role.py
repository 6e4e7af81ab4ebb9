"""aws/iam-scps/exempt-callers/service-linked-role#ordinary.denied (iam.eval.scp.service-linked-role-exempt)
Control policies do not bind service-linked roles. A role that merely has such a name is bound.
Source: AWS Organizations User Guide, orgs_manage_policies_scps
"""
import collections.abc
import sys

collections.Mapping, collections.MutableMapping = collections.abc.Mapping, collections.abc.MutableMapping
from principalmapper.common import Node, Policy
from principalmapper.querying.query_interface import local_check_authorization_full

CALLER = "arn:aws:iam::111122223333:role/AWSServiceRoleForAutoScaling"
IDENTITY = [
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "kms:GenerateDataKey", "Resource": "arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"}]},
]
RESOURCE_POLICY = {"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": "kms:*", "Resource": "*"},
]}
attached = [Policy(CALLER, "identity", document) for document in IDENTITY]
node = Node(CALLER, "ID", attached, [], {}, None, 0, False, False, None, False, None)
allowed = local_check_authorization_full(
    node, "kms:GenerateDataKey", "arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab", {},
    RESOURCE_POLICY, "111122223333", [[Policy("111122223333", "scp", {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]})], [Policy("111122223333", "scp", {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}), Policy("111122223333", "scp", {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "kms:GenerateDataKey", "Resource": "*"}]})]], None,
)
print(allowed)
sys.exit(allowed)
