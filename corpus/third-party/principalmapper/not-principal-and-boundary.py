"""aws/iam-principals/not-principal/boundary#allows-everything.user (iam.notprincipal.deny-with-boundary-always-denies)
A Deny with NotPrincipal denies callers with a permissions boundary, even those that it lists.
Source: AWS IAM User Guide, reference_policies_elements_notprincipal
"""
import collections.abc
import sys

collections.Mapping, collections.MutableMapping = collections.abc.Mapping, collections.abc.MutableMapping
from principalmapper.common import Node, Policy
from principalmapper.querying.query_interface import local_check_authorization_full

CALLER = "arn:aws:iam::111122223333:user/alice"
IDENTITY = []
RESOURCE_POLICY = {"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Principal": {"AWS": ["arn:aws:iam::111122223333:user/alice", "arn:aws:iam::111122223333:role/App"]}, "Action": "s3:GetObject", "Resource": "arn:aws:s3:::examplebucket/*"},
    {"Effect": "Deny", "NotPrincipal": {"AWS": ["arn:aws:iam::111122223333:user/alice", "arn:aws:sts::111122223333:assumed-role/App/s1", "arn:aws:iam::111122223333:role/App", "arn:aws:iam::111122223333:root"]}, "Action": "s3:GetObject", "Resource": "arn:aws:s3:::examplebucket/*"},
]}
attached = [Policy(CALLER, "identity", document) for document in IDENTITY]
node = Node(CALLER, "ID", attached, [], None, None, 0, False, False, Policy(CALLER, "boundary", {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}), False, None)
allowed = local_check_authorization_full(
    node, "s3:GetObject", "arn:aws:s3:::examplebucket/ledger.csv", {},
    RESOURCE_POLICY, "111122223333", None, None,
)
print(allowed)
sys.exit(allowed)
