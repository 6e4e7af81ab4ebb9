"""aws/iam-variables/resource/key-of-the-tag#same.deny (iam.variable.resource-expansion)
A variable in Resource is replaced, so the Deny applies.
Source: AWS IAM User Guide, reference_policies_variables
"""
import json
import sys

from moto.iam.access_control import IAMPolicy, PermissionResult

IDENTITY = [
    json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "kms:Decrypt", "Resource": "*"}, {"Effect": "Deny", "Action": "kms:Decrypt", "Resource": "arn:aws:kms:us-west-2:111122223333:key/${aws:PrincipalTag/kid}"}]}),
]
ARN = "arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
results = [IAMPolicy(document).is_action_permitted("kms:Decrypt", ARN) for document in IDENTITY]
allowed = PermissionResult.PERMITTED in results and PermissionResult.DENIED not in results
print(allowed)
sys.exit(allowed)
