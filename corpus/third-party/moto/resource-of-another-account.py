"""aws/iam-cross-account/both-sides/side-missing#no-resource-policy (iam.eval.cross-account.both-sides)
Across accounts both sides must allow. Without a policy of the resource nobody there does.
Source: AWS IAM User Guide, reference_policies_evaluation-logic-cross-account
"""
import json
import sys

from moto.iam.access_control import IAMPolicy, PermissionResult

IDENTITY = [
    json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::examplebucket/*"}]}),
]
ARN = "arn:aws:s3:::examplebucket/ledger.csv"
results = [IAMPolicy(document).is_action_permitted("s3:GetObject", ARN) for document in IDENTITY]
allowed = PermissionResult.PERMITTED in results and PermissionResult.DENIED not in results
print(allowed)
sys.exit(allowed)
