"""aws/iam-operators/arn-parts/colons-in-path#arn-like (iam.op.arn.six-segments)
ArnLike compares the six parts of an ARN one by one: a user of one account is not one of another, whatever its
path.
Source: AWS IAM User Guide, reference_policies_elements_condition_operators
"""
import sys

from ministack.core.iam_evaluator import EvalContext, combine_resource_policy, evaluate, parse_policy_document

IDENTITY = [
    {"Effect": "Allow", "Action": "kms:Decrypt", "Resource": "*", "Condition": {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam:*:444455556666:user/*"}}},
]
KEY_POLICY = [
    {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": "kms:*", "Resource": "*"},
]
request = EvalContext(
    principal_arn="arn:aws:iam::111122223333:user/x:444455556666:user/mallory",
    principal_type="User",
    principal_account="111122223333",
    action="kms:Decrypt",
    resource_arn="arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
    region="us-west-2",
    service_context={},
)
identity = evaluate(request, [parse_policy_document({"Version": "2012-10-17", "Statement": IDENTITY})])
key_policy = {"Version": "2012-10-17", "Statement": KEY_POLICY}
result = combine_resource_policy(identity, request, key_policy, "111122223333", required=True)
print(result.decision)
sys.exit(result.decision == "Allow")
