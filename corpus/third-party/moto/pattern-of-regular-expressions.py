"""aws/iam-actions/format/other-characters#dot (iam.action.regex-metachar-literal)
Characters that are special in other pattern languages stand for themselves in Action.
Source: AWS IAM User Guide, reference_policies_elements_action
"""
import json
import sys

from moto.iam.access_control import IAMPolicy, PermissionResult

IDENTITY = [
    {"Effect": "Allow", "Action": "kms:De.rypt", "Resource": "*"},
]
policy = IAMPolicy(json.dumps({"Version": "2012-10-17", "Statement": IDENTITY}))
result = policy.is_action_permitted("kms:Decrypt", "arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab")
print(result.name)
sys.exit(result is PermissionResult.PERMITTED)
