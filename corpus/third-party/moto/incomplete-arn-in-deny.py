"""aws/iam-resources/arns/incomplete-in-a-deny#service (iam.resource.incomplete-arn-completed)
An ARN with parts missing at its end is completed with wildcards, so the Deny applies.
Source: AWS IAM User Guide, reference_policies_grammar
"""
import json
import sys

from moto.iam.access_control import IAMPolicy, PermissionResult

IDENTITY = [
    json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "kms:*", "Resource": "arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"}]}),
    json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "kms:GetKeyRotationStatus", "Resource": "arn:aws:kms"}]}),
]
ARN = "arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
results = [IAMPolicy(document).is_action_permitted("kms:GetKeyRotationStatus", ARN) for document in IDENTITY]
allowed = PermissionResult.PERMITTED in results and PermissionResult.DENIED not in results
print(allowed)
sys.exit(allowed)
