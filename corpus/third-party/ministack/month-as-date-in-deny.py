"""aws/iam-operators/date-formats/forms-in-deny#month-later (iam.op.date.iso-profile)
A date may be a year and a month; the Deny compares it and applies.
Source: AWS IAM User Guide, reference_policies_elements_condition_operators
"""
import sys

from ministack.core.iam_evaluator import EvalContext, combine_resource_policy, evaluate, parse_policy_document

IDENTITY = [
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "kms:Decrypt", "Resource": "*"}, {"Effect": "Deny", "Action": "kms:Decrypt", "Resource": "*", "Condition": {"DateGreaterThan": {"aws:CurrentTime": "2026-01"}}}]},
]
RESOURCE_POLICY = {"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": "kms:*", "Resource": "*"},
]}
request = EvalContext(
    principal_arn="arn:aws:iam::111122223333:user/alice",
    principal_type="User",
    principal_account="111122223333",
    action="kms:Decrypt",
    resource_arn="arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
    region="us-west-2",
    service_context={"aws:currenttime": "2026-03-01T09:00:00Z"},
)
identity = evaluate(request, [parse_policy_document(document) for document in IDENTITY])
result = combine_resource_policy(identity, request, RESOURCE_POLICY, "111122223333", required=True)
print(result.decision)
sys.exit(result.decision == "Allow")
