"""aws/alias-conditions/resource-aliases-policies-and-quota/policy-type#key-policy (kms.cond.resourcealiases-iam-only)
kms:ResourceAliases works in IAM policies, not in key policies: there its condition is not met.
Source: AWS KMS Developer Guide, conditions-kms
"""
import sys

from ministack.core.iam_evaluator import EvalContext, combine_resource_policy, evaluate, parse_policy_document

IDENTITY = []
RESOURCE_POLICY = {"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": "kms:*", "Resource": "*"},
    {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:role/App"}, "Action": "kms:Decrypt", "Resource": "*", "Condition": {"ForAnyValue:StringEquals": {"kms:ResourceAliases": "alias/app"}}},
]}
request = EvalContext(
    principal_arn="arn:aws:sts::111122223333:assumed-role/App/s1",
    principal_type="AssumedRole",
    principal_account="111122223333",
    action="kms:Decrypt",
    resource_arn="arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
    region="us-west-2",
    service_context={"kms:resourcealiases": ["alias/app"]},
)
identity = evaluate(request, [parse_policy_document(document) for document in IDENTITY])
result = combine_resource_policy(identity, request, RESOURCE_POLICY, "111122223333", required=True)
print(result.decision)
sys.exit(result.decision == "Allow")
