"""aws/iam-documents/required-elements/principal-and-notprincipal-in-use#both (iam.doc.mutually-exclusive.principal)
A statement has Principal or NotPrincipal, not both.
Source: AWS IAM User Guide, access-analyzer-reference-policy-checks
"""
import sys

from ministack.core.iam_evaluator import EvalContext, combine_resource_policy, evaluate, parse_policy_document

IDENTITY = []
RESOURCE_POLICY = {"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:user/alice"}, "NotPrincipal": {"AWS": "arn:aws:iam::111122223333:user/alice"}, "Action": "s3:DeleteObject", "Resource": "arn:aws:s3:::examplebucket/report.csv"},
]}
request = EvalContext(
    principal_arn="arn:aws:iam::111122223333:user/alice",
    principal_type="User",
    principal_account="111122223333",
    action="s3:DeleteObject",
    resource_arn="arn:aws:s3:::examplebucket/report.csv",
    region="us-west-2",
    service_context={},
)
identity = evaluate(request, [parse_policy_document(document) for document in IDENTITY])
result = combine_resource_policy(identity, request, RESOURCE_POLICY, "111122223333", required=False)
print(result.decision)
sys.exit(result.decision == "Allow")
