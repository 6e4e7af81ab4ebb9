"""aws/folklore/conditions/tags-work-in-key-policies#key-policy (kms.global.resourcetag-iam-only)
aws:ResourceTag works in IAM policies, not in key policies: there its condition is not met.
Source: AWS KMS Developer Guide, tag-authorization and abac
"""
import sys

from ministack.core.iam_evaluator import EvalContext, combine_resource_policy, evaluate, parse_policy_document

IDENTITY = []
KEY_POLICY = [
    {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:user/alice"}, "Action": "kms:Decrypt", "Resource": "*", "Condition": {"StringEquals": {"aws:ResourceTag/Team": "Payroll"}}},
]
request = EvalContext(
    principal_arn="arn:aws:iam::111122223333:user/alice",
    principal_type="User",
    principal_account="111122223333",
    action="kms:Decrypt",
    resource_arn="arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
    region="us-west-2",
    service_context={"aws:resourcetag/team": "Payroll"},
)
identity = evaluate(request, [parse_policy_document({"Version": "2012-10-17", "Statement": IDENTITY})])
key_policy = {"Version": "2012-10-17", "Statement": KEY_POLICY}
result = combine_resource_policy(identity, request, key_policy, "111122223333", required=True)
print(result.decision)
sys.exit(result.decision == "Allow")
