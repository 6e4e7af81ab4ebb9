"""aws/iam-principals/root-user-and-partition/partitions-of-roles#china-role-named (iam.principal.aws.partition-boundary)
A role of aws-cn is not the role of the same account and name of aws.
Source: AWS IAM User Guide, access_policies-cross-account-resource-access
"""
import sys

from ministack.core.iam_evaluator import EvalContext, combine_resource_policy, evaluate, parse_policy_document

IDENTITY = []
RESOURCE_POLICY = {"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Principal": {"AWS": ["arn:aws-cn:iam::111122223333:role/App"]}, "Action": "s3:GetObject", "Resource": "arn:aws:s3:::examplebucket/*"},
]}
request = EvalContext(
    principal_arn="arn:aws:sts::111122223333:assumed-role/App/s1",
    principal_type="AssumedRole",
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
