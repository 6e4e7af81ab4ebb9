"""aws/iam-operators/arns/session#session (iam.op.arn.principalarn-role-not-session)
aws:PrincipalArn of a session is the ARN of its role: comparing it with the session's own ARN never matches.
Source: AWS IAM User Guide, reference_policies_condition-keys
"""
import sys

from ministack.core.iam_evaluator import EvalContext, combine_resource_policy, evaluate, parse_policy_document

IDENTITY = [
    {"Effect": "Allow", "Action": "kms:*", "Resource": "*", "Condition": {"ArnEquals": {"aws:PrincipalArn": "arn:aws:sts::111122223333:assumed-role/App/s1"}}},
]
KEY_POLICY = [
    {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": "kms:*", "Resource": "*"},
]
request = EvalContext(
    principal_arn="arn:aws:sts::111122223333:assumed-role/App/s1",
    principal_type="AssumedRole",
    principal_account="111122223333",
    action="kms:Decrypt",
    resource_arn="arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
    region="us-west-2",
    service_context={"aws:principalarn": "arn:aws:iam::111122223333:role/App"},
)
identity = evaluate(request, [parse_policy_document({"Version": "2012-10-17", "Statement": IDENTITY})])
key_policy = {"Version": "2012-10-17", "Statement": KEY_POLICY}
result = combine_resource_policy(identity, request, key_policy, "111122223333", required=True)
print(result.decision)
sys.exit(result.decision == "Allow")
