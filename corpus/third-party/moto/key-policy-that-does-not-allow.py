"""aws/core/ways-to-allow/iam-allow#not-delegated (kms.core.iam-allow-needs-key-policy-delegation)
An IAM policy allows nothing on a key unless its key policy delegates to the account. What a key policy allows
is never read, so this goes for every request that a key policy does not allow.
Source: AWS KMS Developer Guide, key-policies
"""
import json
import sys
from types import SimpleNamespace

from moto.iam.access_control import IAMPolicy, PermissionResult
from moto.kms.exceptions import AccessDeniedException
from moto.kms.policy_validator import validate_policy

IDENTITY = [
    json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "kms:GenerateDataKey", "Resource": "arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"}]}),
]
ARN = "arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
results = [IAMPolicy(document).is_action_permitted("kms:GenerateDataKey", ARN) for document in IDENTITY]
allowed = PermissionResult.PERMITTED in results and PermissionResult.DENIED not in results
KEY_POLICY = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:role/App"}, "Action": "kms:*", "Resource": "*"}]}
try:
    validate_policy(SimpleNamespace(arn=ARN, policy=json.dumps(KEY_POLICY)), "kms:GenerateDataKey")
except AccessDeniedException:
    allowed = False
print(allowed)
sys.exit(allowed)
