"""aws/iam-cross-account/callers-and-partitions/everybody-named#another-partition (iam.eval.cross-account.partition)
Access is not delegated across partitions: everybody is everybody of this one. Bob is of a China Region.
Source: AWS IAM User Guide, access_policies-cross-account-resource-access
"""
import collections.abc
import sys

collections.Mapping, collections.MutableMapping = collections.abc.Mapping, collections.abc.MutableMapping
from principalmapper.common import Node, Policy
from principalmapper.querying.query_interface import local_check_authorization_full

IDENTITY = [
    {"Effect": "Allow", "Action": "kms:*", "Resource": "*"},
]
KEY_POLICY = [
    {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": "kms:*", "Resource": "*"},
    {"Effect": "Allow", "Principal": "*", "Action": "kms:*", "Resource": "*"},
]
CALLER = "arn:aws-cn:iam::444455556666:user/bob"
policy = Policy(CALLER, "p", {"Version": "2012-10-17", "Statement": IDENTITY})
node = Node(CALLER, "ID", [policy], [], None, None, 0, False, False, None, False, None)
allowed = local_check_authorization_full(
    node, "kms:Decrypt", "arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab", {},
    {"Version": "2012-10-17", "Statement": KEY_POLICY}, "111122223333", None, None,
)
print(allowed)
sys.exit(allowed)
