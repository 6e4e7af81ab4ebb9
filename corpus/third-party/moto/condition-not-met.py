"""aws/condition-key-matrix/any-value/any-value#encryption-context-keys.iam-policy-absent (iam.condition.missing-key.positive-false)
A condition on a key that the request lacks is not met, and the Allow does not apply. Requests are decided without values of
condition keys and no condition fails without one, so this goes for every Allow with a condition, whatever it says.
Source: AWS IAM User Guide, reference_policies_elements_condition_operators
"""
import json
import sys

from moto.iam.access_control import IAMPolicy, PermissionResult

IDENTITY = [
    {"Effect": "Allow", "Action": "kms:*", "Resource": "*", "Condition": {"StringEquals": {"kms:ViaService": "s3.us-west-2.amazonaws.com"}}},
]
policy = IAMPolicy(json.dumps({"Version": "2012-10-17", "Statement": IDENTITY}))
result = policy.is_action_permitted("kms:Decrypt", "arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab")
print(result.name)
sys.exit(result is PermissionResult.PERMITTED)
