"""aws/iam-documents/element-names/statement-in-use#misspelled (iam.doc.element-unknown.statement)
An element that there is not makes a document invalid; it is not passed over.
Source: AWS IAM User Guide, access-analyzer-reference-policy-checks
"""
import sys

from ministack.core.iam_evaluator import EvalContext, combine_resource_policy, evaluate, parse_policy_document

IDENTITY = [
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "kms:DescribeKey", "Resource": "arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab", "Conditions": {"StringEquals": {"aws:username": "carol"}}}]},
]
RESOURCE_POLICY = {"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": "kms:*", "Resource": "*"},
]}
request = EvalContext(
    principal_arn="arn:aws:iam::111122223333:user/alice",
    principal_type="User",
    principal_account="111122223333",
    action="kms:DescribeKey",
    resource_arn="arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
    region="us-west-2",
    service_context={"aws:username": "alice"},
)
identity = evaluate(request, [parse_policy_document(document) for document in IDENTITY])
result = combine_resource_policy(identity, request, RESOURCE_POLICY, "111122223333", required=True)
print(result.decision)
sys.exit(result.decision == "Allow")
