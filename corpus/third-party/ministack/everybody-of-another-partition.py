"""aws/iam-cross-account/callers-and-partitions/everybody-named#another-partition (iam.eval.cross-account.partition)
Access is not delegated across partitions: everybody is everybody of this one. Bob is of a China Region.
Source: AWS IAM User Guide, access_policies-cross-account-resource-access
"""
import sys

from ministack.core.iam_evaluator import EvalContext, combine_resource_policy, evaluate, parse_policy_document

IDENTITY = [
    {"Effect": "Allow", "Action": "kms:*", "Resource": "*"},
]
KEY_POLICY = [
    {"Effect": "Allow", "Principal": "*", "Action": "kms:*", "Resource": "*"},
]
request = EvalContext(
    principal_arn="arn:aws-cn:iam::444455556666:user/bob",
    principal_type="User",
    principal_account="444455556666",
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
