"""aws/iam-documents/duplicate-members/in-use#denied-action-first (iam.doc.duplicate-key.rejected)
A member given twice makes a document invalid; the first of them is not passed over in silence.
Source: AWS IAM User Guide, reference_policies_grammar
"""
import json
import sys

from moto.iam.access_control import IAMPolicy, PermissionResult

IDENTITY = [
    json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "kms:*", "Resource": "arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"}]}),
    '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"kms:Encrypt","Action":"kms:Decrypt","Resource":"arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"}]}',
]
ARN = "arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
results = [IAMPolicy(document).is_action_permitted("kms:Encrypt", ARN) for document in IDENTITY]
allowed = PermissionResult.PERMITTED in results and PermissionResult.DENIED not in results
print(allowed)
sys.exit(allowed)
