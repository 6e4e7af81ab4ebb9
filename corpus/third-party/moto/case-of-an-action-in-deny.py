"""aws/iam-actions/names/case-in-a-deny#upper-case (iam.action.case-insensitive)
Action is compared without its case, so the Deny applies.
Source: AWS IAM User Guide, reference_policies_elements_action
"""
import json
import sys

from moto.iam.access_control import IAMPolicy, PermissionResult

IDENTITY = [
    json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "kms:*", "Resource": "arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"}]}),
    json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "KMS:DELETEIMPORTEDKEYMATERIAL", "Resource": "*"}]}),
]
ARN = "arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
results = [IAMPolicy(document).is_action_permitted("kms:DeleteImportedKeyMaterial", ARN) for document in IDENTITY]
allowed = PermissionResult.PERMITTED in results and PermissionResult.DENIED not in results
print(allowed)
sys.exit(allowed)
