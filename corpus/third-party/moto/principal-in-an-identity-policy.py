"""aws/iam-documents/required-elements/principal-of-an-identity-policy-in-use#another-user (iam.doc.principal.forbidden-identity)
Policies of callers have no Principal. One that names somebody else is refused, not read as if it were not
there.
Source: AWS IAM User Guide, reference_policies_grammar
"""
import json
import sys

from moto.iam.access_control import IAMPolicy, PermissionResult

IDENTITY = [
    json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:user/carol"}, "Action": "kms:ListKeyPolicies", "Resource": "arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"}]}),
]
ARN = "arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
results = [IAMPolicy(document).is_action_permitted("kms:ListKeyPolicies", ARN) for document in IDENTITY]
allowed = PermissionResult.PERMITTED in results and PermissionResult.DENIED not in results
print(allowed)
sys.exit(allowed)
