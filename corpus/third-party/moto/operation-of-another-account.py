"""aws/cross-account/operations/everything#schedule-key-deletion (kms.cross-account.kms-star-does-not-lift-limit)
Across accounts only some operations work. ScheduleKeyDeletion does not, whatever both sides allow.
Source: AWS KMS Developer Guide, key-policy-modifying-external-accounts
"""
import json
import sys
from types import SimpleNamespace

from moto.iam.access_control import IAMPolicy, PermissionResult
from moto.kms.exceptions import AccessDeniedException
from moto.kms.policy_validator import validate_policy

IDENTITY = [
    json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "kms:*", "Resource": "*"}]}),
]
ARN = "arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
results = [IAMPolicy(document).is_action_permitted("kms:ScheduleKeyDeletion", ARN) for document in IDENTITY]
allowed = PermissionResult.PERMITTED in results and PermissionResult.DENIED not in results
KEY_POLICY = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": "kms:*", "Resource": "*"}, {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::444455556666:root"}, "Action": "kms:*", "Resource": "*"}]}
try:
    validate_policy(SimpleNamespace(arn=ARN, policy=json.dumps(KEY_POLICY)), "kms:ScheduleKeyDeletion")
except AccessDeniedException:
    allowed = False
print(allowed)
sys.exit(allowed)
