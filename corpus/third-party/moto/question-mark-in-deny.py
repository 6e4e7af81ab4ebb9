"""aws/iam-resources/wildcards/question-mark-in-a-deny#one (iam.resource.wildcard-single)
A question mark stands for any one character, so the Deny applies.
Source: AWS IAM User Guide, reference_policies_elements_resource
"""
import json
import sys

from moto.iam.access_control import IAMPolicy, PermissionResult

IDENTITY = [
    json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "kms:*", "Resource": "arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"}]}),
    json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "kms:GetParametersForImport", "Resource": "arn:aws:kms:us-west-2:111122223333:key/1234abc?-12ab-34cd-56ef-1234567890ab"}]}),
]
ARN = "arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
results = [IAMPolicy(document).is_action_permitted("kms:GetParametersForImport", ARN) for document in IDENTITY]
allowed = PermissionResult.PERMITTED in results and PermissionResult.DENIED not in results
print(allowed)
sys.exit(allowed)
