"""aws/iam-documents/effect/spelling-of-a-deny-in-use#lower-case-deny (iam.doc.effect.values-case-sensitive)
Effect is Allow or Deny in that spelling. What is spelled otherwise is refused, not passed over.
Source: AWS IAM User Guide, reference_policies_elements_effect
"""
import collections.abc
import sys

collections.Mapping, collections.MutableMapping = collections.abc.Mapping, collections.abc.MutableMapping
from principalmapper.common import Node, Policy
from principalmapper.querying.query_interface import local_check_authorization_full

IDENTITY = [
    {"Effect": "Allow", "Action": "kms:*", "Resource": "*"},
    {"Effect": "deny", "Action": "kms:Decrypt", "Resource": "*"},
]
KEY_POLICY = [
    {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": "kms:*", "Resource": "*"},
]
CALLER = "arn:aws:iam::111122223333:user/alice"
policy = Policy(CALLER, "p", {"Version": "2012-10-17", "Statement": IDENTITY})
node = Node(CALLER, "ID", [policy], [], None, None, 0, False, False, None, False, None)
allowed = local_check_authorization_full(
    node, "kms:Decrypt", "arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab", {},
    {"Version": "2012-10-17", "Statement": KEY_POLICY}, "111122223333", None, None,
)
print(allowed)
sys.exit(allowed)
