"""aws/iam-principals/users/case-of-the-name#capital (iam.principal.aws.user-name-case-sensitive)
The names of users in a Principal are compared with their case.
Source: AWS IAM User Guide, reference_policies_elements_principal
"""
import sys

from ministack.core.iam_evaluator import EvalContext, combine_resource_policy, evaluate, parse_policy_document

IDENTITY = []
RESOURCE_POLICY = {"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Principal": {"AWS": ["arn:aws:iam::111122223333:user/Alice", "arn:aws:iam::444455556666:user/bob"]}, "Action": "s3:GetObject", "Resource": "arn:aws:s3:::examplebucket/*"},
]}
request = EvalContext(
    principal_arn="arn:aws:iam::111122223333:user/alice",
    principal_type="User",
    principal_account="111122223333",
    action="s3:GetObject",
    resource_arn="arn:aws:s3:::examplebucket/ledger.csv",
    region="us-west-2",
    service_context={},
)
identity = evaluate(request, [parse_policy_document(document) for document in IDENTITY])
result = combine_resource_policy(identity, request, RESOURCE_POLICY, "111122223333", required=False)
print(result.decision)
sys.exit(result.decision == "Allow")
