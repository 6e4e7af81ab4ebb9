"""aws/core/explicit-deny/policies#same-action.key-policy (kms.core.explicit-deny-wins)
A Deny in the key policy wins over every Allow. Only for DescribeKey are the statements of a key policy
compared.
Source: AWS KMS Developer Guide, policy-evaluation
"""
import json
import sys
from types import SimpleNamespace

from moto.kms.exceptions import AccessDeniedException
from moto.kms.policy_validator import validate_policy

KEY_POLICY = [
    {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": "kms:*", "Resource": "*"},
    {"Effect": "Deny", "Principal": "*", "Action": "kms:Decrypt", "Resource": "*"},
]
key = SimpleNamespace(arn="arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab", policy=json.dumps({"Version": "2012-10-17", "Statement": KEY_POLICY}))
try:
    validate_policy(key, "kms:Decrypt")
    print("permitted")
    sys.exit(1)
except AccessDeniedException:
    print("denied")
