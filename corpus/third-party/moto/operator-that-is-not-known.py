"""aws/iam-operators/dates/less-than-equals#after (iam.op.date.less-than-equals)
Date operators compare the time of the request: it is after 2001.
Source: AWS IAM User Guide, reference_policies_elements_condition_operators
"""
import json
import sys

from moto.iam.access_control import IAMPolicy, PermissionResult

IDENTITY = [
    {"Effect": "Allow", "Action": "kms:*", "Resource": "*", "Condition": {"DateLessThanEquals": {"aws:CurrentTime": "2001-01-01T00:00:00Z"}}},
]
policy = IAMPolicy(json.dumps({"Version": "2012-10-17", "Statement": IDENTITY}))
result = policy.is_action_permitted("kms:Decrypt", "arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab")
print(result.name)
sys.exit(result is PermissionResult.PERMITTED)
